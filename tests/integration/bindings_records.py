#!/usr/bin/env python3
"""The test zones as the list of records that the `plan` programs read.

    ldns-read-zone -c ZONE... | bindings_records.py > RECORDS
    bindings_records.py --names

A line is "NAME TYPE TTL DATA..." or "NAME TYPE ! END". What an
authoritative server does besides (wildcards, delegations) is not in a list,
so that a few names answer otherwise than in the zones. Names below
records.test are added, for what no zone can say: how a question may fail.
--names prints the destinations among them.
"""
import sys

TYPES = ("MX", "A", "AAAA", "CNAME")

# Each of these ends, for a domain, for a host and for one family of a host.
ENDS = ("nxdomain", "servfail", "refused", "timeout", "truncated")

# Names that the name server answers, and how, without a record.
OTHERS = """\
plain.elsewhere.example * ! refused
delegated.mx.test * ! servfail
mail.delegated.mx.test * ! servfail
mx1.records.test A 60 192.0.2.1
mx1.records.test AAAA 60 2001:db8::1
nothing.records.test AAAA ! nxdomain
"""


def failing(end):
    """What ends so: a domain, one host of two, one family of a host."""
    return [
        "domain-%s.records.test MX ! %s" % (end, end),
        "host-%s.records.test MX 60 10 all-%s.records.test" % (end, end),
        "host-%s.records.test MX 60 20 mx1.records.test" % end,
        "only-%s.records.test MX 60 10 all-%s.records.test" % (end, end),
        "all-%s.records.test * ! %s" % (end, end),
        "family-%s.records.test MX 60 10 half-%s.records.test" % (end, end),
        "half-%s.records.test A 60 192.0.2.7" % end,
        "half-%s.records.test AAAA ! %s" % (end, end),
        "alias-%s.records.test CNAME 60 domain-%s.records.test" % (end, end),
    ]


def names():
    """The destinations of the lines that are added."""
    found = ["nothing.records.test", "mx1.records.test"]
    for end in ENDS:
        for kind in ("domain", "host", "only", "family", "alias"):
            found.append("%s-%s.records.test" % (kind, end))
    return found


def without_dot(name):
    """As the library speaks of names; the root stays what it is."""
    if name.endswith(".") and name != "." and not name.endswith(" ."):
        return name[:-1]
    return name


def main():
    """Standard input to standard output."""
    if sys.argv[1:] == ["--names"]:
        print("\n".join(names()))
        return
    for line in sys.stdin:
        owner, ttl, _, kind, data = line.rstrip("\n").split("\t")
        if kind in TYPES:
            print(without_dot(owner), kind, ttl, without_dot(data))
    print(OTHERS, end="")
    for end in ENDS:
        print("\n".join(failing(end)))


if __name__ == "__main__":
    main()

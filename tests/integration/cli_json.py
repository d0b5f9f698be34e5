#!/usr/bin/env python3
"""The JSON of mxsel: one object per line, its keys in their order, UTF-8.

    cli_json.py MXSEL ZONE SERVER

SERVER is an ad_server.py that serves tests/zones/dane.txt.
"""
import json
import subprocess
import sys

from statements import check, ended

KEYS = ["destination", "domain", "status", "verdict", "source", "ttl",
        "secure", "flags", "hosts", "rejected", "queries"]
VERDICT = ["action", "code", "enhanced", "text"]
HOST = ["preference", "name", "canonical", "secure", "addresses"]
TLS = ["posture", "posture_reason", "dane", "tls_name", "identities",
       "tlsa_base", "tlsa"]
TLSA = ["usage", "selector", "matching", "data"]
REPORT = ["host", "address", "policy", "result"]
DIGEST = "5dab0b1f9f2d6c9d8e7a60c4f1b2a3948576e0d1c2b3a495867768594a3b2c1d"
# The hosts of secure.test: posture, why, outcome of DANE, base, how many
# records can be used (R91-R93).
HOSTS = {
    "dane.secure.test": ("dane", "tlsa", "records", "dane.secure.test", 2),
    "none.secure.test": ("opportunistic", "no_tlsa", "none", "", 0),
    "host.plain.test": ("opportunistic", "no_security", "none", "", 0),
    "half.secure.test": ("dane", "tlsa", "records", "half.secure.test", 1),
    "pkix.secure.test": ("encrypt", "unusable_tlsa", "unusable",
                         "pkix.secure.test", 0),
    "alias.secure.test": ("dane", "tlsa", "records", "alias.secure.test", 1),
}
REJECTED = ["subject", "preference", "reason", "rule"]
# As given, octet by octet: controls, quotes, UTF-8 well and badly formed.
OCTETS = [b'"\\/', b"\x01\x1f\x7f", b"\t\n\r", "ünï.test".encode(),
          "\u0085\u2028\U0001f4e7".encode(), b"\xff\xfe", b"\xc0\x80",
          b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\xe2\x82a",
          b"\xf0\x9f\x93", b"\xf0\x9f\x93\xe2\x82\xac", b"a\x80b",
          b"\xc3\xc3\xa9", bytes(range(1, 256))]

def run(arguments):
    """The lines of mxsel --json."""
    done = subprocess.run(arguments, stdout=subprocess.PIPE, timeout=60,
                          check=False)
    lines = done.stdout.split(b"\n")
    check(lines.pop() == b"", "the last line ends", done.stdout)
    return lines


def check_shape(line):
    """The keys of cli.md, in order."""
    plan = json.loads(line.decode("utf-8"))
    keys = [key for key in plan if key != "unicode"]
    check(keys == KEYS, "the keys in their order", list(plan))
    check("unicode" not in plan or (plan["unicode"] != plan["domain"] and
                                    list(plan).index("unicode") == 2),
          "the domain as it is written, where it differs", list(plan))
    check(list(plan["verdict"]) == VERDICT, "the verdict's keys", plan)
    check(all(list(host) == HOST for host in plan["hosts"]),
          "a host's keys", plan["hosts"])
    check(all(list(one) == REJECTED for one in plan["rejected"]),
          "what was dropped", plan["rejected"])
    check(all(one["reason"] and one["rule"] for one in plan["rejected"]),
          "why it was dropped", plan["rejected"])
    check(b" " not in line.split(b'"text"')[0].replace(
        plan["destination"].encode(), b""), "no blanks between", line)
    tried = plan["verdict"]["action"] == "try"
    check(tried == bool(plan["hosts"]) == (plan["status"] == "ok"),
          "hosts, try and ok go together", plan)
    check(tried == (plan["verdict"] == {"action": "try", "code": 0,
                                        "enhanced": "", "text": ""}),
          "no code while there is something to try", plan["verdict"])


def check_dane(mxsel, server):
    """R92 R96 R97: the keys that the options of security add, at the end."""
    line = run([mxsel, "--json", "--dane", "--server", server,
                "secure.test"])[0]
    plan = json.loads(line)
    plain = json.loads(run([mxsel, "--json", "--server", server,
                            "secure.test"])[0])
    check(list(plan) == KEYS + ["tlsrpt"] and list(plain) == KEYS,
          "one more key", list(plan), list(plain))
    check(all(list(host) == HOST + TLS for host in plan["hosts"]) and
          all(list(host) == HOST for host in plain["hosts"]),
          "more keys of a host", plan["hosts"], plain["hosts"])
    found = {host["name"]: (host["posture"], host["posture_reason"],
                            host["dane"], host["tlsa_base"],
                            len(host["tlsa"])) for host in plan["hosts"]}
    check(found == HOSTS, "R92 each host as it must be reached", found)
    dane = plan["hosts"][0]
    check(dane["tlsa"] == [
        dict(zip(TLSA, (3, 1, 1, DIGEST))),
        dict(zip(TLSA, (2, 1, 2, DIGEST * 2)))] and
          all(list(one) == TLSA for one in dane["tlsa"]),
          "R92 its records, DANE-EE first", dane["tlsa"])
    check(dane["tls_name"] == "dane.secure.test" and dane["identities"] ==
          ["dane.secure.test", "secure.test"], "R94 its names", dane)
    check([(h["secure"], h["addresses"]) for h in plan["hosts"]
           if h["name"] == "half.secure.test"] == [(True, ["2001:db8::5"])],
          "R93 the secure family only", plan["hosts"])
    check({(one["subject"], one["reason"]) for one in plan["rejected"]} ==
          {("fail.secure.test", "tlsa_failed"),
           ("192.0.2.5", "insecure_address"), ("host.broken.test", "dns")},
          "R92 who was passed over", plan["rejected"])
    check(plan["tlsrpt"] == [
        dict(zip(REPORT, ("fail.secure.test", "", "tlsa",
                          "dnssec-invalid"))),
        dict(zip(REPORT, ("pkix.secure.test", "", "tlsa",
                          "tlsa-invalid")))] and
          all(list(one) == REPORT for one in plan["tlsrpt"]),
          "R97 what was seen", plan["tlsrpt"])


def main():
    mxsel, zone, server = sys.argv[1:4]
    check_dane(mxsel, server)
    lines = run([mxsel, "--demo", "--json"])
    check(len(lines) >= 12, "a line for each destination", len(lines))
    for line in lines:
        check_shape(line)
    names = ["plain.mx.test", "allbad.mx.test", "badoctets.mx.test",
             "localexchange.mx.test", "[192.0.2.1]", "a..b"]
    for line in run([mxsel, "--zone", zone, "--json", "--"] + names):
        check_shape(line)
    for octets in OCTETS:
        line = run([mxsel, "--zone", zone, "--json", "--", octets])[0]
        check(all(octet >= 32 and octet != 127 for octet in line),
              "no control octet", line)
        given = json.loads(line.decode("utf-8"))["destination"]
        check(given == octets.decode("utf-8", "replace"),
              "the destination as given", octets, given)
    return ended()


if __name__ == "__main__":
    sys.exit(main())

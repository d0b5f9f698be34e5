#!/usr/bin/env python3
"""mxsel lint finds every planted mistake and nothing else.

    lint_compare.py MXSEL

Holds the findings against the comments of the zones tests/zones/lint-*.zone
and, as a validating resolver sees it (ad_server.py), of lint-secure.txt,
against servers that fail (lying_server.py), MTA-STS policies, and the table of
findings (tools/lint_table.c) against docs/guide/lint.md and against what was
planted. Prints what is wrong and one line of totals.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import ad_server
import failing_servers
from statements import check, ended

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
ZONES = os.path.join(TOP, "tests", "zones")
BAD = os.path.join(ZONES, "lint-bad.zone")
CLEAN = os.path.join(ZONES, "lint-clean.zone")
DANE = os.path.join(ZONES, "lint-dane.zone")
SECURE = os.path.join(ZONES, "lint-secure.txt")
KEYS = ["severity", "code", "subject", "text", "advice", "rule"]
ROW = re.compile(
    r'^\[LINT_(\w+)\] = \{ LINT_(\w+), "(\w+)",\s+"(RFC [^"]+)",'
    r'\s+"((?:[^"\\]|\\.)*)",\s+"((?:[^"\\]|\\.)*)" \},$', re.M)

# way of lying_server.py: exit status, and what lint must say; the domain is
# mail.test, its only exchange mx.mail.test, every TTL 60.
LIES = {
    "servfail": (1, {("mx_failed", "mail.test")}),
    "formerr": (1, {("mx_failed", "mail.test")}),
    "truncated-twice": (1, {("mx_failed", "mail.test")}),
    "refused": (1, {("mx_lame", "mail.test")}),
    "referral": (1, {("mx_lame", "mail.test")}),
    "silence": (75, {("mx_unanswered", "mail.test")}),
    "halfway": (1, {("host_unanswered", "mx.mail.test")}),
    "halfway-servfail": (1, {("host_failed", "mx.mail.test")}),
    "a-servfail": (1, {("a_failed", "mx.mail.test")}),
    "aaaa-servfail": (1, {("aaaa_failed", "mx.mail.test"),
                          ("tlsa_failed", "mx.mail.test"),
                          ("ttl_short", "mx.mail.test")}),
}
# An MTA-STS policy of lint-clean, and what lint must say of it; the exchanges
# are mx1.lint-clean and mx2.lint-clean.
ENFORCE = "version: STSv1\nmode: enforce\nmax_age: 604800\n"
POLICIES = [
    (ENFORCE + "mx: *.lint-clean\n", set()),
    (ENFORCE + "mx: mx1.lint-clean\nmx: mx2.lint-clean\n", set()),
    (ENFORCE + "mx: MX1.lint-clean\n",
     {("sts_not_permitted", "mx2.lint-clean")}),
    (ENFORCE + "mx: *.mx1.lint-clean\nmx: lint-clean\n",
     {("sts_none_permitted", "lint-clean")}),
    (ENFORCE.replace("enforce", "testing") + "mx: *.lint-clean\n",
     {("sts_not_enforced", "lint-clean")}),
    (ENFORCE.replace("enforce", "testing") + "mx: mx2.lint-clean\n",
     {("sts_not_enforced", "lint-clean"),
      ("sts_not_permitted", "mx1.lint-clean")}),
    (ENFORCE.replace("enforce", "none").replace("604800", "0"),
     {("sts_not_enforced", "lint-clean")}),
    (ENFORCE.replace("604800", "86399") + "mx: *.lint-clean\n",
     {("sts_short", "lint-clean")}),
    (ENFORCE.replace("604800", "86400") + "mx: *.lint-clean\n", set()),
    (ENFORCE.replace("604800", "0") + "mx: *.lint-clean\n",
     {("sts_short", "lint-clean")}),
]
HALF = {("mx_alone", "mail.test"), ("ttl_short", "mail.test")}

seen = set()


def lint(mxsel, *arguments):
    """(the objects, exit status) of one command line."""
    done = subprocess.run([mxsel, "lint", "--json", *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=60, check=False)
    check(not done.stderr, "%s: nothing is said on stderr" % (arguments,),
          done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()], \
        done.returncode


def found(page):
    """{(code, subject)} of one domain; every object is whole."""
    for finding in page["findings"]:
        check(list(finding) == KEYS and all(finding.values()),
              "a finding is whole", finding)
        check("{}" not in finding["text"], "no gap in a text", finding)
        seen.add(finding["code"])
    pairs = [(f["code"], f["subject"]) for f in page["findings"]]
    order = [f["severity"] for f in page["findings"]]
    check(order == sorted(order, key=["error", "warning", "hint"].index),
          "%s: errors first" % page["domain"], order)
    return pairs


def full(name, origin):
    """A name of a comment, as lint shows it."""
    if name == "@":
        return origin
    return name[:-1] if name.endswith(".") else name + "." + origin


def planted(path):
    """{domain: [(code, subject)]}, in the order of the zone."""
    with open(path, encoding="ascii") as file:
        text = file.read()
    origin = (re.findall(r"^\$ORIGIN (\S+)\.$", text, re.M) + [""])[0]
    wanted = {}
    for line in re.findall(r"^; (?:wrong|clean): (.*)$", text, re.M):
        domain, *mistake = line.split()
        wanted.setdefault(full(domain, origin), [])
        if mistake:
            wanted[full(domain, origin)].append(
                (mistake[0], full(mistake[1], origin)))
    return wanted


def check_zone(mxsel, path, table, *source):
    """All domains in one run, and each by itself for its exit status."""
    wanted = planted(path)
    source = source or ("--zone", path)
    pages, status = lint(mxsel, *source, "--", *wanted)
    check([p["domain"] for p in pages] == list(wanted),
          "one object for each domain, in order")
    for page in pages:
        check(sorted(set(found(page))) == sorted(wanted[page["domain"]]),
              "%s: what was planted" % page["domain"],
              "found  ", *sorted(found(page)),
              "planted", *sorted(wanted[page["domain"]]))
    for domain, mistakes in wanted.items():
        errors = any(table[code][0] == "error" for code, _ in mistakes)
        alone, one = lint(mxsel, *source, "--", domain)
        check(one == errors, "%s: exit status %d" % (domain, errors), one)
        check(alone == [p for p in pages if p["domain"] == domain],
              "%s: alone as among others" % domain, alone)
    return pages, status


def check_policies(mxsel, table):
    """R95: a policy against the exchanges of a domain."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mta-sts.txt")
        for text, wanted in POLICIES:
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
            pages, status = lint(mxsel, "--zone", CLEAN, "--sts-policy",
                                 path, "lint-clean")
            check(len(pages) == 1 and set(found(pages[0])) == wanted,
                  "R95 a policy is judged", text, *pages)
            check(status == any(table[code][0] == "error"
                                for code, _ in wanted),
                  "its exit status", text, status)


def check_private(mxsel):
    """R90: what is signed tells who validates, also of a tree of one's own."""
    with open(SECURE, encoding="ascii") as file:
        text = file.read().replace("zone arpa secure\n", "")
    trees = [(text, ("tlsa_insecure", "host.plain.test")),
             (text.replace("zone test secure\n", ""),
              ("dnssec_unknown", "only.plain.test"))]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "tree.txt")
        for text, wanted in trees:
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
            with ad_server.Running(path) as server:
                pages, _ = lint(mxsel, "--server", server, "secure.test",
                                "unsigned.secure.test", "only.plain.test")
            check([found(p) for p in pages] ==
                  [[], [("tlsa_insecure", "host.plain.test")], [wanted]],
                  "R90 %s: by the top-level domain" % wanted[0], *pages)


def check_security(mxsel, table):
    """R90 R92: what DNSSEC says, by a resolver that is trusted or not."""
    pages, _ = check_zone(mxsel, DANE, table)
    texts = " ".join(f["text"] for p in pages for f in p["findings"])
    for why in ("SHA-256 has 32 octets", "SHA-512 has 64 octets",
                "unknown usage", "unknown selector", "no use for usages 0",
                "unknown matching type"):
        check(why in texts, "R92 a record is bad: %s" % why)
    with ad_server.Running(SECURE) as server:
        check_zone(mxsel, SECURE, table, "--server", server)
        check_zone(mxsel, SECURE, table, "--server", server, "--trust-ad")
        pages, _ = lint(mxsel, "--server", server, "--no-trust-ad",
                        "secure.test", "without.secure.test",
                        "failing.secure.test")
        check([set(found(p)) for p in pages] ==
              [{("dnssec_unknown", "secure.test")}, set(),
               {("dnssec_unknown", "failing.secure.test"),
                ("tlsa_failed", "broken.secure.test")}],
              "R90 a resolver that is not trusted", *pages)
        pages, _ = lint(mxsel, "--server", server, "--no-trust-ad", "--dane",
                        "without.secure.test")
        check(set(found(pages[0])) == {("dnssec_unknown",
                                        "without.secure.test")},
              "R90 --dane wants to know", *pages)
        untrusted, _ = lint(mxsel, "--server", server, "--no-trust-ad",
                            *planted(SECURE))
    with ad_server.Running(SECURE, "blind") as server:
        pages, _ = lint(mxsel, "--server", server, *planted(SECURE))
        codes = [code for page in pages for code, _ in found(page)]
        check(pages == untrusted, "R90 a resolver that only forwards is none "
              "that is trusted", *pages)
        check("dnssec_unknown" in codes and "tlsa_insecure" not in codes and
              "tlsa_insecure_mx" not in codes,
              "R90 whoever only forwards says nothing of a zone", codes)
        pages, _ = lint(mxsel, "--server", server, "without.secure.test")
        check(found(pages[0]) == [], "nothing is asked for nothing", *pages)
        pages, _ = lint(mxsel, "--server", server, "--dane",
                        "without.secure.test")
        check(found(pages[0]) == [("dnssec_unknown", "without.secure.test")],
              "R90 --dane wants to know of who only forwards", *pages)


def check_lies(mxsel):
    """R14 R60: servers that fail, in whole or for one family."""
    for way, (status, wanted) in LIES.items():
        with failing_servers.Liar(way) as server:
            pages, ended = lint(mxsel, "--server", server, "--timeout",
                                "1.5", "mail.test")
        if any(subject != "mail.test" for _, subject in wanted):
            wanted = wanted | HALF
        check(len(pages) == 1 and set(found(pages[0])) == wanted,
              "R14 R60 %s" % way, "found  ", *pages, "wanted ", *wanted)
        check(ended == status, "%s: exit status %d" % (way, status), ended)
    pages, ended = lint(mxsel, "--server", "127.0.0.1@1", "--timeout", "1",
                        "mail.test")
    check([c for c, _ in found(pages[0])] == ["mx_unanswered"] and
          ended == 75, "nobody there: exit status 75", pages, ended)


def read_table():
    """{code: (severity, rule, text, advice)} of the source."""
    path = os.path.join(TOP, "tools", "lint_table.c")
    with open(path, encoding="ascii") as file:
        text = file.read()
    table = {}
    for name, severity, code, rule, says, advice in ROW.findall(text):
        check(name.lower() == code, "%s is called as its number" % code)
        table[code] = (severity.lower(), rule, says.replace('\\"', '"'),
                       advice.replace('\\"', '"'))
    check(len(table) == text.count("\n[LINT_"), "every row is read")
    return table


def check_guide(table):
    """The guide has the same rows, in the same order."""
    path = os.path.join(TOP, "docs", "guide", "lint.md")
    with open(path, encoding="utf-8") as file:
        rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", file.read(), re.M)
    check([code for code, _ in rows] == list(table),
          "the guide lists the findings of the table",
          [code for code, _ in rows], list(table))
    for code, cells in rows:
        wanted = " | ".join(table.get(code, ())).replace("{}", "*...*")
        check(cells == wanted, "the guide says of %s what the table says"
              % code, cells, wanted)


def main():
    mxsel = sys.argv[1]
    table = read_table()
    check_guide(table)
    pages, status = check_zone(mxsel, BAD, table)
    check(sum(len(p["findings"]) for p in pages) >= 30,
          "thirty mistakes at least")
    check(status == 1, "exit status 1 for the whole bad zone", status)
    for page in pages:
        for finding in page["findings"]:
            severity, rule, _, advice = table[finding["code"]]
            check((finding["severity"], finding["rule"], finding["advice"])
                  == (severity, rule, advice), "as in the table", finding)
    pages, status = check_zone(mxsel, CLEAN, table)
    check(status == 0 and not any(p["findings"] for p in pages),
          "nothing in the clean zone", *pages)
    check_lies(mxsel)
    check_policies(mxsel, table)
    check_security(mxsel, table)
    check_private(mxsel)
    check(seen == set(table), "every finding was planted and found",
          sorted(set(table) - seen))
    return ended()


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Servers that fail, and destinations that are none (R14, R60, R1, S6, S7).

    failing_servers.py MXSEL

Each way of lying_server.py must end in "defer", with exit status 75 and
never with an implicit MX, and no later than the time limit says. Prints what
fails and one line of totals.
"""
import contextlib
import json
import os
import subprocess
import sys
import time

from statements import check, ended

HERE = os.path.dirname(os.path.abspath(__file__))
DOMAIN = "mail.test"
TIMEOUT = 1.5
SLACK = 0.5 # starting the program
TRIES = 3   # a busy machine may be late for once

# way: the enhanced status it must give
DEFERRED = {
    "servfail": "4.4.3", "refused": "4.4.3", "formerr": "4.4.3",
    "notimp": "4.4.3", "rcode": "4.4.3", "silence": "4.4.3",
    "truncated": "4.4.3", "truncated-silent": "4.4.3",
    "truncated-twice": "4.4.3", "malformed": "4.4.3", "garbage": "4.4.3",
    "referral": "4.4.3", "dripping": "4.4.3", "halfway": "4.4.4",
    "halfway-servfail": "4.4.4", "a-servfail": "4.4.4",
}

BAD = ["", "..", ".", "a..b", "x" * 300, "x." * 150, "a b", " ",
       "[1.2.3]", "[IPv6:::1%eth0]", "user@", "@", "192.0.2.1",
       "[2001:db8::1]", "2001:db8::1", "a@b@", "[", "]", "[]", "a:b:c",
       "a.b:", "a.b:65536", "[192.0.2.1", "[192.0.2.1]x", "[127.1]",
       "[0127.0.0.1]", "a\nb.test", "a\tb.test", "a\\.b.test", "\x01"]

def plan(mxsel, arguments, destination):
    """(the plan, exit status, seconds)"""
    begin = time.monotonic()
    done = subprocess.run(
        [mxsel, "--json"] + arguments + ["--", destination],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
        check=False)
    seconds = time.monotonic() - begin
    check(not done.stderr, "%r: nothing is said on stderr" % destination,
          done.stderr)
    return json.loads(done.stdout), done.returncode, seconds


def plan_in_time(mxsel, limit, *ways):
    """The same, asked of liars; again when it took longer than the limit and
    SLACK: whoever is too late each time does not hold it."""
    for _ in range(TRIES):
        arguments = ["--timeout", str(limit)]
        with contextlib.ExitStack() as liars:
            for way in ways:
                arguments += ["--server", liars.enter_context(Liar(way))]
            found = plan(mxsel, arguments, DOMAIN)
        if found[2] <= limit + SLACK:
            break
    return found


class Liar:
    """lying_server.py while it runs."""

    def __init__(self, way):
        self.way = way

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "lying_server.py"),
             self.way], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        port = int(self.process.stdout.readline())
        return "127.0.0.1@%d" % port

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(60)


def check_deferred(mxsel, way):
    """R14: temporary, 451, nothing to try, in time (S7)."""
    shown, status, seconds = plan_in_time(mxsel, TIMEOUT, way)
    verdict = shown["verdict"]
    check(verdict["action"] == "defer" and status == 75,
          "R14 %s: defer, exit status 75" % way, status, shown)
    check(verdict["code"] == 451 and verdict["enhanced"] == DEFERRED[way],
          "R14 %s: 451 %s" % (way, DEFERRED[way]), verdict)
    check(shown["status"] == "dns_temporary",
          "R14 %s: dns_temporary" % way, shown["status"])
    check(shown["source"] != "implicit" and not shown["hosts"],
          "R14 %s: never an implicit MX" % way, shown)
    check(seconds <= TIMEOUT + SLACK, "S7 %s: over in %.1f s"
          % (way, TIMEOUT), "%.2f s" % seconds)
    check(1 <= shown["ttl"] <= 300, "R77 %s: 1 s to 5 min" % way,
          shown["ttl"])


def check_incomplete(mxsel):
    """R60: one family failed, the other works."""
    shown, status, _ = plan_in_time(mxsel, TIMEOUT, "aaaa-servfail")
    check(status == 0 and shown["status"] == "ok", "R60 any address wins",
          shown)
    check(shown["flags"] == ["incomplete"], "R60 flagged incomplete",
          shown["flags"])
    check([h["addresses"] for h in shown["hosts"]] == [["192.0.2.1"]],
          "R60 the family that answered is there", shown["hosts"])


def check_failover(mxsel):
    """A server that fails beside one that works is no failure (S10)."""
    with Liar("servfail") as bad, Liar("aaaa-servfail") as good:
        arguments = ["--server", bad, "--server", good, "--timeout", "5"]
        shown, status, _ = plan(mxsel, arguments, DOMAIN)
    check(status == 0 and shown["hosts"], "S10 the other server is asked",
          shown)


def check_deadline_holds_for_all(mxsel):
    """S7: the limit is that of a selection, however many questions."""
    shown, status, seconds = plan_in_time(mxsel, 0.5, "silence", "silence")
    check(status == 75, "two silent servers: defer", shown)
    check(seconds <= 0.5 + SLACK, "S7 two silent servers: over in time",
          seconds)


def bulk_status(mxsel, arguments, destination):
    """What bulk makes of it."""
    done = subprocess.run([mxsel, "bulk"] + arguments,
                          input=destination.encode() + b"\n",
                          stdout=subprocess.PIPE, timeout=60, check=False)
    return json.loads(done.stdout)["status"]


def check_mix_case(mxsel):
    """S6: letters that do not come back as they went are not believed."""
    domain = "all-of-these-letters-in-lower-case-by-chance.test"
    with Liar("folds") as server:
        arguments = ["--server", server, "--timeout", "5"]
        for mixed, wanted in ((False, "ok"), (True, "dns_temporary")):
            if mixed:
                arguments.append("--mix-case")
            shown, status, _ = plan(mxsel, arguments, domain)
            check(shown["status"] == wanted and bool(shown["hosts"]) !=
                  mixed and status == (75 if mixed else 0),
                  "S6 F19 plan, mixed %s: %s" % (mixed, wanted), shown)
            found = bulk_status(mxsel, arguments, domain)
            check(found == wanted,
                  "S6 F19 bulk, mixed %s: %s" % (mixed, wanted), found)


def check_bad(mxsel, destination):
    """R1 R3: 501 5.1.3 and a sentence, and nobody is asked."""
    shown, status, seconds = plan(
        mxsel, ["--server", "127.0.0.1@1", "--timeout", "5"], destination)
    verdict = shown["verdict"]
    what = "R1 %r" % destination
    check(shown["status"] == "bad_destination" and status == 1,
          what + ": bad_destination, exit status 1", status, shown)
    check((verdict["code"], verdict["enhanced"]) == (501, "5.1.3"),
          what + ": 501 5.1.3", verdict)
    check(len(verdict["text"]) > 10 and verdict["text"].endswith("."),
          what + ": a sentence", verdict)
    check(shown["queries"] == 0 and seconds < 5, what + ": no query",
          shown["queries"])
    check(shown["destination"] == destination, what + ": as given",
          shown["destination"])


def main():
    mxsel = sys.argv[1]
    for way in DEFERRED:
        check_deferred(mxsel, way)
    check_incomplete(mxsel)
    check_failover(mxsel)
    check_deadline_holds_for_all(mxsel)
    check_mix_case(mxsel)
    for destination in BAD:
        check_bad(mxsel, destination)
    return ended()


if __name__ == "__main__":
    sys.exit(main())

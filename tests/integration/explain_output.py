#!/usr/bin/env python3
"""The JSON and the DOT of mxsel explain (R78): the plan's object with one more
key; graphs that hold to the grammar of DOT whatever a destination holds.

    explain_output.py MXSEL ZONE
"""
import json
import re
import subprocess
import sys

from statements import check, ended

EVENT = ["event", "subject", "detail", "rule"]
NAMES = {"destination", "ask", "answer", "alias", "implicit", "null_mx",
         "self", "host", "address", "reject", "attempt", "report",
         "decision", "verdict", "tlsa", "posture", "memory"}
# A quoted string of DOT; the statements that a graph here is made of.
TEXT = r'"(?:[^"\\]|\\.)*"'
VALUE = r"(?:%s|[A-Za-z0-9]+)" % TEXT
LIST = r"\[%s=%s(?:, %s=%s)*\]" % (r"[a-z]+", VALUE, r"[a-z]+", VALUE)
STATEMENT = re.compile(r"\t(?:(?:graph|node) %s|n(\d+) %s|"
                       r"n(\d+) -> n(\d+)(?: %s)?);" % (LIST, LIST, LIST),
                       re.S)
ODD = ['a"]; b->c [label="', "\\", "\\N", '"', "&lt;", "&", "\n}", "\u00e9",
       "\u202e", "a b", "{x}", "<b>"]

def run(*arguments):
    done = subprocess.run(arguments, stdout=subprocess.PIPE, timeout=60,
                          check=False)
    return done.stdout.decode("utf-8")


def check_trace(plan):
    """What the plan says is in the trace, in the order of the plan."""
    trace = plan["trace"]
    check(all(list(e) == EVENT for e in trace), "an event's keys", trace)
    check(all(e["event"] in NAMES for e in trace), "known events", trace)
    check(all(e["rule"] for e in trace), "a clause for every one", trace)
    check(trace[0]["event"] == "destination" and
          trace[-1]["event"] == "verdict", "from the destination to the end",
          trace)
    tried = [e["subject"] for e in trace if e["event"] == "attempt"]
    check(tried == [a for host in plan["hosts"] for a in host["addresses"]],
          "the attempts are the plan's", tried, plan["hosts"])
    dropped = [(e["subject"], e["detail"], e["rule"]) for e in trace
               if e["event"] == "reject"]
    check(dropped == [(r["subject"], r["reason"], r["rule"])
                      for r in plan["rejected"]], "what was dropped", dropped,
          plan["rejected"])
    asked = [e for e in trace if e["event"] == "ask"]
    check(len(asked) == plan["queries"], "every question", asked)


def check_json(mxsel, where, names):
    lines = run(mxsel, "explain", "--json", "--seed", "5", *where,
                *names).splitlines()
    plain = run(mxsel, "--json", "--seed", "5", *where, *names).splitlines()
    check(len(lines) == len(plain) > 0, "a line each", len(lines))
    for line, without in zip(lines, plain):
        plan = json.loads(line)
        check(list(plan)[-1] == "trace", "the trace comes last", list(plan))
        check_trace(plan)
        del plan["trace"]
        check(plan == json.loads(without), "else the same as plan", line)


def check_graph(text):
    """One digraph: declared boxes, each of them once, edges between them."""
    head = re.match(r"digraph %s \{\n" % TEXT, text, re.S)
    check(head is not None and text.endswith("\n}\n"), "a digraph", text)
    if head is None:
        return
    boxes, edges, at = set(), [], head.end()
    while at < len(text) - 2:
        found = STATEMENT.match(text, at)
        if found is None or text[found.end()] != "\n":
            check(False, "a statement of DOT", text[at:at + 80])
            return
        if found.group(1):
            check(found.group(1) not in boxes, "a box once", text)
            boxes.add(found.group(1))
        if found.group(2):
            edges.append((found.group(2), found.group(3)))
        at = found.end() + 1
    check(all(a in boxes and b in boxes for a, b in edges), "edges", text)
    check(sorted(b for _, b in edges) == sorted(boxes - {"0"}),
          "every box hangs on one other", text)


def main():
    mxsel, zone = sys.argv[1:3]
    names = ["plain.mx.test", "nullmx.mx.test", "self.mx.test",
             "chain3.mx.test", "aliasaway.mx.test", "allbad.mx.test",
             "badoctets.mx.test", "[192.0.2.1]", "a..b"]
    check_json(mxsel, ["--demo"], [])
    check_json(mxsel, ["--zone", zone, "--"], names)
    for name in names:
        check_graph(run(mxsel, "explain", "--dot", "--zone", zone, "--",
                        name))
    for name in ODD:
        check_graph(run(mxsel, "explain", "--dot", "--demo", "--", name))
    demo = run(mxsel, "explain", "--dot", "--demo")
    graphs = re.findall(r"^digraph .*?^}\n", demo, re.S | re.M)
    check(len(graphs) >= 12 and "".join(graphs) == demo, "a graph each")
    for graph in graphs:
        check_graph(graph)
    return ended()


if __name__ == "__main__":
    sys.exit(main())

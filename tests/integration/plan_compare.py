#!/usr/bin/env python3
"""Three ways to one plan: master files, a name server, the pull interface.

For every destination of domains.txt, under several seeds and options, mxsel
--zone, mxsel --server and plan_by_hand must print the same JSON, octet by
octet. What it must say is held against plan_expected.txt. Prints what fails
and one line of totals.

    plan_compare.py MXSEL PLAN_BY_HAND SERVER ZONEFOLDER
"""
import json
import os
import subprocess
import sys

from statements import check, ended

HERE = os.path.dirname(os.path.abspath(__file__))

# Under each of these every destination is planned.
VARIANTS = [
    "--seed 1",
    "--seed 2",
    "--seed 3",
    "--seed 18446744073709551615",
    "--seed 4 --self mx.us.mx.test",
    "--seed 5 --self 192.0.2.200 --self 2001:db8::200",
    "--seed 6 --self mx.us.mx.test --self 192.0.2.200",
    "--seed 7 --self mx1.mx.test",
    "--seed 8 --self 192.0.2.1 --port 2525",
    "--seed 9 --family any",
    "--seed 10 --family v6only",
    "--seed 11 --family v4only",
    "--seed 12 --shuffle addresses",
    "--seed 13 --shuffle none --max-aliases 3",
    "--seed 14 --max-host-addresses 2 --max-hosts 3 --max-records 20",
    "--seed 15 --max-queries 5 --max-addresses 3",
    "--seed 16 --max-queries 0 --max-addresses 0 --max-hosts 0"
    " --max-records 0 --max-host-addresses 0 --max-aliases 16",
    "--seed 17 --allow-loopback --allow-link-local --refuse-private"
    " --allow-exchange-address --keep-duplicates",
    "--seed 18 --refuse-exchange-alias --strict-null-mx --sender"
    " --implicit-on-nxdomain --defer-no-host --defer-filtered"
    " --refuse-exchange *.squat.mx.test --ask-local",
]
# How many answers a seed must be able to make of three equals (R31).
ORDER_SEEDS = range(1, 61)

def lines_of(path):
    """The lines that say something."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line and not line.startswith("# ") and line != "#":
                yield line


def run(program, options, destinations):
    """The JSON lines of one program, and how it ended."""
    done = subprocess.run(
        program + ["--json"] + options + ["--"] + destinations,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300,
        check=False)
    lines = done.stdout.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return lines, done.returncode, done.stderr.decode("utf-8", "replace")


class Programs:
    """The three that must agree."""

    def __init__(self, mxsel, by_hand, server, zones):
        files = sorted(os.path.join(zones, name)
                       for name in os.listdir(zones)
                       if name.endswith(".zone"))
        zone = [part for name in files for part in ("--zone", name)]
        self.ways = {
            "--zone": [mxsel] + zone,
            "--server": [mxsel, "--server", server],
            "by hand": [by_hand] + zone,
        }

    def plan(self, options, destinations):
        """Have all three plan; compare; the first one's lines."""
        first = None
        for name, program in self.ways.items():
            lines, status, said = run(program, options, destinations)
            shown = " ".join(options)
            check(len(lines) == len(destinations) and not said,
                  "%s %s plans all %d" % (name, shown, len(destinations)),
                  "%d lines, status %d: %s" % (len(lines), status, said))
            if name != "by hand":
                check(status == worst(lines), "%s %s: exit status %d"
                      % (name, shown, worst(lines)), "it is %d" % status)
            if first is None:
                first = lines
                continue
            for i, destination in enumerate(destinations):
                mine = lines[i] if i < len(lines) else b""
                other = first[i] if i < len(first) else b""
                check(mine == other and mine, "%s: %s and --zone agree (%s)"
                      % (destination, name, shown),
                      "--zone:  %s" % other.decode("utf-8", "replace"),
                      "%s: %s" % (name, mine.decode("utf-8", "replace")))
        return first


def worst(lines):
    """The exit status that belongs to these plans: 75 > 1 > 0."""
    status = {"try": 0, "bounce": 1, "defer": 75}
    actions = [json.loads(line)["verdict"]["action"] for line in lines]
    return max((status[action] for action in actions), default=0)


def read_hosts(text):
    """"10 mx1 2001:db8::1, 20 mx2" as a list; equals sorted."""
    hosts = []
    for part in text.split(","):
        words = part.split()
        if words:
            hosts.append((int(words[0]), words[1], words[2:]))
    return sorted(hosts, key=lambda host: host[:2])


def same_hosts(wanted, plan):
    """Are these the hosts, where equals may come in any order?"""
    real = [(h["preference"], h["name"], h["addresses"])
            for h in plan["hosts"]]
    preferences = [host[0] for host in real]
    if preferences != sorted(preferences):
        return False
    real.sort(key=lambda host: host[:2])
    if [host[:2] for host in real] != [host[:2] for host in wanted]:
        return False
    if not any(host[2] for host in wanted):
        return all(host[2] for host in real)
    return all(not want[2] or want[2] == have[2]
               for want, have in zip(wanted, real))


def outcome_of(plan):
    """"ok", or "null_mx 556 5.1.10"."""
    verdict = plan["verdict"]
    if verdict["action"] == "try" and not verdict["code"] \
            and not verdict["enhanced"] and not verdict["text"]:
        return plan["status"]
    digit = {"bounce": "5", "defer": "4"}[verdict["action"]]
    if not verdict["enhanced"].startswith(digit + ".") \
            or not str(verdict["code"]).startswith(digit) \
            or not verdict["text"].endswith("."):
        return "a verdict at odds with itself: %s" % verdict
    return "%s %d %s" % (plan["status"], verdict["code"],
                         verdict["enhanced"])


def value_of(plan, key):
    """What the key of plan_expected.txt means in the plan."""
    if key == "flags":
        return ",".join(plan["flags"])
    if key == "rejected":
        return ",".join("%s:%s" % (r["subject"], r["reason"])
                        for r in plan["rejected"])
    if key == "canonical":
        return ",".join(h["canonical"] for h in plan["hosts"])
    if key == "addresses":
        return str(sum(len(h["addresses"]) for h in plan["hosts"]))
    return str(plan[key])


def check_more(plan, more, line):
    """The key=value part of one expectation."""
    for word in more.split():
        if word.startswith("text~"):
            check(word[5:] in plan["verdict"]["text"], line, plan["verdict"])
            continue
        key, value = word.split("=", 1)
        have = value_of(plan, key)
        if key == "flags":
            have, value = sorted(have.split(",")), sorted(value.split(","))
        check(have == value, line, "%s is %s" % (key, have))


def check_expected(line, plan):
    """One line of plan_expected.txt."""
    parts = [part.strip() for part in line.split(" |")]
    outcome = outcome_of(plan)
    check(outcome == parts[1], line, "it is: " + outcome, plan["rejected"])
    if parts[1] == "ok":
        check(same_hosts(read_hosts(parts[2]), plan), line, plan["hosts"])
    else:
        check(not plan["hosts"], line, plan["hosts"])
    check_more(plan, parts[3] if len(parts) > 3 else "", line)


def parts_of_expected():
    """(options, lines) of every part of plan_expected.txt."""
    options, lines = [], []
    for line in lines_of(os.path.join(HERE, "plan_expected.txt")):
        if not line.startswith("[--"):
            lines.append(line)
            continue
        yield options, lines
        options, lines = line[1:-1].split(), []
    yield options, lines


def check_orders(programs):
    """R31 R32: seeds reach every order of three, and repeat it."""
    orders = {}
    for seed in ORDER_SEEDS:
        options = ["--json", "--seed", str(seed), "--", "equal3.mx.test",
                   "equal3again.mx.test"]
        lines = run(programs.ways["--zone"], options[1:3],
                    options[4:])[0]
        names = [[h["name"] for h in json.loads(line)["hosts"]]
                 for line in lines]
        check(names[0] == names[1], "R32 seed %d: the same order, whatever "
              "the order of the records" % seed, names)
        orders.setdefault(tuple(names[0]), []).append(seed)
    check(len(orders) == 6, "R31 every order of three equals comes up",
          orders)


def main():
    mxsel, by_hand, server, zones = sys.argv[1:5]
    programs = Programs(mxsel, by_hand, server, zones)
    destinations = list(lines_of(os.path.join(zones, "domains.txt")))
    check(len(set(destinations)) >= 60, "there are 60 destinations or more")
    for variant in VARIANTS:
        programs.plan(variant.split(), destinations)
    for options, lines in parts_of_expected():
        wanted = [line.split(" |")[0] for line in lines]
        plans = programs.plan(options + ["--seed", "1"], wanted)
        for line, plan in zip(lines, plans):
            check_expected(" ".join(options + [line]).strip(),
                           json.loads(plan))
    check_orders(programs)
    return ended()


if __name__ == "__main__":
    sys.exit(main())

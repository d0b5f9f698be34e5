#!/usr/bin/env python3
"""The examples for many destinations at once print what `mxsel plan` says.

    many_compare.py write DOMAINS ZONE DESTINATIONS
        a zone of one mail provider and its customers, and the destinations:
        those customers, and the lines of DOMAINS
    many_compare.py compare MXSEL SERVER DESTINATIONS PROGRAM [ARGUMENT...]
        each destination three times to PROGRAM's standard input

Ends with one line of totals.
"""
import collections
import json
import random
import re
import subprocess
import sys

from statements import check, ended

CUSTOMERS = 300
SEED = "7"
TIMES = 3
ALL_TRIED = "451 4.4.1 "

# ------------------------------------------------------------------- input

PROVIDER = [(1, "a"), (5, "b"), (5, "c"), (10, "d"), (10, "e")]
HEAD = """\
$ORIGIN customers.test.
$TTL 300
@ SOA ns postmaster 1 3600 600 86400 300
@ NS ns
ns A 192.0.2.53
"""


def host(name, number):
    """The addresses of one host."""
    return (f"{name} A 198.51.100.{number % 250 + 1}\n"
            f"{name} AAAA 2001:db8::{number:x}\n")


def customer(number):
    """One domain, of a kind that its number decides."""
    name, kind = f"d{number}", number % 20
    if kind < 11:
        return "".join(f"{name} MX {preference} {mx}.provider\n"
                       for preference, mx in PROVIDER)
    if kind < 14:
        return f"{name} MX 0 a.provider\n"
    if kind < 17:
        return (f"{name} MX 10 mx.{name}\n{name} MX 10 mx2.{name}\n"
                + host(f"mx.{name}", number)
                + host(f"mx2.{name}", 1000 + number))
    if kind == 17:
        return f"{name} A 203.0.113.9\n"
    if kind == 18:
        return f"{name} MX 0 .\n"
    return f"{name} MX 10 gone.{name}\n"


def destinations_of(path):
    """Those of the file that are the same with and without libidn2."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line and not line.startswith("#") and line.isascii() \
                    and "xn--" not in line.lower():
                yield line


def write(domains, zone, destinations):
    text = HEAD + "".join(host(f"{mx}.provider", n)
                          for n, (_, mx) in enumerate(PROVIDER))
    text += "".join(map(customer, range(CUSTOMERS)))
    names = [f"d{n}.customers.test" for n in range(CUSTOMERS + 10)]
    names = [*dict.fromkeys([*names, *destinations_of(domains)])]
    random.Random(SEED).shuffle(names)
    with open(zone, "w", encoding="ascii") as file:
        file.write(text)
    with open(destinations, "w", encoding="ascii") as file:
        file.writelines(name + "\n" for name in names)
    return 0


# ----------------------------------------------------------------- comparison

def plans(mxsel, server, names):
    done = subprocess.run(
        [mxsel, "plan", "--json", "--seed", SEED, "--server", server, "--",
         *names], stdout=subprocess.PIPE, timeout=300, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def lines_of(plan):
    """What an example prints for such a plan."""
    lines = [f"{h['preference']} {h['name']} [{address}]"
             for h in plan["hosts"] for address in h["addresses"]]
    verdict = plan["verdict"]
    if verdict["action"] == "try":
        return lines, ALL_TRIED
    return lines, f"{verdict['code']} {verdict['enhanced']} {verdict['text']}"


def run(program, server, names):
    """({destination: its lines}, what came on stderr)"""
    done = subprocess.run(
        [*program, "--server", server, "--seed", SEED],
        input="".join(name + "\n" for name in names), timeout=300,
        capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"{program} ends well", done.returncode,
          done.stderr)
    found = collections.defaultdict(list)
    known = sorted(set(names), key=len, reverse=True)
    strange = []
    for line in done.stdout.splitlines():
        name = next((n for n in known if line.startswith(n + ": ")), None)
        if name is None:
            strange.append(line)
        else:
            found[name].append(line[len(name) + 2:])
    check(not strange, f"{program}: each line is about one of them", *strange)
    return found, done.stderr


def verdict_is(line, wanted):
    return line == wanted or (wanted == ALL_TRIED and line.startswith(wanted))


def check_one(name, plan, lines):
    """Each address and the verdict came, as often as they had to."""
    wanted, verdict = lines_of(plan)
    ends = [line for line in lines if verdict_is(line, verdict)]
    rest = [line for line in lines if not verdict_is(line, verdict)]
    check(len(ends) == TIMES, f"{name} ends {TIMES} times with {verdict!r}",
          *lines)
    check(collections.Counter(rest)
          == collections.Counter(wanted * TIMES),
          f"{name} has the hosts of its plan", wanted, rest)


def check_order(program, server, names, by_name):
    """Once each: in the order of the plan."""
    found, _ = run(program, server, names)
    for name in names:
        wanted, _ = lines_of(by_name[name])
        check(found[name][:-1] == wanted, f"{name} in order", wanted,
              found[name])


def check_sharing(said, questions, names):
    """Three times the same, and for each question at most one is sent."""
    asked = re.search(r"^asked (\d+), found (\d+)$", said, re.M)
    if asked is None:
        return
    check(int(asked[2]) > 0, "the cache is good for something", said)
    check(int(asked[1]) < questions,
          f"fewer than the {questions} questions of {len(names)} plans "
          "are sent", said)


def check_slow_input(program, server, name, plan):
    """What is asked for is told while the input stays open."""
    with subprocess.Popen(
            [*program, "--server", server, "--seed", SEED], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for _ in range(2):
            process.stdin.write(name + "\n")
            process.stdin.flush()
            for wanted in [*lines_of(plan)[0], lines_of(plan)[1]]:
                line = process.stdout.readline()
                check(line.startswith(f"{name}: {wanted}"),
                      f"{wanted!r} comes before the input ends", line)
        process.stdin.close()
        check(process.wait(60) == 0, "it ends with its input")


def compare(mxsel, server, destinations, *program):
    with open(destinations, encoding="ascii") as file:
        names = [line.rstrip("\n") for line in file]
    told = plans(mxsel, server, names)
    check(len(told) == len(names), f"mxsel plans all {len(names)}", len(told))
    check(len(names) > 400, "there are some hundreds of them", len(names))
    by_name = dict(zip(names, told))
    found, said = run(program, server, names * TIMES)
    for name in names:
        check_one(name, by_name[name], found[name])
    check_sharing(said, sum(plan["queries"] for plan in told), names)
    check_order(program, server, names, by_name)
    if program[0].endswith("/many"):
        name = "d0.customers.test"
        check_slow_input(program, server, name, by_name[name])
    return ended()


if __name__ == "__main__":
    sys.exit({"write": write, "compare": compare}[sys.argv[1]](*sys.argv[2:]))

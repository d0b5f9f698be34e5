#!/usr/bin/env python3
"""make faults: the hundred faults over real sockets, as one table.

F1 to F73 are a lying server's, each in a process of its own, several at a
time, for they mostly wait; F74 to F100 are those of the machine and of the
interface and come from the programs "host" and "api". What was late while
others ran is tried again alone. With --baseline the same lies are told to
other libraries, and their columns stand beside.
"""
import argparse
import concurrent.futures
import os
import subprocess
import sys
import time

WIRE = range(1, 74)
ALL = range(1, 101)
LIBRARIES = ("ldns", "glibc", "c-ares", "libunbound")
AGAIN = 4  # times that what was late may try alone
OWN = {"host": "F74..F90", "api": "F91..F100"}


class Result:
    """What became of one fault."""

    def __init__(self, state, took=0, text="", forms=0):
        self.state, self.took, self.text = state, took, text
        self.forms = forms


def run(command, limit):
    """Lines of a program, what it says on stderr, and how it ended."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=limit,
                              check=False, text=True, errors="replace")
    except (OSError, subprocess.TimeoutExpired) as why:
        return [], f"{command[0]}: {why}\n", 1
    return done.stdout.splitlines(), done.stderr, done.returncode


def wire(build, number):
    """One fault with both ways in which this library asks."""
    lines, said, status = run([f"{build}/wire", f"F{number}"], 60)
    states, took, forms, what = [], 0, 0, ""
    for line in lines:
        _, _, state, time_taken, count, what, _ = line.split("|", 6)
        states.append(state)
        took = max(took, int(time_taken))
        forms = max(forms, int(count))
    state = "failed"
    if len(states) == 2 and status == 0 and set(states) <= {"passed", "late"}:
        state = "late" if "late" in states else "passed"
    return Result(state, took, what, forms), said


def wires(build, numbers, jobs):
    """All of them; those that were late once more, alone."""
    results = {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        said = {}
        for number, (result, text) in zip(numbers, pool.map(
                lambda n: wire(build, n), numbers)):
            results[number], said[number] = result, text
    for number in numbers:
        for _ in range(AGAIN):
            if results[number].state == "late":
                results[number], said[number] = wire(build, number)
        if results[number].state == "late":
            results[number].state = "failed"
        if results[number].state != "passed":
            sys.stderr.write(said[number])
    return results


def own(build, program):
    """The faults of a program that prints fault|F74|passed|12|words."""
    path = f"{build}/{program}"
    if not os.path.exists(path):
        sys.stderr.write(f"{path} is not there: {OWN[program]}\n")
        return {}
    lines, said, status = run([path], 120)
    results = {}
    for line in lines:
        part = line.split("|", 4)
        if len(part) == 5 and part[0] == "fault":
            results[int(part[1][1:])] = Result(part[2], int(part[3]),
                                               part[4])
    if any(r.state != "passed" for r in results.values()) or not results:
        sys.stderr.write(said)
    if status and all(r.state != "failed" for r in results.values()):
        sys.stderr.write(f"{said}{path}: ended with {status}\n")
        return {}
    return results


def baseline(build, numbers, jobs):
    """number -> library -> (verdict, ms, what it said)."""
    table = {number: {} for number in numbers}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for number, (lines, _, _) in zip(numbers, pool.map(
                lambda n: run([f"{build}/base", f"F{n}"], 300), numbers)):
            for line in lines:
                name, _, state, took, _, _, text = line.split("|", 6)
                table[number][name] = (state, int(took), text)
    return table


def show(results, table):
    """One line a fault."""
    head = f"{'fault':5} {'result':7} {'ms':>5}  "
    if table:
        head += "".join(f"{name:11}" for name in LIBRARIES)
    print(head + "what")
    for number in ALL:
        r = results.get(number, Result("failed", 0, "no line came"))
        line = f"F{number:<4} {r.state:7} {r.took:5}  "
        for name in LIBRARIES if table else ():
            state, took, _ = table.get(number, {}).get(name, ("-", 0, ""))
            line += f"{f'hang {took}' if state == 'hang' else state:11}"
        forms = f" ({r.forms} forms)" if r.forms > 1 else ""
        print(line + r.text + forms)


def show_baseline(table):
    """What went wrong, and how many were survived."""
    for number in sorted(table):
        for name, (state, _, text) in table[number].items():
            if state in ("wrong", "crash") and text:
                print(f"  F{number} {name}: {state}: {text}")
    for name in LIBRARIES:
        states = [row[name][0] for row in table.values() if name in row]
        if not states:
            print(f"skipped: {name}")
            continue
        print(f"{name}: {states.count('survived')} of {len(states)} "
              f"survived, {states.count('wrong')} wrong, "
              f"{states.count('crash')} crashes, {states.count('hang')} "
              "hang")


def figure(results):
    """How many passed; reached, short (some skipped) or failed."""
    states = [results[n].state if n in results else "failed" for n in ALL]
    passed = states.count("passed")
    state = "failed" if "failed" in states else \
        "reached" if passed == len(states) else "short"
    print(f"figure|faults|{passed}/100|100/100|{state}")
    return passed


def main():
    """Run, print, count."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--build", default="obj/tests/faults")
    options.add_argument("--baseline", action="store_true",
                         help="other libraries beside it")
    options.add_argument("--jobs", type=int, default=8,
                         help="faults at a time")
    options = options.parse_args()
    began = time.monotonic()
    results = wires(options.build, WIRE, options.jobs)
    for program in OWN:
        results.update(own(options.build, program))
    table = baseline(options.build, WIRE, options.jobs) \
        if options.baseline else {}
    show(results, table)
    if table:
        show_baseline(table)
    forms = sum(r.forms for r in results.values())
    print(f"{forms} lies, each to both ways of asking, in "
          f"{time.monotonic() - began:.0f} s")
    lines, said, status = run([f"{options.build}/heavy"], 120)
    sys.stderr.write(said)
    if not lines or not lines[-1].startswith("figure|"):
        lines.append("figure|64 KiB message, worst CPU ms|none|< 5|failed")
    for line in lines[-2:]:
        print(line)
    heavy = status == 0 and not lines[-1].endswith("|failed")
    passed = figure(results)
    print(f"faults: {passed}/100")
    failed = [n for n in ALL if n not in results or
              results[n].state == "failed"]
    return 1 if failed or not heavy else 0


if __name__ == "__main__":
    sys.exit(main())

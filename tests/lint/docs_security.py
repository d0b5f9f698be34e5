#!/usr/bin/env python3
"""docs/security.md names, for every requirement S1 to S47 and every fault F1
to F100, tests that name it. Fails when one of them has no test that runs, when
a test that is named there is not there or does not name the number, when a
number is missing from the tables or stands there twice, when a test names a
number that does not exist, and when a page of the documentation names one
that no test names.

    docs_security.py [--write]     --write: renew the columns of tests

A test names a number as it names a rule: see docs_conformance.py.
"""
import pathlib
import re
import sys

from docs_conformance import ROOT, TESTS, is_program, named, spread

PAGE = ROOT / "docs" / "security.md"
# S29 and S30 were never given.
NUMBERS = [*(f"S{n}" for n in range(1, 48) if n not in (29, 30)),
           *(f"F{n}" for n in range(1, 101))]
ROW = re.compile(r"^\| ([SF]\d+) \|(.*)\| ([^|]*) \|$", re.M)
NUMBER = re.compile(r"(?<![A-Za-z0-9])([SF])(\d+)(?![A-Za-z0-9])")
SPAN = re.compile(r"(?<![A-Za-z0-9])([SF])(\d+)(?:-| to )\1?(\d+)(?!\w)")
OWN = pathlib.Path(__file__).name
# They name many, to run whichever there are, and show none by that.
RUNNERS = ("lint/docs_", "faults/run.py", "faults/cell.c", "faults/host.c",
           "faults/api.c")
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md",
         *sorted((ROOT / "docs").rglob("*.md"))]


def numbers_in(text):
    """The numbers a text names; "F6-F8" names what is between as well."""
    found = {kind + n for kind, n in NUMBER.findall(text)}
    for kind, first, last in SPAN.findall(text):
        if int(last) <= 100:
            found.update(f"{kind}{n}"
                         for n in range(int(first), int(last) + 1))
    return found


def tests_of_numbers():
    """Checks of the sources and of what was built are tests here."""
    tests = named(numbers_in, ("support", "bench"))
    for number in list(tests):
        tests[number] = [test for test in tests[number]
                         if not test.startswith(RUNNERS)]
        if not tests[number]:
            del tests[number]
    return tests


def write(text, tests):
    def renew(match):
        few = spread(tests.get(match[1], []))
        column = ", ".join(f"`{t}`" for t in few) or "-"
        return f"| {match[1]} |{match[2]}| {column} |"
    PAGE.write_text(ROW.sub(renew, text), encoding="utf-8")


def check_table(rows, tests):
    """Complaints about the tables."""
    seen = set()
    for number, _, column in rows:
        shown = re.findall(r"`([^`]+)`", column)
        if number not in NUMBERS:
            yield f"{number}: there is no such number"
            continue
        if number in seen:
            yield f"{number}: stands there twice"
        seen.add(number)
        if not any(map(is_program, tests.get(number, []))):
            yield f"{number}: no test that runs names it"
        elif not any(map(is_program, shown)):
            yield f"{number}: run tests/lint/{OWN} --write"
        for test in shown:
            if test not in tests.get(number, []):
                yield f"{number}: {test} does not name it"
    for number in NUMBERS:
        if number not in seen:
            yield f"{number}: not in {PAGE.name}"


def check_pages(tests):
    """Complaints about what other pages name."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for number in sorted(numbers_in(text) - tests.keys()):
            yield f"{page.relative_to(ROOT)}: {number} has no test"


def main():
    tests = tests_of_numbers()
    text = PAGE.read_text(encoding="utf-8")
    if "--write" in sys.argv[1:]:
        write(text, tests)
        text = PAGE.read_text(encoding="utf-8")
    bad = [*check_table(ROW.findall(text), tests), *check_pages(tests)]
    bad += [f"{number}: {TESTS.name}/{tests[number][0]} names it, and there "
            "is no such number" for number in sorted(tests.keys())
            if number not in NUMBERS]
    for line in bad:
        print(line)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())

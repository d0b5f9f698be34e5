#!/usr/bin/env python3
"""docs/conformance.md names, for every rule, tests that name the rule. Fails
when a rule of this release has no test that runs (a zone alone is none), when
a test that is named is not there or does not name the rule, when a rule is
missing from the table, when a test names a rule that does not exist, and when
a file of tests names no rule at all.

    docs_conformance.py [--write]     --write: renew the column of tests

A test names a rule in its own name (R31_..., R31-...), in the comment right
above it, or, in a list of cases, in a line of comment.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "conformance.md"
TESTS = ROOT / "tests"
RULES = [*range(1, 7), *range(10, 24), *range(30, 41), *range(50, 58),
         *range(60, 67), *range(70, 81), 85, *range(90, 98)]
SHOWN = 3
ROW = re.compile(r"^\| (R\d+) \|(.*)\| ([^|]*) \|$", re.M)
TEST = re.compile(
    r"(?P<comment>/\*(?:(?!\*/).)*\*/\n)?"
    r"(?:START_TEST\((?P<check>\w+)\)|static void (?P<plain>\w+)\(void\))",
    re.S)


def rules_in(text):
    """The numbers a text names; "R31-R33" names those between as well."""
    found = {int(n) for n in re.findall(r"(?<![A-Za-z0-9])R(\d+)", text)}
    for first, last in re.findall(r"R(\d+)(?:-| to )R?(\d+)\b", text):
        found.update(range(int(first), min(int(last), 97) + 1))
    return found


def named(find=rules_in, left_out=("lint", "support", "bench")):
    """{rule: [tests]}; the test whose own name holds the rule comes first.
    find: the rules a text names; left_out: folders of tests/."""
    exact, loose = {}, {}

    def note(where, rules, target):
        for rule in rules:
            names = target.setdefault(rule, [])
            if where not in names:
                names.append(where)

    for path in sorted(TESTS.rglob("*")):
        kind = path.relative_to(TESTS).parts[0]
        if kind in left_out or not path.is_file():
            continue
        if kind == "scenarios" and path.suffix != ".scn":
            continue
        name = str(path.relative_to(TESTS))
        note(name, find(path.name.replace("_", " ")), exact)
        if path.suffix not in (".c", ".scn", ".sim", ".txt", ".sh",
                               ".py"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        inside = set()
        for match in TEST.finditer(text):
            test = match["check"] or match["plain"]
            own = find(test.replace("_", " "))
            above = find(match["comment"] or "")
            note(f"{name}:{test}", own, exact)
            note(f"{name}:{test}", above - own, loose)
            inside |= own | above
        note(name, find(text) - inside, loose)
    return {rule: exact.get(rule, []) + loose.get(rule, [])
            for rule in exact.keys() | loose.keys()}


def is_program(test):
    """Does it run? Zones and what is expected of them are only data."""
    return test.partition(":")[0].endswith(
        (".c", ".scn", ".sim", ".sh", ".py"))


def nameless():
    """Files of tests that name no rule, requirement or fault."""
    for path in sorted(TESTS.rglob("*")):
        kind, *_ = path.relative_to(TESTS).parts
        if (kind, path.suffix) not in (("unit", ".c"), ("api", ".c"),
                                       ("scenarios", ".scn")):
            continue
        text = path.name + " " + path.read_text(encoding="utf-8")
        if not re.search(r"(?<![A-Za-z0-9])[RSF]\d+", text):
            yield str(path.relative_to(ROOT))


def spread(tests):
    """A few of them, from as many files as possible; data come last."""
    files, rest = {}, []
    for test in sorted(tests, key=is_program, reverse=True):
        file = test.partition(":")[0]
        rest += [test] if file in files else []
        files.setdefault(file, test)
    return [*files.values(), *rest][:SHOWN]


def write(text, tests):
    def renew(match):
        few = spread(tests.get(int(match[1][1:]), []))
        column = ", ".join(f"`{t}`" for t in few) or "-"
        return f"| {match[1]} |{match[2]}| {column} |"
    PAGE.write_text(ROW.sub(renew, text), encoding="utf-8")


def is_later(row):
    behaviour = row.split("|")[1].strip()
    return behaviour.startswith("Later")


def main():
    tests = named()
    text = PAGE.read_text(encoding="utf-8")
    if "--write" in sys.argv[1:]:
        write(text, tests)
        text = PAGE.read_text(encoding="utf-8")
    rows = {int(rule[1:]): (row, column)
            for rule, row, column in ROW.findall(text)}
    bad = [f"R{rule}: not in {PAGE.name}" for rule in RULES
           if rule not in rows]
    for rule, (row, column) in rows.items():
        if rule not in RULES:
            bad.append(f"R{rule}: there is no such rule")
        shown = re.findall(r"`([^`]+)`", column)
        if not shown and not is_later(row):
            bad.append(f"R{rule}: no test" if rule not in tests else
                       f"R{rule}: run tests/lint/{pathlib.Path(__file__).name}"
                       " --write")
        if shown and not is_later(row) and not any(map(is_program, shown)):
            bad.append(f"R{rule}: no test that runs")
        bad += [f"R{rule}: {test} does not name it" for test in shown
                if test not in tests.get(rule, [])]
    bad += [f"R{rule}: {tests[rule][0]} names it, and there is no such rule"
            for rule in sorted(tests.keys() - set(RULES))]
    bad += [f"{file}: names no rule" for file in nameless()]
    for line in bad:
        print(line)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The table of docs/guide/outcomes.md has the rows of lib/policy/outcome.c,
in their order, and its manual page names every outcome.

    docs_outcomes.py [--write]      --write: renew the table
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "lib" / "policy" / "outcome.c"
HEADER = ROOT / "include" / "mxsel" / "mxsel.h"
PAGE = ROOT / "docs" / "guide" / "outcomes.md"
MANUAL = ROOT / "docs" / "man" / "mxsel_report.3"

ROWS = re.compile(r"rows\[\] = \{\n(.*?)^\};", re.M | re.S)
ROW = re.compile(
    r"\{ ON\((?P<outcome>\w+), (?P<reply>\d+)\), "
    r"GO\((?P<go>\w+), (?P<strength>\w+)\), WHY\((?P<reason>\w+)\), "
    r"(?P<code>\d+),\s+\"(?P<status>[\d.]+)\",\s+"
    r"(?:\w+|\"[^\"]*\"(?:\s+\"[^\"]*\")*),\s+"
    r"\"(?P<rule>[^\"]*)\" \},")
TABLE = re.compile(r"(<!-- outcomes: the rows of \S+ -->\n)(.*?)"
                   r"(<!-- outcomes: end -->\n)", re.S)
GO = {"ADDRESS": "next address", "HOST": "next host", "STOP": "the end"}


def reply_of(row):
    if row["outcome"] == "OWN_NAME":
        return "at the best MX" if row["reply"] == "5" else "at another"
    if row["outcome"] in ("TLS", "POLICY"):
        return "REQUIRETLS" if row["reply"] == "5" else "else"
    if row["reply"] == "0":
        return ""
    return row["reply"] if len(row["reply"]) == 3 else row["reply"] + "xx"


def line_of(row):
    verdict = (f"reply, {row['status']}" if row["reason"] == "REPLY"
               else f"{row['code']} {row['status']}")
    return (f"| `{row['outcome']}` | {reply_of(row)} | {GO[row['go']]} "
            f"| {row['strength'].lower()} | {verdict} | {row['rule']} |\n")


def table():
    """(the table as it must be, the outcomes in it)"""
    body = ROWS.search(SOURCE.read_text(encoding="utf-8"))[1]
    rows = list(ROW.finditer(body))
    if len(rows) != len(re.findall(r"\bON\(", body)):
        sys.exit(f"{SOURCE.relative_to(ROOT)}: a row that is not understood")
    head = ("| outcome | reply | goes on with | strength | verdict "
            "| clause |\n|---|---|---|---|---|---|\n")
    return head + "".join(map(line_of, rows)), {r["outcome"] for r in rows}


def main():
    wanted, outcomes = table()
    text = PAGE.read_text(encoding="utf-8")
    if "--write" in sys.argv[1:]:
        text = TABLE.sub(lambda m: m[1] + wanted + m[3], text)
        PAGE.write_text(text, encoding="utf-8")
    bad = []
    found = TABLE.search(text)
    if not found or found[2] != wanted:
        bad.append(f"{PAGE.relative_to(ROOT)}: not the rows of "
                   f"{SOURCE.relative_to(ROOT)}; run {sys.argv[0]} --write")
    header = set(re.findall(r"\bMXSEL_OUTCOME_(\w+) =",
                            HEADER.read_text(encoding="utf-8")))
    bad += [f"{SOURCE.relative_to(ROOT)}: no row for {name}"
            for name in sorted(header - outcomes)]
    manual = MANUAL.read_text(encoding="utf-8")
    bad += [f"{MANUAL.relative_to(ROOT)}: {name} is not explained"
            for name in sorted(header) if f"MXSEL_OUTCOME_{name}" not in manual]
    for line in bad:
        print(line)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The guide shows code that compiles: every C block of README.md and of
docs/guide/ is a region of a file in examples/. Fails when a block and its
region differ, when a block names no region, when a region is shown nowhere,
and when a relative link leads nowhere.

    docs_guide.py [--write]      --write: copy the regions into the blocks

A block follows a line <!-- examples/FILE.c:REGION -->; the region stands
between the lines /* guide: REGION */ and /* guide: end */ of the file.
"""
import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md",
         ROOT / "docs" / "conformance.md", ROOT / "docs" / "security.md",
         *sorted((ROOT / "docs" / "guide").glob("*.md"))]

BLOCK = re.compile(
    r"^(?:<!-- (?P<file>examples/[a-z_]+\.c):(?P<region>[a-z]+) -->\n)?"
    r"```c\n(?P<code>.*?)^```$", re.M | re.S)
REGION = re.compile(
    r"^[ \t]*/\* guide: (?P<name>[a-z]+) \*/\n(?P<code>.*?)"
    r"^[ \t]*/\* guide: end \*/$", re.M | re.S)
LINK = re.compile(r"(?<!!)\[[^\]\[]*\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.M)


def regions():
    """{("examples/blocking.c", "loop"): its code, without indentation}"""
    found = {}
    for path in sorted((ROOT / "examples").glob("*.c")):
        for match in REGION.finditer(path.read_text(encoding="utf-8")):
            key = (f"examples/{path.name}", match["name"])
            found[key] = textwrap.dedent(match["code"])
    return found


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def check_blocks(page, text, known, shown):
    """Complaints about the C blocks of a page; notes what it shows."""
    for match in BLOCK.finditer(text):
        where = f"{page.relative_to(ROOT)}:{line_of(text, match.start())}"
        key = (match["file"], match["region"])
        if key[0] is None:
            yield f"{where}: a C block that names no region of examples/"
        elif key not in known:
            yield f"{where}: no region {key[1]} in {key[0]}"
        elif match["code"] != known[key]:
            yield f"{where}: differs from region {key[1]} of {key[0]}"
        shown.add(key)


def write_blocks(page, text, known):
    """The page with every block as its region is now."""
    def renew(match):
        code = known.get((match["file"], match["region"]), match["code"])
        return match[0].replace("```c\n" + match["code"], "```c\n" + code)
    page.write_text(BLOCK.sub(renew, text), encoding="utf-8")


def anchors(path):
    """The fragments a link to this page may have, as forges make them."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"),
                  flags=re.M | re.S)
    for heading in HEADING.findall(text):
        kept = re.sub(r"[^\w\- ]", "", heading.lower())
        yield kept.replace(" ", "-")


def check_links(page, text):
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    for target in LINK.findall(prose):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if not path.exists():
            yield f"{page.relative_to(ROOT)}: link to {target}: no such file"
        elif fragment and fragment not in anchors(path):
            yield f"{page.relative_to(ROOT)}: link to {target}: no heading"


def main():
    known, shown, bad = regions(), set(), []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        if "--write" in sys.argv[1:]:
            write_blocks(page, text, known)
            text = page.read_text(encoding="utf-8")
        bad += check_blocks(page, text, known, shown)
        bad += check_links(page, text)
    bad += [f"{file}: region {name} is shown nowhere"
            for file, name in sorted(known.keys() - shown)]
    if not known or not shown:
        bad.append("no region or no block found: is this the right tree?")
    for line in bad:
        print(line)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The guide shows what is true: every block of code of README.md, docs/guide/
and the start page is bound to something that is compiled, run or compared;
tests/site/fences.py has the list of what there is. Here those are compared
that are copies: regions of examples/, whole files, lines. Fails when a block
and what it copies differ, when a block is bound to nothing, when a region is
shown nowhere, and when a relative link leads nowhere.

    docs_guide.py [--write]      --write: copy the regions into the blocks
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "site"))
sys.dont_write_bytecode = True
import fences                                        # noqa: E402

LINK = re.compile(r"(?<!!)\[[^\]\[]*\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.M)


def region_of(block):
    path = ROOT / block.bound["file"]
    found = fences.regions(path) if path.is_file() else {}
    return found.get(block.bound["region"])


def lines_stand_in(path, code):
    """Its lines one after another, wherever they are indented to."""
    there = [line.strip() for line in
             path.read_text(encoding="utf-8").splitlines()]
    wanted = [line.strip() for line in code.splitlines()]
    return any(there[at:at + len(wanted)] == wanted
               for at in range(len(there)))


def read_by_a_test(page):
    """A binding's README counts when its tests run what it shows."""
    return any(page.name in path.read_text("utf-8", errors="replace")
               and "test" in path.name + path.parent.name
               or f'include_str!("../../{page.name}")' in path.read_text(
                   "utf-8", errors="replace")
               for path in page.parent.rglob("*")
               if path.is_file() and path.suffix != ".md"
               and not fences.NOT_OURS & set(path.parts))


def check_block(block):
    """What is wrong with one block."""
    if block.kind is None:
        yield "a block that is bound to nothing; see tests/site/fences.py"
    elif block.kind == "region":
        code = region_of(block)
        if code is None:
            yield f"no region {block.bound['region']} in {block.bound['file']}"
        elif code != block.code:
            yield (f"differs from region {block.bound['region']} of "
                   f"{block.bound['file']}")
    elif block.kind in ("file", "lines"):
        path = ROOT / block.bound["file"]
        if not path.is_file():
            yield f"no file {block.bound['file']}"
        elif path.suffix == ".md" and not read_by_a_test(path):
            yield f"nothing runs the code of {block.bound['file']}"
        elif block.kind == "file" and path.read_text("utf-8") != block.code:
            yield f"differs from {block.bound['file']}"
        elif block.kind == "lines" and not lines_stand_in(path, block.code):
            yield f"these lines do not stand in {block.bound['file']}"
    if block.language == "c" and block.kind not in ("region", "file"):
        yield "a C block that names no region of examples/"


def write_regions(page):
    """The page with every region as it is now."""
    text = page.read_text(encoding="utf-8")

    def renew(match):
        block = fences.Block(page, text, match)
        if block.kind != "region" or match["in"]:
            return match[0]
        code = region_of(block) or match["code"]
        start = match.start("code") - match.start()
        end = match.end("code") - match.start()
        return match[0][:start] + code + match[0][end:]
    page.write_text(fences.FENCE.sub(renew, text), encoding="utf-8")


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
    shown, bad = set(), []
    for page in fences.PAGES:
        if "--write" in sys.argv[1:]:
            write_regions(page)
        for block in fences.blocks(page):
            bad += [f"{block.where}: {wrong}" for wrong in check_block(block)]
            if block.kind == "region":
                shown.add((block.bound["file"], block.bound["region"]))
        bad += [f"{page.relative_to(ROOT)}:{line}: code without a fence"
                for line in fences.indented(page)]
        bad += check_links(page, page.read_text(encoding="utf-8"))
    known = fences.all_regions()
    bad += [f"{file}: region {name} is shown nowhere"
            for file, name in sorted(known.keys() - shown)]
    if not known or not shown:
        bad.append("no region or no block found: is this the right tree?")
    for line in bad:
        print(line)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())

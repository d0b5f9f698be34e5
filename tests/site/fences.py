"""The fenced blocks of README, guide and start page, and what each is bound
to. The line above the fence says it:

    <!-- FILE:REGION -->    the lines of FILE between "guide: REGION" and
                            "guide: end" in comments of its language
    <!-- FILE -->           the whole file
    <!-- lines of FILE -->  lines that stand so in FILE, one after another
    <!-- output of PROGRAM -->  what a program of tests/site/ prints
    <!-- run: WORLD -->     commands that blocks.py runs in this world
    <!-- NAME in WORLD -->  a file that the commands of the world find there
    <!-- files of WORLD --> names of files of this tree; they are copied there

Without such a line a block of text in which a line begins with "$ " is a
session: commands that are run, and what they answer.
"""
import pathlib
import re
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md",
         ROOT / "docs" / "site" / "index.md",
         ROOT / "docs" / "conformance.md", ROOT / "docs" / "security.md",
         *sorted((ROOT / "docs" / "guide").glob("*.md"))]

FENCE = re.compile(
    r"^(?:[ ]*<!-- (?P<note>[^\n]*?) -->\n)?"
    r"(?P<in>[ ]*)```(?P<language>[^\n`]*)\n(?P<code>.*?)^(?P=in)```[ ]*$",
    re.M | re.S)
REGION = re.compile(
    r"^[ \t]*(?:/\*|//|#|--) guide: (?P<name>[a-z_]+)(?: \*/)?\n"
    r"(?P<code>.*?)^[ \t]*(?:/\*|//|#|--) guide: end(?: \*/)?$", re.M | re.S)
NOTES = {
    "region": re.compile(r"(?P<file>[\w./-]+):(?P<region>[a-z_]+)"),
    "lines": re.compile(r"lines of (?P<file>[\w./-]+)"),
    "output": re.compile(r"output of (?P<program>\w+)"),
    "run": re.compile(r"run: (?P<world>\w+)"),
    "files": re.compile(r"files of (?P<world>\w+)"),
    "given": re.compile(r"(?P<name>[\w.-]+) in (?P<world>\w+)"),
    "file": re.compile(r"(?P<file>[\w.-]+/[\w./-]+)"),
}
# Built there by others, or by tests.
NOT_OURS = {"node_modules", "__pycache__", "target", "obj"}


class Block:
    """One block of a page."""

    def __init__(self, page, text, match):
        self.page = page.relative_to(ROOT).as_posix()
        self.line = text.count("\n", 0, match.start()) + 1
        self.language = match["language"].strip()
        self.note, self.code = match["note"], match["code"]
        if match["in"]:
            self.code = textwrap.dedent(self.code)
        self.kind, self.bound = self.read_note()

    def read_note(self):
        """(kind, its parts); (None, None) when it is bound to nothing."""
        if self.note is None:
            session = self.language in ("text", "console") and re.search(
                r"^[$] ", self.code, re.M)
            return ("session", None) if session else (None, None)
        for kind, pattern in NOTES.items():
            match = pattern.fullmatch(self.note)
            if match:
                return kind, match.groupdict()
        return None, None

    @property
    def where(self):
        return f"{self.page}:{self.line}"


def blocks(page):
    """Every fenced block of a page."""
    text = page.read_text(encoding="utf-8")
    return [Block(page, text, match) for match in FENCE.finditer(text)]


def all_blocks():
    return [block for page in PAGES for block in blocks(page)]


def regions(path):
    """{name: code, without indentation} of one file."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return {match["name"]: textwrap.dedent(match["code"])
            for match in REGION.finditer(text)}


def all_regions():
    """{(file, name): code} of everything below examples/."""
    found = {}
    for path in sorted((ROOT / "examples").rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and not NOT_OURS & set(parts):
            name = path.relative_to(ROOT).as_posix()
            found.update({(name, region): code
                          for region, code in regions(path).items()})
    return found


def indented(page):
    """Lines of code without a fence: nothing says what they are bound to."""
    fenced = in_list = False
    before = ""
    for number, line in enumerate(
            page.read_text(encoding="utf-8").splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        if not fenced:
            if re.match(r"\S", line):
                in_list = bool(re.match(r"(?:[-*+]|\d+\.) ", line))
            elif re.match(r" {4}|\t", line) and not before and not in_list:
                yield number
        before = line.strip()

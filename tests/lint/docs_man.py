#!/usr/bin/env python3
"""The manual says what the headers say: every public function has its
prototype in the SYNOPSIS of exactly one page of section 3, type by type;
every public constant stands in a page; docs/man/links.txt names the page of
every function that has none of its own name; cross references between our
pages lead somewhere. Fails with one line for each thing that is wrong.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = sorted((ROOT / "include" / "mxsel").glob("*.h"))
PAGES = sorted((ROOT / "docs" / "man").glob("*.3"))
LINKS = ROOT / "docs" / "man" / "links.txt"
# Include guards and what is no part of the interface.
PRIVATE = re.compile(r"MXSEL_(API|[A-Z0-9]+_H)$")


def plain(text):
    """A type or a prototype with its blanks where they must be."""
    text = re.sub(r"\s+", " ", text.replace("*", " * ")).strip()
    return text.replace("* *", "**").replace("* ", "*")


def split(arguments):
    """At the commas outside of brackets: an argument may be a function."""
    return re.split(r",(?![^()]*\))", arguments)


def without_comments(path):
    return re.sub(r"/\*.*?\*/", " ", path.read_text(encoding="utf-8"),
                  flags=re.S)


def declared():
    """{name: (type, [arguments])} of the headers."""
    found = {}
    pattern = re.compile(r"MXSEL_API\s+([^;(]*?)(mxsel_\w+)\(([^;]*?)\);")
    for path in HEADERS:
        for kind, name, arguments in pattern.findall(without_comments(path)):
            found[name] = (plain(kind), [plain(a) for a in split(arguments)])
    return found


def constants():
    for path in HEADERS:
        text = without_comments(path)
        for body in re.findall(r"enum\s*{(.*?)}", text, re.S):
            yield from re.findall(r"\b(MXSEL_[A-Z0-9_]+)\s*=", body)
        for name in re.findall(r"^#define (MXSEL_[A-Z0-9_]+)", text, re.M):
            if not PRIVATE.match(name):
                yield name


def words(line):
    """The arguments of a macro, quoted ones whole."""
    return [a or b for a, b in re.findall(r'"([^"]*)"|(\S+)', line)]


def explained(text):
    """(name, type, [arguments]) of each prototype of a SYNOPSIS."""
    synopsis = re.search(r"^\.Sh SYNOPSIS$(.*?)^\.Sh ", text, re.M | re.S)
    kind, name, arguments = "", None, []
    for line in synopsis[1].splitlines() if synopsis else []:
        macro, *rest = words(line) or [""]
        if macro == ".Ft":
            kind = " ".join(rest)
        elif macro == ".Fn":
            yield rest[0], plain(kind), [plain(a) for a in rest[1:]]
        elif macro == ".Fo":
            name, arguments = rest[0], []
        elif macro == ".Fa":
            arguments.append(plain(" ".join(rest)))
        elif macro == ".Fc":
            yield name, plain(kind), arguments


def check_prototypes(functions, pages):
    seen = {}
    for page, text in pages.items():
        named = set(re.findall(r"^\.Nm (\w+)", text, re.M))
        for name, kind, arguments in explained(text):
            if not name.startswith("mxsel_"):
                continue
            if name in seen:
                yield f"{page}: {name} stands in {seen[name]} also"
            seen[name] = page
            if name not in functions:
                yield f"{page}: {name} is in no header"
            elif functions[name] != (kind, arguments):
                yield (f"{page}: {name}: {kind} {arguments} is not "
                       f"{functions[name]}")
            if name not in named:
                yield f"{page}: {name} is not under NAME"
    for name in sorted(functions.keys() - seen.keys()):
        yield f"{name}: in no SYNOPSIS of docs/man/*.3"


def check_links(functions, pages, links):
    for name in sorted(functions.keys() - pages.keys()):
        if name not in links:
            yield f"{LINKS.name}: {name} is missing"
    for name, page in links.items():
        if name not in functions or name in pages:
            yield f"{LINKS.name}: {name} needs no link"
        elif page not in pages:
            yield f"{LINKS.name}: {name}: there is no page {page}"
        elif not re.search(rf"^\.F[no] {name}\b", pages[page], re.M):
            yield f"{LINKS.name}: {name} is not in {page}"


def check_references(pages, links):
    for page, text in pages.items():
        for name in re.findall(r"^\.Xr (mxsel\w*) 3", text, re.M):
            if name not in pages and name not in links:
                yield f"{page}: .Xr {name} 3: there is no such page"
        for section in ("RETURN VALUES", "EXAMPLES", "SEE ALSO"):
            if f".Sh {section}\n" not in text:
                yield f"{page}: no section {section}"


def main():
    functions = declared()
    pages = {path.stem: path.read_text(encoding="utf-8") for path in PAGES}
    links = dict(line.split() for line in
                 LINKS.read_text(encoding="utf-8").splitlines())
    bad = [*check_prototypes(functions, pages),
           *check_links(functions, pages, links),
           *check_references(pages, links)]
    manual = "\n".join(pages.values())
    for name in constants():
        if not re.search(rf"\b{name}\b", manual):
            bad.append(f"{name}: in no page of docs/man")
    if not functions:
        bad.append("no public function found: is this the right tree?")
    for line in bad:
        print(line)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())

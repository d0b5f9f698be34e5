"""That the checks of this folder can fail: faults are planted in a copy of a
small site, in a header and in an answer, and each must be found.
"""
import os
import re
import shutil
import subprocess
import sys

import blocks
import browser
import links

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>t</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1 id="top">h</h1>{}</main></body></html>
"""
# What is planted in a page: what is then said of it.
SITE = {
    '<a href="none.html">x</a>': "no such page",
    '<a href="#none">x</a>': "no such anchor",
    '<a href="other.html#none">x</a>': "no such anchor",
    '<a href="https://example.com/">x</a>': "leads away",
    '<a href="http://www.rfc-editor.org/rfc/rfc5321.html">x</a>':
        "leads away",
    '<a href="https://www.rfc-editor.org/rfc/rfc5321">x</a>': "leads away",
    '<img src="https://example.com/x.png" alt="">': "leads away",
    "<script>1</script>": "a <script>",
    '<p onclick="x()">x</p>': "that does something",
    '<p id="top">x</p>': "twice",
    "<h1>x</h1>": "2 headlines",
    "<p><b>x</p></b>": "ends",
    "<div>": "ends div",
}
LOOKED_AT = {
    '<p style="width: 900px">x</p>': "scrolls sideways",
    "<pre>" + "x" * 300 + "</pre>": "scrolls sideways",
    '<p style="color: #ccc">x</p>': "contrast",
    '<img src="http://127.0.0.1:9/x.png" alt="">': "fetches",
    '<img src="none.png" alt="">': "does not load",
    "<script>none()</script>": "in a script",
}
UNDOCUMENTED = """/** @file
 *  @brief A header. */
/** @return nothing much. */
int told(int a);
int untold(int a);
/** What there is. */
enum { TOLD = 1 /**< one */ };
/** @brief Less. @param b is none of it. */
int misled(int a);
"""
HALF_DOCUMENTED = """/** @file
 *  @brief A header. */
/** What there is. */
enum { TOLD = 1, /**< one */ UNTOLD = 2 };
"""


def fresh(folder, text):
    """A site of two pages, sound but for what is planted."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(
        PAGE.format('<a href="other.html">o</a>' + text), encoding="utf-8")
    (folder / "other.html").write_text(PAGE.format("x"), encoding="utf-8")
    return folder


def in_links(scratch):
    yield "a sound site", not links.check(fresh(scratch / "site", ""))[1]
    for text, wanted in SITE.items():
        bad = links.check(fresh(scratch / "site", text))[1]
        yield text, any(wanted in line for line in bad)
    folder = fresh(scratch / "site", "")
    (folder / "alone.html").write_text(PAGE.format("x"), encoding="utf-8")
    yield "a page alone", any("no way" in line
                              for line in links.check(folder)[1])


def in_reference(scratch):
    folder = fresh(scratch / "reference", '<p id="mxsel_told">x</p>')
    for text, wanted in (("int mxsel_told(int a);", (1, [])),
                         ("enum { MXSEL_UNTOLD = 1 };",
                          (1, ["MXSEL_UNTOLD"]))):
        yield text, links.unplaced([text], folder) == wanted


def in_browser(scratch):
    one = browser.Browser(browser.program())
    try:
        folder = fresh(scratch / "looked", "")
        yield "a sound page", not list(
            browser.look(one, folder, scratch, "index.html"))
        for text, wanted in LOOKED_AT.items():
            fresh(folder, text)
            bad = list(browser.look(one, folder, scratch, "index.html"))
            yield text, any(wanted in line for line in bad)
    finally:
        one.end()


def in_headers(root, scratch):
    """Doxygen says what is not documented, and what is documented wrongly."""
    folder = scratch / "include" / "mxsel"
    folder.mkdir(parents=True)
    (folder / "mxsel.h").write_text(UNDOCUMENTED, encoding="utf-8")
    done = subprocess.run(
        ["doxygen", root / "docs" / "site" / "Doxyfile"], text=True,
        env={**os.environ, "MXSEL_INCLUDE": str(scratch / "include"),
             "MXSEL_XML": str(scratch)}, capture_output=True, check=False)
    yield "doxygen fails", done.returncode != 0
    for name in ("untold", "argument 'b'"):
        yield f"header: {name}", bool(re.search(rf"\b{name}", done.stderr))
    yield "header: told", not re.search(r"\b(told|TOLD)\b", done.stderr)
    (folder / "mxsel.h").write_text(HALF_DOCUMENTED, encoding="utf-8")
    (scratch / "docs").mkdir()
    shutil.copytree(root / "docs" / "site", scratch / "docs" / "site")
    done = subprocess.run(
        [sys.executable, "-B", "-c", "import sys, pathlib, reference\n"
         "reference.Reference(*map(pathlib.Path, sys.argv[1:]))",
         scratch, scratch / "xml"], text=True, capture_output=True, check=False,
        env={**os.environ, "PYTHONPATH": str(root / "docs" / "site")})
    yield "a constant without a word", "UNTOLD is not" in done.stderr


def in_answers():
    """Answers that are not those of the command."""
    for said, wanted, same in (
            ("a\nb\n", "a\nb\n", True), ("a\nb\n", "a\nc\n", False),
            ("a\nb\n", "a\n", False), ("a\n", "a\nb\n", False),
            ("a\nb\nc\n", "a\n[...]\nc\n", True),
            ("a\nb\nc\n", "a\n[...]\nd\n", False),
            ("abc\n", "a[...]c\n", True), ("abc\n", "a[...]b\n", False),
            ("a.c\n", "abc\n", False)):
        yield (f"{wanted!r} for {said!r}",
               bool(blocks.matcher(wanted).fullmatch(said)) == same)
    yield "a wrong sum", blocks.wrong_totals(
        "make check: 2 passed, 0 failed (1 s)\n3 passed, 0 failed\n") is not \
        None


def in_text(root, scratch):
    """Faults for all checks but those of the browser."""
    yield from in_links(scratch)
    yield from in_reference(scratch)
    yield from in_headers(root, scratch / "dox")
    yield from in_answers()

#!/usr/bin/env python3
"""The documentation as whoever reads it has it: built without a warning, every
link leading somewhere, every block of code bound to something that was run
or compared, every page fit for wide and narrow screens. One line figure|... for
each; see README.md. From make:

    check.py BUILD-FOLDER text|look

text: all but what needs a browser; look: what does; the site that was looked at
stays in obj/docs/looked, the pictures in obj/docs/pictures.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import blocks                                        # noqa: E402
import browser                                       # noqa: E402
import fences                                        # noqa: E402
import links                                         # noqa: E402
import planted                                       # noqa: E402

NEEDS = ["cmark-gfm", "doxygen", "mandoc"]
failed = []


def figure(name, reached, wanted, bad=(), state="reached"):
    """One figure; what is wrong is said before it."""
    for line in bad:
        print(line)
    if bad:
        failed.append(name)
        state = "failed"
    print(f"figure|{name}|{reached}|{wanted}|{state}", flush=True)


def skip(name, wanted, tool):
    figure(name, f"skipped: {tool}", wanted, state="skipped")


def built(site):
    """What is said when the site is built there; nothing: all is well."""
    done = subprocess.run(
        [sys.executable, "-B", fences.ROOT / "docs" / "site" / "build.py",
         fences.ROOT, site], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False)
    return done.stdout.splitlines() if done.returncode else []


def check_build(site):
    """Whether there is a site to look at."""
    wrong = built(site)
    figure("pages of documentation built", len(list(site.rglob("*.html"))),
           "no warning", wrong)
    return not wrong


def same_twice(site, scratch):
    """The same sources give the same bytes."""
    again = scratch / "again" / "html"
    built(again)
    bad = [path for path in sorted(site.rglob("*")) if path.is_file()
           and path.read_bytes() != (again / path.relative_to(
               site)).read_bytes()]
    figure("documentation built twice", f"{len(bad)} files differ", "0",
           [f"differs: {path}" for path in bad])


def check_links(site):
    counts, bad = links.check(site)
    figure("links within the documentation", counts["internal"],
           "all lead there", bad)
    print(f"{counts['external']} links lead to the RFC editor.")


def check_reference(site):
    """The declarations have all that is public, by other means."""
    folder = fences.ROOT / "include" / "declarations"
    count, bad = links.unplaced(
        [path.read_text(encoding="utf-8") for path in folder.glob("*.cdef")],
        site / "reference")
    figure("names in the reference", f"{count - len(bad)} of {count}",
           "all of the declarations", [f"no place: {name}" for name in bad] +
           ["there are no declarations"] * (not count))


def check_browser(site, pictures):
    pages, bad = browser.look_at_all(browser.program(), site, pictures)
    figure("pages looked at in a browser", f"{pages}, 1280 and 390 wide",
           "none too wide or faint", bad)
    print(f"Pictures of the main pages: {pictures}")


def check_blocks(build):
    counts, bad = blocks.run_all(build)
    print("Blocks of code: " + ", ".join(
        f"{number} {kind}" for kind, number in sorted(counts.items(),
                                                      key=str)))
    for line in blocks.skipped:
        print(f"skipped: {line}")
    total, loose = sum(counts.values()), counts.get(None, 0)
    figure("blocks of code that are run or compared",
           f"{total - loose} of {total}", "all",
           bad + [f"{loose} are bound to nothing"] * bool(loose))


def planted_faults(name, tried):
    """That what was checked here could have failed."""
    tried = list(tried)
    figure(name, f"{sum(ok for _, ok in tried)} of {len(tried)} found", "all",
           [f"not found: {what}" for what, ok in tried if not ok])


def check_text(build, scratch):
    tool = missing()
    if tool:
        skip("pages of documentation built", "no warning", tool)
    elif check_build(scratch / "html"):
        same_twice(scratch / "html", scratch)
        check_links(scratch / "html")
        check_reference(scratch / "html")
    if not tool:
        planted_faults("faults planted in documentation",
                       planted.in_text(fences.ROOT, scratch / "faults"))
    if (build / "mxsel").exists():
        check_blocks(build)
    else:
        skip("blocks of code that are run or compared", "all", "ldns")


def check_look(build, scratch):
    site = build / "obj" / "docs" / "looked"
    tool = missing() or (None if browser.program() else "chromium")
    if tool:
        skip("pages looked at in a browser", "none too wide or faint", tool)
        return
    wrong = built(site)
    if not wrong:
        check_browser(site, build / "obj" / "docs" / "pictures")
        planted_faults("faults planted in pages",
                       planted.in_browser(scratch))
    else:
        figure("pages looked at in a browser", 0, "none too wide or faint",
               wrong)


def missing():
    """A tool that is not here, or None."""
    return next((tool for tool in NEEDS if not shutil.which(tool)), None)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    part = {"text": check_text, "look": check_look}[sys.argv[2]]
    with tempfile.TemporaryDirectory() as scratch:
        part(build, pathlib.Path(scratch).resolve())
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""The documentation as a site: guide, reference and manual as plain HTML
without scripts, links that lead somewhere, nothing from elsewhere.

    build.py SOURCE-TREE OUTPUT-FOLDER

Markdown is read by cmark-gfm, headers by doxygen, manual pages by mandoc. The
same sources give the same bytes. tests/site checks what comes out.
"""
import collections
import os
import pathlib
import posixpath
import re
import shutil
import subprocess
import sys

import manual
import markup
import reference

HERE = pathlib.Path(__file__).resolve().parent
SPECIAL = {"docs/site/index.md": "index.html", "README.md": "readme.html",
           "docs/man": "man/index.html",
           "include/mxsel": "reference/index.html",
           "docs/guide/README.md": "guide/index.html",
           "docs/conformance.md": "conformance.html",
           "docs/security.md": "security.html",
           "SECURITY.md": "promises.html",
           "CONTRIBUTING.md": "develop/index.html"}
AREAS = [("index.html", "Start", "start"), ("guide/index.html", "Guide",
         "guide"), ("reference/index.html", "Reference", "reference"),
         ("man/index.html", "Manual", "man"),
         ("conformance.html", "Conformance", "rules"),
         ("security.html", "Security", "security"),
         ("develop/index.html", "Develop", "develop")]


def relative(target, here):
    """A path of the site as seen from the page here."""
    path, mark, fragment = target.partition("#")
    if path == here:
        return mark + fragment or posixpath.basename(here)
    start = posixpath.dirname(here)
    return posixpath.relpath(path, start or ".") + mark + fragment


def area_of(path):
    first = path.partition("/")[0]
    return {"index.html": "start", "conformance.html": "rules",
            "security.html": "security", "promises.html": "security",
            "source": "develop"}.get(first, first)


class Page:
    """One page, ready to be put into the frame."""

    def __init__(self, path, title, headings, body):
        self.path, self.title, self.body = path, title, body
        self.headings = [h for h in headings if h[0] == "h2"]
        self.source = ""


class Site:
    """Every page there is, and those that links ask for."""

    def __init__(self, root, output):
        self.root, self.output = root, output
        self.pages, self.wanted, self.files = {}, [], set()
        self.mentions = collections.defaultdict(collections.Counter)
        self.manual = manual.Manual(root)
        self.reference = reference.Reference(root, output.parent / "xml")
        self.version = reference.version(root)
        self.frame = (HERE / "page.html").read_text(encoding="utf-8")

    # --------------------------------------------------------------- Markdown

    def path_of(self, source):
        """Where a file of the source tree is on the site."""
        if source in SPECIAL:
            return SPECIAL[source]
        for folder in ("guide", "develop"):
            start = f"docs/{folder}/"
            if source.startswith(start) and source.endswith(".md"):
                return f"{folder}/{source[len(start):-3]}.html"
        if source.startswith("docs/man/"):
            return f"man/{posixpath.basename(source)}.html"
        if source.startswith("include/mxsel/"):
            return f"reference/{posixpath.basename(source)}.html"
        if (self.root / source).is_dir():
            return posixpath.join("source", source, "index.html")
        if re.search(r"\.(svg|png)$", source):
            return f"files/{posixpath.basename(source)}"
        return f"source/{source}.html"

    def link(self, href, source, here):
        """The href for a link of a Markdown file."""
        if re.match(r"[a-z]+:", href):
            # What an example's README leads to is not ours to vouch for.
            return None if here.startswith("source/") else href
        path, mark, fragment = href.partition("#")
        if not path:
            return href
        target = posixpath.normpath(
            posixpath.join(posixpath.dirname(source), path))
        if not (self.root / target).exists():
            sys.exit(f"{source}: link to {href}: no such file")
        self.wanted.append(target)
        return relative(self.path_of(target) + mark + fragment, here)

    def markdown(self, source):
        here = self.path_of(source)
        path = self.root / source
        done = subprocess.run(
            ["cmark-gfm", "-t", "html", "-e", "table", path], text=True,
            capture_output=True, check=True)

        def where(name):
            page = (self.manual.where(name) or "").partition("#")[0]
            self.mentions[page][here] += 1
            found = self.reference.where(name)
            return relative(found, here) if found else None

        def link(href):
            return self.link(href, source, here)

        def manual_page(name, section):
            found = self.manual.page_for(name, section)
            return relative(found, here) if found else None

        rewriter = markup.Rewriter(link, where, image=link,
                                   manual=manual_page)
        self.mentions["man/mxsel.1.html"][here] += len(re.findall(
            r"\bmxsel (?:plan|explain|lint|bulk)\b", done.stdout))
        body = rewriter.feed_all(done.stdout)
        if not rewriter.title:
            sys.exit(f"{source}: no title")
        page = Page(here, rewriter.title, rewriter.headings, body)
        page.source = source
        return page

    # ------------------------------------------------------------ other files

    def listed(self, folder):
        """What is in a folder of the source tree, and worth reading."""
        found = []
        for path in sorted((self.root / folder).iterdir()):
            if path.name.startswith(".") or path.name in (
                    "node_modules", "__pycache__", "target", "obj"):
                continue
            found.append(path.relative_to(self.root).as_posix())
        return found

    def folder(self, source):
        here = self.path_of(source)
        items = []
        for item in self.listed(source):
            self.wanted.append(item)
            href = relative(self.path_of(item), here)
            slash = "/" if (self.root / item).is_dir() else ""
            items.append(f'<li><a href="{href}"><code>'
                         f"{posixpath.basename(item)}{slash}</code></a></li>")
        return Page(here, f"{source}/", [],
                    f"<h1>{source}/</h1><ul class=\"names\">"
                    f"{''.join(items)}</ul>")

    def listing(self, source):
        """A file that is no Markdown, as it stands."""
        here = self.path_of(source)
        text = (self.root / source).read_text(encoding="utf-8")
        language = {"h": "c", "py": "python", "rs": "rust", "mjs": "js",
                    "cjs": "js", "ts": "js"}.get(
            source.rpartition(".")[2], source.rpartition(".")[2])

        def where(name):
            found = self.reference.where(name)
            return relative(found, here) if found else None

        code = markup.listing(text.rstrip("\n"), language, where)
        return Page(here, source, [], f"<h1>{source}</h1>"
                    f'<pre tabindex="0"><code>{code}</code></pre>')

    def add(self, source):
        """The page, or the plain copy, of a file that a link leads to."""
        path = self.path_of(source)
        if path in self.pages or path in self.files or \
                path.startswith(("man/", "reference/")):
            return
        if (self.root / source).is_dir():
            self.pages[path] = self.folder(source)
        elif path.startswith("files/"):
            self.files.add(path)
            (self.output / "files").mkdir(exist_ok=True)
            shutil.copyfile(self.root / source, self.output / path)
        elif source.endswith(".md"):
            self.pages[path] = self.markdown(source)
        else:
            self.pages[path] = self.listing(source)

    # ------------------------------------------------------------------- all

    def collect(self):
        for source in ["docs/site/index.md", "docs/guide/README.md",
                       "docs/conformance.md", "docs/security.md",
                       "SECURITY.md", "CONTRIBUTING.md"]:
            self.add(source)
        for folder in ("guide", "develop"):
            for path in sorted((self.root / "docs" / folder).glob("*.md")):
                self.add(path.relative_to(self.root).as_posix())
        while self.wanted:
            self.add(self.wanted.pop())
        briefs = {}
        for name in self.reference.headers:
            brief, headings, body = self.reference.page(
                name, relative, self.manual_of)
            briefs[name] = brief
            path = f"reference/{name}.html"
            self.pages[path] = Page(path, f"<mxsel/{name}>", headings, body)
        self.pages["reference/index.html"] = Page(
            "reference/index.html", "Reference",
            [("h2", "headers", "Headers"), ("h2", "functions", "Functions"),
             ("h2", "types", "Types")], self.reference.index(briefs))
        for page in self.manual.pages:
            path = f"man/{page}.html"
            self.pages[path] = Page(path, *self.manual.page(
                page, relative, self.guide_for(path)))
        self.pages["man/index.html"] = Page(
            "man/index.html", "Manual pages", [], self.manual.index())

    def guide_for(self, path):
        """[(href, title)] of the guide's pages that say most of what a
        manual page is about."""
        most = sorted((-count, page) for page, count in
                      self.mentions[path].items()
                      if count > 1 and page.startswith("guide/"))
        return [(relative(page, path), self.pages[page].title)
                for _, page in most[:4]]

    def manual_of(self, name, here):
        found = self.manual.where(name)
        return relative(found, here) if found else None

    # ------------------------------------------------------------------ frame

    def sections(self, area):
        """[(headline, [pages])] of one area, in the order to read them."""
        if area == "guide":
            return self.chapters()
        if area == "develop":
            return [("Develop", ["develop/index.html", *sorted(
                path for path in self.pages
                if re.fullmatch(r"develop/[^/]*", path)
                and path != "develop/index.html")])]
        if area == "reference":
            return [("Headers", ["reference/index.html",
                                 *(f"reference/{name}.html"
                                   for name in self.reference.headers)])]
        if area == "man":
            return [("Manual pages", ["man/index.html", *(
                f"man/{page}.html" for page in self.manual.pages)])]
        if area == "security":
            return [("Security", ["promises.html", "security.html"])]
        return []

    def chapters(self):
        """The guide's own table of contents, with its headlines."""
        text = (self.root / "docs" / "guide" / "README.md").read_text(
            encoding="utf-8")
        found = [("Guide", ["guide/index.html"])]
        for line in text.splitlines():
            item = re.match(r"(?:\d+\.|-) \[.*?\]\(([\w-]+)\.md\)", line)
            if item:
                found[-1][1].append(f"guide/{item[1]}.html")
            elif line.startswith("## "):
                found.append((line[3:].strip(), []))
            elif line.endswith(":") and not line.startswith(" "):
                found.append((line[:-1], []))
        named = {page for _, pages in found for page in pages}
        rest = sorted(path for path in self.pages if re.fullmatch(
            r"guide/[\w-]+\.html", path) and path not in named)
        return [item for item in found + [("Further", rest)] if item[1]]

    def title_of(self, path):
        if path.endswith("/index.html") and area_of(path) != "develop":
            return "Overview"
        return self.pages[path].title

    def menu(self, page):
        """What else is in this area, and what is on this page."""
        out = []
        for headline, paths in self.sections(area_of(page.path)):
            out.append(f"<h2>{markup.escape(headline)}</h2><ul>")
            for path in paths:
                mine = path == page.path
                current = ' aria-current="page"' if mine else ""
                out.append(
                    f'<li><a href="{relative(path, page.path)}"{current}>'
                    f"{markup.escape(self.title_of(path))}</a>"
                    f"{self.inside(page) if mine else ''}</li>")
            out.append("</ul>")
        if not out and page.headings:
            out = ["<h2>On this page</h2>", self.inside(page)]
        return "".join(out)

    @staticmethod
    def inside(page):
        items = "".join(f'<li><a href="#{anchor}">{markup.escape(title)}'
                        "</a></li>" for _, anchor, title in page.headings)
        return f"<ul>{items}</ul>" if items else ""

    def contents(self, page):
        """For narrow screens, where the menu is at the end."""
        if len(page.headings) < 3:
            return ""
        return ('<details class="contents"><summary>On this page</summary>'
                f"{self.inside(page)}</details>")

    def turn(self, page):
        """To the page before and the page after, as in a book."""
        order = [path for _, paths in self.sections(area_of(page.path))
                 for path in paths]
        if area_of(page.path) != "guide" or page.path not in order:
            return ""
        at, out = order.index(page.path), []
        for step, word in ((-1, "Before"), (1, "Next")):
            if 0 <= at + step < len(order):
                path = order[at + step]
                out.append(
                    f'<a class="{word.lower()}" '
                    f'href="{relative(path, page.path)}"><small>{word}'
                    f"</small>{markup.escape(self.title_of(path))}</a>")
        return f'<nav class="turn" aria-label="Pages">{"".join(out)}</nav>'

    def areas(self, page):
        out = []
        for path, title, area in AREAS:
            current = ' aria-current="true"' if area == area_of(
                page.path) else ""
            out.append(f'<a href="{relative(path, page.path)}"{current}>'
                       f"{title}</a>")
        return "".join(out)

    def write(self, page):
        top = "../" * page.path.count("/")
        title = "libmxsel" if page.path == "index.html" else \
            f"{page.title} - libmxsel"
        area = area_of(page.path)
        text = self.frame.format(
            title=markup.escape(title), top=top, area=area,
            areas=self.areas(page), contents=self.contents(page),
            body=page.body, turn=self.turn(page), menu=self.menu(page),
            area_title=area.capitalize(), version=self.version,
            source=f"From {page.source}." if page.source else "")
        path = self.output / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def build(self):
        self.collect()
        for page in self.pages.values():
            self.write(page)
        shutil.copyfile(HERE / "style.css", self.output / "style.css")
        return len(self.pages)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1]).resolve()
    output = pathlib.Path(sys.argv[2]).resolve()
    shutil.rmtree(output, ignore_errors=True)
    os.makedirs(output)
    print(f"{Site(root, output).build()} pages in {sys.argv[2]}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Every page of the site is sound: links lead to pages and anchors that are
there, nothing comes from elsewhere, no scripts; each page has a language, a
title, one headline, and no anchor twice; every page can be reached from the
first one. Links that leave the site lead to the RFC editor, in one form; they
are never followed.

    links.py SITE-FOLDER
"""
import pathlib
import posixpath
import re
import sys
from html.parser import HTMLParser

RFC = re.compile(r"https://www\.rfc-editor\.org/rfc/rfc[1-9]\d*\.html"
                 r"(#section-\d+(\.\d+)*)?")
VOID = {"meta", "link", "br", "hr", "img", "col", "wbr", "input"}
FORBIDDEN = {"script", "iframe", "object", "embed", "form", "style"}


class Page(HTMLParser):
    """What of a page matters here."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.bad, self.open = [], [], [], []
        self.titles = self.headlines = 0
        self.lang = False
        self.feed(text)
        self.close()
        if self.open:
            self.bad.append(f"<{self.open[-1]}> is never closed")
        if not self.lang:
            self.bad.append("has no language")
        if self.titles != 1 or self.headlines != 1:
            self.bad.append(f"has {self.titles} titles and "
                            f"{self.headlines} headlines")
        self.bad += [f"has the anchor {name} twice" for name in
                     sorted({i for i in self.ids if self.ids.count(i) > 1})]

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag in FORBIDDEN or any(name.startswith("on") for name in given):
            self.bad.append(f"has a <{tag}> that does something")
        self.titles += tag == "title"
        self.headlines += tag == "h1"
        self.lang |= tag == "html" and bool(given.get("lang"))
        if given.get("id"):
            self.ids.append(given["id"])
        for name in ("href", "src"):
            if name in given:
                self.links.append((tag, given[name] or ""))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            inside = self.open[-1] if self.open else "nothing"
            self.bad.append(f"</{tag}> ends {inside}, line {self.getpos()}")
            if tag not in self.open:
                return
            while self.open[-1] != tag:
                self.open.pop()
        self.open.pop()


def targets(site, here, page, counts):
    """(pages linked to, what is wrong with the links of one page)"""
    found, bad = set(), []
    for tag, href in page.links:
        if re.match(r"[a-z]+:|//", href):
            counts["external"] += 1
            if tag != "a" or not RFC.fullmatch(href):
                bad.append(f"leads away: {href}")
            continue
        counts["internal"] += 1
        path, mark, anchor = href.partition("#")
        to = posixpath.normpath(posixpath.join(
            posixpath.dirname(here), path)) if path else here
        if to not in site:
            bad.append(f"link to {href}: no such page")
            continue
        found.add(to)
        if mark and (site[to] is None or anchor not in site[to].ids):
            bad.append(f"link to {href}: no such anchor")
    return found, bad


def check(folder):
    """(counts, what is wrong with the site in a folder)"""
    site, bad = {}, []
    counts = {"internal": 0, "external": 0}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".html":
            site[name] = Page(path.read_text(encoding="utf-8"))
            bad += [f"{name}: {wrong}" for wrong in site[name].bad]
        elif path.is_file():
            site[name] = None
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".css" and re.search(r"url\(|@import", text):
                bad.append(f"{name}: fetches something")
    leads = {}
    for name, page in site.items():
        if page:
            leads[name], wrong = targets(site, name, page, counts)
            bad += [f"{name}: {line}" for line in wrong]
    reached, todo = set(), ["index.html"]
    while todo:
        name = todo.pop()
        if name not in reached and name in site:
            reached.add(name)
            todo += leads.get(name, ())
    bad += [f"{name}: no way leads there from index.html"
            for name in sorted(site.keys() - reached)]
    counts["pages"] = len(leads)
    return counts, bad


def unplaced(declared, folder):
    """(number of names in the texts declared, those of them that have no
    place in the pages of a folder)"""
    names, places = set(), set()
    for text in declared:
        names |= set(re.findall(r"\b(?:mxsel|MXSEL)_\w+", text))
    for path in folder.glob("*.html"):
        places |= set(Page(path.read_text(encoding="utf-8")).ids)
    return len(names), sorted(names - places)


def main():
    counts, bad = check(pathlib.Path(sys.argv[1]))
    for line in bad:
        print(line)
    print(", ".join(f"{number} {what}" for what, number in counts.items())
          + f": {len(bad)} wrong")
    sys.exit(bool(bad) or not counts["pages"])


if __name__ == "__main__":
    main()

"""The manual pages as HTML: mandoc writes them, links between them lead to
the page that has the function, whatever name it goes by.
"""
import re
import subprocess

import markup


class Manual:
    """The pages of docs/man, and which of them explains what."""

    def __init__(self, root):
        self.folder = root / "docs" / "man"
        self.pages = {path.name: path for path in
                      sorted(self.folder.glob("mxsel*.[1-8]"))}
        self.links = dict(
            line.split() for line in
            (self.folder / "links.txt").read_text("utf-8").splitlines())
        self.anchors = {}

    def name_of(self, page):
        name, _, section = page.rpartition(".")
        return f"{name}({section})"

    def purpose(self, page):
        text = self.pages[page].read_text(encoding="utf-8")
        found = re.search(r"^\.Nd (.*(?:\n[^.].*)*)", text, re.M)
        return " ".join(found[1].split())

    def where(self, name):
        """The page of a function, from the top of the site."""
        page = self.links.get(name, name) + ".3"
        if page not in self.pages:
            return None
        if page not in self.anchors:
            self.anchors[page] = set(
                re.findall(r' id="([^"]*)"', self.raw(page)))
        anchor = f"#{name}" if name in self.anchors[page] else ""
        return f"man/{page}.html{anchor}"

    def page_for(self, name, section):
        """The page that is meant by name(section), or None."""
        if f"{name}.{section}" in self.pages:
            return f"man/{name}.{section}.html"
        return self.where(name) if section == "3" else None

    def raw(self, page):
        done = subprocess.run(
            ["mandoc", "-T", "html", "-O", "fragment,man=%N.%S.html",
             "-W", "error", self.pages[page]], text=True, check=True,
            capture_output=True)
        text = re.sub(r'<table class="(?:head|foot)">.*?</table>\s*', "",
                      done.stdout, flags=re.S)
        for level in (2, 1):
            text = re.sub(rf"<(/?)h{level}\b", rf"<\1h{level + 1}", text)
        return text.replace('(<var class="Fa"', '(<wbr><var class="Fa"')

    def target(self, href, relative, here):
        """Where a link of mandoc's leads; None: to no page of ours."""
        if href.startswith("#"):
            return href
        match = re.fullmatch(r"(.+)\.(\d)\.html", href)
        if not match:
            return None
        found = self.page_for(match[1], match[2])
        return relative(found, here) if found else None

    @staticmethod
    def guide_links(guide):
        """Where to read on: [(href, title)] as a section of the page."""
        if not guide:
            return ""
        items = "".join(f'<li><a href="{href}">{markup.escape(title)}</a>'
                        "</li>" for href, title in guide)
        return ('<h2 class="Sh" id="in-the-guide">IN THE GUIDE</h2>'
                f"<ul>{items}</ul>")

    def page(self, page, relative, guide):
        """(title, headings, HTML) of one page."""
        here = f"man/{page}.html"

        def where(name):
            found = self.where(name)
            if not found or found.partition("#")[0] == here:
                return None
            return relative(found, here)

        rewriter = markup.Rewriter(
            lambda href: self.target(href, relative, here), where,
            keep_ids=True)
        text = rewriter.feed_all(self.raw(page)) + self.guide_links(guide)
        headings = [
            ("h2", anchor, re.sub("<[^>]*>", "", title).strip().capitalize())
            for anchor, title in re.findall(
                r'<h2 class="Sh" id="([^"]*)">(.*?)</h2>', text, re.S)]
        title = self.name_of(page)
        return title, headings, f"<h1>{title}</h1>{text}"

    def index(self):
        """The list of pages."""
        out = ["<h1>Manual pages</h1>"]
        for title, section in (("The command", "1"), ("The library", "3")):
            rows = "".join(
                f'<tr><td><a href="{page}.html">{self.name_of(page)}</a></td>'
                f"<td>{markup.escape(self.purpose(page))}</td></tr>"
                for page in self.pages if page.endswith("." + section))
            out.append(
                f'<h2 id="section-{section}">{title}</h2>'
                '<div class="wide" tabindex="0"><table><thead><tr>'
                "<th>page</th><th>about</th></tr></thead>"
                f"<tbody>{rows}</tbody></table></div>")
        return "".join(out)

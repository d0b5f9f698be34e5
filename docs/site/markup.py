"""HTML in, HTML out: what cmark-gfm and mandoc write becomes part of the
site. Headings get the anchors that forges give them, links lead where the
site has the page, names of functions and RFCs become links, tables and code
scroll by themselves on a narrow screen. The standard library is enough.
"""
import html
import re
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "col", "meta", "link"}
HEADINGS = {"h1", "h2", "h3", "h4"}
RFC_PAGE = "https://www.rfc-editor.org/rfc/rfc{}.html"
RFC = re.compile(r"RFC (\d{3,4})\b(?:(?:,|, section)? (\d{1,2}(?:\.\d+)*)\b)?")
FUNCTION = re.compile(r"\b(mxsel_[a-z0-9_]+|MXSEL_[A-Z0-9_]+|mxsel(?= \*))"
                      r"\b")
MANUAL = re.compile(r"\b(mxsel\w*)\((1|3)\)")
COMMENT = {"c": r"/\*.*?\*/", "rust": r"//[^\n]*", "go": r"//[^\n]*",
           "js": r"//[^\n]*|/\*.*?\*/", "javascript": r"//[^\n]*",
           "python": r"#[^\n]*", "sh": r"(?<!\S)#[^\n]*", "lua": r"--[^\n]*",
           "toml": r"#[^\n]*", "conf": r"(?<!\S)#[^\n]*"}
STRING = r"\"(?:\\.|[^\"\\\n])*\""


def escape(text):
    return html.escape(text, quote=False)


def slug(text, taken):
    """The anchor of a heading as forges make it; a second one gets -1."""
    base = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
    name, number = base, 0
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name


def rfc_links(text, between=escape):
    """Text with each RFC a link to its text and section; what is between
    goes through a function that escapes it."""
    out, end = [], 0
    for match in RFC.finditer(text):
        target = RFC_PAGE.format(match[1])
        if match[2]:
            target += f"#section-{match[2]}"
        out += [between(text[end:match.start()]),
                f'<a class="rfc" href="{target}">{escape(match[0])}</a>']
        end = match.end()
    return "".join(out) + between(text[end:])


def prose_links(text, manual):
    """The same, and what is written as name(3) leads to that page."""
    def between(part):
        out, end = [], 0
        for match in MANUAL.finditer(part):
            target = manual(match[1], match[2])
            if target:
                out += [escape(part[end:match.start()]),
                        f'<a href="{target}">{match[0]}</a>']
                end = match.end()
        return "".join(out) + escape(part[end:])
    return rfc_links(text, between)


def function_links(text, where):
    """Text, escaped, with each function of ours a link: where(name)."""
    out, end = [], 0
    for match in FUNCTION.finditer(text):
        target = where(match[1])
        if target:
            out += [escape(text[end:match.start()]),
                    f'<a href="{target}">{match[1]}</a>']
            end = match.end()
    return "".join(out) + escape(text[end:])


def session(code):
    """What is typed stands out from what is answered."""
    lines = []
    for line in code.split("\n"):
        if line.startswith(("$ ", "> ")):
            lines.append(f"{line[:2]}\0{line[2:]}\1")
        else:
            lines.append(line)
    marked = escape("\n".join(lines))
    return marked.replace("\0", "<b>").replace("\1", "</b>")


def listing(code, language, where):
    """A block of code: comments and strings marked, functions linked."""
    if language in ("text", "console", "") and re.search("^[$] ", code, re.M):
        return session(code)
    comment = COMMENT.get(language)
    if not comment:
        return escape(code)
    out, end = [], 0
    for match in re.finditer(f"({comment})|({STRING})", code, re.S):
        kind = "i" if match[1] is not None else "s"
        out += [function_links(code[end:match.start()], where),
                f'<span class="{kind}">{escape(match[0])}</span>']
        end = match.end()
    return "".join(out) + function_links(code[end:], where)


class Rewriter(HTMLParser):
    """Text of one page, made fit for the site.

    link(target) gives the href for a link, or None for what is no link;
    where(name) the page of a public function, or None. ids: given ones stay
    (mandoc's) or headings get theirs (Markdown). manual(name, section) is the
    page for what is written as name(3).
    """

    def __init__(self, link, where, keep_ids=False, image=None,
                 manual=lambda name, section: None):
        super().__init__(convert_charrefs=True)
        self.link, self.where, self.keep_ids = link, where, keep_ids
        self.image, self.manual = image, manual
        self.out, self.stack, self.links = [], [], []
        self.title, self.headings, self.taken = "", [], set()
        self.code = self.language = self.heading = None
        self.columns, self.column, self.table = [], 0, None

    def feed_all(self, text):
        self.feed(text)
        self.close()
        return "".join(self.out)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if self.code is not None:
            self.language = given.get("class", "")[len("language-"):]
            return
        if tag == "a":
            self.open_link(given)
            return
        if tag in HEADINGS and not self.keep_ids:
            self.heading = (len(self.out), [])
        if tag == "pre" and not self.keep_ids:
            self.code, self.language = [], ""
            return
        if tag == "table":
            self.table, self.columns = len(self.out), []
            self.out.append('<div class="wide" tabindex="0">')
        elif tag == "tr":
            self.column = 0
        elif tag == "th":
            self.columns.append("")
        elif tag == "td" and not self.keep_ids:
            given["data-of"] = self.columns[self.column]
            self.column += 1
        if tag == "img" and self.image:
            given["src"] = self.image(given["src"])
        self.out.append(self.tag(tag, given))
        if tag not in VOID:
            self.stack.append(tag)

    def open_link(self, given):
        target = self.link(given.get("href", ""))
        self.links.append(target is not None)
        if target is not None:
            given["href"] = target
            self.out.append(self.tag("a", given))
        self.stack.append("a")

    @staticmethod
    def tag(tag, attributes):
        return "<" + tag + "".join(
            f' {name}="{html.escape(value or "")}"'
            for name, value in attributes.items()) + ">"

    def handle_endtag(self, tag):
        if self.code is not None:
            if tag == "pre":
                self.end_code()
            return
        if tag in VOID:
            return
        if tag == "a":
            if self.links.pop():
                self.out.append("</a>")
        elif tag in HEADINGS and self.heading:
            self.end_heading(tag)
        else:
            self.out.append(f"</{tag}>")
        if tag == "table":
            self.out.append("</div>")
            if len(self.columns) > 3:
                self.out[self.table] = '<div class="wide many" tabindex="0">'
        if self.stack and self.stack[-1] == tag:
            self.stack.pop()

    def end_code(self):
        code, self.code = "".join(self.code).rstrip("\n"), None
        self.out.append('<pre tabindex="0"><code>'
                        + listing(code, self.language, self.where)
                        + "</code></pre>")

    def end_heading(self, tag):
        start, words = self.heading
        text, self.heading = "".join(words), None
        name = slug(text, self.taken)
        self.out[start] = f'<{tag} id="{name}">'
        self.out.append(f' <a class="permalink" href="#{name}" '
                        f'aria-label="Link to this section">#</a></{tag}>')
        if tag == "h1" and not self.title:
            self.title = text
            self.out[-1] = f"</{tag}>"
        self.headings.append((tag, name, text))

    def handle_data(self, data):
        if self.code is not None:
            self.code.append(data)
            return
        if self.heading:
            self.heading[1].append(data)
        if "th" in self.stack:
            self.columns[-1] += data
        if "a" in self.stack or "pre" in self.stack or self.heading:
            self.out.append(escape(data))
        elif "code" in self.stack:
            text = function_links(data, self.where)
            if "td" in self.stack and "<" not in text:
                text = re.sub(r"(?<=\w)[_/:]", r"\g<0><wbr>", text)
            self.out.append(text)
        else:
            self.out.append(prose_links(data, self.manual))

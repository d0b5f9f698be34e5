"""The API reference: Doxygen reads the public headers and says what is not
documented; its XML becomes one page for each header, in the order and under
the headlines of the header itself, and a list of everything.
"""
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import markup

HEADLINE = re.compile(r"^/\* -{3,} (.*?) \*/$")
ORDER = ["mxsel.h", "security.h", "cache.h", "memory.h", "ldns.h", "unbound.h",
         "redis.h", "idn2.h", "mock.h", "version.h"]
KINDS = {"function", "enum", "typedef", "define"}
# Include guards and what is no part of the interface.
PRIVATE = re.compile(r"MXSEL_(API|[A-Z0-9]+_H)$")
INLINE = {"computeroutput": "code", "bold": "b", "emphasis": "em",
          "verbatim": "pre", "itemizedlist": "ul", "orderedlist": "ol",
          "listitem": "li", "para": "p"}
SECTIONS = {"return": "Returns", "note": "Note", "warning": "Warning",
            "see": "See also"}


def run_doxygen(root, folder):
    """The XML of every header; doxygen's complaints end the build."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["doxygen", root / "docs" / "site" / "Doxyfile"], text=True,
        env={**os.environ, "MXSEL_INCLUDE": str(root / "include"),
             "MXSEL_XML": str(folder)}, capture_output=True, check=False)
    if done.returncode or done.stderr:
        sys.exit(f"doxygen:\n{done.stderr}")


class Member:
    """One function, type, macro, or set of constants."""

    def __init__(self, node):
        self.node, self.kind = node, node.get("kind")
        self.line = int(node.find("location").get("line"))
        self.names = [value.findtext("name")
                      for value in node.findall("enumvalue")]
        self.name = self.names[0] if self.names else node.findtext("name")

    @property
    def title(self):
        if not self.names:
            return self.name + ("()" if self.kind == "function" else "")
        prefix = os.path.commonprefix(self.names).rpartition("_")[0] + "_"
        if len(self.names) == 1 or prefix == "MXSEL_":
            return ", ".join(self.names[:3]) + ", ..." * (len(self.names) > 3)
        return prefix + "*"

    def declaration(self):
        if self.kind == "define":
            value = self.node.findtext("initializer", "")
            return f"#define {self.name} {value}".strip()
        text = self.node.findtext("definition") + \
            self.node.findtext("argsstring", "")
        if self.kind == "typedef" and "(*" in text:
            text = self.node.findtext("definition").replace(
                "(* ", " (*").replace(") (", ")(")
        text = re.sub(r"\*\s+(?=\w)", "*", text) + ";"
        if len(text) > 72 and self.kind != "define":
            head, _, rest = text.rpartition(")(") if "(*" in text.split(
                self.name)[0] else text.partition("(")
            joint = ")(" if text.startswith(head + ")(") else "("
            parts = re.split(r", (?![^()]*\))", rest)
            text = head + joint + "\n\t" + ",\n\t".join(parts)
        return text


class Struct(Member):
    """A struct that callers fill in or read, with its fields."""

    def __init__(self, node):
        self.node, self.kind, self.names = node, "struct", []
        self.line = int(node.find("location").get("line"))
        self.name = node.findtext("compoundname")
        self.fields = list(node.iter("memberdef"))

    @property
    def title(self):
        return f"struct {self.name}"

    def declaration(self):
        fields = "".join(
            f"\t{''.join(field.find('type').itertext())} "
            f"{field.findtext('name')}{field.findtext('argsstring', '')};\n"
            for field in self.fields)
        return f"struct {self.name} {{\n{fields}}};"


class Reference:
    """All headers, and where each name is explained."""

    def __init__(self, root, folder):
        self.version, self.folder = "", folder
        self.headers, self.of_id, self.of_name = {}, {}, {}
        run_doxygen(root, folder)
        for name in sorted(self.known(folder), key=self.rank):
            path = folder / (name.replace(".", "_8") + ".xml")
            node = ET.parse(path).getroot().find("compounddef")
            headlines = self.headlines(root / "include" / "mxsel" / name)
            self.headers[name] = (node, headlines, self.members(node, name))

    @staticmethod
    def known(folder):
        index = ET.parse(folder / "index.xml").getroot()
        return [node.findtext("name") for node in index
                if node.get("kind") == "file"]

    @staticmethod
    def rank(name):
        return (ORDER.index(name) if name in ORDER else len(ORDER), name)

    @staticmethod
    def headlines(path):
        """[(line, headline)] of a header."""
        return [(number, match[1]) for number, line in
                enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
                if (match := HEADLINE.match(line))]

    def members(self, node, header):
        found = []
        for item in node.iter("memberdef"):
            member = Member(item)
            if member.kind not in KINDS or PRIVATE.match(member.name):
                continue
            found.append(member)
            self.described_or_die(item, header)
            self.of_id[item.get("id")] = member.name
            for name in member.names or [member.name]:
                self.of_name[name] = (header, name)
            for value in item.findall("enumvalue"):
                self.of_id[value.get("id")] = value.findtext("name")
        found += [self.struct(inner.get("refid"), header)
                  for inner in node.findall("innerclass")]
        return sorted(found, key=lambda member: member.line)

    def struct(self, refid, header):
        path = self.folder / f"{refid}.xml"
        found = Struct(ET.parse(path).getroot().find("compounddef"))
        for node in [found.node, *found.fields]:
            self.described_or_die(node, header)
        self.of_id[refid] = found.name
        self.of_name[found.name] = (header, found.name)
        return found

    @staticmethod
    def described_or_die(item, header):
        """What doxygen lets pass: a constant that nothing is said of."""
        for node in [item, *item.findall("enumvalue")]:
            said = [text for part in ("briefdescription",
                                      "detaileddescription")
                    for text in node.find(part).itertext() if text.strip()]
            if not said:
                name = node.findtext("name") or node.findtext("compoundname")
                sys.exit(f"{header}: {name} is not documented")

    def where(self, name):
        """The page and anchor of a name, from the top of the site."""
        if name not in self.of_name:
            return None
        header, anchor = self.of_name[name]
        return f"reference/{header}.html#{anchor}"

    # ----------------------------------------------------------- descriptions

    def described(self, node, here):
        """What a description says, as HTML; here(name) makes links."""
        if node is None:
            return ""
        return "".join(self.part(child, here) for child in node)

    def part(self, node, here):
        tag = node.tag
        if tag == "ref":
            return self.reference(node, here)
        if tag == "ndash":
            return "–"
        if tag == "mdash":
            return "—"
        if tag == "ulink":
            return f"<code>{markup.escape(''.join(node.itertext()))}</code>"
        if tag == "linebreak":
            return "<br>"
        if tag == "simplesect":
            title = SECTIONS[node.get("kind")]
            return (f'<div class="result"><b>{title}</b>'
                    f"{self.inside(node, here)}</div>")
        if tag == "parameterlist":
            return self.parameters(node, here)
        if tag == "para" and any(child.tag in ("simplesect", "parameterlist")
                                 for child in node):
            return self.split_para(node, here)
        return f"<{INLINE[tag]}>{self.inside(node, here)}</{INLINE[tag]}>"

    def inside(self, node, here):
        out = [self.words(node.text, node, here)]
        for child in node:
            out += [self.part(child, here),
                    self.words(child.tail, node, here)]
        return "".join(out).strip()

    @staticmethod
    def words(text, node, here):
        if node.tag in ("computeroutput", "verbatim"):
            return markup.function_links(text or "", here)
        return markup.rfc_links(
            text or "", lambda part: markup.function_links(part, here))

    def split_para(self, node, here):
        """Doxygen puts results inside of paragraphs; HTML has them apart."""
        out, words = [], [self.words(node.text, node, here)]
        for child in node:
            if child.tag in ("simplesect", "parameterlist"):
                out += [self.paragraph(words), self.part(child, here)]
                words = []
            else:
                words.append(self.part(child, here))
            words.append(self.words(child.tail, node, here))
        return "".join(out) + self.paragraph(words)

    @staticmethod
    def paragraph(words):
        text = "".join(words).strip()
        return f"<p>{text}</p>" if text else ""

    def reference(self, node, here):
        text = "".join(node.itertext())
        name = self.of_id.get(node.get("refid"), text.rstrip("()"))
        if node.get("kindref") == "compound" and name not in self.of_name:
            header = text.rpartition("/")[2]
            return (f'<a href="{header}.html">{markup.escape(text)}</a>'
                    if header in self.headers else markup.escape(text))
        target = here(name)
        text = f"<code>{markup.escape(text)}</code>"
        return f'<a href="{target}">{text}</a>' if target else text

    def parameters(self, node, here):
        rows = []
        for item in node.findall("parameteritem"):
            names = ", ".join(markup.escape("".join(name.itertext()))
                              for name in item.iter("parametername"))
            said = self.described(item.find("parameterdescription"), here)
            rows.append(f"<dt><code>{names}</code></dt><dd>{said}</dd>")
        return f'<dl class="parameters">{"".join(rows)}</dl>'

    # ------------------------------------------------------------------ pages

    def fields(self, member, here):
        rows = "".join(
            f"<dt><code>{field.findtext('name')}</code></dt><dd>"
            f"{self.described(field.find('briefdescription'), here)}"
            f"{self.described(field.find('detaileddescription'), here)}</dd>"
            for field in member.fields)
        return f'<dl class="parameters">{rows}</dl>'

    def constants(self, member, here):
        rows = []
        for value in member.node.findall("enumvalue"):
            name = value.findtext("name")
            number = value.findtext("initializer", "").lstrip("= ")
            said = self.described(value.find("briefdescription"), here) + \
                self.described(value.find("detaileddescription"), here)
            rows.append(f'<dt id="{name}"><code>{name}</code> '
                        f"<small>{markup.escape(number)}</small></dt>"
                        f"<dd>{said}</dd>")
        return f'<dl class="constants">{"".join(rows)}</dl>'

    def member(self, member, here, manual):
        """One entry of a header's page."""
        node = member.node
        said = self.described(node.find("briefdescription"), here) + \
            self.described(node.find("detaileddescription"), here)
        anchor = f' id="{member.name}"' if not member.names else ""
        out = [f'<section class="member"{anchor}>'
               f"<h3>{member.title}</h3>"]
        if member.names:
            out += [said, self.constants(member, here)]
        else:
            code = markup.function_links(member.declaration(), here)
            out += [f'<pre tabindex="0"><code>{code}</code></pre>', said]
        if member.kind == "struct":
            out.append(self.fields(member, here))
        page = manual(member.name)
        if page:
            name = page.rpartition("/")[2].partition(".3")[0]
            out.append(f'<p class="more"><a href="{page}">'
                       f"Manual: {name}(3)</a></p>")
        return "".join(out) + "</section>"

    def page(self, name, relative, manual):
        """(brief, headings, HTML) of a header's page."""
        node, headlines, members = self.headers[name]
        prefix = f"reference/{name}.html"

        def here(which):
            target = self.where(which)
            return relative(target, prefix) if target else None

        brief = self.described(node.find("briefdescription"), here)
        out = [f"<h1>&lt;mxsel/{name}&gt;</h1>", brief,
               self.described(node.find("detaileddescription"), here)]
        headings, taken, left = [], set(), list(headlines)
        for member in members:
            while left and left[0][0] < member.line:
                title = left.pop(0)[1]
                title = title[:1].upper() + title[1:]
                anchor = markup.slug(title, taken)
                headings.append(("h2", anchor, title))
                out.append(f'<h2 id="{anchor}">{markup.escape(title)}</h2>')
            out.append(self.member(
                member, here, lambda n: manual(n, prefix)))
        return re.sub("<[^>]*>", "", brief), headings, "".join(out)

    def index(self, briefs):
        """The list of headers and of every function."""
        rows = "".join(
            f'<tr><td><a href="{name}.html"><code>&lt;mxsel/{name}&gt;'
            f"</code></a></td><td>{briefs[name]}</td></tr>"
            for name in self.headers)
        out = ["<h1>Reference</h1><p>What stands in the public headers. The "
               'same, told as a whole and with examples, is in the '
               '<a href="../man/index.html">manual pages</a>.</p>'
               '<h2 id="headers">Headers</h2><div class="wide" tabindex="0">'
               f"<table><thead><tr><th>header</th><th>for</th></tr></thead>"
               f"<tbody>{rows}</tbody></table></div>"]
        for title, kinds in (("Functions", ["function"]),
                             ("Types", ["typedef", "struct"])):
            names = sorted(m.name for _, _, members in self.headers.values()
                           for m in members if m.kind in kinds)
            items = "".join(
                f'<li><a href="{self.of_name[n][0]}.html#{n}"><code>{n}'
                "</code></a></li>" for n in names)
            out.append(f'<h2 id="{title.lower()}">{title}</h2>'
                       f'<ul class="names">{items}</ul>')
        return "".join(out)


def version(root):
    text = pathlib.Path(root, "include", "mxsel", "version.h").read_text(
        encoding="utf-8")
    return re.search(r'MXSEL_VERSION_STRING "(.*)"', text)[1]

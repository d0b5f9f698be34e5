"""Rewrite lib/ so that one build holds every mutant of a branch.

Each condition that a branch hangs on (of if, while, do, for and ?:, and each
operand of && and || wherever it stands) becomes mutant_branch(ID, condition),
see mutant.h. Lines stay where they are. Clang's own parser finds the
conditions (Debian: python3-clang-19); those that come out of a macro, that
are constants, or that stand in constant expressions are left alone and
counted. The table of conditions is written beside the sources:
ID, file, line, function, text.
"""
import os
import re
import sys

STRIDE = 512     # the most conditions of a file; keeps numbers of others
COMMENT = re.compile(rb'/\*.*?\*/', re.S)


def kinds():
    from clang.cindex import CursorKind
    return CursorKind


class Source:
    """One file: its octets, and what is to be inserted where."""

    def __init__(self, path, base):
        self.path = path
        self.base = base
        with open(path, 'rb') as stream:
            self.octets = stream.read()
        self.inserts = []
        self.rows = []
        self.left = {'macro': 0, 'constant': 0}
        self.macros = []
        self.done = False

    def in_macro(self, start, end):
        return any(a <= start and end <= b for a, b in self.macros)

    def wrap(self, leaf, function):
        start, end = leaf.extent.start.offset, leaf.extent.end.offset
        text = self.octets[start:end]
        number = len(self.rows)
        if number == STRIDE:
            sys.exit('%s: more than %d conditions' % (self.path, STRIDE))
        mutant = self.base + number
        opening = 'mutant_branch(%du, (' % mutant
        # At one place outer ones open first and close last.
        self.inserts.append((start, 1, -end, opening.encode()))
        self.inserts.append((end, 0, -start, b') ? 1 : 0)'))
        shown = COMMENT.sub(b' ', text).decode()
        self.rows.append((mutant, self.path, leaf.extent.start.line, function,
                          ' '.join(shown.split())))

    def rewritten(self):
        parts = []
        at = 0
        for offset, _, _, text in sorted(self.inserts):
            parts += [self.octets[at:offset], text]
            at = offset
        parts.append(self.octets[at:])
        return b''.join(parts)


class Walker:
    """Finds the conditions of one function."""

    def __init__(self, source, function):
        self.source = source
        self.function = function
        self.kind = kinds()

    def between(self, left, right):
        text = self.source.octets[left.extent.end.offset:
                                  right.extent.start.offset]
        return COMMENT.sub(b' ', text).strip()

    def is_logical(self, node):
        if node.kind != self.kind.BINARY_OPERATOR:
            return False
        left, right = node.get_children()
        return self.between(left, right) in (b'&&', b'||')

    def bare(self, node):
        """What stands within parentheses, casts of the compiler and !."""
        while True:
            inside = list(node.get_children())
            if len(inside) != 1:
                return node
            if node.kind == self.kind.UNARY_OPERATOR:
                at = node.extent.start.offset
                if self.source.octets[at:at + 1] != b'!':
                    return node
                if not self.is_logical(self.bare(inside[0])):
                    return node
            elif node.kind not in (self.kind.PAREN_EXPR,
                                   self.kind.UNEXPOSED_EXPR):
                return node
            node = inside[0]

    def condition(self, node):
        bare = self.bare(node)
        if self.is_logical(bare):
            return            # its operands are met where it is visited
        start, end = node.extent.start.offset, node.extent.end.offset
        text = self.source.octets[start:end]
        if re.fullmatch(rb'\(*[0-9]+[uUlL]*\)*', text):
            self.source.left['constant'] += 1
        elif start >= end or unbalanced(text):
            self.source.left['macro'] += 1
        else:
            self.source.wrap(node, self.function)

    def for_condition(self, node):
        """The child between the two semicolons, if there is one."""
        at = node.extent.start.offset
        first, second = semicolons(self.source.octets, at)
        for child in node.get_children():
            if first < child.extent.start.offset < second:
                return child
        return None

    def condition_of(self, node):
        inside = list(node.get_children())
        kind = self.kind
        if node.kind in (kind.IF_STMT, kind.WHILE_STMT,
                         kind.CONDITIONAL_OPERATOR):
            return inside[:1]
        if node.kind == kind.DO_STMT:
            return inside[1:]
        if node.kind == kind.FOR_STMT:
            found = self.for_condition(node)
            return [] if found is None else [found]
        if self.is_logical(node):
            return inside
        return []

    def walk(self, node):
        todo = [node]
        kind = self.kind
        while todo:
            node = todo.pop()
            start, end = node.extent.start.offset, node.extent.end.offset
            found = self.condition_of(node)
            if found and self.source.in_macro(start, end):
                self.source.left['macro'] += len(found)
            else:
                for leaf in found:
                    self.condition(leaf)
            inside = list(node.get_children())
            if node.kind == kind.CASE_STMT:
                inside = inside[1:]
            if node.kind == kind.VAR_DECL and is_static(node):
                inside = []
            todo += reversed(inside)


def is_static(node):
    from clang.cindex import StorageClass
    return node.storage_class == StorageClass.STATIC


def unbalanced(text):
    depth = 0
    for c in re.sub(rb"'(\\.|[^'\\])+'|\"(\\.|[^\"\\])*\"", b' ', text):
        depth += (c in b'([{') - (c in b')]}')
        if depth < 0:
            return True
    return depth != 0


def semicolons(octets, at):
    """Where the two semicolons of a for are."""
    depth = 0
    found = []
    text = re.compile(rb"/\*.*?\*/|'(\\.|[^'\\])+'|\"(\\.|[^\"\\])*\"|.", re.S)
    for match in text.finditer(octets, at):
        token = match.group(0)
        if token in (b'(', b'{', b'['):
            depth += 1
        elif token in (b')', b'}', b']'):
            depth -= 1
        elif token == b';' and depth == 1:
            found.append(match.start())
        if len(found) == 2:
            return found
    return [at, at]


def take_unit(index, sources, path, arguments):
    """Every file of lib/ that is first seen in this translation unit."""
    from clang.cindex import TranslationUnit
    kind = kinds()
    unit = index.parse(path, args=arguments, options=TranslationUnit.
                       PARSE_DETAILED_PROCESSING_RECORD)
    for said in unit.diagnostics:
        if said.severity >= said.Error:
            sys.exit(str(said))
    fresh = {}
    for node in unit.cursor.get_children():
        name = node.location.file and os.path.normpath(node.location.file.name)
        source = sources.get(name)
        if source is None or source.done:
            continue
        fresh[name] = source
        span = (node.extent.start.offset, node.extent.end.offset)
        if node.kind == kind.MACRO_INSTANTIATION:
            source.macros.append(span)
        elif node.kind == kind.FUNCTION_DECL and node.is_definition():
            Walker(source, node.spelling).walk(node)
    for source in fresh.values():
        source.done = True


def write_if_other(path, octets):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        with open(path, 'rb') as stream:
            if stream.read() == octets:
                return
    except FileNotFoundError:
        pass
    with open(path, 'wb') as stream:
        stream.write(octets)


def all_files(top):
    found = []
    for folder, _, names in os.walk(os.path.join(top, 'lib')):
        found += [os.path.join(folder, n) for n in names
                  if n.endswith(('.c', '.h'))]
    return sorted(os.path.normpath(f) for f in found)


def main():
    from clang.cindex import Index
    top, out, flags = sys.argv[1], sys.argv[2], sys.argv[3:]
    files = all_files(top)
    sources = {f: Source(f, (i + 1) * STRIDE) for i, f in enumerate(files)}
    arguments = ['-std=c11', '-I%s/include' % top, '-I%s/lib' % top] + flags
    index = Index.create()
    for path in files:
        if path.endswith('.c'):
            take_unit(index, sources, path, arguments)
    rows = []
    left = {'macro': 0, 'constant': 0}
    for path, source in sources.items():
        below = os.path.relpath(path, top)
        write_if_other(os.path.join(out, below), source.rewritten())
        rows += [(r[0], below) + r[2:] for r in source.rows]
        for key in left:
            left[key] += source.left[key]
    lines = ['\t'.join(str(x) for x in row) for row in rows]
    lines.append('size\t%d' % ((len(files) + 1) * STRIDE))
    lines.append('left\t%(macro)d\t%(constant)d' % left)
    write_if_other(os.path.join(out, 'conditions.txt'),
                   ('\n'.join(lines) + '\n').encode())


if __name__ == '__main__':
    main()

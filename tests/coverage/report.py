#!/usr/bin/env python3
"""What of lib/ no test reaches, from llvm-cov's export:

    report.py SOURCE-FOLDER coverage.json [FOLDER-OR-FILE...]

Prints each line, branch and condition that is missing (of the folders named
only), then three figures. Exit 1 when a figure is below tests/coverage/floor.
"""
import json
import os
import sys


def lines_of(segments):
    """{line: count} for each line with code, as llvm's LineCoverageStats."""
    by_line = {}
    for segment in segments:
        by_line.setdefault(segment[0], []).append(segment)
    if not segments:
        return {}
    counts = {}
    wrapped = None
    for line in range(segments[0][0], segments[-1][0] + 1):
        here = by_line.get(line, [])
        # [line, column, count, has_count, is_region_entry, is_gap]
        entries = [s for s in here if s[3] and s[4] and not s[5]]
        starts_skipped = here and not here[0][3] and here[0][4]
        mapped = not starts_skipped and (
            (wrapped is not None and wrapped[3]) or entries)
        if mapped:
            count = 0
            if wrapped is not None and wrapped[3]:
                count = wrapped[2]
            for segment in entries:
                count = max(count, segment[2])
            counts[line] = count
        if here:
            wrapped = here[-1]
    return counts


def text_of(source, start_line, start, end_line, end):
    """The condition itself, on one line."""
    if start_line == end_line:
        found = source[start_line - 1][start - 1:end - 1]
    else:
        found = ' '.join([source[start_line - 1][start - 1:]] +
                         source[start_line:end_line - 1] +
                         [source[end_line - 1][:end - 1]])
    return ' '.join(found.split())


def missing_of(file, source):
    """(line, what) for everything that no test reached."""
    for line, count in lines_of(file['segments']).items():
        if count == 0:
            yield line, 'line     ' + source[line - 1].strip()
    for branch in file['branches']:
        text = text_of(source, *branch[:4])
        for taken, name in ((branch[4], 'true '), (branch[5], 'false')):
            if taken == 0:
                yield branch[0], 'never %s %s' % (name, text)
    for record in file['mcdc_records']:
        inside = [b for b in file['branches']
                  if record[:2] <= b[:2] and b[2:4] <= record[2:4]]
        for number, shown in enumerate(record[-1]):
            if shown:
                continue
            part = '?'
            if len(inside) == len(record[-1]):
                part = text_of(source, *inside[number][:4])
            yield record[0], 'alone    %s  of  %s' % (
                part, text_of(source, *record[:4]))


def report(top, files, wanted):
    for file in files:
        name = os.path.relpath(file['filename'], top)
        if wanted and not any(name.startswith(w) for w in wanted):
            continue
        with open(file['filename'], encoding='utf-8') as f:
            source = f.read().splitlines()
        for line, what in sorted(set(missing_of(file, source))):
            print('%s:%d: %s' % (name, line, what))


def floors(top):
    with open(os.path.join(top, 'tests/coverage/floor'),
              encoding='utf-8') as f:
        pairs = [line.split() for line in f if not line.startswith('#')]
    return {name: float(value) for name, value in pairs}


def figures(top, totals):
    """Print them. Returns whether one is below its floor."""
    below = False
    floor = floors(top)
    for name, key in (('lines', 'lines'), ('branches', 'branches'),
                      ('MC/DC', 'mcdc')):
        count, covered = totals[key]['count'], totals[key]['covered']
        share = 100.0 * covered / count
        state = 'reached' if covered == count else 'short'
        if share < floor[name]:
            state, below = 'failed', True
        print('figure|coverage: %s|%.2f %% (%d of %d)|100 %%|%s' % (
            name, share, covered, count, state))
    return below


def main():
    top = os.path.realpath(sys.argv[1])
    with open(sys.argv[2], encoding='utf-8') as f:
        data = json.load(f)['data'][0]
    report(top, data['files'], sys.argv[3:])
    sys.exit(1 if figures(top, data['totals']) else 0)


main()

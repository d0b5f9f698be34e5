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


def merged(records, values):
    """One record for each place: a header is compiled many times."""
    places = {}
    for record in records:
        place = tuple(record[:4])
        found = values(record)
        known = places.setdefault(place, found)
        places[place] = [max(a, b) for a, b in zip(known, found)]
    return places


def missing_of(file, source):
    """(line, what) for everything that no test reached."""
    for line, count in lines_of(file['segments']).items():
        if count == 0:
            yield line, 'line     ' + source[line - 1].strip()
    branches = merged(file['branches'], lambda r: [r[4], r[5]])
    for place, taken in branches.items():
        text = text_of(source, *place)
        for count, name in zip(taken, ('true ', 'false')):
            if count == 0:
                yield place[0], 'never %s %s' % (name, text)
    decisions = merged(file['mcdc_records'], lambda r: r[-1])
    for place, shown in decisions.items():
        inside = sorted(b for b in branches
                        if place[:2] <= b[:2] and b[2:] <= place[2:])
        for number, alone in enumerate(shown):
            if alone:
                continue
            part = '?'
            if len(inside) == len(shown):
                part = text_of(source, *inside[number])
            yield place[0], 'alone    %s  of  %s' % (
                part, text_of(source, *place))


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


def count_lines(files):
    """As llvm-cov, but that a line of a header is reached where any of the
    sources that include it reaches it."""
    counts = [count for file in files
              for count in lines_of(file['segments']).values()]
    return {'count': len(counts), 'covered': sum(c > 0 for c in counts)}


def figures(top, data):
    """Print them. Returns whether one is below its floor."""
    below = False
    floor = floors(top)
    totals = dict(data['totals'], lines=count_lines(data['files']))
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
    sys.exit(1 if figures(top, data) else 0)


main()

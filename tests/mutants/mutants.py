"""Try the mutants of lib/'s branches: which does a test notice?

mutants.py TOP OUT RESULTS WHICH, after `make mutants-programs`. WHICH: ""
tries a sample, chosen by a fixed seed, until MUTANTS_SECONDS are over, with
the tests that are quick; "all" every mutant, a beginning of paths
("lib/wire") those of some files, with tests of MUTANTS_MOST milliseconds for
each mutant; "survivors" those again that survived so far, with more tests.
RESULTS is the file where all is kept. MUTANTS_SECONDS, when given, ends each
of these early.

First every test runs once alone, without a mutant, and tells which conditions
it met and how they came out. A condition stuck at true is then tried with the
tests that saw it false, quickest first, and so on, until one fails, crashes
or takes too long.
"""
import collections
import os
import random
import sys
import threading
import time

import programs
import table

SEED = 20261122
MET_WHEN = (2, 1, 3)      # what a test must have seen, by kind
WANTED, FLOOR = 95.0, 90.0
SAMPLE_FLOOR = 75.0       # with quick tests only, on a busy machine
FEW = 30                  # mutants: fewer say nothing, not even what is bad
ENOUGH = 400              # mutants: fewer say nothing about the others
LEAST_SECONDS = 15        # for the mutants themselves
QUICK_MS = 400            # what a test of a sample may take
USUAL_MS = 5000           # or of a first look at a mutant
SLOW_MS = 60000
AGAIN = 50                # so many-th kill: does the group pass unharmed?
ALIVE = ''                # the result of a survivor, known or not tried
WAITS_MS = 50             # a test waits, if it takes more than it computes


class Trial:
    """What all workers share."""

    def __init__(self, tests, deadline, most):
        self.most = most
        self.by_condition = collections.defaultdict(list)
        for test in tests:
            for condition, seen in test.seen.items():
                self.by_condition[condition].append((test, seen))
        self.deadline = deadline
        self.lock = threading.Lock()
        self.killers = {}       # by function: the tests that killed last
        self.kills = 0
        self.false_alarms = 0
        self.runs = 0
        self.results = {}       # by mutant: the killer, "" or None

    def candidates(self, mutant):
        """What killed its neighbours, then tests called after its file, then
        those of its room, the quickest first; as many as there is time for,
        but one at least."""
        found = [t for t, seen in self.by_condition[mutant.condition.number]
                 if seen & MET_WHEN[mutant.kind]]
        liked = self.killers.get(mutant.condition.place, [])[:3]
        room = mutant.condition.path.split('/')[1]
        stem = mutant.condition.path.split('/')[2].split('.')[0]

        def cost(test):
            if test in liked:
                return test.wall / 100
            if stem in test.program.name:
                return test.wall / 50
            return test.wall / 10 if test.room == room else test.wall

        found.sort(key=cost)
        total = 0
        for count, test in enumerate(found):
            total += test.wall
            if count and total > self.most:
                return found[:count]
        return found


def next_group(tests):
    """The first test and, of the same program, those that cost no more."""
    first = tests[0]
    most = max(20, 4 * first.wall)
    group, rest, total = [], [], 0
    for test in tests:
        if test.program is first.program and total + test.wall <= most and \
                len(group) < 400:
            group.append(test)
            total += test.wall
        else:
            rest.append(test)
    group.sort(key=lambda t: t.number)
    return group, rest


def limits_of(group):
    cpu = sum(t.cpu for t in group)
    wall = sum(t.wall for t in group)
    waits = wall - cpu > WAITS_MS
    return waits, (int(cpu * 8 + 400),
                   int(wall * 5 + (2000 if waits else 6000)))


def fails(trial, worker, mutant, group):
    """The mutant makes this group of tests fail, and not by chance."""
    waits, limits = limits_of(group)
    for _ in range(2 if waits else 1):
        status = worker.run(group, mutant, limits)
        if status == 0:
            return False
    with trial.lock:
        trial.kills += 1
        check = trial.kills % AGAIN == 0
    if check and worker.run(group, None, limits) != 0:
        with trial.lock:
            trial.false_alarms += 1
    return True


def try_one(trial, worker, mutant):
    """The name of what killed it; "" if nothing did, None: never met."""
    tests = trial.candidates(mutant)
    if not tests:
        return None
    while tests:
        group, tests = next_group(tests)
        with trial.lock:
            trial.runs += 1
        if fails(trial, worker, mutant, group):
            with trial.lock:
                liked = trial.killers.setdefault(mutant.condition.place, [])
                if len(group) == 1 and group[0] not in liked:
                    liked.insert(0, group[0])
            return group[0].name
    return ''


def work(trial, jobs):
    worker = programs.Worker()
    while True:
        with trial.lock:
            if not jobs or time.monotonic() > trial.deadline:
                break
            mutant = jobs.popleft()
        result = try_one(trial, worker, mutant)
        with trial.lock:
            trial.results[mutant] = result
            if len(trial.results) % 200 == 0:
                print('%d tried' % len(trial.results), file=sys.stderr)
    worker.stop()


def in_threads(count, function, *arguments):
    threads = [threading.Thread(target=function, args=arguments)
               for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def choose(which, mutants, known):
    if which == '':
        chosen = sorted(mutants, key=lambda m: m.key)
        random.Random(SEED).shuffle(chosen)
        return chosen
    if which == 'all':
        return mutants
    if which.startswith('survivors'):
        below = which[len('survivors'):].lstrip(':')
        chosen = [m for m in mutants if not known.get(m.key, ALIVE) and
                  m.condition.path.startswith(below)]
        random.Random(SEED).shuffle(chosen)
        return chosen
    chosen = [m for m in mutants if m.condition.path.startswith(which)]
    random.Random(SEED).shuffle(chosen)
    return chosen


def recall(path):
    """What earlier runs found, by key: the killer, or ""."""
    try:
        with open(path) as stream:
            rows = [line.rstrip('\n').split('\t') for line in stream]
    except FileNotFoundError:
        return {}
    return {row[0]: row[1] for row in rows}


def remember(path, mutants, known, trial):
    """The same, with what this run found; of the mutants there are."""
    for mutant, result in trial.results.items():
        known[mutant.key] = result or ''
    with open(path, 'w') as stream:
        for m in mutants:
            if m.key in known:
                stream.write('%s\t%s\n' % (m.key, known[m.key]))
    found = {m: known[m.key] for m in mutants if m.key in known}
    for mutant in trial.results:
        found[mutant] = trial.results[mutant]
    return found


def show(results):
    """The survivors, by file."""
    left = sorted((m for m, result in results.items() if not result),
                  key=lambda m: (m.condition.number, m.kind))
    path = None
    for m in left:
        if m.condition.path != path:
            path = m.condition.path
            print('%s:' % path)
        print('  %4d %s: %s  stuck: %s%s' % (
            m.condition.line, m.condition.function, m.condition.text,
            table.KINDS[m.kind],
            ' (never met)' if results[m] is None else ''))


def show_kinds(results):
    for kind, name in enumerate(table.KINDS):
        of_kind = [r for m, r in results.items() if m.kind == kind]
        print('  %-6s %d of %d killed' % (
            name, sum(1 for r in of_kind if r), len(of_kind)))


def figure(results, total, floor):
    tried = len(results)
    killed = sum(1 for r in results.values() if r)
    share = 100.0 * killed / tried if tried else 0.0
    state = 'failed' if share < floor and tried >= min(FEW, total) else \
        'reached' if share >= WANTED and tried >= min(ENOUGH, total) else \
        'short'
    print('figure|branch mutants killed|%.1f %% of %s tried of %s|>= %d %%|%s'
          % (share, format(tried, ','), format(total, ','), WANTED, state))
    return 1 if state == 'failed' else 0


def run(which, mutants, known, tests, deadline):
    workers = int(os.environ.get('MUTANTS_JOBS', '2'))
    usual = 30000 if which.startswith('survivors') else 1000
    most = float(os.environ.get('MUTANTS_MOST', usual))
    trial = Trial(tests, deadline, most)
    jobs = collections.deque(choose(which, mutants, known))
    in_threads(workers, work, trial, jobs)
    return trial


def meet(top, out, limit):
    began = time.monotonic()
    found = programs.find(top, out)
    tests, harmed = programs.meet(found, limit,
                                  int(os.environ.get('MUTANTS_JOBS', '2')))
    print('%d programs, %d tests, %d of them left out: they fail alone or '
          'take over %d ms; %.0f s' % (
              len(found), len(tests) + len(harmed), len(harmed), limit,
              time.monotonic() - began))
    return tests


def main():
    top, out, results_path, which = sys.argv[1:5]
    sample = which == ''
    began = time.monotonic()
    seconds = float(os.environ.get('MUTANTS_SECONDS') or
                    (45 if sample else 'inf'))
    conditions, left_out = table.read(os.path.join(out, 'conditions.txt'))
    mutants, equivalent, stale = table.mutants(
        conditions, os.path.join(top, 'tests/mutants/equivalent.txt'))
    limit = QUICK_MS if sample else \
        SLOW_MS if which.startswith('survivors') else USUAL_MS
    tests = meet(top, out, int(os.environ.get('MUTANTS_LIMIT', limit)))
    # On a slow machine meeting the tests takes all the time there is.
    ends = max(began + seconds, time.monotonic() + LEAST_SECONDS)
    known = {} if sample or which == 'all' else recall(results_path)
    trial = run(which, mutants, known, tests, ends)
    results = trial.results if sample else \
        remember(results_path, mutants, known, trial)
    show(results)
    print('%d conditions, %d left out (macros, constants), %d mutants known '
          'to be equivalent' % (len(conditions), left_out, equivalent))
    show_kinds(results)
    spent = time.monotonic() - began
    print('%d runs, %.0f s, %.0f mutants a second; %d of %d kills looked at '
          'again were no kills' % (
              trial.runs, spent, len(trial.results) / spent,
              trial.false_alarms, trial.kills // AGAIN))
    for line in stale:
        print('equivalent.txt: nothing is called %s' % line)
    return figure(results, len(mutants), SAMPLE_FLOOR if sample else FLOOR) \
        or (1 if stale else 0)


if __name__ == '__main__':
    sys.exit(main())

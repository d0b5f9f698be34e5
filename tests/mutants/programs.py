"""The test programs that hold the mutants, and how to ask them (serve.c)."""
import collections
import glob
import os
import pickle
import subprocess
import threading

LIST = -1


class Test:
    """One test of a check program, or one file of another."""

    def __init__(self, program, number, word, name):
        self.program = program
        self.room = program.room
        self.number = number
        self.word = word
        self.name = name
        self.status = self.cpu = self.wall = 0
        self.seen = {}


class Program:
    def __init__(self, path, files):
        self.path = path
        self.files = files
        self.name = os.path.basename(path)
        self.room = (self.name.split('_') + [''])[1]


class Server:
    """One program that waits for what to run."""

    def __init__(self, program):
        env = dict(os.environ, MALLOC_PERTURB_='165', MALLOC_CHECK_='3',
                   MXSEL_MUTANTS='files' if program.files else 'tests')
        self.child = subprocess.Popen(
            [program.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=env)

    def ask(self, numbers, words):
        line = ' '.join([str(n) for n in numbers] + list(words)) + '\n'
        self.child.stdin.write(line.encode())
        self.child.stdin.flush()

    def answer(self):
        return self.child.stdout.readline().decode()

    def stop(self):
        self.child.stdin.close()
        self.child.stdout.close()
        self.child.wait()


class Worker:
    """Runs tests, one at a time; has a server for each program it met."""

    def __init__(self):
        self.servers = {}

    def server(self, program):
        if program not in self.servers:
            self.servers[program] = Server(program)
        return self.servers[program]

    def list(self, program):
        if program.files:
            return [Test(program, i, f, '%s:%s' % (program.name,
                                                   os.path.basename(f)))
                    for i, f in enumerate(program.files)]
        server = self.server(program)
        server.ask((LIST, 0, 10000, 10000, 0), [])
        names = []
        while True:
            line = server.answer().split()
            if len(line) != 1:
                break
            names.append(line[0])
        return [Test(program, i, str(i), '%s:%s' % (program.name, name))
                for i, name in enumerate(names)]

    def ask(self, tests, numbers):
        server = self.server(tests[0].program)
        server.ask(numbers, [t.word for t in tests])
        said = server.answer().split()
        if len(said) < 3:
            raise RuntimeError('%s ended' % tests[0].program.path)
        return said

    def run(self, tests, mutant, limits):
        """0, or how they failed."""
        chosen = (mutant.condition.number, mutant.kind) if mutant else (0, 0)
        return int(self.ask(tests, chosen + limits + (0,))[0])

    def meet(self, test, limit):
        said = self.ask([test], (0, 0, limit, limit, 1))
        test.status = int(said[0])
        test.cpu, test.wall = (int(n) / 1000 for n in said[1:3])
        for pair in said[3:]:
            number, seen = pair.split(':')
            test.seen[int(number)] = int(seen)

    def stop(self):
        for server in self.servers.values():
            server.stop()


def find(top, out):
    found = []
    for path in sorted(glob.glob(os.path.join(out, '*', '*'))):
        if not os.access(path, os.X_OK) or os.path.isdir(path):
            continue
        name = os.path.basename(path)
        files = None
        if name in ('run', 'scenarios'):
            files = glob.glob(os.path.join(top, 'tests/scenarios/*.scn'))
        elif name.startswith('replay_'):
            files = glob.glob(os.path.join(top, 'tests/fuzz/corpus',
                                           name[len('replay_'):], '*.hex'))
        found.append(Program(path, files and sorted(files)))
    return found


def age(program):
    state = os.stat(program.path)
    files = [os.stat(f).st_mtime_ns for f in program.files or []]
    return (state.st_mtime_ns, state.st_size, len(files), max(files or [0]))


def meet_all(jobs, done, limit, lock):
    worker = Worker()
    while True:
        with lock:
            if not jobs:
                break
            program = jobs.popleft()
        tests = worker.list(program)
        for test in tests:
            worker.meet(test, limit)
        with lock:
            done[program] = tests
    worker.stop()


def remember(path, programs, met, limits):
    kept = {p.path: (age(p), limits[p], [
        (t.number, t.word, t.name, t.status, t.cpu, t.wall, t.seen)
        for t in met[p]]) for p in programs}
    with open(path, 'wb') as stream:
        pickle.dump(kept, stream)


def recall(path, programs, limit):
    """What is known of programs that did not change since, and with which
    limit it was found."""
    try:
        with open(path, 'rb') as stream:
            kept = pickle.load(stream)
    except (OSError, EOFError, pickle.PickleError):
        return {}, {}
    met, limits = {}, {}
    for program in programs:
        then, least, rows = kept.get(program.path, (None, 0, []))
        if then != age(program) or least < limit:
            continue
        met[program] = []
        limits[program] = least
        for row in rows:
            test = Test(program, *row[:3])
            test.status, test.cpu, test.wall, test.seen = row[3:]
            met[program].append(test)
    return met, limits


def meet(programs, limit, workers):
    """The tests that pass alone in time; and those that do not."""
    folder = os.path.dirname(os.path.dirname(programs[0].path))
    path = os.path.join(folder, 'met.pickle')
    met, limits = recall(path, programs, limit)
    jobs = collections.deque(p for p in programs if p not in met)
    lock = threading.Lock()
    threads = [threading.Thread(target=meet_all,
                                args=(jobs, met, limit, lock))
               for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for program in programs:
        limits.setdefault(program, limit)
    remember(path, programs, met, limits)
    tests = [t for p in programs for t in met[p]]
    good = [t for t in tests if t.status == 0 and t.wall <= limit]
    return good, [t for t in tests if t.status != 0 or t.wall > limit]

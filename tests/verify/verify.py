#!/usr/bin/env python3
"""All pieces of verification in their short forms, and one table.

verify.py [--make MAKE] [PIECE...], in the folder where make ran. Reads
pieces.txt beside it; MXSEL_SRCDIR is the source tree. A piece says what it
found in lines figure|NAME|REACHED|WANTED|STATE; everything else it says
stays in obj/verify/PIECE.log, and is shown when the piece failed. The last
line counts. Exit: 0 when nothing failed. Needs Python 3.9 and a POSIX system.
"""
import argparse
import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
LOGS = os.path.join("obj", "verify")
CORES = 2
# What has not begun by then does not begin, seconds: on a slow machine that
# is short, and no fault.
LIMIT = int(os.environ.get("VERIFY_LIMIT", "840"))
# So many times the seconds of pieces.txt, on a machine that is slow or busy.
TIMES = float(os.environ.get("VERIFY_TIMES", "1"))
STATES = ("reached", "short", "failed", "skipped")
SHOWN = 150  # lines of a log


class Piece:
    """One line of pieces.txt, and what became of it."""

    def __init__(self, line):
        words = line.split()
        self.name = words[0]
        self.cores, self.seconds = int(words[1]), int(words[2]) * TIMES
        self.tools = [] if words[3] == "-" else words[3].split(",")
        self.first = [] if words[4] == "-" else words[4].split(",")
        self.settings = words[5:]
        self.log = os.path.join(LOGS, self.name + ".log")
        self.process = self.status = None
        self.began = self.took = self.used = 0.0
        self.figures = []
        self.wrong = None

    def begin(self, make):
        self.began = time.monotonic()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [make, "-s", self.name] + self.settings, stdout=log,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                start_new_session=True, env=environment())

    def wait(self, options=0):
        """Take its end, if it has ended; then True."""
        if self.status is None:
            pid, status, usage = os.wait4(self.process.pid, options)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                self.process.returncode = self.status
                self.used = usage.ru_utime + usage.ru_stime
        return self.status is not None

    def is_over(self):
        """Has it ended, by itself or because its time was up?"""
        self.took = time.monotonic() - self.began
        if not self.wait(os.WNOHANG):
            if self.took < self.seconds:
                return False
            self.wrong = f"killed after {self.seconds:.0f} s"
        kill_session(self.process.pid)
        self.wait()
        self.read_log()
        failed = any(f[3] == "failed" for f in self.figures)
        if self.wrong is None and not self.figures:
            self.wrong = f"ended without a figure ({self.status})"
        elif self.wrong is None and self.status != 0 and not failed:
            self.wrong = f"ended with {self.status}"
        return True

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            for line in log:
                if line.startswith("figure|"):
                    self.add(line.rstrip("\n").split("|")[1:])

    def add(self, fields):
        if len(fields) != 4 or fields[3] not in STATES:
            self.wrong = "not a figure: " + "|".join(fields)
        else:
            self.figures.append(fields)

    def skip(self, tool):
        self.figures.append([self.name, "skipped: " + tool, "", "skipped"])

    def rows(self):
        if self.wrong is None:
            return self.figures
        return self.figures + [[self.name, self.wrong, "", "failed"]]

    def leave(self):
        self.figures.append([self.name, "not begun: no time was left", "once",
                             "short"])

    def failed(self):
        return any(row[3] == "failed" for row in self.rows())


def environment():
    """Without the make that called: pieces share no jobs with it."""
    return {name: value for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL",
                            "MAKEOVERRIDES")}


def session_of(pid):
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            return int(stat.read().rpartition(b")")[2].split()[3])
    except (OSError, IndexError, ValueError):
        return 0


def kill_session(leader):
    """Whatever a piece left behind: its group, and where there is /proc
    everything of its session."""
    for kind, pause in ((signal.SIGTERM, 0.5), (signal.SIGKILL, 0)):
        left = [int(pid) for pid in os.listdir("/proc") if pid.isdigit()
                and session_of(pid) == leader] \
            if os.path.isdir("/proc/self") else [-leader]
        for pid in left:
            try:
                os.kill(pid, kind)
            except OSError:
                pass
        if left:
            time.sleep(pause)


def read_pieces(wanted):
    with open(os.path.join(HERE, "pieces.txt"), encoding="utf-8") as listed:
        pieces = [Piece(line) for line in listed
                  if line.strip() and not line.startswith("#")]
    unknown = set(wanted) - {piece.name for piece in pieces}
    if unknown:
        sys.exit("verify.py: no such piece: " + " ".join(sorted(unknown)))
    return [p for p in pieces if not wanted or p.name in wanted]


def missing(tool):
    """Is it not there, as tests/support/setup.sh sees it?"""
    return subprocess.run(
        ["sh", "-c", '. "$top/tests/support/setup.sh"; has "$0"', tool],
        env=dict(os.environ, top=TOP), check=False).returncode != 0


def without_tools(pieces):
    """Those that can run; of the others it is noted why not."""
    known = {tool: missing(tool) for p in pieces for tool in p.tools}
    for piece in pieces:
        for tool in piece.tools:
            if known[tool]:
                piece.skip(tool)
                break
    return [piece for piece in pieces if not piece.figures]


def build(make, pieces):
    """What several pieces use; if it fails they say so themselves."""
    targets = ["all", "programs"]
    for piece in pieces:
        targets += [t for t in piece.first if t not in targets]
    began = time.monotonic()
    with open(os.path.join(LOGS, "build.log"), "wb") as log:
        status = subprocess.run(
            [make, "-s", "-k", f"-j{CORES}"] + targets, stdout=log,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False,
            env=environment()).returncode
    print(f"built, {time.monotonic() - began:.0f} s" if status == 0 else
          f"not all could be built: {LOGS}/build.log", flush=True)


def run(make, pieces):
    running = []
    try:
        run_all(make, pieces, running)
    finally:
        for piece in running:
            kill_session(piece.process.pid)


def run_all(make, pieces, running):
    began = time.monotonic()
    waiting = list(pieces)
    while waiting or running:
        free = CORES - sum(piece.cores for piece in running)
        late = time.monotonic() - began > LIMIT * TIMES
        for piece in list(waiting):
            if late:
                piece.leave()
                waiting.remove(piece)
            elif min(piece.cores, CORES) <= free:
                piece.begin(make)
                running.append(piece)
                waiting.remove(piece)
                free -= piece.cores
        for piece in list(running):
            if piece.is_over():
                running.remove(piece)
                print(f"{piece.name}, {piece.took:.0f} s,"
                      f" {piece.used:.0f} s of processor", flush=True)
        time.sleep(0.05)


def show_log(piece):
    print(f"\n---- {piece.name}: {piece.log}")
    with open(piece.log, encoding="utf-8", errors="replace") as log:
        lines = log.read().splitlines()
    if len(lines) > SHOWN:
        print(f"(the last {SHOWN} of {len(lines)} lines)")
    print("\n".join(lines[-SHOWN:]))


def show_table(rows):
    head = ["figure", "reached", "wanted", "state"]
    widths = [max(len(row[i]) for row in rows + [head]) for i in range(4)]
    print()
    for row in [head, ["-" * width for width in widths]] + rows:
        print("  ".join(cell.ljust(width)
                        for cell, width in zip(row, widths)).rstrip())
    print()


def show_totals(rows):
    count = {state: sum(row[3] == state for row in rows) for state in STATES}
    for name, reached, wanted, state in rows:
        if state == "short":
            print(f"short: {name}: {reached} of {wanted}")
        elif state == "skipped":
            print(f"{reached} ({name})")
    totals = f"{count['reached']} passed, {count['failed']} failed"
    for state in ("skipped", "short"):
        if count[state]:
            totals += f", {count[state]} {state}"
    print(totals)
    return 1 if count["failed"] else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--make", default="make")
    parser.add_argument("pieces", nargs="*", metavar="PIECE")
    arguments = parser.parse_args()
    # Whoever ends this ends the pieces, which are sessions of their own.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    os.makedirs(LOGS, exist_ok=True)
    began = time.monotonic()
    pieces = read_pieces(arguments.pieces)
    can = without_tools(pieces)
    build(arguments.make, can)
    run(arguments.make, can)
    for piece in can:
        if piece.failed() and piece.process is not None:
            show_log(piece)
    rows = [row for piece in pieces for row in piece.rows()]
    show_table(rows)
    seconds = int(time.monotonic() - began)
    print(f"{seconds // 60}:{seconds % 60:02} minutes")
    return show_totals(rows)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""mxsel bulk as a filter, against NSD on loopback and from a zone file.

    bulk_trial.py MXSEL ZONES

Every statement is counted; the last line has the totals.
"""
import fcntl
import json
import os
import pathlib
import pty
import random
import re
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

from statements import check, ended, skip

MXSEL = str(pathlib.Path(sys.argv[1]).resolve())
ZONES = pathlib.Path(sys.argv[2]).resolve()
DOMAINS = 20000
MANY = 60000
SEED = ["--seed", "7"]


# ------------------------------------------------------------------ the zone

def records(number):
    """One domain of the zone, of every kind that mail domains are."""
    name = f"d{number}"
    kind = random.choices(["provider", "own", "implicit", "null", "dead",
                           "equal", "alias", "private"],
                          [50, 24, 6, 4, 4, 5, 4, 3])[0]
    if kind == "provider":
        for preference, host in zip((1, 5, 5, 10, 10), "abcde"):
            yield f"{name} MX {preference} {host}.provider"
    elif kind == "own":
        yield f"{name} MX 10 mx.{name}"
        yield f"mx.{name} A 192.0.2.{number % 250 + 1}"
        if number % 2:
            yield f"mx.{name} AAAA 2001:db8::{number:x}"
    elif kind == "implicit":
        yield f"{name} A 198.51.100.{number % 250 + 1}"
    elif kind == "null":
        yield f"{name} MX 0 ."
    elif kind == "dead":
        yield f"{name} MX 10 gone.{name}"
    elif kind == "equal":
        for host in "abcde":
            yield f"{name} MX 10 {host}.provider"
            yield f"{name} MX 10 {host}.other"
    elif kind == "alias":
        yield f"{name} CNAME d{number - 1}"
    else:
        yield f"{name} MX 10 inside"


SMALL = ["$ORIGIN bulk.test.", "$TTL 3600",
         "@ SOA ns hostmaster 1 7200 900 604800 300", "@ NS ns",
         "ns A 192.0.2.53", "inside A 127.0.0.1", "d0 A 198.51.100.7"]


def write_zone(path):
    random.seed(20)
    lines = list(SMALL)
    for index, host in enumerate("abcde"):
        for site in ("provider", "other"):
            lines.append(f"{host}.{site} A 203.0.113.{index + 1}")
            lines.append(f"{host}.{site} AAAA 2001:db8:{index + 1}::1")
    for number in range(1, DOMAINS):
        lines += records(number)
    path.write_text("\n".join(lines) + "\n")


def destinations(count, seed=1):
    """Most of them there, some not, some no domain at all."""
    choice = random.Random(seed)
    for _ in range(count):
        number = choice.randrange(DOMAINS + DOMAINS // 50)
        shape = choice.random()
        if shape < 0.9:
            yield f"d{number}.bulk.test"
        elif shape < 0.95:
            yield f"Somebody@D{number}.Bulk.Test"
        elif shape < 0.97:
            yield f"[192.0.2.{number % 250}]"
        elif shape < 0.98:
            yield f"d{number}..bulk.test"
        else:
            yield f"[d{number}.bulk.test]:587"


class Server:
    """NSD with that zone, and those of tests/zones, on a port of its own."""

    def __init__(self, folder, zone):
        self.folder = folder
        for _ in range(5):
            self.start(zone)
            if self.answers():
                return
            self.stop()
        raise SystemExit("NSD does not start: " +
                         (folder / "nsd.log").read_text())

    def start(self, zone):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"127.0.0.1@{self.port}"
        config = self.folder / "nsd.conf"
        config.write_text(f"""
server:
    ip-address: {self.address}
    username: ""
    chroot: ""
    zonesdir: "{ZONES}"
    database: ""
    zonelistfile: "{self.folder}/zone.list"
    xfrdfile: "{self.folder}/xfrd.state"
    xfrdir: "{self.folder}"
    pidfile: ""
    logfile: "{self.folder}/nsd.log"
    server-count: 1
    rrl-ratelimit: 0
remote-control:
    control-enable: no
zone:
    name: "bulk.test"
    zonefile: "{zone}"
""")
        self.process = subprocess.Popen(
            ["nsd", "-d", "-c", str(config)], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def answers(self):
        for _ in range(100):
            done = subprocess.run([MXSEL, "--quiet", "--timeout", "0.5",
                                   "--server", self.address, "d0.bulk.test"],
                                  check=False, stderr=subprocess.DEVNULL)
            if done.returncode == 0:
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.2)
        return False

    def stop(self):
        """Until the last of its processes is gone: one that outlives the
        first goes on answering."""
        self.process.terminate()
        self.process.wait()
        for _ in range(600):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                try:
                    probe.bind(("127.0.0.1", self.port))
                    return
                except OSError:
                    time.sleep(0.05)
        raise SystemExit("NSD does not end")


# ------------------------------------------------------------------- running

def run(arguments, lines=None, path=None, status=None, limit=600):
    """The lines of mxsel bulk, and what it said on stderr."""
    given = None
    if lines is not None:
        given = "".join(line + "\n" for line in lines).encode()
    source = open(path, "rb") if path is not None else None
    done = subprocess.run([MXSEL, "bulk", *arguments], input=given,
                          stdin=source, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=limit, check=False)
    if source is not None:
        source.close()
    if status is not None:
        check(done.returncode == status, f"bulk {arguments}: status {status}",
              done.returncode, done.stderr)
    out = done.stdout.split(b"\n")
    check(out.pop() == b"", "the last line ends", done.stdout[-80:])
    return out, done.stderr


def plan(arguments, names):
    """The same by mxsel plan, some hundred at a time."""
    out = []
    for at in range(0, len(names), 500):
        done = subprocess.run(
            [MXSEL, "plan", "--json", *arguments, "--",
             *names[at:at + 500]], stdout=subprocess.PIPE, timeout=600,
            check=False)
        out += done.stdout.splitlines()
    return out


def given(lines):
    return [json.loads(line)["destination"] for line in lines]


TTL = re.compile(rb'"ttl":(\d+)')


def without_ttl(lines):
    return [TTL.sub(b'"ttl":0', line) for line in lines]


def same_plans(got, wanted, what):
    """The same but for TTLs, which a cache lets grow less."""
    check(len(got) == len(wanted) and without_ttl(got) == without_ttl(wanted),
          f"{what}: as mxsel plan says",
          *[pair for pair in zip(without_ttl(got), without_ttl(wanted))
            if pair[0] != pair[1]][:2], len(got), len(wanted))
    ttls = zip([int(t) for t in TTL.findall(b"\n".join(got))],
               [int(t) for t in TTL.findall(b"\n".join(wanted))])
    check(all(a <= b and b - a < 120 for a, b in ttls),
          f"{what}: no TTL is longer than it was")


def memory(pid, key):
    """Of a process that runs, in KiB; 0 when it has ended."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    found = re.search(key + r":\s+(\d+) kB", text)
    return int(found[1]) if found else 0


def is_sanitized():
    """Sanitizers keep what was freed: no bounds of memory then."""
    return b"__asan_init" in pathlib.Path(MXSEL).read_bytes()


# -------------------------------------------------------------------- trials

def trial_order(net, zone):
    names = list(destinations(3000))
    wanted = plan([*SEED, *zone], names)
    got, said = run([*SEED, *zone], names)
    check(got == wanted, "from a zone, every line is that of mxsel plan")
    check(said == b"", "nothing on stderr when that is no terminal", said)
    for concurrency in ("1", "100", "10000"):
        got, said = run([*SEED, *net, "--concurrency", concurrency], names)
        check(given(got) == names, f"the order of the input ({concurrency})")
        same_plans(got, wanted, f"concurrency {concurrency}")
        check(said == b"", "nothing on stderr", said)
    got, _ = run([*SEED, *net, "--unordered"], names)
    same_plans(sorted(got), sorted(wanted), "unordered")
    got, _ = run([*SEED, *net, "--cache-size", "0"], names[:500])
    same_plans(got, wanted[:500], "without a cache")
    got, _ = run([*SEED, *net, "--cache-size", "64K"], names)
    same_plans(got, wanted, "with a small cache")
    few = names[:400]
    same_plans(run([*SEED, *net], few)[0], plan([*SEED, *net], few),
               "both from the name server")


def trial_status(net, zone):
    for source in (net, zone):
        run(source, ["d0.bulk.test"], status=0)
        run(source, ["d0.bulk.test", "[nonsense"], status=1)
        run(source, [], status=0)
        out, _ = run([*source, "--quiet"], ["d0.bulk.test", "none.bulk.test"],
                     status=1)
        check(out == [], "--quiet prints no line", out)
    run(["--zone", "/nonexistent"], [], status=64)
    run([*net, "d0.bulk.test"], [], status=64)


def trial_fields(net, zone):
    names = list(destinations(400, seed=2))
    whole = [json.loads(line) for line in run([*SEED, *zone], names)[0]]
    for keys in ("destination,status", "status,destination,hosts", "verdict",
                 "ttl", "flags,rejected", "queries,secure,source,domain"):
        wanted = []
        for one in whole:
            few = {key: one[key] for key in one if key in keys.split(",")}
            wanted.append(json.dumps(few, separators=(",", ":"),
                                     ensure_ascii=False).encode())
        got, _ = run([*SEED, *zone, "--fields", keys], names)
        check(got == wanted, f"--fields {keys}: from a zone",
              got[:1], wanted[:1])
        got, _ = run([*SEED, *net, "--fields", keys], names)
        check(without_ttl(got) == without_ttl(wanted),
              f"--fields {keys}: from a name server",
              *[pair for pair in zip(got, wanted) if pair[0] != pair[1]][:1])


def trial_lines(net, zone):
    """What may stand in the input, and what becomes of it."""
    raw = (b"\xef\xbb\xbfd0.bulk.test\r\n \td0.bulk.test \n#d0.bulk.test\n\n"
           b" \r\n #x@d0.bulk.test\n\0\nd0\0.bulk.test\n\xff.test\n" +
           b"a" * 1014 + b"@d0.bulk.test\n" +
           b"b" * 300000 + b"\n#" + b"c" * 300000 + b"\nd0.bulk.test")
    wanted = ["d0.bulk.test", "d0.bulk.test", "#x@d0.bulk.test", "\0",
              "d0\0.bulk.test", "\ufffd.test", ("a" * 1014 + "@d0.bulk.test"
                                                )[:1024],
              "b" * 1024, "d0.bulk.test"]
    status = ["ok", "ok", "ok", "bad_destination", "bad_destination",
              "bad_destination", "bad_destination", "bad_destination", "ok"]
    for source in (net, zone):
        for extra in ([], ["--unordered"], ["--concurrency", "1"]):
            done = subprocess.run([MXSEL, "bulk", *source, *extra], input=raw,
                                  stdout=subprocess.PIPE, check=False)
            got = [json.loads(line) for line in done.stdout.splitlines()]
            if extra == ["--unordered"]:
                got.sort(key=lambda one: wanted.index(one["destination"]))
            check([one["destination"] for one in got] == wanted or
                  extra and sorted(one["destination"] for one in got) ==
                  sorted(wanted), f"odd lines {extra}", got)
            check(sorted(one["status"] for one in got) == sorted(status),
                  "what is no destination is refused",
                  [one["status"] for one in got])
            check(done.returncode == 1, "and bounces", done.returncode)
    got, _ = run(net, ["x" * 1024 + ""])
    check(len(got) == 1, "1024 octets are a line")


def trial_interactive(net):
    """A line that comes alone is answered before the next one comes."""
    with subprocess.Popen([MXSEL, "bulk", *net, "--fields", "destination"],
                          stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as work:
        for number in range(3):
            work.stdin.write(b"d%d.bulk.test\n" % number)
            work.stdin.flush()
            check(work.stdout.readline() ==
                  b'{"destination":"d%d.bulk.test"}\n' % number,
                  "a line that comes alone is answered at once")
        work.stdin.close()
        check(work.stdout.read() == b"", "and no other comes")


def trial_slow_reader(net, zone, path):
    """Who does not read makes bulk wait, and not grow."""
    for source in (net, zone):
        with subprocess.Popen([MXSEL, "bulk", *source, "--concurrency",
                               "1000"], stdin=open(path, "rb"),
                              stdout=subprocess.PIPE) as work:
            # It fills its window first, for as long as a busy machine takes.
            before, now = 0, 1024
            for _ in range(10):
                if now - before < 1024:
                    break
                before = memory(work.pid, "VmRSS")
                time.sleep(1)
                now = memory(work.pid, "VmRSS")
            check(now - before < 1024 or is_sanitized(),
                  "nothing grows while nobody reads",
                  before, memory(work.pid, "VmRSS"))
            seen = os.read(work.stdout.fileno(), 100000)
            time.sleep(0.2)
            count, peak = seen.count(b"\n"), 0
            for chunk in iter(lambda: os.read(work.stdout.fileno(), 65536),
                              b""):
                count += chunk.count(b"\n")
                peak = max(peak, memory(work.pid, "VmHWM"))
            check(count == MANY, "every line comes in the end", count)
            check(peak < 48 * 1024 or is_sanitized(),
                  "in less than 48 MiB", peak)
            print(f"  peak memory with a slow reader: {peak / 1024:.1f} MiB")


def trial_slow_first():
    """A destination that takes long, and many behind it that do not."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        arguments = [MXSEL, "bulk", "--server",
                     f"127.0.0.1@{silent.getsockname()[1]}", "--fields",
                     "destination,status", "--timeout"]
        names = ["slow.test", *(f"{'x' * 900}{number}@[192.0.2.1]"
                                for number in range(10000)),
                 *(f"{number}@[192.0.2.1]" for number in range(20000))]
        raw = "".join(f"{name}\n" for name in names).encode()
        # In its time a busy machine must come to the others, too.
        for extra in (["1"], ["4", "--unordered"],
                      ["1", "--concurrency", "2"]):
            in_order = "--unordered" not in extra
            begun = time.monotonic()
            with tempfile.TemporaryFile() as source:
                source.write(raw)
                source.seek(0)
                with subprocess.Popen([*arguments, *extra], stdin=source,
                                      stdout=subprocess.PIPE) as work:
                    first = work.stdout.readline()
                    waited = time.monotonic() - begun
                    peak = memory(work.pid, "VmHWM")
                    got = given([first, *work.stdout])
            slow = json.loads(first)["destination"] == "slow.test"
            check(slow == in_order,
                  f"the slow one is first in order {extra}", first)
            check(waited > 0.8 or not slow, "what --unordered is for", waited)
            check(peak < 48 * 1024 or not slow or is_sanitized(),
                  "bounded behind the slow one", peak)
            if not slow:
                check(got.index("slow.test") > 1000, "others come before",
                      got.index("slow.test"))
                places = {name: i for i, name in enumerate(names)}
                got.sort(key=places.get)
            check(got == names, f"every line is there {extra}", len(got))


def interrupted(arguments, path, out, delay, number=signal.SIGINT):
    """A run that gets a signal after a while, adding to out; its status."""
    with open(path, "rb") as source, open(out, "ab") as sink:
        work = subprocess.Popen([MXSEL, "bulk", *arguments], stdin=source,
                                stdout=sink, stderr=subprocess.PIPE)
        try:
            _, said = work.communicate(timeout=delay)
        except subprocess.TimeoutExpired:
            work.send_signal(number)
            _, said = work.communicate(timeout=120)
    return work.returncode, said


def trial_resume(net, zone, path, folder):
    choice = random.Random(3)
    for source, extra in ((net, []), (zone, []), (net, ["--unordered"]),
                          (net, ["--concurrency", "7"])):
        state, out = folder / "state", folder / "out"
        state.unlink(missing_ok=True)
        out.unlink(missing_ok=True)
        arguments = [*SEED, *source, *extra, "--resume", str(state),
                     "--fields", "destination,status,hosts,rejected"]
        wanted, _ = run(arguments[:-4] + arguments[-2:], path=path, status=1)
        times, stops = 0, set()
        while True:
            # Longer each time: it must end on any machine.
            status, said = interrupted(arguments, path, out,
                                       choice.uniform(0.05, 0.2) *
                                       1.25 ** times,
                                       choice.choice([signal.SIGINT,
                                                      signal.SIGTERM]))
            stops.add(status)
            times += 1
            # Negative: it had not yet begun to look for signals.
            if status not in (130, 143, -2, -15):
                break
        got = out.read_bytes().split(b"\n")[:-1]
        if extra == ["--unordered"]:
            got.sort()
            wanted.sort()
        check(got == wanted, f"{times} runs have printed what one prints "
              f"{extra}", len(got), len(wanted), said)
        check(status == 1 and (source is zone or {130, 143} & stops),
              "interrupted, really", times, stops)
        status, said = interrupted(arguments, path, out, 30)
        check(status == 1 and b"all is done already" in said,
              "a run that is complete does nothing", status, said)
        check(out.read_bytes().count(b"\n") == MANY, "and prints nothing")
        print(f"  interrupted {times - 1} times {extra}")
    lines = path.read_bytes().splitlines(True)
    other = folder / "other"
    for what, content in (("another input", [b"x.test\n", *lines[1:]]),
                          ("a shorter input", lines[:-1])):
        other.write_bytes(b"".join(content))
        status, said = interrupted(arguments, other, out, 30)
        check(status == 65 and said.count(b"\n") == 1,
              f"{what} is not gone on with", status, said)
    other.write_bytes(b"".join(lines) + b"d0.bulk.test\n")
    with open(other, "rb") as source:
        got, _ = run(arguments, path=other)
    check(len(got) == 1, "what was added to the input is done", got)
    state.write_text("something else\n")
    status, said = interrupted(arguments, path, out, 30)
    check(status == 65 and b"not a file of" in said, "nor another file",
          status, said)
    status, said = interrupted([*zone, "--resume", str(folder / "no" / "x")],
                               path, out, 30)
    check(status == 73, "a state that cannot be written ends it", status,
          said)


class Bad:
    """A name server that says nothing of d0, and SERVFAIL to all else."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.net = ["--server",
                    f"127.0.0.1@{self.socket.getsockname()[1]}"]
        self.asked = threading.Event()    # for d0
        self.answered = threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            question, client = self.socket.recvfrom(4096)
            if question[12:15].lower() == b"\x02d0":
                self.asked.set()
                continue
            end = question.index(b"\0", 12) + 5
            self.socket.sendto(
                question[:2] + struct.pack(">5H", 0x8182, 1, 0, 0, 0) +
                question[12:end], client)
            self.answered.set()


def stopped(arguments, raw, out, until):
    """A run that gets a SIGHUP when until() is so; nothing else ends it."""
    with tempfile.TemporaryFile() as source, open(out, "ab") as sink:
        source.write(raw)
        source.seek(0)
        with subprocess.Popen([MXSEL, "bulk", *arguments], stdin=source,
                              stdout=sink, stderr=subprocess.PIPE) as work:
            for _ in range(500):
                if until():
                    break
                time.sleep(0.02)
            time.sleep(0.1)
            work.send_signal(signal.SIGHUP)
            said = work.stderr.read()
    check(work.returncode == 129, "stopped by a signal", work.returncode,
          said)


def resumed(arguments, raw, out, is_pipe=False):
    """A run to its end: its status, and what it said."""
    with tempfile.TemporaryFile() as source, open(out, "ab") as sink:
        source.write(raw)
        source.seek(0)
        done = subprocess.run(
            [MXSEL, "bulk", *arguments], stdout=sink, check=False,
            stderr=subprocess.PIPE, timeout=60,
            **({"input": raw} if is_pipe else {"stdin": source}))
    return done.returncode, done.stderr


def lines_of(out):
    return out.read_bytes().count(b"\n")


def trial_gaps(bad, zone, folder):
    """Done beyond the first missing line: never again, never for others."""
    names = ["d0.bulk.test", *(f"{n}@[192.0.2.1]" for n in range(8000)),
             "last@[192.0.2.2]"]
    raw = "\n".join(names).encode()  # the last line without newline
    few = ["--fields", "destination"]
    for again in (["--unordered"], []):
        state, out = folder / "gap-state", folder / "gap"
        state.unlink(missing_ok=True)
        out.unlink(missing_ok=True)
        to = ["--resume", str(state), *few]
        stopped([*bad.net, *to, "--unordered"], raw, out,
                lambda: lines_of(out) == len(names) - 1)
        saved, printed = state.read_bytes(), out.read_bytes()
        for what, other in (
                ("the last line is another", raw[:-2] + b"3]"),
                ("the last line is longer", raw + b":25"),
                ("a line beyond is another",
                 raw.replace(b"\n7000@", b"\n700x@")),
                ("a line is left out", raw.replace(b"\n5@[192.0.2.1]", b"")),
                ("the end is missing", raw[:-100])):
            for is_pipe in (False, True):
                status, said = resumed([*zone, *to, *again], other, out,
                                       is_pipe)
                check(status == 65 and said.count(b"\n") == 1,
                      f"another input, {what}, is not gone on with", is_pipe,
                      status, said)
                check(state.read_bytes() == saved and
                      out.read_bytes() == printed,
                      f"and nothing changes: {what}", is_pipe)
        # Interrupted before it comes as far as the first run.
        bad.asked.clear()
        stopped([*bad.net, *to, *again, "--concurrency", "1"], raw, out,
                bad.asked.is_set)
        status, said = resumed([*zone, *to, *again], raw + b"\nnew@[::1]\n",
                               out, is_pipe=again == [])
        got = given(out.read_bytes().splitlines())
        check(status in (0, 1) and sorted(got) ==
              sorted([*names, "new@[::1]"]),
              f"every line once after three runs {again}", status,
              len(got), said)


def trial_longer_line(zone, folder):
    """A last line without newline is another one when it grew."""
    state, out = folder / "grown-state", folder / "grown"
    to = [*zone, "--resume", str(state)]
    for changed in (False, True):
        check(resumed(to, b"d0.bulk.test\nns.bulk.test", out)[0] == 0,
              "a last line without newline")
        if changed:  # as after a signal that came late
            state.write_bytes(state.read_bytes().replace(b"complete 1",
                                                         b"complete 0"))
        status, said = resumed(to, b"d0.bulk.test\nns.bulk.test.x\n", out)
        check(status == 65 and lines_of(out) == 2, "is not gone on with",
              status, said)


def trial_status_resumed(bad, zone, folder):
    """The exit status is that of the lines that are there."""
    state, out = folder / "status-state", folder / "status"
    raw = b"d0.bulk.test\nns.bulk.test\n"
    for extra in ([], ["--unordered", "--concurrency", "1"]):
        state.unlink(missing_ok=True)
        out.unlink(missing_ok=True)
        bad.answered.clear()
        bad.asked.clear()
        stopped([*bad.net, *extra, "--resume", str(state)], raw, out,
                bad.asked.is_set if extra else
                lambda: bad.answered.is_set() and time.sleep(0.7) is None)
        check(lines_of(out) == 0, "nothing is printed yet")
        status, said = resumed([*zone, *extra, "--resume", str(state)], raw,
                               out)
        check(status == 0 and lines_of(out) == 2,
              "what was never printed does not count", status, said)
    # What was printed does.
    state.unlink()
    stopped([*bad.net, "--unordered", "--resume", str(state)], raw, out,
            lambda: lines_of(out) == 3)
    status, said = resumed([*zone, "--unordered", "--resume", str(state)],
                           raw, out)
    check(status == 75 and lines_of(out) == 4, "what was printed does",
          status, said)


def trial_read_error(zone, folder):
    """What is read of a line before an error is no destination."""
    state = folder / "error-state"
    for extra in ([], ["--resume", str(state)]):
        master, slave = pty.openpty()
        mode = termios.tcgetattr(slave)
        mode[1] &= ~termios.OPOST
        termios.tcsetattr(slave, termios.TCSANOW, mode)
        os.write(slave, b"d0.bulk.test\nns.bulk.te")
        os.close(slave)  # EIO comes behind it
        done = subprocess.run([MXSEL, "bulk", *zone, *extra], stdin=master,
                              stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.PIPE, timeout=30)
        os.close(master)
        check(done.returncode == 74 and
              given(done.stdout.splitlines()) == ["d0.bulk.test"],
              "74 and whole lines after a read error", done.returncode,
              done.stdout, done.stderr)
        if sys.platform != "linux":
            break
    check(b"\noctets 13\n" in state.read_bytes(),
          "and it goes on at that line", state.read_bytes())


def trial_odd_lines(bad):
    """Refused lines wait in bounded memory, too."""
    with tempfile.TemporaryFile() as source:
        source.write(b"d0.bulk.test\n" + 10000 * (bytes(1024) + b"\n"))
        source.seek(0)
        with subprocess.Popen([MXSEL, "bulk", *bad.net], stdin=source,
                              stdout=subprocess.DEVNULL) as work:
            time.sleep(1)
            peak = memory(work.pid, "VmHWM")
            work.kill()
    check(peak < 48 * 1024 or is_sanitized(),
          "lines that are refused do not fill the memory", peak)


def trial_state_lost(zone, folder):
    """When the state can be written no more, the output is as it says."""
    state, out = folder / "lost-state", folder / "lost"
    arguments = [*zone, "--resume", str(state), "--fields", "destination",
                 "--progress", "always"]
    with open(out, "wb") as sink, \
            subprocess.Popen([MXSEL, "bulk", *arguments], stdout=sink,
                             stdin=subprocess.PIPE,
                             stderr=subprocess.PIPE) as work:
        work.stdin.write(b"1@[::1]\n2@[::1]\n")
        work.stdin.flush()
        for _ in range(3000):
            if state.exists() and b"lines 2\n" in state.read_bytes():
                break
            time.sleep(0.02)
        pathlib.Path(f"{state}.new").mkdir()
        work.stdin.write(b"3@[::1]\n4@[::1]\n")
        work.stdin.flush()
        said = work.stderr.read()
        work.stdin.close()
    check(work.returncode == 73 and said.count(b"\nmxsel: ") +
          said.count(b"\rmxsel: ") == said.count(b"mxsel: ") == 2,
          "73, and said at the beginning of a line", work.returncode, said)
    pathlib.Path(f"{state}.new").rmdir()
    resumed(arguments, b"".join(b"%d@[::1]\n" % n for n in range(1, 6)),
            out)
    check(given(out.read_bytes().splitlines()) ==
          [f"{n}@[::1]" for n in range(1, 6)], "and every line comes once",
          out.read_bytes())


def trial_full_disk(zone, path, folder):
    """With --resume a disk that is full leaves no half line behind."""
    state, out = folder / "full-state", folder / "full"
    arguments = [MXSEL, "bulk", *SEED, *zone, "--resume", str(state)]
    wanted, _ = run([*SEED, *zone], path=path)
    statuses = []
    for limit in (5000001, 12000001, resource.RLIM_INFINITY):
        with open(path, "rb") as source, open(out, "ab") as sink:
            done = subprocess.run(
                arguments, stdin=source, stdout=sink, stderr=subprocess.PIPE,
                preexec_fn=lambda most=limit: resource.setrlimit(
                    resource.RLIMIT_FSIZE, (most, most)), check=False)
        statuses.append(done.returncode)
    check(statuses == [74, 74, 1], "74 when the disk is full", statuses,
          done.stderr)
    check(out.read_bytes().split(b"\n")[:-1] == wanted,
          "and every line once when there is room again")


def has_taken(work, number):
    """Does a signal that was sent wait no longer? Two that wait are one."""
    status = pathlib.Path(f"/proc/{work.pid}/status")
    if not status.exists():
        return True
    waiting = re.findall(r"^S(?:ig|hd)Pnd:\s+([0-9a-f]+)", status.read_text(),
                         re.M)
    return not any(int(one, 16) >> number - 1 & 1 for one in waiting)


def trial_second_signal(zone, path):
    """The second signal does not wait for a reader who does not read."""
    for first, second in ((signal.SIGINT, signal.SIGINT),
                          (signal.SIGHUP, signal.SIGTERM)):
        with subprocess.Popen([MXSEL, "bulk", *zone], stdin=open(path, "rb"),
                              stdout=subprocess.PIPE) as work:
            os.read(work.stdout.fileno(), 1)
            time.sleep(0.2)
            work.send_signal(first)
            time.sleep(0.2)
            for _ in range(3000):
                if has_taken(work, first):
                    break
                time.sleep(0.02)
            check(work.poll() is None, "the first waits for the reader")
            work.send_signal(second)
            try:
                work.wait(30)
            except subprocess.TimeoutExpired:
                work.kill()
            check(work.wait() == -second, "the second ends it at once",
                  work.returncode, first, second)


def trial_interrupted_prefix(net, path):
    """Whole lines, in order, also when that is not all."""
    with subprocess.Popen([MXSEL, "bulk", *net, "--fields", "destination"],
                          stdin=open(path, "rb"),
                          stdout=subprocess.PIPE) as work:
        seen = os.read(work.stdout.fileno(), 1000)
        work.send_signal(signal.SIGINT)
        seen += work.stdout.read()
        check(work.wait(60) == 130, "130 after SIGINT", work.returncode)
    names = path.read_text().split("\n")
    got = given(seen.split(b"\n")[:-1])
    check(seen.endswith(b"\n") and got == names[:len(got)] and got,
          "the first lines, whole and in order", len(got))


def trial_closed_pipe(net, zone, path):
    for source in (net, zone):
        with subprocess.Popen([MXSEL, "bulk", *source],
                              stdin=open(path, "rb"), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as work:
            os.read(work.stdout.fileno(), 100)
            work.stdout.close()
            said = work.stderr.read()
            check(work.wait(30) == 74, "a closed pipe is 74", work.returncode)
            check(said.count(b"\n") == 1 and
                  said.startswith(b"mxsel: cannot write: "), "one line", said)
    if os.path.exists("/dev/full"):
        with open("/dev/full", "wb") as full, open(path, "rb") as source:
            done = subprocess.run([MXSEL, "bulk", *zone], stdin=source,
                                  stdout=full, stderr=subprocess.PIPE,
                                  check=False)
        check(done.returncode == 74 and done.stderr.count(b"\n") == 1,
              "a full disk is 74", done.returncode, done.stderr)


def trial_server_dies(folder, zone_path):
    """Every line comes, also those that nobody answers any more."""
    server = Server(folder, zone_path)
    arguments = ["--server", server.address, "--timeout", "1",
                 "--fields", "destination,status,verdict"]
    names = [f"d{number}.bulk.test" for number in range(1000)]
    with subprocess.Popen([MXSEL, "bulk", *arguments], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as work:
        work.stdin.write("".join(f"{n}\n" for n in names[:300]).encode())
        work.stdin.flush()
        got = [work.stdout.readline() for _ in range(300)]
        server.stop()
        begun = time.monotonic()
        work.stdin.write("".join(f"{n}\n" for n in names[300:]).encode())
        work.stdin.close()
        got += work.stdout.read().splitlines()
        check(work.wait(60) == 75, "nobody answers: 75", work.returncode)
    check(time.monotonic() - begun < 30, "in time")  # 700 s one by one
    check(given(got) == names, "every line comes when the server dies",
          len(got))
    late = [json.loads(line) for line in got[300:]]
    known = [one for one in late if one["status"] != "dns_temporary"]
    check(all(one["verdict"]["action"] == "defer" for one in late
              if one not in known) and len(known) < 50,
          "those that nobody answered are deferred", len(known), known[:2])


def trial_progress(net, path, folder):
    pty_fd, tty = pty.openpty()
    fcntl.ioctl(tty, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))

    def shown(arguments, source=path):
        with open(source, "rb") as given_in:
            work = subprocess.Popen([MXSEL, "bulk", *arguments],
                                    stdin=given_in,
                                    stdout=subprocess.DEVNULL, stderr=tty)
            text = b""
            os.set_blocking(pty_fd, False)
            while True:
                over = work.poll() is not None
                try:
                    text += os.read(pty_fd, 65536)
                except BlockingIOError:
                    if over:
                        break
                    time.sleep(0.01)
        return text.decode()

    text = shown([*net, "--concurrency", "20"])
    drawn = [part for part in text.split("\r") if "done" in part]
    check(drawn, "there is progress on a terminal", text)
    check(all(len(part) <= 99 for part in drawn), "within its width",
          max(map(len, drawn), default=0))
    check(any(re.search(r"^[\d,]+ done  [\d,]+/s  defer [\d,]+  bounce "
                        r"[\d,]+  questions [\d,]+ ", part)
              for part in drawn), "what it says", drawn[-1:])
    check(any(re.search(r"\d+ % \[=*>? *\]", part) for part in drawn) and
          "ETA" in text, "a bar, and when it will be over", drawn[-1:])
    last = text.rstrip().split("\r")[-1]
    check(re.fullmatch(rf"mxsel: {MANY:,} destinations in [\d:.]+ "
                       r"\([\d,]+/s\): [\d,]+ try, [\d,]+ defer, [\d,]+ "
                       r"bounce; [\d,]+ questions", last),
          "the last line", last)
    fcntl.ioctl(tty, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    text = shown([*net, "--concurrency", "20"])
    check(all(len(part) <= 39 for part in text.split("\r")
              if "done" in part), "within 40 columns")
    check(shown([*net, "--progress", "never"]) == "", "--progress never")
    check(shown([*net, "--quiet"]) == "", "--quiet")
    os.close(tty)
    os.close(pty_fd)
    few = folder / "few"
    few.write_text("d0.bulk.test\n")
    _, said = run([*net, "--progress", "always"], path=few)
    check(b"mxsel: 1 destination in" in said, "--progress always", said)


def trial_parallel(net, path, folder):
    """Over several processes: the same lines (-k: in the same order)."""
    if shutil.which("parallel") is None or b"GNU parallel" not in \
            subprocess.run(["parallel", "--version"], check=False,
                           stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL).stdout:
        skip("GNU parallel")
        return
    environment = dict(os.environ, PARALLEL_HOME=str(folder))
    wanted, _ = run([*SEED, *net], path=path)
    for keep in (["-k"], []):
        with open(path, "rb") as source:
            done = subprocess.run(
                ["parallel", "--will-cite", "--pipe", "-j2", "--block",
                 "200k", *keep, MXSEL, "bulk", *SEED, *net], stdin=source,
                stdout=subprocess.PIPE, env=environment, timeout=120,
                check=False)
        got = without_ttl(done.stdout.splitlines())
        if not keep:
            got.sort()
        same = without_ttl(wanted)
        check(got == (same if keep else sorted(same)),
              f"GNU parallel {keep}: the same lines", len(got), len(same))


def trial_demo():
    got, _ = run(["--demo", "--fields", "destination,status"],
                 ["normal.example", "null.example"])
    check(len(got) == 2 and b'"ok"' in got[0], "the demo", got)


def main():
    # Who began this in the background, or by nohup, may have had signals
    # ignored: then mxsel would, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        zone_path, path = folder / "bulk.zone", folder / "destinations"
        write_zone(zone_path)
        path.write_text("".join(f"{d}\n" for d in destinations(MANY, 4)))
        server, bad = Server(folder, zone_path), Bad()
        net = ["--server", server.address]
        zone = ["--zone", str(zone_path)]
        small = ["--zone", str(folder / "small.zone")]
        (folder / "small.zone").write_text("\n".join(SMALL) + "\n")
        try:
            for trial, arguments in (
                    (trial_order, (net, zone)),
                    (trial_status, (net, small)),
                    (trial_fields, (net, zone)),
                    (trial_lines, (net, small)),
                    (trial_interactive, (net,)),
                    (trial_slow_reader, (net, zone, path)),
                    (trial_slow_first, ()),
                    (trial_resume, (net, zone, path, folder)),
                    (trial_gaps, (bad, small, folder)),
                    (trial_longer_line, (small, folder)),
                    (trial_status_resumed, (bad, small, folder)),
                    (trial_read_error, (small, folder)),
                    (trial_odd_lines, (bad,)),
                    (trial_state_lost, (small, folder)),
                    (trial_full_disk, (zone, path, folder)),
                    (trial_second_signal, (zone, path)),
                    (trial_interrupted_prefix, (net, path)),
                    (trial_closed_pipe, (net, zone, path)),
                    (trial_progress, (net, path, folder)),
                    (trial_parallel, (net, path, folder)),
                    (trial_demo, ())):
                begun = time.monotonic()
                trial(*arguments)
                if "-v" in sys.argv:
                    print(f"{trial.__name__}: "
                          f"{time.monotonic() - begun:.1f} s", flush=True)
            check(server.process.poll() is None, "NSD still runs")
        finally:
            server.stop()
        other = folder / "other-server"
        other.mkdir()
        trial_server_dies(other, zone_path)
    return ended()


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""make bench-dns: many destinations at once, against NSD on loopback and
beside other resolver libraries.

NSD has one core, whoever asks it another. Every round runs every contestant
once, each round in another order; what is shown is the median of the rounds
with the least and the most. A contestant begins no domain after --seconds,
so that slow ones are measured on a part of the list. Nothing is left: zones,
configuration and sockets are in a temporary folder, NSD is stopped, and the
socket buffers of the system, which are raised for the runs with large
buffers when that is allowed, are put back.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import report
import server

# name: (program, mode); the order of the table.
CONTESTANTS = {
    "bare loop": ("bare", ""),
    "mxsel bulk": ("mxsel", ""),
    "engine": ("engine", ""),
    "engine, first host": ("engine", "lazy"),
    "c-ares, cached": ("cares", "cached"),
    "c-ares": ("cares", ""),
    "adns": ("adns", ""),
    "udns": ("udns", ""),
    "libunbound": ("unbound", ""),
    "glibc threads": ("resolv", ""),
}
OWN = ("bare loop", "mxsel bulk", "engine", "engine, first host")
QUICK = ("bare loop", "mxsel bulk", "engine", "engine, first host",
         "c-ares, cached", "c-ares")
# The same with one datagram of a hundred lost each way.
LOSSY = {
    "mxsel bulk, 1 % lost": "mxsel bulk",
    "engine, 1 % lost": "engine",
}
EVERY = "100"


def log(text):
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)


def whole(text):
    """10000 of "10,000" or "10000"."""
    return int(text.replace(",", "").replace("_", ""))


def numbers(text):
    """[1, 100] of "1,100"."""
    return [int(part) for part in text.split(",") if part]


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="run.py", description=__doc__.partition("\n")[0],
        epilog="drivers: " + "; ".join(CONTESTANTS))
    add = parser.add_argument
    add("--build", default=".", help="the folder where make ran")
    add("--quick", action="store_true",
        help="10,000 domains, two rounds, few drivers: is all well?")
    add("--domains", type=whole, default=100000, help="D 100,000")
    add("--rounds", type=int, default=5, help="D 5")
    add("--concurrency", type=numbers, default=[1, 100, 1000, 10000],
        help="D 1,100,1000,10000")
    add("--drivers", default="", help="some of them, with ; between")
    add("--buffers", default="default,large", help="D default,large")
    add("--growth", type=numbers, default=[1000, 10000, 100000, 1000000],
        help="numbers of domains for the cost per domain; 0: not")
    add("--seconds", type=int, default=5, help="longest run; D 5")
    add("--seed", type=int, default=1, help="of the zone; D 1")
    add("--full-answers", action="store_true",
        help="NSD adds addresses to MX answers; resolvers do not, and so it "
        "does not unless told")
    add("--no-loss", action="store_true", help="no run with lost datagrams")
    add("--no-pin", action="store_true", help="do not choose cores")
    add("--json", metavar="FILE", help="write every run there")
    add("--svg", metavar="PREFIX", help="write PREFIX-speed.svg and "
        "PREFIX-growth.svg")
    add("--markdown", metavar="FILE", help="write the tables there, too")
    args = parser.parse_args()
    if args.quick:
        args.domains, args.rounds = 10000, 2
        args.concurrency = [100, 10000]
        args.buffers, args.growth = "default", [10000]
        args.seconds = 1
        args.drivers = args.drivers or ";".join(QUICK)
    return args


class Bench:
    """Zones, servers and runs."""

    def __init__(self, args):
        self.args = args
        self.build = pathlib.Path(args.build).resolve()
        self.programs = self.build / "obj" / "tests" / "bench" / "dns"
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="mxsel-bench-"))
        self.runs = []
        self.floors = {}
        self.skipped = []
        self.servers = []
        self.child = None
        self.buffers = server.Buffers()
        cores = sorted(os.sched_getaffinity(0))
        self.pinned = not args.no_pin and len(cores) > 1
        self.own_core, self.nsd_core = cores[0], cores[-1]
        wanted = [name.strip() for name in args.drivers.split(";")
                  if name.strip()] or list(CONTESTANTS)
        for name in wanted:
            if name not in CONTESTANTS:
                sys.exit(f"run.py: no driver is called {name}")
        self.names = [name for name in wanted if self._there(name)]

    def _program(self, name):
        program = CONTESTANTS[name][0]
        return self.build / "mxsel" if program == "mxsel" else \
            self.programs / program

    def _there(self, name):
        path = self._program(name)
        there = path.exists()
        if there and path.name == "mxsel":
            said = subprocess.run(
                [path, "bulk", "--server", "127.0.0.1"], text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, check=False)
            there = said.returncode != 64
        if not there:
            self.skipped.append(name)
            log(f"skipped: {name}")
        return there

    def zone(self, domains):
        """The folder with a zone of so many domains."""
        folder = self.scratch / str(domains)
        if not folder.exists():
            folder.mkdir()
            said = subprocess.run(
                [self.programs / "zone", folder, str(domains),
                 str(self.args.seed)], stdout=subprocess.PIPE, text=True,
                check=True)
            self.floors[domains] = json.loads(said.stdout)
            log(f"zone: {said.stdout.strip()}")
        return folder

    def serve(self, domains, large):
        """A server for it."""
        nsd = server.Nsd(self.zone(domains),
                         self.nsd_core if self.pinned else None, large,
                         self.args.full_answers)
        self.servers.append(nsd)
        log(f"NSD: {domains:,} domains, {nsd.memory() / 1024:.0f} MiB, "
            f"{'large' if large else 'default'} buffers")
        return nsd

    def stop_servers(self):
        """All of them."""
        while self.servers:
            self.servers.pop().stop()

    def _execute(self, command, seconds, stdin=None, stdout=None):
        """(exit status, stdout, stderr) of a run on our core."""
        before = os.sched_getaffinity(0)
        if self.pinned:
            os.sched_setaffinity(0, {self.own_core})
        try:
            self.child = subprocess.Popen(
                command, stdin=stdin or subprocess.DEVNULL,
                stdout=stdout or subprocess.PIPE, stderr=subprocess.PIPE,
                text=True)
        finally:
            os.sched_setaffinity(0, before)
        try:
            out, err = self.child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.child.terminate()
            out, err = self.child.communicate()
        status, self.child = self.child.returncode, None
        return status, out or "", err

    def _lossy(self, command):
        """The command where datagrams are lost."""
        return ["env", f"LD_PRELOAD={self.programs / 'lossy.so'}",
                f"MXSEL_LOSSY={EVERY}", *command]

    def _driver(self, name, folder, nsd, count, concurrency, lossy):
        command = [str(self._program(name)), str(nsd.port), str(folder),
                   str(count), str(concurrency), str(self.args.seconds),
                   CONTESTANTS[name][1]]
        status, out, err = self._execute(
            self._lossy(command) if lossy else command,
            3 * self.args.seconds + 30)
        for line in err.splitlines()[:5]:
            log("  " + line)
        if status != 0 or not out.startswith("{"):
            return {"failed": status, "domains": 0, "seconds": 1, "user": 0,
                    "sys": 0, "wrong": 0, "lost": 0}
        run = json.loads(out)
        run["peak_mib"] = (run.pop("peak_kib") - run.pop("base_kib")) / 1024
        return run

    def _input(self, folder, count):
        path = self.scratch / f"input-{folder.name}-{count}"
        if not path.exists():
            with (folder / "domains").open() as source, \
                    path.open("w") as target:
                for _, line in zip(range(count), source):
                    target.write(line)
        return path

    def bulk_command(self, nsd, concurrency, *more):
        """mxsel bulk, asking this server."""
        return [str(self.build / "mxsel"), "bulk", "--server",
                f"127.0.0.1@{nsd.port}", "--concurrency", str(concurrency),
                *more]

    def _bulk(self, folder, nsd, count, concurrency, lossy):
        command = self.bulk_command(nsd, concurrency)
        launch = [str(self.programs / "launch"),
                  str(10 * self.args.seconds + 30),
                  *(self._lossy(command) if lossy else command)]
        with self._input(folder, count).open() as source, \
                open(os.devnull, "w", encoding="ascii") as sink:
            status, _, err = self._execute(
                launch, 10 * self.args.seconds + 60, source, sink)
        lines = err.splitlines()
        run = json.loads(lines[-1]) if status == 0 and lines and \
            lines[-1].startswith("{") else {"seconds": 1, "status": -1,
                                            "user": 0, "sys": 0,
                                            "peak_kib": 0}
        for line in lines[:-1][:5]:
            log("  " + line)
        run["peak_mib"] = run.pop("peak_kib") / 1024
        run["domains"] = count if run["status"] in (0, 1, 75) else 0
        if run["status"] not in (0, 1, 75):
            run["failed"] = run["status"]
        return run

    def measure(self, name, nsd, domains, concurrency, **what):
        """One run, noted with what is said of it."""
        folder = self.zone(domains)
        before = nsd.questions()
        count = domains
        lossy = name in LOSSY
        what["name"] = name
        name = LOSSY.get(name, name)
        if CONTESTANTS[name][0] == "mxsel":
            if concurrency == 1:
                count = min(domains, 20000)
            run = self._bulk(folder, nsd, count, concurrency, lossy)
        else:
            run = self._driver(name, folder, nsd, count, concurrency, lossy)
        after = nsd.questions()
        if before is not None and after is not None:
            run["questions"] = after - before
        run.update(what, zone=domains, concurrency=concurrency)
        self.runs.append(run)
        log(f"  {run['name']}, {concurrency}: {run['domains']:,} in "
            f"{run['seconds']:.2f} s" +
            (", FAILED" if "failed" in run else ""))
        return run

    def verify(self, nsd, domains, concurrency, lossy=False):
        """Everything that mxsel bulk prints is right: (right, wrong, lost)"""
        folder = self.zone(domains)
        command = self.bulk_command(nsd, concurrency)
        if lossy:
            command = self._lossy(command)
        path = self.scratch / "output"
        with self._input(folder, domains).open() as source, \
                path.open("w") as sink:
            self._execute(command, 300, source, sink)
        with path.open() as source:
            _, out, err = self._execute(
                [self.programs / "verify", folder, str(domains)], 120,
                source)
        path.unlink()
        for line in err.splitlines()[:3]:
            log("  " + line[:200])
        said = json.loads(out) if out.startswith("{") else \
            {"right": 0, "wrong": 0, "lost": domains}
        said.update(zone=domains, concurrency=concurrency, lossy=lossy)
        log(f"  verified: {said}")
        return said

    def same_as_plan(self, nsd, domains, sample=2000):
        """How many of a sample `mxsel bulk` and `mxsel plan` tell alike."""
        path = self._input(self.zone(domains), min(sample, domains))
        names = path.read_text().split()
        common = ["--server", f"127.0.0.1@{nsd.port}", "--seed", "7"]
        with path.open() as source:
            _, bulk, _ = self._execute(
                self.bulk_command(nsd, 100, "--seed", "7"), 120, source)
        plan = ""
        for at in range(0, len(names), 500):
            plan += self._execute([str(self.build / "mxsel"), "plan",
                                   "--json", *common,
                                   *names[at:at + 500]], 120)[1]
        told = [self._comparable(text) for text in (bulk, plan)]
        return len(names), sum(a == b for a, b in zip(*told))

    def warm(self, nsd, domains):
        """One selection on a warm cache; None without the program."""
        if not (self.programs / "warm").exists():
            return None
        _, out, err = self._execute(
            [self.programs / "warm", str(nsd.port), self.zone(domains),
             str(domains), "1", "5"], 60)
        if not out.startswith("{"):
            log("  " + err[:300])
            return None
        return json.loads(out)

    @staticmethod
    def _comparable(text):
        found = []
        for line in text.splitlines():
            if line.startswith("{"):
                one = json.loads(line)
                # What is cached is older, by seconds.
                one.pop("ttl", None)
                found.append(one)
        return found

    def close(self):
        """Leave nothing."""
        if self.child is not None:
            self.child.terminate()  # launch passes it on
            try:
                self.child.wait(5)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self.stop_servers()
        self.buffers.restore()
        shutil.rmtree(self.scratch, ignore_errors=True)


def rotated(items, by):
    """Another order each round."""
    items = list(items)
    by %= max(1, len(items))
    return items[by:] + items[:by]


def speed(bench, buffers, extra):
    """Every contestant at every concurrency."""
    args = bench.args
    large = buffers == "large"
    bench.buffers.use(large)
    nsd = bench.serve(args.domains, large)
    names = list(bench.names)
    bulk = "mxsel bulk" in names
    if not args.no_loss and (bench.programs / "lossy.so").exists():
        names += [lossy for lossy, name in LOSSY.items() if name in names]
    for number in range(args.rounds):
        log(f"{buffers} buffers, round {number + 1} of {args.rounds}")
        said = bench.warm(nsd, args.domains)
        if said:
            extra["warm"].append(said)
        for concurrency in args.concurrency:
            for name in rotated(names, number):
                if name not in LOSSY or concurrency == 100:
                    bench.measure(name, nsd, args.domains, concurrency,
                                  buffers=buffers, round=number)
    if bulk:
        for concurrency in args.concurrency:
            if concurrency > 1:
                extra["verified"].append(dict(bench.verify(
                    nsd, args.domains, concurrency), buffers=buffers))
        if any(name in LOSSY for name in names):
            extra["verified"].append(dict(bench.verify(
                nsd, args.domains, 100, True), buffers=buffers))
        if "plan" not in extra:
            extra["plan"] = bench.same_as_plan(nsd, args.domains)
    bench.stop_servers()


def growth(bench):
    """Cost per domain for ever more domains."""
    args = bench.args
    large = bench.buffers.large_works
    bench.buffers.use(large)
    sizes = [n for n in args.growth if n > 0]
    servers = {n: bench.serve(n, large) for n in sizes}
    peers = [name for name in bench.names
             if name in OWN or name.startswith("c-ares")]
    for number in range(args.rounds):
        log(f"growth, round {number + 1} of {args.rounds}")
        for domains in sizes:
            names = [name for name in peers
                     if domains <= 100000 or name in OWN[:3]]
            for name in rotated(names, number):
                for _ in range(5 if domains <= 1000 else 1):
                    bench.measure(name, servers[domains], domains, 100,
                                  buffers="growth", round=number)
    bench.stop_servers()


def measure_all(bench, extra):
    """All runs that the command line asks for."""
    for buffers in bench.args.buffers.split(","):
        if buffers == "large" and not bench.buffers.large_works:
            bench.skipped.append("large buffers: may not be set")
            log("skipped: large buffers")
            continue
        speed(bench, buffers, extra)
    if any(bench.args.growth):
        seconds, bench.args.seconds = bench.args.seconds, 60
        growth(bench)
        bench.args.seconds = seconds


def main():
    args = arguments()
    for program in ("nsd",):
        if server.find(program) is None:
            print(f"skipped: {program}")
            return 77
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(130))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    bench = Bench(args)
    extra = {"verified": [], "warm": []}
    try:
        measure_all(bench, extra)
    except KeyboardInterrupt:
        log("interrupted: what there is follows")
    finally:
        bench.close()
    extra["floors"] = bench.floors
    extra["skipped"] = bench.skipped
    if args.json:
        pathlib.Path(args.json).write_text(
            json.dumps({"runs": bench.runs, **extra}, indent=1) + "\n")
    text = report.tables(bench.runs, extra, list(CONTESTANTS) + list(LOSSY))
    print(text)
    if args.markdown:
        pathlib.Path(args.markdown).write_text(text + "\n")
    if args.svg:
        report.plots(bench.runs, list(CONTESTANTS), args.svg)
    return 0


if __name__ == "__main__":
    sys.exit(main())

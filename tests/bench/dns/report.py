"""What run.py measured, for people: Markdown tables, the list of what must
be shown with yes or no, and the plots."""
import statistics

import plot


def rate(run):
    """Domains a second."""
    return run["domains"] / run["seconds"] if run["seconds"] else 0


def cost(run):
    """CPU microseconds per domain."""
    if not run["domains"]:
        return None
    return (run["user"] + run["sys"]) * 1e6 / run["domains"]


def asked(run):
    """Questions per domain that reached the server."""
    if not run["domains"] or "questions" not in run:
        return None
    return run["questions"] / run["domains"]


def select(runs, **wanted):
    """Runs that are so."""
    return [run for run in runs
            if all(run.get(key) == value for key, value in wanted.items())]


def median(runs, what):
    """The median of the runs, or None."""
    values = [value for value in map(what, runs) if value is not None]
    return statistics.median(values) if values else None


def field(name):
    """That field of a run."""
    return lambda run: run.get(name)


def by_round(runs, others, what):
    """The median ratio of runs of the same round, or None."""
    ratios = []
    for run in runs:
        for other in others:
            if other.get("round") == run.get("round") and what(other):
                ratios.append(what(run) / what(other))
                break
    return statistics.median(ratios) if ratios else None


def show(value, digits=1, unit=""):
    """A number for a cell."""
    if value is None:
        return "-"
    return f"{value:,.{digits}f}{unit}"


def row(name, runs, setting):
    """One line of a table of speeds."""
    mine = select(setting, name=name)
    rates = [rate(run) / 1000 for run in mine]
    bad = sum(run.get("wrong", 0) for run in mine)
    lost = sum(run.get("lost", 0) for run in mine)
    failed = sum("failed" in run for run in mine)
    cpu = median(mine, cost)
    cells = [
        name, show(statistics.median(rates)),
        f"{min(rates):.1f}-{max(rates):.1f}",
        show(median(mine, asked), 2), show(cpu),
        show(None if cpu is None else cpu / 1000, 4),
        show(median(mine, field("peak_mib"))),
        show(median(mine, field("p50")), 2),
        show(median(mine, field("p99")), 2),
        show(median(mine, field("max")), 0),
        show(by_round(mine, select(setting, name="c-ares"), rate), 2),
        show(by_round(mine, select(setting, name="bare loop"), rate), 2),
        show(median(mine, field("domains")), 0),
        f"{bad} / {lost}" + (f" ({failed} runs failed)" if failed else ""),
    ]
    return "| " + " | ".join(cells) + " |"


HEAD = ["", "thousand domains/s", "least-most", "questions/domain",
        "CPU us/domain", "CPU s/1,000", "memory MiB", "p50 ms", "p99 ms",
        "max ms", "x c-ares", "x bare", "domains", "wrong / lost or late"]


def head():
    """The first two lines of a table of speeds."""
    return ["| " + " | ".join(HEAD) + " |",
            "|---|" + "---:|" * (len(HEAD) - 1)]


def speed_tables(runs, order):
    """A table for every kind of buffers and every concurrency."""
    out = []
    for buffers in ("default", "large"):
        part = select(runs, buffers=buffers)
        for concurrency in sorted({run["concurrency"] for run in part}):
            setting = select(part, concurrency=concurrency)
            rounds = len({run["round"] for run in setting})
            out += ["", f"### {setting[0]['zone']:,} domains, {concurrency:,}"
                    f" at a time, {buffers} socket buffers (rounds: {rounds})",
                    ""] + head()
            out += [row(name, runs, setting) for name in order
                    if select(setting, name=name)]
    return out


def growth_table(runs, order):
    """The cost per domain by the number of domains."""
    part = select(runs, buffers="growth")
    if not part:
        return []
    out = ["", "### Cost per domain as domains get more (100 at a time)", "",
           "| | domains | CPU us/domain | least-most | thousand domains/s | "
           "questions/domain | memory MiB |", "|---|" + "---:|" * 6]
    for name in order:
        for domains in sorted({run["zone"] for run in part}):
            mine = select(part, name=name, zone=domains)
            costs = [c for c in map(cost, mine) if c is not None]
            if costs:
                out.append(
                    f"| {name} | {domains:,} | "
                    f"{statistics.median(costs):.2f} | "
                    f"{min(costs):.2f}-{max(costs):.2f} | "
                    f"{show(median(mine, rate) / 1000)} | "
                    f"{show(median(mine, asked), 2)} | "
                    f"{show(median(mine, field('peak_mib')))} |")
    return out


class Shown:
    """The list of what must be shown."""

    def __init__(self):
        self.lines = []

    def add(self, what, value, reached, digits=2, unit=""):
        """One line; value None: not measured."""
        said = "not measured" if value is None else \
            ("yes" if reached(value) else "NO")
        self.lines.append(
            f"| {what} | {show(value, digits, unit)} | {said} |")


def must_speed(shown, runs, buffers):
    """What is asked of each kind of buffers."""
    part = select(runs, buffers=buffers)

    def of(name, concurrency=100):
        return select(part, name=name, concurrency=concurrency)

    bulk, engine, lazy = (of("mxsel bulk"), of("engine"),
                          of("engine, first host"))
    label = f"{buffers} buffers: "
    add = shown.add
    peers = [of(name) for name in ("adns", "c-ares")]
    best = max((p for p in peers if p), default=[],
               key=lambda p: median(p, rate))
    add(label + "mxsel bulk, times the best of adns and c-ares (>= 3)",
        by_round(bulk, best, rate), lambda v: v >= 3)
    add(label + "mxsel bulk, share of the bare loop (>= 0.70)",
        by_round(bulk, of("bare loop"), rate), lambda v: v >= 0.70)
    add(label + "engine, times the cached c-ares (> 1)",
        by_round(engine, of("c-ares, cached"), rate), lambda v: v > 1)
    add(label + "engine, CPU us/domain (<= 7 where the bare loop needs 5)",
        median(engine, cost), lambda v: v <= 7)
    add(label + "engine, CPU against the bare loop (<= 1.4)",
        by_round(engine, of("bare loop"), cost), lambda v: v <= 1.4)
    add(label + "engine, CPU against the cached c-ares (<= 0.875)",
        by_round(engine, of("c-ares, cached"), cost), lambda v: v <= 0.875)
    for name in ("mxsel bulk", "engine"):
        add(label + f"{name}, speed with 10,000 at a time against 100 "
            "(>= 0.85)", by_round(of(name, 10000), of(name), rate),
            lambda v: v >= 0.85)
    for name, runs_of in (("mxsel bulk", bulk), ("engine", engine)):
        add(label + f"{name}, speed with 1 % lost against without "
            "(>= 0.60)", by_round(of(name + ", 1 % lost"), runs_of, rate),
            lambda v: v >= 0.60)
    add(label + "engine, questions per domain, everything (<= 1.9)",
        median(engine, asked), lambda v: v <= 1.9)
    add(label + "mxsel bulk, questions per domain, everything (<= 1.9)",
        median(bulk, asked), lambda v: v <= 1.9)
    add(label + "engine, questions per domain, first host (<= 1.7)",
        median(lazy, asked), lambda v: v <= 1.7)
    for name in ("mxsel bulk", "engine"):
        add(label + f"{name}, peak memory at any concurrency, MiB (<= 48)",
            max((run["peak_mib"] for run in select(part, name=name)
                 if run.get("peak_mib")), default=None),
            lambda v: v <= 48, 1)
    add(label + "engine, p99 latency at 100, ms (<= 3)",
        median(engine, field("p99")), lambda v: v <= 3)
    own = [run for run in part if run["name"].startswith("engine")]
    add(label + "engine, domains wrong or lost in all runs (0)",
        sum(run.get("wrong", 0) + run.get("lost", 0) +
            ("failed" in run) for run in own) if own else None,
        lambda v: v == 0, 0)


def must_rest(shown, runs, extra):
    """What is asked once."""
    for name in ("mxsel bulk", "engine"):
        part = select(runs, buffers="growth", name=name)
        few, many = (select(part, zone=n) for n in (10000, 1000000))
        shown.add(f"{name}, CPU per domain of 1,000,000 against 10,000 "
                  "(<= 1.15)", by_round(many, few, cost),
                  lambda v: v <= 1.15)
        mine = by_round(many, few, cost)
        part = select(runs, buffers="growth", name="bare loop")
        bare = by_round(select(part, zone=1000000),
                        select(part, zone=10000), cost)
        shown.add(f"{name}, the same divided by that of the bare loop, "
                  "whose server has a larger zone too (<= 1.15)",
                  mine / bare if mine and bare else None,
                  lambda v: v <= 1.15)
    part = select(runs, buffers="growth", name="mxsel bulk", zone=1000000)
    shown.add("bulk, peak memory for 1,000,000 domains, MiB (<= 48)",
              max((run["peak_mib"] for run in part), default=None),
              lambda v: v <= 48, 1)
    warm = extra["warm"]
    for what, key, most in (
            ("a planned selection of five hosts, octets (<= 1536)", "held",
             1536),
            ("one selection on a warm cache, ns (<= 2000)", "ns", 2000),
            ("requests for memory in 20,000 of them (0)", "allocations", 0)):
        shown.add(what, median(warm, field(key)),
                  lambda v, most=most: v <= most, 0)
    shown.add("makes no system call (1)", median(warm, field("no_call")),
              lambda v: v == 1, 0)
    for said in extra["verified"]:
        lossy = ", 1 % lost" if said["lossy"] else ""
        shown.add(f"{said['buffers']} buffers: bulk's output, domains wrong "
                  f"or missing of {said['zone']:,} "
                  f"({said['concurrency']:,} at a time{lossy}) (0)",
                  said["wrong"] + said["lost"], lambda v: v == 0, 0)
    if "plan" in extra:
        sample, same = extra["plan"]
        shown.add(f"bulk tells the same as plan, of {sample:,} domains",
                  same, lambda v: v == sample, 0)


def tables(runs, extra, order):
    """All of it as Markdown."""
    out = ["## Many destinations at once"]
    for domains, floor in sorted(extra["floors"].items()):
        out.append(f"\n{domains:,} domains: {floor['naive']:.2f} questions "
                   f"per domain one by one, {floor['floor']:.2f} when each "
                   f"is asked once, {floor['lazy']:.2f} for the first hosts "
                   "alone.")
    if extra["skipped"]:
        out += ["", "Skipped: " + "; ".join(extra["skipped"]) + "."]
    out += ["", "Ratios are the median of the rounds. Memory of drivers is "
            "beyond the list of domains, that of the command is all it has. "
            "Questions are those that reached the server. `domains`: begun "
            "before the time was over and finished; late: begun and not "
            "finished then."]
    out += speed_tables(runs, order)
    out += growth_table(runs, order)
    shown = Shown()
    for buffers in ("default", "large"):
        if select(runs, buffers=buffers):
            must_speed(shown, runs, buffers)
    must_rest(shown, runs, extra)
    out += ["", "### What must be shown", "", "| | figure | reached |",
            "|---|---:|---|"] + shown.lines
    return "\n".join(out)


def plots(runs, order, prefix):
    """PREFIX-speed.svg and PREFIX-growth.svg."""
    buffers = "large" if select(runs, buffers="large") else "default"
    speeds, costs = {}, {}
    for name in order:
        part = select(runs, buffers=buffers, name=name)
        points = [(c, median(select(part, concurrency=c), rate))
                  for c in sorted({run["concurrency"] for run in part})]
        if part:
            speeds[name] = [(x, y) for x, y in points if y]
        part = select(runs, buffers="growth", name=name)
        points = [(n, median(select(part, zone=n), cost))
                  for n in sorted({run["zone"] for run in part})]
        if part:
            costs[name] = [(x, y) for x, y in points if y]
    if speeds:
        plot.write(f"{prefix}-speed.svg", speeds,
                   f"Domains per second ({buffers} socket buffers)",
                   "domains at a time", "domains/s")
    if costs:
        plot.write(f"{prefix}-growth.svg", costs,
                   "CPU microseconds per domain, 100 at a time",
                   "domains", "us per domain")

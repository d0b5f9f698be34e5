#!/usr/bin/env python3
"""Compares the library with an independent reference of the rules (rules.py):
order R10-R23 and R30-R40, ourselves R50-R57, addresses R60-R64, reports and
verdicts R71-R76; and of what TLS must be (security.py): R90-R93, R95, R96.

    model.py DRIVE     DRIVE: tests/model/drive.c, compiled; MODEL_RANDOM in the
                       environment: so many random cases (40000)

Every input of at most four records over five preferences and three names,
then random ones. Figures as in tests/support/figure.h; the last line counts.
Standard library only.
"""
import functools
import itertools
import os
import random
import subprocess
import sys
import time
from collections import Counter

import security
from rules import (ALLOW_EXCHANGE_ADDRESS, DATA, DEFER_FILTERED,
                   DEFER_NO_HOST, DELIVERED, EHLO, FAMILY, GREETING,
                   IMPLICIT_ON_NXDOMAIN, KEEP_DUPLICATES, LOST, MAIL,
                   MAX_ADDRESSES, MAX_HOSTS, NODATA, NXDOMAIN, OWN_NAME,
                   POLICY, PORT, RCPT, REFUSED, REFUSE_ALIAS, REFUSE_PRIVATE,
                   SELF_PORT, SENDER, SHUFFLE, STRICT_NULL_MX, TIMEOUT, TLS,
                   Case, parsed, permitted)

NAMES = ("a.test", "b.test", "c.test")
PREFERENCES = (0, 1, 10, 32768, 65535)
RECORDS = tuple(itertools.product(PREFERENCES, NAMES))
FAMILIES = (("A", 1), ("AAAA", 28))
SHOWN = 14


def line_of(case):
    """The case as drive.c reads it."""
    words = [f"S{case.seed}"]
    words += [f"O{option},{value}" for option, value in case.options.items()]
    words += [f"N{name}" for name in case.own_names]
    words += [f"I{address}" for address in case.own_addresses]
    words += [f"K{name},{n}" for name, n in case.favours.items()]
    words += [f"R{shown(address)},{outcome},{code or ''},{text}"
              for address, (outcome, code, text) in case.reports.items()]
    if case.domain_alias:
        words.append(f"C{case.domain},{case.domain_alias}")
    domain = case.domain_alias or case.domain
    words += [f"M{domain},{p},{name}" for p, name in case.records]
    if case.end != NODATA or not case.records:
        words.append(f"E{domain},15,{case.end}")
    words += [f"C{name},{target}" for name, target in case.aliases.items()]
    for (name, family), answer in case.zone.items():
        if isinstance(answer, list):
            words += [f"A{name},{address}" for address in answer]
        else:
            words.append(f"E{name},{dict(FAMILIES)[family]},{answer}")
    return " ".join(words)


@functools.lru_cache(maxsize=None)
def plain(address):
    """An address as Python writes it."""
    return str(parsed(address)) if ":" in address else address


@functools.lru_cache(maxsize=None)
def shown(address):
    """An address as the library writes it (RFC 5952, section 5)."""
    inside = getattr(parsed(address), "ipv4_mapped", None)
    return f"::ffff:{inside}" if inside else address


def read(line):
    """What drive.c says: attempts, what is dropped, verdict, asked."""
    attempts, dropped, verdict, asked = line.split("|")
    tried = []
    for word in attempts.split():
        preference, host, address = word.split(",")
        tried.append((int(preference), host, plain(address)))
    gone = []
    for word in dropped.split():
        why, preference, subject = word.split(",")
        gone.append((why, int(preference),
                     plain(subject) if ":" in subject else subject))
    action, code, status = verdict.split(",")
    return tried, gone, (action, int(code), status), int(asked)


def fits(result, gone):
    """Is what was dropped what had to be, and nothing that could not?"""
    left = Counter(gone)
    # Those with one reason first, so that others do not take their entry.
    for reasons, preference, subject in sorted(
            result.must, key=lambda entry: len(entry[0])):
        # A record that is dropped and an address that comes twice may look
        # alike: what is about the record first.
        for why in sorted(reasons, key=lambda why: why == "duplicate"):
            if left[(why, preference, subject)] > 0:
                left[(why, preference, subject)] -= 1
                break
        else:
            return False
    return all(n == 0 or entry in result.may for entry, n in left.items())


def judge(case, said):
    """None when a permitted result is what the library said, else words."""
    tried, gone, verdict, asked = said
    why = "no permitted order"
    for result in permitted(case):
        if result.attempts != tried:
            continue
        if verdict not in result.verdicts:
            why = f"verdict: permitted {sorted(result.verdicts)}"
        elif not fits(result, gone):
            why = f"dropped: {result.must}, perhaps {sorted(result.may)}"
        elif asked and case.records and case.domain not in {
                n.lower() for _, n in case.records}:
            why = "the domain's own address was asked for (R10, R15)"
        else:
            return None
    return why


# ------------------------------------------------------------ what is tried
def with_state(case, name, number, state):
    """Give a host of a case its answers, or make it ourselves."""
    address = f"192.0.2.{number + 1}"
    if isinstance(state, tuple):
        case.reports[address] = state
        case.zone[(name, "A")] = [address]
    elif state == "own name":
        case.own_names += (name,)
        case.zone[(name, "A")] = [address]
    elif state == "address" or state == "own address":
        case.zone[(name, "A")] = [address]
        if state == "own address":
            case.own_addresses += (address,)
    else:
        case.zone[(name, "A")] = case.zone[(name, "AAAA")] = state


def mixes(records, states, seed):
    """The records with every mix of answers of the hosts they name."""
    used = [n for n in NAMES if any(n == name for _, name in records)] \
        or ["d.test"]
    for way in itertools.product(states, repeat=len(used)):
        case = Case(records=list(records), seed=next(seed))
        for number, (name, state) in enumerate(zip(used, way)):
            with_state(case, name, number, state)
        yield case


def sequences(seed):
    """In every order of the records; all hosts have an address (R32)."""
    for count in range(1, 5):
        for records in itertools.product(RECORDS, repeat=count):
            yield from mixes(records, ("address",), seed)


ANSWERS = ("address", NODATA, NXDOMAIN, 2, "own name", "own address")
REPORTS = ((REFUSED, 0, ""), (GREETING, 554, ""), (RCPT, 550, "5.1.1"),
           (RCPT, 450, ""), (DELIVERED, 0, ""), (LOST, 0, ""),
           (OWN_NAME, 0, ""), NXDOMAIN, 2, "own name")


def answers(seed):
    """All sets of up to four records, every mix of answers."""
    for count in range(5):
        for records in itertools.combinations_with_replacement(RECORDS,
                                                               count):
            yield from mixes(records, ANSWERS, seed)


def plans(preferences):
    """Each name at one of the preferences, or absent."""
    for way in itertools.product((None,) + preferences, repeat=len(NAMES)):
        records = [(p, n) for p, n in zip(way, NAMES) if p is not None]
        if records:
            yield records


def reports(seed):
    """All plans of three names, every mix of what is reported."""
    for records in plans((1, 2, 3)):
        yield from mixes(records, REPORTS, seed)


def seeds(seed):
    """Plans with equals, over many seeds: see every_order()."""
    for records in plans((1, 2, 3)):
        for case in mixes(records, ("address", NXDOMAIN, "own name"), seed):
            if len(every_order(case)) > 1:
                for case.seed in range(1, 81):
                    yield Case(**vars(case))


def every_order(case):
    return {tuple(result.attempts) for result in permitted(case)}


POOL = ("192.0.2.1", "192.0.2.2", "192.0.2.3", "198.51.100.1", "10.0.0.1",
        "127.0.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "0.0.0.0",
        "169.254.1.1", "100.64.0.1", "203.0.113.9", "203.0.113.10")
POOL6 = tuple(str(parsed(address)) for address in (
    "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::9",
    "::ffff:198.51.100.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
    "2002:7f00:1::1", "fe80::1", "ff02::1", "::", "::1", "fc00::1",
    "100::1", "64:ff9b::cb00:7109"))
STATUS = ("", "5.7.1", "5.7.26", "5.1.1", "4.7.1", "4.2.0")


def some_report(r):
    outcome = r.choice((DELIVERED, REFUSED, TIMEOUT, GREETING, GREETING, EHLO,
                        EHLO, TLS, POLICY, MAIL, RCPT, RCPT, DATA, LOST,
                        OWN_NAME))
    if outcome in (GREETING, EHLO, MAIL, RCPT, DATA):
        return outcome, r.choice((421, 450, 521, 550, 554)), r.choice(STATUS)
    return outcome, 0, ""


def some_answer(r, pool):
    if r.random() < 0.35:
        return r.choice((NODATA, NODATA, 2, 3, 7, 9, 11))
    clean = r.random() < 0.6
    return r.sample(pool[:4] if clean else pool, r.randint(1, 3))


def some_options(r, case):
    for option, values, chance in (
            (FAMILY, (0, 1, 2, 3, 4, 5), 0.4), (SHUFFLE, (2,), 0.1),
            (IMPLICIT_ON_NXDOMAIN, (1,), 0.1), (STRICT_NULL_MX, (1,), 0.2),
            (ALLOW_EXCHANGE_ADDRESS, (1,), 0.3), (REFUSE_ALIAS, (1,), 0.3),
            (DEFER_NO_HOST, (1,), 0.1), (DEFER_FILTERED, (1,), 0.1),
            (REFUSE_PRIVATE, (1,), 0.2), (MAX_ADDRESSES, (1, 2, 3), 0.1),
            (SENDER, (1,), 0.1), (KEEP_DUPLICATES, (1,), 0.1),
            (PORT, (26,), 0.1), (SELF_PORT, (26,), 0.1)):
        if r.random() < chance:
            case.options[option] = r.choice(values)
    if not case.own_addresses and r.random() < 0.1:
        case.options[MAX_HOSTS] = r.randint(1, 3)


def some_case(r):
    names = [f"h{i}.test" for i in range(r.randint(1, 5))]
    case = Case(seed=r.getrandbits(63))
    for name in names:
        if r.random() < 0.1:
            case.zone[(name, "A")] = case.zone[(name, "AAAA")] = NXDOMAIN
            continue
        case.zone[(name, "A")] = some_answer(r, POOL)
        case.zone[(name, "AAAA")] = some_answer(r, POOL6)
        if r.random() < 0.1:
            case.aliases[f"alias-{name}"] = name
    ours = r.choice(((), ("198.51.100.1",), ("198.51.100.1", "2001:db8::9")))
    case.own_addresses = ours if r.random() < 0.4 else ()
    if r.random() < 0.3:
        case.own_names = (r.choice(names), "us.test")
    exchanges = names * 3 + [n.upper() for n in names] + \
        list(case.aliases) * 3 + [".", "bad!name.test", "192.0.2.3",
                                  "us.test", "gone.test"]
    preferences = r.sample((0, 1, 5, 10, 20, 32767, 32768, 65535),
                           r.randint(1, 4))
    case.records = [(r.choice(preferences), r.choice(exchanges))
                    for _ in range(r.choice((0, 1, 1, 2, 3, 4, 5, 6, 7)))]
    for name in ("gone.test", "us.test"):
        case.zone[(name, "A")] = case.zone[(name, "AAAA")] = NXDOMAIN
    if not case.records:
        name = "d.test"
        if r.random() < 0.3:
            case.domain_alias = name = "e.test"
        case.end = r.choice((NODATA, NODATA, NODATA, 1, 2, 5, 8))
        case.zone[(name, "A")] = some_answer(r, POOL)
        case.zone[(name, "AAAA")] = some_answer(r, POOL6)
    some_options(r, case)
    for address in POOL + POOL6:
        if r.random() < 0.6:
            case.reports[address] = some_report(r)
    for name in names:
        if r.random() < 0.1:
            case.favours[name] = r.randint(1, 3)
    return case


RANDOM = int(os.environ.get("MODEL_RANDOM", "40000"))


def random_cases(_):
    r = random.Random(5321)
    for _ in range(RANDOM):
        yield some_case(r)


# ----------------------------------------------------------------- comparing
class Tally:
    passed = failed = 0

    def judge(self, case, line):
        said = read(line)
        bad = judge(case, said)
        self.count(bad, line_of(case) if bad else "", line)
        return said

    def count(self, bad, line, said):
        if bad is None:
            self.passed += 1
            return
        self.failed += 1
        if self.failed <= SHOWN:
            print(f"model: {line}\n  library: {said}\n  {bad}")


CHUNK = 50000


def play(drive, cases, line_of=line_of):
    """The cases with what drive.c says of each; a process for many."""
    cases = iter(cases)
    while chunk := list(itertools.islice(cases, CHUNK)):
        lines = "".join(line_of(case) + "\n" for case in chunk)
        told = subprocess.run([drive], input=lines, capture_output=True,
                              text=True, check=False)
        sys.stderr.write(told.stderr)
        answers_of = told.stdout.splitlines()
        if told.returncode or len(answers_of) != len(chunk):
            sys.exit(f"{drive}: ended after {len(answers_of)} of "
                     f"{len(chunk)} cases, with {told.returncode}")
        yield from zip(chunk, answers_of)


def compare(drive, tally, name, make):
    """Play all cases of one kind; say how many."""
    start = time.monotonic()
    count = 0
    found = {}
    for case, line in play(drive, make(itertools.count(1))):
        said = tally.judge(case, line)
        count += 1
        if make is seeds:
            key = (tuple(case.records), str(case.zone), case.own_names)
            found.setdefault(key, (case, set()))[1].add(tuple(said[0]))
    for case, seen in found.values():
        missing = every_order(case) - seen
        tally.count(f"no seed gives {sorted(missing)}" if missing else None,
                    line_of(case), "")
    more = f", {len(found)} plans" if found else ""
    say(name, f"{count} cases{more}", start)


def say(name, cases, start):
    seconds = time.monotonic() - start
    print(f"{name}: {cases}, {seconds:.1f} s", flush=True)


def compare_security(drive, tally):
    start = time.monotonic()
    count = 0
    for world, line in play(drive, security.worlds(), security.line):
        bad = security.judge(world, line)
        tally.count(bad, security.line(world) if bad else "", line)
        count += 1
    say("what TLS must be", f"{count} worlds", start)


def figure(name, tally, before):
    """The figure of what was compared since then."""
    passed, failed = tally.passed - before[0], tally.failed - before[1]
    state = "failed" if failed or not passed else "reached"
    print(f"figure|{name}|{passed + failed:,} cases, {failed} differences|"
          f"0 differences|{state}", flush=True)
    return tally.passed, tally.failed


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: model.py DRIVE")
    drive = sys.argv[1]
    tally = Tally()
    before = 0, 0
    for title, parts in (
            ("model: order, exhaustive to 4 records", (
                ("every order of <= 4 records", sequences),
                ("every mix of answers", answers),
                ("every order of equals, over seeds", seeds))),
            ("model: verdict, every mix of reports", (
                ("every mix of reports", reports),)),
            ("model: order and verdict, random", (("random", random_cases),))):
        for name, make in parts:
            compare(drive, tally, name, make)
        before = figure(title, tally, before)
    compare_security(drive, tally)
    figure("model: what TLS must be, DANE, MTA-STS, REQUIRETLS", tally, before)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return tally.failed != 0


if __name__ == "__main__":
    sys.exit(main())

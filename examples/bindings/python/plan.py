#!/usr/bin/env python3
"""Plans of destinations, one a line of standard input.

    plan.py (--zone FILE... | --records FILE | --server ADDRESS@PORT)
            [--seed N] [--outcome NAME] [--code N]

Prints the attempts of each, every one reported, what was rejected and the
verdict, in fields with a TAB between. The three ways show the three kinds of
resolvers: the library's own, one in Python, and the engine in asyncio.
"""
import argparse
import asyncio
import sys

import mxsel
from mxsel.names import OUTCOMES

NEEDS_CODE = ("greeting", "ehlo", "mail", "rcpt", "data")


class Records:
    """A resolver in Python: "NAME TYPE TTL DATA..." and "NAME TYPE ! END"."""

    def __init__(self, path):
        self.found = {}
        with open(path, encoding="ascii") as file:
            for line in file:
                if line.strip() and not line.startswith("#"):
                    name, kind, ttl, data = line.rstrip("\n").split(" ", 3)
                    types = self.found.setdefault(name, {})
                    types.setdefault(kind, []).append((ttl, data))

    def resolve(self, name, kind):
        """Called for each question."""
        types = self.found.get(name)
        if types is None:
            return mxsel.Answer(end="nxdomain", negative_ttl=300)
        for ttl, data in types.get(kind, []) + types.get("*", []):
            if ttl == "!":
                return mxsel.Answer(end=data)
        for ttl, data in types.get("CNAME", []):
            if ttl != "!":
                return mxsel.Answer(mxsel.Alias(data, int(ttl)))
        records = [self.record(kind, int(ttl), data)
                   for ttl, data in types.get(kind, [])]
        return mxsel.Answer(*records,
                            negative_ttl=None if records else 300)

    @staticmethod
    def record(kind, ttl, data):
        """One record of a type that was asked."""
        if kind == "MX":
            preference, exchange = data.split(" ", 1)
            return mxsel.MX(int(preference), exchange, ttl)
        return mxsel.Address(data, ttl)


class Plan:
    """What is printed of one destination."""

    def __init__(self, arguments, destination):
        self.outcome = arguments.outcome
        self.code = arguments.code
        if self.code is None:
            self.code = 450 if self.outcome in NEEDS_CODE else 0
        self.lines = []
        self.add("destination",
                 destination.decode("utf-8", "surrogateescape"))

    def add(self, *fields):
        """One line."""
        self.lines.append("\t".join(map(str, fields)))

    def attempt(self, attempt):
        """An attempt, and what became of it."""
        self.add("attempt", attempt.preference, attempt.host,
                 attempt.address, attempt.port, attempt.posture)
        attempt.report(self.outcome, self.code)

    def end(self, selection):
        """What is known in the end."""
        for rejected in selection.rejected:
            self.add("rejected", *rejected[:3])
        self.add("verdict", *selection.verdict[:5])

    def write(self):
        """All of it, octet for octet."""
        text = "".join(line + "\n" for line in self.lines)
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))


def one_after_the_other(arguments, options, destinations):
    """With resolvers that answer at once."""
    for destination in destinations:
        plan = Plan(arguments, destination)
        selection = mxsel.Selection(destination, options)
        for attempt in selection:
            plan.attempt(attempt)
        plan.end(selection)
        plan.write()


async def all_at_once(arguments, options, destinations):
    """With the engine."""
    async def one(destination):
        plan = Plan(arguments, destination)
        selection = engine.select(destination, options)
        async for attempt in selection:
            plan.attempt(attempt)
        plan.end(selection)
        return plan

    async with mxsel.Engine(servers=[arguments.server]) as engine:
        for plan in await asyncio.gather(*map(one, destinations)):
            plan.write()


def read_arguments():
    """As the opening of this file says."""
    parser = argparse.ArgumentParser(prog="plan")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--zone", action="append")
    way.add_argument("--records")
    way.add_argument("--server")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--outcome", default="refused", choices=OUTCOMES)
    parser.add_argument("--code", type=int)
    try:
        return parser.parse_args()
    except SystemExit as end:
        sys.exit(64 if end.code else 0)


def main():
    """Standard input to standard output."""
    arguments = read_arguments()
    lines = sys.stdin.buffer.read().split(b"\n")
    destinations = lines[:-1] if lines[-1] == b"" else lines
    settings = {} if arguments.seed is None else {"seed": arguments.seed}
    try:
        if arguments.server:
            asyncio.run(all_at_once(
                arguments, mxsel.Options(**settings), destinations))
            return
        resolver = mxsel.Zone(*arguments.zone) if arguments.zone \
            else Records(arguments.records)
        one_after_the_other(
            arguments, mxsel.Options(resolver=resolver, **settings),
            destinations)
    except (ValueError, OSError) as failure:
        sys.exit("plan: %s" % failure)


if __name__ == "__main__":
    main()

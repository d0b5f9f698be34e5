#!/usr/bin/env python3
"""The JSON of mxsel memory (R85): an object a line, always with the same keys,
which say what the people's page says, and what the file says.

    memory_json.py MXSEL FILE
"""
import json
import subprocess
import sys

from statements import check, ended

KEYS = ["kind", "name", "port", "standing", "left", "score", "age",
        "outcomes", "code", "works", "turn", "doubt", "again"]
PAGE = {"behind": "behind ", "recovering": "recovering: ", "well": "well",
        "unknown": "nothing is known"}


def run(*arguments):
    done = subprocess.run(arguments, stdout=subprocess.PIPE, timeout=60,
                          check=False)
    return done.stdout.decode("utf-8").splitlines()


def written(path):
    """What stands in the file: {(kind, name, port): {word: value}}."""
    found = {}
    with open(path, encoding="ascii") as lines:
        next(lines)
        for line in lines:
            kind, name, port, *words = line.split()
            found[kind, name, int(port)] = dict(
                word.split("=", 1) for word in words)
    return found


def check_entry(one, line, said):
    check(list(one) == KEYS, "the keys", one)
    known = [int(said.get(key, 0)) for key in
             ("score", "age", "code", "works", "turn")]
    check([one[key] for key in ("score", "age", "code", "works", "turn")] ==
          known, "the numbers of the file", one, said)
    check(",".join(one["outcomes"]) == said.get("last", ""),
          "its outcomes", one, said)
    check("".join(map(str, one["doubt"])) == said.get("doubt", "") and
          one["again"] == said.get("again", ""), "doubt, again", one, said)
    wanted = ("behind" if one["score"] >= 1000 else
              "recovering" if one["score"] > 0 else "well")
    check(one["standing"] == wanted, "how it stands", one)
    check((one["left"] > 0) == (one["score"] not in (0, 1000)),
          "seconds are left until it stands better", one)
    port = "" if one["port"] == 25 else f", port {one['port']}"
    check(line.startswith(one["name"] + port + ": " + PAGE[wanted]),
          "the page says the same", line, one)


def main():
    mxsel, path = sys.argv[1:]
    said = written(path)
    lines = [line for line in run(mxsel, "memory", path)
             if not line.startswith(" ")]
    found = [json.loads(line) for line in run(mxsel, "memory", "--json",
                                              path)]
    check(len(found) == len(lines) == len(said) > 0, "all of the file",
          len(found), len(lines), len(said))
    scores = [one["score"] for one in found]
    check(scores == sorted(scores, reverse=True), "the worst first", scores)
    for one, line in zip(found, lines):
        key = one["kind"], one["name"], one["port"]
        check(key in said, "what the file has", key)
        check_entry(one, line, said.get(key, {}))
    for name, kind in (("no.such.host", "host"), ("2001:db8::99", "address")):
        unknown = [json.loads(line) for line in run(
            mxsel, "memory", "--json", path, name)]
        check(len(unknown) == 1 and list(unknown[0]) == KEYS and
              unknown[0]["standing"] == "unknown" and
              unknown[0]["kind"] == kind, f"nothing is known of {name}",
              unknown)
    return ended()


if __name__ == "__main__":
    sys.exit(main())

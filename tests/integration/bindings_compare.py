#!/usr/bin/env python3
"""Compare what two `plan` programs print, destination by destination.

    bindings_compare.py same WANTED FOUND    every plan is the same
    bindings_compare.py alike A B COUNT      at least COUNT plans are
    bindings_compare.py orders A B           somewhere the same attempts are
                                             in another order
    bindings_compare.py counts FOUND VERDICT...
                                             every VERDICT is among them

Prints figures, or what differs; the exit status says whether it is so.
"""
import sys

SHOWN = 5  # differing destinations that are printed


def plans(path):
    """The plans of a file: the lines that begin at each destination."""
    found = []
    with open(path, "rb") as file:
        for line in file.read().split(b"\n"):
            if line.startswith(b"destination\t"):
                found.append([])
            if line and not found:
                found.append([])
            if line:
                found[-1].append(line)
    return found


def shown(plan):
    """A plan's lines as text."""
    return ["    " + line.decode("utf-8", "backslashreplace")
            for line in plan]


def same(wanted, found):
    """Octet for octet; else the first ones that differ."""
    differ = [(a, b) for a, b in zip(wanted, found) if a != b]
    for a, b in differ[:SHOWN]:
        print("\n".join(["  wanted"] + shown(a) + ["  found"] + shown(b)))
    if len(wanted) != len(found):
        print("  wanted %d plans, found %d" % (len(wanted), len(found)))
    print("%d of %d plans are the same"
          % (sum(a == b for a, b in zip(wanted, found)), len(wanted)))
    return not differ and len(wanted) == len(found)


def alike(one, other, count):
    """How many are the same; count must be."""
    number = sum(a == b for a, b in zip(one, other))
    print("%d of %d plans are the same" % (number, len(one)))
    return number >= int(count)


def attempts(plan):
    """The attempts of a plan, in order."""
    return [line for line in plan if line.startswith(b"attempt\t")]


def orders(one, other):
    """Same attempts, other order, at one destination or more."""
    number = sum(attempts(a) != attempts(b)
                 and sorted(attempts(a)) == sorted(attempts(b))
                 for a, b in zip(one, other))
    print("%d of %d plans have another order" % (number, len(one)))
    return number > 0


def counts(found, *verdicts):
    """Is each "ACTION REASON CODE" somebody's verdict?"""
    seen = {}
    for plan in found:
        if not plan[-1].startswith(b"verdict\t"):
            print("\n".join(["  no verdict"] + shown(plan)))
            return False
        verdict = b" ".join(plan[-1].split(b"\t")[1:4]).decode()
        seen[verdict] = seen.get(verdict, 0) + 1
    print(", ".join("%d %s" % (number, verdict)
                    for verdict, number in sorted(seen.items())))
    return all(verdict in seen for verdict in verdicts)


def main():
    """Dispatch."""
    how, paths = sys.argv[1], sys.argv[2:]
    if how == "same":
        good = same(plans(paths[0]), plans(paths[1]))
    elif how == "alike":
        good = alike(plans(paths[0]), plans(paths[1]), paths[2])
    elif how == "orders":
        good = orders(plans(paths[0]), plans(paths[1]))
    else:
        good = counts(plans(paths[0]), *paths[1:])
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()

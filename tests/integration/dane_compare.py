"""Holds what dane_hosts says against dane_expected.txt.

        dane_compare.py requests EXPECTED [WORD]  what to ask, but nothing
                                                  with WORD
        dane_compare.py same EXPECTED SAID        it is what is expected
        dane_compare.py alike SAID SAID           two resolvers agree
        dane_compare.py lowest EXPECTED SAID      nothing was validated: no
                                                  DANE, and nobody bounced

All but the first end with one line of totals, a statement per destination.
"""

import pathlib
import sys


def blocks(path):
    """Each request, with the lines below it."""
    found = {}
    lines = []
    for line in pathlib.Path(path).read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("\t"):
            lines.append(line)
        elif line in found:
            sys.exit(f"twice: {line}")
        else:
            found[line] = lines = []
    return found


def differences(wanted, said):
    for request in wanted:
        if said.get(request) == wanted[request]:
            yield None
            continue
        yield "\n".join([f"not so: {request}"] + [
            mark + line for mark, lines in (
                ("-", wanted[request]), ("+", said.get(request, ["nothing"])))
            for line in lines])


def unfounded(expected, said):
    """Where nothing is validated, nothing may ask for DANE or bounce."""
    for request, lines in said.items():
        wrong = [line for line in lines if " dane" in line or " tlsa" in line
                 or line.split()[0] == "tlsa_failed" or " encrypt " in line]
        if lines[-1].split()[0] == "bounce" and \
                expected[request][-1].split()[0] != "bounce":
            wrong.append(lines[-1])
        if lines[-1].endswith(" secure"):
            wrong.append(lines[-1])
        yield "\n".join([f"not so: {request}"] + wrong) if wrong else None
    for request in expected:
        if request not in said and "requiretls" not in request:
            yield f"not so: {request}\n\tnothing"


def main():
    what, *paths = sys.argv[1:]
    if what == "requests":
        for request in blocks(paths[0]):
            if len(paths) == 1 or paths[1] not in request.split():
                print(request)
        return
    compare = unfounded if what == "lowest" else differences
    found = list(compare(*map(blocks, paths)))
    wrong = list(filter(None, found))
    for text in wrong:
        print(text)
    print(f"{len(found) - len(wrong)} passed, {len(wrong)} failed")


main()

"""Are the zones what dane_zones.txt says they are? drill asks the validating
unbound:

        dane_claims.py CLAIMS SERVER PORT

Secure is what comes with the AD bit, insecure what comes without; bogus is
SERVFAIL, and comes all the same when it is asked for without validation (the
CD bit), which sets it apart from what fails. Ends with one line of totals.
"""

import concurrent.futures
import re
import subprocess
import sys


def ask(server, port, name, kind, *how):
    """The response code, whether AD is set, and the types in the answer."""
    said = subprocess.run(
        ["drill", "-D", *how, "-p", port, "@" + server, name, kind],
        capture_output=True, text=True, timeout=50).stdout
    code = re.search(r"rcode: (\w+)", said)
    flags = re.search(r"flags: ([\w ]*);", said)
    flags = flags.group(1).split() if flags else []
    if "tc" in flags and "-t" not in how:
        return ask(server, port, name, kind, "-t", *how)
    answer = re.search(r";; ANSWER SECTION:\n(.*?)\n\n", said, re.DOTALL)
    found = answer.group(1).splitlines() if answer else []
    return (code.group(1) if code else "silence", "ad" in flags,
            {line.split()[3] for line in found if len(line.split()) > 4})


def judge(code, is_secure, kinds, kind):
    """NXDOMAIN is what becomes of the target of a CNAME."""
    if code in ("NOERROR", "NXDOMAIN"):
        what = "records" if kind in kinds else \
            "nodata" if code == "NOERROR" else "nxdomain"
        return "secure" if is_secure else "insecure", what
    return "fails", "nothing"


def check(server, port, claim):
    name, kind, security, what = claim.split()
    said = judge(*ask(server, port, name, kind), kind)
    if said == ("fails", "nothing"):
        unchecked = judge(*ask(server, port, name, kind, "-o", "CD"), kind)
        if unchecked[1] != "nothing":
            said = "bogus", unchecked[1]
    if said == (security, what):
        return None
    return f"not so: {claim.strip()}; it is: {' '.join(said)}"


def main():
    path, server, port = sys.argv[1:]
    with open(path, encoding="ascii") as lines:
        claims = list(lines)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        wrong = list(filter(None, pool.map(
            lambda claim: check(server, port, claim), claims)))
    for line in wrong:
        print(line)
    print(f"{len(claims) - len(wrong)} passed, {len(wrong)} failed")


main()

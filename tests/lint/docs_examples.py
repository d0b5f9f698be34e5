#!/usr/bin/env python3
"""The programs of examples/ do what the guide says of them. They are run as
BUILD has them (obj/examples/), and nothing leaves this machine: zones come
from tests/zones/, and the event loop asks a name server of this script, on
loopback, that loses the first datagram and forges before it answers; another
one says of every answer that it was validated. Then the sessions of README and
guide: what is typed there is answered as it says there (tests/site/blocks.py;
`make docs-check` runs the other commands also).
"""
import os
import pathlib
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZONE = ROOT / "tests" / "zones" / "mx.test.zone"
A, MX, TLSA = 1, 15, 52
SERVFAIL = 2
bad = []


def expect(what, program, arguments, code, *patterns, told=""):
    """Run one program; its exit code, and each pattern in what it says."""
    if not (BIN / program).exists():
        return
    done = subprocess.run([BIN / program, *map(str, arguments)], timeout=60,
                          input=told, capture_output=True, text=True,
                          check=False)
    said = done.stdout + done.stderr
    for pattern in patterns:
        if not re.search(pattern, said, re.M):
            bad.append(f"{what}: {program} does not say {pattern!r}:\n{said}")
    if done.returncode != code:
        bad.append(f"{what}: {program} ends with {done.returncode}, not "
                   f"{code}:\n{said}")


def wire(name):
    return b"".join(bytes([len(label)]) + label.encode()
                    for label in name.split(".")) + b"\0"


def reply(question, records, ident=None, flags=0x8180):
    """The answer to a question, with (type, rdata) as its records."""
    end = question.index(b"\0", 12) + 5
    head = question[:2] if ident is None else ident
    body = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data))
                    + data for kind, data in records)
    return (head + struct.pack("!HHHHH", flags, 1, len(records), 0, 0)
            + question[12:end] + body)


def asked(question):
    """(name, type) of a question."""
    end = question.index(b"\0", 12)
    kind, = struct.unpack("!H", question[end + 1:end + 3])
    return question[12:end + 1], kind


def serve(server):
    """Host mail.example.test of example.test; all else has nothing."""
    seen = 0
    while True:
        question, client = server.recvfrom(4096)
        if question == b"stop":
            return
        seen += 1
        if seen == 1:
            continue
        name, kind = asked(question)
        forged = [(MX, b"\0\1" + wire("forged.test"))]
        records = []
        if name == wire("example.test") and kind == MX:
            records = [(MX, b"\0\5" + wire("mail.example.test"))]
        elif name == wire("mail.example.test") and kind == A:
            records = [(A, bytes([192, 0, 2, 7]))]
        other = bytes(255 - octet for octet in question[:2])
        for message in (reply(question, forged, other), b"", question,
                        reply(question, records)[:-3],
                        reply(question, records)):
            server.sendto(message, client)


SIGNED = {
    ("example.test", MX): [(MX, b"\0\x0a" + wire("mx1.example.test")),
                           (MX, b"\0\x14" + wire("mx2.example.test")),
                           (MX, b"\0\x1e" + wire("mx3.example.test"))],
    ("mx1.example.test", A): [(A, bytes([192, 0, 2, 1]))],
    ("mx2.example.test", A): [(A, bytes([192, 0, 2, 2]))],
    ("mx3.example.test", A): [(A, bytes([192, 0, 2, 3]))],
    ("_25._tcp.mx1.example.test", TLSA):
        [(TLSA, bytes([3, 1, 1]) + b"\7" * 32),
         (TLSA, bytes([0, 0, 1]) + b"\7" * 32)],
}


def serve_signed(server):
    """Three hosts, of which one has a TLSA record, for one the server fails,
    and one has none; all of it with the AD bit."""
    zone = {(wire(name), kind): records
            for (name, kind), records in SIGNED.items()}
    while True:
        question, client = server.recvfrom(4096)
        if question == b"stop":
            return
        what = asked(question)
        fails = what == (wire("_25._tcp.mx2.example.test"), TLSA)
        message = reply(question, zone.get(what, []),
                        flags=0x8180 | SERVFAIL if fails else 0x81a0)
        server.sendto(message, client)


class Server:
    """A name server on loopback, while it is needed."""

    def __init__(self, function):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=function, args=(self.socket,),
                                       daemon=True)

    def __enter__(self):
        self.thread.start()
        return f"127.0.0.1@{self.port}"

    def __exit__(self, *_):
        self.socket.sendto(b"stop", ("127.0.0.1", self.port))
        self.thread.join()
        self.socket.close()


def check_event_loop():
    with Server(serve) as where:
        expect("a lost question is sent again", "event_loop",
               ["--server", where, "example.test", "a..b"], 0,
               r"^example\.test: 5 mail\.example\.test \[192\.0\.2\.7\]$",
               r"^example\.test: 451 4\.4\.1 ", r"^a\.\.b: 501 5\.1\.3 ")


POLICY = """version: STSv1
mode: {}
mx: {}.example.test
max_age: 86400
"""


def check_security():
    expect("a mail server's decisions", "tls_decisions", [], 0,
           "^0 of the checks failed$",
           r"^tls report of example\.com: tlsa, success, from "
           r"198\.51\.100\.25 to mx1\.example\.com \[192\.0\.2\.1\]$")
    expect("policies that are kept", "sts_policy", [], 0,
           "^0 of the checks failed$")
    expect("usage", "secure_host", [], 64, "^usage: ")
    expect("usage", "secure_unbound", [], 64, "^usage: ")
    expect("no anchor", "secure_unbound", ["--anchor", "/nonexistent", "a.b"],
           64, "^usage: ")
    expect("a literal needs no server", "secure_unbound", ["[192.0.2.1]"], 0,
           r"^\[192\.0\.2\.1\]: 0 192\.0\.2\.1 \[192\.0\.2\.1\] "
           r"opportunistic \(\w+\)$")
    with Server(serve_signed) as where, \
            tempfile.NamedTemporaryFile("w") as policy:
        expect("a host with TLSA records, one whose records fail, one without",
               "secure_host", ["--server", where, "u@example.test"], 0,
               r"^10 mx1\.example\.test \[192\.0\.2\.1\]:25 dane "
               r"\(tlsa, RFC 7672 [\d.]+\)\n"
               r"  SNI mx1\.example\.test\n"
               r"  identity mx1\.example\.test\n"
               r"  identity example\.test\n"
               r"  TLSA 3 1 1 (?:07){32}\n"
               r"30 mx3\.example\.test \[192\.0\.2\.3\]:25 opportunistic "
               r"\(no_tlsa, RFC 7672 [\d.]+\)\n"
               r"  SNI mx3\.example\.test\n"
               r"  identity mx3\.example\.test\n"
               r"not mx2\.example\.test \(tlsa_failed, RFC 7672 [\d.]+\)$")
        expect("TLS-Required: No", "secure_host",
               ["--server", where, "--optional-tls", "example.test"], 0,
               r"^20 mx2\.example\.test \[192\.0\.2\.2\]:25 opportunistic "
               r"\(tls_optional, RFC 8689 [\d.]+\)$")
        policy.write(POLICY.format("enforce", "mx3"))
        policy.flush()
        expect("a policy", "secure_host",
               ["--server", where, "--policy", policy.name, "example.test"],
               0, r"^30 mx3\.example\.test \[192\.0\.2\.3\]:25 pkix "
               r"\(sts, RFC 8461 [\d.]+\)$",
               r"^not mx1\.example\.test \(sts_mismatch, RFC 8461 [\d.]+\)$")
        expect("REQUIRETLS", "secure_host",
               ["--server", where, "--require-tls", "example.test"], 0,
               r"^30 mx3\.example\.test \[192\.0\.2\.3\]:25 pkix "
               r"\(requiretls, RFC 8689 [\d.]+\)$")


def check_many():
    """What needs no name server; tests/integration/many.sh has one."""
    for program in ("many", "many_libuv", "threads"):
        expect("usage", program, ["--server"], 64, "^usage: ")
        expect("a server that is none", program, ["--server", "a b"], 64,
               f"^{program}: ")
        expect("nothing", program, ["--server", "127.0.0.1@9"], 0)
        expect("no question is asked for these", program,
               ["--server", "127.0.0.1@9", "--seed", "1"], 0,
               r"^\[192\.0\.2\.1\]: 0 192\.0\.2\.1 \[192\.0\.2\.1\]$",
               r"^\[192\.0\.2\.1\]: 451 4\.4\.1 ", r"^a\.\.b: 501 5\.1\.3 ",
               r"^x{600}: 501 5\.1\.3 ",
               told="[192.0.2.1]\n\n" + "x" * 600 + "\na..b")


def check_memory():
    """R85: a host that refused goes behind its equals, in the next run too."""
    refused = (r"mail 1\n  10 mx2\.mx\.test \[192\.0\.2\.2\] refused\n"
               r"  10 mx1\.mx\.test \[2001:db8::1\] delivered\n")
    behind = (r"mail {}\n  10 mx1\.mx\.test \[2001:db8::1\] delivered\n"
              r"  the memory changed the order\n")
    what = ["--seed", "7", ZONE, "equal3.mx.test", "mx2.mx.test"]
    expect("a host that is down", "memory", what, 0,
           r"\A" + refused + behind.format(2) + behind.format(3),
           r"^host mx2\.mx\.test 25 score=\d+ .*last=refused$")
    with tempfile.TemporaryDirectory() as folder:
        kept = ["--file", pathlib.Path(folder) / "hosts", *what]
        expect("a memory in a file", "memory", kept, 0, r"\A" + refused)
        expect("the next run", "memory", kept, 0, r"\A" + behind.format(1))
        (pathlib.Path(folder) / "hosts").write_text("what?\n", "utf-8")
        expect("a file that is none", "memory", kept, 75, "^memory: ")
    expect("the best host alone is tried all the same", "memory",
           [ZONE, "plain.mx.test", "mx1.mx.test"], 0,
           r"(?:mail \d\n(?:  10 mx1\.mx\.test .* refused\n){2}"
           r"  20 mx2\.mx\.test .* delivered\n(?:  the memory .*\n)?){3}")
    expect("usage", "memory", [], 64, "^usage: ")
    expect("usage", "cluster/cluster", [], 64, "^usage: ")


def check_moving():
    """What the guide shows for those who come from elsewhere."""
    expect("a list", "moving_postfix", [ZONE, "plain.mx.test"], 0,
           r"\A10 mx1\.mx\.test \[2001:db8::1\]\n"
           r"10 mx1\.mx\.test \[192\.0\.2\.1\]\n"
           r"20 mx2\.mx\.test \[192\.0\.2\.2\]\n"
           r"(trying .*\n){3}deferred: 451 4\.4\.1 ")
    expect("why there is none", "moving_postfix", [ZONE, "nullmx.mx.test"], 0,
           r"\A556 5\.1\.10 .*\nbounced: 556 5\.1\.10 ")
    expect("found_myself", "moving_postfix",
           ["--self", "mx2.mx.test", ZONE, "plain.mx.test"], 0,
           r"\Awe are among the hosts\n(10 mx1.*\n){2}trying ")
    expect("usage", "moving_postfix", [], 64, "^usage: ")
    expect("a chain", "moving_exim", [ZONE, "plain.mx.test"], 0,
           r"\Afound\n  mx1\.mx\.test 2001:db8::1 MX=10\n"
           r"  mx1\.mx\.test 192\.0\.2\.1 MX=10\n"
           r"  mx2\.mx\.test 192\.0\.2\.2 MX=20\n\Z")
    for domain, word in (("nullmx", "failed"), ("no-such", "failed"),
                         ("self", "again")):
        expect(domain, "moving_exim", [ZONE, f"{domain}.mx.test"], 0,
               rf"\A{word}\n\Z")
    expect("the domain itself", "moving_exim", [ZONE, "implicit.mx.test"], 0,
           r"\Afound\n  implicit\.mx\.test .* MX=-1\n")
    expect("local", "moving_exim",
           ["--self", "mx1.mx.test", ZONE, "plain.mx.test"], 0,
           r"\Afound local, ourselves removed\n\Z")
    expect("usage", "moving_exim", [], 64, "^usage: ")
    expect("a list", "moving_courier", [ZONE, "plain.mx.test"], 0,
           r"\Aok: .*\n10 mx1\.mx\.test 2001:db8::1\n"
           r"10 mx1\.mx\.test 192\.0\.2\.1\n20 mx2\.mx\.test ")
    expect("the domain itself", "moving_courier", [ZONE, "implicit.mx.test"],
           0, r"^-1 implicit\.mx\.test ")
    expect("hard", "moving_courier", [ZONE, "nullmx.mx.test"], 0,
           r"\Ahard error: ")
    expect("soft", "moving_courier", [ZONE, "self.mx.test"], 0,
           r"\Asoft error: ")
    expect("usage", "moving_courier", [], 64, "^usage: ")
    server = ["--server", "127.0.0.1@9"]
    expect("a literal", "moving_res_search", [*server, "[192.0.2.1]"], 75,
           r"\A0 192\.0\.2\.1 \[192\.0\.2\.1\]\n451 4\.4\.1 ")
    expect("refused", "moving_res_search",
           ["--connect", *server, "[127.0.0.1]:1"], 69, r"\A550 5\.7\.1 ")
    expect("no such domain", "moving_res_search", [*server, "x.invalid"], 68,
           r"\A550 5\.1\.2 ")
    expect("usage", "moving_res_search", [], 64, "^usage: ")


def main():
    check_many()
    check_memory()
    check_moving()
    expect("the mock", "mock_in_tests", [], 0, "^0 of the checks failed$")
    expect("at once and later are the same", "own_resolver",
           ["example.org"], 0,
           r"answered at once\n((?:  .*\n)+).*answered later\n\1\Z",
           r"^  10 mx1\.example\.org \[2001:db8::1\]\n"
           r"  10 mx1\.example\.org \[192\.0\.2\.1\]\n",
           r"^  20 backup\.example\.net \[198\.51\.100\.1\]\n  451 4\.4\.1 ")
    expect("a table", "own_resolver", ["nomail.example.org"], 0, "556 5.1.10")
    expect("a table", "own_resolver", ["no.such.name"], 0, "550 5.1.2")
    expect("a zone", "blocking", ["--zone", ZONE, "user@plain.mx.test"], 75,
           r"^ +10 mx1\.mx\.test \[2001:db8::1\]:25\n"
           r" +10 mx1\.mx\.test \[192\.0\.2\.1\]:25\n"
           r" +20 mx2\.mx\.test \[192\.0\.2\.2\]:25\n +451 4\.4\.1 ")
    expect("ourselves", "blocking",
           ["--zone", ZONE, "--self", "mx1.mx.test", "plain.mx.test"], 1,
           "550 5.4.6")
    expect("no file", "blocking", ["--zone", "/nonexistent", "a.test"], 75,
           "^blocking: ")
    expect("usage", "blocking", [], 64, "^usage: ")
    check_event_loop()
    check_security()
    expect("usage", "event_loop", [], 64, "^usage: ")
    expect("usage", "first_host", [], 1)
    expect("a literal needs no server", "first_host",
           ["[192.0.2.1]", "127.0.0.1@9"], 0,
           r"^0 192\.0\.2\.1 \[192\.0\.2\.1\]$")
    bad.extend(sessions())
    for line in bad:
        print(line)
    return bool(bad)


def sessions():
    """What is wrong with what the guide shows of commands."""
    if not (pathlib.Path(BUILD) / "mxsel").exists():
        return []
    sys.path.insert(0, str(ROOT / "tests" / "site"))
    import blocks
    return blocks.run_all(pathlib.Path(BUILD).resolve(), True)[1]


if __name__ == "__main__":
    BUILD = os.environ.get("BUILD")
    BIN = pathlib.Path(BUILD or ".") / "obj" / "examples"
    if BUILD:
        subprocess.run(["make", "-s", "-C", BUILD, "examples"], check=True)
    if not BUILD or not (BIN / "own_resolver").exists():
        print("skipped: a build (set BUILD)")
        sys.exit(77)
    sys.exit(main())

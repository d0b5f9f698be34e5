#!/usr/bin/env python3
"""Clients of examples/postfix_map: what it answers to which key, and that
the broken and the hostile ones disturb nobody.

    postfix_clients.py PROGRAM SCRATCH

Prints what is not so, and one line of totals.
"""
import os
import random
import resource
import select
import socket
import subprocess
import sys
import time

from postfix_servers import Map, Names
from statements import check, ended

PROGRAM, SCRATCH = sys.argv[1:]
MX = {
    "two.test": [(10, "h2.test"), (20, "h3.test")],
    "loop.test": [(10, "h7.test"), (20, "h2.test")],
    "mixed.test": [(10, "several.test"), (20, "h2.test")],
    "halfway.test": [(10, "servfail.h2.test"), (20, "h3.test")],
    "vain.test": [(10, "servfail.h2.test")],
}
ADDRESSES = {"several.test": ["169.254.9.9", "127.0.0.6"]}
BOTH = "OK smtp:[h2.test]:2525,[h3.test]:2525"
# Local parts may be quoted and hold anything (RFC 5321, 4.1.2).
ANSWERS = {
    "user@two.test": BOTH, "User+ext@TWO.Test": BOTH, "two.test": BOTH,
    '"a@b c"@two.test': BOTH, '"@"@two.test': BOTH, "@two.test": BOTH,
    "u@[127.0.0.9]": "OK smtp:[127.0.0.9]:2525",
    "u@[IPv6:2001:db8::9]": "OK smtp:[ipv6:2001:db8::9]:2525",
    "u@halfway.test": "OK smtp:[h3.test]:2525",
    "u@mixed.test": "OK smtp:[127.0.0.6]:2525,[127.0.0.2]:2525",
    "u@nomail.test": "OK error:5.1.10 ", "u@gone.test": "OK error:5.1.2 ",
    "u@loop.test": "OK error:5.4.6 ", "u@bad..test": "OK error:5.1.3 ",
    "u@two.test:26": "OK error:5.1.3 ", "u@[h2.test]": "OK error:5.1.3 ",
    "u@" + "x" * 3000: "OK error:5.1.3 ",
    "u@servfail.test": "OK retry:4.4.3 ", "u@vain.test": "OK retry:4.4.4 ",
    "u@silent.test": "OK retry:4.4.3 ",
    # Postfix's own, and what stands for more than one domain.
    "u@own.test": "NOTFOUND ", "u@a.below.test": "NOTFOUND ",
    "u@h7.test": "NOTFOUND ", "u@localhost": "NOTFOUND ",
    "u@Own.Test.": "NOTFOUND ", "u@x.below.test.": "NOTFOUND ",
    "*": "NOTFOUND ", "<>": "NOTFOUND ", ".test": "NOTFOUND ",
    ".two.test": "NOTFOUND ", "": "NOTFOUND ", "u@": "NOTFOUND ",
    "u@b\u00fccher.test": "NOTFOUND ",
    "u@two.test\0x": "PERM ",
}

def netstring(text):
    octets = text if isinstance(text, bytes) else text.encode()
    return b"%d:%s," % (len(octets), octets)


def read_answer(client):
    """One netstring; None when the connection ends before."""
    head = b""
    while not head.endswith(b":"):
        octet = client.recv(1)
        if not octet:
            return None
        head += octet
    body = b""
    while len(body) <= int(head[:-1]):
        more = client.recv(int(head[:-1]) + 1 - len(body))
        if not more:
            return None
        body += more
    return body[:-1].decode() if body.endswith(b",") else None


def hung_up(client):
    """Did the map close, without a word?"""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def ask(the_map, key, client=None):
    own = client or the_map.connect()
    own.sendall(netstring("mxsel " + key))
    answer = read_answer(own)
    if client is None:
        own.close()
    return answer


def is_served(the_map, after):
    check(ask(the_map, "u@two.test") == BOTH,
          "others are served after " + after)


def the_answers(the_map):
    with the_map.connect() as client:
        for key, wanted in ANSWERS.items():
            answer = ask(the_map, key, client)
            exact = not wanted.endswith(" ") or wanted == "NOTFOUND "
            check(answer == wanted if exact else answer.startswith(wanted),
                  "%.50r is answered with %r" % (key, wanted), answer)
        client.sendall(netstring("another u@two.test"))
        check(read_answer(client).startswith("PERM "),
              "a map of another name is none")
        client.sendall(netstring(""))
        check(read_answer(client).startswith("PERM "),
              "an empty request is none")


def broken_ones(the_map):
    for what, octets in {
            "letters": b"GET / HTTP/1.0\r\n\r\n", "a zero first": b"05:mxsel,",
            "no length": b":,", "no colon": b"5;mxsel,",
            "no comma": b"5:mxsel;", "a sign": b"-5:mxsel,",
            "space": b" 5:mxsel,", "no more": b""}.items():
        with the_map.connect() as client:
            client.sendall(octets)
            client.shutdown(socket.SHUT_WR)
            check(hung_up(client), "closed: " + what)
    is_served(the_map, "broken ones")
    for length in (b"4097:", b"99999999999999999999999999:"):
        with the_map.connect() as client:
            client.sendall(length)
            answer = read_answer(client)
            check(answer is not None and answer.startswith("PERM ") and
                  hung_up(client), "%r is too long" % length, answer)
    is_served(the_map, "long ones")
    chance = random.Random(25)
    for _ in range(200):
        with the_map.connect() as client:
            try:
                client.sendall(chance.randbytes(chance.randrange(1, 6000)))
            except OSError:
                pass  # it had enough
    is_served(the_map, "noise")


def odd_ones(the_map):
    with the_map.connect() as client:
        for octet in netstring("mxsel u@two.test"):
            client.sendall(bytes([octet]))
        check(read_answer(client) == BOTH, "octet by octet is a request too")
    with the_map.connect() as client:
        client.sendall(netstring("mxsel u@two.test") +
                       netstring("mxsel u@silent2.test") +
                       netstring("mxsel u@nomail.test"))
        answers = [read_answer(client) for _ in range(3)]
        check([answer.split(" ")[1].split(":")[0] for answer in answers] ==
              ["smtp", "retry", "error"],
              "requests sent at once are answered in their order", answers)
    with the_map.connect() as client:
        client.settimeout(1)
        count = 0
        try:
            while count < 200000:
                client.sendall(netstring("mxsel u@two.test") * 100)
                count += 100
        except OSError:
            pass
        check(count < 200000, "who never reads is not read from for ever")
        is_served(the_map, "one that never reads")


def room_for(clients):
    """So many, or fewer where fewer files may be open."""
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = clients + 50
    if files == resource.RLIM_INFINITY:
        return clients
    if files < wanted and (most == resource.RLIM_INFINITY or wanted <= most):
        files = wanted
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    return min(clients, files - 50)


def many_at_once(the_map):
    begin = time.monotonic()
    waiting = [the_map.connect() for _ in range(100)]
    for n, client in enumerate(waiting):
        client.sendall(netstring("mxsel u@silent-%d.test" % n))
    is_served(the_map, "100 that wait for the DNS")
    check(not select.select(waiting[-1:], [], [], 0)[0],
          "and before the last of them")
    for client in waiting[50:]:
        client.close()  # and its question with it
    answers = [read_answer(client) for client in waiting[:50]]
    check(all(answer and answer.startswith("OK retry:4.4.3 ")
              for answer in answers), "each of the others is told", answers)
    spent = time.monotonic() - begin
    check(1.4 < spent < 40, "after the time for one, not for each", spent)
    for client in waiting:
        client.close()
    idle = [the_map.connect() for _ in range(room_for(500))]
    is_served(the_map, f"{len(idle)} that came and said nothing")
    for client in idle:
        client.close()
    is_served(the_map, "they left")


def a_full_house(the_map):
    """All places are taken, and more come: they wait, and so does the map."""
    clients = []
    for n in range(220):
        client = the_map.connect()
        client.sendall(netstring("mxsel u@silent-%d.test" % n))
        clients.append(client)
    begin = the_map.time_worked()
    if begin is not None:
        select.select(clients, [], [], 1)  # nobody is answered before
        worked = the_map.time_worked() - begin
        check(worked < 0.3, "it rests while it waits for the DNS", worked)
    answers = [read_answer(client) for client in clients]
    check(all(answer and answer.startswith("OK retry:4.4.3 ")
              for answer in answers), "everybody is told", answers)
    for client in clients:
        client.close()


def few_descriptors(the_map):
    """Fewer than there are places: poll() refuses to look at more."""
    is_served(the_map, "it was given 40 descriptors")
    idle = [the_map.connect() for _ in range(20)]
    is_served(the_map, "20 that say nothing")
    for client in idle:
        client.close()


def what_it_says():
    """With --verbose each key is one line, whatever it holds."""
    with open(SCRATCH + "/verbose", "w+") as said:
        the_map = Map(PROGRAM, "unix:" + SCRATCH + "/verbose_map",
                      "--verbose", "--local", "own.test", errors=said)
        ask(the_map, "a\n-> OK smtp:\033[1m@own.test")
        check(the_map.stop() == 0, "it ends well with --verbose")
        said.seek(0)
        text = said.read()
        check(text == "mxsel a?-> OK smtp:?[1m@own.test\n-> NOTFOUND \n",
              "a key is one printable line", text)
    reads, writes = os.pipe()
    the_map = Map(PROGRAM, "unix:" + SCRATCH + "/verbose_map", "--verbose",
                  "--local", "own.test", errors=writes)
    os.close(writes)
    os.close(reads)
    answers = [ask(the_map, "a@own.test") for _ in range(2)]
    check(answers == ["NOTFOUND "] * 2 and the_map.stop() == 0,
          "it goes on when nobody listens", answers)


def own_addresses():
    """user@[192.0.2.25] is delivered by Postfix itself, where that is us."""
    the_map = Map(PROGRAM, "unix:" + SCRATCH + "/own", "--self-address",
                  "192.0.2.25", "--self-address", "127.0.0.1")
    for address in ("192.0.2.25", "127.0.0.1"):
        answer = ask(the_map, "postmaster@[%s]" % address)
        check(answer == "NOTFOUND ", address + " is Postfix's own", answer)
    for address in ("127.0.0.2", "0.0.0.0"):
        answer = ask(the_map, "postmaster@[%s]" % address)
        check(answer.startswith("OK error:5."), address + " is not", answer)
    the_map.stop()


def wrong_settings():
    """What would match nothing is refused: mail for it would go away."""
    for name in ("a.test, b.test", "a.test b.test", "a.test.", "",
                 "user@a.test", "b\u00fccher.test", "hash:/etc/domains"):
        done = subprocess.run(
            [PROGRAM, "--listen", "none", "--local", name],
            stderr=subprocess.PIPE, text=True, timeout=20, check=False)
        check(done.returncode == 64 and "--local: " in done.stderr,
              "--local %r is refused" % name, done)


def with_map(names, *trials, before=()):
    """Each has a map whose name servers are not known to be silent."""
    the_map = Map(PROGRAM, "unix:" + SCRATCH + "/clients", "--port", "2525",
                  "--server", "127.0.0.1@%d" % names.port, "--time-limit",
                  "1500", "--allow-loopback", "--self", "h7.test",
                  "--local", "own.test", "--local", ".below.test",
                  before=before)
    try:
        for trial in trials:
            trial(the_map)
        check(the_map.process.poll() is None, "the map is still there")
    finally:
        status = the_map.stop()
    check(status == 0, "it ends well when it is told to", status)


def main():
    names = Names(MX, ADDRESSES)
    try:
        with_map(names, the_answers, broken_ones, odd_ones)
        with_map(names, many_at_once)
        with_map(names, a_full_house)
        with_map(names, few_descriptors,
                 before=("sh", "-c", 'ulimit -n 40; exec "$@"', "sh"))
        what_it_says()
        own_addresses()
        wrong_settings()
    finally:
        names.stop()
    return ended()


sys.exit(main())

#!/usr/bin/env python3
"""Machines that share a memory of mail hosts by a Redis server (R85), for
redis.sh: what they learn of each other, and that a server that is killed,
hangs, loses its scripts or has no room costs no selection anything. A machine
is a process (redis_machine.c); the server is one of this test's own."""
import argparse
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from ports import free_port                          # noqa: E402
from statements import check, ended                  # noqa: E402

PATIENCE = 60     # seconds; only a test that fails waits as long
CONNECTED, CONNECTIONS, RECORDED, WAITING, LOST, ERRORS = 0, 1, 4, 5, 6, 7


def wait_for(what, condition):
    """Until it is so; counted as a statement."""
    until = time.monotonic() + PATIENCE
    good = condition()
    while not good and time.monotonic() < until:
        time.sleep(0.01)
        good = condition()
    check(good, what)


class Server:
    """A Redis or Valkey server, at a port of 127.0.0.1 or a local socket."""

    all = []

    def __init__(self, program, folder, local=False, password=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.password = password
        self.path = str(self.folder / "socket") if local else None
        self.port = 0 if local else free_port()
        self.at = self.path or f"127.0.0.1:{self.port}"
        self.command = [
            program, "--port", str(self.port), "--bind", "127.0.0.1",
            "--save", "", "--appendonly", "no", "--daemonize", "no",
            "--dir", str(self.folder)]
        if local:
            self.command += ["--unixsocket", self.path]
        if password:
            self.command += ["--requirepass", password]
        self.process = None
        Server.all.append(self)
        self.start()

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log)
        wait_for("the server starts", self.answers)

    def answers(self):
        try:
            return self.say("PING") == "PONG"
        except OSError:
            return False

    def send(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.send(signal.SIGCONT)
            self.send(number)
            self.process.wait()

    def say(self, *words):
        """One command on a connection of its own; what it replies."""
        if self.path:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(PATIENCE)
            connection.connect(self.path)
        else:
            connection = socket.create_connection(
                ("127.0.0.1", self.port), PATIENCE)
        with connection, connection.makefile("rwb") as stream:
            if self.password:
                command(stream, ["AUTH", self.password])
            return command(stream, words)


def command(stream, words):
    stream.write(b"*%d\r\n" % len(words))
    for word in words:
        word = str(word).encode()
        stream.write(b"$%d\r\n%s\r\n" % (len(word), word))
    stream.flush()
    return reply(stream)


def reply(stream):
    line = stream.readline().decode()
    if not line:
        raise ConnectionError
    kind, rest = line[0], line[1:].strip()
    if kind == "*":
        return [reply(stream) for _ in range(int(rest))]
    if kind == "$":
        if rest == "-1":
            return None
        return stream.read(int(rest) + 2)[:-2].decode()
    return int(rest) if kind == ":" else rest


class Machine:
    """A process with a memory and a store."""

    all = []

    def __init__(self, program, server, *more):
        self.process = subprocess.Popen(
            [program, server, *more], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        Machine.all.append(self)

    def say(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"a machine ended ({self.process.poll()})")
        return line.strip()

    def count(self, which):
        return int(self.say("count", which))

    def report(self, host, outcome):
        check(self.say("report", host, outcome) == "0", "it is reported")

    def flush(self):
        check(self.say("flush") == "0", "all outcomes are told",
              self.say("error"))

    def is_connected(self):
        return self.count(CONNECTED) == 1

    def end(self):
        self.process.stdin.close()
        check(self.process.wait(PATIENCE) == 0, "a machine ends well")


def words(line):
    """The words of an entry behind kind, name and port."""
    return dict(word.split("=", 1) for word in line.split()[3:])


def score(line):
    """Of 1000 for a failure half is left after half a minute: where one is
    meant, 600 allows for 20 seconds of a busy machine."""
    return int(words(line).get("score", 0))


# ------------------------------------------------------------ what is shared

def machines_share(program, server, password=()):
    one = Machine(program, server.at, *password)
    other = Machine(program, server.at, *password)
    check(one.say("look", "mx1.example.com") == "host mx1.example.com 25",
          "nothing is known at first")
    one.report("mx1.example.com", "refused")
    one.flush()
    line = other.say("look", "mx1.example.com")
    check(600 < score(line) <= 1000 and words(line)["last"] == "refused",
          "what one machine found out the other one knows", line)
    other.report("mx1.example.com", "timeout")
    other.flush()
    line = one.say("look", "mx1.example.com")
    check(1000 < score(line) <= 2000, "failures of both add up", line)
    one.report("mx1.example.com", "delivered")
    one.flush()
    line = other.say("look", "mx1.example.com")
    check(score(line) == 0 and words(line)["last"].startswith("delivered"),
          "a success of one clears the failures of both", line)
    check(0 <= int(words(line).get("age", 0)) < PATIENCE * 1000,
          "its age is by the server's clock", line)
    for machine in one, other:
        machine.end()


def keys_end(program, server):
    machine = Machine(program, server.at, "other:")
    machine.report("mx.keys.example", "refused")
    machine.flush()
    left = server.say("PTTL", "other:host:mx.keys.example")
    check(86000000 < left <= 86400000, "a key has a time to live", left)
    check(server.say("HLEN", "other:host:mx.keys.example") == 1,
          "it is a hash by port")
    check(machine.say("forget", "mx.keys.example") == "0", "it is forgotten")
    machine.flush()
    check(server.say("EXISTS", "other:host:mx.keys.example") == 0,
          "then it is forgotten on the server")
    server.say("SET", "other:host:mx.odd.example", "what somebody else wrote")
    machine.report("mx.odd.example", "refused")
    machine.flush()
    check(machine.count(LOST) == 1 and machine.count(ERRORS) == 1 and
          "WRONGTYPE" in machine.say("error"),
          "a key of somebody else is left alone", machine.say("error"))
    check(server.say("GET", "other:host:mx.odd.example") ==
          "what somebody else wrote", "and is as it was")
    for value in ("", "nonsense", "1 2 3", "9 1 1 1 1 1 1 score=x",
                  "1 4000 0 0 0 0 0 x", "1 1 9 99999999999999 9 9 9 =\n"):
        server.say("HSET", "other:host:mx.bad.example", "25", value)
        check(machine.say("look", "mx.bad.example") ==
              "host mx.bad.example 25", "a value that is none is not known",
              value)
    now = int(server.say("TIME")[0]) * 1000
    for length in 2000, 100000:
        server.say("HSET", "other:host:mx.bad.example", "25",
                   f"1 1000 {now} {now} {now} {now} 0 later={'x' * length}")
        check(machine.say("look", "mx.bad.example") ==
              "host mx.bad.example 25", "what is too long is not known",
              length)
    check(machine.count(CONNECTIONS) == 1, "and costs no connection")
    machine.report("mx.bad.example", "refused")
    machine.flush()
    check(score(machine.say("look", "mx.bad.example")) > 600,
          "and is replaced")
    machine.end()


def ages_merge(program, server):
    """What waited is told with its age; these are the script's own rules."""
    machine = Machine(program, server.at, "ages:")
    machine.report("mx.ages.example", "refused")
    machine.flush()
    check(machine.say("look", "mx.ages.example") != "late", "it is known")
    # The command is the machine's own, with another change and age.
    key = "ages:host:mx.old.example"
    sha = script_of(server, machine)

    def tell(change, waited, text):
        return server.say("EVALSHA", sha, 1, key, change, 25, 30000, waited,
                          0, 86400000, text)
    check(tell(1, 30000, "last=refused") == 1, "an old failure is told")
    line = machine.say("look", "mx.old.example")
    check(300 < score(line) <= 500, "it counts what is left of it", line)
    check(29000 < int(words(line)["age"]) < 30000 + PATIENCE * 1000,
          "and is as old", line)
    tell(1, 0, "last=timeout,refused")
    tell(2, 20000, "last=delivered")
    line = machine.say("look", "mx.old.example")
    check(1000 < score(line) <= 1500,
          "an old success clears no newer failure", line)
    check(words(line)["last"] == "timeout,refused",
          "nor takes the place of what is newer", line)
    tell(2, 0, "last=delivered")
    tell(1, 10000, "last=lost")
    line = machine.say("look", "mx.old.example")
    check(score(line) == 0 and words(line)["last"] == "delivered",
          "a failure before the last success counts no more", line)
    for _ in range(6):
        tell(1, 0, "last=refused")
    check(3000 < score(machine.say("look", "mx.old.example")) <= 4000,
          "four is the most")
    tell(4, 60000, "")
    check(score(machine.say("look", "mx.old.example")) > 2000,
          "what was forgotten long ago was told anew since")
    tell(4, 0, "")
    check(server.say("EXISTS", key) == 0, "forgotten is forgotten")
    machine.end()


def script_of(server, machine):
    """The hash by which the machine calls the script that is told."""
    with socket.create_connection(("127.0.0.1", server.port),
                                  PATIENCE) as connection, \
            connection.makefile("rwb") as stream:
        command(stream, ["MONITOR"])
        machine.report("mx.seen.example", "refused")
        while True:
            line = reply(stream)
            if '"EVALSHA"' in line and "mx.seen.example" in line:
                return line.split('"')[3]


# ------------------------------------------------------- the server goes away

def judge(when, line):
    """No selection failed, none waited longer than its budget."""
    figures = dict(word.split("=") for word in line.split())
    print(f"{when}: {line}")
    check(int(figures["selections"]) > 100, f"{when}: there were selections",
          line)
    check(figures["failures"] == "0", f"{when}: none of them failed", line)
    late = int(figures["pause"].split(":")[1])
    for name in "next", "get", "report":
        calls, over, _, longest = figures[name].split(":")
        # A busy machine lets threads wait, too: one call of a hundred may,
        # and as many more as pauses of the same threads were late, twice,
        # for there may be two waits in a call. A call that waits for the
        # server itself would take four seconds, which is its time-out here.
        check(int(over) <= int(calls) / 100 + 2 * late,
              f"{when}: {name} is in time", line)
        check(float(longest) < 3600, f"{when}: {name} never hangs", line)


def it_is_killed(program, server):
    """R85: no selection fails or waits longer than the budget."""
    machine, other = (Machine(program, server.at) for _ in range(2))
    wait_for("it is connected", machine.is_connected)
    machine.say("run", 8)
    for _ in range(2):
        time.sleep(0.4)
        server.end(signal.SIGKILL)
        wait_for("it is away", lambda: not machine.is_connected())
        machine.report("mx.away.example", "refused")
        time.sleep(0.4)
        check(machine.count(WAITING) > 0, "outcomes wait")
        server.start()
        wait_for("it is back", machine.is_connected)
    time.sleep(0.2)
    judge("killed", machine.say("rest"))
    machine.flush()
    check(machine.count(CONNECTIONS) == 3, "it was reached three times")
    check(machine.count(LOST) == 0, "no outcome was lost")
    wait_for("the other one is back", other.is_connected)
    line = other.say("look", "mx.away.example")
    check(score(line) > 100, "what was found out meanwhile all know", line)
    for one in machine, other:
        one.end()


def it_hangs(program, server):
    machine, other = (Machine(program, server.at) for _ in range(2))
    wait_for("it is connected", machine.is_connected)
    machine.say("run", 8)
    time.sleep(0.3)
    server.send(signal.SIGSTOP)
    wait_for("a server that hangs is away",
             lambda: not machine.is_connected())
    machine.report("mx.hanging.example", "refused")
    time.sleep(0.5)
    server.send(signal.SIGCONT)
    wait_for("it is back", machine.is_connected)
    time.sleep(0.2)
    judge("hanging", machine.say("rest"))
    machine.flush()
    check(machine.count(LOST) == 0, "no outcome was lost")
    wait_for("the other one is back", other.is_connected)
    line = other.say("look", "mx.hanging.example")
    check(score(line) > 100, "what was found out meanwhile all know", line)
    for one in machine, other:
        one.end()


def it_forgets(program, server):
    machine = Machine(program, server.at)
    wait_for("it is connected", machine.is_connected)
    machine.say("run", 8)
    machine.report("mx.flushed.example", "refused")
    time.sleep(0.2)
    server.say("SCRIPT", "FLUSH")
    time.sleep(0.2)
    server.say("FLUSHALL")
    time.sleep(0.2)
    judge("flushed", machine.say("rest"))
    machine.flush()
    check(machine.count(LOST) == 0, "no outcome is lost with the scripts")
    check(machine.count(CONNECTIONS) == 1, "nor is the connection")
    check(machine.say("look", "mx.flushed.example") ==
          "host mx.flushed.example 25", "what is flushed is gone there")
    check(score(machine.say("know", "mx.flushed.example")) > 100,
          "and known here")
    machine.report("mx.flushed.example", "refused")
    machine.flush()
    check(score(machine.say("look", "mx.flushed.example")) > 600,
          "what is told afterwards is there")
    machine.end()


def it_is_full(program, server):
    machine = Machine(program, server.at)
    machine.report("mx.before.example", "refused")
    machine.flush()
    server.say("CONFIG", "SET", "maxmemory", 1)
    machine.say("run", 8)
    time.sleep(0.5)
    machine.report("mx.full.example", "refused")
    machine.flush()
    judge("full", machine.say("rest"))
    check(machine.count(LOST) > 0 and machine.count(ERRORS) > 0,
          "what a full server does not take is lost")
    check("OOM" in machine.say("error"), "and it says why",
          machine.say("error"))
    check(machine.is_connected() and machine.count(CONNECTIONS) == 1,
          "it is asked all the same")
    check(score(machine.say("look", "mx.before.example")) > 100,
          "and knows what it knew")
    server.say("CONFIG", "SET", "maxmemory", 0)
    machine.report("mx.full.example", "refused")
    machine.flush()
    check(600 < score(machine.say("look", "mx.full.example")) <= 1000,
          "with room it takes what is told")
    machine.end()


def it_is_a_replica(program, server):
    """It answers, but takes nothing: after a failover it will."""
    machine = Machine(program, server.at)
    wait_for("it is connected", machine.is_connected)
    server.say("REPLICAOF", "127.0.0.1", free_port())
    machine.report("mx.replica.example", "refused")
    wait_for("a replica is no server",
             lambda: "READONLY" in machine.say("error") or
             "MASTERDOWN" in machine.say("error"))
    check(machine.count(WAITING) == 1, "outcomes wait")
    server.say("REPLICAOF", "NO", "ONE")
    machine.flush()
    check(machine.count(LOST) == 0, "and are told when it is one again")
    machine.end()


def it_wants_a_password(program, server):
    for given, words_of in (((), "NOAUTH"), (("mxsel:", "wrong"),
                                             "WRONGPASS")):
        machine = Machine(program, server.at, *given)
        machine.report("mx.secret.example", "refused")
        wait_for(f"without the password: {words_of}",
                 lambda: words_of in machine.say("error"))
        check(not machine.is_connected() and machine.count(WAITING) == 1,
              "and it is away")
        check("wrong" not in machine.say("error"),
              "the password is not said")
        machine.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--machine", required=True)
    parser.add_argument("--scratch", required=True)
    given = parser.parse_args()
    program = given.machine
    try:
        server = Server(given.server, os.path.join(given.scratch, "tcp"))
        machines_share(program, server)
        keys_end(program, server)
        ages_merge(program, server)
        it_is_killed(program, server)
        it_hangs(program, server)
        it_forgets(program, server)
        it_is_full(program, server)
        it_is_a_replica(program, server)
        local = Server(given.server, os.path.join(given.scratch, "local"),
                       local=True, password="open sesame")
        machines_share(program, local, ("mxsel:", "open sesame"))
        it_wants_a_password(program, local)
    finally:
        for machine in Machine.all:
            if machine.process.poll() is None:
                machine.process.kill()
                machine.process.wait()
        for server in Server.all:
            server.end(signal.SIGKILL)
    return ended()


if __name__ == "__main__":
    sys.exit(main())

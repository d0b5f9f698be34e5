#!/usr/bin/env python3
"""Two machines of a site (R85), for cluster.sh: the settings of
examples/cluster, with other addresses and folders, and with more patience
where the machine that runs this may be busy, only. What the site's
resolvers share is looked at from both sides: what the authority is asked, and
what the server holds."""
import argparse
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
from ports import free_port                          # noqa: E402
from statements import check, ended                  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "examples" / "cluster"
PATIENCE = 60  # seconds


def wait_for(what, condition):
    """Until it is so; a statement when it never is."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    check(False, what)
    return False


def configured(name, path, instead):
    """A file of examples/cluster as it stands, but for these words."""
    text = (SETTINGS / name).read_text(encoding="utf-8")
    for old, new in instead.items():
        check(text.count(old) == 1, f"{name} has {old!r} once")
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path


class Process:
    """A server that is stopped at the end, whatever happens."""

    all = []

    def __init__(self, command, log):
        self.log = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL,
                stdout=out, stderr=out)
        Process.all.append(self)

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(how)
            self.process.wait()

    def says(self, words):
        return words in self.log.read_text("utf-8", errors="replace")


class Authority:
    """Stands before NSD, and counts what it is asked."""

    def __init__(self, nsd):
        self.nsd, self.asked = ("127.0.0.1", nsd), []
        self.socket = socket.socket(type=socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            question, client = self.socket.recvfrom(4096)
            self.asked.append(question[12:])
            with socket.socket(type=socket.SOCK_DGRAM) as way:
                way.settimeout(PATIENCE)
                way.sendto(question, self.nsd)
                self.socket.sendto(way.recv(65535), client)

    def new(self):
        """How many questions since the last time."""
        count = len(self.asked)
        self.asked.clear()
        return count


class Server:
    """Redis or Valkey, with redis.conf and users.acl; the password of mail
    is the one there."""

    def __init__(self, scratch):
        self.port, self.folder = free_port(), scratch
        self.program = shutil.which("valkey-server") or \
            shutil.which("redis-server")
        users = configured("users.acl", scratch / "users.acl", {})
        with open(users, "a", encoding="utf-8") as more:
            more.write("user all on >all ~* +@all\n")
        self.conf = configured("redis.conf", scratch / "redis.conf", {
            "bind 192.0.2.10 127.0.0.1": "bind 127.0.0.1",
            "port 6379": f"port {self.port}\ndir {scratch}",
            "/etc/redis/users.acl": str(users)})
        self.password = re.search(r"^user mail .*>(\S+)",
                                  users.read_text("utf-8"), re.M)[1]
        self.start()

    def start(self):
        self.process = Process([self.program, self.conf],
                               self.folder / "redis.log")
        wait_for("the Redis server starts", self.answers)

    def answers(self):
        try:
            return self.ask("GET", "0") is None
        except OSError:
            return False

    def login(self, user):
        """The user "all" is not in the file, but the test needs one."""
        return [("AUTH", user, "all" if user == "all" else self.password)
                ] if user else []

    def ask(self, *words, user=None):
        """The answer; an error is a string that begins with "-"."""
        with socket.create_connection(("127.0.0.1", self.port),
                                      PATIENCE) as way:
            stream = way.makefile("rwb")
            for command in [*self.login(user), words]:
                stream.write(b"*%d\r\n" % len(command))
                for word in command:
                    word = word.encode() if isinstance(word, str) else word
                    stream.write(b"$%d\r\n%s\r\n" % (len(word), word))
                stream.flush()
                answer = self.read(stream)
            return answer

    def read(self, stream):
        line = stream.readline().rstrip(b"\r\n")
        kind, rest = line[:1], line[1:]
        if kind == b"$":
            return None if rest == b"-1" else \
                stream.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return [self.read(stream) for _ in range(int(rest))]
        return int(rest) if kind == b":" else line.decode()


class Machine:
    """One unbound of the site, for its own machine."""

    def __init__(self, number, given, authority, redis):
        self.port, self.given = free_port(), given
        folder = given.scratch / f"machine{number}"
        folder.mkdir()
        zones = "".join(
            f"forward-zone:\n\tname: {name}.cluster\n"
            f"\tforward-addr: 127.0.0.1@{authority.port}\n"
            for name in ("plain", "signed"))
        self.conf = configured("unbound.conf", folder / "unbound.conf", {
            "\tinterface: 127.0.0.1\n":
                f"\tinterface: 127.0.0.1@{self.port}\n"
                f'\tdirectory: "{folder}"\n\tchroot: ""\n\tusername: ""\n'
                '\tpidfile: ""\n\tuse-syslog: no\n'
                "\tdo-not-query-localhost: no\n",
            "\tinterface: ::1\n": "",
            'auto-trust-anchor-file: "/var/lib/unbound/root.key"':
                f'trust-anchor-file: "{given.key}"',
            "redis-server-host: 192.0.2.10":
                "redis-server-host: 127.0.0.1",
            "redis-server-port: 6379": f"redis-server-port: {redis.port}",
            "redis-timeout: 20": "redis-timeout: 500"})
        with open(self.conf, "a", encoding="utf-8") as conf:
            conf.write(zones + "remote-control:\n\tcontrol-enable: no\n")
        self.number, self.log = number, folder / "log"
        self.start()

    def start(self):
        self.log.unlink(missing_ok=True)
        self.process = Process([self.given.unbound, "-d", "-c", self.conf],
                               self.log)
        wait_for(f"unbound {self.number} starts",
                 lambda: self.process.says("start of service"))

    def stop(self):
        self.process.stop()

    def plan(self, *destinations):
        """What mxsel says, without how long it may be kept."""
        began = time.monotonic()
        done = subprocess.run(
            [self.given.mxsel, "--server", f"127.0.0.1@{self.port}",
             "--dane", "--seed", "1", *destinations], text=True,
            capture_output=True, timeout=60, check=False)
        self.seconds = time.monotonic() - began
        return re.sub(r"TTL \d+", "TTL", done.stdout + done.stderr)


def share_answers(machines, authority, redis):
    """What one has asked, the other one knows."""
    one, two = machines
    authority.new()
    first = one.plan("plain.cluster", "signed.cluster")
    check(first.count("192.0.2.1") == 2 and "signed.cluster TLSA 3 1 1" in
          first and "no_security" in first,
          "the first machine has a signed domain and one that is not", first)
    check(authority.new() > 10, "the authority was asked")
    second = two.plan("plain.cluster", "signed.cluster")
    check(second == first, "the second machine says the same", first, second)
    asked = list(authority.asked)
    check(authority.new() == 0,
          "for the second machine the authority is not asked", asked)
    gone = one.plan("nowhere.signed.cluster", "nowhere.plain.cluster")
    authority.new()
    check(two.plan("nowhere.signed.cluster", "nowhere.plain.cluster") ==
          gone and gone.count("550 5.1.2") == 2 and authority.new() == 0,
          "that there is no such domain is shared too", gone)
    check(redis.ask("GET", "mxsel:x").startswith("-NOPERM"),
          "unbound's user does not reach the memory of hosts")


def live_without(machines, authority, redis):
    """The DNS goes on without the server, and shares again with it."""
    one, two = machines
    redis.process.stop(signal.SIGKILL)
    authority.new()
    answer = one.plan("other.plain.cluster")
    check("192.0.2.4" in answer and authority.new() > 0,
          "without the server the authority is asked", answer)
    check(one.seconds < 20, f"and nobody waits ({one.seconds:.3f} s)")
    two.stop()
    two.start()
    check("192.0.2.4" in two.plan("other.plain.cluster"),
          "unbound starts without the server")
    redis.start()
    one.plan("later.signed.cluster")
    authority.new()
    # What comes first is how they find the server again.
    check("192.0.2.4" in two.plan("later.signed.cluster"),
          "the server is back")
    check(authority.new() < 10, "and shared again")
    redis.process.process.send_signal(signal.SIGSTOP)
    answer = one.plan("later.plain.cluster")
    redis.process.process.send_signal(signal.SIGCONT)
    check("192.0.2.4" in answer and one.seconds < 20,
          f"a server that hangs costs time only ({one.seconds:.3f} s)",
          answer)


def forge(machine, redis):
    """Somebody writes into the server that a host is somewhere else."""
    right, wrong = bytes([192, 0, 2, 4]), bytes([192, 0, 2, 66])
    domains = ["other.plain.cluster", "other.signed.cluster"]
    machine.stop()
    machine.start()
    check(machine.plan(*domains).count("192.0.2.4") == 2, "they are asked")
    machine.stop()
    held = redis.ask("KEYS", "*", user="all")
    check(held and all(re.fullmatch(b"[0-9A-F]{64}", key) for key in held),
          "what unbound keeps is what its user may write", held)
    for key in held:
        value = redis.ask("GET", key)
        if right in value:
            redis.ask("SET", key, value.replace(right, wrong))
    machine.start()
    told = [machine.plan(domain) for domain in domains]
    check("192.0.2.66" in told[0], "without DNSSEC it is believed", told)
    check("192.0.2.66" not in told[1], "with DNSSEC it is not", told)


class MailServer:
    """examples/cluster on one machine; host a is down for all of them."""

    def __init__(self, given, redis, dns, password=None):
        self.process = subprocess.Popen(
            [given.program, "--redis", f"127.0.0.1:{redis.port}", "--login",
             f"mail:{password or redis.password}", "--dns",
             f"127.0.0.1@{dns}", "--down", "a.plain.cluster", "--wait"],
            text=True, bufsize=1, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def deliver(self, count):
        """How many tried host a first; how many went out, and how long the
        slowest took."""
        first = sent = 0
        slowest = 0.0
        for _ in range(count):
            began = time.monotonic()
            self.process.stdin.write("plain.cluster\n")
            hosts = self.process.stdout.readline().split()
            slowest = max(slowest, time.monotonic() - began)
            first += hosts[1:3] == ["a.plain.cluster", "refused"]
            sent += hosts[-1:] == ["delivered"]
        return first, sent, slowest

    def end(self):
        """Its last line."""
        said, _ = self.process.communicate(timeout=60)
        check(self.process.returncode == 0, "a mail server ends well", said)
        return said


def share_memory(given, ports, redis):
    """What one machine found out, the other one knows (R85)."""
    one, two = [MailServer(given, redis, port) for port in ports]
    first, sent, _ = one.deliver(60)
    check(sent == 60 and 0 < first <= 6,
          f"one host of three is down: {first} of 60 mails try it first")
    said = one.end()
    check("server there" in said and "lost 0" in said, "it is told", said)
    first, sent, _ = two.deliver(60)
    check(sent == 60 and first <= 6,
          f"the other machine knows: {first} of 60")
    redis.process.stop(signal.SIGKILL)
    first, sent, slowest = two.deliver(60)
    check(sent == 60 and first <= 6,
          f"it still does without the server: {first} of 60")
    check(slowest < 5, f"and nobody waits ({slowest:.3f} s)")
    redis.start()
    _, sent, _ = two.deliver(60)
    check(sent == 60, "the server is back")
    said = two.end()
    check("server there" in said, "and it is found again", said)
    stranger = MailServer(given, redis, ports[0], "wrong")
    check(stranger.deliver(20)[1] == 20, "mail goes out without a login")
    said = stranger.end()
    check("WRONGPASS" in said, "it is said what is wrong", said)


def look_at_keys(given, ports, redis):
    """What the guide says of the server: its size, and who may do what."""
    one = MailServer(given, redis, ports[0])
    one.deliver(5)
    one.end()
    keys = redis.ask("KEYS", "mxsel:*", user="all")
    check(len(keys) >= 2, "hosts and addresses are there", keys)
    sizes = [redis.ask("MEMORY", "USAGE", key, user="all") for key in keys]
    check(200 < min(sizes) and max(sizes) <= 400,
          "each takes 400 octets at most", sizes)
    left = [redis.ask("TTL", key, user="all") for key in keys]
    check(86000 < min(left) and max(left) <= 86400,
          "each goes in a day", left)
    for command in ("FLUSHALL", "KEYS *", "CONFIG GET dir", "GET 0", "GET x",
                    "SET mxsel:x 1", "ACL LIST", "SHUTDOWN", "DEL 0"):
        said = redis.ask(*command.split(), user="mail")
        check(str(said).startswith("-NOPERM"), f"mail may not {command}",
              said)
    for call in ("redis.call('GET', '0')", "redis.call('HGET', '0', '1')",
                 "redis.call('FLUSHALL')"):
        said = redis.ask("EVAL", f"return {call}", "0", user="mail")
        check(str(said).startswith("-"), f"nor by a script: {call}", said)
    for command in ("EVAL x 0", "HGETALL mxsel:x", "SET mxsel:x 1", "KEYS *",
                    "FLUSHALL", "GET __x", "CONFIG GET dir"):
        said = redis.ask(*command.split())
        check(str(said).startswith("-NOPERM"),
              f"unbound may not {command}", said)


def forget_all(redis):
    """What the guide has an administrator do, with the user for it."""
    if not shutil.which("redis-cli"):
        return
    users = (SETTINGS / "users.acl").read_text("utf-8")
    password = re.search(r"^user admin .*>(\S+)", users, re.M)[1]

    def forget(secret):
        return subprocess.run(
            [SETTINGS / "forget-all.sh", "127.0.0.1", str(redis.port)],
            env={**os.environ, "REDISCLI_AUTH": secret}, timeout=60,
            capture_output=True, check=False).returncode

    redis.ask("SET", "0F", "an answer of the DNS", user="all")
    known = redis.ask("KEYS", "mxsel:*", user="all")
    check(forget("wrong") != 0 and
          len(redis.ask("KEYS", "mxsel:*", user="all")) == len(known) > 0,
          "with a wrong password nothing is forgotten", known)
    check(forget(password) == 0, "an administrator forgets all")
    check(redis.ask("KEYS", "mxsel:*", user="all") == [],
          "and no host is known any more")
    check(redis.ask("GET", "0F", user="all") is not None,
          "what unbound keeps stays")
    check(forget(password) == 0, "also when nothing is known")


def run(given):
    redis = Server(given.scratch)
    authority = Authority(given.authority)
    ports = [authority.port, authority.port]
    if given.unbound:
        machines = [Machine(number, given, authority, redis)
                    for number in (1, 2)]
        share_answers(machines, authority, redis)
        live_without(machines, authority, redis)
        forge(machines[1], redis)
        ports = [machine.port for machine in machines]
    if pathlib.Path(given.program).exists():
        share_memory(given, ports, redis)
        look_at_keys(given, ports, redis)
        forget_all(redis)


def main():
    parser = argparse.ArgumentParser()
    for name in ("mxsel", "program", "unbound", "key"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--authority", type=int)
    parser.add_argument("--scratch", type=pathlib.Path)
    given = parser.parse_args()
    try:
        run(given)
    finally:
        for process in Process.all:
            process.stop(signal.SIGKILL)
    return ended()


if __name__ == "__main__":
    sys.exit(main())

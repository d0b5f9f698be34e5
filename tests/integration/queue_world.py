"""Servers, domains and a spool for queue_trial.py, and what every recipient
must have got in the end.
"""
import email
import fcntl
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

from mta_servers import Smtp
from mta_spool import Spool
from statements import check

HOSTS = ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6"]
DOWN = HOSTS[4]
# "later" is refused for now twice, "never" for good, "mixed" is both and
# more; nobody listens at h6.
ZONE = """\
$ORIGIN mail.test.
$TTL 600
@ SOA ns hostmaster 1 2 3 4 60
@ NS ns
home MX 10 h2
good MX 10 h2
down MX 10 h6
down MX 20 h3
tie MX 10 h3
tie MX 10 h4
later MX 10 h5
mixed MX 10 h4
mixed MX 20 h5
nullmx MX 0 .
stuck MX 10 h6
three MX 10 h3
three MX 20 h4
three MX 30 h2
h2 A 127.0.0.2
h3 A 127.0.0.3
h4 A 127.0.0.4
h5 A 127.0.0.5
h6 A 127.0.0.6
"""
# Recipients by what becomes of them, %d is a number.
ARRIVE = ["ann%d@good.mail.test", "bob%d@down.mail.test",
          "cid%d@tie.mail.test", "later%d@later.mail.test",
          "dan%d@mixed.mail.test", "later%d@mixed.mail.test"]
RETURN = ["never%d@good.mail.test", "never%d@mixed.mail.test",
          "eve%d@nullmx.mail.test"]
STATUS = {"good": "5.1.1", "mixed": "5.1.1", "nullmx": "5.1.10"}
NOBODY = "550 5.1.1 No such user"

program = sys.argv[1]
scratch = tempfile.mkdtemp()
runners = []


class Host(Smtp):
    """Takes mail; each recipient has an answer of his own, and every answer
    a moment. took: (sender, recipient, content) for each delivery."""

    def __init__(self, address, port, world, ways):
        self.world, self.took = world, []
        super().__init__(address, port, ways)

    def say(self, connection, reply):
        time.sleep(self.world.moment())
        connection.sendall(reply.encode() + b"\r\n")

    def talk(self, connection, heard):
        sender, to = None, []
        if not self.answer(connection, "greeting"):
            return
        lines = connection.makefile("rb")
        for line in lines:
            text = line.decode("ascii").strip()
            verb = text[:4].upper()
            reply = self.ways[verb]
            path = re.search("<(.*?)>", text)
            if verb == "MAIL":
                sender, to = path[1], []
            elif verb == "RCPT":
                reply = self.world.reply(path[1])
                if reply.startswith("2"):
                    to.append(path[1])
            self.say(connection, reply)
            if verb == "QUIT":
                return
            if verb == "DATA":
                mail = self.data(lines)
                if mail is None:
                    return
                self.took += [(sender, one, mail) for one in to]
                self.say(connection, self.ways["END"])


class World:
    """The servers, a spool, what was put in, and what came out."""

    def __init__(self, name, port, seed, ways=None):
        self.random = random.Random(seed)
        self.asked = {}
        self.lock = threading.Lock()
        self.port = port
        self.folder = os.path.join(scratch, name)
        os.mkdir(self.folder)
        self.zone = os.path.join(self.folder, "zone")
        with open(self.zone, "w", encoding="ascii") as file:
            file.write(ZONE)
        self.log = os.path.join(self.folder, "log")
        self.spool = Spool(program, os.path.join(self.folder, "spool"))
        self.hosts = [Host(address, port, self, (ways or {}).get(address, {}))
                      for address in HOSTS if address != DOWN]
        self.put = {}
        self.number = 0

    def moment(self):
        with self.lock:
            return self.random.choice([0, 0, 0.001, 0.003, 0.01])

    def reply(self, recipient):
        with self.lock:
            count = self.asked[recipient] = self.asked.get(recipient, 0) + 1
        if recipient.startswith("never"):
            return NOBODY
        if recipient.startswith("later") and count <= 2:
            return "451 4.2.1 Not now"
        return "250 2.1.5 Ok"

    def submit(self, kinds=None):
        """One more message, with one to seven recipients."""
        self.number += 1
        with self.lock:
            kinds = kinds or self.random.sample(ARRIVE + RETURN,
                                                self.random.randint(1, 7))
        to = [kind % self.number for kind in kinds]
        sender = f"from{self.number}@home.mail.test"
        mail = (f"Message-ID: <{self.number}@home.mail.test>\r\n"
                f"Subject: {self.number}\r\n\r\n.\r\n"
                + "a line\r\n" * (self.number % 7 * 400)).encode()
        if self.spool.submit(sender, to, mail):
            self.put[self.number] = (sender, to, mail)

    def start(self, *more, **environment):
        with open(self.log, "ab") as log:
            runner = subprocess.Popen(
                [program, "run", self.spool.folder, "--zone", self.zone,
                 "--port", str(self.port), "--self", "queue.test",
                 "--allow-loopback", "--timeout", "30", "--poll", "0.005",
                 "--retry", "0.05", "--retry-max", "0.2", *more],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env={**os.environ, **environment}, start_new_session=True)
        runners.append(runner)
        return runner

    def kill(self, runner):
        """The runner, and every process it has started."""
        os.killpg(runner.pid, signal.SIGKILL)
        runner.wait()

    def wait(self, condition, seconds=60):
        """Returns whether it came true."""
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            time.sleep(0.01)
        return condition()

    def stop(self):
        for host in self.hosts:
            host.stop()

    def locked(self):
        """How many messages are being delivered."""
        count = 0
        for name in self.spool.names("journal"):
            try:
                with self.spool.journal(name) as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                count += 1
            except FileNotFoundError:
                pass
        return count

    def finish(self):
        """Let it run until nothing waits: two of it, which share the work."""
        both = [self.start(), self.start()]
        self.wait(self.spool.empty, 120)
        for runner in both:
            self.kill(runner)
        self.stop()

    def took(self):
        return [one for host in self.hosts for one in host.took]

    def doubtful(self):
        """Recipients of whom the log says that they may get it twice."""
        with open(self.log, encoding="ascii") as log:
            return re.findall(r"^\S+ <(\S+)> may get it twice$", log.read(),
                              re.M)


def fields(mail):
    """The reports of a bounce (RFC 3464): {recipient: fields}."""
    message = email.message_from_bytes(mail)
    if message.get_content_type() != "multipart/report" or \
            message.get_param("report-type") != "delivery-status":
        return {}
    parts = message.get_payload()
    if [part.get_content_type() for part in parts] != [
            "text/plain", "message/delivery-status", "text/rfc822-headers"]:
        return {}
    whole, *each = parts[1].get_payload()
    if whole["Reporting-MTA"] != "dns; queue.test":
        return {}
    return {one["Final-Recipient"]: one for one in each}


def check_report(world, recipient, report, status):
    """What the sender reads about one recipient."""
    null = status == "5.1.10"
    check(report["Action"] == "failed" and report["Status"] == status,
          f"R74 {recipient}: failed, {status}", report)
    if null:
        check(report["Remote-MTA"] is None and
              report["Diagnostic-Code"].startswith("X-Mxsel; 556 5.1.10 "),
              f"R16 {recipient}: nobody was asked", report)
    else:
        check(report["Remote-MTA"] in ("dns; h2.mail.test",
                                       "dns; h4.mail.test") and
              report["Diagnostic-Code"] == "smtp; " + NOBODY,
              f"R75 {recipient}: who said what", report)


def check_all(world, what, doubtful):
    """Every recipient has the message, or the sender has one bounce."""
    check(world.spool.empty(), f"{what}: the spool is empty",
          [world.spool.names(part) for part in
           ("tmp", "queue", "journal", "dead")])
    arrived, bounces, twice = {}, {}, 0
    for sender, recipient, mail in world.took():
        arrived.setdefault(recipient, []).append((sender, mail))
    for sender, to, mail in world.put.values():
        reports = arrived.pop(sender, [])
        twice += len(reports) - len(set(reports))
        check(len(reports) == len(set(reports)) or sender in doubtful,
              f"{what}: {sender} gets no bounce twice", len(reports))
        seen = {}
        for null, report in set(reports):
            check(null == "" and b"Auto-Submitted: auto-replied" in report and
                  b"Message-ID: <" in report,
                  f"R76 {sender}: a bounce has no sender", report)
            for name, one in fields(report).items():
                seen.setdefault(name, []).append(one)
        for recipient in to:
            copies = arrived.pop(recipient, [])
            found = seen.pop("rfc822; " + recipient, [])
            status = STATUS.get(recipient.split("@")[1].split(".")[0])
            if recipient.startswith(("never", "eve")):
                check(not copies and len(found) == 1,
                      f"{what}: {recipient}: one bounce and no mail",
                      len(copies), len(found))
                if found:
                    check_report(world, recipient, found[0], status)
                continue
            twice += max(len(copies) - 1, 0)
            check(len(copies) == 1 or (copies and recipient in doubtful),
                  f"{what}: {recipient} gets it once", len(copies))
            check(not found and set(copies) == {(sender, mail)},
                  f"{what}: {recipient} gets it as it was sent, and nobody "
                  "is told otherwise", found)
        check(not seen, f"{what}: {sender}: no other bounce", seen)
    check(not arrived, f"{what}: nobody else gets anything", arrived)
    return twice

#!/usr/bin/env python3
"""Real mail through Postfix, which asks examples/postfix_map where to.

    postfix_trial.py PROGRAM SCRATCH names|addresses

Hands mail to an instance of Postfix of its own and looks where it arrives:
SMTP servers on 127.0.0.2 and so on, h2.test and so on by name. With "names"
the machine's hosts file knows these names (postfix.sh sees to that). Prints
what is not so, and one line of totals.
"""
import email
import signal
import sys

from mta_servers import Smtp
from ports import free_port
from postfix_servers import Map, Names, Postfix, until
import statements

PROGRAM, SCRATCH, WAY = sys.argv[1:]
MX = {
    "back.test": [(10, "h5.test")],
    "down.test": [(10, "h11.test"), (20, "h2.test")],
    "greeting.test": [(10, "h8.test"), (20, "h2.test")],
    "dead.test": [(10, "h11.test"), (20, "h12.test")],
    "newer.test": [(10, "h11.test"), (20, "six.test")],
    "tie.test": [(10, "h3.test"), (10, "h4.test")],
    "backup.test": [(10, "h2.test"), (20, "h7.test"), (30, "h3.test")],
    "loop.test": [(10, "h7.test"), (20, "h2.test")],
    "later.test": [(10, "h2.test")],
    "meanwhile.test": [(10, "h2.test")],
    "mixed.test": [(10, "several.test")],
}
# The first of them is on nobody's network.
ADDRESSES = {"several.test": ["169.254.9.9", "127.0.0.6"]}
SERVERS = {"127.0.0.%d" % n: {} for n in (2, 3, 4, 5, 6, 7)}
SERVERS["127.0.0.8"] = {"greeting": "421 4.3.2 Not now"}
TIES = 44  # fewer than 3 for one of two: once in 8e9 runs

def check(good, what, *details):
    """Count one statement about this way to name hosts."""
    statements.check(good, f"{WAY}: {what}", *details)


class Trial:
    def __init__(self):
        port = free_port(list(SERVERS) + ["127.0.0.11", "127.0.0.12"])
        ports = [free_port(["127.0.0.1"]) for _ in range(2)]
        self.hosts = {address: Smtp(address, port, ways)
                      for address, ways in SERVERS.items()}
        self.names = Names(MX, ADDRESSES)
        self.names.failing = {"later.test", "meanwhile.test"}
        where = "unix:" + SCRATCH + "/map"
        if WAY == "addresses":
            where = "inet:127.0.0.1:%d" % free_port(["127.0.0.1"])
        self.settings = [
            PROGRAM, where, "--mode", "666", "--port", str(port),
            "--server", "127.0.0.1@%d" % self.names.port,
            "--allow-loopback", "--self", "h7.test", "--local", "own.test",
            "--set", "family=5",  # as inet_protocols has it
            *(["--addresses"] if WAY == "addresses" else [])]
        self.map = Map(*self.settings)
        self.postfix = Postfix(SCRATCH + "/postfix", self.map.where, ports)

    def stop(self):
        self.postfix.stop()
        check(self.map.stop() == 0, "the map ends well when it is told to")
        for host in self.hosts.values():
            host.stop()
        self.names.stop()

    def came_to(self, recipient):
        """The hosts that a mail came to."""
        wanted = b"Subject: for " + recipient.encode()
        return [address for address, host in self.hosts.items()
                for mail in host.mails if wanted in mail.splitlines() and
                b"multipart/report" not in mail]

    def arrives(self, recipient, host):
        came = until(lambda: self.came_to(recipient))
        check(came == [host], "%s: the mail comes to %s" % (recipient, host),
              came, self.postfix.log())

    def report_for(self, recipient):
        """The delivery status part of the bounce (RFC 3464)."""
        for mail in list(self.hosts["127.0.0.5"].mails):
            parts = list(email.message_from_bytes(mail).walk())
            for part in parts:
                if part.get_content_type() == "message/delivery-status":
                    text = part.as_string()
                    if recipient in text:
                        return text
        return ""

    def bounces(self, recipient, status):
        report = until(lambda: self.report_for(recipient))
        check("Action: failed" in report and "Status: " + status in report,
              "%s: bounced with %s" % (recipient, status),
              report, self.postfix.log())
        check(not self.came_to(recipient), recipient + ": goes nowhere")

    def stays(self, recipient, status, words):
        why = until(lambda: self.postfix.deferred(recipient))
        check(words in why, "%s stays in the queue: %s" % (recipient, words),
              why, self.postfix.log())
        check(until(lambda: self.logged("to=<%s>" % recipient,
                                        "dsn=%s, status=deferred" % status)),
              "%s is deferred with %s" % (recipient, status))

    def logged(self, *words):
        """Is there a line with all of them?"""
        return any(all(word in line for word in words)
                   for line in self.postfix.log().splitlines())

    def flushed(self, recipients):
        """The queue manager keeps the last answer for 30 seconds, the map a
        failure for five: say it until it is done."""
        def arrived():
            if all(self.came_to(one) for one in recipients):
                return True
            self.postfix.flush()
            return until(lambda: all(self.came_to(one)
                                     for one in recipients), 1)
        until(arrived, 90)


def first_host_down(t):
    """R30: the next host of the plan is tried, in Postfix's own way, also
    where its smtp_mx_address_limit is 1: it holds for each host."""
    t.arrives("a@down.test", "127.0.0.2")
    t.arrives("a@greeting.test", "127.0.0.2")
    check(t.hosts["127.0.0.8"].sessions != [],
          "the host that greets with 421 was asked first")
    relay = {"names": "h2.test", "addresses": "127.0.0.2"}[WAY]
    line = "to=<a@down.test>, relay=%s[127.0.0.2]" % relay
    check(until(lambda: t.logged(line)), "Postfix was given " + WAY)


def equal_hosts_share(t):
    """R31: the load is spread over hosts of one preference."""
    hosts = [until(lambda n=n: t.came_to("t%d@tie.test" % n))
             for n in range(TIES)]
    check(all(len(came) == 1 for came in hosts),
          "every mail for tie.test comes once", hosts)
    for address in ("127.0.0.3", "127.0.0.4"):
        check(hosts.count([address]) >= 3,
              address + " has its share of them", hosts)


def nothing_behind_ourselves(t):
    """R52: only what is better than ourselves."""
    t.arrives("a@backup.test", "127.0.0.2")


def refused_at_once(t):
    """Postfix's SMTP server asks the map before it takes the mail, and says
    5.1.0 for every 5.1.x of a recipient."""
    code, text = t.postfix.send("early@nomail.test", early=True) or (0, b"")
    check(code == 550 and b"5.1." in text and b"null MX" in text,
          "a null MX is refused to the client with 5.1.0", code, text)
    code, text = t.postfix.send("early@loop.test", early=True) or (0, b"")
    check(code // 100 == 5 and b"5.4.6" in text,
          "a loop is refused to the client with 5.4.6", code, text)


def deferred_and_delivered(t):
    """R14: a failure of the DNS keeps the mail, and loses nothing."""
    later = ["a@later.test", "a@meanwhile.test"]
    for recipient in later:
        t.stays(recipient, "4.4.3", "cannot be looked up")
        check(not t.came_to(recipient), recipient + ": goes nowhere yet")
        check(not t.report_for(recipient), recipient + ": is not bounced")
    t.names.failing = set()
    t.flushed(later)
    for recipient in later:
        t.arrives(recipient, "127.0.0.2")


def without_the_map(t):
    """Our own failure keeps the mail as well."""
    check(t.map.stop() == 0, "the map can be stopped")
    t.postfix.send("nobody.answers@down.test")
    t.stays("nobody.answers@down.test", "4.3.0", "address resolver failure")
    t.map = Map(*t.settings)
    t.flushed(["nobody.answers@down.test"])
    t.arrives("nobody.answers@down.test", "127.0.0.2")


def main():
    # Whoever stops this program wants Postfix stopped as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    t = Trial()
    try:
        check(until(t.postfix.is_up), "Postfix is there", t.postfix.log())
        # All at once: waiting is the longest part.
        for recipient in ["a@down.test", "a@greeting.test", "a@backup.test",
                          "a@later.test", "a@meanwhile.test", "a@dead.test",
                          "a@newer.test", "a@nomail.test", "a@loop.test",
                          "a@gone.test", "a@mixed.test"]:
            t.postfix.send(recipient)
        for n in range(TIES):
            t.postfix.send("t%d@tie.test" % n)
        first_host_down(t)
        equal_hosts_share(t)
        nothing_behind_ourselves(t)
        t.arrives("a@mixed.test", "127.0.0.6")  # R63: never by its name
        t.bounces("a@nomail.test", "5.1.10")  # R16
        t.bounces("a@loop.test", "5.4.6")  # R53
        t.bounces("a@gone.test", "5.1.2")
        refused_at_once(t)
        t.stays("a@dead.test", "4.4.1", "refused")
        # Without family=5 it is bounced: Postfix has no way to the last host.
        t.stays("a@newer.test", "4.4.1", "refused")
        deferred_and_delivered(t)
        without_the_map(t)
        check(not t.report_for("a@dead.test"), "a@dead.test: not bounced")
    finally:
        t.stop()
    return statements.ended()


sys.exit(main())

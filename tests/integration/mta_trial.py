#!/usr/bin/env python3
"""A mail queue that reports what became of each attempt is led to the right
host and to the right verdict (R71, R72, R74, R75, R76).

    mta_trial.py MTA_DELIVERY

Three hosts, h2, h3 and h4, at 127.0.0.2 to 127.0.0.4, and one, dual, at ::1
and 127.0.0.1, all with one port. A case says what each of them does; the
others accept. Each mail is put into a spool and tried once. Prints what is
not so, and one line of totals.
"""
import os
import re
import shutil
import sys
import tempfile
import time

from mta_servers import DRIP, DROP, RESET, SILENT, Dns, Smtp
from ports import free_port
from mta_security import check_security
from mta_spool import Spool
from statements import check, ended

FOUR = ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.1"]
ZONE = """\
$ORIGIN mail.test.
$TTL 60
@ SOA ns hostmaster 1 2 3 4 60
@ NS ns
two MX 10 h2
two MX 20 h3
three MX 10 h2
three MX 20 h3
three MX 30 h4
equal MX 10 h2
equal MX 10 h3
one MX 10 h2
dual MX 10 both
dualtwo MX 10 both
dualtwo MX 20 h4
implicit A 127.0.0.2
nullmx MX 0 .
empty TXT "no address"
h2 A 127.0.0.2
h3 A 127.0.0.3
h4 A 127.0.0.4
both A 127.0.0.1
both AAAA ::1
"""
MAIL = b"Subject: dots\r\n\r\nfirst\r\n.\r\n..\r\n.hidden\r\nlast.\r\n"
REFUSE = None
ATTEMPT = re.compile(r"^\S+ (\d+) (\S+) \[([0-9a-f.:]+)\]:(\d+) (\w+)"
                     r"(?: \((\d+) (.*)\))?$", re.M)
VERDICT = re.compile(r"^\S+ <[^>]+> (delivered|bounce|defer): (\d+) "
                     r"(\d\.\d+\.\d+) (.+)$", re.M)

program = sys.argv[1]
scratch = tempfile.mkdtemp()
port = None


def new_spool():
    return Spool(program, tempfile.mkdtemp(dir=scratch))


def run(arguments, to="a@one.mail.test"):
    """One mail, tried once."""
    spool = new_spool()
    spool.submit("sender@self.test", [to], MAIL)
    return (spool, *spool.command("run", ["--once", *arguments]))


class Result:
    """One run: what it printed, and what the servers heard."""

    def __init__(self, domain, hosts, options=(), mail=MAIL, source=None):
        domain += ".mail.test" if source is None else ""
        all_hosts = {name: {} for name in FOUR}
        all_hosts.update(hosts)
        self.servers = {address: Smtp(address, port,
                                      {**ways, "tls": None}, ways.get("tls"))
                        for address, ways in all_hosts.items()
                        if ways is not REFUSE}
        self.spool = new_spool()
        self.name = self.spool.submit("sender@self.test", ["user@" + domain],
                                      mail)
        # As short as the other hosts of a busy machine can keep to.
        waits = any(set(ways.values()) & {SILENT, DRIP}
                    for ways in all_hosts.values() if ways is not REFUSE)
        begin = time.monotonic()
        self.code, self.out, self.err = self.spool.command(
            "run", ["--once",
                    *(source or ["--zone", os.path.join(scratch, "zone")]),
                    "--port", port, "--timeout", 2 if waits else 20,
                    "--allow-loopback", *options])
        self.seconds = time.monotonic() - begin
        for server in self.servers.values():
            server.stop()
        self.attempts = ATTEMPT.findall(self.out)
        self.path = [(a[2], a[4]) for a in self.attempts]
        found = VERDICT.findall(self.out)
        self.verdict = found[0][:3] if len(found) == 1 else None

    def fate(self):
        """What the spool says: "delivered": it is empty; "defer": the mail
        is there; "bounce": a report to the sender is there instead."""
        names = self.spool.names()
        if self.spool.empty():
            return "delivered"
        if names == [self.name]:
            return "defer"
        if names == [self.name + "-b1"] and self.spool.read(names[0])[:2] \
                == ("", ["sender@self.test"]):
            return "bounce"
        return names

    def mails(self, address):
        server = self.servers.get(address)
        return server.mails if server else []

    def heard(self, address):
        """Every line of every session with this host."""
        server = self.servers.get(address)
        return [line for session in server.sessions for line in session] \
            if server else []


def short(address):
    return {"127.0.0.1": "4", "::1": "6"}.get(address, "h" + address[-1:])


def case(what, domain, hosts, path, verdict, says="", options=(), mail=MAIL,
         source=None):
    """hosts: {"h2": ways}; path: "h2 refused, h3 delivered"; verdict:
    "defer 451 4.4.1"; says: in the line of the reply that decided."""
    named = {"4": "127.0.0.1", "6": "::1", "h2": FOUR[0], "h3": FOUR[1],
             "h4": FOUR[2]}
    result = Result(domain, {named[h]: w for h, w in hosts.items()}, options,
                    mail, source)
    seen = ", ".join(f"{short(a)} {o}" for a, o in result.path)
    check(seen == path, f"{what}: {path}", seen, result.out, result.err)
    check(result.verdict is not None
          and " ".join(result.verdict) == verdict, f"{what}: {verdict}",
          result.verdict, result.out, result.err)
    action = verdict.partition(" ")[0]
    check(result.code == 0 and result.fate() == action,
          f"{what}: the spool says {action}", result.code, result.fate())
    check(not result.err and
          all(a[2].startswith("127.") or a[2] == "::1"
              for a in result.attempts) and
          all(int(a[3]) == port for a in result.attempts),
          f"{what}: nobody else is spoken to", result.out, result.err)
    taken = sum(len(result.mails(a)) for a in result.servers)
    if action == "delivered":
        last = result.path[-1][0] if result.path else None
        check(result.mails(last) == [MAIL],
              f"{what}: the mail is there as it was sent",
              result.mails(last))
    else:
        lost = any(w.get("END") for w in hosts.values() if w)
        check(taken == 0 or lost, f"{what}: nobody has the mail", taken)
    said = re.findall(r"^\S+ <\S+> \S+ said: (.*)$", result.out, re.M)
    check(says in "".join(said) and len(said) <= 1 and
          bool(says) == bool(said), f"{what}: the reply is {says!r}", said,
          result.out)
    return result


def down(reply, phase="greeting"):
    return {phase: reply}


def check_connections():
    """R71 R72: who does not answer, or hangs up, is left for the next."""
    case("R72 the best host accepts", "three", {}, "h2 delivered",
         "delivered 250 2.0.0", "2.0.0 Queued")
    case("R72 refused, busy, accepting", "three",
         {"h2": REFUSE, "h3": down("421 4.3.2 Busy")},
         "h2 refused, h3 greeting, h4 delivered", "delivered 250 2.0.0",
         "2.0.0 Queued")
    case("R76 all refuse the connection", "three",
         {"h2": REFUSE, "h3": REFUSE, "h4": REFUSE},
         "h2 refused, h3 refused, h4 refused", "defer 451 4.4.1")
    case("R72 an implicit MX refuses", "implicit", {"h2": REFUSE},
         "h2 refused", "defer 451 4.4.1")
    for way in (DROP, RESET):
        for phase in ("greeting", "EHLO", "MAIL", "RCPT", "DATA"):
            case(f"R72 {way} at {phase}", "two", {"h2": down(way, phase)},
                 "h2 lost, h3 delivered", "delivered 250 2.0.0",
                 "2.0.0 Queued")
    case("R76 dropped after the data", "two",
         {"h2": down(DROP, "END"), "h3": REFUSE}, "h2 lost, h3 refused",
         "defer 451 4.4.2")
    case("R76 all drop", "two", {"h2": down(DROP), "h3": down(RESET)},
         "h2 lost, h3 lost", "defer 451 4.4.2")
    for way in (SILENT, DRIP):
        result = case(f"R72 {way}", "two", {"h2": down(way)},
                      "h2 lost, h3 delivered", "delivered 250 2.0.0",
                      "2.0.0 Queued")
        check(result.seconds < 15,
              f"R72 {way}: it waits --timeout and no more", result.seconds)
    case("R76 silence in the middle", "one", {"h2": down(SILENT, "RCPT")},
         "h2 lost", "defer 451 4.4.2")


def check_greetings():
    """R72 R74: a greeting or EHLO of 4xx, 5xx or 521 goes on; it bounces
    only when all of them are permanent."""
    for reply, verdict in (("554 5.3.2 No mail here", "bounce 554 5.3.2"),
                           ("521 Not a mail host", "bounce 521 5.3.2")):
        bad = down(reply)
        case(f"R72 {reply[:3]}, then a host that takes it", "two",
             {"h2": bad}, "h2 greeting, h3 delivered", "delivered 250 2.0.0",
             "2.0.0 Queued")
        case(f"R74 {reply[:3]} at all", "two", {"h2": bad, "h3": bad},
             "h2 greeting, h3 greeting", verdict, reply[4:])
        case(f"R74 {reply[:3]}, then none", "two",
             {"h2": bad, "h3": REFUSE}, "h2 greeting, h3 refused",
             "defer 451 4.4.1")
        case(f"R74 none, then {reply[:3]}", "two",
             {"h2": REFUSE, "h3": bad}, "h2 refused, h3 greeting",
             "defer 451 4.4.1")
    case("R75 the reply speaks before a silent host", "two",
         {"h2": down("421 4.3.2 Busy"), "h3": REFUSE},
         "h2 greeting, h3 refused", "defer 421 4.3.2", "4.3.2 Busy")
    old = {"EHLO": "502 5.5.1 Unknown"}
    case("R72 EHLO unknown, HELO good", "one", {"h2": old}, "h2 delivered",
         "delivered 250 2.0.0", "2.0.0 Queued")
    neither = {**old, "HELO": "502 5.5.1 Unknown"}
    case("R72 EHLO and HELO refused", "two", {"h2": neither},
         "h2 ehlo, h3 delivered", "delivered 250 2.0.0", "2.0.0 Queued")
    case("R74 EHLO and HELO refused by all", "one", {"h2": neither},
         "h2 ehlo", "bounce 502 5.5.1", "5.5.1 Unknown")
    case("R72 EHLO 421", "two", {"h2": down("421 Later", "EHLO")},
         "h2 ehlo, h3 delivered", "delivered 250 2.0.0", "2.0.0 Queued")


def check_replies():
    """R72: 4xx to MAIL, RCPT, DATA: the next host; 5xx: final."""
    for phase, name in (("MAIL", "mail"), ("RCPT", "rcpt"), ("DATA", "data"),
                        ("END", "data")):
        later = down("451 4.3.0 Not now", phase)
        case(f"R72 {phase} 4xx", "two", {"h2": later},
             f"h2 {name}, h3 delivered", "delivered 250 2.0.0",
             "2.0.0 Queued")
        case(f"R74 {phase} 4xx, then none", "two",
             {"h2": later, "h3": REFUSE}, f"h2 {name}, h3 refused",
             "defer 451 4.3.0", "4.3.0 Not now")
        never = down("550 5.1.1 No such user", phase)
        case(f"R72 {phase} 5xx is final", "two", {"h2": never}, f"h2 {name}",
             "bounce 550 5.1.1", "5.1.1 No such user")
        case(f"R74 refused, then {phase} 5xx", "two",
             {"h2": REFUSE, "h3": never}, f"h2 refused, h3 {name}",
             "bounce 550 5.1.1", "5.1.1 No such user")
        case(f"R74 {phase} 4xx, then 5xx", "two",
             {"h2": later, "h3": never}, f"h2 {name}, h3 {name}",
             "bounce 550 5.1.1", "5.1.1 No such user")
        case(f"R75 {phase} 552 without a status", "one",
             {"h2": down("552 Too large", phase)}, f"h2 {name}",
             "bounce 552 5.0.0", "Too large")
    case("R75 several lines are one reply", "one",
         {"h2": down("550-5.1.1 No such user\r\n550 5.1.1 Ask Bob", "RCPT")},
         "h2 rcpt", "bounce 550 5.1.1",
         "5.1.1 No such user 5.1.1 Ask Bob")
    case("R75 a reply without text has not that of the one before", "one",
         {"h2": down(b"550\r\n", "RCPT")}, "h2 rcpt", "bounce 550 5.0.0")
    case("R71 a long answer to the dot is an answer", "one",
         {"h2": down("250 " + "x" * 3000, "END")}, "h2 delivered",
         "delivered 250 2.0.0", "x" * 500)
    case("R75 a status of another class is none", "one",
         {"h2": down("550 4.1.1 Confused", "RCPT")}, "h2 rcpt",
         "bounce 550 5.0.0", "4.1.1 Confused")


def check_nonsense():
    """What is no reply is a lost connection, and costs bounded memory."""
    for what, reply in (("no code", b"hello\r\n"), ("a long line",
                        b"220 " + b"x" * 100000 + b"\r\n"),
                        ("no end of lines", b"220-go on\r\n" * 500),
                        ("two codes", b"220-a\r\n250 b\r\n"),
                        ("3xx", b"354 Go on\r\n"), ("NULs", b"\0" * 100)):
        result = case(f"R71 greeting with {what}", "two",
                      {"h2": down(reply)}, "h2 lost, h3 delivered",
                      "delivered 250 2.0.0", "2.0.0 Queued",
                      ("--timeout", 2 if what == "NULs" else 20))
        check(result.seconds < 15,
              f"R71 greeting with {what}: it is left at once",
              result.seconds)
    case("R71 a reply with two codes", "two",
         {"h2": down("250-2.1.5 Ok\r\n550 5.1.1 No such user", "RCPT")},
         "h2 lost, h3 delivered", "delivered 250 2.0.0", "2.0.0 Queued")
    result = case("R75 what a stranger sends is harmless", "one",
                  {"h2": down(b"550 \x1b[2J\xff\x07\r\n", "RCPT")},
                  "h2 rcpt", "bounce 550 5.0.0", "?[2J??")
    check("\x1b" not in result.out, "R75 no escape comes through",
          result.out)


def check_ourselves():
    """R71: a peer that greets with our name is us."""
    own = ["--self", "mx.self.test"]
    for reply in ("220 mx.self.test ESMTP", "220 MX.Self.Test"):
        case("R71 our name at the best MX", "two", {"h2": down(reply)},
             "h2 own_name", "bounce 550 5.4.6", reply[4:], own)
    case("R71 our name at another MX", "two",
         {"h2": REFUSE, "h3": down("220 mx.self.test")},
         "h2 refused, h3 own_name", "defer 451 4.4.6", "mx.self.test",
         own)
    case("R71 our name in the reply to EHLO", "one",
         {"h2": down("250-mx.self.test\r\n250 SIZE", "EHLO")},
         "h2 own_name", "bounce 550 5.4.6", "mx.self.test", own)
    result = case("a name that only begins alike", "one",
                  {"h2": down("220 mx.self.test.example ESMTP")},
                  "h2 delivered", "delivered 250 2.0.0", "2.0.0 Queued",
                  options=own)
    check(b"EHLO mx.self.test\r\n" in result.heard(FOUR[0]),
          "it says its own name", result.heard(FOUR[0]))


def check_families():
    """R72: a 5.7.x at the first address of a host tries the other family,
    once; other refusals are final."""
    blocked = down("550 5.7.1 No PTR record", "RCPT")
    case("R72 5.7.1 over IPv6, accepted over IPv4", "dual",
         {"6": blocked}, "6 rcpt, 4 delivered", "delivered 250 2.0.0",
         "2.0.0 Queued")
    case("R72 5.7.1 at the greeting over IPv6", "dual",
         {"6": down("554 5.7.1 Blocked")}, "6 greeting, 4 delivered",
         "delivered 250 2.0.0", "2.0.0 Queued")
    case("R72 5.7.1 over both", "dualtwo", {"6": blocked, "4": blocked},
         "6 rcpt, 4 rcpt", "bounce 550 5.7.1", "5.7.1 No PTR record")
    case("R72 5.7.1 over IPv6, none over IPv4", "dual",
         {"6": blocked, "4": REFUSE}, "6 rcpt, 4 refused",
         "defer 451 4.4.1")
    case("R72 5.1.1 is final over both", "dual",
         {"6": down("550 5.1.1 No such user", "RCPT")}, "6 rcpt",
         "bounce 550 5.1.1", "5.1.1 No such user")
    case("R1 an IPv6 literal", "[IPv6:::1]", {}, "6 delivered",
         "delivered 250 2.0.0", "2.0.0 Queued",
         source=["--zone", os.path.join(scratch, "zone")])
    case("R72 IPv6 is refused", "dual", {"6": REFUSE},
         "6 refused, 4 delivered", "delivered 250 2.0.0", "2.0.0 Queued")
    case("R72 4xx to RCPT leaves the host", "dualtwo",
         {"6": down("450 4.2.1 Later", "RCPT")}, "6 rcpt, h4 delivered",
         "delivered 250 2.0.0", "2.0.0 Queued")


def check_memory():
    """R85: what one process finds out, the next ones know."""
    hosts = os.path.join(scratch, "hosts")
    paths = []
    while len(paths) < 20 and not any("h2" in path for path in paths):
        result = Result("equal", {FOUR[0]: REFUSE}, ["--memory", hosts])
        paths.append([short(address) for address, _ in result.path])
    check(paths[-1] == ["h2", "h3"], "a host that is down is found", paths)
    paths = [Result("equal", {FOUR[0]: REFUSE}, ["--memory", hosts]).path
             for _ in range(8)]
    check(sum(len(path) == 1 for path in paths) >= 6,
          "and is tried behind the other one", paths)
    with open(hosts, "w", encoding="ascii") as file:
        file.write("what?\n")
    result = Result("equal", {}, ["--memory", hosts])
    check(result.fate() == "delivered" and hosts in result.err,
          "a file that is of no use holds nothing up", result.err)


def check_dns():
    """R61 R74: what the DNS did not say stays temporary, in both orders."""
    domains = {"one.test": [(10, "servfail.test"), (20, "gone.test")],
               "two.test": [(10, "gone.test"), (20, "servfail.test")],
               "backup.test": [(10, "servfail.test"), (20, "h4.test")],
               "final.test": [(10, "servfail.test"), (20, "h4.test")],
               "nohost.test": [(10, "gone.test"), (20, "gone2.test")]}
    for domain in ("one", "two", "servfail"):
        dns = Dns(domains)
        source = ["--server", f"127.0.0.1@{dns.port}"]
        status = "4.4.3" if domain == "servfail" else "4.4.4"
        case(f"R61 {domain}.test", domain + ".test", {}, "",
             f"defer 451 {status}", source=source)
        check((domain + ".test", Dns.A) not in dns.asked,
              "R14 no implicit MX after a failure", dns.asked)
        dns.stop()
    dns = Dns(domains)
    source = ["--server", f"127.0.0.1@{dns.port}"]
    case("R61 one failure hides no host", "backup.test", {}, "h4 delivered",
         "delivered 250 2.0.0", "2.0.0 Queued", source=source)
    case("R74 5xx at the backup is final", "final.test",
         {"h4": down("550 5.1.1 No such user", "RCPT")}, "h4 rcpt",
         "bounce 550 5.1.1", "5.1.1 No such user", source=source)
    case("R74 521 at the backup is not", "final.test",
         {"h4": down("521 No mail")}, "h4 greeting", "defer 451 4.4.4",
         source=source)
    case("R62 no host is there", "nohost.test", {}, "", "bounce 550 5.4.4",
         source=source)
    case("R12 no domain", "gone.test", {}, "", "bounce 550 5.1.2",
         source=source)
    dns.stop()
    zone = ["--zone", os.path.join(scratch, "zone")]
    case("R1 an address literal", "[127.0.0.3]", {}, "h3 delivered",
         "delivered 250 2.0.0", "2.0.0 Queued", source=zone)
    case("R16 null MX", "nullmx", {}, "", "bounce 556 5.1.10")
    case("R76 no address", "empty", {}, "", "bounce 550 5.4.4")


def check_message():
    """What arrives is what was sent, whatever its lines look like."""
    lines = b"a\r\n" * 20000
    dots = b"." + b"a" * 62 + b"\r\n"
    for what, sent, arrives in (
            ("LF alone", MAIL.replace(b"\r\n", b"\n"), MAIL),
            ("no end of the last line", b"a\r\n.b", b"a\r\n.b\r\n"),
            ("dots alone", b".\r\n.\r\n", b".\r\n.\r\n"),
            ("a stray CR", b"a\r.\r\nb\r\n", b"a.\r\nb\r\n"),
            ("an empty line", b"\r\n", b"\r\n"),
            ("a large one", lines, lines),
            ("a length of its own", dots * 1008 + b"." * 16 + b"b" * 1000,
             dots * 1008 + b"." * 16 + b"b" * 1000 + b"\r\n")):
        result = Result("one", {}, mail=sent)
        check(result.mails(FOUR[0]) == [arrives] and result.code == 0,
              f"the message with {what} arrives", result.out,
              result.mails(FOUR[0])[:1])
    result = case("R71 silence after QUIT", "one",
                  {"h2": {"QUIT": SILENT}}, "h2 delivered",
                  "delivered 250 2.0.0", "2.0.0 Queued",
                  ("--timeout", "20"))
    check(result.seconds < 15, "R71 nobody waits for the answer to QUIT",
          result.seconds)
    result = Result("one", {})
    check(result.heard(FOUR[0])[-1:] == [b"QUIT\r\n"], "it says QUIT",
          result.heard(FOUR[0]))
    head = b"Subject: \xc3\xa9\0" + b"x" * 4000 + b"\nTo: a\n\nbody\n"
    returned = Result("nullmx", {}, mail=head)
    report = returned.spool.read(returned.name + "-b1")[2]
    check(report.isascii() and b"\0" not in report and
          max(map(len, report.splitlines())) < 998 and
          report.count(b"x") > 4000 and b"\r\nTo: a\r\n\r\n--" in report and
          b"body" not in report,
          "R74 a report can be sent, whatever it returns", report[-600:])
    check(b"MAIL FROM:<sender@self.test>\r\n" in result.heard(FOUR[0]) and
          b"RCPT TO:<user@one.mail.test>\r\n" in result.heard(FOUR[0]),
          "sender and recipient", result.heard(FOUR[0]))
    check(b"EHLO [127.0.0.1]\r\n" in result.heard(FOUR[0]),
          "without a name it says its address", result.heard(FOUR[0]))


def check_odd_files(zone):
    """What is no plain file is no message, and holds up no other one."""
    spool = new_spool()
    queue = os.path.join(spool.folder, "queue")
    elsewhere = os.path.join(spool.folder, "elsewhere")
    os.rename(os.path.join(queue, spool.submit("a@b", ["a@c.test"], MAIL)),
              elsewhere)
    os.utime(elsewhere, (1, 1))
    os.symlink(elsewhere, os.path.join(queue, "link"))
    os.mkfifo(os.path.join(queue, "pipe"))
    os.mkdir(os.path.join(queue, "folder"))
    code, out, err = spool.command("run", ["--once", "--zone", zone])
    check(code == 0 and not err and spool.names() == ["folder", "link",
                                                      "pipe"],
          "a pipe, a link and a folder stay", code, out, err)
    check(all(f"{name}: it stays for now: it cannot be read" in out
              for name in spool.names()), "and why is said", out)
    check(os.stat(elsewhere).st_mtime == 1,
          "the file that a link leads to is not touched")


def check_clock(zone):
    """Mail does not wait for a clock that has gone back since."""
    for ahead, is_tried in ((3000, False), (1e8, True)):
        spool = new_spool()
        name = spool.submit("a@b", ["a@nullmx.mail.test"], MAIL)
        due = time.time() + ahead
        os.utime(os.path.join(spool.folder, "queue", name), (due, due))
        _, out, _ = spool.command("run", ["--once", "--zone", zone,
                                          "--retry-max", 3600])
        check(("bounce: 556 5.1.10" in out) == is_tried,
              f"due in {ahead} seconds of at most 3600", out)


def check_arguments():
    """R78: the trace; usage; loopback only when it is allowed."""
    zone = os.path.join(scratch, "zone")
    result = Result("two", {FOUR[0]: REFUSE}, ["--trace"])
    for pattern in (r"^trace: ask two\.mail\.test: MX \(RFC 5321 5\.1\)$",
                    r"^trace: report h2\.mail\.test: refused \(RFC .*\)$",
                    r"^trace: decision h2\.mail\.test: next address \(",
                    r"^trace: report h3\.mail\.test: delivered \(RFC .*\)$",
                    r"^trace: verdict two\.mail\.test: .*\(RFC .*\)$"):
        check(re.search(pattern, result.out, re.M),
              f"R78 the trace has {pattern}", result.out)
    _, code, out, _ = run(["--zone", zone, "--port", port])
    check(code == 0 and "bounce: 550 5.7.1" in out and
          not ATTEMPT.search(out), "R63 loopback is not spoken to", out)
    spool = new_spool()
    to, sender = ["--to", "a@c.test"], ["--from", "a@b"]
    for arguments in ([], sender, to, [*sender, "--to"],
                      [*sender, "--to", ""], [*sender, "--to", "c.test"],
                      [*sender, "--to", "a b@c.test"],
                      [*sender, "--to", "a@c.test>\r\nDATA"],
                      ["--from", "b:25", *to],
                      ["--what", "a", *sender, *to], ["--from", "<a@b>", *to],
                      [*sender, *sender, *to], [*sender, *to * 101]):
        code, out, err = spool.command("submit", arguments, MAIL)
        check(code == 64 and not out and err and spool.empty(),
              f"usage: submit {arguments[:4]}", code, out, err)
    for arguments in (["--port", 0], ["--port", 70000], ["--timeout", "x"],
                      ["--zone", zone, "--server", "127.0.0.1"], ["--what"],
                      ["--zone", zone, "--self", "a b"]):
        spool, code, out, err = run(arguments)
        check(code == 64 and not out and err and len(spool.names()) == 1,
              f"usage: run {arguments}", code, out, err)
    spool, code, out, err = run(["--zone", "/nonexistent"])
    check(code == 75 and not out and err and len(spool.names()) == 1,
          "no zone: the mail is kept", code, out, err)
    for part, what in (("queue", "it cannot be read"),
                       ("journal", "its journal cannot be read")):
        spool = new_spool()
        name = spool.submit("a@b", ["a@c.test"], MAIL)
        with open(os.path.join(spool.folder, part, name), "wb") as file:
            file.write(b"rubbish\n")
        code, out, err = spool.command("run", ["--once", "--zone", zone])
        check(code == 0 and spool.names() == [name] and not err and
              out.startswith(f"{name}: it stays for now: {what}"),
              f"what is no {part} is kept, and why is said", out, err)
    for name in ("evil\r\nX-Evil: 1", 'a"b', "a b", "n" * 200):
        path = os.path.join(spool.folder, "queue", name)
        os.rename(os.path.join(spool.folder, "queue",
                               spool.submit("a@b", ["a@c.test"], MAIL)), path)
        code, out, err = spool.command("run", ["--once", "--zone", zone])
        check(code == 0 and name[:4] not in out and os.path.exists(path),
              f"a file that is called {name[:20]!r} is no message", out)
    check_odd_files(zone)
    check_clock(zone)
    spool = new_spool()
    code, out, err = spool.command("submit", [*sender, *to], b"")
    check(code == 75 and not out and err and spool.empty(),
          "no message: nothing is taken", code, out, err)


def main():
    global port
    addresses = FOUR + ["::1"]
    port = free_port(addresses)
    if port is None:
        print("skipped: the tests with ::1, which is not here")
        port = free_port(FOUR)
    else:
        addresses = None
    if port is None:
        print("skipped: 127.0.0.2 and the like are not here")
        return 77
    with open(os.path.join(scratch, "zone"), "w", encoding="ascii") as zone:
        zone.write(ZONE)
    for one in (check_connections, check_greetings, check_replies,
                check_nonsense, check_ourselves, check_memory, check_dns,
                check_message, check_arguments):
        one()
    check_security(case, check, port, scratch)
    if addresses is None:
        FOUR.append("::1")
        check_families()
    return ended()


if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        shutil.rmtree(scratch)

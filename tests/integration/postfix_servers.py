"""What postfix_trial.py and postfix_clients.py have around them: a name
server that fails on demand, examples/postfix_map, and an instance of Postfix
of its own. All on loopback, all in a scratch directory.
"""
import glob
import json
import os
import shutil
import smtplib
import socket
import struct
import subprocess
import time

from mta_servers import Dns

SBIN = "/usr/lib/postfix/sbin"
SERVICES = """\
127.0.0.1:{late} inet n - n - - smtpd -o smtpd_reject_unlisted_recipient=no
127.0.0.1:{early} inet n - n - - smtpd
pickup unix n - n 600 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
showq unix n - n - - showq
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
SETTINGS = """\
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
daemon_directory = {sbin}
maillog_file = {home}/log
maillog_file_prefixes = {home}
myhostname = mx.sender.test
mydestination =
alias_maps =
local_recipient_maps =
fast_flush_domains =
notify_classes =
inet_interfaces = 127.0.0.1
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_host_lookup = native
smtp_connect_timeout = 5
inet_protocols = ipv4
smtp_mx_session_limit = 1
smtp_mx_address_limit = 1
queue_run_delay = 600
in_flow_delay = 0
transport_maps = socketmap:{where}:mxsel
"""
QUEUES = ("active bounce corrupt defer deferred flush hold incoming private "
          "saved trace public maildrop pid").split()


def until(condition, seconds=60):
    """What condition() came to: as soon as it is true, or at the end."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.02)


class Names(Dns):
    """Dns, with a null MX for "nomail", names that fail as long as they are
    in failing, names that are never answered ("silent"), and addresses;
    "six" has IPv6 only."""

    def __init__(self, domains, addresses=None):
        self.failing = set()
        self.addresses = addresses or {}
        super().__init__(domains)

    def records(self, name, kind):
        if name in self.failing:
            return 2, []
        if name.startswith("nomail") and kind == self.MX:
            return 0, [struct.pack("!H", 0) + b"\0"]
        if name.startswith("six") and kind != self.MX:
            return 0, [socket.inet_pton(socket.AF_INET6, "2001:db8::6")] * (
                kind == 28)  # AAAA
        if name in self.addresses:
            return 0, [socket.inet_aton(one) for one in
                       self.addresses[name] if kind == self.A]
        return super().records(name, kind)

    def serve(self):
        while True:
            question, client = self.socket.recvfrom(4096)
            if question == b"stop":
                return
            answer = self.reply(question)
            if not self.asked[-1][0].startswith("silent"):
                self.socket.sendto(answer, client)


class Map:
    """examples/postfix_map at work."""

    def __init__(self, program, where, *arguments, before=(), errors=None):
        self.process = subprocess.Popen(
            [*before, program, "--listen", where, *arguments],
            stdout=subprocess.PIPE, stderr=errors, text=True)
        self.where = self.process.stdout.readline().strip().replace(
            "listening at ", "")

    def connect(self):
        kind, place = self.where.split(":", 1)
        if kind == "unix":
            client = socket.socket(socket.AF_UNIX)
            client.connect(place)
            client.settimeout(60)
            return client
        address, port = place.rsplit(":", 1)
        return socket.create_connection((address, int(port)), 60)

    def stop(self):
        """Its exit status; None: it had to be killed."""
        self.process.terminate()
        try:
            status = self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = None
        self.process.stdout.close()
        return status

    def time_worked(self):
        """Seconds on a processor; None where nobody tells."""
        try:
            with open("/proc/%d/stat" % self.process.pid) as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            return None
        ticks = int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


class Postfix:
    """An instance of its own in home; the machine's is not looked at."""

    def __init__(self, home, where, ports):
        self.home, self.early, self.late = home, ports[0], ports[1]
        for name in ["etc", "data"] + ["queue/" + one for one in QUEUES]:
            os.makedirs(os.path.join(home, name))
            if name not in ("etc", "queue/pid"):
                shutil.chown(os.path.join(home, name), "postfix")
        shutil.chown(home + "/queue/public", "postfix", "postdrop")
        shutil.chown(home + "/queue/maildrop", "postfix", "postdrop")
        os.chmod(home + "/queue/public", 0o710)
        os.chmod(home + "/queue/maildrop", 0o730)
        self.write("etc/main.cf", SETTINGS.format(
            home=home, sbin=SBIN, where=where))
        self.write("etc/master.cf", SERVICES.format(
            early=self.early, late=self.late))
        self.master = subprocess.Popen(
            [SBIN + "/master", "-c", home + "/etc", "-d"],
            stdout=open(home + "/said", "w"), stderr=subprocess.STDOUT,
            start_new_session=True)  # it ends its group

    def write(self, name, text):
        with open(os.path.join(self.home, name), "w") as file:
            file.write(text)

    def is_up(self):
        try:
            socket.create_connection(("127.0.0.1", self.late), 10).close()
        except OSError:
            return False
        return True

    def send(self, recipient, early=False):
        """Hand in one mail; the reply where it is refused."""
        port = self.early if early else self.late
        with smtplib.SMTP("127.0.0.1", port, "client.test") as client:
            try:
                client.sendmail("sender@back.test", [recipient],
                                "Subject: for %s\n\nHello\n" % recipient)
            except smtplib.SMTPRecipientsRefused as refused:
                return refused.recipients[recipient]
        return None

    def command(self, *arguments):
        return subprocess.run(
            [arguments[0], "-c", self.home + "/etc", *arguments[1:]],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=60, check=False).stdout

    def deferred(self, recipient):
        """Why a mail in the queue is still there; "" when it is not."""
        for line in self.command("postqueue", "-j").splitlines():
            if not line.startswith("{"):
                continue
            for one in json.loads(line)["recipients"]:
                if one["address"] == recipient:
                    return one.get("delay_reason", "")
        return ""

    def is_empty(self):
        folders = ("active", "deferred", "incoming")
        return not any(
            files for folder in folders for _, _, files in
            os.walk(os.path.join(self.home, "queue", folder)))

    def flush(self):
        self.command("postqueue", "-f")

    def log(self):
        text = ""
        for name in glob.glob(self.home + "/log") + [self.home + "/said"]:
            with open(name, errors="replace") as file:
                text += file.read()
        return text

    def stop(self):
        """The master takes along what it started."""
        self.master.terminate()
        self.master.wait(60)

"""Servers on loopback for mta_trial.py: SMTP that does what a case says, and
a name server that fails for some names. Nothing here leaves this machine.
"""
import socket
import struct
import threading

HELLO = "250-peer.test at your service\r\n250-8BITMIME\r\n250 SIZE 1000000"
ACCEPT = {"greeting": "220 peer.test ESMTP", "EHLO": HELLO,
          "HELO": "250 peer.test", "MAIL": "250 2.1.0 Ok",
          "RCPT": "250 2.1.5 Ok", "DATA": "354 Go on",
          "END": "250 2.0.0 Queued", "QUIT": "221 2.0.0 Bye"}
OFFER = {"EHLO": "250-peer.test at your service\r\n250 STARTTLS",
         "STARTTLS": "220 2.0.0 Go on"}
DROP, SILENT, RESET, DRIP = "drop", "silent", "reset", "drip"
SLOW = "slow"


class Smtp:
    """One SMTP server on one address. ways: {phase: reply}, the others as
    ACCEPT has them; a reply may also be bytes, DROP, SILENT, RESET, or
    DRIP: an octet now and then. With tls, an ssl.SSLContext, it offers
    STARTTLS, and with "HANDSHAKE": SLOW thinks before it shakes hands;
    secret has the mails that came over TLS."""

    def __init__(self, address, port, ways, tls=None):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.ways = {**ACCEPT, **(OFFER if tls else {}), **ways}
        self.tls = tls
        self.sessions, self.mails, self.threads = [], [], []
        self.secret = []
        self.over = threading.Event()
        self.listener = socket.socket(family, socket.SOCK_STREAM)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((address, port))
        self.listener.listen(8)
        self.listener.settimeout(0.02)
        self.start(self.accept)

    def start(self, function, *arguments):
        thread = threading.Thread(target=function, args=arguments,
                                  daemon=True)
        self.threads.append(thread)
        thread.start()

    def accept(self):
        while not self.over.is_set():
            try:
                connection, _ = self.listener.accept()
            except socket.timeout:
                continue
            connection.settimeout(60)
            self.start(self.session, connection)
        self.listener.close()

    def answer(self, connection, phase):
        """Say what is to be said; False: the session ends here."""
        reply = self.ways[phase]
        if reply == SILENT:
            self.over.wait(60)
            return False
        while reply == DRIP and not self.over.wait(0.15):
            connection.sendall(b"2")
        if reply == RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                  struct.pack("ii", 1, 0))
            return False
        if reply in (DROP, DRIP):
            return False
        if isinstance(reply, str):
            reply = reply.encode() + b"\r\n"
        connection.sendall(reply)
        return True

    def talk(self, connection, heard, secret=False):
        if not secret and not self.answer(connection, "greeting"):
            return
        lines = connection.makefile("rb")
        for line in lines:
            heard.append(line)
            verb = line.decode("ascii", "replace").strip().upper()
            verb = verb if verb == "STARTTLS" else verb[:4]
            if verb not in self.ways or not self.answer(connection, verb):
                return
            if verb == "QUIT":
                return
            if verb == "STARTTLS" and self.ways[verb][:3] == "220":
                if self.ways.get("HANDSHAKE") == SLOW:
                    self.over.wait(0.2)
                secure = self.tls.wrap_socket(connection, server_side=True)
                self.talk(secure, heard, True)
                secure.close()
                return
            if verb == "DATA" and str(self.ways["DATA"]).startswith("354"):
                mail = self.data(lines)
                if mail is None:
                    return
                self.mails.append(mail)
                self.secret += [mail] if secret else []
                if not self.answer(connection, "END"):
                    return

    @staticmethod
    def data(lines):
        """The message (RFC 5321, 4.5.2), None when it does not end."""
        mail = b""
        for line in lines:
            if line == b".\r\n":
                return mail
            mail += line[1:] if line.startswith(b".") else line
        return None

    def session(self, connection):
        heard = []
        self.sessions.append(heard)
        try:
            self.talk(connection, heard)
        except OSError:
            pass
        connection.close()

    def stop(self):
        """Waits for what is under way, so that all was heard."""
        self.over.set()
        for thread in self.threads:
            thread.join(10)


def wire(name):
    return b"".join(bytes([len(label)]) + label.encode()
                    for label in name.split(".")) + b"\0"


class Dns:
    """A name server. hosts: {domain: [(preference, exchange)]}; names that
    begin with "servfail" fail, with "gone" do not exist, with "h" and a
    number have 127.0.0.number; nothing has an IPv6 address. tlsa: {name:
    [data]}; with it every answer says that it was validated."""

    MX, A, TLSA = 15, 1, 52

    def __init__(self, domains, tlsa=None):
        self.domains, self.tlsa = domains, tlsa
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def records(self, name, kind):
        """(response code, the data of the records)"""
        if name.startswith("servfail"):
            return 2, []
        if name.startswith("gone"):
            return 3, []
        if kind == self.MX:
            return 0, [struct.pack("!H", preference) + wire(exchange)
                       for preference, exchange in
                       self.domains.get(name, [])]
        if kind == self.TLSA:
            found = (self.tlsa or {}).get(name, [])
            return (2, []) if found is None else (0, found)
        if kind == self.A and name.startswith("h"):
            number = int(name[1:].partition(".")[0])
            return 0, [bytes([127, 0, 0, number])]
        return 0, []

    def reply(self, question):
        end = question.index(b"\0", 12)
        kind, = struct.unpack("!H", question[end + 1:end + 3])
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode())
            at += 1 + question[at]
        name = ".".join(labels).lower()
        self.asked.append((name, kind))
        code, data = self.records(name, kind)
        flags = 0x8180 if self.tlsa is None else 0x81a0
        body = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60,
                                                  len(one)) + one
                        for one in data)
        return (question[:2] + struct.pack("!HHHHH", flags | code, 1,
                                           len(data), 0, 0)
                + question[12:end + 5] + body)

    def serve(self):
        while True:
            question, client = self.socket.recvfrom(4096)
            if question == b"stop":
                return
            self.socket.sendto(self.reply(question), client)

    def stop(self):
        self.socket.sendto(b"stop", ("127.0.0.1", self.port))
        self.thread.join(5)
        self.socket.close()

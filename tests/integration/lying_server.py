#!/usr/bin/env python3
"""A DNS server that fails in the way it is asked to, on loopback.

    lying_server.py WAY

Prints the port it listens on, UDP and TCP, then serves until its standard
input closes. WAY is one of:

    servfail refused formerr notimp rcode   every answer has that code
    silence           nothing is ever answered
    truncated         TC over UDP; TCP refuses the connection
    truncated-silent  TC over UDP; TCP accepts and says nothing
    truncated-twice   TC over UDP and over TCP
    malformed         answers whose records end in the middle
    garbage           answers that are no DNS message
    referral          a delegation instead of an answer
    halfway           a good MX answer; addresses never
    halfway-servfail  a good MX answer; SERVFAIL for addresses
    aaaa-servfail     a good MX answer and A; SERVFAIL for AAAA (R60)
    a-servfail        ... SERVFAIL for A, NODATA for AAAA (R60)
    folds             good answers that repeat the question in lower case;
                      TCP refuses the connection (S6)
    dripping          TC over UDP; TCP gives one octet each 0.2 s
"""
import select
import socket
import struct
import sys
import time

A, NS, SOA, MX, AAAA = 1, 2, 6, 15, 28
RCODES = {"formerr": 1, "servfail": 2, "notimp": 4, "refused": 5,
          "rcode": 9}
HALFWAY = {"halfway", "halfway-servfail", "aaaa-servfail", "a-servfail"}
WITHOUT_TCP = {"truncated", "folds"}


def question_of(query):
    """(octets of the question section, type) of a query."""
    at = 12
    while query[at]:
        at += query[at] + 1
    end = at + 5
    return query[12:end], struct.unpack("!H", query[at + 1:at + 3])[0]


def message(query, flags, answers=(), authority=()):
    """A reply with these records, whose owner is the question's name."""
    question = question_of(query)[0]
    head = query[:2] + struct.pack("!HHHHH", flags, 1, len(answers),
                                   len(authority), 0)
    body = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60,
                                              len(data)) + data
                    for kind, data in list(answers) + list(authority))
    return head + question + body


def soa():
    """An SOA's data with every name the root."""
    return SOA, b"\0\0" + struct.pack("!IIIII", 1, 2, 3, 4, 60)


def halfway(way, query):
    """A good MX answer; addresses as the way wants."""
    kind = question_of(query)[1]
    good = 0x8180
    if kind == MX:
        exchange = b"\x02mx\xc0\x0c"
        return message(query, good, [(MX, b"\0\x0a" + exchange)])
    if way == "halfway":
        return None
    if way == "aaaa-servfail" and kind == A:
        return message(query, good, [(A, b"\xc0\0\x02\x01")])
    if way == "a-servfail" and kind == AAAA:
        return message(query, good, (), [soa()])
    return message(query, 0x8182)


def folded(query):
    """What a server says that keeps names in lower case."""
    end = 12 + len(question_of(query)[0])
    query = query[:12] + query[12:end].lower() + query[end:]
    kind = question_of(query)[1]
    if kind == AAAA:
        return message(query, 0x8180, (), [soa()])
    return message(query, 0x8180, [
        (MX, b"\0\x0a\x02mx\xc0\x0c") if kind == MX
        else (A, b"\xc0\0\x02\x01")])


def answer(way, query, tcp):
    """The reply to a query, or None for none."""
    good = 0x8180
    if way in RCODES:
        return message(query, good | RCODES[way])
    if way in HALFWAY:
        return halfway(way, query)
    if way == "folds":
        return folded(query)
    if way == "silence":
        return None
    if way == "referral":
        return message(query, good, (), [(NS, b"\x02ns\xc0\x0c")])
    if way == "malformed":
        return message(query, good, [(MX, b"\0\x0a\x02mx\xc0\x0c")])[:-3]
    if way == "garbage":
        return query[:2] + b"\xff" * 40
    if not tcp or way == "truncated-twice":
        return message(query, good | 0x0200)
    if way == "dripping":
        return message(query, good, [(MX, b"\0\x0a\x02mx\xc0\x0c")])
    return None


def open_pair(way):
    """UDP and TCP sockets of one port; TCP not listening if it refuses."""
    while True:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        udp.bind(("127.0.0.1", 0))
        try:
            tcp.bind(udp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
            continue
        if way not in WITHOUT_TCP:
            tcp.listen(16)
        return udp, tcp


class Connection:
    """One TCP client; replies leave at the pace of the way."""

    def __init__(self, sock):
        self.sock = sock
        self.heard = b""
        self.left = b""
        self.next = 0.0

    def hear(self, way):
        """Read; queue a reply. False: it is over."""
        try:
            got = self.sock.recv(4096)
        except OSError:
            return False
        self.heard += got
        if len(self.heard) >= 2:
            size = struct.unpack("!H", self.heard[:2])[0]
            if len(self.heard) >= 2 + size:
                reply = answer(way, self.heard[2:2 + size], True)
                self.heard = self.heard[2 + size:]
                if reply is not None:
                    self.left += struct.pack("!H", len(reply)) + reply
        return bool(got)

    def speak(self, way):
        """Send what is due."""
        if not self.left or time.monotonic() < self.next:
            return
        size = 1 if way == "dripping" else len(self.left)
        self.next = time.monotonic() + 0.2
        try:
            self.sock.send(self.left[:size])
        except OSError:
            pass
        self.left = self.left[size:]


def serve(way):
    """Until standard input closes."""
    udp, tcp = open_pair(way)
    connections = []
    print(udp.getsockname()[1], flush=True)
    while True:
        waiting = [sys.stdin, udp] + [c.sock for c in connections]
        if way not in WITHOUT_TCP:
            waiting.append(tcp)
        ready = select.select(waiting, [], [], 0.05)[0]
        if sys.stdin in ready and not sys.stdin.buffer.read1(1):
            return
        if udp in ready:
            query, peer = udp.recvfrom(4096)
            reply = answer(way, query, False)
            if reply is not None:
                udp.sendto(reply, peer)
        if tcp in ready:
            connections.append(Connection(tcp.accept()[0]))
        for connection in list(connections):
            if connection.sock in ready and not connection.hear(way):
                connection.sock.close()
                connections.remove(connection)
                continue
            connection.speak(way)


if __name__ == "__main__":
    serve(sys.argv[1])

#!/usr/bin/env python3
"""A resolver on loopback that says what is secure, as a text tells it to.

    ad_server.py FILE [blind]

Prints the port it listens on, UDP only, then serves until its standard input
closes. It answers as a validating resolver does: with the AD bit where all of
an answer is secure and the question has that bit or DO; when it is blind, as
one that only forwards: never. The lines of FILE:

    zone NAME STATE        names below it are secure, insecure or bogus; the
                           longest NAME counts; outside of all: REFUSED
    weak NAME TYPE         this answer is insecure whatever its zone is
    fail NAME TYPE         SERVFAIL; TYPE * is any
    NAME TYPE DATA...      a record; TTL 3600
"""
import ipaddress
import os
import select
import socket
import struct
import subprocess
import sys

TYPES = {"A": 1, "CNAME": 5, "SOA": 6, "MX": 15, "AAAA": 28, "TLSA": 52}
ANSWER, AUTHENTIC, SERVFAIL, NXDOMAIN, REFUSED = 0x8180, 0x0020, 2, 3, 5
DNSSEC_OK = 0x8000


def wire(name):
    """A name as it is sent."""
    labels = [part.encode() for part in name.strip(".").split(".") if part]
    return b"".join(bytes([len(part)]) + part for part in labels) + b"\0"


def rdata(kind, words):
    """The data of a record."""
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(words[0]).packed
    if kind == "MX":
        return struct.pack("!H", int(words[0])) + wire(words[1])
    if kind == "TLSA":
        return bytes(int(word) for word in words[:3]) + \
            bytes.fromhex("".join(words[3:]))
    return wire(words[0])


class Tree:
    """What the file says."""

    def __init__(self, path, is_blind):
        self.is_blind = is_blind
        self.zones, self.records = {}, {}
        self.weak, self.fail = set(), set()
        with open(path, encoding="ascii") as file:
            for line in file:
                words = line.split(";")[0].split()
                if words:
                    self.read(words)

    def read(self, words):
        if words[0] == "zone":
            self.zones[words[1]] = words[2]
        elif words[0] in ("weak", "fail"):
            getattr(self, words[0]).add((words[1], words[2]))
        else:
            key = (words[0], words[1])
            self.records.setdefault(key, []).append(
                rdata(words[1], words[2:]))

    def state(self, name):
        """The state of the zone a name is in; None: of none."""
        labels = name.split(".")
        for i in range(len(labels)):
            state = self.zones.get(".".join(labels[i:]))
            if state:
                return state
        return None

    def is_there(self, name):
        """Is there anything at or below a name?"""
        return any(owner == name or owner.endswith("." + name)
                   for owner, _ in self.records)

    def look(self, name, kind):
        """(response code, is all of it secure?, records) along aliases."""
        found, secure = [], True
        while True:
            state = self.state(name)
            if state is None:
                return REFUSED, False, []
            if state == "bogus" or (name, kind) in self.fail or \
                    (name, "*") in self.fail:
                return SERVFAIL, False, []
            secure &= state == "secure" and (name, kind) not in self.weak
            alias = self.records.get((name, "CNAME"))
            if kind != "CNAME" and alias:
                found.append((name, "CNAME", alias[0]))
                name = text(alias[0])
                continue
            found += [(name, kind, data)
                      for data in self.records.get((name, kind), [])]
            return (0 if self.is_there(name) else NXDOMAIN), secure, found


def text(data):
    """A name that was sent, as text."""
    labels, at = [], 0
    while data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode())
        at += 1 + data[at]
    return ".".join(labels)


def reply(tree, query):
    """The answer to a query."""
    name = text(query[12:]).lower()
    end = 12 + len(wire(name)) + 4
    number = struct.unpack("!H", query[end - 4:end - 2])[0]
    kind = {value: key for key, value in TYPES.items()}.get(number, "*")
    wants = struct.unpack("!H", query[2:4])[0] & AUTHENTIC
    if struct.unpack("!H", query[10:12])[0]:
        wants |= struct.unpack("!H", query[end + 7:end + 9])[0] & DNSSEC_OK
    code, secure, found = tree.look(name, kind)
    answers = b"".join(
        wire(owner) + struct.pack("!HHIH", TYPES[what], 1, 3600, len(data)) +
        data for owner, what, data in found)
    denial = b""
    if code in (0, NXDOMAIN) and not any(what == kind
                                         for _, what, _ in found):
        start = b"\0\0" + struct.pack("!IIIII", 1, 2, 3, 4, 300)
        denial = b"\0" + struct.pack("!HHIH", TYPES["SOA"], 1, 300,
                                     len(start)) + start
    flags = ANSWER | code | (AUTHENTIC if secure and wants and
                             not tree.is_blind else 0)
    return query[:2] + struct.pack("!HHHHH", flags, 1, len(found),
                                   bool(denial), 0) + \
        query[12:end] + answers + denial


def serve(path, *how):
    """Until standard input closes."""
    tree = Tree(path, how == ("blind",))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    print(udp.getsockname()[1], flush=True)
    while True:
        ready = select.select([sys.stdin, udp], [], [])[0]
        if sys.stdin in ready and not sys.stdin.buffer.read1(1):
            return
        if udp in ready:
            query, peer = udp.recvfrom(4096)
            udp.sendto(reply(tree, query), peer)


class Running:
    """This program while it runs: "127.0.0.1@PORT" for --server."""

    def __init__(self, path, *how):
        self.arguments = path, *how

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__), *self.arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return "127.0.0.1@%d" % int(self.process.stdout.readline())

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


if __name__ == "__main__":
    serve(*sys.argv[1:])

"""For the tests: a name server of one thread on loopback, in few lines.

It answers MX, A and AAAA from a dict {name: [record, ...]}, the records being
those of the package. hold() keeps its answers back until let_go(). It is no
server for anything else.
"""
import ipaddress
import socket
import threading

import mxsel

TYPES = {1: "A", 15: "MX", 28: "AAAA"}


def _name(text):
    labels = [label.encode() for label in text.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _data(record):
    if isinstance(record, mxsel.MX):
        return 15, record.preference.to_bytes(2, "big") + \
            _name(record.exchange)
    packed = ipaddress.ip_address(record.address).packed
    return (1 if len(packed) == 4 else 28), packed


def _read_name(packet, place):
    labels = []
    while packet[place]:
        end = place + 1 + packet[place]
        labels.append(packet[place + 1:end].decode().lower())
        place = end
    return ".".join(labels), place + 1


def reply(packet, records):
    """The answer to a question, as a DNS message."""
    name, end = _read_name(packet, 12)
    kind = int.from_bytes(packet[end:end + 2], "big")
    found = [_data(record) for record in records.get(name, ())]
    found = [data for number, data in found if number == kind]
    head = packet[:2] + (b"\x81\x80" if name in records else b"\x81\x83")
    counts = b"\0\1" + len(found).to_bytes(2, "big") + bytes(4)
    return head + counts + packet[12:end + 4] + b"".join(
        b"\xc0\x0c" + kind.to_bytes(2, "big") + b"\0\1" + bytes([0, 0, 1, 0])
        + len(data).to_bytes(2, "big") + data for data in found)


class Server:
    """with Server(records) as server: ... server.name is ADDRESS@PORT."""

    def __init__(self, records):
        self.records = records
        self.asked = 0
        self._free = threading.Event()
        self._free.set()
        self._held = threading.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.name = "127.0.0.1@%d" % self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)

    def hold(self):
        """No answers from now on."""
        self._held.clear()
        self._free.clear()

    def let_go(self):
        """Those that were kept back, and all others."""
        self._free.set()

    def has_question(self):
        """Wait until a question is kept back."""
        return self._held.wait(20)

    def _run(self):
        while True:
            packet, sender = self._socket.recvfrom(4096)
            if not packet:
                return
            self.asked += 1
            self._held.set()
            self._free.wait()
            self._socket.sendto(reply(packet, self.records), sender)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.let_go()
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

"""What a selection hands out: attempts, and the things it can tell.

All of them are values: taken once, they stay as they are, whatever the
selection does next.
"""
import ipaddress
import socket
from typing import NamedTuple, Optional

from ._ffi import NULL, ffi, lib, text


class Verdict(NamedTuple):
    """What to do with the mail, and why.

    action: "try" (not over), "delivered", "defer" or "bounce". reply and
    host: of the host whose answer decided, "" when none did.
    """

    action: str
    reason: str
    code: int
    status: str
    text: str
    reply: str
    host: str


class Rejected(NamedTuple):
    """A host or an address that is not used."""

    reason: str
    preference: int
    subject: str
    rule: str


class Event(NamedTuple):
    """One decision, when options have trace=True."""

    name: str
    subject: str
    detail: str
    rule: str


class TlsaRecord(NamedTuple):
    """A usable TLSA record of a host."""

    usage: int
    selector: int
    matching: int
    data: bytes


class TlsReport(NamedTuple):
    """One line of a TLS report (RFC 8460)."""

    host: str
    address: str
    policy: str
    result: Optional[str]


def verdict(m):
    """The verdict as it is now."""
    return Verdict(
        text(lib.mxsel_action_name(lib.mxsel_verdict_action(m))),
        text(lib.mxsel_reason_name(lib.mxsel_verdict_reason(m))),
        lib.mxsel_verdict_code(m), text(lib.mxsel_verdict_status(m)),
        text(lib.mxsel_verdict_text(m)), text(lib.mxsel_verdict_reply(m)),
        text(lib.mxsel_verdict_host(m)))


def rejected(m):
    """Everything that was dropped, in the order it was judged."""
    found = []
    numbers = ffi.new("int[2]")
    subject = ffi.new("char **")
    for index in range(lib.mxsel_rejected_count(m)):
        lib.mxsel_rejected(m, index, numbers, numbers + 1, subject)
        found.append(Rejected(
            text(lib.mxsel_reject_name(numbers[0])), numbers[1],
            text(subject[0]), text(lib.mxsel_reject_rule(numbers[0]))))
    return found


def trace(m):
    """Every decision, in the order they were taken."""
    found = []
    code = ffi.new("int *")
    texts = ffi.new("char *[3]")
    for index in range(lib.mxsel_trace_count(m)):
        lib.mxsel_trace_event(m, index, code, texts, texts + 1, texts + 2)
        found.append(Event(text(lib.mxsel_trace_name(code[0])),
                           *map(text, texts)))
    return found


def tls_reports(m):
    """What TLS came to, for a report to the domain."""
    found = []
    numbers = ffi.new("int[2]")
    texts = ffi.new("char *[2]")
    for index in range(lib.mxsel_tlsrpt_count(m)):
        lib.mxsel_tlsrpt(m, index, texts, texts + 1, numbers, numbers + 1)
        found.append(TlsReport(
            text(texts[0]), text(texts[1]),
            text(lib.mxsel_tlsrpt_policy_name(numbers[0])),
            text(lib.mxsel_tlsrpt_result_name(numbers[1]))))
    return found


def _tlsa(m):
    found = []
    numbers = ffi.new("int[3]")
    data = ffi.new("uint8_t **")
    size = ffi.new("size_t *")
    for index in range(lib.mxsel_tlsa_count(m)):
        lib.mxsel_tlsa(m, index, numbers, numbers + 1, numbers + 2, data,
                       size)
        found.append(TlsaRecord(*numbers, bytes(ffi.buffer(data[0],
                                                           size[0]))))
    return tuple(found)


class Attempt:
    """An address to try, and how.

    host: the name as published; canonical: after aliases. preference, rank
    (place of the host in the plan), source ("mx", "implicit", "literal",
    "static"). address as text ("" for an .onion host, which a proxy
    resolves), port. posture: "opportunistic", "encrypt", "pkix", "dane";
    posture_reason; tls_name for SNI; identities: the certificate must be for
    one of them; tlsa: the records it may match. secure: DNSSEC vouches for
    the address. incomplete: a family of the host failed for now.
    """

    __slots__ = ("host", "canonical", "preference", "rank", "source",
                 "address", "port", "posture", "posture_reason", "tls_name",
                 "identities", "tlsa", "dane", "secure", "incomplete",
                 "_report", "_number")

    def __init__(self, m, number, report):
        self.host = text(lib.mxsel_host_name(m))
        self.canonical = text(lib.mxsel_host_canonical(m))
        self.preference = lib.mxsel_host_preference(m)
        self.rank = lib.mxsel_host_rank(m)
        self.source = text(lib.mxsel_source_name(lib.mxsel_host_source(m)))
        self.address = text(lib.mxsel_address(m))
        self.port = lib.mxsel_port(m)
        self.posture = text(lib.mxsel_posture_name(lib.mxsel_posture(m)))
        self.posture_reason = text(lib.mxsel_posture_reason_name(
            lib.mxsel_posture_reason(m)))
        self.tls_name = text(lib.mxsel_tls_name(m))
        self.identities = tuple(
            text(lib.mxsel_tls_identity(m, index))
            for index in range(lib.mxsel_tls_identity_count(m)))
        self.tlsa = _tlsa(m)
        self.dane = text(lib.mxsel_dane_name(lib.mxsel_dane(m)))
        self.secure = bool(lib.mxsel_address_is_secure(m))
        self.incomplete = bool(lib.mxsel_host_is_incomplete(m))
        self._number = number
        self._report = report

    @property
    def ip(self):
        """The address as ipaddress has it; None for an .onion host."""
        return ipaddress.ip_address(self.address) if self.address else None

    @property
    def family(self):
        """AF_INET or AF_INET6; None for an .onion host."""
        if not self.address:
            return None
        return socket.AF_INET6 if ":" in self.address else socket.AF_INET

    @property
    def sockaddr(self):
        """What socket.connect() takes; None for an .onion host."""
        if not self.address:
            return None
        if ":" in self.address:
            return (self.address, self.port, 0, 0)
        return (self.address, self.port)

    def report(self, outcome, code=0, reply=None):
        """Say what became of it: as the selection's report()."""
        self._report(outcome, code, reply, self._number)

    def __repr__(self):
        return "<Attempt %d %s [%s]:%d %s>" % (
            self.preference, self.host, self.address, self.port,
            self.posture)


def attempt(m, number, report):
    """The attempt that is reached; None: there is none."""
    if lib.mxsel_host_name(m) == NULL:
        return None
    return Attempt(m, number, report)

"""What a resolver written in Python answers, and how C is told.

A resolver is called with a name and a type ("MX", "A", "AAAA"; with dane
also "TLSA" and "CNAME"). It returns an Answer, or an iterable of records, or
a whole DNS message as bytes. It may also raise: TimeoutError and OSError end
the question as a failure for now, every other exception does so too and goes
on to whoever asked.
"""
import asyncio
import ipaddress
from typing import NamedTuple

from ._ffi import ffi, lib, string, text
from .errors import Error, check
from .names import ENDS, SECURITY, TYPE_NAMES, number_of


class MX(NamedTuple):
    """An MX record; exchange as in a master file, "." is the root."""

    preference: int
    exchange: str
    ttl: int = 3600

    def tell(self, query):
        """Add it to the answer."""
        return lib.mxsel_answer_mx(query, self.preference,
                                   string(self.exchange), self.ttl)


class Address(NamedTuple):
    """An A or AAAA record: text, or what ipaddress makes of it."""

    address: str
    ttl: int = 3600

    def tell(self, query):
        """Add it to the answer."""
        octets = ipaddress.ip_address(self.address).packed
        return lib.mxsel_answer_address(query, octets, len(octets), self.ttl)


class Alias(NamedTuple):
    """A CNAME record; the records after it are those of its target."""

    target: str
    ttl: int = 3600

    def tell(self, query):
        """Add it to the answer."""
        return lib.mxsel_answer_alias(query, string(self.target), self.ttl)


class TLSA(NamedTuple):
    """A TLSA record (RFC 6698)."""

    usage: int
    selector: int
    matching: int
    data: bytes
    ttl: int = 3600

    def tell(self, query):
        """Add it to the answer."""
        return lib.mxsel_answer_tlsa(query, self.usage, self.selector,
                                     self.matching, self.data,
                                     len(self.data), self.ttl)


class Answer:
    """Records, and how the question ended.

    Answer(MX(10, "mx.example.org")); Answer(end="nxdomain");
    Answer(negative_ttl=300): the name has nothing of this type.
    end: complete, nxdomain, servfail, refused, timeout, truncated...
    security: what DNSSEC says: indeterminate, insecure, secure, bogus.
    """

    __slots__ = ("records", "end", "security", "negative_ttl")

    def __init__(self, *records, end="complete", security="indeterminate",
                 negative_ttl=None):
        self.records = records
        self.end = number_of(ENDS, end, "end of a question")
        self.security = number_of(SECURITY, security, "security")
        self.negative_ttl = negative_ttl

    def tell(self, query):
        """All of it, and that this is all."""
        for record in self.records:
            if not hasattr(record, "tell"):
                raise TypeError("no record: %r" % (record,))
            check(record.tell(query), record)
        if self.negative_ttl is not None:
            check(lib.mxsel_answer_negative_ttl(query, self.negative_ttl))
        check(lib.mxsel_answer_finish(query, self.end, self.security))


def question(query):
    """What a question asks: name and type."""
    return (text(lib.mxsel_query_name(query)),
            TYPE_NAMES[lib.mxsel_query_type(query)])


def _records(answer):
    # Text and so on may be empty: it would say that there is nothing. One
    # record alone is a tuple of something else.
    if isinstance(answer, (str, dict)) or hasattr(answer, "tell") \
            or not hasattr(answer, "__iter__"):
        raise TypeError("no answer: %r; a list of records is wanted, an "
                        "Answer or a DNS message" % (answer,))
    return Answer(*answer)


def _tell(query, answer):
    if isinstance(answer, (bytes, bytearray, memoryview)):
        check(lib.mxsel_answer_packet(query, ffi.from_buffer(answer),
                                      len(answer), 0))
    elif isinstance(answer, Answer):
        answer.tell(query)
    else:
        _records(answer).tell(query)


def tell(query, answer):
    """Answer the question; what is no answer is a failure, and raised."""
    try:
        _tell(query, answer)
    except BaseException:
        fail(query, "malformed")
        raise


def fail(query, end):
    """The question ends without records."""
    check(lib.mxsel_answer_finish(query, ENDS[end], 0))


def tell_failure(query, failure):
    """End the question as the exception says; True: nothing more to do."""
    if isinstance(failure, Error):
        fail(query, "servfail")
        return False
    if isinstance(failure, (TimeoutError, asyncio.TimeoutError)):
        fail(query, "timeout")
        return True
    if isinstance(failure, OSError):
        fail(query, "network")
        return True
    fail(query, "servfail")
    return False

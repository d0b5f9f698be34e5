"""How mail hosts behaved, for all selections that share it.

A host that failed goes behind its equals for a while. Options keep a memory
alive in C; it may be shared by any number of options and threads.
"""
import os
from typing import FrozenSet, NamedTuple, Optional, Tuple

from ._ffi import NULL, ffi, lib, library, string, text
from .errors import SystemFailure, check, check_file
from .names import OUTCOMES, enum, number_of

_NUMBERS = enum("MXSEL_MEMORY_")
_SETTINGS = {name: _NUMBERS[name] for name in
             ("half_life", "explore", "keep", "refresh", "budget",
              "read_only")}
_COUNTERS = {name: _NUMBERS[name] for name in
             ("entries", "bytes", "reports", "evicted", "behind", "probes",
              "asked", "unanswered")}
_KINDS = {_NUMBERS["host"]: "host", _NUMBERS["address"]: "address"}
_OUTCOMES = {number: name for name, number in OUTCOMES.items()}


class Entry(NamedTuple):
    """What is known of one host or address.

    kind: "host" or "address". score: of failures, 0 to 4, as it is now. age:
    seconds since the last outcome. outcomes: of the last attempts, the newest
    first. code: of the newest reply, 0: none. Of a host: works, the family
    that worked last; turn, the one that goes first once; doubt, those that
    were rejected; again, the address that said to come again. str() is the
    library's line of it.
    """

    name: str
    kind: str
    port: int
    score: float
    age: float
    outcomes: Tuple[str, ...]
    code: int
    works: Optional[int]
    turn: Optional[int]
    doubt: FrozenSet[int]
    again: Optional[str]
    line: str

    def __str__(self):
        return self.line


def _line(entry):
    room = ffi.new("char[]", lib.MXSEL_MEMORY_TEXT_SIZE)
    check(lib.mxsel_memory_format(entry, room, len(room)))
    return text(room)


def _entry(entry):
    return Entry(
        text(entry.name), _KINDS[entry.kind], entry.port,
        entry.score / 1000, entry.age / 1000,
        tuple(_OUTCOMES.get(number, str(number))
              for number in entry.outcomes if number),
        entry.code, entry.works or None, entry.turn or None,
        frozenset(family for family, bit in ((4, 1), (6, 2))
                  if entry.doubt & bit),
        text(entry.again) or None, _line(entry))


class Memory:
    """How hosts behaved, for any number of options and threads.

    size: all it will ever hold, in octets. half_life (of a failure's score),
    keep: seconds; explore: so many of 1000 times one that failed is left in
    its place; with a store, refresh, budget: milliseconds. read_only: for
    plans that nobody carries out, selections only read it.

    Its clock is the time of day: a file has the right age in any process.
    """

    def __init__(self, size=16 << 20, **settings):
        clock = library("libmxsel-ldns").mxsel_ldns_time_of_day
        out = ffi.new("mxsel_memory **")
        check(lib.mxsel_memory_new(out, size, clock, NULL), "size")
        self.pointer = ffi.gc(out[0], lib.mxsel_memory_free)
        self._store = None
        for name, value in settings.items():
            number = number_of(_SETTINGS, name, "setting of a memory")
            check(lib.mxsel_memory_set(self.pointer, number, value), name)

    def report(self, host=None, address=None, port=25, *, outcome, code=0,
               reply=None):
        """Tell of an attempt that no selection made; outcome, code, reply
        are those of Selection.report()."""
        check(lib.mxsel_memory_report(
            self.pointer, string(host),
            string(None if address is None else str(address)), port,
            number_of(OUTCOMES, outcome, "outcome"), code, string(reply)),
              host if host is not None else address)

    def get(self, name, port=25):
        """The Entry of a host or address; None: it is not known."""
        entry = ffi.new("struct mxsel_memory_entry *")
        known = check(lib.mxsel_memory_get(
            self.pointer, string(str(name)), port, entry), name)
        return _entry(entry) if known else None

    def entries(self):
        """All that is known, in no order: an iterator of Entry."""
        place = ffi.new("uint64_t *")
        entry = ffi.new("struct mxsel_memory_entry *")
        while check(lib.mxsel_memory_next(self.pointer, place, entry)):
            yield _entry(entry)

    def forget(self, name):
        """Forget one host or address at every port."""
        if name is None:
            raise TypeError("a host or address is wanted; forget_all() "
                            "forgets everything")
        check(lib.mxsel_memory_forget(self.pointer, string(str(name))), name)

    def forget_all(self):
        """Forget everything."""
        check(lib.mxsel_memory_forget(self.pointer, NULL))

    def save(self, path):
        """Write all that is known to a text file; the old one stays until
        the new one is whole."""
        check_file(lib.mxsel_memory_save(
            self.pointer, string(os.fsencode(path))), path)

    def load(self, path):
        """Know what such a file says, besides what is known."""
        check_file(lib.mxsel_memory_load(
            self.pointer, string(os.fsencode(path))), path)

    @property
    def statistics(self):
        """Counters, as a dict: entries, bytes, reports, behind, asked..."""
        return {name: lib.mxsel_memory_statistic(self.pointer, number)
                for name, number in _COUNTERS.items()}

    @property
    def store(self):
        """A Redis by way of which machines share what is known. Set it
        before threads use the memory; None: no more."""
        return self._store

    @store.setter
    def store(self, store):
        pointer = NULL if store is None else store.take()
        check(lib.mxsel_memory_set_store(self.pointer, pointer))
        self._store = store


class Redis:
    """A Valkey or Redis server that keeps a memory for a cluster.

    server: "host:port", "/path" of a local socket. user, password, prefix
    (of keys) as text. database; keep: seconds; queue: outcomes that may
    wait; timeout, retry: milliseconds. It never makes a selection fail:
    without the server what each machine knows by itself counts.
    """

    def __init__(self, server, *, user=None, password=None, prefix=None,
                 **settings):
        self._lib = library("libmxsel-redis")
        out = ffi.new("mxsel_redis **")
        check(self._lib.mxsel_redis_new(out, string(server)), server)
        self.pointer = ffi.gc(out[0], self._lib.mxsel_redis_free)
        numbers = enum("MXSEL_REDIS_", "libmxsel-redis")
        known = ("database", "keep", "queue", "timeout", "retry")
        self._counters = {name: number for name, number in numbers.items()
                          if name not in known}
        numbers = {name: numbers[name] for name in known}
        for name, value in settings.items():
            number = number_of(numbers, name, "setting of Redis")
            check(self._lib.mxsel_redis_set(self.pointer, number, value),
                  name)
        if user is not None or password is not None:
            check(self._lib.mxsel_redis_set_login(
                self.pointer, string(user), string(password)), "login")
        if prefix is not None:
            check(self._lib.mxsel_redis_set_prefix(
                self.pointer, string(prefix)), "prefix")

    def take(self):
        """The store in C, for Memory.store; it lives in there."""
        store = self._lib.mxsel_redis_store(self.pointer)
        if store == NULL:
            raise SystemFailure()
        return store

    def flush(self, seconds=1.0):
        """Wait until the server knows all outcomes; False: not in time."""
        result = self._lib.mxsel_redis_flush(self.pointer,
                                             int(seconds * 1000))
        return result != lib.MXSEL_ESYSTEM and check(result) == 0

    @property
    def error(self):
        """What went wrong last with the server, a sentence; or ""."""
        room = ffi.new("char[]", 256)
        return text(self._lib.mxsel_redis_error(self.pointer, room,
                                                len(room)))

    @property
    def statistics(self):
        """Counters, as a dict: is_connected, gets, late, recorded..."""
        return {name: self._lib.mxsel_redis_statistic(self.pointer, number)
                for name, number in self._counters.items()}

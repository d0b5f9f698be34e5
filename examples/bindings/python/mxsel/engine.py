"""Engine: any number of selections at once, in asyncio's event loop.

The engine's one descriptor is watched by the loop, one timer says when it
wants its turn; nothing is called back from C. A selection that is cancelled
while it waits stays under way, and can be awaited again.
"""
import asyncio
import collections
import threading
import weakref

from ._ffi import NULL, ffi, lib, library, string
from .aio import Async, in_loop
from .base import resumed
from .errors import SystemFailure, UsageError, check
from .names import enum, number_of
from .resolvers import configuration
from .selection import ATTEMPT, END


class _Core:
    """The engine in C, and the selections that other threads let go.

    Python may collect a selection in any thread, but one that is under way
    is the engine's: those wait here for the engine's own thread.
    """

    def __init__(self, pointer):
        self.pointer = pointer
        # Kept here: at the interpreter's end modules go before objects.
        self.free = lib.mxsel_free
        self.free_pointer = library("libmxsel-ldns").mxsel_engine_free
        self.lock = threading.RLock()
        self.thread = threading.get_ident()
        self.graves = collections.deque()

    def free_selection(self, m):
        """In the engine's thread now, else later."""
        with self.lock:
            if self.pointer is not None \
                    and threading.get_ident() != self.thread:
                self.graves.append(m)
                return
        self.free(m)

    def free_graves(self):
        """Those that wait."""
        while self.graves:
            self.free(self.graves.popleft())

    def free_engine(self, pointer):
        """The end: whoever comes later is free at once."""
        with self.lock:
            self.pointer = None
        self.free_pointer(pointer)
        self.free_graves()


class _Flight:
    """Where a selection stands with its engine."""

    __slots__ = ("under_way", "future", "__weakref__")

    def __init__(self):
        self.under_way = False
        self.future = None

    def land(self):
        """It came back, or the engine is gone."""
        self.under_way = False
        if self.future is not None and not self.future.done():
            self.future.set_result(None)

    def fail(self, failure):
        """Nobody can say whether it will come back."""
        if self.future is not None and not self.future.done():
            self.future.set_exception(failure)


class Engine:
    """Any number of selections at once, in one event loop.

    Engine(): the servers of /etc/resolv.conf; resolv_conf and servers as
    for Dns. query_time: seconds for one question; in_flight: questions to a
    server at most; mix_case; trust_ad: as for Dns. An engine belongs to one
    thread.

        async with Engine() as engine:
            async for attempt in engine.select("example.org"):
                ...
    """

    def __init__(self, resolv_conf=None, servers=(), **settings):
        self._ldns = library("libmxsel-ldns")
        out = ffi.new("mxsel_engine **")
        check(self._ldns.mxsel_engine_new(
            out, configuration(resolv_conf, servers)), resolv_conf)
        self._core = _Core(out[0])
        self._e = ffi.gc(out[0], self._core.free_engine)
        self._flights = weakref.WeakValueDictionary()
        self._loop = self._timer = None
        self._fd = -1
        for server in servers:
            check(self._ldns.mxsel_engine_add_server(
                self._e, string(server)), server)
        for name, value in settings.items():
            self._set(name, value)

    def _set(self, name, value):
        number = number_of(enum("MXSEL_ENGINE_", "libmxsel-ldns"), name,
                           "setting of an engine")
        if name == "query_time":
            value *= 1000
        if name == "trust_ad" and value is None:
            value = -1
        check(self._ldns.mxsel_engine_set(self._e, number, int(value)), name)

    def select(self, destination, options=None, **settings):
        """An EngineSelection: ``async for attempt in ...``; arguments as
        for Selection, without resolver."""
        return EngineSelection(self, destination, options, **settings)

    def resume(self, saved, options=None, **settings):
        """Go on with what save() gave, at the same place."""
        return EngineSelection(self, None, options, saved=saved, **settings)

    @property
    def count(self):
        """Selections that are under way."""
        return self._ldns.mxsel_engine_count(self._pointer())

    @property
    def queued(self):
        """Questions that wait in the engine. To begin further selections
        while there are any gains nothing."""
        return self._ldns.mxsel_engine_queued(self._pointer())

    @property
    def statistics(self):
        """Counters, as a dict: sent_udp, sent_tcp, timeouts..."""
        pointer = self._pointer()
        return {name: self._ldns.mxsel_engine_statistic(pointer, number)
                for name, number in
                enum("MXSEL_LDNS_", "libmxsel-ldns").items()}

    def close(self):
        """Free it. Selections under way stay; to go on with one of them
        raises UsageError."""
        if self._e is None:
            return
        self._pointer()  # another thread may be in C with it
        self._detach()
        pointer, self._e = self._e, None
        ffi.release(pointer)
        for flight in list(self._flights.values()):
            flight.land()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        self.close()

    # -------------------------------------------------------- its own turns

    def _pointer(self):
        if self._e is None:
            raise UsageError("the engine is closed")
        if threading.get_ident() != self._core.thread:
            raise UsageError("the engine belongs to another thread")
        return self._e

    def _next(self, m, flight):
        """mxsel_engine_next(), and the loop told of it."""
        result = self._ldns.mxsel_engine_next(self._pointer(), m)
        if result not in (ATTEMPT, END) and result >= 0:
            flight.under_way = True
            self._flights[_address(m)] = flight
            self._watch()
        return result

    def _watch(self):
        """Let the loop know what to wait for; nothing: let go of it."""
        loop = asyncio.get_running_loop()
        if self._loop is not None and self._loop is not loop:
            if not self._loop.is_closed():
                raise UsageError("the engine is in another event loop")
            self._loop = self._timer = None
        timeout = self._ldns.mxsel_engine_timeout(self._e)
        fd = self._ldns.mxsel_engine_fd(self._e)
        if timeout < 0 and self._ldns.mxsel_engine_count(self._e) == 0:
            self._detach()
            return
        if self._loop is None or fd != self._fd:
            self._detach()
            loop.add_reader(fd, self._turn)
            self._loop, self._fd = loop, fd
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if timeout >= 0:
            self._timer = loop.call_later(timeout / 1000, self._turn)

    def _detach(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._fd)
        self._loop = None

    def _turn(self):
        """The descriptor is readable, or the time has come."""
        if self._e is None:
            return
        self._core.free_graves()
        result = self._ldns.mxsel_engine_process(self._e)
        m = self._ldns.mxsel_engine_ready(self._e)
        while m != NULL:
            flight = self._flights.pop(_address(m), None)
            if flight is not None:
                flight.land()
            m = self._ldns.mxsel_engine_ready(self._e)
        if result < 0:
            for flight in list(self._flights.values()):
                flight.fail(SystemFailure())
        self._watch()

    async def _landed(self, flight):
        """Until the selection is back, or the engine closed."""
        self._watch()
        flight.future = asyncio.get_running_loop().create_future()
        try:
            await flight.future
        finally:
            flight.future = None


def _address(m):
    return int(ffi.cast("uintptr_t", m))


class EngineSelection(Async):
    """A selection whose questions an engine answers: Engine.select()."""

    def __init__(self, engine, destination, options=None, saved=None,
                 **settings):
        self._engine = engine
        self._flight = _Flight()
        engine._pointer()
        if saved is None:
            super().__init__(destination, options, **settings)
        else:
            self._choose(options, settings)
            self._own(resumed(saved, self.options))

    def _own(self, pointer):
        super()._own(pointer)
        if self.options.resolver is not None:
            raise UsageError("an engine answers; the options are to have "
                             "no resolver")

    def _free(self):
        return self._engine._core.free_selection

    async def _go_on(self):
        engine, flight = self._engine, self._flight
        if flight.under_way:
            await engine._landed(flight)
            engine._pointer()
        return self._advance(lambda m: engine._next(m, flight))

    def _call(self, function, *arguments):
        def call(m, *arguments):
            if self._flight.under_way \
                    and threading.get_ident() != self._engine._core.thread:
                raise UsageError("the selection is under way in the "
                                 "engine's thread")
            return function(m, *arguments)
        return super()._call(call, *arguments)

    def close(self):
        """Free it now; the engine forgets it."""
        super().close()
        future = self._flight.future
        if future is not None:
            in_loop(future, self._flight.land)

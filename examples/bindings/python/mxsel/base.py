"""What every selection has, whoever answers its questions.

A lock makes one call after the other, so that threads that share a selection
find it slower, never broken.
"""
import threading
import time

from . import values
from ._ffi import ffi, lib, octets, string, text
from .errors import UsageError, check
from .names import (FLAGS, OUTCOMES, TLS_RESULTS, TLS_WANTED, number_of)
from .options import Options


class Base:
    """A destination, its plan, its cursor and its verdict."""

    def __init__(self, destination, options=None, *, tls=None, sts=None,
                 now=None, **settings):
        self._choose(options, settings)
        destination = octets(destination)
        out = ffi.new("mxsel **")
        check(lib.mxsel_new_bytes(out, destination, len(destination),
                                  self.options.pointer))
        self._own(out[0])
        self._ask_of_tls(tls, sts, now)

    def _choose(self, options, settings):
        if options is None:
            options = Options(**settings)
        elif settings:
            options = options.replace(**settings)
        self.options = options

    def _own(self, pointer):
        self._lock = threading.Lock()
        self._number = 0  # of the attempt reached, to know it again
        self._m = ffi.gc(pointer, self._free())

    def _free(self):
        return lib.mxsel_free

    def _ask_of_tls(self, tls, sts, now):
        if tls is not None:
            self._check(lib.mxsel_set_tls,
                        number_of(TLS_WANTED, tls, "wish for TLS"))
        if sts is not None:
            self._check(lib.mxsel_set_sts, sts.pointer,
                        int(time.time() if now is None else now))

    # ------------------------------------------------------ calls, in turn

    def _call(self, function, *arguments):
        with self._lock:
            if self._m is None:
                raise UsageError("the selection is closed")
            return function(self._m, *arguments)

    def _check(self, function, *arguments):
        return check(self._call(function, *arguments))

    def _advance(self, function):
        """A call that goes on: what it came to. Attempts before are over."""
        def go(m):
            result = check(function(m))
            self._number += 1
            return result
        return self._call(go)

    def _text(self, function):
        return self._call(lambda m: text(function(m)))

    # ------------------------------------------------------------ the plan

    @property
    def destination(self):
        """The destination as it was given, its first 1024 octets."""
        return self._text(lib.mxsel_destination)

    @property
    def original_domain(self):
        """The domain asked about; "" for an address literal."""
        return self._text(lib.mxsel_original_domain)

    @property
    def domain(self):
        """The domain after the aliases met so far."""
        return self._text(lib.mxsel_domain)

    @property
    def source(self):
        """Where hosts come from: "none" (yet), "mx", "implicit"..."""
        return self._call(
            lambda m: text(lib.mxsel_source_name(lib.mxsel_source(m))))

    @property
    def secure(self):
        """Was the answer that named the hosts DNSSEC-secure?"""
        return bool(self._call(lib.mxsel_is_secure))

    @property
    def flags(self):
        """What was unusual: a frozenset of names, "limited"..."""
        bits = self._call(lib.mxsel_flags)
        return frozenset(name for name, flag in FLAGS.items() if bits & flag)

    @property
    def ttl(self):
        """Seconds for which everything used so far may be kept."""
        return self._call(lib.mxsel_ttl)

    @property
    def query_count(self):
        """How many questions were asked so far."""
        return self._call(lib.mxsel_query_count)

    @property
    def seed(self):
        """The seed, to get the same order again."""
        out = ffi.new("uint64_t *")
        self._check(lib.mxsel_seed, out)
        return out[0]

    @property
    def attempt(self):
        """The attempt that is reached; None before the first, and after
        the last."""
        return self._call(
            lambda m: values.attempt(m, self._number, self._report))

    @property
    def rejected(self):
        """What was dropped, and why: a list of Rejected."""
        return self._call(values.rejected)

    @property
    def trace(self):
        """Every decision: a list of Event. Needs trace=True."""
        return self._call(values.trace)

    @property
    def verdict(self):
        """What to do with the mail, as far as is known now."""
        return self._call(values.verdict)

    @property
    def tls_reports(self):
        """What TLS came to: a list of TlsReport."""
        return self._call(values.tls_reports)

    # ---------------------------------------------------------- what to do

    def report(self, outcome, code=0, reply=None):
        """Say what became of the attempt reached; once for each.

        outcome: "delivered", "refused", "timeout", "greeting", "ehlo",
        "tls", "policy", "mail", "rcpt", "data", "lost", "own_name",
        "requiretls". code: the reply code of greeting, ehlo, mail, rcpt and
        data, 400..599. reply: its text, without the code.
        """
        self._report(outcome, code, reply)

    def _report(self, outcome, code, reply, number=None):
        outcome = number_of(OUTCOMES, outcome, "outcome")
        reply = string(reply)

        def tell(m):
            if number not in (None, self._number):
                raise UsageError("the selection is at another attempt")
            return check(lib.mxsel_report(m, outcome, code, reply))
        self._call(tell)

    def report_tls(self, result):
        """Say what TLS came to at the attempt reached, for tls_reports:
        "success", "certificate-expired"..."""
        self._check(lib.mxsel_report_tls,
                    number_of(TLS_RESULTS, result, "result of TLS"))

    def rewind(self):
        """Go back to before the first attempt."""
        self._advance(lib.mxsel_rewind)

    def save(self):
        """The selection as bytes, to resume() it after a restart."""
        return self._call(_save)

    def close(self):
        """Free it now; nothing else may be asked of it afterwards."""
        with self._lock:
            pointer, self._m = self._m, None
        if pointer is not None:
            ffi.release(pointer)

    def __repr__(self):
        if self._m is None:
            return "<%s, closed>" % type(self).__name__
        return "<%s %r: %s>" % (type(self).__name__, self.destination,
                                self.verdict.action)


def _save(m):
    size = ffi.new("size_t *")
    lib.mxsel_save(m, ffi.NULL, size)
    room = ffi.new("uint8_t[]", max(size[0], 1))
    check(lib.mxsel_save(m, room, size))
    return bytes(ffi.buffer(room, size[0]))


def resumed(saved, options):
    """The C selection of what save() gave."""
    out = ffi.new("mxsel **")
    check(lib.mxsel_resume(out, saved, len(saved), options.pointer))
    return out[0]

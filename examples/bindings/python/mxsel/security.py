"""An MTA-STS policy (RFC 8461), read from the body that was fetched."""
import time

from ._ffi import ffi, lib, octets, string, text
from .errors import Error, check


class StsPolicy:
    """The policy of a domain; give it to a selection as sts=policy.

    fetched: when, in seconds as time.time() counts.
    """

    def __init__(self, domain, body, fetched=None):
        body = octets(body)
        out = ffi.new("mxsel_sts **")
        now = int(time.time() if fetched is None else fetched)
        result = lib.mxsel_sts_new(out, string(domain), body, len(body), now)
        check(result, None if result == 0 else self._why(body))
        self.pointer = ffi.gc(out[0], lib.mxsel_sts_free)

    @staticmethod
    def _why(body):
        line = ffi.new("size_t *")
        why = ffi.new("char **")
        if lib.mxsel_sts_check(body, len(body), line, why) == 0:
            return None  # the domain is at fault
        return "line %d: %s" % (line[0], text(why[0]))

    @property
    def domain(self):
        """The domain it is for."""
        return text(lib.mxsel_sts_domain(self.pointer))

    @property
    def mode(self):
        """"none", "testing" or "enforce"."""
        return text(lib.mxsel_sts_mode_name(
            lib.mxsel_sts_mode(self.pointer)))

    @property
    def max_age(self):
        """Seconds it may be kept."""
        return lib.mxsel_sts_max_age(self.pointer)

    @property
    def mx(self):
        """Its patterns, as a tuple."""
        return tuple(text(lib.mxsel_sts_mx(self.pointer, index))
                     for index in range(lib.mxsel_sts_mx_count(
                         self.pointer)))

    def matches(self, host):
        """Does it list this host?"""
        return bool(lib.mxsel_sts_matches(self.pointer, string(host)))

    @staticmethod
    def id_of(records):
        """The policy's id among the TXT records; None: no policy."""
        records = [octets(record) for record in records]
        out = ffi.new("char[33]")
        texts = [ffi.new("char[]", record) for record in records]
        try:
            check(lib.mxsel_sts_id(out, texts, [len(r) for r in records],
                                   len(records)))
        except Error as failure:
            if failure.number == -4:
                return None
            raise
        return text(out)

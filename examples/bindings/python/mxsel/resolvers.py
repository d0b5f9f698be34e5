"""Resolvers and the cache that the C libraries bring: Zone, Dns, Cache.

They answer without Python and block the thread that asks (others run on
meanwhile). Options keep them alive in C; each may be shared by any number of
options and threads.
"""
import os

from ._ffi import NULL, ffi, lib, library, string
from .errors import check
from .names import enum, number_of


class CResolver:
    """A resolver of the C library; pointer: what options take."""

    def __init__(self, pointer):
        self.pointer = ffi.gc(pointer, lib.mxsel_resolver_free)


class Zone(CResolver):
    """Answers from master files, without any network.

    Zone("a.zone", "b.zone"), or Zone(text="...") for a zone in memory.
    """

    def __init__(self, *files, text=None):
        ldns = library("libmxsel-ldns")
        out = ffi.new("mxsel_resolver **")
        if text is not None and not files:
            check(ldns.mxsel_ldns_zone_text_new(out, string(text)))
        else:
            paths = [ffi.new("char[]", string(os.fsencode(file)))
                     for file in files]
            check(ldns.mxsel_ldns_zone_new(
                out, ffi.new("char *[]", paths), len(paths)),
                ", ".join(map(os.fspath, files)) if files else "no file")
        super().__init__(out[0])


class Dns(CResolver):
    """Asks name servers, and blocks until they answer.

    Dns(): the servers of /etc/resolv.conf; Dns(resolv_conf="FILE");
    Dns(servers=["192.0.2.53", "::1@5353"]): these alone.
    query_time: seconds for one question over all servers and tries.
    trust_ad: does the AD bit of these servers count? None: the library
    decides.
    """

    def __init__(self, resolv_conf=None, servers=(), *, query_time=None,
                 mix_case=False, trust_ad=None):
        ldns = library("libmxsel-ldns")
        out = ffi.new("mxsel_resolver **")
        check(ldns.mxsel_ldns_new(out, configuration(resolv_conf, servers)),
              resolv_conf)
        super().__init__(out[0])
        for server in servers:
            check(ldns.mxsel_ldns_add_server(self.pointer, string(server)),
                  server)
        if query_time is not None:
            check(ldns.mxsel_ldns_set_query_time(
                self.pointer, int(query_time * 1000)), "query_time")
        check(ldns.mxsel_ldns_set_mix_case(self.pointer, bool(mix_case)))
        check(ldns.mxsel_ldns_set_trust_ad(
            self.pointer, -1 if trust_ad is None else bool(trust_ad)))

    @property
    def trusts_ad(self):
        """Does the AD bit of its servers count?"""
        ldns = library("libmxsel-ldns")
        return bool(ldns.mxsel_ldns_trusts_ad(self.pointer))


def configuration(resolv_conf, servers):
    """The resolv_conf argument in C: servers alone mean no file."""
    if isinstance(servers, (str, bytes)):
        raise TypeError("a list of servers is wanted, not %r" % (servers,))
    if resolv_conf is None:
        return b"" if servers else NULL
    return string(os.fsencode(resolv_conf))


# One prefix has both: what is no setting is a counter.
_CACHE_NUMBERS = enum("MXSEL_CACHE_")
_CACHE_SETTINGS = {name: _CACHE_NUMBERS[name] for name in
                   ("max_ttl", "max_negative_ttl", "failure_ttl", "stale")}


class Cache:
    """Answers kept until their TTL, for any number of options and threads.

    size: all the memory it will ever hold, in octets. max_ttl,
    max_negative_ttl, failure_ttl, stale: seconds.
    """

    def __init__(self, size=16 << 20, **settings):
        clock = library("libmxsel-ldns").mxsel_ldns_clock
        out = ffi.new("mxsel_cache **")
        check(lib.mxsel_cache_new(out, size, clock, NULL), "size")
        self.pointer = ffi.gc(out[0], lib.mxsel_cache_free)
        for name, value in settings.items():
            number = number_of(_CACHE_SETTINGS, name, "setting of a cache")
            check(lib.mxsel_cache_set(self.pointer, number, value), name)

    def forget(self, name):
        """Forget all that is kept of one name."""
        if name is None:
            raise TypeError("a name is wanted; forget_all() forgets "
                            "everything")
        check(lib.mxsel_cache_forget(self.pointer, string(name)), name)

    def forget_all(self):
        """Forget all that is kept."""
        check(lib.mxsel_cache_forget(self.pointer, NULL))

    @property
    def statistics(self):
        """Counters, as a dict: hits, misses, stored, names, bytes..."""
        return {name: lib.mxsel_cache_statistic(self.pointer, number)
                for name, number in _CACHE_NUMBERS.items()
                if name not in _CACHE_SETTINGS}

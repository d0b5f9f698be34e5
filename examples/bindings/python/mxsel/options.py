"""Options: settings by keyword, checked when they are made.

Options do not change. They may be shared by any number of selections and
threads, and live in C for as long as a selection uses them.
"""
from ._ffi import NULL, ffi, lib, library, string, text
from .errors import check
from .memory import Memory
from .names import SETTINGS, VALUES, number_of
from .resolvers import Cache, CResolver

_KEEP = object()  # replace(): leave the resolver as it is


class Options:
    """Settings of selections.

    Options(resolver=Zone("example.zone"), max_hosts=4, dane=True, seed=1)

    resolver: Zone or Dns; or something in Python that answers: a callable
    resolve(name, type), or an object with such a method, async or not. None:
    for Engine.select(). cache, memory: a Cache, a Memory. seed: fixes the
    order among equals. self_names, self_addresses: what we are known as.
    allow_networks, nat64: networks as
    text. refuse_exchanges: patterns, or tuples (pattern, code[, status[,
    text]]). idn: letters beyond ASCII, by libmxsel-idn2. Every other keyword
    is one of the library's settings, by its name; options.max_hosts reads
    it. A setting that counts kinds takes their names: family="v4_first".
    """

    def __init__(self, **settings):
        out = ffi.new("mxsel_options **")
        check(lib.mxsel_options_new(out))
        self._begin(out[0], None, settings)

    def _begin(self, pointer, resolver, settings):
        self.pointer = ffi.gc(pointer, lib.mxsel_options_free)
        self.resolver = resolver
        self._apply(**settings)

    def replace(self, **changes):
        """A copy with some settings changed, others added."""
        out = ffi.new("mxsel_options **")
        check(lib.mxsel_options_copy(out, self.pointer))
        copy = object.__new__(type(self))
        copy._begin(out[0], self.resolver, changes)
        return copy

    def _apply(self, resolver=_KEEP, cache=None, memory=None, seed=None,
               self_names=(), self_addresses=(), allow_networks=(), nat64=(),
               refuse_exchanges=(), idn=False, **settings):
        for name, value in settings.items():
            self._set(name, value)
        if resolver is not _KEEP:
            self._set_resolver(resolver)
        if cache is not None:
            check(lib.mxsel_options_set_cache(
                self.pointer, _pointer(cache, Cache)))
        if memory is not None:
            check(lib.mxsel_options_set_memory(
                self.pointer, _pointer(memory, Memory)))
        if seed is not None:
            check(lib.mxsel_options_set_seed(self.pointer, seed))
        self._add(lib.mxsel_options_add_self_name, self_names)
        self._add(lib.mxsel_options_add_self_address, self_addresses)
        self._add(lib.mxsel_options_allow_network, allow_networks)
        self._add(lib.mxsel_options_add_nat64, nat64)
        for refused in refuse_exchanges:
            self._refuse(refused)
        if idn:
            idn2 = library("libmxsel-idn2")
            check(idn2.mxsel_idn2_use(self.pointer))

    def _set(self, name, value):
        if name not in SETTINGS:
            raise TypeError("Options has no setting %r" % name)
        if isinstance(value, str):
            if name not in VALUES:
                raise TypeError("a number is wanted: %s=%r" % (name, value))
            value = number_of(VALUES[name], value, "value of " + name)
        check(lib.mxsel_options_set(self.pointer, SETTINGS[name], value),
              "%s=%r" % (name, value))

    def _set_resolver(self, resolver):
        pointer = NULL
        if isinstance(resolver, CResolver):
            pointer = resolver.pointer
        elif resolver is not None and not callable(resolver) \
                and not callable(getattr(resolver, "resolve", None)):
            raise TypeError("no resolver: %r" % (resolver,))
        check(lib.mxsel_options_set_resolver(self.pointer, pointer))
        self.resolver = resolver

    def _add(self, function, values):
        if isinstance(values, (str, bytes)):
            raise TypeError("a list is wanted, not %r" % values)
        for value in values:
            if not isinstance(value, (str, bytes, type(None))):
                value = str(value)  # what ipaddress makes of it
            check(function(self.pointer, string(value)), value)

    def _refuse(self, refused):
        if isinstance(refused, str):
            refused = (refused, 550)
        pattern, code, status, why = (tuple(refused) + (None, None))[:4]
        check(lib.mxsel_options_refuse_exchange(
            self.pointer, string(pattern), code, string(status),
            string(why)), pattern)

    def __getattr__(self, name):
        if name not in SETTINGS:
            raise AttributeError(name)
        return lib.mxsel_options_get(self.pointer, SETTINGS[name])

    def __dir__(self):
        return list(super().__dir__()) + list(SETTINGS)

    def __repr__(self):
        return "Options(%s)" % ", ".join(
            "%s=%d" % (name, getattr(self, name)) for name in SETTINGS)


def _pointer(value, kind):
    if not isinstance(value, kind):
        raise TypeError("no %s: %r" % (kind.__name__, value))
    return value.pointer


def version():
    """The version of the C library that runs."""
    return text(lib.mxsel_version())

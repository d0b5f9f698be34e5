"""Numbers of the C interface by the names that the library gives them.

In Python everything that C numbers is a str: "refused", "null_mx", "dane".
The tables are read from the library that runs, so that a newer one brings
its new names along.
"""
from ._ffi import constants, lib, text
from .errors import RangeError


def _named(function, first=0):
    """{name: number} of a mxsel_..._name() function."""
    table = {}
    number = first
    while True:
        name = text(function(number))
        if name is None:
            return table
        table[name] = number
        number += 1


def _flags():
    names = ((1 << bit, text(lib.mxsel_flag_name(1 << bit)))
             for bit in range(32))
    return {name: flag for flag, name in names if name is not None}


def enum(prefix, library="libmxsel"):
    """{name: number} of an enum that has no function for its names."""
    return {name[len(prefix):].lower(): number
            for name, number in constants(library).items()
            if name.startswith(prefix)}


SETTINGS = _named(lib.mxsel_option_name, 1)
FLAGS = _flags()
OUTCOMES = _named(lib.mxsel_outcome_name, 1)
TLS_RESULTS = {"success": 0, **_named(lib.mxsel_tlsrpt_result_name, 1)}
TLS_WANTED = enum("MXSEL_TLS_")
ENDS = enum("MXSEL_DNS_")
SECURITY = enum("MXSEL_SECURITY_")
TYPES = {name.upper(): number for name, number in enum("MXSEL_TYPE_").items()}
TYPE_NAMES = {number: name for name, number in TYPES.items()}

#: Settings whose values have names.
VALUES = {
    "family": enum("MXSEL_FAMILY_"),
    "shuffle": enum("MXSEL_SHUFFLE_"),
    "dane_insecure_mx": enum("MXSEL_INSECURE_MX_"),
}


def number_of(table, name, what):
    """The number of a name, or RangeError that says which there are."""
    try:
        return table[name]
    except (KeyError, TypeError):
        raise RangeError("no such %s: %r; there are %s" % (
            what, name, ", ".join(table))) from None

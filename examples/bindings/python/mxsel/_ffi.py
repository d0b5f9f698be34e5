"""The C libraries, as they are: cffi in ABI mode reads their declarations.

Nothing is compiled. A library is found by its soname where the dynamic
linker looks, or in the folder that MXSEL_LIBDIR in the environment names.
Uses cffi alone; everything else of the package comes through here to C.
"""
import functools
import os
import re
import sys

import cffi

ffi = cffi.FFI()
NULL = ffi.NULL


def _declarations(library):
    """Its .cdef: said where, beside this file, or where C installs it."""
    here = os.path.dirname(os.path.abspath(__file__))
    folders = [os.environ.get("MXSEL_DECLARATIONS", here), here,
               "/usr/local/share/libmxsel", "/usr/share/libmxsel"]
    for folder in folders:
        path = os.path.join(folder, library + ".cdef")
        if os.path.exists(path):
            with open(path, encoding="ascii") as file:
                return file.read()
    raise ImportError("%s.cdef is in none of %s; MXSEL_DECLARATIONS may "
                      "name its folder" % (library, ", ".join(folders)))


def _path(library):
    name = "lib%s.0.dylib" if sys.platform == "darwin" else "lib%s.so.0"
    return os.path.join(os.environ.get("MXSEL_LIBDIR", ""),
                        name % library[len("lib"):])


@functools.lru_cache(maxsize=None)
def library(name):
    """A library, loaded when it is first wanted: "libmxsel-ldns"."""
    ffi.cdef(_declarations(name))
    # Objects may outlive the modules at the end: the code must stay, too.
    return ffi.dlopen(_path(name),
                      os.RTLD_NOW | getattr(os, "RTLD_NODELETE", 0))


lib = library("libmxsel")

@functools.lru_cache(maxsize=None)
def constants(name):
    """Every MXSEL_... number of a library by its name."""
    return {constant: int(number) for constant, number in
            re.findall(r"(MXSEL_\w+) = (-?\d+)", _declarations(name))}


def text(pointer):
    """A C string as str; octets that are no UTF-8 survive. NULL: None."""
    if pointer == NULL:
        return None
    return ffi.string(pointer).decode("utf-8", "surrogateescape")


def octets(value):
    """str or bytes as bytes, the reverse of text()."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    if not isinstance(value, (bytes, bytearray, memoryview)):
        # bytes(5) would be five zeros.
        raise TypeError("text or bytes are wanted, not %r" % (value,))
    return bytes(value)


def string(value):
    """str or bytes (or None: NULL) for a parameter that ends at a NUL."""
    if value is None:
        return NULL
    value = octets(value)
    if b"\0" in value:
        raise ValueError("embedded null character")
    return value

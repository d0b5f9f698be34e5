"""Negative results of C calls as exceptions, with number and sentence.

What becomes of the mail is never an exception: it is in the verdict. Each
error is also of the kind of Python's own errors that it resembles, so that
``except MemoryError`` or ``except ValueError`` do what they say.
"""
import errno
import os

from ._ffi import ffi, lib, text


class Error(Exception):
    """A call of the library failed; .number is its MXSEL_E... number."""

    number = 0

    def __init__(self, message=None, number=None):
        if number is not None:
            self.number = number
        sentence = text(lib.mxsel_strerror(self.number))
        super().__init__(message if message is not None else sentence)


class OutOfMemory(Error, MemoryError):
    """No memory; the object stays usable."""
    number = lib.MXSEL_ENOMEM


class UsageError(Error, RuntimeError):
    """A call at the wrong moment."""
    number = lib.MXSEL_EUSAGE


class RangeError(Error, ValueError):
    """A number or a name outside its documented range."""
    number = lib.MXSEL_ERANGE


class SyntaxProblem(Error, ValueError):
    """A name or an address that is none."""
    number = lib.MXSEL_ESYNTAX


class LimitError(Error, ValueError):
    """More than a DNS message could carry."""
    number = lib.MXSEL_ELIMIT


class MismatchError(Error, ValueError):
    """Something that belongs to another question or destination."""
    number = lib.MXSEL_EMISMATCH


class MalformedError(Error, ValueError):
    """A message that breaks the wire format."""
    number = lib.MXSEL_EMALFORMED


class EntropyError(Error, OSError):
    """The system gave no random numbers."""
    number = lib.MXSEL_EENTROPY


class SystemFailure(Error, OSError):
    """A system call failed; nothing was changed."""
    number = lib.MXSEL_ESYSTEM


class FileError(Error, OSError):
    """A file is missing, cannot be written or does not parse.

    errno, strerror, filename: as OSError has them, from Memory.save() and
    Memory.load(); of other files None.
    """
    number = lib.MXSEL_EFILE

    def __str__(self):
        return str(self.args[0])


class MissingFileError(FileError, FileNotFoundError):
    """A FileError whose errno is ENOENT."""


_BY_NUMBER = {kind.number: kind for kind in Error.__subclasses__()}


def check(result, about=None):
    """The result when it is none of the errors; about: what was asked."""
    if result >= 0:
        return result
    sentence = text(lib.mxsel_strerror(result))
    if about is not None:
        sentence = "%s: %s" % (about, sentence)
    raise _BY_NUMBER.get(result, Error)(sentence, result)


def check_file(result, path):
    """The same for a call that says in errno what is wrong with a file."""
    why = ffi.errno
    if result != lib.MXSEL_EFILE:
        return check(result, path)
    kind = MissingFileError if why == errno.ENOENT else FileError
    failure = kind("%s: %s: %s" % (path, text(lib.mxsel_strerror(result)),
                                   os.strerror(why)))
    failure.errno, failure.strerror = why, os.strerror(why)
    failure.filename = path
    raise failure

"""Choose the hosts that take mail for a destination (RFC 5321, 5.1).

The Python binding of libmxsel:

    import mxsel

    selection = mxsel.select("example.org")
    for attempt in selection:
        ...connect to attempt.sockaddr, speak SMTP...
        attempt.report("refused")
    print(selection.verdict.code, selection.verdict.text)

With asyncio: Engine, and AsyncSelection for resolvers in Python.
"""
from .aio import AsyncSelection
from .answers import MX, TLSA, Address, Alias, Answer
from .engine import Engine, EngineSelection
from .errors import (EntropyError, Error, FileError, LimitError,
                     MalformedError, MismatchError, MissingFileError,
                     OutOfMemory, RangeError, SyntaxProblem, SystemFailure,
                     UsageError)
from .memory import Entry, Memory, Redis
from .options import Options, version
from .resolvers import Cache, Dns, Zone
from .security import StsPolicy
from .selection import Selection, select
from .values import (Attempt, Event, Rejected, TlsaRecord, TlsReport,
                     Verdict)

__all__ = [
    "MX", "TLSA", "Address", "Alias", "Answer", "AsyncSelection", "Attempt",
    "Cache", "Dns", "Engine", "EngineSelection", "EntropyError", "Entry",
    "Error", "Event", "FileError", "LimitError", "MalformedError", "Memory",
    "MismatchError", "MissingFileError", "Options", "OutOfMemory",
    "RangeError", "Redis", "Rejected", "Selection", "StsPolicy",
    "SyntaxProblem", "SystemFailure", "TlsReport", "TlsaRecord",
    "UsageError", "Verdict", "Zone", "select", "version",
]

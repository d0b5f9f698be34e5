"""Selection: the iterator of attempts that blocks while it looks up."""
import contextlib
import inspect
import threading
import time

from . import answers
from ._ffi import NULL, lib, octets
from .base import Base, resumed
from .errors import UsageError
from .resolvers import Dns

END, ATTEMPT = lib.MXSEL_END, lib.MXSEL_ATTEMPT


class Selection(Base):
    """Iterate over it: each attempt is an address to try.

    Selection("example.org", options), or with settings as Options has them:
    Selection("example.org", resolver=Dns(), seed=1). tls: what the message
    asks for, "required" (REQUIRETLS) or "optional" ("TLS-Required: No").
    sts: a StsPolicy; now: the time it is held against.
    """

    _leaves_host = False
    _stepper = None  # the thread that goes on at present

    def _own(self, pointer):
        super()._own(pointer)
        self._steps = threading.Lock()

    @contextlib.contextmanager
    def _step(self):
        """One thread at a time goes on, and until it has come somewhere: a
        question that a resolver holds dies when the selection is reset."""
        if self._stepper == threading.get_ident():
            raise UsageError("a resolver cannot go on with the selection "
                             "that asks it")
        with self._steps:
            self._stepper = threading.get_ident()
            try:
                yield
            finally:
                self._stepper = None

    @classmethod
    def resume(cls, saved, options=None, **settings):
        """Go on with what save() gave, at the same place."""
        self = object.__new__(cls)
        self._choose(options, settings)
        self._own(resumed(saved, self.options))
        return self

    def reset(self, destination, *, tls=None, sts=None, now=None):
        """Begin again with another destination and the same memory."""
        destination = octets(destination)
        with self._step():
            self._leaves_host = False
            self._advance(lambda m: lib.mxsel_reset_bytes(
                m, destination, len(destination)))
            self._ask_of_tls(tls, sts, now)

    def __iter__(self):
        return self

    def __next__(self):
        try:
            attempt = self._next_attempt()
        except StopIteration as failure:
            # It would look like the end of the attempts.
            raise RuntimeError("a resolver raised StopIteration") from failure
        if attempt is None:
            raise StopIteration
        return attempt

    def _next_attempt(self):
        with self._step():
            result = self._go_on()
            while result not in (ATTEMPT, END):
                self._look_up()
                result = self._go_on()
            return self.attempt

    def _go_on(self):
        function = lib.mxsel_next
        if self._leaves_host:
            # Whatever it returns, the host is left then.
            function = lib.mxsel_next_host
            self._leaves_host = False
        return self._advance(function)

    def leave_host(self):
        """Let the next attempt be at another host."""
        if self.attempt is None:
            raise UsageError("no attempt is reached")
        self._leaves_host = True

    # ------------------------------------------ a resolver that is Python's

    def _look_up(self):
        """Answer what is open; nothing to answer is a failure of ours."""
        resolver = self.options.resolver
        if resolver is None:
            raise UsageError("the options have no resolver")
        resolve = getattr(resolver, "resolve", resolver)
        query = self._call(lib.mxsel_query_take)
        if query == NULL:
            raise UsageError("an open question was never answered")
        while query != NULL:
            self._answer(resolve, query)
            query = NULL
            if self._call(lib.mxsel_time_left) > 0:
                query = self._call(lib.mxsel_query_take)

    def _answer(self, resolve, query):
        started = time.monotonic()
        try:
            answer = resolve(*self._call(
                lambda m: answers.question(query)))
            if inspect.isawaitable(answer):
                if inspect.iscoroutine(answer):
                    answer.close()
                raise TypeError("an async resolver needs AsyncSelection")
        except BaseException as failure:
            # A question that stays open would be waited for for ever.
            if not self._call(lambda m: answers.tell_failure(query,
                                                             failure)):
                raise
        else:
            self._call(lambda m: answers.tell(query, answer))
        spent = int((time.monotonic() - started) * 1000)
        self._check(lib.mxsel_time_spent, spent)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def select(destination, options=None, **settings):
    """A Selection that asks the servers of /etc/resolv.conf, unless options
    or settings say who answers."""
    if options is None:
        if "resolver" not in settings:
            settings["resolver"] = Dns()
    return Selection(destination, options, **settings)

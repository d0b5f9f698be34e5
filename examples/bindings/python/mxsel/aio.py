"""Asynchronous iteration, and resolvers in Python that are coroutines.

All open questions of a selection are asked at once. A selection that is
cancelled while it waits goes on with its questions, and can be awaited again.
"""
import asyncio
import time

from . import answers
from ._ffi import NULL, lib
from .base import Base, resumed
from .errors import UsageError
from .resolvers import CResolver
from .selection import ATTEMPT, END

NO_LIMIT = 0xffffffff  # mxsel_time_left(): no end


class Async(Base):
    """What every asynchronous selection has."""

    _waits = False

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self._waits:
            raise UsageError("another task waits for this selection")
        self._waits = True
        try:
            while True:
                try:
                    result = await self._go_on()
                except StopAsyncIteration as failure:
                    # It would look like the end of the attempts.
                    raise RuntimeError("a resolver raised "
                                       "StopAsyncIteration") from failure
                if result == ATTEMPT:
                    return self.attempt
                if result == END:
                    raise StopAsyncIteration
        finally:
            self._waits = False

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        self.close()


class AsyncSelection(Async):
    """As Selection, for a resolver whose resolve() is a coroutine.

    All questions that are open are asked at once.
    """

    _open = None

    @classmethod
    def resume(cls, saved, options=None, **settings):
        """Go on with what save() gave, at the same place."""
        self = object.__new__(cls)
        self._choose(options, settings)
        self._own(resumed(saved, self.options))
        return self

    def _own(self, pointer):
        super()._own(pointer)
        if self.options.resolver is None \
                or isinstance(self.options.resolver, CResolver):
            raise UsageError("AsyncSelection wants a resolver in Python")
        self._open = {}  # task: question

    async def _go_on(self):
        self._settle_all([task for task in self._open if task.done()])
        if self._call(lib.mxsel_time_left) == 0:
            self._give_up()  # C drops the questions now
        result = self._advance(lib.mxsel_next)
        if result == END:
            # Open in C still: after rewind() they have failed for now.
            for task in self._open:
                task.cancel()
            return result
        self._ask()  # with prefetch=... also while an attempt runs
        if result != ATTEMPT:
            await self._look_up()
        return result

    def _ask(self):
        resolver = self.options.resolver
        resolve = getattr(resolver, "resolve", resolver)
        query = self._call(lib.mxsel_query_take)
        while query != NULL:
            name, kind = self._call(lambda m, q=query: answers.question(q))
            task = asyncio.ensure_future(_resolve(resolve, name, kind))
            self._open[task] = query
            query = self._call(lib.mxsel_query_take)

    async def _look_up(self):
        left = self._call(lib.mxsel_time_left)
        started = time.monotonic()
        try:
            done, _ = await asyncio.wait(
                list(self._open), return_when=asyncio.FIRST_COMPLETED,
                timeout=None if left == NO_LIMIT else left / 1000)
        finally:
            spent = int((time.monotonic() - started) * 1000 + 0.5)
            self._check(lib.mxsel_time_spent, spent)
        self._settle_all(done)

    def _settle_all(self, tasks):
        failures = [failure for failure in map(self._settle, tasks)
                    if failure is not None]
        if failures:
            raise failures[0]

    def _settle(self, task):
        """Hand an answer on; what the resolver did wrong is returned."""
        query = self._open.pop(task)
        try:
            answer = task.result()
            self._call(lambda m: answers.tell(query, answer))
        except asyncio.CancelledError:
            self._call(lambda m: answers.fail(query, "network"))
        except BaseException as failure:
            return self._fail(query, task, failure)
        return None

    def _fail(self, query, task, failure):
        if task.exception() is None:
            return failure  # the answer was none, and is dealt with
        told = self._call(lambda m: answers.tell_failure(query, failure))
        return None if told else failure

    def _give_up(self):
        tasks, self._open = self._open, {}
        for task in tasks:
            task.cancel()

    def close(self):
        """Free it now; its questions are cancelled."""
        super().close()
        self._let_go()

    def __del__(self):
        self._let_go()

    def _let_go(self):
        for task in list(self._open or ()):
            in_loop(task, task.cancel)


def in_loop(future, function):
    """Call it where the future belongs, whichever thread we are in."""
    loop = future.get_loop()
    try:
        here = asyncio.get_running_loop() is loop
    except RuntimeError:
        here = False
    if here:
        function()
    elif not loop.is_closed():
        loop.call_soon_threadsafe(function)


async def _resolve(resolve, name, kind):
    answer = resolve(name, kind)
    if hasattr(answer, "__await__"):
        answer = await answer
    return answer

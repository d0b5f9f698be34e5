"""Resolvers written in Python, blocking and async."""
import asyncio
import time
import unittest

import loopback
import mxsel
from closing import close_elsewhere

RECORDS = {
    ("a.test", "MX"): [mxsel.MX(10, "mx.test"), mxsel.MX(20, "mx2.test")],
    ("mx.test", "A"): [mxsel.Address("192.0.2.1")],
    ("mx.test", "AAAA"): mxsel.Answer(negative_ttl=300),
    ("mx2.test", "A"): mxsel.Answer(end="servfail"),
    ("mx2.test", "AAAA"): [mxsel.Address("2001:db8::2")],
    ("alias.test", "MX"): [mxsel.Alias("a.test"),
                           mxsel.MX(5, "mx.test", 60)],
    ("long.test", "MX"): [mxsel.Alias("a.test")],
}
GONE = mxsel.Answer(end="nxdomain", negative_ttl=300)


def resolve(name, kind):
    """From the records above."""
    return RECORDS.get((name, kind), GONE)


def attempts(selection):
    """What it hands out, in short."""
    return [(a.preference, a.host, a.address) for a in selection]


def raising(failure):
    """A resolver that only raises."""
    def answer(name, kind):
        raise failure
    return answer


class Blocking(unittest.TestCase):
    """Called once for each question, one after the other."""

    WANTED = [(10, "mx.test", "192.0.2.1"), (20, "mx2.test", "2001:db8::2")]

    def test_a_function_answers(self):
        selection = mxsel.Selection("a.test", resolver=resolve)
        self.assertEqual(attempts(selection), self.WANTED)
        self.assertEqual(selection.flags, {"incomplete"})

    def test_an_object_answers(self):
        class Resolver:
            """With a method, and a memory."""
            asked = []

            def resolve(self, name, kind):
                """One question."""
                self.asked.append((name, kind))
                return resolve(name, kind)

        selection = mxsel.Selection("a.test", resolver=Resolver())
        self.assertEqual(attempts(selection), self.WANTED)
        self.assertEqual(Resolver.asked[0], ("a.test", "MX"))
        self.assertEqual(set(Resolver.asked), {
            ("a.test", "MX"), ("mx.test", "A"), ("mx.test", "AAAA"),
            ("mx2.test", "A"), ("mx2.test", "AAAA")})

    def test_a_copy_of_options_has_the_resolver(self):
        options = mxsel.Options(resolver=resolve).replace(port=587)
        self.assertEqual([a.port for a in mxsel.Selection("a.test",
                                                          options)],
                         [587, 587])

    def test_aliases(self):
        selection = mxsel.Selection("alias.test", resolver=resolve)
        self.assertEqual(attempts(selection), [(5, "mx.test", "192.0.2.1")])
        self.assertEqual(selection.domain, "a.test")
        self.assertEqual(selection.original_domain, "alias.test")
        self.assertEqual(selection.ttl, 60)
        selection = mxsel.Selection("long.test", resolver=resolve)
        self.assertEqual(attempts(selection), self.WANTED)
        self.assertEqual(selection.query_count, 6)

    def test_what_is_not_there_bounces(self):
        selection = mxsel.Selection("gone.test", resolver=resolve)
        self.assertEqual(attempts(selection), [])
        self.assertEqual(selection.verdict[:3],
                         ("bounce", "no_domain", 550))

    def test_a_timeout_or_a_system_error_defers(self):
        for failure in (TimeoutError(), ConnectionError(),
                        asyncio.TimeoutError()):
            selection = mxsel.Selection("a.test", resolver=raising(failure))
            self.assertEqual(attempts(selection), [])
            self.assertEqual(selection.verdict[:2],
                             ("defer", "dns_temporary"))

    def test_what_a_resolver_does_wrong_is_raised_once(self):
        for wrong, kind in ((raising(KeyError("x")), KeyError),
                            (lambda name, kind: 7, TypeError),
                            (lambda name, kind: [7], TypeError),
                            (lambda name, kind: mxsel.MX(10, "mx.test"),
                             TypeError),
                            (lambda name, kind: [mxsel.MX(10, 7)], TypeError),
                            (lambda name, kind: [mxsel.Address("x")],
                             ValueError),
                            (lambda name, kind: [mxsel.Address("::1")],
                             mxsel.UsageError),
                            (lambda name, kind: b"", mxsel.MalformedError)):
            selection = mxsel.Selection("a.test", resolver=wrong)
            self.assertRaises(kind, next, selection)
            self.assertEqual(attempts(selection), [])
            self.assertEqual(selection.verdict.action, "defer")

    def test_the_end_of_an_iterator_is_no_end_of_attempts(self):
        selection = mxsel.Selection("a.test", resolver=raising(
            StopIteration()))
        with self.assertRaises(RuntimeError):
            list(selection)
        self.assertEqual(attempts(selection), [])
        self.assertEqual(selection.verdict.status, "4.4.3")

    def test_an_interrupt_leaves_no_question_open(self):
        selection = mxsel.Selection("a.test", resolver=raising(
            KeyboardInterrupt()))
        with self.assertRaises(KeyboardInterrupt):
            next(selection)
        self.assertEqual(attempts(selection), [])
        self.assertEqual(selection.verdict.status, "4.4.3")

    def test_a_resolver_cannot_go_on_with_its_selection(self):
        for wrong in (next, lambda m: m.reset("b.test")):
            selection = mxsel.Selection(
                "a.test", resolver=lambda name, kind: wrong(selection))
            with self.assertRaisesRegex(mxsel.UsageError, "cannot go on"):
                next(selection)
            self.assertEqual(attempts(selection), [])
            self.assertEqual(selection.verdict.status, "4.4.3")

    def test_what_is_empty_but_no_list_is_no_answer(self):
        for empty in ("", {}, memoryview(b"")):
            selection = mxsel.Selection("a.test",
                                        resolver=lambda *_: empty)
            with self.assertRaises((TypeError, mxsel.MalformedError)):
                next(selection)
            self.assertEqual(attempts(selection), [])
            self.assertEqual(selection.verdict.action, "defer")

    def test_a_dns_message_is_an_answer(self):
        records = {"a.test": [mxsel.MX(10, "mx.test")],
                   "mx.test": [mxsel.Address("192.0.2.1")]}

        def message(name, kind):
            number = {"A": 1, "MX": 15, "AAAA": 28}[kind]
            question = bytes(12) + loopback._name(name) + \
                number.to_bytes(2, "big") + b"\0\1"
            head = bytearray(question)
            head[5] = 1
            return loopback.reply(bytes(head), records)

        selection = mxsel.Selection("a.test", resolver=message)
        self.assertEqual(attempts(selection), [(10, "mx.test", "192.0.2.1")])

    def test_dane_records_of_a_resolver_that_validates(self):
        data = bytes(range(32))

        def secure(name, kind):
            records = {"MX": [mxsel.MX(10, "mx.test")],
                       "A": [mxsel.Address("192.0.2.1")],
                       "TLSA": [mxsel.TLSA(3, 1, 1, data)]}.get(kind, [])
            return mxsel.Answer(*records, security="secure",
                                negative_ttl=None if records else 300)

        one, = mxsel.Selection("a.test", resolver=secure, dane=True)
        self.assertEqual((one.posture, one.posture_reason, one.dane),
                         ("dane", "tlsa", "records"))
        self.assertEqual(one.tlsa, (mxsel.TlsaRecord(3, 1, 1, data),))
        self.assertTrue(one.secure)
        self.assertIn("a.test", one.identities)

    def test_the_time_limit_holds(self):
        asked = []

        def slow(name, kind):
            asked.append(kind)
            time.sleep(0.03)
            return resolve(name, kind)

        selection = mxsel.Selection("a.test", resolver=slow, time_limit=20)
        self.assertEqual(attempts(selection), [])
        self.assertEqual(selection.verdict[:2], ("defer", "dns_temporary"))
        self.assertEqual(asked, ["MX"])

    def test_who_cannot_answer_says_so(self):
        self.assertRaises(mxsel.UsageError, next, mxsel.Selection("a.test"))

        async def later(name, kind):
            return resolve(name, kind)
        with self.assertRaisesRegex(TypeError, "AsyncSelection"):
            next(mxsel.Selection("a.test", resolver=later))
        # An address literal needs nobody.
        self.assertEqual(attempts(mxsel.Selection("[192.0.2.7]")),
                         [(0, "192.0.2.7", "192.0.2.7")])


class Async(unittest.TestCase):
    """Coroutines: all open questions at once."""

    def test_open_questions_are_asked_at_once(self):
        running, most = set(), []

        async def later(name, kind):
            running.add((name, kind))
            most.append(len(running))
            for _ in range(5):
                await asyncio.sleep(0)
            running.discard((name, kind))
            return resolve(name, kind)

        async def run():
            selection = mxsel.AsyncSelection("a.test", resolver=later)
            return [(a.preference, a.host, a.address)
                    async for a in selection]

        self.assertEqual(asyncio.run(run()), Blocking.WANTED)
        self.assertEqual(max(most), 2)

    def test_a_plain_function_will_do(self):
        async def run():
            selection = mxsel.AsyncSelection("a.test", resolver=resolve)
            async for attempt in selection:
                attempt.report("delivered")
            return selection.verdict.action
        self.assertEqual(asyncio.run(run()), "delivered")

    def test_its_failures(self):
        async def run(failure):
            async def answer(name, kind):
                raise failure
            selection = mxsel.AsyncSelection("a.test", resolver=answer)
            raised = None
            try:
                async for _ in selection:
                    pass
            except LookupError as error:
                raised = error
                async for _ in selection:
                    pass
            return raised, selection.verdict.action
        self.assertEqual(asyncio.run(run(TimeoutError())), (None, "defer"))
        wrong = KeyError("x")
        self.assertEqual(asyncio.run(run(wrong)), (wrong, "defer"))

    def test_the_end_of_an_iterator_is_no_end_of_attempts(self):
        async def answer(name, kind):
            raise StopAsyncIteration

        async def main():
            selection = mxsel.AsyncSelection("a.test", resolver=answer)
            with self.assertRaises(RuntimeError):
                await selection.__anext__()
            self.assertEqual([a async for a in selection], [])
            self.assertEqual(selection.verdict.status, "4.4.3")

        asyncio.run(main())

    def test_whatever_is_raised_leaves_no_question_open(self):
        class Odd(BaseException):
            """No Exception."""

        async def answer(name, kind):
            raise Odd

        async def main():
            selection = mxsel.AsyncSelection("a.test", resolver=answer)
            with self.assertRaises(Odd):
                await selection.__anext__()
            self.assertEqual([a async for a in selection], [])
            self.assertEqual(selection.verdict.status, "4.4.3")

        asyncio.run(main())

    def test_a_rewind_when_a_question_was_given_up(self):
        async def answer(name, kind):
            if name == "mx2.test":
                await asyncio.Event().wait()
            return resolve(name, kind)

        async def main():
            selection = mxsel.AsyncSelection("a.test", resolver=answer,
                                             prefetch=128)
            async for attempt in selection:
                attempt.report("delivered")
            selection.rewind()
            found = []
            async for attempt in selection:
                found.append(attempt.host)
                attempt.report("refused")
            self.assertEqual(found, ["mx.test"])
            self.assertEqual(selection.verdict.action, "defer")

        asyncio.run(main())

    def test_time_runs_out(self):
        cancelled = []

        async def never(name, kind):
            try:
                await asyncio.get_running_loop().create_future()
            except asyncio.CancelledError:
                cancelled.append((name, kind))
                raise

        async def run():
            selection = mxsel.AsyncSelection("a.test", resolver=never,
                                             time_limit=10)
            found = [attempt async for attempt in selection]
            await asyncio.sleep(0)
            return found, selection.verdict[:2]

        self.assertEqual(asyncio.run(run()), ([], ("defer",
                                                   "dns_temporary")))
        self.assertEqual(cancelled, [("a.test", "MX")])

    def test_an_answer_that_comes_when_time_is_up(self):
        async def run():
            late = asyncio.Event()

            async def answer(name, kind):
                if kind == "AAAA":
                    await late.wait()
                return resolve(name, kind)

            selection = mxsel.AsyncSelection(
                "a.test", resolver=answer, time_limit=500, prefetch=128)
            first = await selection.__anext__()
            late.set()
            for _ in range(3):
                await asyncio.sleep(0)
            rest = [attempt async for attempt in selection]
            return first.address, rest, selection.verdict.action

        self.assertEqual(asyncio.run(run()), ("192.0.2.1", [], "defer"))

    def test_a_cancelled_wait_loses_nothing(self):
        async def run():
            go = asyncio.Event()

            async def later(name, kind):
                await go.wait()
                return resolve(name, kind)

            selection = mxsel.AsyncSelection("a.test", resolver=later)
            waiting = asyncio.ensure_future(selection.__anext__())
            await asyncio.sleep(0.01)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            go.set()
            return waiting.cancelled(), [
                (a.preference, a.host, a.address) async for a in selection]

        self.assertEqual(asyncio.run(run()), (True, Blocking.WANTED))

    def test_a_closed_one_cancels_its_questions(self):
        states = []

        async def never(name, kind):
            try:
                await asyncio.get_running_loop().create_future()
            except asyncio.CancelledError:
                states.append("cancelled")
                raise

        async def run(drop):
            selection = mxsel.AsyncSelection("a.test", resolver=never)
            waiting = asyncio.ensure_future(selection.__anext__())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            if not drop:
                selection.close()
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            del selection, waiting
            for _ in range(3):
                await asyncio.sleep(0)

        asyncio.run(run(drop=False))
        self.assertEqual(states, ["cancelled"])
        asyncio.run(run(drop=True))
        self.assertEqual(states, ["cancelled"] * 2)

    def test_closed_by_another_thread_whoever_waits_is_woken(self):
        async def never(name, kind):
            await asyncio.get_running_loop().create_future()

        async def run():
            await close_elsewhere(self, mxsel.AsyncSelection(
                "a.test", resolver=never))
        asyncio.run(run())

    def test_a_blocking_resolver_is_not_for_it(self):
        with self.assertRaises(mxsel.UsageError):
            mxsel.AsyncSelection("a.test", resolver=mxsel.Dns(
                servers=["127.0.0.1"]))


if __name__ == "__main__":
    unittest.main()

"""The engine in asyncio, against a name server on loopback."""
import asyncio
import gc
import os
import threading
import unittest

import mxsel
from closing import close_elsewhere
from loopback import Server

RECORDS = {
    "mx1.test": [mxsel.Address("192.0.2.1"), mxsel.Address("2001:db8::1")],
    "mx2.test": [mxsel.Address("192.0.2.2")],
}
for number in range(200):
    RECORDS["d%d.test" % number] = [mxsel.MX(10, "mx1.test"),
                                    mxsel.MX(20, "mx2.test")]
WANTED = [("mx1.test", "2001:db8::1"), ("mx1.test", "192.0.2.1"),
          ("mx2.test", "192.0.2.2")]


async def attempts(selection):
    """What it hands out, in short."""
    return [(a.host, a.address) async for a in selection]


class WithServer(unittest.TestCase):
    """A server for each test."""

    def setUp(self):
        self.server = Server(RECORDS)
        self.server.__enter__()
        self.addCleanup(self.server.__exit__)

    def run_with(self, function, **settings):
        """function(engine) in a loop of its own."""
        async def run():
            async with mxsel.Engine(servers=[self.server.name],
                                    **settings) as engine:
                return await function(engine)
        return asyncio.run(asyncio.wait_for(run(), 30))


class Running(WithServer):
    """What it is for."""

    def test_one_destination(self):
        async def run(engine):
            selection = engine.select("d1.test", seed=1)
            found = await attempts(selection)
            self.assertEqual(engine.count, 0)
            return found, selection.verdict.action
        self.assertEqual(self.run_with(run), (WANTED, "defer"))

    def test_many_at_once_share_questions(self):
        async def run(engine):
            options = mxsel.Options(seed=1)
            found = await asyncio.gather(*[
                attempts(engine.select("d%d.test" % number, options))
                for number in range(200)])
            self.assertEqual(found, [WANTED] * 200)
            return engine.statistics
        statistics = self.run_with(run)
        self.assertGreater(statistics["coalesced"], 100)
        self.assertLess(self.server.asked, 800)

    def test_a_cache_asks_once(self):
        async def run(engine):
            options = mxsel.Options(cache=mxsel.Cache(1 << 20))
            for _ in range(3):
                await attempts(engine.select("d1.test", options))
        self.run_with(run)
        # That mx2.test has no AAAA is not kept: no SOA says for how long.
        self.assertEqual(self.server.asked, 5 + 2)

    def test_an_engine_outlives_a_loop(self):
        engine = mxsel.Engine(servers=[self.server.name])
        for number in range(3):
            found = asyncio.run(attempts(engine.select("d%d.test" % number)))
            self.assertEqual(found, WANTED)
        engine.close()

    def test_engines_in_threads_share_options(self):
        options = mxsel.Options(cache=mxsel.Cache(1 << 20))
        found = []

        def work():
            async def run(engine):
                return await asyncio.gather(*[
                    attempts(engine.select("d%d.test" % number, options))
                    for number in range(20)])
            found.extend(self.run_with(run))
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [WANTED] * 80)

    def test_saved_and_resumed(self):
        async def run(engine):
            selection = engine.select("d1.test")
            first = await selection.__anext__()
            resumed = engine.resume(selection.save())
            self.assertEqual(resumed.attempt.address, first.address)
            return await attempts(resumed)
        self.assertEqual(self.run_with(run), WANTED[1:])

    def test_the_blocking_resolver(self):
        resolver = mxsel.Dns(servers=[self.server.name], query_time=10,
                             mix_case=False, trust_ad=False)
        self.assertFalse(resolver.trusts_ad)
        selection = mxsel.Selection("d1.test", resolver=resolver)
        self.assertEqual([(a.host, a.address) for a in selection], WANTED)


class Failing(WithServer):
    """Servers that say nothing, loops and tasks that go away."""

    def test_no_answer_defers_in_time(self):
        async def run(engine):
            self.server.hold()
            selection = engine.select("d1.test")
            found = await attempts(selection)
            return found, selection.verdict[:2]
        self.assertEqual(self.run_with(run, query_time=0.05),
                         ([], ("defer", "dns_temporary")))

    def test_the_time_limit_holds(self):
        async def run(engine):
            self.server.hold()
            selection = engine.select("d1.test", time_limit=30)
            return await attempts(selection), selection.verdict.action
        self.assertEqual(self.run_with(run), ([], "defer"))

    def test_a_cancelled_wait_loses_nothing(self):
        async def run(engine):
            self.server.hold()
            selection = engine.select("d1.test")
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(selection.__anext__(), 0.02)
            self.assertEqual(engine.count, 1)
            self.server.let_go()
            return await attempts(selection)
        self.assertEqual(self.run_with(run), WANTED)

    def test_two_tasks_cannot_wait_for_one(self):
        async def run(engine):
            self.server.hold()
            selection = engine.select("d1.test")
            first = asyncio.ensure_future(selection.__anext__())
            await asyncio.sleep(0)
            with self.assertRaises(mxsel.UsageError):
                await selection.__anext__()
            self.server.let_go()
            return (await first).address
        self.assertEqual(self.run_with(run), "2001:db8::1")

    def test_tasks_cancelled_in_flight(self):
        async def run(engine):
            self.server.hold()
            tasks = [asyncio.ensure_future(attempts(
                engine.select("d%d.test" % number))) for number in range(50)]
            await asyncio.sleep(0.01)
            for task in tasks[::2]:
                task.cancel()
            await asyncio.gather(*tasks[::2], return_exceptions=True)
            tasks = tasks[1::2]
            del task
            await asyncio.sleep(0)  # asyncio lets go of them, too
            gc.collect()
            self.assertEqual(engine.count, 25)
            self.server.let_go()
            return await asyncio.gather(*tasks)
        self.assertEqual(self.run_with(run), [WANTED] * 25)

    def test_a_closed_selection_wakes_who_waits(self):
        async def run(engine):
            self.server.hold()
            selection = engine.select("d1.test")
            waiting = asyncio.ensure_future(selection.__anext__())
            await asyncio.sleep(0)
            selection.close()
            with self.assertRaises(mxsel.UsageError):
                await waiting
            return engine.count
        self.assertEqual(self.run_with(run), 0)

    def test_a_closed_engine_wakes_who_waits(self):
        async def run(engine):
            self.server.hold()
            selection = engine.select("d1.test")
            waiting = asyncio.ensure_future(selection.__anext__())
            await asyncio.sleep(0.01)
            engine.close()
            with self.assertRaises(mxsel.UsageError):
                await waiting
            self.assertRaises(mxsel.UsageError, engine.select, "d2.test")
            return selection.verdict.action
        self.assertEqual(self.run_with(run), "try")

    def test_a_loop_that_ended_with_questions_open(self):
        engine = mxsel.Engine(servers=[self.server.name])
        self.server.hold()
        selection = engine.select("d1.test")

        async def give_up():
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(selection.__anext__(), 0.01)
        asyncio.run(give_up())
        self.server.let_go()
        self.assertEqual(asyncio.run(attempts(selection)), WANTED)
        engine.close()

    def test_another_thread_is_refused(self):
        async def run(engine):
            failures = []

            def elsewhere():
                try:
                    engine.select("d1.test")
                except mxsel.UsageError as failure:
                    failures.append(failure)
            thread = threading.Thread(target=elsewhere)
            thread.start()
            thread.join()
            return len(failures)
        self.assertEqual(self.run_with(run), 1)

    def test_closed_by_another_thread_whoever_waits_is_woken(self):
        async def run(engine):
            self.server.hold()
            await close_elsewhere(self, engine.select("d1.test"))
        self.run_with(run)

    def test_another_thread_leaves_alone_what_is_under_way(self):
        async def run(engine):
            self.server.hold()
            selection = engine.select("d1.test")
            waiting = asyncio.ensure_future(selection.__anext__())
            await asyncio.sleep(0.01)
            loop = asyncio.get_running_loop()
            for wrong in (engine.close, selection.rewind, selection.save):
                with self.assertRaisesRegex(mxsel.UsageError, "thread"):
                    await loop.run_in_executor(None, wrong)
            self.server.let_go()
            attempt = await waiting
            # An attempt may be made, and reported, by a thread.
            await loop.run_in_executor(None, attempt.report, "refused")
            return attempt.address
        self.assertEqual(self.run_with(run), "2001:db8::1")

    def test_options_with_a_resolver_are_refused(self):
        async def run(engine):
            with self.assertRaises(mxsel.UsageError):
                engine.select("d1.test", resolver=lambda name, kind: [])
        self.run_with(run)
        self.assertRaises(ValueError, mxsel.Engine, servers=["nonsense"])
        self.assertRaises(TypeError, mxsel.Engine, servers="127.0.0.1")
        self.assertRaises(ValueError, mxsel.Engine, nonsense=1)
        self.assertRaises(mxsel.RangeError, mxsel.Engine, in_flight=0)


class Order(WithServer):
    """Objects may go in any order, and in any thread."""

    def drop(self, order, held=True):
        """Engine, selection and task let go in some order."""
        async def run():
            if held:
                self.server.hold()
            things = {"engine": mxsel.Engine(servers=[self.server.name])}
            things["selection"] = things["engine"].select("d1.test")
            things["task"] = asyncio.ensure_future(
                things["selection"].__anext__())
            await asyncio.sleep(0.005)
            things["task"].cancel()
            await asyncio.gather(things["task"], return_exceptions=True)
            for name in order:
                del things[name]
                gc.collect()
            await asyncio.sleep(0)
        asyncio.run(run())
        self.server.let_go()

    def test_any_order(self):
        for order in (("engine", "selection", "task"),
                      ("selection", "engine", "task"),
                      ("task", "selection", "engine"),
                      ("task", "engine", "selection")):
            for held in (True, False):
                self.drop(order, held)
        self.assertGreater(self.server.asked, 0)

    def test_closed_in_the_other_order(self):
        async def run(engine):
            selection = engine.select("d1.test")
            await selection.__anext__()
            engine.close()
            selection.close()
            engine.close()
            return repr(selection)
        self.assertIn("closed", self.run_with(run))

    @unittest.skipUnless(os.path.isdir("/proc/self/fd"), "no /proc")
    def test_no_descriptor_is_left(self):
        async def run(engine):
            await attempts(engine.select("d1.test"))
        self.run_with(run)
        before = len(os.listdir("/proc/self/fd"))
        for number in range(20):
            if number % 2:
                self.run_with(run)
            else:
                self.drop(("selection", "task", "engine"))
        self.assertEqual(len(os.listdir("/proc/self/fd")), before)

    def test_collected_by_another_thread(self):
        async def run(engine):
            self.server.hold()
            selections = [engine.select("d%d.test" % number)
                          for number in range(20)]
            for selection in selections:
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(selection.__anext__(), 0.001)
            self.assertEqual(engine.count, 20)
            thread = threading.Thread(target=selections.clear)
            del selection
            thread.start()
            thread.join()
            waits = engine.count
            self.server.let_go()
            found = await attempts(engine.select("d99.test"))
            return waits, len(engine._core.graves), engine.count, found
        self.assertEqual(self.run_with(run), (20, 0, 0, WANTED))


if __name__ == "__main__":
    unittest.main()

"""Who keeps whom alive, threads, memory, and the interpreter's end."""
import gc
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import mxsel
from mxsel._ffi import ffi, lib
from test_selection import zone_options

ROUNDS = 300


class Allocations:
    """Blocks of memory that C holds, counted by an allocator of ours.

    Only here does C call Python; it is the way to count that no other
    program on the machine can disturb.
    """

    def __init__(self):
        self.blocks = {}
        self._function = ffi.callback(
            "void *(void *, size_t, void *)", self._allocate)

    def _allocate(self, pointer, size, _):
        block = ffi.new("char[]", size + 16) if size else ffi.NULL
        old = self.blocks.pop(int(ffi.cast("uintptr_t", pointer)), None)
        if block != ffi.NULL:
            address = int(ffi.cast("uintptr_t", block))
            # ffi.new() aligns to 8 at least, malloc() to 16.
            place = (address + 15) // 16 * 16
            if old is not None:
                count = min(old[1], size)
                ffi.memmove(ffi.cast("char *", place),
                            ffi.cast("char *", int(ffi.cast(
                                "uintptr_t", pointer))), count)
            self.blocks[place] = (block, size)
            return ffi.cast("void *", place)
        return ffi.NULL

    def options(self, **settings):
        """Options whose memory is counted."""
        out = ffi.new("mxsel_options **")
        lib.mxsel_options_new_with_allocator(out, self._function, ffi.NULL)
        options = object.__new__(mxsel.Options)
        options._begin(out[0], None, settings)
        return options


class Lifetime(unittest.TestCase):
    """References."""

    def test_options_outlive_their_resolver(self):
        options = zone_options()
        selection = mxsel.Selection("example.test", options)
        del options
        gc.collect()
        self.assertEqual(len(list(selection)), 3)

    def test_attempts_outlive_their_selection(self):
        found = list(mxsel.Selection("example.test", zone_options()))
        gc.collect()
        self.assertEqual(found[0].host, "mx1.example.test")
        self.assertRaises(mxsel.UsageError, found[0].report, "refused")

    def test_the_selection_of_an_attempt_stays(self):
        attempt = next(mxsel.Selection("example.test", zone_options()))
        gc.collect()
        attempt.report("refused")
        self.assertRaises(mxsel.UsageError, attempt.report, "refused")

    def test_nothing_is_left_in_c(self):
        counted = Allocations()

        def resolve(name, kind):
            return [mxsel.MX(10, "mx.test")] if kind == "MX" else \
                [mxsel.Address("192.0.2.1")] if kind == "A" else \
                mxsel.Answer(negative_ttl=300)

        options = counted.options(resolver=resolve, trace=True)
        before = len(counted.blocks)
        most = 0
        for number in range(ROUNDS):
            selection = mxsel.Selection("d%d.test" % number, options)
            attempt = next(selection)
            if number % 2:
                attempt.report("refused")
                list(selection)
            selection.rejected, selection.trace, selection.verdict
            saved = selection.save()
            most = max(most, len(counted.blocks))
            mxsel.Selection.resume(saved, options)
            if number % 3 == 0:
                selection.close()
        del selection, attempt
        gc.collect()
        self.assertGreater(most, before)
        self.assertEqual(len(counted.blocks), before)
        del options
        gc.collect()
        self.assertEqual(len(counted.blocks), 0)

    def test_nothing_is_left_in_python(self):
        options = zone_options()

        def work():
            for _ in range(ROUNDS):
                selection = mxsel.Selection("example.test", options)
                for attempt in selection:
                    attempt.report("refused")
                selection.rejected, selection.verdict, selection.flags

        def objects():
            gc.collect()
            return sum(type(thing).__module__.startswith("mxsel")
                       for thing in gc.get_objects())
        work()
        before = objects()
        work()
        self.assertEqual(objects(), before)

    def test_an_iteration_makes_no_cycles(self):
        gc.collect()
        gc.disable()
        try:
            for attempt in mxsel.Selection("example.test", zone_options()):
                attempt.report("refused")
            del attempt
            found = [thing for thing in gc.get_objects()
                     if isinstance(thing, (mxsel.Selection, mxsel.Options))]
        finally:
            gc.enable()
        self.assertEqual(found, [])


class Threads(unittest.TestCase):
    """Options are shared by threads; a selection may be."""

    def test_options_in_many_threads(self):
        options = zone_options(cache=mxsel.Cache(1 << 20))
        found = []

        def work():
            for _ in range(50):
                found.append(len(list(mxsel.Selection("example.test",
                                                      options))))
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [3] * 200)

    def test_one_selection_in_many_threads_hands_out_each_once(self):
        switched = sys.getswitchinterval()
        self.addCleanup(sys.setswitchinterval, switched)
        sys.setswitchinterval(1e-6)
        for _ in range(50):
            selection = mxsel.Selection("equal.example.test",
                                        zone_options())
            found = []

            def work():
                for attempt in selection:
                    found.append(attempt.address)
            threads = [threading.Thread(target=work) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual((len(found), len(set(found))), (3, 3))
            self.assertEqual(selection.verdict.action, "defer")

    def test_a_resolver_in_python_is_waited_for(self):
        asking = threading.Event()
        go_on = threading.Event()

        def resolve(_, kind):
            asking.set()
            go_on.wait(20)
            return [mxsel.Address("192.0.2.1")] if kind == "A" else []

        selection = mxsel.Selection("example.test", resolver=resolve)
        found = []
        first = threading.Thread(target=lambda: found.extend(selection))
        first.start()
        self.assertTrue(asking.wait(20))
        # The question that is held must not become another destination's.
        second = threading.Thread(target=selection.reset,
                                  args=("other.test",))
        second.start()
        go_on.set()
        first.join()
        second.join()
        found.extend(selection)
        self.assertEqual([attempt.host for attempt in found],
                         ["example.test", "other.test"])


class TheEnd(unittest.TestCase):
    """The interpreter ends with objects still there."""

    PROGRAM = """
import asyncio, sys, mxsel
from test_selection import ZONE
sys.kept = mxsel
everything = [mxsel.Options(resolver=mxsel.Zone(text=ZONE),
                            cache=mxsel.Cache(1 << 20))]
everything.append(mxsel.Selection("example.test", everything[0]))
everything.append(next(everything[1]))
engine = mxsel.Engine(servers=["127.0.0.1@9"])
everything.append(engine)
everything.append(engine.select("example.test"))
async def start():
    try:
        await asyncio.wait_for(everything[-1].__anext__(), 0.001)
    except (asyncio.TimeoutError, StopAsyncIteration):
        pass
asyncio.run(start())
everything.append(everything)
print("the end")
"""

    def run_program(self, program, environment=None):
        """What a Python of its own prints, and complains."""
        here = os.path.dirname(os.path.abspath(__file__))
        done = subprocess.run([sys.executable, "-c", program],
                              stdout=subprocess.PIPE, timeout=60,
                              stderr=subprocess.PIPE, check=False,
                              cwd=here, env=environment)
        return done.stdout.decode(), done.stderr.decode(), done.returncode

    def test_nothing_is_said_and_nothing_crashes(self):
        self.assertEqual(self.run_program(self.PROGRAM),
                         ("the end\n", "", 0))

    def test_the_libraries_come_from_mxsel_libdir(self):
        environment = dict(os.environ)
        folder = environment.pop("LD_LIBRARY_PATH", "").split(":")[0]
        environment.setdefault("MXSEL_LIBDIR", folder)
        program = "import mxsel; mxsel.Dns(); print(mxsel.version())"
        self.assertEqual(self.run_program(program, environment),
                         (mxsel.version() + "\n", "", 0))
        # A copy whose links lead nowhere has the declarations elsewhere.
        here = os.path.dirname(os.path.abspath(__file__))
        with tempfile.TemporaryDirectory() as copy:
            shutil.copytree(os.path.join(here, "mxsel"),
                            os.path.join(copy, "mxsel"),
                            ignore=shutil.ignore_patterns("*.cdef"))
            copied = dict(environment, PYTHONPATH=copy, MXSEL_DECLARATIONS=
                          os.path.join(here, "mxsel"))
            self.assertEqual(
                self.run_program("import sys; del sys.path[0]; " + program,
                                 copied), (mxsel.version() + "\n", "", 0))
        environment["MXSEL_LIBDIR"] = "/nowhere"
        self.assertIn("/nowhere/libmxsel",
                      self.run_program(program, environment)[1])


if __name__ == "__main__":
    unittest.main()

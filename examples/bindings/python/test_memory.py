"""Memory: what is reported changes the order of equals, and is kept."""
import errno
import os
import shutil
import subprocess
import tempfile
import time
import unittest

import mxsel
from test_selection import zone_options

EQUAL = "equal.example.test"
FOLDER = os.environ.get("MXSEL_BUILDDIR")
PROGRAM = FOLDER and os.path.join(FOLDER, "mxsel")


def hosts(seed, memory):
    """The hosts of the equal ones, in order."""
    return [attempt.host.split(".")[0] for attempt in mxsel.Selection(
        EQUAL, zone_options(seed=seed, memory=memory))]


class Remembering(unittest.TestCase):
    """By one process."""

    def setUp(self):
        self.memory = mxsel.Memory(1 << 20, explore=0, half_life=3600)

    def test_a_host_that_was_reported_goes_behind(self):
        self.assertNotEqual({hosts(seed, None)[2] for seed in range(9)},
                            {"b"})
        for attempt in mxsel.Selection(EQUAL, zone_options(
                memory=self.memory)):
            if attempt.host.startswith("b."):
                attempt.report("refused")
            else:
                attempt.report("rcpt", 450)
        self.assertEqual({hosts(seed, self.memory)[2]
                          for seed in range(9)}, {"b"})
        self.memory.forget("b." + EQUAL)
        self.memory.forget("192.0.2.12")
        self.assertEqual(len({hosts(seed, self.memory)[2]
                              for seed in range(30)}), 3)

    def test_what_is_known_are_values(self):
        self.memory.report("MX1.Example.Test", "192.0.2.1", outcome="refused")
        self.memory.report("mx1.example.test", "192.0.2.1",
                           outcome="rcpt", code=550, reply="5.7.1 No.")
        found = sorted(self.memory.entries())
        self.assertEqual([(entry.name, entry.kind) for entry in found], [
            ("192.0.2.1", "address"), ("mx1.example.test", "host")])
        host = self.memory.get("mx1.example.test")
        self.assertEqual((host.outcomes, host.code, host.score, host.turn,
                          host.doubt),
                         (("rcpt", "refused"), 550, 0.0, 6, frozenset({4})))
        self.assertLess(host.age, 60)
        self.assertTrue(str(host).startswith("host mx1.example.test 25 "))
        self.assertIsNone(self.memory.get("mx2.example.test"))
        self.assertIsNone(self.memory.get("mx1.example.test", 587))
        self.assertEqual(self.memory.statistics["reports"], 2)

    def test_nothing_is_cleared_by_accident(self):
        self.memory.report("mx1.example.test", outcome="refused")
        self.assertRaises(TypeError, self.memory.forget)
        self.assertRaises(TypeError, self.memory.forget, None)
        self.assertRaises(ValueError, self.memory.forget, "")
        self.assertEqual(len(list(self.memory.entries())), 1)
        self.memory.forget_all()
        self.assertEqual(list(self.memory.entries()), [])

    def test_a_file_keeps_it(self):
        self.memory.report("mx1.example.test", outcome="timeout")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "memory")
            self.memory.save(path)
            again = mxsel.Memory(1 << 20)
            again.load(path)
            self.assertEqual(again.get("mx1.example.test").outcomes,
                             ("timeout",))
            with open(path, "w", encoding="ascii") as file:
                file.write("something else\n")
            self.assertRaises(mxsel.SyntaxProblem, again.load, path)

    def test_a_file_that_fails_says_why(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "none")
            with self.assertRaises(FileNotFoundError) as caught:
                self.memory.load(path)
            failure = caught.exception
            self.assertIsInstance(failure, mxsel.FileError)
            self.assertEqual((failure.errno, failure.filename,
                              failure.number), (errno.ENOENT, path, -11))
            self.assertEqual(str(failure), "%s: %s: %s" % (
                path, mxsel.FileError(), os.strerror(errno.ENOENT)))
            with self.assertRaises(mxsel.FileError) as caught:
                self.memory.save(folder)
            self.assertEqual(
                (caught.exception.errno, caught.exception.strerror),
                (errno.EISDIR, os.strerror(errno.EISDIR)))

    @unittest.skipUnless(PROGRAM, "MXSEL_BUILDDIR")
    def test_a_file_is_shown_by_the_program(self):
        self.memory.report("mx1.example.test", outcome="timeout")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "memory")
            self.memory.save(path)
            shown = subprocess.run([PROGRAM, "memory", path], check=True,
                                   stdout=subprocess.PIPE).stdout
            self.assertIn(b"mx1.example.test", shown)

    def test_a_plan_that_nobody_carries_out_changes_nothing(self):
        memory = mxsel.Memory(1 << 20, read_only=True)
        for attempt in mxsel.Selection(EQUAL, zone_options(memory=memory)):
            attempt.report("refused")
        self.assertEqual(list(memory.entries()), [])
        memory.report("b." + EQUAL, outcome="refused")
        self.assertGreater(memory.get("b." + EQUAL).score, 0.5)

    def test_what_is_wrong_is_said(self):
        report = self.memory.report
        self.assertRaises(ValueError, mxsel.Memory, 1)
        self.assertRaises(ValueError, mxsel.Memory, nonsense=1)
        self.assertRaises(ValueError, mxsel.Memory, half_life=0)
        self.assertRaises(ValueError, report, "a.test", outcome="nonsense")
        self.assertRaises(mxsel.RangeError, report, "a.test", port=0,
                          outcome="refused")
        self.assertRaises(mxsel.SyntaxProblem, report, "..",
                          outcome="refused")
        self.assertRaises(mxsel.UsageError, report, outcome="refused")


def is_built():
    """Is there a libmxsel-redis?"""
    try:
        mxsel.Redis("127.0.0.1:1")
    except OSError:
        return False
    return True


class Server:
    """A server of the test's own, on a local socket."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "socket")
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.path,
             "--dir", folder, "--save", ""], stdout=subprocess.DEVNULL)

    def __enter__(self):
        while not os.path.exists(self.path):
            if self.process.poll() is not None:
                raise RuntimeError("redis-server does not start")
            time.sleep(0.01)
        return self.path

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


@unittest.skipUnless(shutil.which("redis-server"), "redis-server")
@unittest.skipUnless(is_built(), "libmxsel-redis")
class Sharing(unittest.TestCase):
    """By way of a server."""

    def test_what_one_reports_the_other_knows(self):
        with tempfile.TemporaryDirectory() as folder, \
                Server(folder) as path:
            memories = [mxsel.Memory(1 << 20, explore=0, half_life=3600,
                                     budget=1000, refresh=0)
                        for _ in range(2)]
            servers = [mxsel.Redis(path, prefix="test:") for _ in memories]
            for memory, server in zip(memories, servers):
                memory.store = server
            memories[0].report("b." + EQUAL, "192.0.2.12", outcome="refused")
            self.assertTrue(servers[0].flush(10))
            self.assertEqual(servers[0].statistics["waiting"], 0)
            while not servers[1].statistics["is_connected"]:
                time.sleep(0.01)
            self.assertEqual({hosts(seed, memories[1])[2]
                              for seed in range(9)}, {"b"})
            self.assertEqual(servers[1].error, "")

    def test_without_a_server_nothing_fails(self):
        server = mxsel.Redis("127.0.0.1:1", timeout=10, retry=10)
        memory = mxsel.Memory(1 << 20)
        memory.store = server
        self.assertEqual(sorted(hosts(1, memory)), ["a", "b", "c"])
        self.assertIs(memory.store, server)
        memory.store = None
        self.assertRaises(ValueError, mxsel.Redis, "a b")
        self.assertRaises(ValueError, mxsel.Redis, "a.test", nonsense=1)


if __name__ == "__main__":
    unittest.main()

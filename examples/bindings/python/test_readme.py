"""The programs of README.md run, and do what is said beside them."""
import asyncio
import contextlib
import io
import os
import unittest

import mxsel
from loopback import Server

HERE = os.path.dirname(os.path.abspath(__file__))
RECORDS = {
    "example.com": [mxsel.MX(10, "mx.example.com")],
    "mx.example.com": [mxsel.Address("192.0.2.1")],
}


def programs():
    """The Python blocks of README.md."""
    with open(os.path.join(HERE, "README.md"), encoding="utf-8") as file:
        blocks = file.read().split("```python\n")[1:]
    return [block.split("```", 1)[0] for block in blocks]


class Patched:
    """The package, with servers that are the test's."""

    def __init__(self, server):
        self.server = server

    def __getattr__(self, name):
        return getattr(mxsel, name)

    def select(self, destination, **settings):
        """Asks the test's server."""
        return mxsel.select(destination, resolver=mxsel.Dns(
            servers=[self.server]), **settings)

    def Engine(self):
        """Asks the test's server."""
        return mxsel.Engine(servers=[self.server])


class Readme(unittest.TestCase):
    """Each block, in order."""

    def run_block(self, number, **names):
        """Run one as it stands; what it printed, and its names."""
        printed = io.StringIO()
        text = programs()[number].replace("import mxsel\n", "")
        with Server(RECORDS) as server, \
                contextlib.redirect_stdout(printed):
            names["mxsel"] = Patched(server.name)
            exec(compile(text, "README.md", "exec"), names)
            if "main" in names:
                asyncio.run(names["main"](["example.com", "gone.test"]))
        return printed.getvalue()

    def test_the_first_program(self):
        printed = self.run_block(0).splitlines()
        self.assertEqual(printed[0], "10 mx.example.com "
                         "('192.0.2.1', 25) opportunistic")
        self.assertTrue(printed[1].startswith(
            "defer unreachable 451 4.4.1 No mail server"), printed)
        self.assertEqual(len(printed), 2)

    def test_the_asynchronous_one(self):
        spoken = []

        async def speak_smtp(sockaddr, posture):
            spoken.append((sockaddr, posture))
            if len(spoken) == 1:
                raise ConnectionRefusedError
        self.run_block(1, asyncio=asyncio, speak_smtp=speak_smtp)
        self.assertEqual(spoken, [(("192.0.2.1", 25), "opportunistic")])

    def test_there_are_no_others(self):
        self.assertEqual(len(programs()), 2)


if __name__ == "__main__":
    unittest.main()

"""Selections that another thread closes, for tests."""
import asyncio
import threading
import time

import mxsel


async def close_elsewhere(test, selection):
    """Whoever waits for its next attempt is told at once."""
    waiting = asyncio.ensure_future(selection.__anext__())
    await asyncio.sleep(0.01)
    asyncio.get_running_loop().set_debug(True)
    thread = threading.Timer(0.05, selection.close)
    started = time.monotonic()
    thread.start()
    with test.assertRaises(mxsel.UsageError):
        await asyncio.wait_for(waiting, 5)
    test.assertLess(time.monotonic() - started, 4)
    thread.join()

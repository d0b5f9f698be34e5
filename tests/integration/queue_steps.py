"""What the queue does at one certain moment, for queue_trial.py: it is killed
at each single step of a delivery, one after the other, and it goes on where it
was among the hosts of a domain.
"""
import fcntl
import os
import shutil
import subprocess

from mta_servers import SILENT
from queue_world import HOSTS, World, check_all, scratch
from statements import check

H2, H3, H4, H5, _ = HOSTS
HERE = os.path.dirname(os.path.abspath(__file__))


def check_resumed(port):
    """R80: the first host has said that it is busy, the second one has the
    connection when everything is killed; the first one is not asked again."""
    world = World("resumed", port, 1, {H3: {"greeting": "421 4.3.2 Busy"},
                                       H4: {"greeting": SILENT}})
    h2, h3, h4, _ = world.hosts
    world.submit(["ann%d@three.mail.test"])
    runner = world.start()
    check(world.wait(lambda: h4.sessions), "R80 the second host is reached")
    world.kill(runner)
    check(len(h3.sessions) == 1 and not world.took(),
          "R72 the first host was asked before")
    runner = world.start("--timeout", "5")
    check(world.wait(world.spool.empty), "R80 it is delivered in the end")
    world.kill(runner)
    world.stop()
    check(len(h3.sessions) == 1 and len(h4.sessions) == 2 and
          len(h2.took) == 1, "R80 it goes on at the host where it was",
          [len(host.sessions) for host in world.hosts])


def check_shared(port):
    """Recipients of one domain share a connection and the message, whatever
    each of them is answered; then each has the verdict that is his."""
    world = World("shared", port, 3)
    kinds = ["ann%d@good.mail.test", "never%d@good.mail.test",
             "bea%d@good.mail.test", "later%d@good.mail.test"]
    world.submit(kinds)
    runner = world.start("--once")
    runner.wait()
    h2 = world.hosts[0]
    check(len(h2.sessions) == 1 and [one[1] for one in h2.took] ==
          ["ann1@good.mail.test", "bea1@good.mail.test"],
          "R71 one connection for all recipients of a domain", h2.took)
    names = world.spool.names()
    check(len(names) == 2 and names[1] == names[0] + "-b1",
          "R74 one waits, one is returned", names)
    world.finish()
    check_all(world, "recipients of one domain", set())


def deliver_bounces(world):
    """Those that are in the queue, while nobody goes on with the messages
    they are about: whoever does so later must know of them."""
    world.wait(lambda: not world.locked())
    names = world.spool.names()
    bounces = [name for name in names if name.endswith("-b1")]
    held = [world.spool.journal(name) for name in names
            if name + "-b1" in bounces]
    for journal in held:
        fcntl.flock(journal, fcntl.LOCK_EX)
    if bounces:
        runner = world.start()
        world.wait(lambda: not set(bounces) & set(world.spool.names()))
        world.kill(runner)
    for journal in held:
        journal.close()


def preload():
    """A library that kills its process at the step it is told."""
    compiler = shutil.which(os.environ.get("CC", "").split(" ")[-1]) or \
        shutil.which("cc")
    library = os.path.join(scratch, "step.so")
    if compiler and subprocess.run(
            [compiler, "-shared", "-fPIC", "-o", library,
             os.path.join(HERE, "queue_step.c"), "-ldl"],
            capture_output=True, check=False).returncode == 0:
        return library
    return None


def check_every_step(port):
    """Killed before each call that changes something on the disk; then each
    such call fails, once, as on a disk without room."""
    library = preload()
    one_by_one(port, library, "killed at each step")
    one_by_one(port, library, "no room at each step", STEP_FULL="1")


def one_by_one(port, library, what, **how):
    told = os.path.join(scratch, "step")
    world = World(what, port, 2)
    steps, hit = 0, library is not None
    while hit:
        steps += 1
        world.submit(["ann%d@good.mail.test", "never%d@good.mail.test",
                      "bob%d@down.mail.test", "eve%d@nullmx.mail.test"])
        runner = world.start("--once", LD_PRELOAD=library, STEP=str(steps),
                             STEP_TOLD=told, **how)
        runner.wait()
        hit = os.path.exists(told)
        if hit:
            os.unlink(told)
        deliver_bounces(world)
        runner = world.start()
        world.wait(world.spool.empty)
        world.kill(runner)
    world.stop()
    if steps < 10:
        print("skipped: no process could be stopped at its steps")
        return
    doubtful = set(world.doubtful())
    twice = check_all(world, what, doubtful)
    # Before the dot's record is safe, and before the answer is written.
    check(twice == 2 and len(doubtful) == 4,
          f"{what}: each of the two deliveries is doubled by one step alone",
          twice, doubtful)
    print(f"{what}: {steps - 1} steps; {len(doubtful)} in doubt, {twice} "
          "delivered twice")

#!/usr/bin/env python3
"""A mail queue is killed, again and again, at random moments; no mail is lost
and none is delivered twice (R71, R72, R74, R75, R76, R80).

    queue_trial.py MTA_DELIVERY [KILLS [KILLS-OF-ALL [SEED]]]

Messages with several recipients each are put into the spool while the runner
is killed with SIGKILL and started again: first the runner alone, whose
deliveries outlive it, then all its processes at once. Where a process is
killed between the end of the data and the answer to it, nobody can know
whether the message arrived; there, and nowhere else, it may come twice.

Prints what is not so, some figures, and one line of totals.
"""
import os
import random
import shutil
import signal
import sys
import threading
import time

from ports import free_port
from queue_steps import check_every_step, check_resumed, check_shared
from queue_world import HOSTS, World, check_all, fields, runners, scratch
from statements import check, ended


def kill_often(world, kills, everybody):
    """Kill it at random moments, while mail comes in: every other time soon
    after it has begun to deliver. Returns how often there were deliveries
    under way."""
    moments = random.Random(kills)
    permit = threading.Semaphore(0)
    permits = [moments.randint(1, 2) for _ in range(kills)]
    injector = threading.Thread(target=lambda: [
        permit.acquire() and world.submit() for _ in range(sum(permits))])
    injector.start()
    busy = 0
    for kill in range(kills):
        permit.release(permits[kill])
        runner = world.start()
        if kill % 2:
            world.wait(world.locked, 5)
            time.sleep(moments.uniform(0, 0.05))
        else:
            time.sleep(moments.uniform(0.002, 0.12))
        if everybody:
            busy += world.locked() > 0
            world.kill(runner)
        else:
            runner.kill()
            busy += world.locked() > 0
            runner.wait()
        world.wait(lambda: world.number >= sum(permits[:kill]))
    injector.join()
    return busy


def trial(name, what, port, kills, everybody, seed):
    world = World(name, port, seed)
    began = time.monotonic()
    busy = kill_often(world, kills, everybody)
    world.finish()
    doubtful = world.doubtful()
    check(len(world.put) == world.number >= kills,
          f"{what}: every message is taken", len(world.put), world.number)
    check(busy >= kills // 3, f"{what}: it was killed at its work", busy)
    if not everybody:
        check(not doubtful, "there is never a doubt", doubtful)
    twice = check_all(world, what, set(doubtful))
    print(f"{what}: {kills} kills, {busy} of them during deliveries; "
          f"{len(world.put)} messages, "
          f"{sum(len(to) for _, to, _ in world.put.values())} recipients; "
          f"{len(doubtful)} in doubt, {twice} delivered twice "
          f"({time.monotonic() - began:.1f} s)")


def check_the_end(port):
    """What waits too long comes back; a bounce that fails is kept."""
    world = World("end", port, 1)
    sender = "from@home.mail.test"
    world.spool.submit(sender, ["a@stuck.mail.test", "ann@good.mail.test"],
                       b"Subject: 1\r\n\r\n")
    world.spool.submit("", ["never@good.mail.test"], b"Subject: 2\r\n\r\n")
    runner = world.start("--give-up", "0.3")
    world.wait(lambda: len(world.took()) == 2 and world.spool.names("dead"))
    world.kill(runner)
    world.stop()
    reports = [fields(mail) for null, to, mail in world.took()
               if to == sender]
    one = reports[0].get("rfc822; a@stuck.mail.test") if reports else None
    check(len(reports) == 1 and one is not None and
          one["Status"] == "4.4.7" and
          one["Diagnostic-Code"].startswith("X-Mxsel; 451 4.4.1 "),
          "R76 a mail that waited too long comes back", reports)
    check([to for _, to, _ in world.took()].count("ann@good.mail.test") == 1,
          "the other recipient has it")
    dead = world.spool.names("dead")
    check(len(dead) == 1 and world.spool.read(dead[0], "dead")[:2] ==
          ("", ["never@good.mail.test"]),
          "R76 a bounce that fails is for the postmaster", dead)


def check_pauses(port):
    """RFC 5321, 4.5.4.1: each pause is twice as long as the one before, up to
    a limit, and nothing is tried before its end."""
    world = World("pauses", port, 1)
    name = world.spool.submit("", ["a@stuck.mail.test"], b"Subject: 1\r\n")
    path = os.path.join(world.spool.folder, "queue", name)
    pauses = []
    for _ in range(4):
        os.utime(path)
        began = time.time()
        for _ in range(2):
            world.start("--once", "--retry", "100", "--retry-max",
                        "300").wait()
        pauses.append(round((os.stat(path).st_mtime - began) / 100))
    world.stop()
    with open(world.log, encoding="ascii") as log:
        tries = log.read().count(" defer: ")
    check(pauses == [1, 2, 3, 3] and tries == 4,
          "it comes again after 100, 200, 300 and 300 seconds", pauses, tries)


def check_company(port):
    """R1: what is no mailbox fails alone, and the others of its domain, in
    whatever letters, have one connection; a runner whose parent ignored
    SIGCHLD waits for its children all the same."""
    world = World("company", port, 1)
    good = ["ann@good.mail.test", "bob@GOOD.mail.test"]
    for to in (["@good.mail.test", *good], [*good, "@good.mail.test"]):
        world.spool.submit("", to, b"Subject: 1\r\n\r\n")
    ignored = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    runner = world.start("--once", "--processes", "1")
    signal.signal(signal.SIGCHLD, ignored)
    check(world.wait(lambda: runner.poll() is not None),
          "it waits for children though SIGCHLD was ignored")
    if runner.poll() is None:
        world.kill(runner)
    world.stop()
    check([one[1] for one in world.took()] == good * 2 and
          len(world.hosts[0].sessions) == 2 and
          len(world.spool.names("dead")) == 2,
          "R1 a bad mailbox has no say for others", world.took())


def main():
    numbers = [int(text) for text in sys.argv[2:]]
    kills, of_all, seed = numbers + [100, 30, 5321][len(numbers):]
    port = free_port(HOSTS)
    if port is None:
        print("skipped: 127.0.0.2 and the like are not here")
        return 77
    trial("one", "the runner is killed", port, kills, False, seed)
    trial("all", "all its processes are killed", port, of_all, True, seed + 1)
    check_shared(port)
    check_resumed(port)
    check_every_step(port)
    check_the_end(port)
    check_pauses(port)
    check_company(port)
    return ended()


def tidy():
    """Nothing is left running, and nothing on the disk."""
    for runner in runners:
        if runner.poll() is None:
            os.killpg(runner.pid, signal.SIGKILL)
            runner.wait()
    shutil.rmtree(scratch)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    finally:
        tidy()

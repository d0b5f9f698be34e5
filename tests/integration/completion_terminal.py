#!/usr/bin/env python3
"""A bash in a terminal of its own, and somebody who types.

    completion_terminal.py FILE

Sources FILE, types the beginning of a command line with tabulators in it, and
fails unless the line that bash shows is the one that was meant.
"""
import os
import pty
import select
import sys
import time

TYPED = b"mxsel expl\t--family=v4o\t--json --fie\tttl,stat\t"
MEANT = b"mxsel explain --family=v4only --json --fields ttl,status"


def read_until(fd, wanted, seconds):
    """What comes from fd, up to what is wanted."""
    got, end = b"", time.monotonic() + seconds
    while wanted not in got:
        left = end - time.monotonic()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            break
        try:
            more = os.read(fd, 4096)
        except OSError:
            break
        got += more.replace(b"\a", b"")
    return got


def main():
    child, fd = pty.fork()
    if child == 0:
        os.environ.update(TERM="dumb", PS1="", COLUMNS="200")
        os.execvp("bash", ["bash", "--noprofile", "--norc", "-i"])
    os.write(fd, b"bind 'set enable-bracketed-paste off'; "
             b"stty columns 200; source '%s'; echo ready $((6 * 7))\n"
             % os.fsencode(sys.argv[1]))
    got = read_until(fd, b"ready 42", 60)
    os.write(fd, TYPED)
    got += read_until(fd, MEANT, 60)
    os.close(fd)
    os.waitpid(child, 0)
    if MEANT not in got:
        print(repr(got))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Ports for servers of a test's own; as a command: one for 127.0.0.1."""
import errno
import random
import socket


def is_free(address, port):
    """For TCP and UDP; None: there is no such address here."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
            with socket.socket(family, kind) as one:
                one.bind((address, port))
    except OSError as error:
        return False if error.errno == errno.EADDRINUSE else None
    return True


def free_port(addresses=("127.0.0.1",)):
    """A port above 20000 that is free on all of them, and that the system
    gives to nobody who does not ask for it: servers are stopped, and must have
    it again. None: one of the addresses is not there."""
    while True:
        port = random.randint(20001, 32767)
        states = [is_free(address, port) for address in addresses]
        if None in states:
            return None
        if all(states):
            return port


if __name__ == "__main__":
    print(free_port())

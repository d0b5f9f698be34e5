"""A spool of examples/mta_delivery for mta_trial.py and queue_trial.py: mail
is put in, and what waits there is looked at, as an administrator would.
"""
import os
import subprocess


class Spool:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def command(self, verb, arguments, told=b""):
        """(exit code, standard output, standard error)"""
        done = subprocess.run([self.program, verb, self.folder,
                               *map(str, arguments)], input=told,
                              capture_output=True, timeout=60, check=False)
        return (done.returncode, done.stdout.decode("ascii", "replace"),
                done.stderr.decode("ascii", "replace"))

    def submit(self, sender, recipients, mail):
        """The name of the message, None when it was not taken."""
        to = [part for one in recipients for part in ("--to", one)]
        code, out, _ = self.command("submit", ["--from", sender, *to], mail)
        return out.strip() if code == 0 else None

    def names(self, part="queue"):
        try:
            return sorted(os.listdir(os.path.join(self.folder, part)))
        except FileNotFoundError:
            return []

    def journal(self, name):
        return open(os.path.join(self.folder, "journal", name), "rb")

    def read(self, name, part="queue"):
        """(sender, recipients, content) of a message."""
        with open(os.path.join(self.folder, part, name), "rb") as file:
            head, _, content = file.read().partition(b"\n\n")
        lines = [line.split(" ", 1) for line in head.decode().split("\n")]
        return (dict(lines)["from"],
                [value for word, value in lines if word == "to"], content)

    def empty(self):
        return not any(self.names(part) for part in
                       ("tmp", "queue", "journal", "dead"))

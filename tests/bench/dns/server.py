"""NSD on loopback with a zone of the generator, pinned to one core, and what
it counts. Everything it leaves is in a folder of its own; it is stopped by
its process id."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
DEFAULT = 212992  # octets: what Linux gives a socket that asks for nothing
LARGE = 16 << 20


def find(program):
    """Where the program is, or None."""
    return shutil.which(program, path=PATH)


def free_port():
    """A port above 20000 on which nobody listens."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, \
                socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            udp.bind(("127.0.0.1", 0))
            port = udp.getsockname()[1]
            if port <= 20000:
                continue
            try:
                tcp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Buffers:
    """Default or large socket buffers for NSD and for whoever asks it.

    Clients cannot all be told to ask for larger buffers, so the system's
    default is raised while they run, when that is allowed, and put back."""

    KEYS = ("rmem_max", "wmem_max", "rmem_default", "wmem_default")

    def __init__(self):
        self.before = {key: self._path(key).read_text().strip()
                       for key in self.KEYS if self._path(key).exists()}
        self.large_works = len(self.before) == 4 and self._try()

    @staticmethod
    def _path(key):
        return pathlib.Path("/proc/sys/net/core") / key

    def _try(self):
        try:
            self.use(True)
            self.restore()
        except OSError:
            return False
        return True

    def use(self, large):
        """Set the system's limits and defaults."""
        for key in self.KEYS:
            size = LARGE if large else DEFAULT
            if key.endswith("_max"):
                size = max(size, int(self.before[key]))
            self._path(key).write_text(str(size))

    def restore(self):
        """As it was found."""
        for key, value in self.before.items():
            try:
                if self._path(key).read_text().strip() != value:
                    self._path(key).write_text(value)
            except OSError:
                pass


CONFIG = """\
server:
\tip-address: 127.0.0.1@{port}
\tusername: ""
\tchroot: ""
\tzonesdir: "{zones}"
\tdatabase: ""
\tzonelistfile: "{scratch}/zone.list"
\txfrdfile: "{scratch}/xfrd.state"
\txfrdir: "{scratch}"
\tpidfile: ""
\tlogfile: "{scratch}/log"
\tserver-count: 1
\trrl-ratelimit: 0
\treceive-buffer-size: {buffer}
\tsend-buffer-size: {buffer}
\tminimal-responses: {minimal}
remote-control:
\tcontrol-enable: {control}
\tcontrol-interface: "{scratch}/control"
zone:
\tname: "example"
\tzonefile: "zone"
"""


class Nsd:
    """One name server with one zone."""

    def __init__(self, zones, core, large, full=False):
        self.full = full
        self.scratch = tempfile.mkdtemp(prefix="mxsel-nsd-")
        self.control = find("nsd-control")
        self.process = None
        try:
            for _ in range(3):
                self.port = free_port()
                self._start(zones, core, large)
                if self._wait():
                    return
                self.stop(keep=True)
            raise RuntimeError("NSD does not start:\n" + self._log())
        except BaseException:
            self.stop()
            raise

    def _log(self):
        log = pathlib.Path(self.scratch, "log")
        return log.read_text() if log.exists() else ""

    def _start(self, zones, core, large):
        # The kernel doubles what is asked for.
        buffer = (LARGE if large else DEFAULT) // 2
        config = pathlib.Path(self.scratch, "conf")
        config.write_text(CONFIG.format(
            port=self.port, zones=zones, scratch=self.scratch, buffer=buffer,
            minimal="no" if self.full else "yes",
            control="yes" if self.control else "no"))
        command = [find("nsd"), "-d", "-c", str(config)]
        if core is not None:
            command = [find("taskset"), "-c", str(core)] + command
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)

    def _answers(self):
        query = (b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
                 b"\x07example\x00\x00\x06\x00\x01")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(0.2)
            udp.connect(("127.0.0.1", self.port))
            try:
                udp.send(query)
                answer = udp.recv(1500)
            except OSError:
                time.sleep(0.1)
                return False
            return len(answer) > 12 and answer[3] & 15 == 0

    def _wait(self):
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if self._answers():
                return True
            if self.process.poll() is not None:
                return False
        return False

    def memory(self):
        """KiB that its processes have, the largest of them."""
        most = 0
        for pid in self._family():
            try:
                for line in pathlib.Path(f"/proc/{pid}/status").open():
                    if line.startswith("VmRSS:"):
                        most = max(most, int(line.split()[1]))
            except OSError:
                pass
        return most

    def _family(self):
        found, todo = [], [self.process.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                try:
                    todo += [int(p) for p in task.read_text().split()]
                except OSError:
                    pass
        return found

    def questions(self):
        """Questions it has answered so far; None when it does not say."""
        if self.control is None:
            return None
        said = subprocess.run(
            [self.control, "-c", f"{self.scratch}/conf", "stats_noreset"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            check=False)
        for line in said.stdout.splitlines():
            if line.startswith("num.queries="):
                return int(line.partition("=")[2])
        return None

    def stop(self, keep=False):
        """End it, by its own process ids."""
        if self.process is not None:
            family = self._family()
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            for pid in family[1:]:
                self._end(pid)
            self.process = None
        if not keep:
            shutil.rmtree(self.scratch, ignore_errors=True)

    @staticmethod
    def _end(pid):
        """A child that has outlived it."""
        for _ in range(20):
            if not pathlib.Path(f"/proc/{pid}").exists():
                return
            time.sleep(0.05)
        try:
            if "nsd" in pathlib.Path(f"/proc/{pid}/comm").read_text():
                os.kill(pid, signal.SIGKILL)
        except OSError:
            pass

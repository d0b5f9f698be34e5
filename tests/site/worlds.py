"""The folders in which commands of the documentation run, as whoever reads it
would run them. What must differ from what is printed there stands in
`instead`, and nothing else does: no server of the network is asked, nothing
is installed outside of scratch, and engines of other people's clusters have
stand-ins that take their options and run the parts one after another.
"""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOMAINS = ["normal.example", "equal.example", "user@backup.example",
           "nomail.example", "no-such-domain.example", "a..b", "example.com"]

# mapred streaming ... -input FILE -output FILE -mapper COMMAND
MAPRED = r"""#!/bin/sh
test "$1" = streaming || exit 64
shift
while test $# -gt 0; do
	case $1 in
	-D) echo "$2" | grep -q '^[a-z.]*=[a-z0-9]*$' || exit 64 ;;
	-input) input=$2 ;;
	-output) output=$2 ;;
	-mapper) mapper=$2 ;;
	*) exit 64 ;;
	esac
	shift 2
done
eval "$mapper" < "$input" > "$output"
case $? in 0 | 1 | 75) ;; *) exit 1 ;; esac
"""
# sbatch --array=FIRST-LAST SCRIPT
SBATCH = r"""#!/bin/sh
range=${1#--array=}
i=${range%-*}
while test $i -le ${range#*-}; do
	SLURM_ARRAY_TASK_ID=$i sh "$2" || exit 1
	i=$((i + 1))
done
"""
# sc of a pyspark program: an RDD that is a list of lines.
SPARK = r"""
import subprocess, sys

class Lines(list):
    def pipe(self, command):
        done = subprocess.run(command, shell=True, text=True,
                              input="".join(self), stdout=subprocess.PIPE)
        return Lines(done.stdout.splitlines(True))

    def saveAsTextFile(self, name):
        open(name, "w").writelines(self)

class sc:
    @staticmethod
    def textFile(name, parts):
        return Lines(open(name))

exec(compile(sys.stdin.read(), "block", "exec"))
"""
# npm install --install-links FOLDER...: what tests/integration/haraka.sh has
# from the network is left out, and the folders must be packages.
NPM = r"""#!/bin/sh
test "$1 $2" = 'install --install-links' || exit 64
shift 2
mkdir -p node_modules
for folder; do
	test -s "$folder/package.json" || exit 66
	cp -R "$folder" node_modules/
done
"""


def program(path, text):
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


class World:
    """A folder, what is in it, and what must be said another way there."""

    instead = {}
    tools = ()
    answers = (0,)    # exit status of a block

    def __init__(self, scratch, build, server):
        self.build, self.server = build, server
        self.folder = scratch / "world"
        self.bin = scratch / "bin"
        for folder in (self.folder, self.bin):
            folder.mkdir(parents=True)
        self.env = {
            "PATH": f"{self.bin}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
            "HOME": str(scratch), "TMPDIR": str(scratch)}
        self.prepare()

    def prepare(self):
        """Put there what the reader would have."""

    def compiler(self, *options):
        """cc, as the build has it: CC of the environment."""
        words = os.environ.get("CC", "cc").split()
        words[0] = shutil.which(words[0]) or words[0]
        program(self.bin / "cc",
                f'#!/bin/sh\nexec {" ".join([*words, *options])} "$@"\n')

    def check(self, code):
        """What is wrong after the block has run, or nothing."""

    def run(self, code, language):
        """(exit status, what was said) of one block."""
        for old, new in self.instead.items():
            code = code.replace(old, new.format(server=self.server,
                                                folder=self.folder))
        command = ["sh", "-e", "-c", code]
        if language == "python":
            command = ["python3", "-c", SPARK]
        done = subprocess.run(
            command, cwd=self.folder, env=self.env, text=True, timeout=120,
            input=code if language == "python" else "", check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def given(self, name, code):
        (self.folder / name).write_text(code, encoding="utf-8")

    def files(self, code):
        """Copies of files of this tree; braces as a shell has them."""
        for line in code.split():
            match = re.fullmatch(r"(.*)\{(.*)\}(.*)", line)
            names = [line] if not match else [
                match[1] + part + match[3] for part in match[2].split(",")]
            for name in names:
                source, target = ROOT / name, self.folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                if source.is_dir():
                    shutil.copytree(source, target)
                else:
                    shutil.copyfile(source, target)


class Installed(World):
    """Installed below a folder; the reader has the sources of the examples.
    """

    instead = {"./a.out example.com": "./a.out example.test {server}"}

    def prepare(self):
        there = self.bin.parent / "there"
        subprocess.run(["make", "-s", "-C", self.build, "install",
                        f"DESTDIR={there}"], check=True,
                       stdout=subprocess.DEVNULL)
        folder = next(there.rglob("libmxsel-ldns.pc")).parent
        self.env["PKG_CONFIG_SYSROOT_DIR"] = str(there)
        self.env["PKG_CONFIG_PATH"] = str(folder)
        self.env["LD_LIBRARY_PATH"] = str(folder.parent)
        self.compiler("-Werror")
        for path in [*(ROOT / "examples").glob("*.[ch]"),
                     ROOT / "examples" / "cluster" / "cluster.c"]:
            shutil.copyfile(path, self.folder / path.name)


class Build(World):
    """A fresh copy of the sources. What takes long is what tests/run.sh does
    anyway: here make says what it would do."""

    instead = {"\nmake\n": "\nmake -n > all.txt\n",
               "--prefix=/usr/local": "--prefix={folder}/there",
               "make check": "make -n check > check.txt",
               "make install": "make -n install > install.txt"}
    tools = ("autoconf",)

    def prepare(self):
        self.folder.rmdir()
        shutil.copytree(ROOT, self.folder, ignore=lambda folder, names: [
            name for name in names if name in (".git", "obj", "target",
                                               "node_modules", "corpus")
            or pathlib.Path(folder) == ROOT and name in ("b", "build")])
        (self.folder / "configure").unlink(missing_ok=True)

    def check(self, code):
        said = (self.folder / "install.txt").read_text(encoding="utf-8")
        if "there/lib" not in said:
            return "make install would install nothing there"
        return None


class Vendored(World):
    """A tree of somebody else's, with the files that the guide names."""

    instead = {"-O2": "-O0"}

    def prepare(self):
        self.compiler()

    def check(self, code):
        ours = subprocess.run(["ar", "t", "libmxsel.a"], cwd=self.folder,
                              text=True, capture_output=True, check=True)
        if len(ours.stdout.split()) < 30:
            return "hardly anything was compiled"
        return None


class Filter(World):
    """A folder with destinations; mxsel knows its built-in zone only."""

    instead = {"--server 127.0.0.1": ""}
    answers = (0, 1, 75)
    tools = ("jq",)
    lines = DOMAINS

    def prepare(self):
        program(self.bin / "mxsel", f"""#!/bin/sh
case "$*" in *--replay*) ;; *) set -- "$@" --demo ;; esac
exec "{self.build}/mxsel" "$@"
""")
        for name in ("domains", "subscribers"):
            self.given(name, "".join(line + "\n" for line in self.lines))

    def run(self, code, language):
        """Without -e: that a domain has no mail is no failure."""
        status, said = super().run(f"set +e\n{code}"
                                   if language == "sh" else code, language)
        if "mxsel:" in said or "not found" in said:
            status = 70
        return status, said

    def check(self, code):
        found = "".join(path.read_text(encoding="utf-8") for path in
                        self.folder.glob("plans*"))
        if "plans" in code + "".join(os.listdir(self.folder)) and \
                len(found.splitlines()) % len(self.lines) != 0:
            return f"{len(found.splitlines())} plans"
        return None


class Parallel(Filter):
    """The same, in several processes."""

    tools = ("parallel",)
    # Its exit status counts the processes that had 1 or 75.
    answers = (0, 1, 2, 3, 4)


class Hadoop(Filter):
    """With a stand-in for the engine."""

    def prepare(self):
        super().prepare()
        program(self.bin / "mapred", MAPRED)


class Spark(Filter):
    """The same; the stand-in is in Python."""


class Slurm(Filter):
    """The same; every part has lines."""

    lines = DOMAINS * 20
    instead = {"0-99": "0-9", "l/100": "l/10"}

    def prepare(self):
        super().prepare()
        program(self.bin / "sbatch", SBATCH)


class Haraka(World):
    """Haraka's folder, without Haraka."""

    def prepare(self):
        (self.folder / "libmxsel-source").symlink_to(ROOT)
        (self.folder / "config").mkdir()
        program(self.bin / "npm", NPM)

    def check(self, code):
        plugin = (self.folder / "config" / "plugins").read_text("utf-8")
        package = json.loads((self.folder / "node_modules" / "haraka"
                              / "package.json").read_text("utf-8"))
        if package["name"] != "haraka-plugin-" + plugin.strip():
            return f"{plugin.strip()} is not {package['name']}"
        return None


class Postfix(World):
    """The map is started as shown, and asked as main.cf says."""

    instead = {"unix:/run/postfix_map/": "unix:{folder}/"}

    def prepare(self):
        (self.bin / "postfix_map").symlink_to(
            self.build / "obj" / "examples" / "postfix_map" / "postfix_map")

    def run(self, code, language):
        for old, new in self.instead.items():
            code = code.replace(old, new.format(folder=self.folder))
        with open(self.folder / "log", "w+b") as log, subprocess.Popen(
                ["sh", "-c", f"exec {code}"], cwd=self.folder, env=self.env,
                stdout=log, stderr=log) as process:
            try:
                answer = self.ask()
            finally:
                process.terminate()
                process.wait()
            log.seek(0)
            return int(answer != b"9:NOTFOUND ,"), log.read().decode()

    def ask(self):
        """What the map of main.cf says of a domain that Postfix keeps."""
        settings = (self.folder / "main.cf").read_text(encoding="utf-8")
        _, kind, _, path, name = re.split(
            r" = |:", settings.strip(), maxsplit=4)
        path = path.replace("/run/postfix_map", str(self.folder))
        question = f"{name} u@example.com".encode()
        until = time.monotonic() + 60
        while kind == "socketmap" and time.monotonic() < until:
            with socket.socket(socket.AF_UNIX) as client:
                try:
                    client.connect(path)
                except OSError:
                    time.sleep(0.02)
                    continue
                client.settimeout(60)
                client.sendall(b"%d:%s," % (len(question), question))
                return client.recv(100)
        return b""


WORLDS = {"haraka": Haraka, "postfix": Postfix,
          "installed": Installed, "build": Build, "vendored": Vendored,
          "filter": Filter, "parallel": Parallel, "hadoop": Hadoop,
          "spark": Spark, "slurm": Slurm}

#!/usr/bin/env python3
"""Runs what the documentation says one can run, and compares what it says is
answered: the sessions and commands of README, guide and start page, as
fences.py finds them. BUILD is the folder where make ran.

    blocks.py [--sessions]      --sessions: only these, in a second, and
                                without those of other languages

Nothing leaves this machine. In a line of an answer `[...]` stands for anything,
alone on a line for any lines.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import fences
import worlds

ROOT = fences.ROOT
sys.path.insert(0, str(ROOT / "tests" / "lint"))
sys.dont_write_bytecode = True
import docs_examples                                 # noqa: E402

STAGE = re.compile(r"^(.*?): +(\d+) passed, (\d+) failed"
                   r"(?:, (\d+) skipped)? \(\d+ s\)$", re.M)
skipped = []


def matcher(answer):
    """The answer as a pattern."""
    out = []
    for line in answer.splitlines(True):
        if line.strip() == "[...]":
            out.append(r"(?:.*\n)*?")
        else:
            out.append(re.escape(line).replace(r"\[\.\.\.\]", ".*"))
    return re.compile("".join(out))


def turns(code):
    """[(command, answer)] of a session."""
    found = []
    for line in code.splitlines(True):
        if line.startswith("$ "):
            found.append([line[2:], ""])
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1][0] += line[2:]
        elif found:
            found[-1][1] += line
    return found


class Sessions:
    """A shell at the top of the source tree, with what was built in PATH."""

    def __init__(self, build, server, scratch, languages=True):
        self.build, self.languages = build, languages
        self.bin = scratch / "commands"
        self.bin.mkdir()
        self.put("mxsel", build / "mxsel", f"""
for argument; do
	shift
	case $argument in 127.0.0.1) argument={server} ;; esac
	set -- "$@" "$argument"
done""")
        for path in (build / "obj" / "examples").rglob("*"):
            if path.is_file() and "." not in path.name:
                self.put(path.name, path, "" if path.name != "secure_host"
                         else f'set -- --server {server} "$@"')
        self.env = {**os.environ, "LC_ALL": "C.UTF-8",
                    "PATH": f"{self.bin}:{os.environ['PATH']}",
                    "MXSEL_BUILDDIR": str(build), "SCRATCH": str(scratch),
                    "MXSEL_SRCDIR": str(ROOT)}
        self.ready = {}

    def put(self, name, program, before):
        worlds.program(self.bin / name,
                       f'#!/bin/sh\n{before}\nexec "{program}" "$@"\n')

    def shell(self, command):
        done = subprocess.run(["sh", "-c", command], cwd=ROOT, env=self.env,
                              text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, timeout=120,
                              stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout

    def binding_ready(self, command):
        """Whether the language of this binding is here; builds it once."""
        match = re.match(r"sh (examples/bindings/\w+/run\.sh) ", command)
        if not match:
            return True
        if not self.languages:
            return False
        if match[1] not in self.ready:
            status, said = self.shell(f"sh {match[1]} ready")
            if status == 0:
                status, said = self.shell(f"sh {match[1]} build")
            self.ready[match[1]] = status == 0
            if status:
                skipped.append(f"{match[1]}: {said.strip()}")
        return self.ready[match[1]]

    def turn(self, command, answer):
        """What is wrong with one command, or None."""
        if command == "sh tests/run.sh\n":
            return wrong_totals(answer)
        if command == "sh examples/quickstart.sh\n":
            return self.quickstart(command, answer)
        if not self.binding_ready(command):
            return None
        if "| jq" in command and not shutil.which("jq"):
            skipped.append(f"{command.strip()}: jq")
            return None
        status, said = self.shell(command)
        if status in (126, 127) or not matcher(answer).fullmatch(said):
            return f"{command.strip()} ends with {status}:\n{said}"
        return None

    def quickstart(self, command, answer):
        """What it ends with: mxsel --demo, where chance has part."""
        if self.build == ROOT / "build" and self.shell(command)[0] != 0:
            return f"{command.strip()} fails"
        said = [self.shell(f"mxsel --demo --seed {seed}")[1]
                for seed in range(40)]
        if not any(matcher(answer).fullmatch(one) for one in said):
            return f"mxsel --demo never says this, but\n{said[0]}"
        return None

    def check(self, block):
        for command, answer in turns(block.code):
            wrong = self.turn(command, answer)
            if wrong:
                yield f"{block.where}: {wrong}"


def wrong_totals(answer):
    """tests/run.sh calls this: its stages and their sum are looked at."""
    stages = STAGE.findall(answer)
    names = {name for name, *_ in stages} - {"make check", "make lint"}
    there = {path.relative_to(ROOT).as_posix() for path in
             (ROOT / "tests" / "integration").glob("*.sh")}
    if names - there:
        return f"no such stages: {' '.join(sorted(names - there))}"
    sums = [sum(int(stage[i] or 0) for stage in stages) for i in (1, 2, 3)]
    total = f"{sums[0]} passed, {sums[1]} failed"
    total += f", {sums[2]} skipped" if sums[2] else ""
    if answer.splitlines()[-1] != total:
        return f"the stages add up to {total}"
    return None


def check_output(block, build):
    """A program of this folder, with the zone of the tests."""
    name = block.bound["program"]
    program = build / "obj" / "tests" / "site" / name
    if not program.exists():
        yield f"{block.where}: there is no {program}"
        return
    done = subprocess.run([program, docs_examples.ZONE], text=True,
                          capture_output=True, check=False)
    if not matcher(block.code).fullmatch(done.stdout):
        yield f"{block.where}: {name} prints\n{done.stdout}{done.stderr}"


def check_world(name, blocks, build, server, scratch):
    """Every block of one world and page, in one folder."""
    if name not in worlds.WORLDS:
        yield f"{blocks[0].where}: there is no world {name}"
        return
    kind = worlds.WORLDS[name]
    for tool in kind.tools:
        if not shutil.which(tool):
            skipped.append(f"{blocks[0].where}: {tool}")
            return
    world = kind(scratch, build, server)
    for block in blocks:
        if block.kind == "given":
            world.given(block.bound["name"], block.code)
        elif block.kind == "files":
            world.files(block.code)
    for block in blocks:
        if block.kind != "run":
            continue
        status, said = world.run(block.code, block.language)
        wrong = world.check(block.code) if status in world.answers else \
            f"ends with {status}"
        if wrong:
            yield f"{block.where}: {wrong}:\n{said}"


def run_worlds(blocks, build, server, scratch):
    """(how many, what is wrong); blocks of one page share a folder."""
    groups, bad = {}, []
    for block in blocks:
        if block.kind in ("run", "given", "files"):
            groups.setdefault((block.page, block.bound["world"]),
                              []).append(block)
    done = set()
    for number, ((page, name), group) in enumerate(groups.items()):
        # The same commands on another page are the same commands.
        what = (name, tuple(block.code for block in group))
        if what not in done:
            done.add(what)
            bad += check_world(name, group, build, server,
                               scratch / f"{number}-{name}")
    return sum(map(len, groups.values())), bad


def run_all(build, only_sessions=False):
    """(number of blocks by kind, what is wrong)"""
    blocks, bad, counts = fences.all_blocks(), [], {}
    for block in blocks:
        counts[block.kind] = counts.get(block.kind, 0) + 1
    with docs_examples.Server(docs_examples.serve_signed) as server, \
            tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        sessions = Sessions(build, server, scratch, not only_sessions)
        for block in blocks:
            if block.kind == "session":
                bad += sessions.check(block)
            elif block.kind == "output" and not only_sessions:
                bad += check_output(block, build)
        if not only_sessions:
            bad += run_worlds(blocks, build, server, scratch)[1]
    return counts, bad


def main():
    build = os.environ.get("BUILD")
    if not build or not (pathlib.Path(build) / "mxsel").exists():
        print("skipped: a build with the command (set BUILD)")
        sys.exit(77)
    counts, bad = run_all(pathlib.Path(build).resolve(),
                          "--sessions" in sys.argv[1:])
    for line in bad:
        print(line)
    for line in skipped:
        print(f"skipped: {line}")
    print(", ".join(f"{number} {kind}" for kind, number in
                    sorted(counts.items(), key=str)) + f": {len(bad)} wrong")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

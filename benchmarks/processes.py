"""Processes that are measured: wall time, processor time and memory of the whole tree.

A process and all that it starts are looked at several times a second. Memory is the
sum over the tree, so what two of them share counts twice; a peak between two looks is
seen only where one process had it alone, for that the system keeps. What a night says
of its steps is heard as it says it, so each step has its own share of all three.
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import psutil

from warehouse.settings import PROJECT_ROOT

LOOK_EVERY_S = 0.2
STEP = re.compile(r"^ {2}(\S.*?) +(\d+\.\d) s$")
"""How the house says on standard error that a step is done."""
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Look:
    """One look at a tree of processes.

    Attributes:
        at: When, in seconds from the start.
        cpu_seconds: Processor time that the tree has used until then.
        mb: Memory that it holds.
        largest_mb: The most that one of its processes has ever held.
    """

    at: float
    cpu_seconds: float
    mb: float
    largest_mb: float


@dataclass(frozen=True)
class Step:
    """One step of a run, from when to when, in seconds from the start."""

    name: str
    since: float
    until: float


@dataclass(frozen=True)
class Run:
    """One process that came to its end.

    Attributes:
        seconds: Wall time from start to end.
        cpu_seconds: Processor time of it and of all that it started.
        peak_mb: Most memory of the tree at one time.
        said: What it printed.
        looks: What was seen of it meanwhile.
        heard: The steps that it named.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    said: str
    looks: Sequence[Look] = ()
    heard: Sequence[Step] = ()

    @property
    def steps(self) -> dict[str, float]:
        """Return what each step of a night took, and what lay between the steps."""
        steps: dict[str, float] = json.loads(self.said)["steps"]
        return steps | {"between the steps": self.seconds - sum(steps.values())}

    @property
    def step_peaks(self) -> dict[str, float]:
        """Return the most memory of the tree during each step, in megabytes.

        A step that ended between two looks has the memory of the look after it.
        """
        peaks: dict[str, float] = {}
        for step in self.heard:
            seen = [look.mb for look in self._looks_at(step)]
            peaks[step.name] = max([peaks.get(step.name, 0.0), *seen])
        return peaks

    @property
    def step_cpus(self) -> dict[str, float]:
        """Return the processor seconds of each step, as near as the looks tell."""
        spent: dict[str, float] = {}
        for step in self.heard:
            used = self._cpu_until(step.until) - self._cpu_until(step.since)
            spent[step.name] = spent.get(step.name, 0.0) + used
        return spent

    def _looks_at(self, step: Step) -> Iterator[Look]:
        for look in self.looks:
            if look.at >= step.since:
                yield look
            if look.at >= step.until:
                return

    def _cpu_until(self, moment: float) -> float:
        used = [look.cpu_seconds for look in self.looks if look.at <= moment]
        return max(used, default=0.0)


def say(message: str) -> None:
    """Tell how far a benchmark is, beside its result."""
    print(message, file=sys.stderr, flush=True)


def middle(runs: Sequence[Run]) -> Run:
    """Return the run of the median time; of two, the longer."""
    return sorted(runs, key=lambda each: each.seconds)[len(runs) // 2]


def environment(home: Path) -> dict[str, str]:
    """Return the environment that a measured process gets: this one's, and the home."""
    return os.environ | {"CLIENTELE_HOME": str(home), "CLIENTELE_COMPANY": "demo"}


def run(command: Sequence[str], home: Path) -> Run:
    """Run a command to its end, with the house of the demo in `home`, and measure it.

    Raises:
        SystemExit: The command failed; what it said is shown.
    """
    with started(command, home) as process:
        return process.ended()


@dataclass
class Process:
    """A process at work; `ended` waits for it."""

    command: Sequence[str]
    popen: subprocess.Popen[str]
    output: IO[str]
    aloud: bool = False
    since: float = field(default_factory=time.monotonic)
    looks: list[Look] = field(default_factory=list)
    heard: list[Step] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Begin to look and to hear."""
        self.threads = [
            threading.Thread(target=each, daemon=True)
            for each in (self.watch, self.hear)
        ]
        for thread in self.threads:
            thread.start()

    def watch(self) -> None:
        """Look at the tree until the process has ended."""
        with suppress(psutil.NoSuchProcess):
            root = psutil.Process(self.popen.pid)
            while self.popen.returncode is None:
                self.looks.append(look_at(root, time.monotonic() - self.since))
                time.sleep(LOOK_EVERY_S)

    def hear(self) -> None:
        """Note each step as it is said."""
        for line in self.popen.stderr or ():
            self.errors.append(line)
            if self.aloud:
                say(line.rstrip("\n"))
            if found := STEP.match(line.rstrip()):
                now = time.monotonic() - self.since
                begun = max(0.0, now - float(found[2]))
                self.heard.append(Step(found[1], begun, now))

    def ended(self) -> Run:
        """Wait for the end and return what was measured.

        Raises:
            SystemExit: It failed; what it said is shown.
        """
        _, status, usage = os.wait4(self.popen.pid, 0)
        seconds = time.monotonic() - self.since
        self.popen.returncode = os.waitstatus_to_exitcode(status)
        for thread in self.threads:
            thread.join()
        self.output.seek(0)
        said = self.output.read()
        if self.popen.returncode:
            errors = "".join(self.errors)
            raise SystemExit(f"{' '.join(self.command)}\n{said}\n{errors}")
        peaks = (max(look.mb, look.largest_mb) for look in self.looks)
        return Run(
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_mb=max(peaks, default=usage.ru_maxrss / 1024),
            said=said,
            looks=self.looks,
            heard=self.heard,
        )


@contextmanager
def started(
    command: Sequence[str], home: Path, *, aloud: bool = False
) -> Iterator[Process]:
    """Start a command and frame it; what still runs at the end is killed.

    Args:
        command: Program and arguments.
        home: Where the house of the demo lives.
        aloud: True to pass on what it says on standard error.
    """
    with TemporaryFile("w+", encoding="utf-8") as output:
        popen = subprocess.Popen(  # noqa: S603
            command,
            cwd=PROJECT_ROOT,
            env=environment(home),
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            process = Process(command, popen, output, aloud)
            process.begin()
            yield process
        finally:
            if popen.returncode is None:
                popen.kill()
                popen.wait()


def look_at(root: psutil.Process, at: float) -> Look:
    """Look once at a process and all below it."""
    cpu = held = largest = 0.0
    for process in [root, *root.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            times = process.cpu_times()
            cpu += times.user + times.system
            cpu += times.children_user + times.children_system
            held += process.memory_info().rss / 1e6
            largest = max(largest, _most_mb(process.pid))
    return Look(at, cpu, held, largest)


def _most_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    found = PEAK.search(status.read_text("utf-8")) if status.is_file() else None
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def clientele(home: Path, *arguments: str) -> Run:
    """Run the command of the house."""
    return run([str(Path(sys.executable).with_name("clientele")), *arguments], home)


def script(name: str, *arguments: str, home: Path) -> Run:
    """Run a module that lies beside this one."""
    path = str(Path(__file__).with_name(name))
    return run([sys.executable, path, *arguments], home)

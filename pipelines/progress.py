"""How a long run says how far it is: a line a step, on standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from rich.console import Console


class Progress(Protocol):
    """Hears how far a run is."""

    seconds: dict[str, float]

    def advance(self, message: str) -> None:
        """Say what is being done now."""
        ...

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Frame one step, to time it."""
        yield


@dataclass
class Silence:
    """Times the steps and says nothing."""

    seconds: dict[str, float] = field(default_factory=dict)

    def advance(self, message: str) -> None:
        """Say nothing."""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        started = time.monotonic()
        try:
            yield
        finally:
            spent = time.monotonic() - started
            self.seconds[name] = self.seconds.get(name, 0.0) + spent


class Terminal(Silence):
    """Shows the step at work, and a line with its time when it is done.

    Nothing moves when standard error is no terminal.
    """

    def __init__(self) -> None:
        """Open the console."""
        super().__init__()
        self._console = Console(stderr=True, highlight=False)
        self._status = self._console.status("") if sys.stderr.isatty() else None

    def advance(self, message: str) -> None:
        """Show what is being done now, on a terminal."""
        if self._status:
            self._status.update(message)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show a step while it lasts, and its time afterwards."""
        before = self.seconds.get(name, 0.0)
        if self._status:
            self._status.update(name)
            self._status.start()
        try:
            with super().step(name):
                yield
        finally:
            if self._status:
                self._status.stop()
        self._console.print(f"  {name:<28} {self.seconds[name] - before:6.1f} s")

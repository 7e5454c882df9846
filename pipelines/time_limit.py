"""The longest that a run may take, held by the run's own process.

Dagster's daemon stops a run that takes too long, but only its own, and only while the
daemon lives. A run from the command line has nobody but itself.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MAXIMUM_SECONDS = 6 * 60 * 60
GRACE_SECONDS = 120.0
"""How long an interrupted run may take to end as others do."""


@dataclass
class TimeLimit:
    """A limit that interrupts the main thread when it is over, and then ends it all.

    What a process leaves that ends without a word is mended by the next night, as after
    any kill.

    Args:
        seconds: How long the run may take.
        grace: How long it may take to end once it was interrupted.
        at_the_end: What is done before the process is ended by force.
    """

    seconds: float = MAXIMUM_SECONDS
    grace: float = GRACE_SECONDS
    at_the_end: Callable[[], None] = lambda: None
    is_over: bool = field(default=False, init=False)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the limit over a block of the main thread."""
        timers = [
            threading.Timer(self.seconds, self._interrupt),
            threading.Timer(self.seconds + self.grace, self._end),
        ]
        for timer in timers:
            timer.daemon = True
            timer.start()
        try:
            yield
        finally:
            for timer in timers:
                timer.cancel()

    def _interrupt(self) -> None:
        self.is_over = True
        main = threading.main_thread().ident
        if main is not None:
            signal.pthread_kill(main, signal.SIGINT)

    def _end(self) -> None:
        try:
            self.at_the_end()
        finally:
            os._exit(1)

"""What a terminal is shown is text: what would steer it stands there by its number.

Names of files, and of people, come from elsewhere. One of them may hold what clears a
screen, renames a window, or lets a line read from right to left.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TextIO, cast

_STEERING = re.compile(
    "\x1b(?!\\[[01]?(;?3[0-7])?m)"
    "|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)
"""Control characters but for tabs, ends of lines, and the colours of the house."""


def visible(text: str) -> str:
    """Return the text with what would steer a terminal in a form that can be read."""
    return _STEERING.sub(lambda found: ascii(found[0])[1:-1], text)


class _Shown:
    """A stream of text that steers nothing."""

    def __init__(self, stream: TextIO) -> None:
        """Keep the stream, which does all but write."""
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text as it can be shown."""
        return self._stream.write(visible(text))

    def __getattr__(self, name: str) -> object:
        """Return what the stream has."""
        return getattr(self._stream, name)


@contextmanager
def showing_text() -> Iterator[None]:
    """Let what is printed meanwhile steer no terminal."""
    with redirect_stdout(cast(TextIO, _Shown(sys.stdout))):
        yield

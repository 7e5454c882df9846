"""What of the machine stood in the way, in words: a full disk, a lock, a damaged file.

DuckDB, SQLite and the system say it in words of their own; nothing is read from them
but which fault it is and the path of a file, so that no value of a row comes through.
"""

import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import duckdb

from warehouse.errors import ClienteleError, MachineError
from warehouse.settings import Settings

MEMORY_OF_A_MODEL = 4
"""How many times the size of the archive a large model may take, as measured."""

_AGAIN = "then run the command again. The version before stays published."


@dataclass(frozen=True)
class _Fault:
    """A fault of the machine: what tells of it, and what to tell people."""

    told_by: re.Pattern[str]
    what: str
    mend: str


def _fault(told_by: str, *, what: str, mend: str) -> _Fault:
    return _Fault(re.compile(told_by, re.IGNORECASE), what, mend)


_SHORTAGES = (
    _fault(
        "max_temp_directory_size",
        what="what does not fit into memory found no room on the disk either",
        mend="Free space where CLIENTELE_HOME lies, or raise CLIENTELE_MEMORY_LIMIT, "
        + _AGAIN,
    ),
    _fault(
        # Inside a commit DuckDB names the block, and not the memory.
        "out of memory|cannot allocate memory|could not allocate"
        r"|failed to (?:allocate|pin|resize)\b.{0,40} of size",
        what="the memory is not enough",
        mend="Raise CLIENTELE_MEMORY_LIMIT or lower CLIENTELE_THREADS, " + _AGAIN,
    ),
    _fault(
        "no space left|disk quota exceeded|file too large|disk is full",
        what="the disk is full",
        mend="Free some space, " + _AGAIN,
    ),
    _fault(
        "read-only file system|readonly database",
        what="the disk may only be read",
        mend="Let it be written again (`mount` says how it is mounted), " + _AGAIN,
    ),
    _fault(
        "permission denied|operation not permitted|unable to open database file",
        what="a file or folder may not be used by this user",
        mend="Give it back to the user of the night with `chown` and `chmod`, "
        + _AGAIN,
    ),
    _fault(
        "input/output error",
        what="the disk fails",
        mend="Look at the machine's log, and restore what is lost from a backup.",
    ),
)
"""What a delivery is never to blame for."""
_FAULTS = (
    *_SHORTAGES,
    _fault(
        "conflicting lock|could not set lock on file|database is locked",
        what="another program has the database open",
        mend="Close it there, "
        + _AGAIN
        + " What is published can be read at any time: "
        "`clientele sql`.",
    ),
    _fault(
        r"WAL does not match|WAL was created for|corrupt WAL|replaying WAL",
        what="the write-ahead log beside a database is damaged, or is not its own",
        mend="Move the file of that name with `.wal` at its end aside, run `clientele "
        "verify`, and then the night: what was not whole is received again from the "
        "landing folder.",
    ),
    _fault(
        "corrupt database|not a valid DuckDB|failed to deserialize|serialization error"
        "|could not read enough bytes|image is malformed|file is not a database",
        what="a database file is damaged",
        mend="Run `clientele verify --deep`: it says what to do about each file. The "
        "work database may be deleted: the next night makes it anew.",
    ),
)
_OF_THE_MACHINE = (OSError, MemoryError, duckdb.Error, sqlite3.Error)
_HOLDER = re.compile(r"conflicting lock is held in .*\(PID (\d+)\)", re.IGNORECASE)
_FILE = re.compile(r"""["'](?P<file>/[^"'\n]+)["']""")


def in_words(
    error: BaseException, *, where: str = "this machine"
) -> ClienteleError | None:
    """Say in words what of the machine stood in the way.

    Args:
        error: What was raised; an error of the house is its own words.
        where: What is named when the error names no file.

    Returns:
        The error to tell people; none when it is no fault of the machine.
    """
    if isinstance(error, ClienteleError):
        return error
    for each in _chain(error):
        if isinstance(each, MemoryError):
            return text_in_words("out of memory", where=where)
        if isinstance(each, _OF_THE_MACHINE):
            told = text_in_words(str(each), where=where)
            if told is not None:
                return told
    return None


def text_in_words(text: str, *, where: str) -> ClienteleError | None:
    """Say in words what a message tells of the machine; none when it tells nothing.

    Args:
        text: The message of DuckDB, SQLite or the system.
        where: What is named when the message names no file.
    """
    for fault in _FAULTS:
        if fault.told_by.search(text):
            file = _FILE.search(text)
            holder = _HOLDER.search(text)
            told = f", as process {holder[1]}" if holder else ""
            return MachineError(
                fault.what + told,
                where=file["file"] if file else where,
                mend=fault.mend,
            )
    return None


def is_shortage(error: BaseException) -> bool:
    """Return whether disk or memory failed, whatever was being read or written."""
    return any(
        isinstance(each, _OF_THE_MACHINE) and _is_short(each) for each in _chain(error)
    )


def _is_short(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or any(
        fault.told_by.search(str(error)) for fault in _SHORTAGES
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and those that it was raised from."""
    following: BaseException | None = error
    while following is not None:
        yield following
        following = following.__cause__ or following.__context__


def memory_for(settings: Settings) -> str:
    """Return how much memory DuckDB may take: what is set, or two fifths.

    The rest is for Python, for what DuckDB does not count (a process held a quarter
    more than its limit), and for readers. Left alone DuckDB would take four fifths.
    """
    return settings.memory_limit or _two_fifths()


def threads_for(settings: Settings) -> int:
    """Return how many threads DuckDB may use: as told, else one a core."""
    return settings.threads or os.cpu_count() or 1


def models_at_once(settings: Settings) -> int:
    """Return how many models dbt builds at once: two, or more where memory is ample.

    Each uses every core already. What several need of one memory goes by what is kept:
    where it does not fit, four that spill cost half as much again as two.
    """
    archive = settings.places.archive
    kept = archive.stat().st_size if archive.exists() else 0
    fitting = _bytes_of(memory_for(settings)) // max(kept * MEMORY_OF_A_MODEL, 1)
    return min(threads_for(settings), max(2, fitting))


def _bytes_of(memory: str) -> int:
    amount, prefix, binary = re.findall(r"([\d.]+) ?([KMGT])(i?)B", memory)[0]
    return int(float(amount) * (1024 if binary else 1000) ** (" KMGT".index(prefix)))


@cache
def _two_fifths() -> str:
    with duckdb.connect() as connection:
        [[own]] = connection.execute(
            "select current_setting('memory_limit')"
        ).fetchall()
    amount, unit = str(own).split()
    return f"{float(amount) * 0.4 / 0.8:.1f}{unit}"

"""What stands: what a night need not make, for nothing that it is made of has changed.

Models read nothing but tables that they name, and tell no time: the same tables in, the
same table out. So a model stands when the tables of the archive below it hold what they
held when it was made, as does whatever lies between. What they hold is told by a digest
of their rows, taken anew at each stage.

A view of tables that hold something else says what it said: it stands as well.

That is known of a work database that was published, by today's models, and that nobody
has written since: its file is the very one that the night left. Of any other nothing is
known, and everything is made.
"""

import json
from collections.abc import Iterable, Mapping, Set
from pathlib import Path
from typing import Any

import duckdb

from expectations.declared import Node
from pipelines.stages import (
    BUILT,
    Manifest,
    Stage,
    descendants,
    may_warn,
    parents,
)
from warehouse.contracts import RAW
from warehouse.database import attach, identifier, session
from warehouse.receiving.loads import last_load
from warehouse.settings import Settings

Digests = dict[str, str | None]
"""Of each source, by its id, what it holds; none where it is not there."""
_WORK = "work"
"""What the file of the work database is noted by, beside the stages."""
_COUNTED = "counted"
"""What the gate counted is noted by, beside the stages."""
_LOAD = "load"
"""What the last load is noted by, beside the stages."""
VIEW = "view"
"""How dbt makes what holds no rows of its own."""
_HELD = """select count(*) || ' ' || coalesce(sum(hash({})), 0) from {} as "the row\""""
_EVERY_COLUMN = '"the row"'
"""The row as it is: no column has a name with a space."""
_OF_RAW = "_load_id, _row, _record_hash"
"""What tells a row of raw, which is appended and never changed, from every other."""


class Standing:
    """What is known of the work database of a company, and of a night at work on it.

    Args:
        settings: Whose work database.
    """

    def __init__(self, settings: Settings) -> None:
        """Keep where it lies; nothing is read yet."""
        self._settings = settings
        self._known: dict[str, dict[str, Any]] = {}
        self._made: set[str] = set()
        self.stands: set[str] = set()
        """What the last stage that was asked for need not make."""

    def begin(self) -> None:
        """Begin a night: take what is known of the night before, and forget it.

        A night that ends without a release leaves nothing known.
        """
        self._made = set()
        self._known = self._read()
        self._place.unlink(missing_ok=True)
        _write(self._draft, {})

    @property
    def is_known(self) -> bool:
        """Return whether anything may stand."""
        return bool(self._known)

    def to_make(
        self, stage: Stage, nodes: Iterable[str], manifest: Manifest
    ) -> set[str]:
        """Return those nodes of a stage that are to be made, and note what they read.

        A view whose rows are others tonight says what it said: it is not among them.

        Args:
            stage: The stage.
            nodes: The ids of all that the stage makes.
            manifest: dbt's manifest.
        """
        wanted = set(nodes)
        built = {
            name: node
            for name, node in manifest["nodes"].items()
            if node["resource_type"] in BUILT
        }
        now = self._digests(wanted, built, manifest["sources"])
        # Until the stage ends, nobody says what the work database is.
        noted = {stage.value: now, _WORK: []}
        if stage is Stage.INPUTS:
            load = last_load(self._settings)
            noted[_LOAD] = {_LOAD: load.load_id if load else 0}
        _write(self._draft, _read(self._draft) | noted)
        if self._known:
            before = self._known.get(stage.value, {})
            changed = {
                source
                for source, held in now.items()
                if held is None or before.get(source) != held
            }
            wanted &= descendants(changed | self._made, built)
        self._made |= wanted
        kept = _kept_views(wanted, built) if self._known else set()
        self.stands = set(nodes) - wanted | kept
        return wanted - kept

    def left(self, nodes: Set[str]) -> None:
        """Note of what was to be made that nothing of it was written after all.

        It is what it was when the night before was published, if that is known.
        """
        if self._known:
            self._made -= nodes

    def asks(self, test: Node) -> bool:
        """Return whether a test is to be asked tonight.

        What it reads was made tonight; or it only warns, and so may have failed of what
        stands, while all others have passed of it.
        """
        return may_warn(test) or not self._made.isdisjoint(parents(test))

    @property
    def made(self) -> Set[str]:
        """Return what was made tonight so far, by its ids."""
        return self._made

    @property
    def counted(self) -> dict[str, Any]:
        """Return what the gate counted in the night before, if anything is known."""
        return self._known.get(_COUNTED, {})

    @property
    def kept_until(self) -> int:
        """Return the last load whose rows the inputs held, and all was kept; or 0."""
        return int(self._known.get(_LOAD, {}).get(_LOAD, 0))

    def note_counted(self, counted: Mapping[str, Any]) -> None:
        """Note what the gate has counted, for the night after this one."""
        _write(self._draft, _read(self._draft) | {_COUNTED: counted})

    def end(self) -> None:
        """Note the work database as a stage leaves it at its end.

        Only what is still so when it has been published is known to be of the night.
        """
        _write(self._draft, _read(self._draft) | {_WORK: self._file()})

    def keep(self) -> None:
        """Say that what was built has been published, and that nobody writes it now.

        Of a night that was not at work on every stage nothing is known, nor of a work
        database that was written since the last of them ended.
        """
        noted, file = _read(self._draft), self._file()
        is_whole = noted.keys() >= {stage.value for stage in Stage}
        if is_whole and file and file == noted.get(_WORK):
            _write(self._place, noted)
        self._draft.unlink(missing_ok=True)

    def forget(self) -> None:
        """Say that nothing is known of the work database."""
        for file in (self._place, self._draft):
            file.unlink(missing_ok=True)

    @property
    def _place(self) -> Path:
        return self._settings.places.work.with_suffix(".standing")

    @property
    def _draft(self) -> Path:
        return self._settings.places.work.with_suffix(".standing-begun")

    def _read(self) -> dict[str, dict[str, Any]]:
        known, file = _read(self._place), self._file()
        return known if file and known.pop(_WORK, None) == file else {}

    def _file(self) -> list[int]:
        """Tell the file from what it becomes when anybody writes it."""
        work = self._settings.places.work
        if not work.is_file() or work.with_suffix(".duckdb.wal").exists():
            return []
        stat = work.stat()
        return [stat.st_size, stat.st_mtime_ns]

    def _digests(
        self, wanted: set[str], built: Mapping[str, Node], sources: Mapping[str, Node]
    ) -> Digests:
        asked = sorted(_read_by(wanted, built) & sources.keys())
        places = self._settings.places
        files = {"archive": places.archive, "work": places.work}
        with session(self._settings) as connection:
            for alias, file in files.items():
                if file.is_file():
                    attach(connection, file, alias=alias)
            return {source: _held(connection, sources[source]) for source in asked}


def _read_by(nodes: Iterable[str], built: Mapping[str, Node]) -> set[str]:
    """Return what nodes read as they are made: a view reads what lies below it."""
    found: set[str] = set()
    waiting = list(nodes)
    while waiting:
        for parent in set(parents(built[waiting.pop()])) - found:
            found.add(parent)
            if parent in built and built[parent]["config"]["materialized"] == VIEW:
                waiting.append(parent)
    return found


def _kept_views(changed: set[str], built: Mapping[str, Node]) -> set[str]:
    """Return the views among changed nodes, but for those that rest on a node made."""
    return {
        name
        for name in changed
        if built[name]["config"]["materialized"] == VIEW
        and changed.isdisjoint(parents(built[name]))
    }


def _held(connection: duckdb.DuckDBPyConnection, source: Node) -> str | None:
    parts = (source["database"], source["schema"], source["identifier"])
    name = ".".join(identifier(str(part)) for part in parts)
    told_by = _OF_RAW if source["schema"].startswith(RAW) else _EVERY_COLUMN
    try:
        [held] = connection.execute(_HELD.format(told_by, name)).fetchone() or [None]
    except duckdb.CatalogException:
        return None
    return str(held)


def _read(file: Path) -> dict[str, Any]:
    """Read what was noted; what cannot be read was not noted."""
    try:
        noted: dict[str, Any] = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return noted


def _write(file: Path, noted: Mapping[str, Any]) -> None:
    draft = file.with_name(f"{file.name}.draft")
    draft.write_text(json.dumps(noted), "utf-8")
    draft.replace(file)

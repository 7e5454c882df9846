"""What the gate counted in the night before, and need not count again.

A question of the gate is a query of tables that it names in full. When all of them
stand, the answer does: so tonight's rules judge what was counted then. Whatever reads
another database, as the ledger or the release before, is asked every night. Of a table
of which some keys were touched only they are asked, if nothing failed then.
"""

import hashlib
import re
from collections.abc import Mapping, Set
from typing import Any, Protocol

import duckdb

from expectations.counting import Counts
from pipelines.stages import BUILT, Manifest, Stage, made_in
from pipelines.touched import Touched, table_of
from warehouse.publication.release import Journal

_NAMED = re.compile(r'"\w+"(?:\."\w+")+')
_ANSWERS = "answers"
_JOURNALS = "journals"
"""What is noted, beside answers, is where the journals stood."""
_NO_FAILURES = frozenset({"rows_checked", "observed", "said"})
"""What queries tell besides the numbers of rows that fail."""
_KEPT = (int, str, type(None))
"""What a note gives back as it was; a query that counts anything else is asked."""


class Noted(Protocol):
    """What is known of a night, and noted for the next: `Standing`."""

    @property
    def made(self) -> Set[str]:
        """Return what was made tonight so far, by its ids."""

    @property
    def kept_until(self) -> int:
        """Return the last load whose rows the inputs held in the night before."""

    @property
    def counted(self) -> Mapping[str, Any]:
        """Return what was counted in the night before."""

    def note_counted(self, counted: Mapping[str, Any]) -> None:
        """Note what was counted, for the next."""


class Counted:
    """What the gate has counted of a work database.

    Args:
        standing: What stands of it tonight.
        manifest: dbt's manifest.
        forgets: Whether all is to be asked, whatever is known.
    """

    def __init__(
        self, standing: Noted, manifest: Manifest, *, forgets: bool = False
    ) -> None:
        """Take what is known of the night before."""
        self._standing = standing
        self._manifest = manifest
        known = {} if forgets else standing.counted
        self._before: Mapping[str, Counts] = known.get(_ANSWERS, {})
        self._noted: Mapping[str, Any] = known.get(_JOURNALS, {})
        self._now: dict[str, Counts] = {}
        self._journals: Mapping[str, Journal] = {}
        # What is made of the gate's own results is younger than what it counts.
        moved = standing.made | made_in(Stage.QUALITY, manifest)
        self._standing_tables = {
            table_of(node)
            for name, node in manifest["nodes"].items()
            if node["resource_type"] in BUILT and name not in moved
        }

    def recall(self, query: str) -> Counts | None:
        """Return what a query counted, if all that it reads stands."""
        named = set(_NAMED.findall(query))
        if not named or not named <= self._standing_tables:
            return None
        return self._before.get(_digest(query))

    def kept(self, query: str) -> Counts | None:
        """Return what a query counted in the night before, if no row failed."""
        found = self._before.get(_digest(query), {})
        has_failed = any(found[name] for name in found.keys() - _NO_FAILURES)
        return None if has_failed else found or None

    def news(self, connection: duckdb.DuckDBPyConnection) -> Touched:
        """Return what happened to the tables since they were counted."""
        noted = {name: Journal(**stood) for name, stood in self._noted.items()}
        touched = Touched(
            connection,
            self._manifest,
            noted=noted,
            standing=self._standing_tables,
            kept_until=self._standing.kept_until,
        )
        self._journals = touched.heads
        return touched

    def note(self, query: str, counts: Counts) -> None:
        """Keep what a query has counted."""
        if all(isinstance(value, _KEPT) for value in counts.values()):
            self._now[_digest(query)] = dict(counts)

    def keep(self) -> None:
        """Keep for the night after this one what was counted in this."""
        stood = {name: head.model_dump() for name, head in self._journals.items()}
        self._standing.note_counted({_ANSWERS: self._now, _JOURNALS: stood})


def _digest(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()

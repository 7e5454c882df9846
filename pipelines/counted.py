"""What the gate counted in the night before, and need not count again.

A question of the gate is a query of tables that it names in full. When all of them
stand, the answer does: so tonight's rules judge what was counted then. Whatever reads
another database, as the ledger or the release before, is asked every night.
"""

import hashlib
import re
from collections.abc import Mapping, Set
from typing import Any, Protocol

from expectations.counting import Counts
from pipelines.stages import BUILT, Manifest, Stage, made_in

_NAMED = re.compile(r'"\w+"(?:\."\w+")+')
_KEPT = (int, str, type(None))
"""What a note gives back as it was; a query that counts anything else is asked."""


class Noted(Protocol):
    """What is known of a night, and noted for the next: `Standing`."""

    @property
    def made(self) -> Set[str]:
        """Return what was made tonight so far, by its ids."""

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
    """

    def __init__(self, standing: Noted, manifest: Manifest) -> None:
        """Take what is known of the night before."""
        self._standing = standing
        self._before = standing.counted
        self._now: dict[str, Counts] = {}
        # What is made of the gate's own results is younger than what it counts.
        moved = standing.made | made_in(Stage.QUALITY, manifest)
        self._standing_tables = {
            f'"{node["schema"]}"."{node.get("alias") or node["name"]}"'
            for name, node in manifest["nodes"].items()
            if node["resource_type"] in BUILT and name not in moved
        }

    def recall(self, query: str) -> Counts | None:
        """Return what a query counted, if all that it reads stands."""
        named = set(_NAMED.findall(query))
        if not named or not named <= self._standing_tables:
            return None
        found: dict[str, Any] | None = self._before.get(_digest(query))
        return found

    def note(self, query: str, counts: Counts) -> None:
        """Keep what a query has counted."""
        if all(isinstance(value, _KEPT) for value in counts.values()):
            self._now[_digest(query)] = dict(counts)

    def keep(self) -> None:
        """Keep for the night after this one what was counted in this."""
        self._standing.note_counted(self._now)


def _digest(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()

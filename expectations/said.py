"""What was said last of each record of the input layer.

The layer is only appended to: what was said until a load stays. So what has changed
since is known from the records of which more was said, before it and after it.
"""

from collections.abc import Callable

from expectations.sql import filled, relation

_LATEST = """
select
    source_name,
    $record
    $columns
from (
    select
        source_name,
        $record,
        max_by({$values}, (delivered_on, load_id, load_row)) as last
    from $rows
    group by source_name, $record
) as said
where not last.is_deleted
"""
_CHANGED = """
with changed as (
    select *
    from $input
    where $record in (select $record from $input where load_id > $until)
)

$of_changed
"""


class Said:
    """The records of an input entity.

    Args:
        entity: The entity.
        columns: What is taken of each record, besides its names.
        record: The column that names it; as usual, when not given.
    """

    def __init__(self, entity: str, *columns: str, record: str | None = None) -> None:
        """Keep what is to be asked."""
        self._input = relation("input", f"input_{entity}")
        self._columns = columns
        self._record = record or f"{entity}_record_id"

    @property
    def last(self) -> str:
        """Return the query of what was said last of each that is not deleted."""
        return self._latest(self._input)

    def changed(self, until: int, compared: Callable[[str, str], str]) -> str:
        """Return a query of the records of which more was said.

        Args:
            until: The last load before.
            compared: Makes a query of what is said of them now, and until that load.
        """
        before = self._latest(f"changed where load_id <= {until}")
        return filled(
            _CHANGED,
            record=self._record,
            input=self._input,
            until=until,
            of_changed=compared(self._latest("changed"), before),
        )

    def _latest(self, rows: str) -> str:
        values = ["is_deleted", *self._columns]
        return filled(
            _LATEST,
            record=self._record,
            columns="".join(f", last.{column}" for column in self._columns),
            values=", ".join(f"'{value}': {value}" for value in values),
            rows=rows,
        )

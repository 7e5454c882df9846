"""What happened to the tables of the work database since the gate counted them.

The journals tell which keys were touched, the release before how their rows were. A
build appends the rows that it writes, so the rows of touched keys are the last ones of
a table: from the first of them on, all are asked.
"""

from collections.abc import Mapping, Sequence, Set

import duckdb

from expectations.declared import Node, Promise
from expectations.narrowing import PREVIOUS, Since, is_joined
from expectations.sql import filled, quoted
from pipelines.stages import BUILT, Manifest
from warehouse.publication import journals
from warehouse.publication.release import Journal

FEW_ROWS = 100_000
"""Of a table of no more rows, each is looked for, where no journal tells."""
MOST_LOST = 10_000
"""So many lost members are named in a question; where more are, all rows are asked."""
_FIRST = """
select min(place), (select max(rowid) from $table)
from (
    select min(rowid) as place from $table semi join ($touched) as told using ($key)
    union all
    select min(rowid) from $table where $is_unkeyed
) as found
"""
_COPIES = """
with told as ($touched)

select
    (select count(*) from $table anti join told using ($key))
    - (select count(*) from $before anti join told using ($key))
"""
_COLUMNS = """
select '"' || schema_name || '"."' || table_name || '"', column_name
from duckdb_columns() where database_name = ?
"""
_LOST = """
with named as (
    select $field as key from $before
    union
    select $field from $table where $rows
)

select cast(key as varchar)
from named
left join (
    select $field as key, count(*) as members from $table
    where $field in (select key from named)
    group by $field
) as found using (key)
where key is not null and $is_lost
limit $limit
"""


def table_of(node: Node) -> str:
    """Return the quoted name of what a node is built as, in the work database."""
    return f'"{node["schema"]}"."{node.get("alias") or node["name"]}"'


def _before(table: str) -> str:
    return f'"{PREVIOUS}".{table}'


class Touched:
    """The news of the work database.

    Args:
        connection: Reads it, and the release before as `previous`.
        manifest: dbt's manifest.
        noted: Where the journals of tables stood when the gate counted.
        standing: The quoted names of what was not made since.
        kept_until: The last load whose rows the inputs held then.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        manifest: Manifest,
        *,
        noted: Mapping[str, Journal],
        standing: Set[str],
        kept_until: int,
    ) -> None:
        """Look how far the journals have come."""
        self.kept_until = kept_until
        self._connection = connection
        self._noted = noted
        self._standing = standing
        self._keys = {
            table_of(node): (str(node["name"]), key)
            for node in manifest["nodes"].values()
            if node["resource_type"] in BUILT
            and (key := journals.told_by(node["config"].get("meta", {})))
        }
        self._compared = {
            table_of(node)
            for node in manifest["nodes"].values()
            if node["config"].get("meta", {}).get("journal", {}).get("is_compared")
        }
        [[self._work]] = connection.execute("select current_database()").fetchall()
        names = [name for name, _ in self._keys.values()]
        self.heads = journals.heads(connection, self._work, names)
        self._before = set(connection.execute(_COLUMNS, [PREVIOUS]).fetchall())
        self._since: dict[str, Since | None] = {}
        self._lost: dict[tuple[str, str, bool], Sequence[str] | None] = {}

    def since(self, promise: Promise) -> Since | None:
        """Return what happened to the table of a promise, if that is known."""
        return self._since_of(promise.table)

    def lost(self, reference: Promise) -> Sequence[str] | None:
        """Return members that a reference's parent had and has no more, if known."""
        table, field = reference.referred("to"), str(reference.arguments["field"])
        asked = table, field, is_joined(reference)
        if asked not in self._lost:
            self._lost[asked] = self._lost_of(*asked)
        return self._lost[asked]

    def _since_of(self, table: str) -> Since | None:
        if table not in self._since:
            self._since[table] = (
                Since("false") if table in self._standing else self._asked(table)
            )
        return self._since[table]

    def _touched(self, table: str) -> tuple[str, Sequence[str]] | None:
        """Return as SQL the touched keys of a table, and their columns."""
        name, key = self._keys.get(table, ("", ()))
        noted = self._noted.get(name)
        if noted is None or not journals.goes_on(self.heads.get(name), noted):
            return None
        touched = journals.touched(self._work, name, key, noted.build_number)
        return touched, key

    def _asked(self, table: str) -> Since | None:
        told = self._touched(table)
        if told is None:
            return None
        touched, key = told
        columns = [quoted(column) for column in key]
        query = filled(
            _FIRST,
            table=table,
            touched=touched,
            key=", ".join(columns),
            is_unkeyed=" or ".join(f"{column} is null" for column in columns),
        )
        [[first, last]] = self._connection.execute(query).fetchall()
        if first is not None and (last - first) * 2 > last:
            return None
        return Since(
            "false" if first is None else f"rowid >= {first}",
            frozenset(key),
            misses_copies=table in self._compared and self._copies(table, told) != 0,
        )

    def _copies(self, table: str, told: tuple[str, Sequence[str]]) -> int | None:
        """Return how many more rows of untouched keys there are, if that is known."""
        touched, key = told
        if any((table, column) not in self._before for column in key):
            return None
        query = filled(
            _COPIES,
            table=table,
            before=_before(table),
            touched=touched,
            key=", ".join(map(quoted, key)),
        )
        [[copies]] = self._connection.execute(query).fetchall()
        return int(copies)

    def _lost_of(self, table: str, field: str, is_single: bool) -> Sequence[str] | None:
        if table in self._standing:
            return []
        told, since = self._touched(table), self._since_of(table)
        if is_single and since and since.misses_copies:
            return None
        touched, key = told if told and since else ("", ())
        if any((table, column) not in self._before for column in (field, *key)):
            return None
        before = _before(table)
        if not touched and self._rows(before) > FEW_ROWS:
            return None
        if touched:
            columns = ", ".join(map(quoted, key))
            before += f" semi join ({touched}) as told using ({columns})"
        query = filled(
            _LOST,
            field=quoted(field),
            table=table,
            before=before,
            rows=since.rows if since else "false",
            is_lost="members is distinct from 1" if is_single else "members is null",
            limit=MOST_LOST + 1,
        )
        lost = [key for (key,) in self._connection.execute(query).fetchall()]
        return lost if len(lost) <= MOST_LOST else None

    def _rows(self, table: str) -> int:
        [[rows]] = self._connection.table(table).count("*").fetchall()
        return int(rows)

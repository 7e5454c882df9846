"""One json object a line, each read on its own; fields as text, nested ones as json."""

from pathlib import Path

import duckdb

from warehouse.contracts import TableContract
from warehouse.database import identifier, literal
from warehouse.receiving.columns import MOST_COLUMNS, is_id, is_one_text, land
from warehouse.receiving.lines import Lines
from warehouse.receiving.model import Read
from warehouse.receiving.readers.csv import open_lines, ordinals_as_delivered
from warehouse.receiving.reasons import Refusal, RejectedRow

_REASONS = {
    "broken_json": "the line is not a json object",
    "nul_byte": "the object holds a NUL",
    "repeated_field": "the object has a field twice",
    "unknown_field": "the object has a field that the contract does not know",
    "too_many_fields": f"the object has more than {MOST_COLUMNS} fields",
    "mangled_id": "the id is a number with a fraction, its digits are lost",
    "type_changed": "an id or a name is nested, or true or false",
}


def _source(path: Path) -> str:
    """Return the lines of a file; no json text holds the separator raw."""
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = false, "
        "delim = '\x1f', quote = '', escape = '', columns = {'line': 'varchar'}, "
        "force_not_null = ['line'], strict_mode = false, null_padding = false, "
        "ignore_errors = false)"
    )


def _unknown_fault(table: TableContract) -> str:
    """Return the `when` clause that finds fields that the contract does not know."""
    if table.new_column == "keep":
        return ""
    known = ", ".join(literal(column.delivered_as) for column in table.columns)
    return (
        f"when len(list_filter(keys, key -> key not in ({known}))) > 0 "
        "then 'unknown_field'"
    )


def _type_faults(table: TableContract) -> str:
    """Return the `when` clauses that find ids and names that are no text.

    The library that reads a number writes it anew: of `6.22E+18` no digit is sure.
    """
    texts = [each for each in table.columns if each.data_type == "varchar"]
    ids = [each.delivered_as for each in texts if is_id(each, table)]
    names = [each.delivered_as for each in texts if is_one_text(each, table)]
    clauses = ""
    for columns, written, code in (
        (ids, "^-?[0-9]+[.eE]", "mangled_id"),
        (names, "^[[{tf]", "type_changed"),
    ):
        if columns:
            paths = ", ".join(literal(_path(name)) for name in columns)
            clauses += (
                f"when len(list_filter(json_extract(line, [{paths}]), value -> "
                f"regexp_matches(cast(value as varchar), {literal(written)}))) > 0 "
                f"then '{code}' "
            )
    return clauses


def _path(name: str) -> str:
    return '$."' + name + '"'


def _mark_faults(
    connection: duckdb.DuckDBPyConnection, table: TableContract
) -> list[tuple[int, str]]:
    connection.execute("drop table if exists temp.fault")
    connection.execute(
        f"""
        create temp table fault as
        with typed as (
            select
                rowid as rid,
                contains(line, '\\u0000') as has_nul,
                case when json_valid(line) then json_type(line) end as kind,
                case when json_valid(line) then json_keys(line) end as keys,
                line
            from temp.line
        ),
        judged as (
            select
                rid,
                case
                    when kind is distinct from 'OBJECT' then 'broken_json'
                    when has_nul then 'nul_byte'
                    when len(keys) <> len(list_distinct(keys)) then 'repeated_field'
                    when len(keys) > {MOST_COLUMNS} then 'too_many_fields'
                    {_unknown_fault(table)}
                    {_type_faults(table)}
                end as code
            from typed
        )
        select rid, code from judged where code is not null
        """  # noqa: S608
    )
    found: list[tuple[int, str]] = connection.execute(
        "select rid, code from temp.fault order by rid"
    ).fetchall()
    return found


def _create_delivered(
    connection: duckdb.DuckDBPyConnection, table: TableContract
) -> None:
    names = [column.delivered_as for column in table.columns]
    paths = ", ".join(literal(_path(name)) for name in names)
    values = ", ".join(
        f"case when there[{index}] then "
        + (
            f"case when value[{index}] = {literal(table.null_token)} then '' "
            f"else coalesce(value[{index}], '') end"
            if table.null_token
            else f"coalesce(value[{index}], '')"
        )
        + f" end as {identifier(column.name)}"
        for index, column in enumerate(table.columns, start=1)
    )
    nothing = "{" + ", ".join(f"{_json_text(name)}: null" for name in names) + "}"
    land(
        connection,
        table,
        f"""
        with parsed as (
            select
                json_extract_string(line, [{paths}]) as value,
                json_exists(line, [{paths}]) as there,
                json_merge_patch(line, {literal(nothing)}) as rest
            from temp.line
            where rowid not in (select rid from temp.fault)
        )
        select
            {values},
            case when cast(rest as varchar) <> '{{}}' then cast(rest as varchar) end
                as _extra
        from parsed
        """,  # noqa: S608
    )


def _json_text(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _refuse_missing(
    connection: duckdb.DuckDBPyConnection, table: TableContract
) -> None:
    needed = [column for column in table.columns if not column.is_optional]
    counts = ", ".join(f"count({identifier(column.name)})" for column in needed)
    found = connection.execute(
        f"select count(*), {counts or 'null'} from temp.delivered"  # noqa: S608
    ).fetchone()
    if found is None or not found[0]:
        return
    missing = [
        column.delivered_as
        for column, count in zip(needed, found[1:], strict=False)
        if not count
    ]
    if missing:
        raise Refusal("column_missing", f"no row has the fields {missing[:10]}")


def read(
    connection: duckdb.DuckDBPyConnection,
    table: TableContract,
    path: Path,
    scratch: Path,
) -> Read:
    """Read a file of json lines into the temp table `delivered`.

    Raises:
        Refusal: The file as a whole is not as its contract says.
    """
    connection.execute("create or replace temp table line (line varchar)")
    if not path.stat().st_size:
        _mark_faults(connection, table)
        _create_delivered(connection, table)
        return Read(rows_delivered=0, locate=lambda rows: [])
    lines = open_lines(path, table, scratch)
    with lines.path.open("rb") as file:
        lines.start = 3 if file.read(3) == b"\xef\xbb\xbf" else 0
    lines.inspect()
    cleaned = lines.write_clean(scratch / "clean", b"")
    try:
        connection.execute(
            f"create or replace temp table line as select line from {_source(cleaned)}"  # noqa: S608
        )
    except duckdb.Error as error:
        raise Refusal("unreadable", "the file cannot be read as lines") from error
    rejected = _rejected(connection, table, lines)
    _create_delivered(connection, table)
    _refuse_missing(connection, table)
    return Read(rows_delivered=lines.count, locate=lines.locate, rejected=rejected)


def _rejected(
    connection: duckdb.DuckDBPyConnection, table: TableContract, lines: Lines
) -> list[RejectedRow]:
    faults = _mark_faults(connection, table)
    ordinals = ordinals_as_delivered([rid + 1 for rid, _ in faults], lines)
    located = lines.locate(ordinals)
    rows = [
        RejectedRow(ordinal, line, code, _REASONS[code], raw)
        for ordinal, (line, raw), (_, code) in zip(
            ordinals, located, faults, strict=True
        )
    ]
    return sorted([*lines.rejected, *rows], key=lambda row: row.row)

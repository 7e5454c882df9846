"""The floor of a night: read the delivered files as text, cast, write one durable copy.

Run as a process of its own, `floor.py PLAN OUTPUT`, so that its time and memory can be
held against a night's. It knows DuckDB and the plan (see `plan.py`), nothing else of
the house: no checks, no history, no identity, no stars. What DuckDB cannot read itself
is turned into UTF-8 text first.
"""

import csv
import json
import sys
import tempfile
from functools import reduce
from pathlib import Path
from typing import Any

import duckdb

Table = dict[str, Any]
Session = duckdb.DuckDBPyConnection
Rows = duckdb.DuckDBPyRelation


def named(text: str) -> str:
    """Return the text as an SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def as_utf8(file: str, encoding: str, folder: Path) -> Path:
    """Write a delivered text file again in UTF-8."""
    text = Path(file).read_bytes().decode(encoding, errors="replace")
    copy = folder / f"{len(list(folder.iterdir()))}.csv"
    copy.write_text(text, encoding="utf-8")
    return copy


def as_csv(file: str, sheet: str | None, folder: Path) -> Path:
    """Write a sheet of an Excel book as UTF-8 text."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(file)
    rows = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python()
    copy = folder / f"{len(list(folder.iterdir()))}.csv"
    with copy.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(rows)
    return copy


def csv_rows(session: Session, file: Path, delimiter: str, quote: str) -> Rows:
    """Read a CSV file by its own header, every field as text."""
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
        header = next(csv.reader(opened, delimiter=delimiter))
    return session.read_csv(
        str(file),
        columns=dict.fromkeys(header, "varchar"),
        header=True,
        auto_detect=False,
        delimiter=delimiter,
        quotechar=quote,
        escapechar=quote,
        ignore_errors=True,
    )


def file_rows(session: Session, file: str, table: Table, folder: Path) -> Rows:
    """Read one delivered file, every field as text."""
    match table["format"]:
        case "csv":
            is_utf8 = table["encoding"].lower().startswith("utf-8")
            path = Path(file) if is_utf8 else as_utf8(file, table["encoding"], folder)
            return csv_rows(session, path, table["delimiter"], table["quote"])
        case "excel":
            return csv_rows(session, as_csv(file, table["sheet"], folder), ",", '"')
        case "parquet":
            return session.read_parquet(file)
        case "json_lines":
            headers = [column["header"] for column in table["columns"]]
            return session.read_json(
                file,
                columns=dict.fromkeys(headers, "varchar"),
                format="newline_delimited",
                ignore_errors=True,
            )
        case _:
            return session.table_function("sqlite_scan", [file, table["relation"]])


def typed(rows: Rows, table: Table) -> Rows:
    """Cast the texts to the contract's types; a column that is not there is null."""
    present = ", ".join(
        f"{named(each)}::varchar as {named(each)}" for each in rows.columns
    )
    texts = rows.project(present)
    return texts.project(
        ", ".join(
            f"{column['expression']} as {named(column['name'])}"
            if column["header"] in rows.columns
            else f"null as {named(column['name'])}"
            for column in table["columns"]
        )
    )


def copy_table(session: Session, table: Table, folder: Path) -> None:
    """Write one table, typed, from all its delivered files."""
    parts = [
        typed(file_rows(session, file, table, folder), table) for file in table["files"]
    ]
    reduce(lambda above, below: above.union(below), parts).create(table["name"])


def main(plan: str, output: str) -> None:
    """Read what the plan names and write it to one DuckDB file."""
    session = duckdb.connect(config={"preserve_insertion_order": "false"})
    tables: list[Table] = json.loads(Path(plan).read_text(encoding="utf-8"))
    if any(table["format"] == "sqlite" for table in tables):
        from duckdb_extensions import import_extension

        import_extension("sqlite_scanner", con=session)
        session.execute("load sqlite_scanner")
        session.execute("set sqlite_all_varchar = true")
    path = output.replace("'", "''")
    session.execute(f"attach '{path}' as copy (storage_version 'v1.5.0')")
    session.execute("use copy")
    with tempfile.TemporaryDirectory(dir=Path(output).parent) as folder:
        for table in tables:
            copy_table(session, table, Path(folder))
    session.execute("checkpoint")
    session.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

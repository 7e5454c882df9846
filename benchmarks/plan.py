"""What the floor shall read: the files of each table, and the contract's types.

Made from the contracts before the floor starts, so that reading them costs it nothing.
"""

from pathlib import Path
from typing import Any

from warehouse.contracts import ColumnContract, SourceContract, TableContract

EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}


def literal(text: str) -> str:
    """Return the text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def expression(column: ColumnContract) -> str:
    """Return the SQL that casts a delivered text to the contract's type."""
    text = '"' + column.delivered_as.replace('"', '""') + '"'
    if column.data_type == "varchar":
        return text
    if column.data_type == "boolean":
        values = ", ".join(literal(value) for value in column.true_values)
        return f"{text} in ({values})"
    if column.data_type in ("date", "timestamp"):
        return moment(column, text)
    if column.number.thousands_mark or column.number.symbols:
        text = f"regexp_replace({text}, '[^0-9.-]', '', 'g')"
    return f"try_cast({text} as {column.data_type})"


def moment(column: ColumnContract, text: str) -> str:
    """Return the SQL that casts a text to a date or a timestamp by its formats."""
    stated = [each for each in column.formats if "%" in each]
    counted = [each for each in column.formats if each in EPOCHS]
    if stated:
        formats = ", ".join(literal(each) for each in stated)
        return f"try_strptime({text}, [{formats}])::{column.data_type}"
    if counted:
        micros = f"try_cast({text} as bigint) * {EPOCHS[counted[0]]}"
        return f"make_timestamp({micros})::{column.data_type}"
    if "days_since_1970" in column.formats:
        return f"date '1970-01-01' + try_cast({text} as integer)"
    return f"try_cast({text} as {column.data_type})"


def planned(
    source: SourceContract, table: TableContract, landing: Path
) -> dict[str, Any]:
    """Return what the floor must know of one table."""
    files = [*landing.glob(f"*/{table.place}")]
    if table.is_database:
        files = [*landing.glob(table.place)]
    return {
        "name": f"{source.name}__{table.name}",
        "files": sorted(str(file) for file in files),
        "columns": [
            {
                "name": column.name,
                "header": column.delivered_as,
                "expression": expression(column),
            }
            for column in table.columns
        ],
        **table.model_dump(
            include={"format", "encoding", "delimiter", "quote", "sheet", "relation"}
        ),
    }


def plan_of(sources: list[SourceContract], landing: Path) -> list[dict[str, Any]]:
    """List the tables that have deliveries waiting, with how to read and cast them."""
    tables = [
        planned(source, table, landing) for source in sources for table in source.tables
    ]
    return [table for table in tables if table["files"]]

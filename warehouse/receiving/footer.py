"""A file's last line as a control total: it must agree with the rows before it."""

import duckdb

from warehouse.contracts import TableContract
from warehouse.database import identifier, literal
from warehouse.receiving.model import Read
from warehouse.receiving.reasons import Refusal
from warehouse.receiving.typing import typed_sql


def _field(read: Read, position: int) -> str:
    fields = read.footer or []
    if position >= len(fields):
        raise Refusal("footer_mismatch", f"the control total has no field {position}")
    return fields[position].strip()


def check_footer(
    connection: duckdb.DuckDBPyConnection, table: TableContract, read: Read
) -> None:
    """Hold the delivered rows against the control total, where the contract has one.

    The sum is of all rows; where one of them cannot be read, only the count is checked,
    as that row's amount is unknown.

    Raises:
        Refusal: Count or sum differ.
    """
    footer = table.footer
    if footer is None:
        return
    if footer.row_count_field is not None:
        stated = _field(read, footer.row_count_field)
        if stated != str(read.rows_delivered):
            raise Refusal(
                "footer_mismatch",
                f"{read.rows_delivered} rows came, the control total states another "
                "count",
            )
    if footer.total_field is None or footer.total_column is None or read.rejected:
        return
    column = table.column(footer.total_column)
    value = typed_sql(identifier(column.name), column)
    stated_sum = typed_sql(literal(_field(read, footer.total_field)), column)
    found = connection.execute(
        f"select sum({value}) is not distinct from any_value({stated_sum}), "  # noqa: S608
        f"count({value}) = count(*), {stated_sum} is null from temp.delivered"
    ).fetchone()
    if found and found[1] and (not found[0] or found[2]):
        raise Refusal(
            "footer_mismatch",
            f"the sum of {column.name} is not what the control total states",
        )

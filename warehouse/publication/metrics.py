"""The metrics as macros of a release, so that a query need not state one again.

What a metric is, is said in `models/metrics`; `shared.dim_metric` has its SQL. A macro
takes the columns that the metric reads, by the names that they have in its table.
"""

import duckdb

from warehouse.database import literal

CATALOGUE = "shared.dim_metric"
PREFIX = "metric_"


def make_metrics(connection: duckdb.DuckDBPyConnection) -> None:
    """Make a macro `main.metric_<code>` of each metric of the catalogue."""
    stated = connection.execute(
        "select metric_code, column_names, expression, table_name, meaning "
        "from shared.dim_metric where metric_code <> '_unknown' "
        "order by metric_code"
    ).fetchall()
    for code, columns, expression, table, meaning in stated:
        name = f"main.{PREFIX}{code}"
        connection.execute(f"create macro {name}({columns}) as {expression}")
        told = literal(f"{meaning} Of {table}.")
        connection.execute(f"comment on macro {name} is {told}")

"""What is sound at first sight is what the door would find sound, and most rows are."""

from string import Template
from typing import Any

import duckdb
import pytest
from receiving_world import MONDAY, table

from warehouse.contracts import TableContract
from warehouse.database import literal
from warehouse.receiving import door
from warehouse.receiving.columns import fields_sql, record_sql

TEXTS = [
    *(
        "",
        " ",
        "  ",
        "\u3000",
        "\u00a0",
        "\t",
        "x",
        " x",
        "x ",
        "\u3000x",
        "王",
        "\uff0c",
    ),
    *("#N/A", " #REF!", "1E+5", "6.22E+18", " 6.22E+18", "a", " a ", "b", "c"),
    *("0", "1", " 7 ", "-1", "+3", "12", "1.0", "1.5", "1.25", "1.255", "1.2500000001"),
    *("\uff11\uff12", "1e2", "nan", "inf", "1,200", "99999", "2147483648", "9" * 19),
    *("2024-01-01", "1899-12-31", "2024-01-09", "2024-01-10", "2030-01-01", "today"),
    *("2024-01-01T24:00", "2024-01-02 03:04:05Z", " 2024-01-02 03:04:05.9+08:00"),
    *("2024-01-09T23:59:59.999Z", "\uff12024-01-02", "true", "N", " N", "yes"),
]
UNLIKE = Template("select count(*) from $rows where $one is distinct from $other")
BOUNDED = {"minimum": -1, "maximum": 1e3}
CONTRACTS: list[dict[str, Any]] = [
    {},
    {"pii": "phone"},
    {"accepted_values": ["a", " b", "1"]},
    {"data_type": "integer"},
    {"data_type": "integer", "accepted_values": ["1", "12"]},
    {"data_type": "bigint", **BOUNDED},
    {"data_type": "decimal(12, 2)", "maximum": 12},
    {"data_type": "decimal(12, 2)", "number": {"decimal_mark": ","}, "minimum": 1},
    {"data_type": "boolean"},
    {"data_type": "date"},
    {"data_type": "date", "may_be_future": True},
    {"data_type": "date", "formats": ["%Y-%m-%d"]},
    {"data_type": "timestamp"},
    {"data_type": "timestamp", "time_zone": "Asia/Shanghai"},
]


def verdict(connection: duckdb.DuckDBPyConnection, contract: TableContract) -> Any:  # noqa: ANN401 - rows
    """Hold the rows against a contract, and return what was found and counted."""
    profile = door.check_rows(connection, contract, MONDAY)
    found = connection.execute("from temp.verdict order by all").fetchall()
    return found, profile


@pytest.mark.parametrize("form", ["csv", "excel", "parquet"])
@pytest.mark.parametrize("stated", CONTRACTS)
def test_nothing_wrong_passes_at_first_sight(
    stated: dict[str, Any], form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With or without a first look, the door finds the same."""
    for needed in ({}, {"is_required": True}, {"is_required": True, "is_optional": 1}):
        contract = table(
            columns=[
                {"name": "k", "description": "key"},
                {"name": "x", "description": "value", **stated, **needed},
            ],
            keys=["k"],
            format=form,
        )
        rows = ", ".join(f"('{n}', {literal(each)})" for n, each in enumerate(TEXTS))
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            connection.execute(
                f"create temp table delivered as from (values {rows}, ('n', null), "
                "('z', 'a' || chr(0))) as delivered (k, x)"
            )
            found = verdict(connection, contract)
            with monkeypatch.context() as patched:
                patched.setattr(door, "sound_sql", lambda *_: "false")
                assert verdict(connection, contract) == found


def test_a_closer_look_is_for_few() -> None:
    """What is written plainly is not looked at closely."""
    contract = table(
        columns=[
            {"name": "k", "description": "key"},
            {"name": "n", "description": "number", "data_type": "decimal(9, 2)"},
            {"name": "t", "description": "time", "data_type": "timestamp"},
            {"name": "w", "description": "words", "is_required": True},
        ],
        keys=["k"],
    )
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(
            "create temp table delivered as from (values "
            "('1', '1.50', '2024-01-01T00:00:00Z', '王'), ('2', '', '', 'Ann'), "
            "('3', '-7', '2024-01-01', 'Bob'), ('4', ' 7', '', 'Cid'), "
            "('5', 'x', '', 'Dan')) as delivered (k, n, t, w)"
        )
        found, _ = verdict(connection, contract)
        suspects = connection.execute("select rid from temp.suspect").fetchall()
    assert [(row[0], row[1]) for row in found] == [(4, "not_a_number")]
    assert suspects == [(4,)]


def test_the_text_that_is_hashed_is_the_same_however_it_is_put_together() -> None:
    """Hashes of before are compared with those of now."""
    names = ["a", "b", "c", "_extra"]
    rows = (
        "(values ('1', '', null, null), ('王', 'x|y', 'c', '{}')) "
        "as rows (a, b, c, _extra)"
    )
    with duckdb.connect() as connection:
        for known in ((), ("a",), ("a", "b"), ("b",)):
            pieces = record_sql(names, known)
            whole = f"concat_ws('|', {fields_sql(names)})"
            query = UNLIKE.substitute(rows=rows, one=pieces, other=whole)
            assert connection.execute(query).fetchone() == (0,)

"""One SQL types a raw text at the door and in staging; it never guesses."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from pydantic import ValidationError
from receiving_world import MONDAY, columns, table

from warehouse.contracts import ColumnContract
from warehouse.database import literal
from warehouse.receiving.door import check_rows
from warehouse.receiving.typing import _DuckDbAdapter, typed_sql

MONEY = {
    "number": {"thousands_mark": ",", "symbols": ["$", "¥"], "has_parentheses": True}
}
GERMAN = {"number": {"decimal_mark": ",", "thousands_mark": "."}}
SWISS = {"number": {"thousands_mark": "'"}}
DECIMAL = "decimal(12, 2)"
SHANGHAI = {"time_zone": "Asia/Shanghai"}
NEW_YORK = {"time_zone": "America/New_York"}

TYPED: list[tuple[str, dict[str, Any], str, Any]] = [
    ("varchar", {}, "  Ann ", "Ann"),
    ("varchar", {}, "   ", None),
    ("integer", {}, " 12 ", 12),
    ("integer", {}, "\uff11\uff12", 12),
    ("integer", {}, "-3", -3),
    ("integer", {}, "007", 7),
    ("integer", {}, "1.0", 1),
    ("integer", {}, "1.5", None),
    ("integer", {}, "1e3", None),
    ("integer", {}, "1_000", None),
    ("integer", {}, "0x10", None),
    ("integer", {}, "2147483648", None),
    ("bigint", {}, "2147483648", 2147483648),
    (DECIMAL, {}, "12.50", Decimal("12.50")),
    (DECIMAL, {}, "1,200", None),
    (DECIMAL, {}, "nan", None),
    (DECIMAL, {}, "inf", None),
    (DECIMAL, MONEY, "$90,000 ", Decimal("90000.00")),
    (DECIMAL, MONEY, "¥1,200", Decimal("1200.00")),
    (DECIMAL, MONEY, "(12.50)", Decimal("-12.50")),
    (DECIMAL, MONEY, "($1,012.50)", Decimal("-1012.50")),
    (DECIMAL, MONEY, "(-12.50)", None),
    (DECIMAL, MONEY, "1,23", None),
    (DECIMAL, GERMAN, "1.234,56", Decimal("1234.56")),
    (DECIMAL, GERMAN, "1.23", None),
    (DECIMAL, SWISS, "1'234.50", Decimal("1234.50")),
    ("boolean", {}, "true", True),
    ("boolean", {}, "N", False),
    ("boolean", {}, "yes", None),
    ("boolean", {"true_values": ["是"], "false_values": ["否"]}, "是", True),
    ("date", {}, "2024-02-29", date(2024, 2, 29)),
    ("date", {}, "2023-02-29", None),
    ("date", {}, "2024-01-05 00:00:00", date(2024, 1, 5)),
    ("date", {}, "2024-01-05 10:00:00", None),
    ("date", {}, "03/04/2024", None),
    ("date", {}, "infinity", None),
    ("date", {"formats": ["%m/%d/%Y"]}, "04/08/1966", date(1966, 4, 8)),
    ("date", {"formats": ["%m/%d/%Y"]}, "5/14/1965", date(1965, 5, 14)),
    ("date", {"formats": ["%m/%d/%Y"]}, "14/5/1965", None),
    ("date", {"formats": ["%Y%m%d", "%Y-%m-%d"]}, "20240105", date(2024, 1, 5)),
    ("date", {"formats": ["days_since_1970"]}, "17167.0", date(2017, 1, 1)),
    ("date", {"formats": ["excel_serial"]}, "45000", date(2023, 3, 15)),
    ("timestamp", {}, "2024-01-05 10:00", datetime(2024, 1, 5, 10)),
    ("timestamp", {}, "2024-01-05T10:00:00.9Z", datetime(2024, 1, 5, 10)),
    ("timestamp", {}, "2024-01-05T10:00:00+08:00", datetime(2024, 1, 5, 2)),
    ("timestamp", {}, "2024-01-05 24:00:00", None),
    ("timestamp", {}, "2016-12-31 23:59:60", None),
    ("timestamp", SHANGHAI, "2024-01-05 10:00:00", datetime(2024, 1, 5, 2)),
    ("timestamp", SHANGHAI, "2024-01-05T10:00:00Z", datetime(2024, 1, 5, 10)),
    ("timestamp", NEW_YORK, "2024-07-05 10:00:00", datetime(2024, 7, 5, 14)),
    (
        "timestamp",
        {"formats": ["%d.%m.%Y %H:%M"], **SHANGHAI},
        "05.01.2024 10:00",
        datetime(2024, 1, 5, 2),
    ),
    (
        "timestamp",
        {"formats": ["epoch_s"]},
        "1700000000",
        datetime(2023, 11, 14, 22, 13, 20),
    ),
    (
        "timestamp",
        {"formats": ["epoch_ms"]},
        "1700000000999",
        datetime(2023, 11, 14, 22, 13, 20),
    ),
    (
        "timestamp",
        {"formats": ["epoch_us"]},
        "1700000000000000",
        datetime(2023, 11, 14, 22, 13, 20),
    ),
    ("timestamp", {"formats": ["excel_serial"]}, "45000.5", datetime(2023, 3, 15, 12)),
    ("timestamp", {"formats": ["epoch_s"]}, "nan", None),
    ("timestamp", {"formats": ["epoch_s"]}, "99999999999999999", None),
]


def column(data_type: str, **stated: Any) -> ColumnContract:  # noqa: ANN401 - any field
    """Make the contract of a column `x`."""
    return columns({"name": "x", "data_type": data_type, **stated})[0]


def typed(text: str, contract: ColumnContract) -> Any:  # noqa: ANN401 - any SQL type
    """Type a text in a session as the house opens it."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        query = f"select {typed_sql('x', contract)} from (select ? as x)"  # noqa: S608
        row = connection.execute(query, [text]).fetchone()
        assert row is not None
        return row[0]


@pytest.mark.parametrize(("data_type", "stated", "text", "value"), TYPED)
def test_a_text_is_typed_as_declared(
    data_type: str,
    stated: dict[str, Any],
    text: str,
    value: Any,  # noqa: ANN401 - any SQL type
) -> None:
    """What is not declared is null, never a guess."""
    assert typed(text, column(data_type, **stated)) == value


@pytest.mark.parametrize(
    "formats", [["%d/%m/%Y", "%m/%d/%Y"], ["%y%m%d", "%d%m%y"], ["epoch_s", "epoch_ms"]]
)
def test_formats_that_read_one_text_two_ways_are_no_contract(
    formats: list[str],
) -> None:
    """3 April or 4 March must not be a matter of luck."""
    with pytest.raises(ValidationError, match="different moments"):
        column("date", formats=formats)


KINDS = [
    ("integer", {}),
    ("bigint", {}),
    (DECIMAL, {}),
    (DECIMAL, MONEY),
    (DECIMAL, GERMAN),
    ("boolean", {}),
    ("date", {}),
    ("date", {"formats": ["%m/%d/%Y", "%Y-%m-%d"]}),
    ("date", {"formats": ["days_since_1970"]}),
    ("timestamp", {}),
    ("timestamp", SHANGHAI),
    ("timestamp", {"formats": ["%d.%m.%Y %H:%M"]}),
    ("timestamp", {"formats": ["epoch_s"]}),
    ("timestamp", {"formats": ["epoch_ms"]}),
    ("timestamp", {"formats": ["epoch_us"]}),
    ("timestamp", {"formats": ["excel_serial"]}),
]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.integers().map(str),
    st.floats().map(str),
    st.decimals(allow_nan=True).map(str),
    st.dates().map(str),
    st.datetimes().map(str),
    st.from_regex(r"[$¥(]?[0-9]{1,3}([,.][0-9]{1,3}){0,3}[)]? ?", fullmatch=True),
    st.from_regex(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}", fullmatch=True),
    st.sampled_from(
        ["NaN", "inf", "infinity", "epoch", "today", "1e400", "0x1", "\uff11\uff12"]
    ),
).filter(lambda text: "\0" not in text and text.isprintable())


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=40))
def test_what_the_door_admits_is_never_null_in_staging(texts: list[str]) -> None:
    """One expression serves both."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for data_type, stated in KINDS:
            contract = column(data_type, may_be_future=True, **stated)
            values = ", ".join(f"({literal(text)})" for text in texts)
            connection.execute(
                "create or replace temp table delivered as "  # noqa: S608
                f"select * from (values {values}) as delivered (x)"
            )
            check_rows(
                connection,
                table(columns=[{**contract.model_dump(), "name": "x"}]),
                MONDAY,
            )
            cast = typed_sql("x", contract)
            lost = connection.execute(
                f"select x from temp.delivered where {cast} is null "  # noqa: S608
                "and trim(x) <> '' and rowid not in (select rid from temp.verdict)"
            ).fetchall()
            assert lost == []


def test_the_macro_finds_the_contract_in_the_graph() -> None:
    """As dbt calls it, it is the same SQL."""
    root = Path(__file__).parents[2]
    environment = Environment(  # noqa: S701 - SQL
        loader=FileSystemLoader(root / "macros"), extensions=["jinja2.ext.do"]
    )
    stated = {"formats": ["%m/%d/%Y"]}

    class Column:
        name, data_type, meta = "born", "date", None
        config = {"meta": {"contract": stated}}  # noqa: RUF012 - a stand-in

    class Node:
        source_name, name = "crm", "people"
        columns = {"born": Column()}  # noqa: RUF012 - a stand-in

    class Graph:
        sources = {"source.crm.people": Node()}  # noqa: RUF012 - a stand-in

    adapter = _DuckDbAdapter()
    module: Any = environment.get_template("typed.sql").make_module(
        {"adapter": adapter, "execute": True, "graph": Graph()}
    )
    adapter.module = module
    expected = typed_sql(
        "born", columns({"name": "born", "data_type": "date", **stated})[0]
    )
    assert str(module.typed("crm", "people", "born")).strip() == expected

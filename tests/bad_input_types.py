"""Types that drift: a column of Parquet or a field of json is another than before."""

import io
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from gallery import Case

MOMENT = datetime(2024, 1, 8, 8)
PARQUET: dict[str, Any] = {"format": "parquet"}
KEYED: dict[str, Any] = {"keys": ["id"]}
INTEGER = {"data_type": "integer"}
MONEY = {"data_type": "decimal(12, 2)"}
TIME = {"data_type": "timestamp"}
MILLISECONDS = TIME | {"formats": ["epoch_ms"]}
SHANGHAI = TIME | {"time_zone": "Asia/Shanghai"}
LONG = "a" * 3_000_000


def table_of(**columns: Any) -> bytes:  # noqa: ANN401 - whatever pyarrow takes
    """Write a Parquet file of columns."""
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def columns(column: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a contract: an id, and one of the kind."""
    return {"columns": [{"name": "id"}, {"name": "x", **column}]}


def zoned(*moments: datetime) -> pa.Array:
    """Return moments as a column that has a time zone."""
    return pa.array(moments, pa.timestamp("us", "Asia/Shanghai"))


PLAIN = columns({})
BROKEN = pa.array([b"\xff"]).view(pa.string())
REFUSED: list[tuple[str, bytes, dict[str, Any], str]] = [
    (
        "ids as fractions",
        table_of(id=[1.0, 6.22e18], x=["a", "b"]),
        KEYED | PLAIN,
        "type_changed",
    ),
    ("ids nested", table_of(id=[{"a": 1}], x=["a"]), KEYED | PLAIN, "type_changed"),
    (
        "names as bytes",
        table_of(id=["1"], x=[b"Ann"]),
        columns({"pii": "name"}),
        "type_changed",
    ),
    (
        "names in lists",
        table_of(id=["1"], x=[["Ann"]]),
        columns({"pii": "name"}),
        "type_changed",
    ),
    ("text that is none", table_of(id=["1"], x=BROKEN), PLAIN, "damaged"),
    (
        "2,500 columns",
        table_of(**{f"c{n}": ["1"] for n in range(2_500)}),
        PLAIN,
        "too_many_columns",
    ),
]
"""Files whose types say that ids and names are no longer those of before."""
BAD: list[tuple[str, str, Any, str, dict[str, Any], str]] = [
    ("Values", "a fraction for a whole number", 2.5, "2.5", INTEGER, "not_a_number"),
    ("Values", "true for a number", True, "true", INTEGER, "not_a_number"),
    ("Values", "a list for a number", [1], "[1]", INTEGER, "not_a_number"),
    ("Values", "NaN", float("nan"), "nan", MONEY, "not_finite"),
    (
        *("Values", "digits beyond the scale", Decimal("1.2345"), "1.2345"),
        *(MONEY, "overflow"),
    ),
    ("Dates", "a number for a time", 1704700800, "1704700800", TIME, "not_a_date"),
    ("Dates", "a time of day for a time", time(8), "08:00:00", TIME, "not_a_date"),
    (
        *("Dates", "a time for a number of milliseconds", MOMENT),
        *("2024-01-08 08:00:00", MILLISECONDS, "not_a_date"),
    ),
    (
        *("Dates", "microseconds for milliseconds", 1704700800000000),
        *("1704700800000000", MILLISECONDS, "not_a_date"),
    ),
    (
        *("Dates", "a time for a date", MOMENT, "2024-01-08 08:00:00"),
        *({"data_type": "date"}, "not_a_date"),
    ),
    ("Bytes", "NUL", "a\0b", "a\0b", {}, "nul_byte"),
    ("Structure", "3 MB field", LONG, LONG, {}, "too_long"),
]
GOOD: list[tuple[str, str, Any, dict[str, Any], str, str | None]] = [
    ("Values", "whole numbers for text", pa.array([7]), {}, "7", None),
    ("Values", "text for a whole number", pa.array(["7"]), INTEGER, "7", "7"),
    ("Values", "a fraction of nothing", pa.array([7.0]), INTEGER, "7.0", "7"),
    ("Values", "a dictionary", pa.array(["a"]).dictionary_encode(), {}, "a", None),
    (
        *("Values", "zeros beyond the scale", pa.array([Decimal("1.2000")])),
        *(MONEY, "1.2000", "1.20"),
    ),
    (
        *("Values", "the trace of a binary fraction", pa.array([0.1 + 0.2])),
        *(MONEY, "0.30000000000000004", "0.30"),
    ),
    *(
        (
            *("Dates", f"a time in {unit}", pa.array([MOMENT], pa.timestamp(unit))),
            *(TIME, "2024-01-08 08:00:00", "2024-01-08 08:00:00"),
        )
        for unit in ("s", "ms", "us", "ns")
    ),
    (
        *("Dates", "a time with its zone", zoned(MOMENT.replace(tzinfo=UTC))),
        *(SHANGHAI, "2024-01-08 08:00:00Z", "2024-01-08 08:00:00"),
    ),
    (
        *("Dates", "a date for a time", pa.array([date(2024, 1, 8)])),
        *(TIME, "2024-01-08", "2024-01-08 00:00:00"),
    ),
]


LINES: list[tuple[str, bytes, str]] = [
    ("id with a fraction", b'{"id":1.0,"x":"a"}', "mangled_id"),
    ("id with an exponent", b'{"id":6.22E+18,"x":"a"}', "mangled_id"),
    ("id nested", b'{"id":{"a":1},"x":"a"}', "type_changed"),
    ("id that is true", b'{"id":true,"x":"a"}', "type_changed"),
    ("name nested", b'{"id":"9","x":{"first":"Ann"}}', "type_changed"),
    ("name in a list", b'{"id":"9","x":["Ann"]}', "type_changed"),
]


def _refused() -> list[Case]:
    return [
        Case(
            "Values" if code == "type_changed" else "Structure",
            *(f"{name} (parquet)", "refuse", code, data, PARQUET | contract),
        )
        for name, data, contract, code in REFUSED
    ]


def _bad() -> list[Case]:
    return [
        Case(
            *(group, f"{name} (parquet)", "quarantine", code),
            data=table_of(id=["1"], x=[value]),
            contract=PARQUET | columns(column),
            bad=json.dumps({"id": "1", "x": text}).encode(),
            at=(1, None),
            column="x",
            rows=[],
        )
        for group, name, value, text, column, code in BAD
    ]


def _good() -> list[Case]:
    return [
        Case(
            *(group, f"{name} (parquet)", "mend", None),
            data=table_of(id=["1"], x=values),
            contract=PARQUET | columns(column),
            rows=[("1", text)],
            typed=typed,
        )
        for group, name, values, column, text, typed in GOOD
    ]


def _lines() -> list[Case]:
    return [
        Case(
            *("Values", f"{name} (json lines)", "quarantine", code),
            data=b'{"id":1,"x":"Ann"}\n' + line + b"\n",
            contract=KEYED | columns({"pii": "name"}) | {"format": "json_lines"},
            bad=line,
            at=(2, 2),
            rows=[("1", "Ann")],
        )
        for name, line, code in LINES
    ]


CASES = [
    *_refused(),
    *_bad(),
    *_good(),
    *_lines(),
    Case(
        *("Values", "nested, and names nobody (parquet)", "keep", None),
        data=table_of(id=["1"], x=[{"a": 1}]),
        contract=PARQUET | PLAIN,
        rows=[("1", '{"a":1}')],
    ),
    Case(
        *("Values", "whole id of 23 digits (json lines)", "keep", None),
        data=b'{"id":12345678901234567890123,"x":"a"}\n',
        contract=KEYED | PLAIN | {"format": "json_lines"},
        rows=[("12345678901234567890123", "a")],
    ),
]

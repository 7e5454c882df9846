"""How the values of a column are written, by trial against the known forms.

Each candidate is rendered by the macro that the doors and staging use, so that what
fits here is read there. A column that can be read in two ways is never guessed at.
"""

from collections.abc import Iterator

import duckdb

from warehouse.contracts import ColumnContract, NumberFormat
from warehouse.database import literal
from warehouse.errors import WrongUseError
from warehouse.receiving.typing import typed_sql
from warehouse.sniffing.sample import Sample

_DATES = [
    "",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%b %d, %Y",
]
_COMPACT_DATE = "%Y%m%d"
_TIMES = [" %H:%M:%S", " %H:%M"]
_MARKS = [
    (".", ""),
    (",", ""),
    (".", ","),
    (",", "."),
    (".", " "),
    (",", " "),
    (".", "'"),
]
_SYMBOLS = "$€£¥￥"
_BOOLEANS = [
    ("true", "false"),
    ("True", "False"),
    ("TRUE", "FALSE"),
    ("Y", "N"),
    ("y", "n"),
    ("yes", "no"),
    ("Yes", "No"),
    ("YES", "NO"),
    ("ja", "nein"),
    ("Ja", "Nein"),
    ("是", "否"),
    ("有", "无"),
]
_NUMBER_BOOLEAN = ("1", "0")
_EARLIEST = "date '1900-01-01'"


class AmbiguousValuesError(WrongUseError):
    """The values of a column can be read in two ways that differ."""


def contract_of(
    sample: Sample,
    index: int,
    *,
    name: str,
    wanted: str | None,
    date_format: str | None,
    time_zone: str,
) -> ColumnContract:
    """Return the narrowest contract that reads every value of a column.

    Args:
        sample: Where the values are.
        index: Which column of the sample.
        name: The column's name in raw.
        wanted: Type of the input column that it feeds; None where it feeds none.
        date_format: How dates are written, when the engineer said so.
        time_zone: Zone of times that state no offset.

    Raises:
        AmbiguousValuesError: Two readings fit, and differ.
    """
    text = ColumnContract(
        name=name, description="-", header=_header(sample, index, name)
    )
    if wanted == "varchar" or not _has_values(sample, index):
        return text
    for candidates in _families(sample, index, text, wanted, date_format, time_zone):
        fitting = _fitting(sample, index, candidates)
        if fitting:
            _refuse_two_readings(sample, index, fitting)
            return fitting[0]
    return text


def _header(sample: Sample, index: int, name: str) -> str | None:
    header = sample.headers[index]
    return None if header == name else header


def _families(
    sample: Sample,
    index: int,
    text: ColumnContract,
    wanted: str | None,
    date_format: str | None,
    time_zone: str,
) -> Iterator[list[ColumnContract]]:
    if wanted in (None, "boolean"):
        yield list(_booleans(text, with_numbers=wanted == "boolean"))
    if wanted in (None, "date", "timestamp"):
        compact = [_COMPACT_DATE] if wanted else []
        for forms in ([[date_format]] if date_format else []) + [[*_DATES, *compact]]:
            yield _dates(text, forms)
            yield _times(text, forms, time_zone)
    if wanted in (None, "integer", "bigint") and not _is_number_of_a_thing(
        sample, index
    ):
        yield [text.model_copy(update={"data_type": kind}) for kind in _whole(wanted)]
    if wanted is None or wanted.startswith("decimal"):
        yield list(_numbers(sample, index, text, wanted or "decimal(18,4)"))


def _booleans(text: ColumnContract, *, with_numbers: bool) -> Iterator[ColumnContract]:
    for true, false in [*_BOOLEANS, *([_NUMBER_BOOLEAN] if with_numbers else [])]:
        yield text.model_copy(
            update={
                "data_type": "boolean",
                "true_values": [true],
                "false_values": [false],
            }
        )


def _dates(text: ColumnContract, forms: list[str]) -> list[ColumnContract]:
    return [
        text.model_copy(update={"data_type": "date", "formats": [form] if form else []})
        for form in forms
    ]


def _times(
    text: ColumnContract, forms: list[str], time_zone: str
) -> list[ColumnContract]:
    timed = [day + time if day else "" for day in forms for time in _TIMES]
    return [
        text.model_copy(
            update={
                "data_type": "timestamp",
                "formats": [form] if form else [],
                "time_zone": time_zone,
            }
        )
        for form in dict.fromkeys(timed)
    ]


def _whole(wanted: str | None) -> list[str]:
    return [wanted] if wanted else ["integer", "bigint"]


def _numbers(
    sample: Sample, index: int, text: ColumnContract, data_type: str
) -> Iterator[ColumnContract]:
    symbols = [
        symbol
        for symbol in _SYMBOLS
        if _count(sample, index, f"contains(v, '{symbol}')")
    ]
    for decimal_mark, thousands_mark in _MARKS:
        number = NumberFormat.model_validate(
            {
                "decimal_mark": decimal_mark,
                "thousands_mark": thousands_mark,
                "symbols": symbols,
            }
        )
        yield text.model_copy(update={"data_type": data_type, "number": number})


def _fitting(
    sample: Sample, index: int, candidates: list[ColumnContract]
) -> list[ColumnContract]:
    """Return the candidates that read every value, the narrowest first."""
    if not candidates:
        return []
    counts = []
    for each in candidates:
        typed = typed_sql("v", each)
        is_time = each.data_type in ("date", "timestamp")
        limit = f" and ({typed}) >= {_EARLIEST}" if is_time else ""
        counts.append(f"count(*) filter (v <> '' and ({typed}) is not null{limit})")
    found = _row(sample, index, f"count(*) filter (v <> ''), {', '.join(counts)}")
    return [
        each
        for each, count in zip(candidates, found[1:], strict=True)
        if count == found[0]
    ]


def _refuse_two_readings(
    sample: Sample, index: int, fitting: list[ColumnContract]
) -> None:
    first = fitting[0]
    others = [each for each in fitting[1:] if each.data_type == first.data_type]
    for other in others:
        differs = f"{typed_sql('v', first)} is distinct from {typed_sql('v', other)}"
        if _count(sample, index, differs):
            raise _ambiguous(sample, index, first, other)


def _ambiguous(
    sample: Sample, index: int, first: ColumnContract, other: ColumnContract
) -> AmbiguousValuesError:
    if first.data_type in ("date", "timestamp"):
        days = [each.formats[0].split(" %H")[0] for each in (first, other)]
        mend = " or ".join(f"--date-format '{day}'" for day in days)
        mend = f"Say which it is: {mend}."
    else:
        mend = "Take more rows into the file, some with both marks."
    return AmbiguousValuesError(
        "the values of a column can be read in two ways",
        where=f"{sample.file.name}, column '{sample.headers[index]}'",
        mend=mend,
    )


def _is_number_of_a_thing(sample: Sample, index: int) -> bool:
    """Tell whether digits are a number to call a thing by: `007`, or 20 digits."""
    return bool(
        _count(sample, index, "regexp_matches(trim(v), '^0[0-9]+$') or length(v) > 18")
    )


def is_key(sample: Sample, index: int) -> bool:
    """Tell whether the column is never empty and never repeats."""
    distinct, filled, rows = _row(
        sample, index, "count(distinct v), count(*) filter (trim(v) <> ''), count(*)"
    )
    return distinct == filled == rows


def distinct_values(sample: Sample, index: int, *, limit: int) -> list[str] | None:
    """Return the distinct values, trimmed; None when there are more of them."""
    values = _column(sample, index).project("trim(v) as v").filter("v <> ''")
    found = values.distinct().order("v").limit(limit + 1).fetchall()
    return None if len(found) > limit else [value for (value,) in found]


def share_like(sample: Sample, index: int, pattern: str) -> float:
    """Return which share of the values that are there match a pattern, 0 to 1."""
    matches = f"regexp_full_match(trim(v), {literal(pattern)})"
    filled = _count(sample, index, "trim(v) <> ''")
    return _count(sample, index, matches) / filled if filled else 0.0


def _column(sample: Sample, index: int) -> duckdb.DuckDBPyRelation:
    return sample.connection.table("sample").project(f"c{index} as v")


def _has_values(sample: Sample, index: int) -> bool:
    return bool(_count(sample, index, "trim(v) <> ''"))


def _count(sample: Sample, index: int, condition: str) -> int:
    return int(_row(sample, index, f"count(*) filter ({condition})")[0])


def _row(sample: Sample, index: int, measures: str) -> tuple[int, ...]:
    return tuple(_column(sample, index).aggregate(measures).fetchall()[0])

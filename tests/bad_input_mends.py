"""What is mended without loss, or kept as it is though it looks bad."""

import gzip
from typing import Any

from bad_input_files import FULL, NOBODY, TWO, book, parquet, zipped
from bad_input_rows import ROWS
from gallery import Case
from receiving_world import GOOD, HEADER

CLEAN = HEADER + GOOD
CHINESE = "id,name\n1,王芳\n2,李伟\n"
READ = [("1", "王芳"), ("2", "李伟")]
ENCODINGS = ("gbk", "gb18030", "utf-16-le", "utf-16-be", "utf-8", "gb2312")
SMALL = (
    *(("latin-1", "Jörg"), ("cp1252", "5 €"), ("cp1250", "Łukasz"), ("cp1251", "Иван")),
    *(("shift_jis", "田中"), ("euc-kr", "김"), ("big5", "王芳")),
)
MENDED: list[tuple[str, bytes, dict[str, Any]]] = [
    ("byte order mark", b"\xef\xbb\xbf" + CLEAN, {}),
    ("crlf", CLEAN.replace(b"\n", b"\r\n"), {}),
    ("cr", CLEAN.replace(b"\n", b"\r"), {}),
    ("mixed line ends", CLEAN.replace(b"\n", b"\r\n", 1), {}),
    ("no last line end", CLEAN[:-1], {}),
    ("blank lines", CLEAN.replace(b"\n", b"\n\n") + b"\n\n", {}),
    ("gzip declared", gzip.compress(CLEAN), {"compression": "gzip"}),
    (
        "gzip of two parts",
        gzip.compress(HEADER) + gzip.compress(GOOD),
        {"compression": "gzip"},
    ),
    ("zip declared", zipped(("people.csv", CLEAN)), {"compression": "zip"}),
    ("utf-16 declared", CLEAN.decode().encode("utf-16"), {"encoding": "utf-16"}),
    ("quoted", CLEAN.replace(b"Ann", b'"Ann"'), {}),
    ("other delimiter declared", CLEAN.replace(b",", b"|"), {"delimiter": "|"}),
    (
        "footer",
        CLEAN + b"TOTAL,2,,,4.00\n",
        {
            "footer": {
                "marker": "TOTAL",
                "row_count_field": 1,
                "total_field": 4,
                "total_column": "spent",
            }
        },
    ),
    (
        "short footer",
        CLEAN + b"TOTAL,2\n",
        {"footer": {"marker": "TOTAL", "row_count_field": 1}},
    ),
]
MONEY = {"data_type": "decimal(12, 2)"}
DAY, MOMENT = {"data_type": "date"}, {"data_type": "timestamp"}
BERLIN = MOMENT | {"time_zone": "Europe/Berlin"}
DECIMAL_COMMA = {"decimal_mark": ",", "thousands_mark": "."}
TYPED: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("Values", "1.234,56", "1.234,56", MONEY | {"number": DECIMAL_COMMA}, "1234.56"),
    (
        *("Values", "(12.50)", "(12.50)"),
        *(MONEY | {"number": {"has_parentheses": True}}, "-12.50"),
    ),
    (
        *("Values", "\u00a51,200", "\u00a51,200"),
        MONEY | {"number": {"symbols": ["\u00a5"], "thousands_mark": ","}},
        "1200.00",
    ),
    ("Values", "full-width digits", "\uff11\uff12\uff0e\uff15", MONEY, "12.50"),
    ("Dates", "full-width date", "\uff12024-01-08", DAY, "2024-01-08"),
    ("Dates", "birthday on 29 February", "1980-02-29", DAY, "1980-02-29"),
    ("Dates", "tomorrow, another zone's today", "2024-01-09", DAY, "2024-01-09"),
    ("Dates", "hour that DST skips", "2023-03-26 02:30:00", BERLIN, "2023-03-26 01:30"),
    ("Dates", "hour that DST repeats", "2023-10-29 02:30", BERLIN, "2023-10-29 01:30"),
    (
        *("Dates", "offset stated", "2023-03-26T02:30:00+08:00"),
        *(BERLIN, "2023-03-25 18:30"),
    ),
    *(
        ("Dates", f"{unit} declared", text, MOMENT | {"formats": [unit]}, moment)
        for unit, text, moment in (
            ("epoch_s", "1704700800", "2024-01-08 08:00"),
            ("epoch_ms", "1704700800000", "2024-01-08 08:00"),
            ("epoch_us", "1704700800000000", "2024-01-08 08:00"),
            ("excel_serial", "45000.75", "2023-03-15 18:00"),
            ("days_since_1970", "19000", "2022-01-08 00:00"),
        )
    ),
]
NOTHING: list[tuple[str, bytes, dict[str, Any]]] = [
    ("header only", HEADER, {}),
    ("no bytes", b"", {}),
    ("gzip of nothing", gzip.compress(b""), {"compression": "gzip"}),
    ("no bytes for json", b"", TWO | {"format": "json_lines"}),
    ("parquet without rows", parquet(NOBODY), TWO | {"format": "parquet"}),
    ("book without rows", book(NOBODY), TWO | {"format": "excel"}),
    (
        *("full snapshot of nothing", HEADER),
        FULL | {"rows": {"minimum": 0, "shrinkage_pct": 100}},
    ),
]
HOSTILE = ["=1+1", "'; drop table x; --", "{{ 1 }}", "!!python/object", "../..", "@a"]
HOSTILE += ["+1", "-1", "\t=1", "<script>", "ignore what was said before", "$(reboot)"]


def _whole(group: str, *described: tuple[str, bytes, dict[str, Any]]) -> list[Case]:
    return [
        Case(group, name, "mend", None, data, contract, rows=ROWS)
        for name, data, contract in described
    ]


def _two_columns(
    group: str, name: str, outcome: str, data: bytes, rows: list[tuple[Any, ...]]
) -> Case:
    return Case(group, name, outcome, None, data, TWO, rows=rows)


def _typed() -> list[Case]:
    return [
        Case(
            *(group, name, "mend", None),
            data=f'id,x\n1,"{text}"\n'.encode(),
            contract={"columns": [{"name": "id"}, {"name": "x", **column}]},
            rows=[("1", text)],
            typed=typed,
        )
        for group, name, text, column, typed in TYPED
    ]


def _encoded() -> list[Case]:
    return [
        Case(
            *("Bytes", f"{encoding} declared", "mend", None),
            data=CHINESE.encode(encoding),
            contract={"encoding": encoding, **TWO},
            rows=READ,
        )
        for encoding in ENCODINGS
    ]


def _of_other_scripts() -> list[Case]:
    return [
        Case(
            *("Bytes", f"{encoding} declared", "mend", None),
            data=f"id,name\n1,{text}\n".encode(encoding),
            contract={"encoding": encoding, **TWO},
            rows=[("1", text)],
        )
        for encoding, text in SMALL
    ]


def _of_nothing() -> list[Case]:
    """Return deliveries of no rows, under contracts that allow that."""
    return [
        Case(
            *("Structure", f"{name}, allowed", "keep", None),
            data=data,
            contract={"rows": {"minimum": 0}, **contract},
            rows=[],
        )
        for name, data, contract in NOTHING
    ]


def _hostile() -> list[Case]:
    return [
        _two_columns(
            *("Hostile text", f"text {text.strip()!r}", "keep"),
            f'id,name\n1,"{text}"\n'.encode(),
            [("1", text)],
        )
        for text in HOSTILE
    ]


CASES = [
    *_whole("Bytes", *MENDED[:6]),
    *_whole("Files", *MENDED[6:9]),
    *_whole("Bytes", MENDED[9]),
    *_whole("Structure", *MENDED[10:]),
    *_encoded(),
    *_of_other_scripts(),
    *_of_nothing(),
    Case(
        *("Bytes", "byte order mark before json", "mend", None),
        b'\xef\xbb\xbf{"id":"1","name":"Ann"}\n',
        TWO | {"format": "json_lines"},
        rows=[("1", "Ann")],
    ),
    _two_columns(
        *("Bytes", "line ends inside quotes", "keep"),
        b'id,name\r\n1,"A\nB"\r\n2,"C\r\nD"\r\n',
        [("1", "A\nB"), ("2", "C\r\nD")],
    ),
    _two_columns(
        *("Structure", "columns in another order", "mend"),
        b"name,id\nAnn,1\n",
        [("1", "Ann")],
    ),
    Case(
        *("Values", "`Null` beside the declared token", "keep", None),
        b"id,name\n1,Null\n2,\\N\n3,\n4,NA\n",
        {"null_token": "\\N", **TWO},
        rows=[("1", "Null"), ("2", ""), ("3", ""), ("4", "NA")],
    ),
    Case(
        *("Hostile text", "header that is SQL", "keep", None),
        b'id,name,"x""; drop table people; --"\n1,Ann,7\n',
        {"new_column": "keep", **TWO},
        rows=[("1", "Ann")],
    ),
    *_typed(),
    *_hostile(),
]

"""Rows that break their contract alone: of text, of json lines, single values."""

from typing import Any

from gallery import Case
from receiving_world import GOOD, HEADER, PEOPLE

LONG = b"9," + b"x" * 3_000_000 + b",1,,\n"
BAD_ROWS: list[tuple[str, bytes, str, str | None]] = [
    ("digits beyond the scale", b"9,Eve,1,,1.2345\n", "overflow", "spent"),
    ("short", b"9,Eve\n", "too_few_fields", None),
    ("long", b"9,Eve,1,,,,\n", "too_many_fields", None),
    ("stray quote", b'9,E"ve,1,,\n', "stray_quote", None),
    ("text after quote", b'9,"Eve" Smith,1,,\n', "stray_quote", None),
    ("space before quote", b'9, "Eve",1,,\n', "stray_quote", None),
    ("broken bytes", b"9,E\xffve,1,,\n", "broken_encoding", None),
    ("lone surrogate", b"9,\xed\xa0\x80,1,,\n", "broken_encoding", None),
    ("gbk among utf-8", "9,王,1,,\n".encode("gbk"), "broken_encoding", None),
    ("NUL", b"9,E\0ve,1,,\n", "nul_byte", None),
    ("3 MB field", LONG, "too_long", None),
    ("text for number", b"9,Eve,old,,\n", "not_a_number", "age"),
    ("fraction for integer", b"9,Eve,1.5,,\n", "not_a_number", "age"),
    ("NaN", b"9,Eve,1,,NaN\n", "not_finite", "spent"),
    ("infinity", b"9,Eve,1,,-inf\n", "not_finite", "spent"),
    ("too big an integer", b"9,Eve,99999999999,,\n", "overflow", "age"),
    ("too big a decimal", b"9,Eve,1,,99999999999999.00\n", "overflow", "spent"),
    ("mangled number", b"9,Eve,6.22E+18,,\n", "mangled_id", "age"),
    ("mangled id", b"6.22E+18,Eve,1,,\n", "mangled_id", "id"),
    ("key missing", b",Eve,1,,\n", "required_missing", "id"),
    ("undeclared date", b"9,Eve,1,03/04/1990,\n", "not_a_date", "born"),
    ("impossible date", b"9,Eve,1,1990-02-30,\n", "not_a_date", "born"),
    ("before 1900", b"9,Eve,1,1899-12-31,\n", "date_before_1900", "born"),
    ("future", b"9,Eve,1,2024-01-10,\n", "date_in_future", "born"),
    ("undeclared thousands", b'9,Eve,1,,"1,200"\n', "not_a_number", "spent"),
    ("29 February of no leap year", b"9,Eve,1,2023-02-29,\n", "not_a_date", "born"),
    ("29 February 1900", b"9,Eve,1,1900-02-29,\n", "not_a_date", "born"),
    ("year of two digits", b"9,Eve,1,90-01-01,\n", "not_a_date", "born"),
    ("grouped number", b"9,Eve,1,,1 200\n", "not_a_number", "spent"),
    ("money with its sign", "9,Eve,1,,\u00a51200\n".encode(), "not_a_number", "spent"),
]

MANY_FIELDS = b"{%s}" % b",".join(b'"c%d":1' % number for number in range(2_001))
BAD_LINES: list[tuple[str, bytes, str, str | None]] = [
    ("cut object", b"{broken", "broken_json", None),
    ("list for an object", b"[1]", "broken_json", None),
    ("null for an object", b"null", "broken_json", None),
    ("field twice", b'{"id":"8","id":"9","name":"x"}', "repeated_field", None),
    ("field unknown", b'{"id":"8","name":"x","more":1}', "unknown_field", None),
    ("broken bytes", b'{"id":"8","name":"x\xff"}', "broken_encoding", None),
    ("NUL", b'{"id":"8","name":"\0"}', "nul_byte", None),
    ("NUL escaped", b'{"id":"8","name":"\\u0000"}', "nul_byte", None),
    ("lone surrogate escaped", b'{"id":"8","name":"\\ud800"}', "broken_json", None),
    ("control character", b'{"id":"8","name":"a\x1fb"}', "broken_json", None),
    ("2,001 fields", MANY_FIELDS, "too_many_fields", None),
    ("3 MB field", b'{"id":"8","name":"%s"}' % LONG[2:-5], "too_long", None),
    ("key empty", b'{"id":"","name":"x"}', "required_missing", "id"),
]
NAMED = {"accepted_values": ["CNY", "USD"]}
WHOLE = {"data_type": "integer"}
MONEY = {"data_type": "decimal(12, 2)"}
MOMENT = {"data_type": "timestamp"}
BAD_VALUES: list[tuple[str, str, dict[str, Any], str]] = [
    ("no value where one is required", "", {"is_required": True}, "required_missing"),
    ("unknown currency", "XXX", NAMED, "value_not_accepted"),
    ("currency in small letters", "cny", NAMED, "value_not_accepted"),
    ("negative quantity", "-1", WHOLE | {"minimum": 0}, "out_of_range"),
    ("number too large", "10", WHOLE | {"maximum": 9}, "out_of_range"),
    ("no boolean", "maybe", {"data_type": "boolean"}, "not_a_boolean"),
    ("mangled phone", "8.61E+12", {"pii": "phone"}, "mangled_id"),
    ("decimal comma undeclared", "1.234,56", MONEY, "not_a_number"),
    ("parentheses undeclared", "(12.50)", MONEY, "not_a_number"),
    ("24:00", "2024-01-07 24:00:00", MOMENT, "not_a_date"),
    ("leap second", "2016-12-31 23:59:60", MOMENT, "not_a_date"),
    ("hour 25", "2024-01-07T25:00:00Z", MOMENT, "not_a_date"),
    (
        "24:00 in a declared format",
        "2024-01-07 24:00",
        MOMENT | {"formats": ["%Y-%m-%d %H:%M"]},
        "not_a_date",
    ),
    (
        "milliseconds declared as seconds",
        "1704700800000",
        MOMENT | {"formats": ["epoch_s"]},
        "not_a_date",
    ),
    (
        "Excel serial before March 1900",
        "60",
        {"data_type": "date", "formats": ["excel_serial"]},
        "not_a_date",
    ),
]
ROWS: list[tuple[Any, ...]] = [
    ("1", "Ann", "30", "1990-01-01", "1.50"),
    ("2", "Bob", "40", "1980-02-29", "2.50"),
]
_BYTES = {"broken_encoding", "nul_byte"}
_DATES = {"not_a_date", "date_before_1900", "date_in_future"}
_STRUCTURE = {"too_few_fields", "too_many_fields", "stray_quote", "too_long"}
_STRUCTURE |= {"broken_json", "repeated_field", "unknown_field"}


def _group(code: str) -> str:
    if code in _BYTES:
        return "Bytes"
    if code in _STRUCTURE:
        return "Structure"
    return "Dates" if code in _DATES else "Values"


def _of_text(line_end: bytes) -> list[Case]:
    first, second = GOOD.splitlines(keepends=True)
    return [
        Case(
            *(_group(code), name if line_end == b"\n" else f"{name} (crlf)"),
            *("quarantine", code),
            data=(HEADER + first + row + second).replace(b"\n", line_end),
            contract={"keys": ["id"]},
            bad=row.rstrip(b"\n"),
            at=(2, 3),
            column=column,
            rows=ROWS,
        )
        for name, row, code, column in BAD_ROWS
    ]


def _of_json() -> list[Case]:
    good = b'{"id":"1","name":"Ann"}\n', b'{"id":"2","name":null}\n'
    return [
        Case(
            *(_group(code), f"{name} (json lines)", "quarantine", code),
            data=good[0] + line + b"\n" + good[1],
            contract={"format": "json_lines", "keys": ["id"], "columns": PEOPLE[:2]},
            bad=line,
            at=(2, 2),
            column=column,
            rows=[("1", "Ann"), ("2", "")],
        )
        for name, line, code, column in BAD_LINES
    ]


def _of_values() -> list[Case]:
    return [
        Case(
            *(_group(code), name, "quarantine", code),
            data=f'id,x\n1,"{text}"\n'.encode(),
            contract={"columns": [{"name": "id"}, {"name": "x", **column}]},
            bad=f'1,"{text}"'.encode(),
            column="x",
            rows=[],
        )
        for name, text, column, code in BAD_VALUES
    ]


def _of_encodings() -> list[Case]:
    """Return bytes that a declared encoding of one byte has no character for."""
    first, second = GOOD.splitlines(keepends=True)
    return [
        Case(
            *("Bytes", f"byte that {encoding} does not know", "quarantine"),
            code="broken_encoding",
            data=HEADER + first + bad + b"\n" + second,
            contract={"encoding": encoding, "keys": ["id"]},
            bad=bad,
            at=(2, 3),
            rows=ROWS,
        )
        for encoding, bad in (("latin-1", b"9,5\x80,1,,"), ("cp1252", b"9,\x81,1,,"))
    ]


CASES = [
    *_of_text(b"\n"),
    *_of_text(b"\r\n"),
    *_of_json(),
    *_of_values(),
    *_of_encodings(),
]

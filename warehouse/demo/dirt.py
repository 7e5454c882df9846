"""Rows that break their contract, planted so that the doors have what to refuse."""

from dataclasses import dataclass, field

import pyarrow as pa

SHORT_ROW, LONG_ROW, STRAY_QUOTE = "short_row", "long_row", "stray_quote"
BROKEN_ENCODING, BAD_VALUE = "broken_encoding", "bad_value"


@dataclass(frozen=True)
class Fault:
    """One way in which a row breaks its contract.

    Attributes:
        kind: The fault.
        column: The column at fault; empty when it is the row as a whole.
        value: What the column then holds.
    """

    kind: str
    column: str = ""
    value: str = ""

    @property
    def said(self) -> str:
        """Return the fault in words, for the truth."""
        return f"{self.kind} {self.column}".strip()


FAULTS = {
    "web.registrations": (
        Fault(SHORT_ROW),
        Fault(STRAY_QUOTE, "full_name"),
        Fault(BAD_VALUE, "birth_date", "1990-02-30"),
        Fault(BROKEN_ENCODING, "full_name"),
        Fault(BAD_VALUE, "birth_date", "1860-01-01"),
    ),
    "member.cards": (
        Fault(BAD_VALUE, "birth_date", "19900230"),
        Fault(BROKEN_ENCODING, "name"),
        Fault(BAD_VALUE, "holder", "猫"),
        Fault(BAD_VALUE, "children", "NaN"),
    ),
    "till.sales": (
        Fault(BAD_VALUE, "currency", "ZZZ"),
        Fault(BAD_VALUE, "quantity", "NaN"),
        Fault(BAD_VALUE, "sold_at", "2026-02-30T10:00:00+08:00"),
        Fault(BAD_VALUE, "product_code", ""),
    ),
    "campaign.exposures": (Fault(SHORT_ROW), Fault(LONG_ROW)),
    "social.interactions": (Fault(BAD_VALUE, "kind", "boo"),),
    "survey.answers": (Fault(BAD_VALUE, "score", "eleven"),),
    "consent.events": (Fault(BAD_VALUE, "action", "maybe"), Fault(SHORT_ROW)),
    "list_alpha.names": (Fault(BAD_VALUE, "annual_income", "n/a"),),
    "list_beta.names": (Fault(STRAY_QUOTE, "name"),),
    "list_broker.names": (Fault(BAD_VALUE, "entry_type", "ship"),),
    "email_gateway.reports": (Fault(BAD_VALUE, "result", "lost"), Fault(SHORT_ROW)),
    "mail_house.returns": (Fault(LONG_ROW),),
    "call_centre.number_checks": (Fault(BAD_VALUE, "checked_at", "2026-02-30 10:00"),),
}


@dataclass
class Planted:
    """What was planted in the deliveries, for the truth.

    Attributes:
        rows: Kind, source, record id, delivery and detail of each.
    """

    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def add(
        self,
        kind: str,
        source: str,
        *,
        record: str = "",
        delivery: str = "",
        detail: str = "",
    ) -> None:
        """Note one thing that was planted."""
        self.rows.append((kind, source, record, delivery, detail))


def bad_lines(
    sample: pa.Table,
    table: str,
    *,
    key: str,
    on_day: int,
    delimiter: str,
    encoding: str,
) -> list[tuple[Fault, str, bytes]]:
    """Return lines at fault, each made from a good row under a key of its own.

    Args:
        sample: A table with at least one good row.
        table: The name of the table, such as `till.sales`.
        key: The column that is to tell the bad rows apart.
        on_day: The day of the demo; the faults take turns.
        delimiter: What stands between fields.
        encoding: How the text is written.

    Returns:
        The fault, the key and the bytes of each line.
    """
    faults = FAULTS[table]
    turn = [faults[on_day % len(faults)], faults[(on_day + 1) % len(faults)]]
    good = {name: column[0].as_py() for name, column in _first(sample).items()}
    lines = []
    for ordinal, fault in enumerate(dict.fromkeys(turn)):
        name = f"BAD{on_day:03d}{ordinal}"
        row = good | {key: name} | {c: "0.00" for c in good if c.endswith("_amount")}
        lines.append((fault, name, _broken(row, fault, delimiter, encoding)))
    return lines


def _first(sample: pa.Table) -> dict[str, pa.ChunkedArray]:
    head = sample.slice(0, 1)
    return dict(zip(head.column_names, head.columns, strict=True))


def _broken(row: dict[str, str], fault: Fault, delimiter: str, encoding: str) -> bytes:
    if fault.kind == BAD_VALUE:
        row = row | {fault.column: fault.value}
    if fault.kind == STRAY_QUOTE:
        row = row | {fault.column: 'Ann "Lee'}
    fields = list(row.values())
    if fault.kind == SHORT_ROW:
        fields = fields[: max(1, len(fields) // 2)]
    if fault.kind == LONG_ROW:
        fields = [*fields, "more"]
    parts = [text.encode(encoding) for text in fields]
    if fault.kind == BROKEN_ENCODING:
        parts[list(row).index(fault.column)] = b"Ann\xff\xfe Lee"
    return delimiter.encode().join(parts) + b"\n"

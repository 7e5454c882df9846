"""Why a file is refused or a row quarantined, and what a person does about it.

The catalogue is the one list of reason codes: the ledger, the quarantine and
`docs/contracts.md` all use it.
"""

from dataclasses import dataclass

_ASK = "Ask the source to deliver the file again."
_CONTRACT = "Correct the source, or the contract if the source is right."
_ROW = "Mend the row with `clientele quarantine mend`, or let the source correct it."

MENDS = {
    # of a file
    "empty_file": f"{_ASK} If nothing is right, state `rows: {{minimum: 0}}`.",
    "wrong_magic": f"{_ASK} Its bytes are of another format than the contract's.",
    "web_page": f"{_ASK} It is a web page: look for a login or error at the source.",
    "damaged": f"{_ASK} It was cut or damaged on its way.",
    "bomb": f"{_ASK} It unpacks to far more than a delivery may hold.",
    "unsafe_archive": f"{_ASK} A zip holds one plain member, with no path or password.",
    "wrong_encoding": f"Declare the encoding that the source uses. {_CONTRACT}",
    "header_repeated": _CONTRACT,
    "header_blank": _CONTRACT,
    "column_missing": _CONTRACT,
    "column_unknown": f"{_CONTRACT} `new_column: keep` keeps such columns in `_extra`.",
    "too_many_columns": _CONTRACT,
    "type_changed": f"{_CONTRACT} A name or an id is delivered as one text.",
    "quote_unclosed": f"{_ASK} A quote that opens never closes.",
    "unreadable": f"{_ASK} It cannot be read as its contract says.",
    "footer_missing": f"{_ASK} Without its control total it may have been cut.",
    "footer_mismatch": f"{_ASK} Its rows do not add up to its control total.",
    "too_few_rows": "Look at it; `clientele quarantine accept LOAD` lets it in.",
    "too_many_rows": "Look at it; `clientele quarantine accept LOAD` lets it in.",
    "shrinkage": "Look at it; `clientele quarantine accept LOAD` lets it in.",
    "sheet_missing": _CONTRACT,
    "source_unreachable": "See that the database runs and its connection is right. "
    "Where it is only slow: CLIENTELE_READ_SECONDS says how long it has.",
    "balance": "Keep the file and report it: rows were read that were not counted.",
    # of a row
    "too_few_fields": _ROW,
    "too_many_fields": _ROW,
    "stray_quote": _ROW,
    "broken_encoding": _ROW,
    "nul_byte": _ROW,
    "too_long": _ROW,
    "broken_json": _ROW,
    "repeated_field": _ROW,
    "unknown_field": f"{_CONTRACT} `new_column: keep` keeps such fields in `_extra`.",
    "required_missing": _ROW,
    "not_a_number": _ROW,
    "not_finite": _ROW,
    "overflow": _ROW,
    "mangled_id": "A spreadsheet has cut the digits: take the id from the source.",
    "not_a_date": _ROW,
    "not_a_boolean": _ROW,
    "value_not_accepted": _CONTRACT,
    "out_of_range": _ROW,
    "cell_error": "A formula of the spreadsheet fails: correct it at the source.",
    "date_before_1900": _ROW,
    "date_in_future": _ROW,
    "negative_outside_returns": _ROW,
    "exceeds_original": _ROW,
    "key_conflict": "One key has two contents in one snapshot: the source must choose.",
}

HELD_FOR_A_PERSON = frozenset({"too_few_rows", "too_many_rows", "shrinkage"})
"""Refusals that `accept` may overrule."""


@dataclass
class Refusal(Exception):
    """The whole delivery is refused.

    Args:
        code: A code of `MENDS`.
        what: What is wrong, without any value of the file.
        line: The line of the file, where there is one.
    """

    code: str
    what: str
    line: int | None = None

    @property
    def reason(self) -> str:
        """Return what is wrong, and where."""
        return f"{self.what} (line {self.line})" if self.line else self.what


@dataclass(frozen=True)
class RejectedRow:
    """A row that goes to quarantine.

    Args:
        row: Its ordinal in the delivery, from 1.
        line: The physical line where it starts, from 1, where lines exist.
        code: A code of `MENDS`.
        reason: What is wrong, without any value of the row.
        raw: Its bytes as delivered.
        column: The column at fault, by its name in raw.
    """

    row: int
    line: int | None
    code: str
    reason: str
    raw: bytes
    column: str | None = None

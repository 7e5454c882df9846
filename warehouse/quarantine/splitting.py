"""A refused row as people read it: its text, or its fields, as its contract says."""

import csv
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from warehouse.company import Company
from warehouse.contracts import SourceContract, TableContract
from warehouse.quarantine.refused import Refused, no_such, raw_bytes
from warehouse.receiving.ledger_copy import read_copy
from warehouse.receiving.model import MENDED_FOLDER
from warehouse.receiving.readers.csv import plain_csv, read_header, split_fields
from warehouse.receiving.reasons import Refusal
from warehouse.receiving.text import to_utf8
from warehouse.receiving.unpack import unpack
from warehouse.settings import Settings


@dataclass(frozen=True)
class Delivered:
    """The load that a refused row came in, and the contract that it is held against."""

    source: SourceContract
    table: TableContract
    business_date: date
    delivered_name: str
    sha256: str

    @property
    def name(self) -> str:
        """Return source and table."""
        return f"{self.source.name}.{self.table.name}"

    @property
    def is_plain(self) -> bool:
        """Return whether the house itself wrote the bytes, as plain csv."""
        is_mended = self.delivered_name.startswith(f"{MENDED_FOLDER}/")
        return is_mended or self.table.is_database

    @property
    def headers(self) -> dict[str, str]:
        """Return by a column's name in raw its name in the delivery."""
        return {column.name: column.delivered_as for column in self.table.columns}


_LOAD = """
select source_name, table_name, business_date, delivered_name, sha256
from ledger.load
where load_id = $load_id
"""


def delivered(settings: Settings, company: Company, load_id: int) -> Delivered:
    """Return what is known of a load.

    Raises:
        WrongUseError: There is no such load, or its table has no contract any more.
    """
    with read_copy(settings) as connection:
        found = (
            connection.execute(_LOAD, {"load_id": load_id}).fetchone()
            if connection
            else None
        )
    if found is None:
        raise no_such(f"load {load_id}")
    for source in company.sources:
        for table in source.tables:
            if (source.name, table.name) == found[:2]:
                return Delivered(source, table, *found[2:])
    raise no_such(f"contract of {found[0]}.{found[1]} any more")


def _pairs_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is there twice")
    return found


def _split_json(raw: bytes, load: Delivered) -> dict[str, str] | None:
    """Return the fields of an object; none when one is there twice."""
    try:
        fields = json.loads(raw, object_pairs_hook=_pairs_once)
    except ValueError:
        return None
    if not isinstance(fields, dict):
        return None
    return {
        load.headers.get(str(name), str(name)): value
        if isinstance(value, str)
        else ("" if value is None else json.dumps(value))
        for name, value in fields.items()
    }


@dataclass
class Splitter:
    """Splits refused rows into their fields; reads each delivery's header once."""

    settings: Settings
    company: Company
    _loads: dict[int, Delivered] = field(default_factory=dict)
    _headers: dict[int, list[str] | None] = field(default_factory=dict)

    def load(self, load_id: int) -> Delivered:
        """Return the load that a row came in.

        Raises:
            WrongUseError: Its table has no contract any more.
        """
        if load_id not in self._loads:
            self._loads[load_id] = delivered(self.settings, self.company, load_id)
        return self._loads[load_id]

    def _header(self, load_id: int) -> list[str] | None:
        if load_id not in self._headers:
            try:
                header = self._read_header(self.load(load_id))
            except Refusal:
                header = None
            self._headers[load_id] = header
        return self._headers[load_id]

    def _read_header(self, load: Delivered) -> list[str]:
        places = self.settings.places
        kept = places.deliveries / load.sha256
        with tempfile.TemporaryDirectory(dir=places.temporary) as scratch:
            if load.is_plain:
                return read_header(kept, plain_csv(load.table))[0]
            plain = unpack(kept, load.table, Path(scratch) / "plain")
            utf8 = to_utf8(plain, load.table.encoding, Path(scratch) / "utf8")
            return read_header(utf8, load.table)[0]

    def fields(self, load_id: int, raw: bytes) -> dict[str, str] | None:
        """Return a row's fields by their delivered names; none if it has no such."""
        load = self.load(load_id)
        if load.table.format != "csv" and not load.is_plain:
            return _split_json(raw, load)
        header = self._header(load_id)
        plain = plain_csv(load.table) if load.is_plain else load.table
        try:
            fields = split_fields(raw.decode(plain.encoding).rstrip("\r\n"), plain)
        except (csv.Error, UnicodeDecodeError):
            return None
        if header is None or len(fields) != len(header):
            return None
        return dict(zip(header, fields, strict=True))

    def rows(
        self, chosen: list[Refused]
    ) -> dict[tuple[int, int], tuple[bytes, Mapping[str, str] | None]]:
        """Return by load and row the bytes of rows, and their fields."""
        found: dict[tuple[int, int], tuple[bytes, Mapping[str, str] | None]] = {}
        for load_id in sorted({row.load_id for row in chosen}):
            rows = [row.row_number for row in chosen if row.load_id == load_id]
            for row, raw in raw_bytes(self.settings, load_id, rows).items():
                found[load_id, row] = raw, self.fields(load_id, raw)
        return found

    def text(self, load_id: int, raw: bytes) -> str:
        """Return a row's bytes read as declared; others stay visible as escapes."""
        load = self.load(load_id)
        is_utf8 = load.is_plain or load.table.format != "csv"
        encoding = "utf-8" if is_utf8 else load.table.encoding
        return raw.decode(encoding, "backslashreplace")


def readable(settings: Settings, company: Company, row: Refused) -> str:
    """Return the names of the columns and a refused row's bytes, read as declared.

    Args:
        settings: Where the company's data lies.
        company: Whose contract says how the row was written.
        row: The row.

    Raises:
        WrongUseError: Its table has no contract any more.
    """
    splitter = Splitter(settings, company)
    raw = raw_bytes(settings, row.load_id, [row.row_number])[row.row_number]
    names = ", ".join(splitter.load(row.load_id).headers)
    return f"columns: {names}\n{splitter.text(row.load_id, raw)}"

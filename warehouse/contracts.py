"""The contracts: what each source promised to deliver, read from its dbt sources file.

One file `_<source>__sources.yml` per source is the only contract. This module says what
a contract states; `warehouse.contract_files` reads it, `warehouse.receiving` holds
deliveries against it.
"""

import hashlib
import itertools
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, model_validator

from warehouse.data_types import DataType, wrong_flag, wrong_limit
from warehouse.tolerances import (
    JUDGEMENT,
    Blanks,
    QuarantineLimits,
    Strict,
    Tolerance,
)

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,62}$")]
OtherColumn = Annotated[Identifier | None, Field(exclude_if=lambda name: name is None)]
"""A column of the same row; where none is named, the version is as if none could be."""

PersonalClass = Literal[
    "name",
    "birth_date",
    "email",
    "phone",
    "address",
    "contact",
    "national_id",
    "member_number",
    "account",
    "finance",
    "free_text",
    "online_id",
]
PERSONAL: frozenset[str] = frozenset(get_args(PersonalClass))
DATABASE_FORMATS = frozenset({"sqlite", "postgres"})
RAW = "raw_"
"""What the name of every schema of raw tables begins with."""


class Delivery(StrEnum):
    """How the deliveries of a table follow each other."""

    FULL = "full"
    DELTA = "delta"
    APPEND = "append"


class NumberFormat(Strict):
    """How a source writes numbers; what is not stated is not accepted."""

    decimal_mark: Literal[".", ","] = "."
    thousands_mark: Literal["", ",", ".", " ", "'"] = ""
    symbols: list[str] = Field(default_factory=list)
    """Currency signs that may stand around the number, such as `$`."""
    has_parentheses: bool = False
    """True when `(12.50)` means -12.50."""


NUMBERED_TIMES = frozenset(
    {"epoch_s", "epoch_ms", "epoch_us", "days_since_1970", "excel_serial"}
)
_TELLING_MOMENTS = (
    datetime(2001, 2, 3, 4, 5, 6),
    datetime(2012, 11, 10, 9, 8, 7),
    datetime(1999, 12, 1, 23, 59, 58),
)


def _read_moment(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _ambiguous_formats(formats: list[str]) -> list[str]:
    if NUMBERED_TIMES & set(formats):
        return formats
    for first, second in itertools.permutations(formats, 2):
        for moment in _TELLING_MOMENTS:
            text = moment.strftime(first)
            other = _read_moment(text, second)
            if other and other != _read_moment(text, first):
                return [first, second]
    return []


class ColumnContract(Strict):
    """One column of a delivery.

    `header` is its name in the delivery where that differs from `name`, that of raw.
    `pii` is its class of personal data. `formats` are `strptime` formats of dates and
    times, or one of `epoch_s epoch_ms epoch_us days_since_1970 excel_serial`; ISO 8601
    when empty. `true_values` and `false_values` are how the source writes booleans.
    """

    name: Identifier
    data_type: DataType = "varchar"
    description: str
    header: str | None = None
    pii: PersonalClass | None = None
    is_required: bool = False
    """True when a row without a value goes to quarantine."""
    is_optional: bool = False
    """True when a delivery may leave the whole column out."""
    formats: list[str] = Field(default_factory=list)
    time_zone: str | None = None
    """Zone of timestamps that state no offset; UTC when not set."""
    number: NumberFormat = NumberFormat()
    true_values: list[str] = Field(default=["true", "1", "Y"])
    false_values: list[str] = Field(default=["false", "0", "N"])
    may_be_future: bool = False
    """True for due dates and the like; else a date after the delivery is refused."""
    minimum: float | None = None
    maximum: float | None = None
    negative_only_when: OtherColumn = None
    """Boolean column that is true where this number may be negative, as of a return."""
    not_larger_than: OtherColumn = None
    """Number that this one may not exceed, signs apart, as a refund the sale's."""
    accepted_values: list[str] = Field(default_factory=list)
    blanks: Blanks | None = None
    anomalies: Tolerance | None = None
    """What an unusual share of blanks, or mix of values, of this column means."""

    @model_validator(mode="after")
    def _reads_one_way(self) -> "ColumnContract":
        if len(self.formats) > 1 and (ambiguous := _ambiguous_formats(self.formats)):
            raise ValueError(
                f"column {self.name}: the formats {ambiguous} read one text as "
                "different moments"
            )
        if self.time_zone:
            if self.data_type != "timestamp":
                raise ValueError(f"column {self.name}: only a timestamp has a zone")
            ZoneInfo(self.time_zone)
        return self

    @property
    def delivered_as(self) -> str:
        """Return the column's name in the delivery."""
        return self.header or self.name


class Volume(Strict):
    """How many rows a delivery may have, and how far it may shrink."""

    minimum: int = 0
    maximum: int | None = None
    shrinkage_pct: float | None = None
    """For a full snapshot: refuse it when more than this share of the keys would go."""


class Footer(Strict):
    """A last line that is a control total, never a row.

    `marker` is the text its first field starts with. `row_count_field`, `total_field`
    are 0-based positions; `total_column` is the column whose sum `total_field` states.
    """

    marker: str
    row_count_field: int | None = None
    total_field: int | None = None
    total_column: str | None = None


class TableContract(Strict):
    """One table of a source: where it is delivered, how written, what it holds."""

    name: Identifier
    description: str
    format: Literal["csv", "json_lines", "parquet", "excel", "sqlite", "postgres"]
    place: str
    """Glob below the business date's folder; for a database, its file or service."""
    encoding: str = "utf-8"
    compression: Literal["none", "gzip", "zip"] = "none"
    delimiter: str = Field(default=",", pattern=r"^[\x01-\x09\x0b\x0c\x0e-\x7f]$")
    quote: str = Field(default='"', pattern=r"^[\x21-\x7e]?$")
    """What stands around fields, doubled inside them; empty when nothing does."""
    null_token: str = ""
    sheet: str | None = None
    """Sheet of an Excel book."""
    relation: str | None = None
    """Table of the database to read."""
    cursor: Identifier | None = None
    """Column of the database that only grows, and says what is new."""
    keys: list[Identifier]
    delivery: Delivery
    clock: Identifier | None = None
    """Column with the source's own time of the row; else the business date counts."""
    new_column: Literal["keep", "reject"] = "reject"
    rows: Volume = Volume()
    footer: Footer | None = None
    quarantine: QuarantineLimits | None = None
    anomalies: Tolerance | None = None
    """What it means when volume, blanks or mix are not as they were."""
    columns: list[ColumnContract]

    @model_validator(mode="after")
    def _hangs_together(self) -> "TableContract":
        names = [column.name for column in self.columns]
        named = [*self.keys, *filter(None, [self.cursor, self.clock])]
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.name} names a column twice")
        if missing := set(named) - set(names):
            raise ValueError(f"table {self.name} has no columns {sorted(missing)}")
        if self.is_database != bool(self.relation and self.cursor):
            raise ValueError(f"table {self.name}: a database needs relation and cursor")
        if self.delivery is not Delivery.APPEND and not self.keys:
            raise ValueError(f"table {self.name}: {self.delivery} needs keys")
        return self

    @model_validator(mode="after")
    def _compares_what_it_has(self) -> "TableContract":
        types = {column.name: column.data_type for column in self.columns}
        for column in self.columns:
            flag, limit = column.negative_only_when, column.not_larger_than
            where = f"table {self.name}, column {column.name}"
            if wrong := wrong_flag(types, column.name, flag):
                raise ValueError(f"{where}: negative_only_when {wrong}")
            if wrong := wrong_limit(types, column.name, limit):
                raise ValueError(f"{where}: not_larger_than {wrong}")
        return self

    @property
    def is_database(self) -> bool:
        """Return whether the table is read by query and not from a file."""
        return self.format in DATABASE_FORMATS

    @property
    def version(self) -> str:
        """Return a short digest that changes when what is read does."""
        text = self.model_dump_json(exclude=JUDGEMENT)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def column(self, name: str) -> ColumnContract:
        """Return a column by its name in raw."""
        return next(column for column in self.columns if column.name == name)


class ListTerms(Strict):
    """What was agreed with the vendor of an external source."""

    vendor: str
    category: str
    """Code of the dictionary `list_category`."""
    acquisition: Literal["bought", "rented", "exchanged", "public"] = "bought"
    """How the list was come by; a code of the dictionary `list_acquisition`."""
    price_amount: float
    currency_code: str = Field(pattern=r"^[A-Z]{3}$")
    allowed_uses: int | None = None
    expires_on: str | None = None
    purposes: list[str]


class SourceContract(Strict):
    """One source: who collects, why, how near to the customer, and its tables."""

    name: Identifier
    description: str
    kind: Literal["internal", "external"]
    channel: str
    """Code of the dictionary `channel`."""
    first_step: Literal["customer", "company", "third_party"]
    """Who takes the first step when a record is made."""
    contact_frequency: Literal["daily", "weekly", "monthly", "yearly", "once"]
    """How often the parties touch."""
    purpose: str
    collected_by: str
    collected_how: str
    collected_where: str = "_unknown"
    collected_why: str | None = None
    """Why values are collected, where that says more than `purpose`."""
    is_unique: bool = False
    """True when the source never holds one customer twice: no two are merged."""
    cost_per_record_amount: float = 0
    terms: ListTerms | None = None
    tables: list[TableContract]

    @model_validator(mode="after")
    def _external_has_terms(self) -> "SourceContract":
        if (self.kind == "external") != (self.terms is not None):
            raise ValueError(f"source {self.name}: an external source states its terms")
        return self

    @property
    def schema_name(self) -> str:
        """Return the schema of the archive that holds the source's raw tables."""
        return f"{RAW}{self.name}"

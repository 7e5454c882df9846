"""What a file of records holds: each column's name, type, meaning, and the key."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from pypinyin import lazy_pinyin

from warehouse.company import Company
from warehouse.contracts import ColumnContract
from warehouse.errors import WrongUseError
from warehouse.sniffing.meaning import (
    Entity,
    EntityColumn,
    codes_of,
    column_meant,
    entity_of,
    folded,
    is_clock,
    personal_class,
)
from warehouse.sniffing.sample import Sample, read_sample
from warehouse.sniffing.values import (
    AmbiguousValuesError,
    contract_of,
    distinct_values,
    is_key,
    share_like,
)

MOST_CODES = 40
_NOT_MAPPED = "Not mapped to the input layer."
_TIMED = ("date", "timestamp")
_LOOKS = {
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "national_id": r"[1-9]\d{5}(19|20)\d{9}[\dXx]",
    "phone": r"(\+?86[- ]?)?1[3-9]\d{9}",
}


@dataclass(frozen=True)
class SniffedColumn:
    """One column of the file.

    `feeds` is the column of the input entity that it feeds, None where none was found;
    `codes` maps its values, in lower case, to codes of the dictionary; `unknown_codes`
    are those that the dictionary lacks.
    """

    contract: ColumnContract
    header: str
    feeds: str | None
    codes: dict[str, str]
    unknown_codes: list[str]
    why_not: str | None = None


@dataclass(frozen=True)
class Sniffed:
    """A file of records, and how it feeds an input entity."""

    sample: Sample
    entity: Entity
    columns: list[SniffedColumn]
    key: SniffedColumn
    clock: SniffedColumn | None

    @property
    def mapped(self) -> list[SniffedColumn]:
        """Return the columns that feed the entity."""
        return [column for column in self.columns if column.feeds]


def sniff(
    file: Path,
    *,
    entity: str,
    company: Company,
    date_format: str | None = None,
) -> Sniffed:
    """Look once at a file of records.

    Args:
        file: A sample of what will be delivered, or the first delivery.
        entity: The input entity that it feeds.
        company: Whose dictionaries and time zone to read it by.
        date_format: How dates are written, where the file leaves two readings open.

    Raises:
        WrongUseError: The file cannot be read, can be read in two ways, or has no key.
    """
    sample = read_sample(file)
    aim = entity_of(entity)
    feeds = _feeds(sample, aim)
    names = _names(sample.headers, feeds)
    columns = [
        _column(sample, i, names[i], aim, feeds.get(i), company, date_format)
        for i in range(len(names))
    ]
    key = next(column for i, column in enumerate(columns) if i == _key(feeds, aim))
    clock = next(
        (c for c in columns if is_clock(c.header) and c.contract.data_type in _TIMED),
        None,
    )
    return Sniffed(sample=sample, entity=aim, columns=columns, key=key, clock=clock)


def _feeds(sample: Sample, entity: Entity) -> dict[int, str]:
    """Map columns of the sample to columns of the entity, each taken once."""
    taken: dict[str, int] = {}
    for i, header in enumerate(sample.headers):
        column = column_meant(header, entity.name)
        if column and column not in taken:
            taken[column] = i
    if not _can_be_key(sample, taken.get(entity.record_id)):
        taken[entity.record_id] = _key_among(sample, entity, taken)
    claimed: dict[int, str] = {}
    for column, i in taken.items():
        if i not in claimed or column == entity.record_id:
            claimed[i] = column
    return claimed


def _can_be_key(sample: Sample, index: int | None) -> bool:
    return index is not None and is_key(sample, index)


def _key_among(sample: Sample, entity: Entity, taken: dict[str, int]) -> int:
    """Return the first unique column that is no datum of the record itself."""
    described = set(taken.values())
    indexes = [i for i in range(len(sample.headers)) if is_key(sample, i)]
    spare = [i for i in indexes if i not in described]
    numbers = [taken[c] for c in ("member_number", "order_number", "sku") if c in taken]
    for i in [*spare, *(i for i in numbers if i in indexes)]:
        return i
    raise WrongUseError(
        "no column is a key: none is never empty, never repeated, and a number of the "
        "record rather than its content",
        where=sample.file.name,
        mend=f"Give the file a column such as '{entity.name}_id'.",
    )


def _key(feeds: dict[int, str], entity: Entity) -> int:
    return next(i for i, column in feeds.items() if column == entity.record_id)


def _names(headers: list[str], feeds: dict[int, str]) -> list[str]:
    """Name the columns in raw: lower case, digits and underscores, each once."""
    names: list[str] = []
    for i, header in enumerate(headers):
        name = snake(header, otherwise=feeds.get(i))
        while name in names:
            name = f"{name[:60]}_{i + 1}"
        names.append(name)
    return names


def snake(text: str, *, otherwise: str | None = None) -> str:
    """Return a text as a name: `CustomerKey` as `customer_key`, Chinese by its sound.

    Args:
        text: Any text.
        otherwise: A name to take for a text that is not ASCII.
    """
    plain = unicodedata.normalize("NFKC", text)
    if otherwise and not plain.isascii():
        return otherwise
    plain = plain.replace("ß", "ss")
    spoken = "_".join(lazy_pinyin(plain, errors=lambda part: f"_{part}_"))
    ascii_only = (
        unicodedata.normalize("NFKD", spoken).encode("ascii", "ignore").decode()
    )
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", ascii_only)
    name = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
    return (name if re.match(r"[a-z]", name) else f"column_{name}".strip("_"))[:60]


def _column(
    sample: Sample,
    index: int,
    name: str,
    entity: Entity,
    feeds: str | None,
    company: Company,
    date_format: str | None,
) -> SniffedColumn:
    aim = entity.columns[feeds] if feeds else None
    contract = _contract(sample, index, name, aim, company, date_format)
    codes, unknown = _codes(sample, index, aim, company)
    why_not = _why_not(aim, contract, codes)
    described = aim.description if aim and not why_not else _NOT_MAPPED
    contract = contract.model_copy(
        update={
            "description": described,
            "pii": aim.pii if aim else _personal(sample, index),
            "is_required": feeds == entity.record_id,
        }
    )
    return SniffedColumn(
        contract=contract,
        header=sample.headers[index],
        feeds=None if why_not else feeds,
        codes=codes,
        unknown_codes=unknown if codes else [],
        why_not=why_not,
    )


def _why_not(
    aim: EntityColumn | None, contract: ColumnContract, codes: dict[str, str]
) -> str | None:
    """Return why a column cannot feed what its name means, if so."""
    if aim and contract.data_type == "varchar" != aim.data_type:
        return f"its values are not all of type {aim.data_type}"
    if aim and aim.dictionary and not codes:
        return f"its values are not of dictionary {aim.dictionary}"
    return None


def _contract(
    sample: Sample,
    index: int,
    name: str,
    aim: EntityColumn | None,
    company: Company,
    date_format: str | None,
) -> ColumnContract:
    """Return how the column is written; what feeds nothing need not be asked about."""
    try:
        return contract_of(
            sample,
            index,
            name=name,
            wanted=aim.data_type if aim else None,
            date_format=date_format,
            time_zone=company.time_zone,
        )
    except AmbiguousValuesError:
        if aim or is_clock(sample.headers[index]):
            raise
        return contract_of(
            sample,
            index,
            name=name,
            wanted="varchar",
            date_format=date_format,
            time_zone=company.time_zone,
        )


def _codes(
    sample: Sample, index: int, aim: EntityColumn | None, company: Company
) -> tuple[dict[str, str], list[str]]:
    """Return the code of each value that has one, and the values that have none."""
    if not (aim and aim.dictionary):
        return {}, []
    values = distinct_values(sample, index, limit=MOST_CODES)
    known = codes_of(aim.dictionary, company.folder)
    found: dict[str, str] = {}
    unknown = []
    for value in values or []:
        if folded(value) in known:
            found[value.lower()] = known[folded(value)]
        else:
            unknown.append(value)
    return found, unknown


def _personal(sample: Sample, index: int) -> str | None:
    by_name = personal_class(sample.headers[index])
    if by_name:
        return by_name
    return next(
        (
            each
            for each, look in _LOOKS.items()
            if share_like(sample, index, look) > 0.5
        ),
        None,
    )

"""Writes a new source into a company: contract, staging model, mapping.

Nothing is overwritten: a source that exists is changed by hand.
"""

import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from warehouse.company import Company
from warehouse.errors import WrongUseError
from warehouse.settings import Settings
from warehouse.sniffing.layout import (
    UNKNOWN,
    constants,
    contract_text,
    is_name_composed,
    staging_sql,
    staging_yml,
)
from warehouse.sniffing.sniff import Sniffed, snake, sniff

_CHANGING = re.compile(r"\d{4}[-_.]?\d{2}[-_.]?\d{2}|\d{4,}")


@dataclass(frozen=True)
class Written:
    """What was written, what was found, and what is left to say; printed as text."""

    files: list[Path]
    mapping: Path
    model: str
    sniffed: Sniffed
    fixed: dict[str, str]
    landing: Path

    def __str__(self) -> str:
        """Return the report for the engineer."""
        return "\n".join([*self._files(), "", *self._found(), "", *self._left()])

    def _files(self) -> list[str]:
        entity = self.sniffed.entity.name
        return [
            *(f"wrote    {_shown(file)}" for file in self.files),
            f"changed  {_shown(self.mapping)}: {self.model} feeds {entity}",
        ]

    def _found(self) -> list[str]:
        sample = self.sniffed.sample
        dialect = f", {sample.encoding}, delimiter {sample.delimiter!r}"
        lines = [
            f"read     {sample.row_count:,} rows of {sample.format}"
            + (dialect if sample.format == "csv" else ""),
            f"key      {self.sniffed.key.header}",
        ]
        if self.sniffed.clock:
            lines.append(f"clock    {self.sniffed.clock.header}")
        width = max(len(column.header) for column in self.sniffed.columns)
        for column in self.sniffed.mapped:
            kind = " ".join([column.contract.data_type, *column.contract.formats])
            lines.append(f"mapped   {column.header:<{width}}  {column.feeds} ({kind})")
        lines += [
            f"mapped   {f'{value!r}':<{width}}  {name} (the same for every row)"
            for name, value in self.fixed.items()
        ]
        if is_name_composed(self.sniffed):
            lines.append(f"mapped   {'both names':<{width}}  full_name")
        for column in self.sniffed.columns:
            if not column.feeds and column is not self.sniffed.clock:
                why = column.why_not or "no column of the entity is called so"
                lines.append(f"in raw   {column.header:<{width}}  {why}")
        return lines

    def _left(self) -> list[str]:
        lines = [
            f"to do    {column.header}: no code for {', '.join(column.unknown_codes)};"
            " they become null"
            for column in self.sniffed.columns
            if column.unknown_codes
        ]
        return [
            *lines,
            f"to do    in {self.files[0].name}, replace {UNKNOWN}, and check kind,"
            " channel, first_step and contact_frequency",
            f"next     lay the file under {_shown(self.landing)}/<business date>/, then"
            " `clientele source check` and `clientele night`",
        ]


def _shown(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def write_source(
    settings: Settings,
    company: Company,
    file: Path,
    *,
    entity: str,
    source_name: str | None = None,
    date_format: str | None = None,
) -> Written:
    """Write contract, staging model and mapping of a source from a file of its records.

    Args:
        settings: Where deliveries wait.
        company: The company that the source belongs to.
        file: A sample of what will be delivered, or the first delivery.
        entity: The input entity that it feeds.
        source_name: Name of the source; the file's own, without dates, when not given.
        date_format: How dates are written, where the file leaves two readings open.

    Raises:
        WrongUseError: The source exists, or the file cannot be read one way only.
    """
    table = snake(_CHANGING.sub("", file.stem))
    source = source_name or table
    folder = _new_folder(company, source)
    sniffed = sniff(file, entity=entity, company=company, date_format=date_format)
    model = f"stg_{source}__{table}"
    fixed = constants(sniffed, source, company.currency)
    place = re.sub(r"\*+", "*", _CHANGING.sub("*", file.name))
    files = {
        f"_{source}__sources.yml": contract_text(sniffed, source, table, place),
        f"{model}.sql": staging_sql(sniffed, source, table, company.currency),
        f"{model}.yml": staging_yml(sniffed, model, fixed),
    }
    mapping = company.folder / "company.yml"
    mapped = with_input(mapping.read_text(encoding="utf-8"), entity, model)
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    mapping.write_text(mapped, encoding="utf-8")
    return Written(
        files=[folder / name for name in files],
        mapping=mapping,
        model=model,
        sniffed=sniffed,
        fixed=fixed,
        landing=company.landing_folder(settings),
    )


def _new_folder(company: Company, source: str) -> Path:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", source):
        raise WrongUseError(
            f"{source!r} is not allowed as the name of a source",
            where="--source",
            mend="Use up to 41 lower-case letters, digits and underscores.",
        )
    folder = company.folder / "sources" / source
    if folder.exists() or any(each.name == source for each in company.sources):
        raise WrongUseError(
            f"the source '{source}' exists",
            where=str(folder),
            mend="Choose another name with --source, or add the table by hand.",
        )
    return folder


def with_input(text: str, entity: str, model: str) -> str:
    """Return the text of `company.yml` with one more model that feeds an entity.

    Comments, order and quotes stay as they are.
    """
    document = YAML()
    document.preserve_quotes = True
    document.width = 4096
    if re.search(r"^ {4}- ", text, re.MULTILINE):
        document.indent(mapping=2, sequence=4, offset=2)
    stated = document.load(text)
    inputs = stated.setdefault("inputs", {}) or {}
    models = inputs.setdefault(entity, [])
    if model not in models:
        models.append(model)
    stated["inputs"] = inputs
    written = StringIO()
    document.dump(stated, written)
    return written.getvalue()

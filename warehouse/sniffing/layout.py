"""The text of the files that make a source, in the manner of the house.

What they say comes from `warehouse.sniffing.sniff`; where they go is up to
`warehouse.sniffing.writing`.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from warehouse.contracts import ColumnContract, NumberFormat
from warehouse.database import literal
from warehouse.sniffing.meaning import DELIVERY_COLUMNS
from warehouse.sniffing.sniff import Sniffed, SniffedColumn

WIDTH = 88
UNKNOWN = "_unknown"
_SNAPSHOTS = ("party", "product", "outlet", "campaign", "contact_point")
_LABELS = ("keys", "attributes", "flags", "measures", "dates", "timestamps")
_LABEL_OF_TYPE = {
    "boolean": "flags",
    "integer": "measures",
    "bigint": "measures",
    "date": "dates",
    "timestamp": "timestamps",
}
_DELIVERY_DESCRIPTIONS = (
    "Source that delivered the row.",
    "Load that brought the row.",
    "Ordinal of the record in its delivery.",
    "Digest of the record as delivered.",
    "Since when the warehouse knows the row (UTC).",
    "Business date of the delivery.",
    "Since when the row holds (UTC).",
    "True when the source says that the record is gone.",
)
_NULLABLE = ("record_hash",)
_MODEL = """\
with source as (
    select * from {{{{ source('{source}', '{table}') }}}}
),

renamed as (
    select
{columns}
    from source
)

select * from renamed
"""


def flow(value: Any) -> str:  # noqa: ANN401 - anything that YAML can hold
    """Return a value as YAML on one line."""
    text = yaml.safe_dump(
        value,
        default_flow_style=True,
        allow_unicode=True,
        sort_keys=False,
        width=float("inf"),
    )
    return text.removesuffix("...\n").strip()


def contract_text(sniffed: Sniffed, source: str, table: str, place: str) -> str:
    """Return the sources file: what is promised from now on."""
    about = {
        "kind": "internal",
        "channel": "web",
        "first_step": "customer",
        "contact_frequency": "yearly",
        "purpose": UNKNOWN,
        "collected_by": UNKNOWN,
        "collected_how": UNKNOWN,
        "collected_where": UNKNOWN,
    }
    lines = [
        "version: 2",
        "",
        "sources:",
        f"  - name: {source}",
        f"    description: {flow(f'Deliveries like {sniffed.sample.file.name}.')}",
        "    database: archive",
        f"    schema: raw_{source}",
        "    config:",
        "      meta:",
        "        contract:",
        *_block(about, 10),
        "    tables:",
        f"      - name: {table}",
        f"        description: {flow(_grain(sniffed))}",
        "        config:",
        "          meta:",
        "            contract:",
        *_block(_table_contract(sniffed, place), 14),
        "        columns:",
    ]
    for column in sniffed.columns:
        lines += _column_lines(column.contract)
    return "\n".join(lines) + "\n"


def _block(values: dict[str, Any], indent: int) -> list[str]:
    return [f"{' ' * indent}{name}: {flow(value)}" for name, value in values.items()]


def _grain(sniffed: Sniffed) -> str:
    return f"One row per record that feeds `{sniffed.entity.name}`."


def _table_contract(sniffed: Sniffed, place: str) -> dict[str, Any]:
    sample = sniffed.sample
    is_snapshot = sniffed.entity.name in _SNAPSHOTS
    stated: dict[str, Any] = {"format": sample.format, "place": place}
    if sample.format == "csv":
        stated |= {"encoding": sample.encoding, "delimiter": sample.delimiter}
    if sample.sheet:
        stated["sheet"] = sample.sheet
    stated |= {
        "delivery": "full" if is_snapshot else "append",
        "keys": [sniffed.key.contract.name],
    }
    if sniffed.clock:
        stated["clock"] = sniffed.clock.contract.name
    limits: dict[str, Any] = {"minimum": 1}
    stated["rows"] = limits | ({"shrinkage_pct": 10} if is_snapshot else {})
    return stated


def _column_lines(column: ColumnContract) -> list[str]:
    stated = column.model_dump(
        include={"header", "pii", "is_required", "formats", "time_zone"},
        exclude_defaults=True,
    )
    number = column.number.model_dump(exclude_defaults=True)
    if column.number != NumberFormat():
        stated["number"] = number
    if column.data_type == "boolean":
        stated |= column.model_dump(include={"true_values", "false_values"})
    lines = [
        f"          - name: {column.name}",
        f"            description: {flow(column.description)}",
        f"            data_type: {column.data_type}",
    ]
    if not stated:
        return lines
    whole = f"            config: {{meta: {{contract: {flow(stated)}}}}}"
    if len(whole) <= WIDTH:
        return [*lines, whole]
    head = ["            config:", "              meta:", "                contract:"]
    return [*lines, *head, *_block(stated, 18)]


def staging_sql(sniffed: Sniffed, source: str, table: str, currency: str) -> str:
    """Return the staging model: rename, type, and codes of the dictionaries."""
    groups: dict[str, list[str]] = {label: [] for label in _LABELS}
    for column in sniffed.mapped:
        expression = _expression(column, source, table)
        groups[_label(sniffed, column)].append(_aliased(expression, column.feeds or ""))
    if is_name_composed(sniffed):
        groups["attributes"].append(_composed_name(sniffed, source, table))
    for name, value in constants(sniffed, source, currency).items():
        label = "keys" if name.endswith("_source_name") else "attributes"
        groups[label].append(f"        {literal(value)} as {name}")
    selected = [
        f"        -- {label}\n" + ",\n".join(lines)
        for label, lines in groups.items()
        if lines
    ]
    delivery = f"        {_delivery(sniffed, source, table)}"
    return _MODEL.format(
        source=source, table=table, columns=",\n\n".join([delivery, *selected])
    )


def is_name_composed(sniffed: Sniffed) -> bool:
    """Tell whether the whole name of a person is to be made of its parts."""
    fed = {column.feeds for column in sniffed.mapped}
    return {"given_name", "family_name"} <= fed and "full_name" not in fed


def _composed_name(sniffed: Sniffed, source: str, table: str) -> str:
    raw = {column.feeds: column.contract.name for column in sniffed.mapped}
    parts = [
        f"            {{{{ typed('{source}', '{table}', '{raw[part]}') }}}}"
        for part in ("given_name", "family_name")
    ]
    return "\n".join(
        [
            "        concat_ws(",
            "            ' ',",
            ",\n".join(parts),
            "        ) as full_name",
        ]
    )


def _delivery(sniffed: Sniffed, source: str, table: str) -> str:
    if not sniffed.clock:
        return f"{{{{ delivery_columns('{source}') }}}}"
    typed = f"typed('{source}', '{table}', '{sniffed.clock.contract.name}')"
    return (
        f"{{{{ delivery_columns(\n            '{source}',\n            clock='cast('\n"
        f"                ~ {typed}\n                ~ ' as timestamp)'\n        ) }}}}"
    )


def _label(sniffed: Sniffed, column: SniffedColumn) -> str:
    if (column.feeds or "").endswith("_record_id") or column.feeds == "order_number":
        return "keys"
    kind = sniffed.entity.columns[column.feeds or ""].data_type
    return _LABEL_OF_TYPE.get(kind, "measures" if "decimal" in kind else "attributes")


def _expression(column: SniffedColumn, source: str, table: str) -> str:
    typed = f"{{{{ typed('{source}', '{table}', '{column.contract.name}') }}}}"
    if not column.codes:
        return typed
    whens = [
        f"            when {literal(value)} then {literal(code)}"
        for value, code in sorted(column.codes.items())
    ]
    return "\n".join([f"case lower({typed})", *whens, "        end"])


def _aliased(expression: str, alias: str) -> str:
    line = f"        {expression} as {alias}"
    if len(line.splitlines()[-1]) < WIDTH:
        return line
    return f"        {expression}\n            as {alias}"


def constants(sniffed: Sniffed, source: str, currency: str) -> dict[str, str]:
    """Return the columns that hold the same for every row, with their values."""
    fed = {column.feeds for column in sniffed.mapped}
    found = {}
    for name in sniffed.entity.columns:
        reference = name.removesuffix("_source_name") + "_record_id"
        if name.endswith("_source_name") and reference in fed:
            found[name] = source
    if sniffed.entity.name == "party":
        is_organisation = fed & {"organisation_code", "legal_representative"}
        found["party_kind"] = "organisation" if is_organisation else "person"
    has_amounts = any(name and name.endswith("_amount") for name in fed)
    if has_amounts and "currency_code" not in fed:
        found["currency_code"] = currency
    return found


def staging_yml(sniffed: Sniffed, model: str, fixed: dict[str, str]) -> str:
    """Return the yml beside the staging model."""
    records = model.removeprefix("stg_").replace("__", ".")
    lines = [
        "version: 2",
        "",
        "models:",
        f"  - name: {model}",
        f"    description: One row per delivered state of a record of {records}.",
        "    columns:",
    ]
    named = zip(DELIVERY_COLUMNS, _DELIVERY_DESCRIPTIONS, strict=False)
    for name, description in named:
        lines += [f"      - name: {name}", f"        description: {description}"]
        lines += [] if name in _NULLABLE else ["        data_tests: [not_null]"]
    for name in _yielded(sniffed, fixed):
        column = sniffed.entity.columns[name]
        lines += [
            f"      - name: {name}",
            f"        description: {flow(column.description)}",
        ]
        if column.pii:
            lines.append(f"        config: {{meta: {{pii: {column.pii}}}}}")
        if name == sniffed.entity.record_id:
            lines.append("        data_tests: [not_null]")
    return "\n".join(lines) + "\n"


def _yielded(sniffed: Sniffed, fixed: dict[str, str]) -> Iterator[str]:
    named = {column.feeds for column in sniffed.mapped} | set(fixed)
    if is_name_composed(sniffed):
        named.add("full_name")
    yield from (name for name in sniffed.entity.columns if name in named)

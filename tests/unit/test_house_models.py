"""The house rules for models, read from the dbt manifest of every company that ships.

Who may read whom, one yml beside each model, keys and references tested, columns
described, personal data marked. How SQL is written is in `test_house_sql.py`.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

import pytest
from house import listed

from warehouse.settings import PROJECT_ROOT

Node = dict[str, Any]
Manifest = dict[str, Any]

COMPANIES = sorted(
    file.parent.name for file in (PROJECT_ROOT / "companies").glob("*/company.yml")
)
STEWARD = ("models", "steward")
"""The one source that is no company's: what people decide with the house's commands."""
MAY_READ = {
    "staging": {"raw", "seeds"},
    "input": {"staging", "seeds"},
    "intermediate": {
        *("input", "intermediate", "seeds"),
        *("identity", "ledger", "quarantine"),
    },
    "shared": {"intermediate", "marts", "seeds", "ledger"},
    "descriptive": {"intermediate", "marts", "seeds"},
    "behavioural": {"intermediate", "marts", "seeds"},
    "associative": {"intermediate", "marts", "seeds", "scores"},
    "quality": {"intermediate", "marts", "seeds", "ledger", "checks"},
    "aggregates": {"marts", "aggregates", "seeds"},
}
MARTS = {"shared", "descriptive", "behavioural", "associative", "quality"}
PUBLISHED = MARTS | {"aggregates"}
NAMES = {
    "staging": r"stg_[a-z0-9_]+__[a-z0-9_]+",
    "input": r"input_[a-z_]+",
    "intermediate": r"int_[a-z_]+?__[a-z_]+",
    "aggregates": r"agg_[a-z_]+",
} | dict.fromkeys(MARTS, r"(dim|fct|bridge|hist|agg|view)_[a-z_]+")

PERSONAL = re.compile(
    r"^(?!is_|has_)(?:\w+_)?(e_?mail|phone|mobile|fax|birth_date|national_id"
    r"|member_number|card_number|address_line|bank_account|full_name|family_name"
    r"|given_name|contact_person_name|legal_representative|authorised_buyers"
    r"|assessor|ip_address|free_text)(?:_standard)?$"
)
NOT_PERSONAL = {
    "input_outlet.address_line": "the address of a shop is public",
    "dim_outlet.address_line": "the address of a shop is public",
    "stg_shop_system__outlets.address_line": "the address of a shop is public",
    "organisations.full_name": "names of organisations are not personal data",
    "organisations.credit_assessor": "a number of staff, not a name",
}
"""Columns that sound personal and are not, as `table.column`, each with its reason."""
MAY_NAME_SOMEBODY = re.compile(r"\.agent_code$")
"""Published columns, as `table.column`, in which a source may write a person's name."""
NO_REFERENCE = {
    "fct_sale.order_key": "the order has no table of its own; its lines share the key",
    "bridge_customer_identity.customer_id": "an id of the past may be merged away",
    "fct_identity_change.customer_id": "what was merged away is what it tells of",
}
"""Columns that look like a reference and are none, each with its reason."""
DESCRIBED_BY_THE_COMPANY = {
    "dim_customer_extra": "its columns are rows of a company's dictionary",
}
"""Published tables without a contract of their own, each with its reason."""
BITEMPORAL = {
    "bridge_customer_identity": "its ranges are of known time, and tested as such",
}
"""Histories whose ranges of validity may overlap, each with its reason."""


@pytest.fixture(params=COMPANIES)
def manifest(
    request: pytest.FixtureRequest, manifest_of: Callable[[str], Manifest]
) -> Manifest:
    """The dbt manifest of one company that ships."""
    return manifest_of(request.param)


def layer(node: Node) -> str:
    """Name the layer of a dbt node by the folder or the schema it lives in."""
    if node["resource_type"] == "seed":
        return "seeds"
    if node["resource_type"] == "source":
        return "raw" if node["schema"].startswith("raw_") else node["schema"]
    parts = PurePosixPath(node["original_file_path"]).parts
    if parts[0] == "companies" or parts[:2] == STEWARD:
        return "staging"
    return parts[2] if parts[1] == "marts" else parts[1]


def models(manifest: Manifest, layers: set[str] | None = None) -> Iterator[Node]:
    """Yield the models of some layers, or all."""
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and (not layers or layer(node) in layers):
            yield node


def checks_of(manifest: Manifest, model: Node) -> list[Node]:
    """List the generic data tests that are attached to a model."""
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("attached_node") == model["unique_id"]
    ]


def columns_with(manifest: Manifest, model: Node, test: str) -> set[str]:
    """Name the columns of a model that have a test of that name."""
    return {
        node["column_name"]
        for node in checks_of(manifest, model)
        if node["test_metadata"]["name"] == test and node["column_name"]
    }


def not_null(manifest: Manifest, model: Node) -> set[str]:
    """Name the columns that a test or a constraint keeps from being null."""
    constrained = {
        name
        for name, column in model["columns"].items()
        if any(each["type"] == "not_null" for each in column["constraints"])
    }
    return constrained | columns_with(manifest, model, "not_null")


def primary_key(model: Node) -> list[str]:
    """Return the columns that identify a row of a published table."""
    keys: list[str] = model["config"]["meta"].get("primary_key", [])
    return keys


def test_a_model_reads_only_what_is_drawn(manifest: Manifest) -> None:
    """Marts read intermediate and never input; staging reads its raw table alone."""
    nodes = manifest["nodes"] | manifest["sources"]
    astray = [
        f"{model['name']} reads {nodes[parent]['name']}"
        for model in models(manifest)
        for parent in model["depends_on"]["nodes"]
        if ({"marts"} if layer(nodes[parent]) in MARTS else {layer(nodes[parent])})
        - MAY_READ[layer(model)]
    ]
    assert not astray, listed(astray)


def test_a_model_is_named_for_its_layer(manifest: Manifest) -> None:
    """A name tells the layer, and a staging model's name tells its source."""
    astray = [
        model["name"]
        for model in models(manifest)
        if not re.fullmatch(NAMES[layer(model)], model["name"])
    ]
    assert not astray, listed(astray)


def test_a_model_says_its_grain_in_a_yml_beside_it(manifest: Manifest) -> None:
    """Every model has a yml of its own that opens by saying what one row is."""
    astray = [
        model["name"]
        for model in models(manifest)
        if not (model["patch_path"] or "").endswith(
            "/" + PurePosixPath(model["original_file_path"]).with_suffix(".yml").name
        )
        or not model["description"].startswith("One row per ")
    ]
    assert not astray, listed(astray)


def test_a_published_column_is_described_and_typed(manifest: Manifest) -> None:
    """Published tables are under contract; a reader never guesses at a column."""
    astray = [
        f"{model['name']}.{column['name']}"
        for model in models(manifest, PUBLISHED)
        for column in model["columns"].values()
        if not column["description"] or not column["data_type"]
    ]
    uncovered = [
        model["name"]
        for model in models(manifest, PUBLISHED)
        if not model["columns"]
        or model["config"]["contract"]["enforced"]
        == (model["name"] in DESCRIBED_BY_THE_COMPANY)
    ]
    assert not astray + uncovered, listed(astray + uncovered)


def test_a_column_of_the_input_layer_is_described_and_typed(
    manifest: Manifest,
) -> None:
    """The standard that sources are mapped to is written down column by column."""
    astray = [
        f"{model['name']}.{column['name']}"
        for model in models(manifest, {"input"})
        for column in model["columns"].values()
        if not column["description"] or not column["data_type"]
    ]
    assert not astray, listed(astray)


def test_a_published_table_has_a_tested_primary_key(manifest: Manifest) -> None:
    """A key is unique and never null, by tests that the gate is made from."""
    astray = []
    for model in models(manifest, PUBLISHED):
        keys = primary_key(model)
        together = [
            set(node["test_metadata"]["kwargs"]["columns"])
            for node in checks_of(manifest, model)
            if node["test_metadata"]["name"] == "unique_together"
        ]
        is_unique = set(keys) in together or (
            len(keys) == 1 and keys[0] in columns_with(manifest, model, "unique")
        )
        if not keys or not is_unique or set(keys) - not_null(manifest, model):
            astray.append(model["name"])
    assert not astray, listed(astray)


def test_a_foreign_key_has_its_reference_tested(manifest: Manifest) -> None:
    """Every key that points elsewhere is never null and finds its member."""
    astray = [
        f"{model['name']}.{column}"
        for model in models(manifest, PUBLISHED)
        for column in model["columns"]
        if (column.endswith("_key") or column == "customer_id")
        and [column] != primary_key(model)
        and model["name"] not in ("dim_customer", "hist_customer")
        and f"{model['name']}.{column}" not in NO_REFERENCE
        and column
        not in columns_with(manifest, model, "relationships")
        & not_null(manifest, model)
    ]
    assert not astray, listed(astray)


def test_a_history_is_tested_for_its_ranges(manifest: Manifest) -> None:
    """Whatever has a range of validity is tested for overlaps or gaps."""
    astray = [
        model["name"]
        for model in models(manifest, MARTS | {"intermediate"})
        if {"valid_from", "valid_to"} <= set(model["columns"])
        and not model["name"].startswith("view_")
        and model["name"] not in BITEMPORAL
        and not any(
            node["test_metadata"]["name"].startswith("versions_")
            for node in checks_of(manifest, model)
        )
    ]
    assert not astray, listed(astray)


def test_an_intermediate_model_has_a_unit_test(manifest: Manifest) -> None:
    """What decides something is shown deciding it."""
    shown = {test["model"] for test in manifest["unit_tests"].values()}
    found = {model["name"] for model in models(manifest, {"intermediate"})}
    assert not found - shown, listed(found - shown)


def test_an_intermediate_model_is_read(manifest: Manifest) -> None:
    """What nothing reads is built every night for nobody."""
    read = {
        parent for model in models(manifest) for parent in model["depends_on"]["nodes"]
    }
    unread = {model["unique_id"] for model in models(manifest, {"intermediate"})} - read
    assert sorted(unread) == []


def test_personal_data_is_marked(manifest: Manifest) -> None:
    """A column that sounds personal carries its class, or a reason why it is not."""
    tables = [*models(manifest), *manifest["sources"].values()]
    astray = [
        f"{table['name']}.{column['name']}"
        for table in tables
        for column in table["columns"].values()
        if PERSONAL.match(column["name"])
        and f"{table['name']}.{column['name']}" not in NOT_PERSONAL
        and not (column["config"]["meta"] or {}).get("pii")
        and not (column["config"]["meta"] or {}).get("contract", {}).get("pii")
    ]
    assert not astray, listed(astray)


def test_a_code_that_may_name_somebody_is_restricted(manifest: Manifest) -> None:
    """What a source writes in place of a code never lies in the marts."""
    astray = [
        f"{table['name']}.{column['name']}"
        for table in models(manifest, PUBLISHED)
        for column in table["columns"].values()
        if MAY_NAME_SOMEBODY.search(f"{table['name']}.{column['name']}")
        and (column["config"]["meta"] or {}).get("pii", "none") == "none"
    ]
    assert not astray, listed(astray)

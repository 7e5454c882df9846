"""Which columns are published, and which models cannot be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from publication_world import make_manifest, make_settings, make_work, publish_world

from warehouse.clock import SystemClock
from warehouse.errors import ClienteleError
from warehouse.publication import publish, run_sql
from warehouse.publication.plan import described_tables

CUSTOMER = "model.clientele.dim_customer"
VIEW = "model.clientele.view_customer_basic"


def test_only_published_schemas_are_described_and_each_follows_what_it_reads() -> None:
    """Views can be made in that order."""
    manifest = make_manifest()
    manifest["nodes"] = dict(reversed(manifest["nodes"].items()))
    names = list(described_tables(manifest))
    assert set(names) == {
        "shared.dim_load",
        "descriptive.dim_customer",
        "descriptive.view_customer_basic",
    }
    assert names.index("descriptive.dim_customer") < names.index(
        "descriptive.view_customer_basic"
    )


def _undescribed(manifest: dict[str, Any]) -> None:
    del manifest["nodes"][CUSTOMER]["columns"]["city"]


def _unknown_class(manifest: dict[str, Any]) -> None:
    manifest["nodes"][CUSTOMER]["columns"]["city"]["config"]["meta"]["pii"] = "secret"


def _no_primary_key(manifest: dict[str, Any]) -> None:
    manifest["nodes"][CUSTOMER]["config"]["meta"] = {}


def _personal_primary_key(manifest: dict[str, Any]) -> None:
    manifest["nodes"][CUSTOMER]["config"]["meta"] = {"primary_key": ["email"]}


def _personal_view(manifest: dict[str, Any]) -> None:
    manifest["nodes"][VIEW]["columns"]["city"]["config"]["meta"]["pii"] = "address"


def _view_of_personal_column(manifest: dict[str, Any]) -> None:
    manifest["nodes"][CUSTOMER]["columns"]["city"]["config"]["meta"]["pii"] = "address"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_undescribed, r"no model describes.*descriptive\.dim_customer\.city"),
        (_unknown_class, r"no class of personal data.*descriptive\.dim_customer\.city"),
        (_no_primary_key, r"needs a primary key.*descriptive\.dim_customer"),
        (_personal_primary_key, r"needs a primary key.*descriptive\.dim_customer"),
        (_personal_view, r"cannot have personal columns.*view_customer_basic"),
        (_view_of_personal_column, r"what is not published.*view_customer_basic"),
    ],
)
def test_what_cannot_be_published_safely_is_refused(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None], message: str
) -> None:
    """The message names the column or the model, and nothing is switched to."""
    settings = make_settings(tmp_path)
    manifest = make_manifest()
    spoil(manifest)
    with pytest.raises(ClienteleError, match=message):
        publish_world(settings, last_load_id=1, manifest=manifest)
    assert not settings.places.current.exists()


def test_a_missing_work_database_is_said(tmp_path: Path) -> None:
    """There is nothing to publish before the first build."""
    settings = make_settings(tmp_path)
    make_work(settings, last_load_id=1)
    settings.places.work.rename(tmp_path / "elsewhere.duckdb")
    with pytest.raises(ClienteleError, match="no work database"):
        publish(
            settings,
            make_manifest(),
            clock=SystemClock(),
            business_dates=[],
            last_load_id=1,
        )


def test_a_column_of_a_personal_name_may_be_declared_not_personal(
    tmp_path: Path,
) -> None:
    """`pii: none` says so openly."""
    settings = make_settings(tmp_path)
    manifest = make_manifest()
    load_key = manifest["nodes"]["model.clientele.dim_load"]["columns"]["load_key"]
    load_key["config"]["meta"]["pii"] = "none"
    staging = manifest["nodes"]["model.clientele.stg_web__registrations"]["columns"]
    staging["load_key"] = {"config": {"meta": {"pii": "account"}}}
    publish_world(settings, last_load_id=1, manifest=manifest)
    assert run_sql(settings, "select load_key from shared.dim_load")[1] == [("1",)]

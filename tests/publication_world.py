"""A small work database and the dbt manifest that describes it, for publication."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.clock import SteppingClock
from warehouse.ledger import ARCHIVE_TABLES
from warehouse.publication import Begun, Release, publish
from warehouse.publication.publish import KEPT
from warehouse.settings import Settings

DELIVERED = b"email\na\nb\n"
SHA256 = hashlib.sha256(DELIVERED).hexdigest()
"""The name under which the archive keeps those bytes."""

WORK = """
create schema shared;
create schema descriptive;
create schema staging;
create table shared.dim_load (load_key varchar not null, load_id bigint not null);
create table descriptive.dim_customer (
    customer_key varchar not null,
    customer_id varchar not null,
    full_name varchar,
    email varchar,
    city varchar,
    lifetime_amount decimal(18, 2)
);
create table shared.left_over (anything varchar);
create view descriptive.view_customer_basic as
with final as (
    select work.descriptive.dim_customer.customer_id, city
    from work.descriptive.dim_customer
)
select * from final;
"""
MACRO = """
create macro main.customer_in(place) as table
select customer_id from descriptive.dim_customer where city = place;
"""

ARCHIVE = """
create schema raw_web;
create table raw_web.registration (_load_id bigint, _row bigint, email varchar);
"""


def make_settings(folder: Path) -> Settings:
    """Return settings for a house of its own, with its folders made."""
    settings = Settings(company="demo", home=folder, threads=1)
    settings.places.prepare()
    return settings


def make_work(settings: Settings, *, last_load_id: int, customers: int = 500) -> None:
    """Write a work database in which every table tells the load it follows from."""
    settings.places.work.unlink(missing_ok=True)
    with duckdb.connect(
        settings.places.work, config={"storage_compatibility_version": "v1.5.0"}
    ) as connection:
        connection.execute(WORK)
        connection.execute(
            "insert into shared.dim_load values (?, ?)",
            [str(last_load_id), last_load_id],
        )
        connection.execute(
            """
            insert into descriptive.dim_customer
            select
                'k' || customer, 'c' || customer, 'Name ' || customer,
                'person' || customer || '@example.com', 'City ' || customer % 7,
                cast(? as decimal(18, 2))
            from range(?, 0, -1) as made (customer)
            """,
            [last_load_id, customers],
        )


def make_archive(settings: Settings) -> None:
    """Write an archive with one load of two rows, one loaded and one quarantined."""
    (settings.places.deliveries / SHA256).write_bytes(DELIVERED)
    with duckdb.connect(settings.places.archive) as connection:
        connection.execute(ARCHIVE_TABLES)
        connection.execute(ARCHIVE)
        connection.execute(
            """
            insert into ledger.load by name
            select
                1 as load_id, 'web' as source_name, 'registration' as table_name,
                'a.csv' as delivered_name, ? as sha256, 10 as byte_count,
                date '2026-01-05' as business_date, 2 as rows_delivered,
                1 as rows_loaded, 1 as rows_quarantined, 0 as rows_repeated,
                0 as rows_deleted, 'loaded' as status, 'v1' as contract_version,
                moment as known_at, 1 as batch_id, moment as started_at,
                moment as finished_at
            from (select timestamp '2026-01-06 02:00:00' as moment)
            """,
            [SHA256],
        )
        connection.execute(
            "insert into raw_web.registration values (1, 1, 'a'), (1, -1, 'a')"
        )
        connection.execute(
            "insert into quarantine.row by name select 1 as load_id, "
            "'web' as source_name, 'registration' as table_name, "
            "'a.csv' as delivered_name, 2 as row_number, 'short' as reason_code, "
            "'short' as reason, 'b'::blob as raw_bytes"
        )


def copy_settings(made: Settings, folder: Path) -> Settings:
    """Copy a house that was made once, with all it holds, and return its settings."""
    shutil.copytree(made.home, folder, symlinks=True, dirs_exist_ok=True)
    return make_settings(folder)


def make_manifest() -> dict[str, Any]:
    """Return what dbt would say of the work database."""
    models = [
        _model("shared", "dim_load", {"load_key": None, "load_id": None}),
        _model(
            "descriptive",
            "dim_customer",
            {
                "customer_key": None,
                "customer_id": None,
                "full_name": "name",
                "email": "email",
                "city": None,
                "lifetime_amount": None,
            },
            primary_key=["customer_key"],
        ),
        _model(
            "descriptive",
            "view_customer_basic",
            {"customer_id": None, "city": None},
            materialized="view",
            depends_on=["model.clientele.dim_customer"],
        ),
        _model("staging", "stg_web__registrations", {}, materialized="view"),
    ]
    return {"nodes": {f"model.clientele.{node['name']}": node for node in models}}


def publish_world(
    settings: Settings,
    *,
    last_load_id: int,
    manifest: dict[str, Any] | None = None,
    held: bool = False,
    kept: int = KEPT,
    on_step: Callable[[str], None] = lambda step: None,
) -> Release:
    """Build the work database of a load and publish it."""
    make_work(settings, last_load_id=last_load_id)
    return publish_made(
        settings,
        last_load_id=last_load_id,
        manifest=manifest,
        held=held,
        kept=kept,
        on_step=on_step,
    )


def publish_made(
    settings: Settings,
    *,
    last_load_id: int,
    manifest: dict[str, Any] | None = None,
    held: bool = False,
    whole: bool = False,
    begun: Begun | None = None,
    kept: int = KEPT,
    on_step: Callable[[str], None] = lambda step: None,
) -> Release:
    """Publish the work database as it is."""
    macros = settings.home / "macros"
    macros.mkdir(exist_ok=True)
    (macros / "customer_in.sql").write_text(MACRO, encoding="utf-8")
    return publish(
        settings,
        manifest or make_manifest(),
        clock=SteppingClock(datetime(2026, 1, 6, 2)),
        business_dates=[date(2026, 1, 5)],
        last_load_id=last_load_id,
        held=held,
        whole=whole,
        begun=begun,
        macros=macros,
        kept=kept,
        on_step=on_step,
    )


def _model(
    schema: str,
    name: str,
    columns: dict[str, str | None],
    *,
    primary_key: list[str] | None = None,
    materialized: str = "table",
    depends_on: list[str] | None = None,
) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "schema": schema,
        "name": name,
        "alias": name,
        "description": f"One row per thing of {name}, it's said.",
        "config": {
            "materialized": materialized,
            "meta": {"primary_key": primary_key} if primary_key else {},
        },
        "depends_on": {"nodes": depends_on or []},
        "columns": {
            column: {
                "name": column,
                "description": f"The {column}.",
                "config": {"meta": {"pii": pii} if pii else {}},
            }
            for column, pii in columns.items()
        },
    }

"""A tiny archive, work database and manifest, as the checks of the house see them."""

from pathlib import Path
from typing import Any

import duckdb

from warehouse.ledger import ARCHIVE_TABLES
from warehouse.ledger_refused import REFUSED_VIEW

MODELS = {
    "int_sale__lines": "intermediate",
    "dim_product": "shared",
    "dim_dictionary_code": "shared",
    "dim_load": "shared",
    "dim_customer": "descriptive",
    "hist_customer": "descriptive",
    "fct_identity_change": "descriptive",
    "fct_sale": "behavioural",
    "agg_sales": "aggregates",
    "bridge_customer_identity": "descriptive",
    "fct_consent": "descriptive",
}

WORK_TABLES = """
create schema shared; create schema descriptive; create schema behavioural;
create schema aggregates; create schema input;

create table shared.dim_product as
select * from (values ('p1', 'toy'), ('p2', 'book'), ('_unknown', null))
    as rows (product_key, category_code);

create table shared.dim_dictionary_code as
select * from (values ('sex', 'f'), ('sex', 'm')) as rows (dictionary_name, code);

create table shared.dim_load as
select * from (values ('1'), ('2'), ('_unknown')) as rows (load_key);

create table descriptive.dim_customer as
select *, valid_to = timestamp '9999-12-31' as is_current
from (values
    ('k1', 'c1', 'f', timestamp '1900-01-01', timestamp '2026-01-05'),
    ('k2', 'c1', 'f', timestamp '2026-01-05', timestamp '9999-12-31'),
    ('k3', 'c2', 'm', timestamp '1900-01-01', timestamp '9999-12-31'),
    ('_unknown', '_unknown', null, timestamp '1900-01-01', timestamp '9999-12-31')
) as rows (customer_key, customer_id, sex_code, valid_from, valid_to);

create table descriptive.hist_customer as
select * from (values
    ('c1', date '1900-01-01', date '9999-12-31', date '2026-01-02', date '2026-01-05'),
    ('c1', date '1900-01-01', date '2026-01-05', date '2026-01-05', date '9999-12-31'),
    ('c1', date '2026-01-05', date '9999-12-31', date '2026-01-05', date '9999-12-31')
) as rows (customer_id, valid_from, valid_to, known_from, known_to);

create table descriptive.fct_identity_change as
select * from (values ('new', 1), ('new', 1))
    as rows (change_type, customer_count_change);

create table behavioural.fct_sale as
select
    'o' || (i // 2) as order_number,
    i % 2 as order_line_number,
    if(i % 2 = 0, 'p1', 'p2') as product_key,
    if(i < 5, 'k2', 'k3') as customer_key,
    cast(i as decimal(18, 2)) as net_amount,
    'EUR' as currency_code,
    1 as quantity,
    if(i < 8, 'c' || (i % 2 + 1), '_unknown') as customer_id
from range(10) as numbers (i);

create table aggregates.agg_sales as
select time_level, place_level, currency_code, sum(net_amount) as net_amount
from behavioural.fct_sale
cross join (values ('day'), ('month'), ('quarter'), ('year')) as times (time_level)
cross join (values ('postcode'), ('city'), ('region'), ('all')) as places (place_level)
group by all;

create schema intermediate;
create table intermediate.int_sale__lines as select * from behavioural.fct_sale;

create table input.input_sale as
select
    'till' as source_name,
    'r' || i as sale_record_id,
    1 as load_id,
    i as load_row,
    date '2026-01-05' as delivered_on,
    i = 10 as is_deleted,
    cast(if(i = 3, -i, i) as decimal(18, 2)) as net_amount,
    'EUR' as currency_code,
    if(i = 3, -1, 1) as quantity
from range(11) as numbers (i);

create table descriptive.bridge_customer_identity as
select
    'till' as source_name, 'p' || i as source_record_id, 'c' || (i % 2) as customer_id,
    timestamp '9999-12-31' as valid_to, timestamp '9999-12-31' as known_to
from range(4) as numbers (i);

create table input.input_party as
select
    'till' as source_name, 'p' || i as source_record_id, 1 as load_id, i as load_row,
    date '2026-01-05' as delivered_on, i = 4 as is_deleted
from range(5) as numbers (i);

create table descriptive.fct_consent as
select
    'c' || i as customer_id, 'marketing' as purpose_code, 'email' as channel_code,
    timestamp '2026-01-05' as consented_at, i = 1 as is_granted
from range(2) as numbers (i);

create table input.input_consent as
select
    'till' as source_name, 'a' || i as consent_record_id, 1 as load_id, i as load_row,
    date '2026-01-05' as delivered_on, false as is_deleted
from range(2) as numbers (i);
"""

STEWARD_TABLE = """
create schema raw_steward;

create table raw_steward.quarantine_decisions (
    _load_id bigint, _row bigint, _is_deleted boolean, load_number varchar,
    row_number varchar, verdict varchar, decided_by varchar, decided_at varchar,
    reason varchar, copy_name varchar, copy_row varchar, delivery varchar
);
"""

RAW_TABLES = """
create schema raw_till;

create table raw_till.sales (
    _load_id bigint, _row bigint, _delivered_on date, _known_at timestamp,
    _is_deleted boolean, _record_hash varchar, _extra varchar,
    sale_id varchar, amount varchar, currency varchar
);

insert into ledger.load
select
    load_id, 'till', 'sales', 'sales.csv', md5(load_id::varchar), 100, null,
    date '2026-01-05', 4, 3, 1, 0, 0, 'loaded', null, null, null, 'v1',
    timestamp '2026-01-05', 1, timestamp '2026-01-05', timestamp '2026-01-05'
from (values (1), (2)) as loads (load_id);

insert into raw_till.sales
select
    load_id, i, date '2026-01-05', timestamp '2026-01-05', false, 'hash', null,
    's' || i, '1.00', 'EUR'
from (values (1), (2)) as loads (load_id)
cross join range(1, 4) as numbers (i);

insert into quarantine.row
select load_id, 'till', 'sales', 'sales.csv', 4, 4, 'value', 'bad', null, 'x'::blob
from (values (1), (2)) as loads (load_id);
"""


def make_work(folder: Path, *faults: str) -> Path:
    """Make a work database that keeps every promise, then plant the faults."""
    return _make(folder / "work.duckdb", WORK_TABLES, *faults)


def make_archive(folder: Path, *faults: str) -> Path:
    """Make an archive of two loads that keep their contract, then plant the faults."""
    made = (ARCHIVE_TABLES, STEWARD_TABLE, REFUSED_VIEW, RAW_TABLES)
    return _make(folder / "archive.duckdb", *made, *faults)


def _make(path: Path, *statements: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def column(name: str, **contract: object) -> dict[str, Any]:
    """Make a column of a source as the manifest shows it."""
    return {"name": name, "config": {"meta": {"contract": contract}}}


def source_node() -> dict[str, Any]:
    """Make the source table of the tiny archive as the manifest shows it."""
    contract = {
        "keys": ["sale_id"],
        "delivery": "full",
        "rows": {"minimum": 2, "maximum": 10},
    }
    columns = [
        column("sale_id"),
        column("amount", is_required=True),
        column("currency", accepted_values=["EUR", "CNY"]),
    ]
    return {
        "source_name": "till",
        "name": "sales",
        "identifier": "sales",
        "schema": "raw_till",
        "config": {"meta": {"contract": contract}},
        "columns": {node["name"]: node for node in columns},
    }


def model_node(name: str, schema: str) -> dict[str, Any]:
    """Make a model as the manifest shows it."""
    columns = {
        "fct_sale": ["net_amount", "currency_code"],
        "agg_sales": ["net_amount", "currency_code"],
        "dim_customer": ["customer_key", "sex_code"],
    }
    keys = {"dim_product": "product_key", "dim_customer": "customer_key"}
    return {
        "unique_id": f"model.{name}",
        "resource_type": "model",
        "name": name,
        "schema": schema,
        "columns": {column: {"name": column} for column in columns.get(name, [])},
        "config": {"meta": {"primary_key": [keys[name]] if name in keys else []}},
        "depends_on": {"nodes": ["seed.clientele.sex"]},
    }


def test_node(
    kind: str, model: str, *, config: dict[str, Any] | None = None, **arguments: object
) -> dict[str, Any]:
    """Make a generic data test as the manifest shows it."""
    about = arguments.get("column_name") or kind
    return {
        "unique_id": f"test.{kind}_{model}_{about}",
        "resource_type": "test",
        "name": f"{kind}_{model}_{about}",
        "attached_node": f"model.{model}",
        "test_metadata": {"name": kind, "kwargs": {"model": "{{ m }}", **arguments}},
        "config": {"severity": "ERROR", **(config or {})},
    }


def make_manifest(*tests: dict[str, Any]) -> dict[str, Any]:
    """Make a manifest of the tiny house, with the data tests and no other."""
    models = [model_node(name, schema) for name, schema in MODELS.items()]
    nodes = {node["unique_id"]: node for node in [*models, *tests]}
    return {"nodes": nodes, "sources": {"source.till.sales": source_node()}}


def usual_tests() -> list[dict[str, Any]]:
    """Return one data test of each kind."""
    return [
        test_node("unique", "dim_customer", column_name="customer_key"),
        test_node("not_null", "fct_sale", column_name="customer_key"),
        test_node(
            "unique_together",
            "fct_sale",
            columns=["order_number", "order_line_number"],
        ),
        test_node(
            "relationships",
            "fct_sale",
            column_name="product_key",
            to="ref('dim_product')",
            field="product_key",
        ),
        test_node("versions_do_not_overlap", "dim_customer", entity="customer_id"),
        test_node("versions_are_contiguous", "dim_customer", entity="customer_id"),
        test_node(
            "versions_are_contiguous_when_known",
            "hist_customer",
            entity="customer_id",
        ),
        test_node(
            "accepted_values", "fct_sale", column_name="currency_code", values=["EUR"]
        ),
        test_node("holds_for_every_row", "fct_sale", condition="net_amount >= 0"),
        test_node(
            "adds_up_to",
            "agg_sales",
            config={"where": "time_level = 'day' and place_level = 'all'"},
            expression="net_amount",
            other="ref('fct_sale')",
            other_expression="net_amount",
        ),
        test_node("has_as_many_rows_as", "fct_sale", other="ref('int_sale__lines')"),
    ]

"""The ledger: one row per delivery, and the tables of the archive around it.

Receiving, identification and checks append here; nobody updates or deletes. One thing
alone is ever made anew: the log of links, which follows from raw, when a load turns up
that is older than those identified or when the rules or standard forms are others, and
with it what was estimated of it.
"""

import duckdb

from warehouse.company import Company
from warehouse.contract_files import STEWARD, read_steward_source
from warehouse.database import identifier
from warehouse.ledger_refused import REFUSED_VIEW

ARCHIVE_TABLES = """
create schema if not exists ledger;
create schema if not exists quarantine;
create schema if not exists identity;
create schema if not exists checks;

create table if not exists ledger.load (
    load_id bigint not null,
    source_name varchar not null,
    table_name varchar not null,
    delivered_name varchar not null,
    sha256 varchar not null,
    byte_count bigint not null,
    modified_at timestamp,
    business_date date not null,
    rows_delivered bigint not null,
    rows_loaded bigint not null,
    rows_quarantined bigint not null,
    rows_repeated bigint not null,
    rows_deleted bigint not null,
    status varchar not null,
    reason_code varchar,
    reason varchar,
    cursor_value varchar,
    contract_version varchar not null,
    known_at timestamp not null,
    batch_id bigint not null,
    started_at timestamp not null,
    finished_at timestamp not null
);

create table if not exists ledger.load_profile (
    load_id bigint not null,
    column_name varchar not null,
    category varchar not null,
    row_count bigint not null
);

create table if not exists ledger.said_again (
    load_id bigint not null,
    of_load_id bigint not null,
    of_row bigint not null
);

create table if not exists quarantine.row (
    load_id bigint not null,
    source_name varchar not null,
    table_name varchar not null,
    delivered_name varchar not null,
    row_number bigint not null,
    line_number bigint,
    reason_code varchar not null,
    reason varchar not null,
    column_name varchar,
    raw_bytes blob not null
);

create table if not exists identity.link_change (
    load_id bigint not null,
    known_at timestamp not null,
    source_name varchar not null,
    source_record_id varchar not null,
    customer_id varchar not null,
    previous_customer_id varchar,
    match_rule varchar not null,
    match_probability decimal(9, 6) not null,
    cause varchar not null
);

alter table identity.link_change
add column if not exists cause varchar default 'delivery';

create table if not exists identity.pair (
    model_key varchar not null,
    left_source_name varchar not null,
    left_record_id varchar not null,
    left_state_hash varchar not null,
    right_source_name varchar not null,
    right_record_id varchar not null,
    right_state_hash varchar not null,
    load_id bigint not null,
    match_weight decimal(9, 4) not null,
    match_probability decimal(9, 6) not null,
    levels varchar not null
);

create table if not exists identity.held_link (
    load_id bigint not null,
    known_at timestamp not null,
    left_source_name varchar not null,
    left_record_id varchar not null,
    right_source_name varchar not null,
    right_record_id varchar not null,
    match_rule varchar not null,
    match_probability decimal(9, 6),
    reason_code varchar
);

create table if not exists identity.shared_value (
    load_id bigint not null,
    known_at timestamp not null,
    attribute varchar not null,
    value_hash varchar not null,
    holder_count bigint not null
);

create table if not exists identity.model_in_use (
    load_id bigint not null,
    known_at timestamp not null,
    party_kind varchar not null,
    model_key varchar not null,
    content varchar not null
);

create table if not exists identity.minted (
    customer_id varchar not null,
    source_name varchar not null,
    source_record_id varchar not null,
    load_id bigint not null,
    known_at timestamp not null
);

create table if not exists identity.progress (
    load_id bigint not null,
    rules_hash varchar,
    stated_hash varchar
);

alter table identity.progress add column if not exists rules_hash varchar;
alter table identity.progress add column if not exists stated_hash varchar;

create table if not exists identity.estimate (
    load_id bigint not null,
    known_at timestamp not null,
    left_source_name varchar not null,
    right_source_name varchar not null,
    basis varchar not null,
    decided_pair_count bigint not null,
    linked_pair_count bigint not null,
    precision_pair_count bigint not null,
    precision_estimate decimal(9, 6),
    precision_lower decimal(9, 6),
    precision_upper decimal(9, 6),
    recall_pair_count bigint not null,
    recall_estimate decimal(9, 6),
    recall_lower decimal(9, 6),
    recall_upper decimal(9, 6),
    change_count bigint not null
);

create table if not exists checks.result (
    batch_id bigint not null,
    business_date date not null,
    checked_at timestamp not null,
    stage varchar not null,
    suite_name varchar not null,
    check_name varchar not null,
    table_name varchar not null,
    column_name varchar,
    severity varchar not null,
    outcome varchar not null,
    observed_value varchar,
    rows_checked bigint,
    rows_failed bigint,
    message varchar,
    reason varchar,
    next_step varchar
);

alter table checks.result add column if not exists reason varchar;
alter table checks.result add column if not exists next_step varchar;
"""
"""`identity.link_change.cause` is delivery, decision or model. A row of
`identity.held_link` says from which load a link is held back and why; without a reason,
that it is so no longer. `identity.model_in_use` keeps the model itself as text, so that
the log can be made again without it.
`ledger.load_profile` counts a load's delivered rows by column and category, see
`warehouse.receiving.profile`. `ledger.said_again` names the rows of raw that a load of
a later date repeated, see `warehouse.receiving.said_again`.
`ledger.load.status` is loaded, repeated or refused.
`batch_id` is the night, one per business date run, that received it: a run that goes on
where one died, before its doors were checked, goes on with its batch. `modified_at` is
the delivered file's.
`checks.result`: stage is door or gate; severity error, warning or information; outcome
passed, failed (the data is bad) or broken (the check could not run); `next_step` is
what a person does when it did not pass.
`identity.progress` keeps digests of the rules that each load was identified by, and of
what it stated then.
`identity.estimate`: basis is truth or decisions; `change_count` is how long the log of
links was that the estimate rests on, so that one of a log made anew is made anew."""

RAW_COLUMNS = """
    _load_id bigint not null,
    _row bigint not null,
    _delivered_on date not null,
    _known_at timestamp not null,
    _is_deleted boolean not null,
    _record_hash varchar not null,
    _extra varchar
"""
"""`_row` is the record's ordinal in its delivery, from 1; a row that the warehouse
concluded (a key gone from a full snapshot, a state stated again) has one below zero."""


def prepare_archive(
    connection: duckdb.DuckDBPyConnection, company: Company | None
) -> None:
    """Make the tables of the archive, and the raw tables of every contract.

    Among them are those of the stewards, whose words the view of what was refused
    reads. A column that a contract gained is added; none is ever dropped.

    Args:
        connection: A session that writes the archive, with it in use.
        company: Whose contracts to prepare for; none for what every archive has.
    """
    connection.execute(ARCHIVE_TABLES)
    sources = list(company.sources) if company else []
    if all(source.name != STEWARD for source in sources):
        sources.append(read_steward_source())
    for source in sources:
        schema = identifier(source.schema_name)
        connection.execute(f"create schema if not exists {schema}")
        for table in source.tables:
            name = f"{schema}.{identifier(table.name)}"
            connection.execute(f"create table if not exists {name} ({RAW_COLUMNS})")
            for column in table.columns:
                connection.execute(
                    f"alter table {name} add column if not exists "
                    f"{identifier(column.name)} varchar"
                )
    connection.execute(REFUSED_VIEW)

"""The SQL that gathers the records, what they state, and what a steward says of them.

Each statement makes one temporary table from those before it. They run in a session
that has the work database attached as `work` and the archive as `archive`.
"""

STEWARD_TABLES = {
    "decision": (
        "input_identity_decision",
        """
        load_id bigint, load_row bigint, known_at timestamp, is_deleted boolean,
        left_source_name varchar, left_record_id varchar,
        right_source_name varchar, right_record_id varchar,
        verdict varchar, decided_at timestamp
        """,
    ),
    "model": (
        "input_match_model",
        """
        load_id bigint, load_row bigint, known_at timestamp, is_deleted boolean,
        model_key varchar, party_kind varchar, content varchar
        """,
    ),
}
"""Session table: the input table that it copies, and its columns. A work database that
lacks the table has nothing of it to say."""

PENDING = """
create or replace temp table pending as
with arrived as (
    select load_id, min(known_at) as known_at
    from work.input.input_party group by load_id
    union all
    select load_id, min(known_at) as known_at from decision group by load_id
    union all
    select load_id, min(known_at) as known_at from model group by load_id
)

select load_id, min(known_at) as known_at
from arrived
anti join archive.identity.progress using (load_id)
group by load_id
"""

RECORDS = """
create or replace temp table record as
with stated_kind as (
    select
        source_name,
        source_record_id,
        load_id,
        load_id * 68719476736 + load_row as place,
        not is_deleted as is_statement,
        left_out is not null and not is_deleted as is_delta,
        case
            when not is_deleted and not contains(coalesce(left_out, ''), ',party_kind,')
                then coalesce(party_kind, 'person')
        end as party_kind
    from party
),

known as (
    select
        source_name,
        source_record_id,
        min(load_id) as first_load,
        min(place) as first_place,
        min_by(party_kind, place) as party_kind,
        min(load_id) filter (where party_kind = 'person') as person_since,
        min(load_id) filter (where party_kind = 'organisation') as organisation_since,
        bool_or(is_delta) as has_deltas,
        count_if(is_statement) = 1 and not bool_or(is_delta) as is_plain
    from stated_kind
    group by source_name, source_record_id
)

select
    row_number() over (
        order by first_place, source_name, source_record_id
    ) as record,
    source_name,
    source_record_id,
    first_load,
    party_kind,
    least(person_since, organisation_since) as kind_since,
    case
        when organisation_since is null or person_since is null then $forever
        else greatest(organisation_since, person_since)
    end as mixed_from,
    has_deltas,
    is_plain
from known
"""
"""A record that was stated to be a person and an organisation is evidence of neither:
from the load that made it so, it stands alone. A plain one was stated once, in full.
A place counts loads in the high bits and rows, fewer than 2^35, in the low ones: one
number to compare in place of two."""

STATING = """
create or replace temp table stating as
select
    record.record,
    record.source_name,
    record.party_kind,
    record.kind_since,
    record.mixed_from,
    record.has_deltas,
    record.is_plain,
    load_id,
    load_row,
    coalesce(delivered_on, date '0001-01-01') as delivered_on,
    valid_from,
    coalesce(left_out, '') as left_out,
    nullif(trim(party.member_number), '') as member_key,
    {columns}
from party
inner join record using (source_name, source_record_id)
where not is_deleted
"""

DECIDED = """
create or replace temp table decided as
with word as (
    select
        least(
            (left_source_name, left_record_id), (right_source_name, right_record_id)
        ) as one,
        greatest(
            (left_source_name, left_record_id), (right_source_name, right_record_id)
        ) as other,
        verdict,
        decided_at,
        load_id,
        load_row
    from decision
    where not coalesce(is_deleted, false)
),

superseding as (
    select
        one,
        other,
        verdict,
        load_id,
        coalesce(min(load_id) over (
            partition by one, other
            order by decided_at nulls first, load_id, load_row
            rows between 1 following and unbounded following
        ), $forever) as until
    from word
    where one <> other
)

select
    one.record as one,
    other.record as other,
    verdict,
    greatest(load_id, one.first_load, other.first_load) as since,
    until,
    one.party_kind is not distinct from other.party_kind as is_one_kind,
    greatest(
        coalesce(one.kind_since, $forever), coalesce(other.kind_since, $forever)
    ) as kind_since,
    least(one.mixed_from, other.mixed_from) as mixed_from
from superseding
inner join record as one
    on superseding.one = (one.source_name, one.source_record_id)
inner join record as other
    on superseding.other = (other.source_name, other.source_record_id)
where
    verdict in ('must', 'never')
    and greatest(load_id, one.first_load, other.first_load) < until
"""
"""Of what was decided about two records, the latest holds, and from its load on."""

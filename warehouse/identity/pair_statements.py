"""The SQL that keeps the scores of pairs, and reads those of the touched records."""

PERIODS = """
create or replace temp table model_period (
    model_key varchar,
    party_kind varchar,
    since bigint,
    until bigint,
    link_from decimal(9, 6),
    link_within_from decimal(9, 6),
    review_from decimal(9, 6)
)
"""

STATES_OF_MODEL = """
create or replace temp view model_state as
select * replace (
    greatest(since, {since}) as since, least(until, {until}) as until
)
from profile
where
    party_kind = {party_kind}
    and greatest(since, {since}) < least(until, {until})
"""

NEW_STATES = """
create or replace temp table new_state as
select state, record, since, until from model_state where since > $last_load
"""

WANTED_TO_KEEP = """
create or replace temp table wanted as
select record from profile
where state in (
    select left_state from scored union select right_state from scored
)
"""

KEEP = """
insert into archive.identity.pair by name
with numbered as (
    select
        scored.*,
        greatest(one.since, other.since, $since) as load_id,
        one.state_hash as left_state_hash,
        other.state_hash as right_state_hash,
        left_record.source_name as left_source_name,
        left_record.source_record_id as left_record_id,
        right_record.source_name as right_source_name,
        right_record.source_record_id as right_record_id,
        (left_record.source_name, left_record.source_record_id)
        < (right_record.source_name, right_record.source_record_id) as is_ordered
    from scored
    inner join hashed as one on scored.left_state = one.state
    inner join hashed as other on scored.right_state = other.state
    inner join record as left_record on one.record = left_record.record
    inner join record as right_record on other.record = right_record.record
),

named as (
    select * from numbered where is_ordered
    union all by name
    select
        * replace (
            right_source_name as left_source_name,
            right_record_id as left_record_id,
            right_state_hash as left_state_hash,
            left_source_name as right_source_name,
            left_record_id as right_record_id,
            left_state_hash as right_state_hash
        )
    from numbered
    where not is_ordered
),

final as (
    select
        $model_key as model_key,
        left_source_name,
        left_record_id,
        left_state_hash,
        right_source_name,
        right_record_id,
        right_state_hash,
        min(load_id) as load_id,
        max(match_weight) as match_weight,
        max(match_probability) as match_probability,
        min(levels) as levels
    from named
    group by all
)

select * from final
anti join archive.identity.pair using (
    model_key,
    left_source_name,
    left_record_id,
    left_state_hash,
    right_source_name,
    right_record_id,
    right_state_hash
)
order by
    load_id,
    left_source_name,
    left_record_id,
    right_source_name,
    right_record_id,
    left_state_hash,
    right_state_hash
"""

KNOWN_PAIRS = """
create or replace temp table known_pair as
select
    one.record as one,
    other.record as other,
    one.source_name = other.source_name as is_within_source,
    model_key,
    left_state_hash,
    right_state_hash,
    match_weight,
    match_probability
from archive.identity.pair
inner join record as one
    on pair.left_source_name = one.source_name
    and pair.left_record_id = one.source_record_id
inner join record as other
    on pair.right_source_name = other.source_name
    and pair.right_record_id = other.source_record_id
where
    match_probability >= $least
    and list_contains($models, model_key)
"""

WANTED_TO_LINK = """
create or replace temp table wanted as
select unnest([one, other]) as record
from known_pair
where
    one in (select record from touched)
    or other in (select record from touched)
"""

ALIKE = """
create or replace temp table alike as
select
    known_pair.one,
    known_pair.other,
    match_weight,
    match_probability,
    greatest(one.since, other.since, model_period.since) as since,
    least(one.until, other.until, model_period.until) as until,
    match_probability
    >= case when is_within_source then link_within_from else link_from end as is_link,
    coalesce(one.has_mixed_scripts, false)
    or coalesce(other.has_mixed_scripts, false) as is_mixed
from known_pair
inner join hashed as one
    on known_pair.one = one.record and known_pair.left_state_hash = one.state_hash
inner join model_period
    on known_pair.model_key = model_period.model_key
    and one.party_kind = model_period.party_kind
inner join hashed as other
    on known_pair.other = other.record
    and known_pair.right_state_hash = other.state_hash
where
    match_probability >= review_from
    and greatest(one.since, other.since, model_period.since)
    < least(one.until, other.until, model_period.until)
    and least(one.until, other.until, model_period.until) > $last_load
    and (
        known_pair.one in (select record from touched)
        or known_pair.other in (select record from touched)
    )
"""

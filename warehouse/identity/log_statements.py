"""The SQL that reads and appends the log of identity changes in the archive."""

COUNT_CUSTOMERS = """
with emptied as (
    select customer_id
    from (
        select customer_id, 1 as joined
        from archive.identity.link_change
        where customer_id in (
            select previous_customer_id from archive.identity.link_change
        )
        union all
        select previous_customer_id, -1
        from archive.identity.link_change
        where previous_customer_id is not null
    )
    group by customer_id
    having sum(joined) = 0
)

select
    (select count(distinct customer_id) from archive.identity.link_change)
    - (select count(*) from emptied)
"""
"""Customers there ever were, without those that everybody left."""

LAST_LOAD = "select coalesce(max(load_id), 0) from archive.identity.progress"

FORGET_THE_LOG = """
delete from archive.identity.link_change;
delete from archive.identity.held_link;
delete from archive.identity.shared_value;
delete from archive.identity.pair;
delete from archive.identity.progress;
delete from archive.identity.estimate;
"""
"""Minted ids are never forgotten, nor which model was in use since when: the replay
finds the same ones."""

COUNT_SEEN = """
select count(distinct (source_name, source_record_id))
from work.input.input_party
inner join pending using (load_id)
"""

CHANGES = """
create or replace temp table change as
select
    load_id,
    record,
    founder,
    nullif(previous, -1) as previous,
    match_rule,
    match_probability
from moved
union all
select
    first_load as load_id,
    record.record,
    record.record as founder,
    null as previous,
    $alone as match_rule,
    1 as match_probability
from touched
inner join record using (record)
anti join candidate using (record)
anti join member using (record)
"""
"""What the replay moved, and the new records that share no key with anybody."""

COUNT_ALONE = """
select count(*) from change anti join candidate using (record)
"""

FOUNDED = """
create or replace temp table founded as
with founding as (
    select founder as record from change
    union
    select previous from change where previous is not null
)

select
    record,
    source_name,
    source_record_id,
    'c' || left(sha256($outer || unhex(sha256($inner || encode(
        length(source_name) || ':' || source_name || '|'
        || length(source_record_id) || ':' || source_record_id
    )))), 31) as customer_id
from founding
inner join record using (record)
"""

"""The id is the start of HMAC-SHA256 over the founding record, each of its two parts
with its length, so that no two records write the same message."""

LOG_CHANGES = """
insert into archive.identity.link_change by name
select
    change.load_id,
    pending.known_at,
    record.source_name,
    record.source_record_id,
    founded.customer_id,
    formerly.customer_id as previous_customer_id,
    change.match_rule,
    cast(change.match_probability as decimal(9, 6)) as match_probability,
    case
        when
            change.previous is not null
            and change.load_id in (select since from model_period)
            then 'model'
        when change.load_id in (select load_id from decision) then 'decision'
        else 'delivery'
    end as cause
from change
inner join pending using (load_id)
inner join record using (record)
inner join founded on change.founder = founded.record
left join founded as formerly on change.previous = formerly.record
order by change.load_id, change.record
"""

"""A model that is new at a load moves the records of before; new ones are delivered."""

LOG_HELD = """
insert into archive.identity.held_link by name
select
    held.load_id,
    pending.known_at,
    one.source_name as left_source_name,
    one.source_record_id as left_record_id,
    other.source_name as right_source_name,
    other.source_record_id as right_record_id,
    $rules[item.rule + 1] as match_rule,
    case
        when held.reason >= 0 then cast(held.match_probability as decimal(9, 6))
    end as match_probability,
    case when held.reason >= 0 then $reasons[held.reason + 1] end as reason_code
from held
inner join pending using (load_id)
inner join item using (item)
inner join record as one on item.one = one.record
inner join record as other on item.other = other.record
order by held.load_id, item.item
"""

MINT = """
insert into archive.identity.minted by name
select
    founded.customer_id,
    founded.source_name,
    founded.source_record_id,
    min(change.load_id) as load_id,
    min(pending.known_at) as known_at
from change
inner join pending using (load_id)
inner join founded on change.founder = founded.record
anti join archive.identity.minted on founded.customer_id = minted.customer_id
group by founded.customer_id, founded.source_name, founded.source_record_id, founder
order by min(change.load_id), founder
"""

ADVANCE = """
insert into archive.identity.progress by name
select load_id, $rules as rules_hash, stated_hash
from pending
left join footing using (load_id)
order by load_id
"""

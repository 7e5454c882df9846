"""The SQL that counts, as of one load, what is linked rightly, wrongly or not at all.

It runs in a session with the archive and the work database attached. `$load` is the
load as of which it is counted; a pair is named with its lesser record on the left.
"""

NIGHTS = """
with night as (
    select batch_id, max(load_id) as load_id, max(known_at) as known_at
    from archive.ledger.load
    group by batch_id
),

changed as (
    select
        night.load_id,
        night.known_at,
        (
            select count(*)
            from archive.identity.link_change
            where link_change.load_id <= night.load_id
        ) as change_count
    from night
)

select
    changed.load_id,
    changed.known_at,
    changed.change_count,
    bool_or(estimate.load_id is not null) as is_estimated,
    bool_or(estimate.change_count <> changed.change_count) as is_stale
from changed
left join archive.identity.estimate as estimate using (load_id)
group by changed.load_id, changed.known_at, changed.change_count
order by changed.load_id
"""
"""Every night with its last load, and whether it was estimated from today's log."""

LINKED = """
create or replace temp table linked as
select
    source_name,
    source_record_id as record_id,
    max_by(customer_id, load_id) as customer_id
from archive.identity.link_change
where load_id <= $load
group by source_name, source_record_id
"""

TRUE_COUNTS = """
with known as (
    select linked.source_name, linked.customer_id, truth.party_id
    from linked
    inner join truth
        on linked.source_name = truth.source_name
        and linked.record_id = truth.source_record_id
),

grouped as (
    select
        unnest([
            {'what': 'linked', 'customer': customer_id, 'party': null},
            {'what': 'same', 'customer': null, 'party': party_id},
            {'what': 'hit', 'customer': customer_id, 'party': party_id}
        ], recursive := true),
        source_name
    from known
),

held as (
    select what, customer, party, source_name, count(*) as records
    from grouped
    group by what, customer, party, source_name
),

paired as (
    select
        one.source_name as left_source_name,
        other.source_name as right_source_name,
        one.what,
        sum(
            case
                when one.source_name = other.source_name
                    then one.records * (one.records - 1) // 2
                else one.records * other.records
            end
        ) as pairs
    from held as one
    inner join held as other
        on one.what = other.what
        and one.customer is not distinct from other.customer
        and one.party is not distinct from other.party
        and one.source_name <= other.source_name
    group by one.source_name, other.source_name, one.what
),

counted as (
    select
        left_source_name,
        right_source_name,
        coalesce(sum(pairs) filter (where what = 'linked'), 0) as linked,
        coalesce(sum(pairs) filter (where what = 'same'), 0) as same,
        coalesce(sum(pairs) filter (where what = 'hit'), 0) as hits
    from paired
    group by left_source_name, right_source_name
)

select
    left_source_name,
    right_source_name,
    'truth' as basis,
    linked + same - hits as decided_pair_count,
    linked as linked_pair_count,
    linked as precision_pair_count,
    hits / nullif(linked, 0) as precision_estimate,
    linked as precision_trials,
    same as recall_pair_count,
    hits / nullif(same, 0) as recall_estimate,
    same as recall_trials
from counted
where linked > 0 or same > 0
"""
"""Pairs are counted from the sizes of customers and parties; none is formed."""

FORGET = "delete from archive.identity.estimate where load_id in (select unnest(?))"

APPEND = """
insert into archive.identity.estimate by name
select * from estimated
order by load_id, left_source_name, right_source_name, basis
"""

"""The SQL that makes dated links of the touched records, from what they asserted.

Each statement makes one temporary table from those before it and those of the other
statements of this package.
"""

ASSERTED = """
create or replace temp table asserted as
with concerned as (
    select stating.*
    from stating
    inner join touched using (record)
),

said as (
    select
        record,
        party_kind,
        is_plain,
        load_id,
        load_row,
        delivered_on,
        valid_from,
        left_out,
        unnest([
            {'attribute': 'national_id', 'stated_as': ',national_id,',
                'value': national_id_standard},
            {'attribute': 'organisation_code', 'stated_as': ',organisation_code,',
                'value': organisation_code_standard},
            {'attribute': 'member_number', 'stated_as': ',member_number,',
                'value': member_key},
            {'attribute': 'email', 'stated_as': ',email,', 'value': email_standard},
            {'attribute': 'name', 'stated_as': ',full_name,', 'value': name_key},
            {'attribute': 'birth_date', 'stated_as': ',birth_date,',
                'value': cast(birth_date as varchar)}
        ], recursive := true)
    from concerned
),

superseding as (
    select
        record,
        party_kind,
        attribute,
        value,
        load_id as since,
        coalesce(min(load_id) over (
            partition by record, attribute, valid_from
            order by delivered_on, load_id, load_row
            rows between 1 following and unbounded following
        ), $forever) as until
    from said
    where not is_plain and not contains(left_out, stated_as)
),

once as (
    select record, party_kind, attribute, value, load_id as since, $forever as until
    from said
    where is_plain and value is not null
),

again as (
    select record, party_kind, attribute, value, min(since) as since, until
    from superseding
    where value is not null and since < until and until > $last_load
    group by record, party_kind, attribute, value, until
)

select * from once
union all
select * from again
"""

EVIDENCE = """
create or replace temp table evidence as
with strong as (
    select record, party_kind, attribute as rule, value as key, since, until
    from asserted
    where list_contains($rules, attribute)
),

email_and_name as (
    select
        email.record,
        email.party_kind,
        'email_and_name' as rule,
        email.value || ' ' || name.value as key,
        greatest(email.since, name.since) as since,
        least(email.until, name.until) as until
    from asserted as email
    inner join asserted as name on email.record = name.record
    where email.attribute = 'email' and name.attribute = 'name'
),

known as (
    select * from strong
    union all
    select * from email_and_name
),

shared as materialized (
    select
        known.record,
        known.rule,
        known.party_kind,
        known.key,
        since,
        least(until, dead_from) as until
    from known
    inner join live_key on live_key.key = hash(known.rule, known.party_kind, known.key)
)

select
    shared.record,
    rule,
    key,
    shared.party_kind,
    greatest(since, kind_since) as since,
    least(until, mixed_from) as until
from shared
inner join record using (record)
where greatest(since, kind_since) < least(until, mixed_from)
"""

LINKS = """
create or replace temp table link as
with sharing as (
    select
        one.record as one,
        other.record as other,
        one.rule,
        greatest(one.since, other.since) as since,
        least(one.until, other.until) as until
    from evidence as one
    inner join evidence as other
        on one.rule = other.rule
        and one.party_kind = other.party_kind
        and one.key = other.key
        and one.record < other.record
        and one.since < other.until
        and other.since < one.until
),

must as (
    select *, 'must' as rule, greatest(since, kind_since) as starts,
        least(until, mixed_from) as ends
    from decided
    where verdict = 'must'
),

meeting as (
    select one, other, rule, 0 as weight, 1 as probability, null as reason,
        since, until
    from sharing
    union all
    select one, other, rule, 0, 1, null, starts, ends
    from must
    where is_one_kind and starts < ends
    union all
    select one, other, rule, 0, 1, 'party_kind', starts, until
    from must
    where not is_one_kind and starts < until
    union all
    select one, other, rule, 0, 1, 'party_kind', greatest(since, mixed_from), until
    from must
    where is_one_kind and greatest(since, mixed_from) < until
    union all
    select
        one, other, 'similar', match_weight, match_probability,
        case when not is_link then 'review_band' when is_mixed then 'look_alike' end,
        since, until
    from alike
),

named as (
    select
        meeting.*,
        list_position($rules, rule) - 1 as rule_position,
        (one.source_name, one.source_record_id) as one_name,
        (other.source_name, other.source_record_id) as other_name
    from meeting
    inner join record as one on meeting.one = one.record
    inner join record as other on meeting.other = other.record
    where until > $last_load
)

select
    case when one_name < other_name then one else other end as one,
    case when one_name < other_name then other else one end as other,
    rule_position as rule,
    cast(probability as double) as probability,
    coalesce(list_position($reasons, reason) - 1, -1) as reason,
    since,
    until,
    row_number() over (order by
        rule_position,
        weight desc,
        least(one_name, other_name),
        greatest(one_name, other_name),
        since,
        until
    ) as belief
from named
"""
"""Ordered by names, not by arrival: in whatever order the deliveries came, the same
links are believed first."""

ITEMS = """
create or replace temp table item as
with linked as (
    select distinct one, other, rule from link
),

last_word as (
    select
        one.record as one,
        other.record as other,
        list_position($rules, match_rule) - 1 as rule,
        list_position($reasons, max_by({'code': reason_code}, load_id).code) - 1
            as reason
    from archive.identity.held_link
    inner join record as one
        on left_source_name = one.source_name
        and left_record_id = one.source_record_id
    inner join record as other
        on right_source_name = other.source_name
        and right_record_id = other.source_record_id
    group by one.record, other.record, match_rule
)

select
    row_number() over (order by one, other, rule) - 1 as item,
    one,
    other,
    rule,
    reason
from linked
left join last_word using (one, other, rule)
"""
"""What can be held back, and why it was until now."""

CANDIDATES = """
create or replace temp table candidate as
with linkable as (
    select one as record from link
    union
    select other from link
    union
    select record from touched inner join mate using (record)
),

belonging as (
    select member.record, founding.record as founder
    from member
    inner join linkable on member.record = linkable.record
    inner join archive.identity.minted using (customer_id)
    inner join record as founding
        on minted.source_name = founding.source_name
        and minted.source_record_id = founding.source_record_id
)

select
    record.record,
    record.first_load,
    list_position($unique_sources, source_name) as unique_source,
    founder,
    touched.record is null as is_far
from linkable
inner join record using (record)
left join belonging on record.record = belonging.record
left join touched on record.record = touched.record
"""

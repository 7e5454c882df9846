"""The SQL that makes dated links of the touched records, from what they asserted.

Each statement makes one temporary table from those before it and those of
`warehouse.identity.key_statements`.
"""

ASSERTED = """
create or replace temp table asserted as
with stating as (
    select
        record.record,
        record.party_kind,
        load_id,
        load_row,
        delivered_on,
        valid_from,
        coalesce(left_out, '') as left_out,
        unnest([
            {'attribute': 'national_id', 'stated_as': ',national_id,',
                'value': national_id_standard},
            {'attribute': 'organisation_code', 'stated_as': ',organisation_code,',
                'value': organisation_code_standard},
            {'attribute': 'member_number', 'stated_as': ',member_number,',
                'value': nullif(trim(member_number), '')},
            {'attribute': 'email', 'stated_as': ',email,', 'value': email_standard},
            {'attribute': 'name', 'stated_as': ',full_name,', 'value': name_standard},
            {'attribute': 'birth_date', 'stated_as': ',birth_date,',
                'value': cast(birth_date as varchar)}
        ], recursive := true)
    from work.input.input_party as party
    inner join record using (source_name, source_record_id)
    inner join touched on record.record = touched.record
    where
        not is_deleted
        and touched.record in (select record from holder)
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
            order by delivered_on nulls first, load_id, load_row
            rows between 1 following and unbounded following
        ), $forever) as until
    from stating
    where not contains(left_out, stated_as)
)

select record, party_kind, attribute, value, min(since) as since, until
from superseding
where value is not null and since < until and until > $last_load
group by record, party_kind, attribute, value, until
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
    select record, key_number, rule, since, least(until, dead_from) as until
    from known
    inner join shared_key using (rule, party_kind, key)
)

select
    shared.record,
    key_number,
    rule,
    source_name,
    source_record_id,
    greatest(since, kind_since) as since,
    least(until, mixed_from) as until
from shared
inner join record using (record)
where greatest(since, kind_since) < least(until, mixed_from)
"""

LINKS = """
create or replace temp table link as
select
    one.record as one,
    other.record as other,
    list_position($rules, one.rule) - 1 as rule,
    greatest(one.since, other.since) as since,
    least(one.until, other.until) as until,
    row_number() over (order by
        one.key_number,
        one.source_name, one.source_record_id,
        other.source_name, other.source_record_id,
        greatest(one.since, other.since)
    ) as belief
from evidence as one
inner join evidence as other
    on one.key_number = other.key_number
    and (one.source_name, one.source_record_id)
    < (other.source_name, other.source_record_id)
    and one.since < other.until
    and other.since < one.until
where
    not (
        one.source_name = other.source_name
        and list_contains($unique_sources, one.source_name)
    )
"""
"""Ordered by names, not by arrival: in whatever order the deliveries came, the same
links are believed first."""

CANDIDATES = """
create or replace temp table candidate as
with linkable as (
    select one as record from link
    union
    select other from link
    union
    select record from touched inner join member using (record) where has_mates
)
select
    record,
    first_load,
    list_position($unique_sources, source_name) as unique_source,
    founder
from linkable
inner join record using (record)
left join member using (record)
"""

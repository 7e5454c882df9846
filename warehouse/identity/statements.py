"""The SQL that gathers evidence: from rows of the input layer to links of records.

Each statement makes one temporary table from those before it. They run in a session
that has the work database attached as `work` and the archive as `archive`.
"""

PENDING = """
create or replace temp table pending as
select load_id, min(known_at) as known_at
from work.input.input_party
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
        load_row,
        case
            when not is_deleted and not contains(coalesce(left_out, ''), ',party_kind,')
                then coalesce(party_kind, 'person')
        end as party_kind
    from work.input.input_party
),

known as (
    select
        source_name,
        source_record_id,
        min(load_id) as first_load,
        min_by(load_row, (load_id, load_row)) as first_row,
        min_by(party_kind, (load_id, load_row)) as party_kind,
        min(load_id) filter (where party_kind = 'person') as person_since,
        min(load_id) filter (where party_kind = 'organisation') as organisation_since
    from stated_kind
    group by source_name, source_record_id
)

select
    row_number() over (
        order by first_load, first_row, source_name, source_record_id
    ) as record,
    source_name,
    source_record_id,
    first_load,
    party_kind,
    least(person_since, organisation_since) as kind_since,
    case
        when organisation_since is null or person_since is null then $forever
        else greatest(organisation_since, person_since)
    end as mixed_from
from known
"""
"""A record that was stated to be a person and an organisation is evidence of neither:
from the load that made it so, it stands alone."""

STATED = """
create or replace temp table stated as
with stating as (
    select
        record.record,
        party.load_id,
        unnest([
            {'attribute': 'national_id', 'value': national_id_standard},
            {'attribute': 'organisation_code', 'value': organisation_code_standard},
            {'attribute': 'member_number', 'value': nullif(trim(member_number), '')},
            {'attribute': 'email', 'value': email_standard},
            {'attribute': 'name', 'value': name_standard}
        ], recursive := true)
    from work.input.input_party as party
    inner join record using (source_name, source_record_id)
    where not is_deleted
)
select record, attribute, value, min(load_id) as since
from stating
where value is not null
group by record, attribute, value
"""

HELD_KEYS = """
create or replace temp table held_key as
select
    record,
    party_kind,
    attribute as rule,
    value as key,
    greatest(since, kind_since) as since
from stated
inner join record using (record)
where list_contains($rules, attribute)
union all
select
    email.record,
    party_kind,
    'email_and_name' as rule,
    email.value || ' ' || name.value as key,
    greatest(email.since, name.since, kind_since) as since
from stated as email
inner join stated as name on email.record = name.record
inner join record on email.record = record.record
where email.attribute = 'email' and name.attribute = 'name'
"""

SHARED_KEYS = """
create or replace temp table shared_key as
with counted as (
    select
        rule,
        party_kind,
        key,
        coalesce(min(since, $too_many)[$too_many], $forever) as dead_from
    from held_key
    group by rule, party_kind, key
    having count(*) > 1
)
select
    row_number() over (
        order by list_position($rules, rule), party_kind, key
    ) as key_number,
    *
from counted
where dead_from > $last_load
"""
"""The holders are counted for ever, so a key once found to be shared stays dead."""

HOLDERS = """
create or replace temp table holder as
select key_number, record
from held_key
inner join shared_key using (rule, party_kind, key)
"""

MEMBERS = """
create or replace temp table member as
with linked as (
    select source_name, source_record_id, max_by(customer_id, load_id) as customer_id
    from archive.identity.link_change
    group by source_name, source_record_id
)
select
    record.record,
    customer_id,
    founding.record as founder,
    count(*) over (partition by customer_id) > 1 as has_mates
from linked
inner join record using (source_name, source_record_id)
inner join archive.identity.minted using (customer_id)
inner join record as founding
    on minted.source_name = founding.source_name
    and minted.source_record_id = founding.source_record_id
"""

TOUCHED = """
create or replace temp table touched as
select distinct record.record
from work.input.input_party
inner join pending using (load_id)
inner join record using (source_name, source_record_id)
"""

TOUCHED_TOO = """
insert into touched
with reached as (
    select other.record
    from touched
    inner join holder using (record)
    inner join holder as other on holder.key_number = other.key_number
    union
    select mate.record
    from touched
    inner join member using (record)
    inner join member as mate on member.customer_id = mate.customer_id
    where member.has_mates
)
select record from reached
anti join touched using (record)
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

"""The SQL that gathers what records may be recognised by, and whom a night touches.

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

"""The SQL that finds whom a night touches: through keys, likeness and customers.

Each statement makes one temporary table from those of
`warehouse.identity.record_statements` and those before it. Keys are hashed here, to
number them; whether two keys are one is decided later, on the keys themselves.
"""

HOLDING = """
create or replace temp table holding as
with stated as (
    select record, party_kind, kind_since, load_id, is_plain, name_key, email_standard,
        national_id_standard, organisation_code_standard, member_key
    from stating
    where kind_since is not null
),

mailbox as (
    select record, party_kind, kind_since, email_standard, min(load_id) as load_id
    from stated
    where not is_plain and email_standard is not null
    group by record, party_kind, kind_since, email_standard
),

called as (
    select record, name_key, min(load_id) as load_id
    from stated
    where not is_plain and name_key is not null
    group by record, name_key
),

held as (
    select record, kind_since, load_id,
        hash('national_id', party_kind, national_id_standard) as key
    from stated where national_id_standard is not null
    union all
    select record, kind_since, load_id,
        hash('organisation_code', party_kind, organisation_code_standard) as key
    from stated where organisation_code_standard is not null
    union all
    select record, kind_since, load_id,
        hash('member_number', party_kind, member_key) as key
    from stated where member_key is not null
    union all
    select record, kind_since, load_id,
        hash('email_and_name', party_kind, email_standard || ' ' || name_key) as key
    from stated
    where is_plain and email_standard is not null and name_key is not null
    union all
    select mailbox.record, kind_since, greatest(mailbox.load_id, called.load_id),
        hash('email_and_name', party_kind, email_standard || ' ' || name_key) as key
    from mailbox
    inner join called on mailbox.record = called.record
)

select key, record, greatest(min(load_id), max(kind_since)) as since
from held
group by key, record
"""

DEAD_KEYS = """
create or replace temp table dead_key as
select key, coalesce(min(since, $too_many)[$too_many], $forever) as dead_from
from holding
group by key
having count(*) >= $too_many
"""
"""The holders are counted for ever, so a key once found to be shared stays dead."""

LIVE_KEYS = """
create or replace temp table live_key as
with met as (
    select key from holding group by key having count(*) > 1
)

select key, coalesce(dead_from, $forever) as dead_from
from met
left join dead_key using (key)
where coalesce(dead_from, $forever) > $last_load
"""

HOLDERS = """
create or replace temp table holder as
select key, record, dead_from
from holding
inner join live_key using (key)
"""

MEMBERS = """
create or replace temp table member as
with linked as (
    select record.record, max_by(customer_id, load_id) as customer_id
    from archive.identity.link_change
    inner join record using (source_name, source_record_id)
    group by record.record
)

select record, customer_id, hash(customer_id) as customer
from linked
"""

MATES = """
create or replace temp table mate as
select record, customer
from member
where customer in (select customer from member group by customer having count(*) > 1)
"""
"""Who shares a customer, by a number for it: it only finds whom to look at."""

EDGES = """
create or replace temp table edge as
select one, other from known_pair where match_probability >= $least
union
select other, one from known_pair where match_probability >= $least
union
select one, other from decided where verdict = 'must'
union
select other, one from decided where verdict = 'must'
"""

TOUCHED = """
create or replace temp table touched as
select record.record
from party
inner join pending using (load_id)
inner join record using (source_name, source_record_id)
union
select unnest([one, other]) as record from decided
where since > $last_load or (until > $last_load and until < $forever)
union
select record from profile where since > $last_load
union
select record from record where list_contains($kinds, party_kind)
"""
"""Also whose values came to be shared, and all of a kind that has another model."""

EVERYBODY = "create or replace temp table touched as select record from record"

TOUCHED_TOO = """
insert into touched
with reached as (
    select other.record
    from touched
    inner join holder using (record)
    inner join holder as other on holder.key = other.key
    union
    select edge.other from touched inner join edge on touched.record = edge.one
    union
    select other.record
    from touched
    inner join mate using (record)
    inner join mate as other on mate.customer = other.customer
)

select record from reached
anti join touched using (record)
"""

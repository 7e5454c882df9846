"""The SQL that makes profiles: what each record stated, from which load to which.

A record has a state for each moment that it ever stated; a later word on the same
moment ends the state. A field that a delta leaves out is carried forward within the
record, as known at each load. A value that too many records share is null from the load
at which it came to be so.
"""

from string import Template

from warehouse.identity.policy import MAXIMUM_SHARING

STATED_AS = {
    "name_key": "full_name",
    "name_latin": "full_name",
    "has_mixed_scripts": "full_name",
    "birth_date": "birth_date",
    "sex_code": "sex_code",
    "email_standard": "email",
    "mobile_standard": "mobile",
    "phone_standard": "phone",
    "address_key": "address_line",
    "postcode_standard": "postcode",
    "city": "city",
    "national_id_standard": "national_id",
    "organisation_code_standard": "organisation_code",
    "tax_id": "tax_id",
    "member_number": "member_number",
    "website": "website",
    "legal_representative": "legal_representative",
}
"""What profiles compare, and the column of the delivery that each follows from."""

COLUMNS = ", ".join(STATED_AS)
_CONTENT = " || ".join(
    f"coalesce(length(cast({name} as varchar)) || ':' || cast({name} as varchar), '-')"
    for name in STATED_AS
)
CONTENT_HASH = f"md5({_CONTENT})"
"""Digest of what a state compares, the same in every session."""


_CARRIED = Template("""(max_by(
            {'value': said.$name},
            (said.valid_from, said.delivered_on, said.load_id, said.load_row)
        ) filter (where not contains(said.left_out, ',$stated_as,'))).value as $name""")


SPANS = Template("""
create or replace temp table span as
with superseding as (
    select
        record,
        load_id as since,
        coalesce(min(load_id) over (
            partition by record, valid_from
            order by delivered_on, load_id, load_row
            rows between 1 following and unbounded following
        ), $forever) as until,
        $columns
    from stating
    where not is_plain and not has_deltas
),

delta as (
    select * from stating where has_deltas
),

asked as (
    select distinct moment.record, moment.valid_from, later.load_id as since
    from delta as moment
    inner join delta as later
        on moment.record = later.record and moment.load_id <= later.load_id
),

carried as (
    select
        asked.record,
        asked.valid_from,
        asked.since,
        $carried
    from asked
    inner join delta as said
        on asked.record = said.record
        and said.valid_from <= asked.valid_from
        and said.load_id <= asked.since
    group by asked.record, asked.valid_from, asked.since
),

spread as (
    select *, $content_hash as content from superseding where since < until
    union all by name
    select
        * exclude (valid_from),
        coalesce(lead(since) over (
            partition by record, valid_from order by since
        ), $forever) as until,
        $content_hash as content
    from carried
),

reaching as (
    select
        *,
        max(until) over (
            partition by record, content order by since, until
            rows between unbounded preceding and 1 preceding
        ) as reached
    from spread
),

stretched as (
    select
        *,
        sum(case when since <= reached then 0 else 1 end) over (
            partition by record, content order by since, until
            rows between unbounded preceding and current row
        ) as stretch
    from reaching
)

select
    record,
    content,
    min(since) as since,
    max(until) as until,
    $any_values
from stretched
group by record, content, stretch
""").safe_substitute(
    columns=COLUMNS,
    content_hash=CONTENT_HASH,
    carried=", ".join(
        _CARRIED.substitute(name=name, stated_as=column)
        for name, column in STATED_AS.items()
    ),
    any_values=", ".join(f"any_value({name}) as {name}" for name in STATED_AS),
)
"""The states of the records that were stated more than once, the like ones as one."""


def _nulled(name: str) -> str:
    if name not in MAXIMUM_SHARING:
        return name
    return f"case when {name}_dead > cut_at then {name} end as {name}"


_DEAD = ", ".join(f"{name}_dead" for name in MAXIMUM_SHARING)

CUT = Template("""
create or replace temp table cut_state as
with known as (
    select
        record, load_id as since, $forever as until, $columns, true as is_plain,
        source_name, party_kind, kind_since, mixed_from
    from stating
    where is_plain and record in (select record from crowd)
    union all by name
    select
        span.* exclude (content), false as is_plain,
        source_name, party_kind, kind_since, mixed_from
    from span
    inner join record using (record)
),

clipped as (
    select
        * replace (
            greatest(since, kind_since) as since, least(until, mixed_from) as until
        )
    from known
    where greatest(since, kind_since) < least(until, mixed_from)
),

dated as (
    select
        clipped.*,
        $dead_from
    from clipped
    $joins
),

cut as (
    select
        *,
        unnest(list_distinct(list_filter(
            [since, $dead],
            lambda load : load >= since and load < until
        ))) as cut_at
    from dated
),

segment as (
    select
        record, source_name, party_kind, cut_at as since,
        coalesce(lead(cut_at) over (
            partition by record, since, until, $columns order by cut_at
        ), until) as until,
        $values
    from cut
)

select
    (select count(*) from record)
    + row_number() over (order by record, since, until, $content_hash) as state,
    record, source_name, party_kind, since, until, $columns
from segment
""").safe_substitute(
    columns=COLUMNS,
    content_hash=CONTENT_HASH,
    dead=_DEAD,
    dead_from=", ".join(
        f"coalesce({name}_shared.dead_from, $forever) as {name}_dead"
        for name in MAXIMUM_SHARING
    ),
    joins=" ".join(
        f"left join shared as {name}_shared on {name}_shared.attribute = '{name}' "
        f"and clipped.{name} = {name}_shared.value"
        for name in MAXIMUM_SHARING
    ),
    values=", ".join(_nulled(name) for name in STATED_AS),
)
"""A state is cut where one of its values came to be shared by too many."""

PROFILE = Template("""
create or replace temp view profile as
select
    record as state, record, source_name, party_kind,
    greatest(load_id, kind_since) as since, mixed_from as until, $columns
from stating
where
    is_plain
    and record not in (select record from crowd)
    and greatest(load_id, kind_since) < mixed_from
union all
select * from cut_state
""").substitute(columns=COLUMNS)
"""Most records are plain and share nothing with many: they are not written again."""

HASHED = Template("""
create or replace temp table hashed as
select state, record, party_kind, since, until, has_mixed_scripts,
    $content_hash as state_hash
from profile
where record in (select record from wanted)
""").substitute(content_hash=CONTENT_HASH)

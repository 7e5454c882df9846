{%- set values = [
    'household_id', 'customer_id', 'seniority', 'member_role', 'formed_by', 'is_minor',
    'dwelling_key', 'geography_key',
] -%}
{%- set key = ['customer_id'] -%}
{%- set reads = [
    {'keys_of': 'int_household__seniorities'},
    {'keys_of': 'int_household__stays'},
    {'keys_of': 'int_household__roles'},
] -%}
{{ config(**built_by_keys(key, reads, is_compared=true, tells=['household_id'])) }}

with statements as (
    select * from {{ ref('int_household__statements') }}
),

seniorities as (
    select * from {{ ref('int_household__seniorities') }}
),

persons as (
    {{ rows_of_touched_keys('seniorities', key) }}
),

stated as (
    select
        statements.*,
        persons.customer_id
    from statements
    inner join persons on statements.seniority = persons.seniority
),

places as (
    select
        place,
        count(*) as statement_count
    from stated
    group by place
),

counted as (
    select
        stated.*,
        places.statement_count
    from stated
    inner join places on stated.place = places.place
),

contested as (
    select *
    from counted
    where statement_count > 1
),

{{ known_slabs('contested', 'place') }},

{{ valid_cells('contested', 'place', [
    'anchor', 'seniority', 'customer_id', 'dwelling_key', 'geography_key', 'formed_by',
    'formed_by_rank', 'member_role', 'role_rank', 'is_minor',
]) }},

settled as (
    select
        anchor,
        seniority,
        min(customer_id) as customer_id,
        max(dwelling_key) as dwelling_key,
        max(geography_key) as geography_key,
        min_by(formed_by, formed_by_rank) as formed_by,
        min_by(member_role, role_rank) as member_role,
        bool_or(is_minor) as is_minor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from contested_in_cells
    group by anchor, seniority, valid_from, valid_to, known_from, known_to
    union all
    select
        anchor,
        seniority,
        customer_id,
        dwelling_key,
        geography_key,
        formed_by,
        member_role,
        is_minor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from counted
    where statement_count = 1
),

heads as (
    select distinct
        settled.anchor,
        {{ surrogate_key(["'household'", 'seniorities.customer_id']) }} as household_id
    from settled
    inner join seniorities on settled.anchor = seniorities.seniority
),

named as (
    select
        heads.household_id,
        settled.*
    from settled
    inner join heads on settled.anchor = heads.anchor
),

{{ joined_rectangles('named', 'customer_id', values) }},

final as (
    select * from named_joined
)

select * from final

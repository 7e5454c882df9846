{%- set values = [
    'household_id', 'customer_id', 'seniority', 'member_role', 'formed_by', 'is_minor',
    'dwelling_key', 'geography_key',
] -%}

with statements as (
    select * from {{ ref('int_household__statements') }}
),

residents as (
    select * from {{ ref('int_household__residents') }}
),

persons as (
    select distinct
        seniority,
        customer_id,
        {{ surrogate_key(["'household'", 'customer_id']) }} as household_id
    from residents
),

places as (
    select
        place,
        count(*) as statement_count
    from statements
    group by place
),

counted as (
    select
        statements.*,
        places.statement_count
    from statements
    inner join places on statements.place = places.place
),

contested as (
    select *
    from counted
    where statement_count > 1
),

{{ known_slabs('contested', 'place') }},

{{ valid_cells('contested', 'place', [
    'anchor', 'seniority', 'dwelling_key', 'geography_key', 'formed_by',
    'formed_by_rank', 'member_role', 'role_rank', 'is_minor',
]) }},

settled as (
    select
        anchor,
        seniority,
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

named as (
    select
        anchors.household_id,
        persons.customer_id,
        persons.seniority,
        settled.member_role,
        settled.formed_by,
        settled.is_minor,
        settled.dwelling_key,
        settled.geography_key,
        settled.valid_from,
        settled.valid_to,
        settled.known_from,
        settled.known_to
    from settled
    inner join persons on settled.seniority = persons.seniority
    inner join persons as anchors on settled.anchor = anchors.seniority
),

{{ joined_rectangles('named', 'customer_id', values) }},

final as (
    select * from named_joined
)

select * from final

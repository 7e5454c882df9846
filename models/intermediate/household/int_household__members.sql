{%- set values = [
    'household_id', 'customer_id', 'seniority', 'member_role', 'formed_by', 'is_minor',
    'dwelling_key', 'geography_key',
] -%}

with stays as (
    select * from {{ ref('int_household__stays') }}
),

roles as (
    select * from {{ ref('int_household__roles') }}
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

statements as (
    select
        anchor * 10000000000 + seniority as place,
        anchor,
        seniority,
        dwelling_key,
        geography_key,
        formed_by,
        case formed_by
            when 'own_address' then 1
            when 'address' then 2
            when 'family_name' then 3
            when 'phone' then 4
            else 5
        end as formed_by_rank,
        case when anchor = seniority then 'head' else 'member' end as member_role,
        case when anchor = seniority then 20 else 30 end as role_rank,
        false as is_minor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from stays
    union all
    select
        anchor * 10000000000 + seniority as place,
        anchor,
        seniority,
        cast(null as varchar) as dwelling_key,
        cast(null as varchar) as geography_key,
        cast(null as varchar) as formed_by,
        9 as formed_by_rank,
        member_role,
        role_rank,
        is_minor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from roles
),

{{ known_slabs('statements', 'place') }},

{{ valid_cells('statements', 'place', [
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
    from statements_in_cells
    group by anchor, seniority, valid_from, valid_to, known_from, known_to
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

{{ joined_rectangles('named', values) }},

final as (
    select * from named_joined
)

select * from final

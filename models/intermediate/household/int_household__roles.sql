{%- set key = ['customer_id'] -%}
{%- set reads = [
    {'keys_of': 'int_household__seniorities'},
    {'keys_of': 'int_household__stays', 'via': customers_of_changed_stays()},
    {'keys_of': 'int_relationship__customers'},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with stays as (
    select * from {{ ref('int_household__stays') }}
),

relationships as (
    select * from {{ ref('int_relationship__customers') }}
),

anchors as (
    select distinct
        seniority,
        customer_id
    from stays
),

touched as (
    {{ rows_of_touched_keys('stays', key) }}
),

stays_with_anchors as (
    select
        touched.anchor,
        touched.seniority,
        touched.customer_id,
        anchors.customer_id as anchor_customer_id,
        touched.of_age_at,
        touched.known_of_age_from,
        touched.valid_from,
        touched.valid_to,
        touched.known_from,
        touched.known_to
    from touched
    left join anchors on touched.anchor = anchors.seniority
),

related as (
    select
        stays_with_anchors.customer_id,
        stays_with_anchors.anchor,
        stays_with_anchors.seniority,
        relationships.household_role as member_role,
        relationships.role_rank,
        false as is_minor,
        {{ shared_rectangle('stays_with_anchors', 'relationships') }}
    from stays_with_anchors
    inner join relationships
        on
            stays_with_anchors.customer_id = relationships.customer_id
            and stays_with_anchors.anchor_customer_id
            = relationships.related_customer_id
            and {{ rectangles_overlap('stays_with_anchors', 'relationships') }}
    where relationships.household_role is not null
),

minors as (
    select
        customer_id,
        anchor,
        seniority,
        'child' as member_role,
        10 as role_rank,
        true as is_minor,
        valid_from,
        least(valid_to, of_age_at) as valid_to,
        known_from,
        known_to
    from stays_with_anchors
    where valid_from < of_age_at
    union all
    -- Until the birthday is reached by some delivery, the minor stays one.
    select
        customer_id,
        anchor,
        seniority,
        'child' as member_role,
        10 as role_rank,
        true as is_minor,
        greatest(valid_from, of_age_at) as valid_from,
        valid_to,
        known_from,
        least(known_to, known_of_age_from) as known_to
    from stays_with_anchors
    where valid_to > of_age_at and known_from < known_of_age_from
),

final as (
    select * from related
    union all
    select * from minors
)

select * from final

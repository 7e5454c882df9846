{%- set columns = [
    'seniority', 'customer_id', 'birth_date', 'dwelling_key', 'geography_key',
    'anchor', 'formed_by',
] -%}
{%- set key = ['home_key'] -%}
{%- set reads = [
    {'keys_of': 'int_household__homes'},
    {'keys_of': 'int_household__mergers', 'via': homes_of_changed_anchors()},
] -%}
{{ config(**built_by_keys(key, reads, is_compared=true, tells=['customer_id'])) }}

with homes as (
    select * from {{ ref('int_household__homes') }}
),

mergers as (
    select * from {{ ref('int_household__mergers') }}
),

touched as (
    {{ rows_of_touched_keys('homes', key) }}
),

moved as (
    select
        touched.seniority,
        touched.customer_id,
        touched.birth_date,
        touched.dwelling_key,
        touched.geography_key,
        coalesce(mergers.first_anchor, touched.anchor) as anchor,
        case
            when mergers.first_anchor < touched.anchor then 'phone'
            else touched.formed_by
        end as formed_by,
        greatest(touched.valid_from, coalesce(mergers.valid_from, touched.valid_from))
            as valid_from,
        least(touched.valid_to, coalesce(mergers.valid_to, touched.valid_to)) as valid_to,
        greatest(touched.known_from, coalesce(mergers.known_from, touched.known_from))
            as known_from,
        least(touched.known_to, coalesce(mergers.known_to, touched.known_to)) as known_to
    from touched
    left join mergers
        on
            touched.anchor = mergers.anchor
            and {{ rectangles_overlap('touched', 'mergers') }}
),

{{ joined_rectangles('moved', 'seniority', columns) }},

final as (
    select
        *,
        coalesce(dwelling_key, customer_id) as home_key
    from moved_joined
)

select * from final

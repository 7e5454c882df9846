{%- set columns = [
    'seniority', 'customer_id', 'birth_date', 'dwelling_key', 'geography_key',
    'anchor', 'formed_by',
] -%}

with homes as (
    select * from {{ ref('int_household__homes') }}
),

mergers as (
    select * from {{ ref('int_household__mergers') }}
),

moved as (
    select
        homes.seniority,
        homes.customer_id,
        homes.birth_date,
        homes.dwelling_key,
        homes.geography_key,
        coalesce(mergers.first_anchor, homes.anchor) as anchor,
        case
            when mergers.first_anchor < homes.anchor then 'phone'
            else homes.formed_by
        end as formed_by,
        greatest(homes.valid_from, coalesce(mergers.valid_from, homes.valid_from))
            as valid_from,
        least(homes.valid_to, coalesce(mergers.valid_to, homes.valid_to)) as valid_to,
        greatest(homes.known_from, coalesce(mergers.known_from, homes.known_from))
            as known_from,
        least(homes.known_to, coalesce(mergers.known_to, homes.known_to)) as known_to
    from homes
    left join mergers
        on
            homes.anchor = mergers.anchor
            and {{ rectangles_overlap('homes', 'mergers') }}
),

{{ joined_rectangles('moved', 'seniority', columns) }},

final as (
    select * from moved_joined
)

select * from final

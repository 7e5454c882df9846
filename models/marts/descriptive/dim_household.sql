{%- set key = ['household_id'] -%}
{%- set reads = [{'keys_of': 'int_household__versions'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with versions as (
    select * from {{ ref('int_household__versions') }}
),

touched as (
    {{ rows_of_touched_keys('versions', key) }}
),

known as (
    select
        {{ surrogate_key(['household_id', 'valid_from']) }} as household_key,
        household_id,
        coalesce(geography_key, '_unknown') as geography_key,
        cast(member_count as integer) as member_count,
        cast(children_count as integer) as children_count,
        valid_from,
        valid_to
    from touched
),

nobody as (
    select
        '_unknown' as household_key,
        '_unknown' as household_id,
        '_unknown' as geography_key,
        0 as member_count,
        0 as children_count,
        timestamp '1900-01-01' as valid_from,
        timestamp '9999-12-31' as valid_to
),

households as (
    select * from known
    union all
    {{ rows_of_touched_keys('nobody', key) }}
),

final as (
    select
        -- keys
        household_key,
        household_id,
        geography_key,

        -- flags
        children_count > 0 as has_children,
        valid_to = timestamp '9999-12-31' as is_current,

        -- measures
        member_count,
        member_count - children_count as adult_count,
        children_count,

        -- timestamps
        valid_from,
        valid_to
    from households
)

select * from final

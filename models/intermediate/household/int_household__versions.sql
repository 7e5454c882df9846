{%- set key = ['household_id'] -%}
{%- set reads = [{'keys_of': 'int_household__moments'}] -%}
{{ config(**built_by_keys(key, reads, is_compared=true)) }}

with moments as (
    select * from {{ ref('int_household__moments') }}
),

touched as (
    {{ rows_of_touched_keys('moments', key) }}
),

compared as (
    select
        *,
        lag(dwelling_key) over history as previous_dwelling_key
    from touched
    window history as (partition by household_id order by valid_from nulls first)
),

numbered as (
    select
        *,
        sum(
            case
                when
                    is_turn or dwelling_key is distinct from previous_dwelling_key
                    then 1
                else 0
            end
        ) over (
            partition by household_id
            order by valid_from nulls first
            rows between unbounded preceding and current row
        ) as version_number
    from compared
),

final as (
    select
        household_id,
        max(member_count) as member_count,
        max(children_count) as children_count,
        max(dwelling_key) as dwelling_key,
        max(geography_key) as geography_key,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to
    from numbered
    group by household_id, version_number
)

select * from final

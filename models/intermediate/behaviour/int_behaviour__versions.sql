{{ config(materialized='view') }}

with moments as (
    select * from {{ ref('int_behaviour__moments') }}
),

final as (
    select
        moments.*,
        {%- for habit in habits() %}
        {{ value_of_ranked('moments.ranked_' ~ habit) }} as preferred_{{ habit }},
        {%- endfor %}
        {{ dbt.datediff(
            'moments.first_purchase_date', 'moments.last_purchase_date', 'day'
        ) }} as span_days,
        case
            when moments.from_date = date '1900-01-01' then timestamp '1900-01-01'
            else {{ start_of_local_day('moments.from_date') }}
        end as valid_from,
        coalesce({{ start_of_local_day('moments.to_date') }}, timestamp '9999-12-31')
            as valid_to
    from moments
)

select * from final

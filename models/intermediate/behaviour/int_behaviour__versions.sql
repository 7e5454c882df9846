{{ config(materialized='view') }}

with moments as (
    select * from {{ ref('int_behaviour__moments') }}
),

former_categories as (
    select * from {{ ref('int_behaviour__former_categories') }}
),

psychographics as (
    select * from {{ ref('int_customer__psychographics') }}
),

versions as (
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
),

final as (
    select
        versions.*,
        psychographics.psychographic_code,
        {{ value_of_ranked('former_categories.ranked_former_category') }}
            as former_category
    from versions
    left join former_categories
        on
            versions.customer_id = former_categories.customer_id
            and versions.from_date = former_categories.from_date
    left join psychographics
        on
            versions.customer_id = psychographics.customer_id
            and versions.valid_from >= psychographics.valid_from
            and versions.valid_from < psychographics.valid_to
)

select * from final

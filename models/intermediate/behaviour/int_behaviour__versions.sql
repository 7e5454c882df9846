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
        *,
        case
            when from_date = date '1900-01-01' then timestamp '1900-01-01'
            else {{ start_of_local_day('from_date') }}
        end as valid_from,
        coalesce({{ start_of_local_day('to_date') }}, timestamp '9999-12-31')
            as valid_to
    from moments
),

final as (
    select
        versions.customer_id,
        {%- for habit in habits() %}
        {{ value_of_ranked('versions.ranked_' ~ habit) }} as preferred_{{ habit }},
        {%- endfor %}
        {%- for column in [
            'activity_state_code', 'activity_state_since_date', 'purchase_cycle_days',
            'purchase_count', 'recent_purchase_count', 'purchase_day_count',
            'purchase_line_count', 'promoted_purchase_count', 'discounted_line_count',
            'banded_line_count', 'price_band_sum', 'product_count', 'category_count',
            'purchase_amount', 'return_line_count', 'company_net_amount',
            'answer_count', 'first_purchase_date', 'last_purchase_date',
        ] %}
        versions.{{ column }},
        {%- endfor %}
        {{ dbt.datediff(
            'versions.first_purchase_date', 'versions.last_purchase_date', 'day'
        ) }} as span_days,
        psychographics.psychographic_code,
        {{ value_of_ranked('former_categories.ranked_former_category') }}
            as former_category,
        versions.valid_from,
        versions.valid_to
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

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_customers('int_behaviour__states'),
    post_hook=after_touched_customers('int_behaviour__states'),
) }}

{%- set measures = [
    'purchase_count', 'purchase_line_count', 'promoted_purchase_count',
    'discounted_line_count', 'banded_line_count', 'price_band_sum',
    'product_count', 'category_count', 'purchase_amount',
    'return_line_count', 'company_net_amount', 'answer_count',
] %}

with states as (
    select * from {{ ref('int_behaviour__states') }}
),

mornings as (
    select * from {{ ref('int_behaviour__mornings') }}
),

days as (
    select * from {{ ref('int_behaviour__days') }}
),

preferences as (
    select * from {{ ref('int_behaviour__preferences') }}
),

cycles as (
    select * from {{ ref('int_behaviour__cycles') }}
),

touched as (
    {{ touched_customers('states') }}
),

summed as (
    select
        mornings.customer_id,
        mornings.from_date,
        mornings.is_certain,
        {%- for measure in measures %}
        sum(days.{{ measure }}) over so_far as {{ measure }},
        {%- endfor %}
        {%- for habit in habits() %}
        max(preferences.ranked_{{ habit }}) over so_far as ranked_{{ habit }},
        {%- endfor %}
        count(case when days.purchase_count > 0 then 1 end) over so_far
            as purchase_day_count,
        sum(days.purchase_count) over last_year as recent_purchase_count,
        min(case when days.purchase_count > 0 then days.behaviour_date end) over so_far
            as first_purchase_date,
        max(case when days.purchase_count > 0 then days.behaviour_date end) over so_far
            as last_purchase_date
    from mornings
    inner join touched on mornings.customer_id = touched.customer_id
    left join days
        on
            mornings.customer_id = days.customer_id
            and mornings.behaviour_date = days.behaviour_date
    left join preferences
        on
            mornings.customer_id = preferences.customer_id
            and mornings.behaviour_date = preferences.behaviour_date
    window
        so_far as (
            partition by mornings.customer_id
            order by mornings.from_date nulls last
            rows between unbounded preceding and current row
        ),
        last_year as (
            partition by mornings.customer_id
            order by
                {{ dbt.datediff("date '1900-01-01'", 'mornings.from_date', 'day') }}
                nulls last
            range between 364 preceding and current row
        )
),

stated as (
    -- The morning after the business date is not there yet: its state is that of today.
    select
        summed.*,
        cycles.purchase_cycle_days,
        {{ activity_state(
            'least(summed.from_date, cycles.business_date)',
            'summed.first_purchase_date',
            'summed.last_purchase_date',
        ) }} as activity_state_code
    from summed
    inner join cycles on summed.customer_id = cycles.customer_id
),

turned as (
    select
        *,
        lag(activity_state_code, 1, '') over (
            partition by customer_id order by from_date nulls last
        ) <> activity_state_code as is_turn
    from stated
),

final as (
    -- A morning on which nothing turned after all is none.
    select
        *,
        max(case when is_turn then from_date end) over (
            partition by customer_id order by from_date nulls last
        ) as activity_state_since_date,
        lead(from_date) over (
            partition by customer_id order by from_date nulls last
        ) as to_date
    from turned
    where is_turn or is_certain
)

select * from final

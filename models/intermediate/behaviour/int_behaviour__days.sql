{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_customers('int_behaviour__states'),
    post_hook=after_touched_customers('int_behaviour__states'),
) }}

with states as (
    select * from {{ ref('int_behaviour__states') }}
),

sale_lines as (
    select * from {{ ref('int_behaviour__lines') }}
),

answers as (
    select * from {{ ref('int_behaviour__answers') }}
),

touched as (
    {{ touched_customers('states') }}
),

lines_of_touched as (
    select sale_lines.*
    from sale_lines
    inner join touched on sale_lines.customer_id = touched.customer_id
),

purchases as (
    select
        *,
        min(ordered_date) over (partition by customer_id, product_id)
            as product_first_date,
        min(ordered_date) over (partition by customer_id, category)
            as category_first_date
    from lines_of_touched
    where not is_return
),

bought as (
    select
        customer_id,
        ordered_date as behaviour_date,
        count(distinct order_code) as purchase_count,
        count(*) as purchase_line_count,
        count(distinct order_code) filter (where is_promoted)
            as promoted_purchase_count,
        count_if(is_discounted) as discounted_line_count,
        count(price_band) as banded_line_count,
        sum(price_band) as price_band_sum,
        count(distinct product_id) filter (where product_first_date = ordered_date)
            as product_count,
        count(distinct category) filter (where category_first_date = ordered_date)
            as category_count,
        sum(company_net_amount) as purchase_amount
    from purchases
    group by customer_id, ordered_date
),

returned as (
    select
        customer_id,
        ordered_date as behaviour_date,
        count(*) as return_line_count,
        sum(company_net_amount) as return_amount
    from lines_of_touched
    where is_return
    group by customer_id, ordered_date
),

answered as (
    select
        answers.customer_id,
        answers.answered_date as behaviour_date,
        count(*) as answer_count
    from answers
    inner join touched on answers.customer_id = touched.customer_id
    group by answers.customer_id, answers.answered_date
),

happened as (
    {%- for part in ['bought', 'returned', 'answered'] %}
    select
        customer_id,
        behaviour_date
    from {{ part }}
    {{ "union distinct" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        {%- for measure in [
            'purchase_count', 'purchase_line_count', 'promoted_purchase_count',
            'discounted_line_count', 'banded_line_count', 'price_band_sum',
            'product_count', 'category_count', 'purchase_amount',
        ] %}
        coalesce(bought.{{ measure }}, 0) as {{ measure }},
        {%- endfor %}
        coalesce(returned.return_line_count, 0) as return_line_count,
        coalesce(returned.return_amount, 0) as return_amount,
        coalesce(answered.answer_count, 0) as answer_count,
        happened.customer_id,
        happened.behaviour_date
    from happened{% for part in ['bought', 'returned', 'answered'] %}
    left join {{ part }}
        on
            happened.customer_id = {{ part }}.customer_id
            and happened.behaviour_date = {{ part }}.behaviour_date
    {%- endfor %}
)

select * from final

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_customers('int_behaviour__states'),
    post_hook=after_touched_customers('int_behaviour__states'),
) }}

{%- set amounts = ['gross', 'discount', 'net', 'cost', 'margin'] %}
{%- set novelties = {'product': 'bought_product_id', 'category': 'bought_category'} %}
{%- set happenings = (novelties | list) + [
    'exposure', 'answer', 'contact', 'call', 'complaint', 'usage',
] %}

with states as (
    select * from {{ ref('int_behaviour__states') }}
),

sale_lines as (
    select * from {{ ref('int_behaviour__lines') }}
),

encounters as (
    select * from {{ ref('int_behaviour__encounters') }}
),

touched as (
    {{ touched_customers('states') }}
),

bought as (
    select
        {%- for column in ['order_code', 'product_id', 'category', 'price_band'] %}
        case when not sale_lines.is_return then sale_lines.{{ column }} end
            as bought_{{ column }},
        {%- endfor %}
        sale_lines.*
    from sale_lines
    inner join touched on sale_lines.customer_id = touched.customer_id
),

traded as (
    select
        customer_id,
        ordered_date as behaviour_date,
        {%- for amount in amounts %}
        sum(company_{{ amount }}_amount) as company_{{ amount }}_amount,
        {%- endfor %}
        sum(company_net_amount) filter (where not is_return) as purchase_amount,
        sum(bought_price_band) as price_band_sum,
        count(bought_price_band) as banded_line_count,
        count(bought_order_code) as purchase_line_count,
        count_if(is_discounted and not is_return) as discounted_line_count,
        count_if(is_return) as return_line_count,
        count(distinct bought_order_code) as purchase_count,
        count(distinct bought_order_code) filter (where is_promoted)
            as promoted_purchase_count
    from bought
    group by customer_id, ordered_date
),

happened as (
    -- A product or category counts on the day on which it is bought first.
    {%- for kind, bought in novelties.items() %}
    select
        customer_id,
        '{{ kind }}' as kind,
        min(ordered_date) as behaviour_date
    from bought
    where {{ bought }} is not null
    group by customer_id, {{ bought }}
    union all
    {%- endfor %}
    select
        encounters.customer_id,
        encounters.encounter_type as kind,
        encounters.happened_date as behaviour_date
    from encounters
    inner join touched on encounters.customer_id = touched.customer_id
),

counted as (
    select
        customer_id,
        {%- for kind in happenings %}
        count_if(kind = '{{ kind }}') as {{ kind }}_count,
        {%- endfor %}
        behaviour_date
    from happened
    group by customer_id, behaviour_date
),

final as (
    select
        {%- for amount in amounts %}
        traded.company_{{ amount }}_amount,
        {%- endfor %}
        traded.purchase_amount,
        {%- for count in [
            'price_band_sum', 'banded_line_count', 'purchase_line_count',
            'discounted_line_count', 'return_line_count', 'purchase_count',
            'promoted_purchase_count',
        ] %}
        coalesce(traded.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        {%- for kind in happenings %}
        coalesce(counted.{{ kind }}_count, 0) as {{ kind }}_count,
        {%- endfor %}
        coalesce(traded.customer_id, counted.customer_id) as customer_id,
        coalesce(traded.behaviour_date, counted.behaviour_date) as behaviour_date
    from traded
    full outer join counted
        on
            traded.customer_id = counted.customer_id
            and traded.behaviour_date = counted.behaviour_date
)

select * from final

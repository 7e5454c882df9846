{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_behaviour__states'}] -%}
{{ config(**built_by_keys(key, reads)) }}

{%- set amounts = ['gross', 'discount', 'net', 'cost', 'margin'] %}
{%- set novelties = {'product': 'bought_product_id', 'category': 'bought_category'} %}
{%- set happenings = (novelties | list) + [
    'exposure', 'answer', 'contact', 'call', 'complaint', 'usage',
] %}

with sale_lines as (
    select * from {{ ref('int_behaviour__lines') }}
),

encounters as (
    select * from {{ ref('int_behaviour__encounters') }}
),

touched_lines as (
    {{ rows_of_touched_keys('sale_lines', key, reads) }}
),

touched_encounters as (
    {{ rows_of_touched_keys('encounters', key, reads) }}
),

bought as (
    select
        {%- for column in ['order_code', 'product_id', 'category', 'price_band'] %}
        case when not is_return then {{ column }} end as bought_{{ column }},
        {%- endfor %}
        *
    from touched_lines
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
        customer_id,
        encounter_type as kind,
        happened_date as behaviour_date
    from touched_encounters
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
    -- Narrow numbers: wide ones take ten times as long to read.
    select
        {%- for amount in amounts %}
        cast(traded.company_{{ amount }}_amount as decimal(18, 4))
            as company_{{ amount }}_amount,
        {%- endfor %}
        cast(traded.purchase_amount as decimal(18, 4)) as purchase_amount,
        {%- for count in [
            'price_band_sum', 'banded_line_count', 'purchase_line_count',
            'discounted_line_count', 'return_line_count', 'purchase_count',
            'promoted_purchase_count',
        ] %}
        cast(coalesce(traded.{{ count }}, 0) as integer) as {{ count }},
        {%- endfor %}
        {%- for kind in happenings %}
        cast(coalesce(counted.{{ kind }}_count, 0) as integer) as {{ kind }}_count,
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

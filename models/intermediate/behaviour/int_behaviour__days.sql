{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_customers('int_behaviour__states'),
    post_hook=after_touched_customers('int_behaviour__states'),
) }}

{%- set amounts = ['gross', 'discount', 'net', 'cost', 'margin'] %}
{%- set encounter_types = [
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

novel as (
    select
        *,
        min(ordered_date) over (partition by customer_id, bought_product_id)
            as product_since,
        min(ordered_date) over (partition by customer_id, bought_category)
            as category_since
    from bought
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
            as promoted_purchase_count,
        count(
            distinct case when product_since = ordered_date then bought_product_id end
        ) as product_count,
        count(
            distinct case when category_since = ordered_date then bought_category end
        ) as category_count
    from novel
    group by customer_id, ordered_date
),

met as (
    select
        encounters.customer_id,
        {%- for type in encounter_types %}
        count_if(encounters.encounter_type = '{{ type }}') as {{ type }}_count,
        {%- endfor %}
        encounters.happened_date as behaviour_date
    from encounters
    inner join touched on encounters.customer_id = touched.customer_id
    group by encounters.customer_id, encounters.happened_date
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
            'promoted_purchase_count', 'product_count', 'category_count',
        ] %}
        coalesce(traded.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        {%- for type in encounter_types %}
        coalesce(met.{{ type }}_count, 0) as {{ type }}_count,
        {%- endfor %}
        coalesce(traded.customer_id, met.customer_id) as customer_id,
        coalesce(traded.behaviour_date, met.behaviour_date) as behaviour_date
    from traded
    full outer join met
        on
            traded.customer_id = met.customer_id
            and traded.behaviour_date = met.behaviour_date
)

select * from final

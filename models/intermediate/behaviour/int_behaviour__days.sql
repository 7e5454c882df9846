{%- set key = ['customer_id'] -%}
{%- set reads = reads_of_days() -%}
{{ config(**built_by_keys(key, reads)) }}

{%- set amounts = ['gross', 'discount', 'net', 'cost', 'margin'] %}
{%- set counts = [
    'price_band_sum', 'banded_line_count', 'purchase_line_count',
    'discounted_line_count', 'return_line_count', 'purchase_count',
    'promoted_purchase_count', 'product_count', 'category_count', 'exposure_count',
    'answer_count', 'contact_count', 'call_count', 'complaint_count', 'usage_count',
] %}

with sale_lines as (
    select * from {{ ref('int_sale__lines') }}
),

products as (
    select * from {{ ref('int_product__price_bands') }}
),

outlets as (
    select * from {{ ref('int_outlet__current') }}
),

encounters as (
    select * from {{ ref('int_behaviour__encounters') }}
),

{%- for rows in ['sale_lines', 'encounters'] %}
touched_{{ rows }} as (
    {{ rows_of_touched_keys(rows, key) }}
),
{%- endfor %}

{{ habit_lines('touched_sale_lines') }},

traded as (
    select
        customer_id,
        ordered_date as behaviour_date,
        {%- for amount in amounts %}
        sum(company_{{ amount }}_amount) as company_{{ amount }}_amount,
        {%- endfor %}
        sum(company_net_amount) filter (where not is_return) as purchase_amount,
        sum(price_band) filter (where not is_return) as price_band_sum,
        count(price_band) filter (where not is_return) as banded_line_count,
        count_if(not is_return) as purchase_line_count,
        count_if(is_discounted and not is_return) as discounted_line_count,
        count_if(is_return) as return_line_count
    from habit_lines
    group by customer_id, ordered_date
),

bought as (
    -- A product or category counts on the day on which it is bought first.
    {%- for kind, what, is_any in [
        ('product', 'product_id', 'product_id is not null'),
        ('category', 'category', 'category is not null'),
        ('purchase', 'ordered_date, order_code', 'true'),
        ('promoted_purchase', 'ordered_date, order_code', 'is_promoted'),
    ] %}
    select
        customer_id,
        '{{ kind }}' as kind,
        min(ordered_date) as behaviour_date
    from habit_lines
    where not is_return and {{ is_any }}
    group by customer_id, {{ what }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

counted as (
    select
        customer_id,
        {%- for kind in ['purchase', 'promoted_purchase', 'product', 'category'] %}
        count(*) filter (where kind = '{{ kind }}') as {{ kind }}_count,
        {%- endfor %}
        behaviour_date
    from bought
    group by customer_id, behaviour_date
),

met as (
    select
        customer_id,
        {%- for kind in ['exposure', 'answer', 'contact', 'call', 'complaint', 'usage'] %}
        sum(encounter_count) filter (where encounter_type = '{{ kind }}')
            as {{ kind }}_count,
        {%- endfor %}
        happened_date as behaviour_date
    from touched_encounters
    group by customer_id, happened_date
),

final as (
    -- Narrow numbers: wide ones take ten times as long to read.
    select
        {%- for amount in amounts %}
        cast(traded.company_{{ amount }}_amount as decimal(18, 4))
            as company_{{ amount }}_amount,
        {%- endfor %}
        cast(traded.purchase_amount as decimal(18, 4)) as purchase_amount,
        {%- for count in counts %}
        cast(coalesce({{ count }}, 0) as integer) as {{ count }},
        {%- endfor %}
        coalesce(traded.customer_id, met.customer_id) as customer_id,
        coalesce(traded.behaviour_date, met.behaviour_date) as behaviour_date
    from traded
    left join counted
        on
            traded.customer_id = counted.customer_id
            and traded.behaviour_date = counted.behaviour_date
    full outer join met
        on
            traded.customer_id = met.customer_id
            and traded.behaviour_date = met.behaviour_date
)

select * from final

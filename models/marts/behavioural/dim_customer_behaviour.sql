{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_behaviour__states'}] -%}
{{ config(**built_by_keys(key, reads)) }}

{%- set fewest_purchases = 5 %}
{%- set counts = [
    'purchase_count', 'recent_purchase_count', 'return_line_count', 'answer_count',
    'product_count', 'category_count',
] %}
{%- set leanings = [
    ('price_level', 'price_band_sum', 'banded_line_count'),
    ('discount_sensitivity', 'discounted_line_count', 'purchase_line_count'),
    ('promotion_sensitivity', 'promoted_purchase_count', 'purchase_count'),
] %}

with versions as (
    select * from {{ ref('int_behaviour__versions') }}
),

channels as (
    select * from {{ ref('dim_channel') }}
),

touched as (
    {{ rows_of_touched_keys('versions', key, reads) }}
),

placed as (
    select
        touched.*,
        shopping_channels.channel_key as preferred_channel_key,
        media_channels.channel_key as media_channel_key
    from touched
    left join channels as shopping_channels
        on touched.preferred_channel = shopping_channels.channel_code
    left join channels as media_channels
        on touched.preferred_media = media_channels.channel_code
),

final as (
    select
        -- keys
        case
            when customer_id = '_unknown' then '_unknown'
            else {{ surrogate_key(['customer_id', 'valid_from']) }}
        end as customer_behaviour_key,
        customer_id,
        coalesce(preferred_product, '_unknown') as preferred_product_id,
        coalesce(preferred_channel_key, '_unknown') as preferred_channel_key,
        coalesce(preferred_outlet, '_unknown') as preferred_outlet_key,
        coalesce(media_channel_key, '_unknown') as media_channel_key,

        -- attributes
        activity_state_code,
        coalesce(preferred_category, '_unknown') as preferred_category,
        former_category,
        cast(preferred_weekday as integer) as preferred_weekday_number,
        cast(preferred_hour as integer) as preferred_hour,
        psychographic_code,
        {{ company_currency() }} as currency_code,

        -- flags
        valid_to = timestamp '9999-12-31' as is_current,

        -- measures
        purchase_cycle_days,
        {%- for measure in counts %}
        cast(coalesce({{ measure }}, 0) as integer) as {{ measure }},
        {%- endfor %}
        cast(coalesce(company_net_amount, 0) as decimal(18, 4))
            as net_amount,
        cast(span_days / nullif(purchase_day_count - 1, 0) as decimal(9, 2))
            as mean_days_between_purchases,
        cast(purchase_line_count / nullif(purchase_count, 0) as decimal(9, 2))
            as average_basket_line_count,
        cast(purchase_amount / nullif(purchase_count, 0) as decimal(18, 4))
            as average_basket_amount,
        {%- for measure, part, whole in leanings %}
        case
            when purchase_count >= {{ fewest_purchases }}
                then cast({{ part }} / nullif({{ whole }}, 0) as decimal(5, 4))
        end as {{ measure }},
        {%- endfor %}

        -- dates
        first_purchase_date,
        last_purchase_date,
        activity_state_since_date,

        -- timestamps
        valid_from,
        valid_to
    from placed
)

select * from final

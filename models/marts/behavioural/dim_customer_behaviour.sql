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

with channels as (
    select * from {{ ref('dim_channel') }}
),

{% for rows, model in {
    'moments': 'int_behaviour__moments',
    'preferences': 'int_behaviour__preferences',
    'former_categories': 'int_behaviour__former_categories',
    'psychographics': 'int_customer__psychographics',
}.items() -%}
{{ rows }} as (
    select * from {{ ref(model) }}
),

touched_{{ rows }} as (
    {{ rows_of_touched_keys(rows, key) }}
),

{% endfor -%}
final as (
    select
        -- keys
        case
            when moments.customer_id = '_unknown' then '_unknown'
            else {{ surrogate_key(['moments.customer_id', 'moments.valid_from']) }}
        end as customer_behaviour_key,
        moments.customer_id,
        coalesce(preferences.preferred_product, '_unknown') as preferred_product_id,
        coalesce(shopping_channels.channel_key, '_unknown') as preferred_channel_key,
        coalesce(preferences.preferred_outlet, '_unknown') as preferred_outlet_key,
        coalesce(media_channels.channel_key, '_unknown') as media_channel_key,

        -- attributes
        moments.activity_state_code,
        coalesce(preferences.preferred_category, '_unknown') as preferred_category,
        former_categories.former_category,
        cast(preferences.preferred_weekday as integer) as preferred_weekday_number,
        cast(preferences.preferred_hour as integer) as preferred_hour,
        psychographics.psychographic_code,
        {{ company_currency() }} as currency_code,

        -- flags
        moments.valid_to = timestamp '9999-12-31' as is_current,

        -- measures
        moments.purchase_cycle_days,
        {%- for measure in counts %}
        cast(coalesce(moments.{{ measure }}, 0) as integer) as {{ measure }},
        {%- endfor %}
        cast(coalesce(moments.company_net_amount, 0) as decimal(18, 4)) as net_amount,
        cast(
            {{ dbt.datediff(
                'moments.first_purchase_date', 'moments.last_purchase_date', 'day'
            ) }} / nullif(moments.purchase_day_count - 1, 0) as decimal(9, 2)
        ) as mean_days_between_purchases,
        cast(
            moments.purchase_line_count / nullif(moments.purchase_count, 0)
            as decimal(9, 2)
        ) as average_basket_line_count,
        cast(
            moments.purchase_amount / nullif(moments.purchase_count, 0)
            as decimal(18, 4)
        ) as average_basket_amount,
        {%- for measure, part, whole in leanings %}
        case
            when moments.purchase_count >= {{ fewest_purchases }}
                then cast(
                    moments.{{ part }} / nullif(moments.{{ whole }}, 0)
                    as decimal(5, 4)
                )
        end as {{ measure }},
        {%- endfor %}

        -- dates
        moments.first_purchase_date,
        moments.last_purchase_date,
        moments.activity_state_since_date,

        -- timestamps
        moments.valid_from,
        moments.valid_to
    from touched_moments as moments
    left join touched_preferences as preferences
        on
            moments.customer_id = preferences.customer_id
            and moments.preferred_on_date = preferences.behaviour_date
    left join touched_former_categories as former_categories
        on
            moments.customer_id = former_categories.customer_id
            and moments.from_date = former_categories.from_date
    left join touched_psychographics as psychographics
        on
            moments.customer_id = psychographics.customer_id
            and moments.valid_from >= psychographics.valid_from
            and moments.valid_from < psychographics.valid_to
    left join channels as shopping_channels
        on preferences.preferred_channel = shopping_channels.channel_code
    left join channels as media_channels
        on preferences.preferred_media = media_channels.channel_code
)

select * from final

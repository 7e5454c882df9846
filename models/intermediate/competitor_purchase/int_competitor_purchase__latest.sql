{%- set key = ['source_name', 'competitor_purchase_record_id'] -%}
{%- set reads = reads_of_event(
    'input_competitor_purchase', 'competitor_purchase_record_id'
) + [{'keys_of': 'int_exchange_rate__days', 'via': "
    select built.source_name, built.competitor_purchase_record_id
    from {{ this }} as built
    inner join changed
        on
            built.currency_code = changed.currency_code
            and cast(built.purchased_at as date) = changed.calendar_date
"}] -%}
{{ config(**built_by_keys(key, reads)) }}

with delivered as (
    select * from {{ ref('input_competitor_purchase') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

rates as (
    select * from {{ ref('int_exchange_rate__days') }}
),

touched as (
    {{ rows_of_touched_keys('delivered', key) }}
),

{{ latest_rows('touched', 'competitor_purchase_record_id') }},

latest as (
    select
        touched_latest.*,
        coalesce(links.customer_id, '_unknown') as customer_id,
        coalesce(
            touched_latest.purchased_on, cast(touched_latest.valid_from as date)
        ) as bought_on,
        coalesce(touched_latest.currency_code, {{ company_currency() }})
            as known_currency_code
    from touched_latest
    left join links
        on
            touched_latest.party_source_name = links.source_name
            and touched_latest.party_record_id = links.source_record_id
),

rated as (
    select
        latest.*,
        cast(
            case
                when latest.known_currency_code = {{ company_currency() }} then 1
                else rates.exchange_rate
            end as decimal(18, 8)
        ) as exchange_rate
    from latest
    left join rates
        on
            latest.known_currency_code = rates.currency_code
            and latest.bought_on = rates.calendar_date
),

final as (
    select
        {{ surrogate_key(['source_name', 'competitor_purchase_record_id']) }}
            as competitor_purchase_key,
        source_name,
        competitor_purchase_record_id,
        load_id,
        party_source_name,
        party_record_id,
        customer_id,
        coalesce(competitor_name, '_unknown') as competitor_name,
        coalesce(product_category, '_unknown') as product_category,
        reason_code,
        known_currency_code as currency_code,
        purchase_amount,
        exchange_rate,
        {{ in_company_currency('purchase_amount', 'exchange_rate') }}
            as company_purchase_amount,
        opinion_score,
        cast(bought_on as timestamp) as purchased_at
    from rated
)

select * from final

{{ config(**made_whole_with_journal(['competitor_purchase_key'])) }}

with delivered as (
    select * from {{ ref('input_competitor_purchase') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

rates as (
    select * from {{ ref('int_exchange_rate__days') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source_name, competitor_purchase_record_id
            order by
                delivered_on desc nulls last,
                load_id desc nulls last,
                load_row desc nulls last
        ) as recency
    from delivered
),

latest as (
    select
        numbered.*,
        coalesce(links.customer_id, '_unknown') as customer_id,
        coalesce(purchased_on, cast(numbered.valid_from as date)) as bought_on,
        coalesce(currency_code, {{ company_currency() }}) as known_currency_code
    from numbered
    left join links
        on
            numbered.party_source_name = links.source_name
            and numbered.party_record_id = links.source_record_id
    where numbered.recency = 1 and not numbered.is_deleted
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

with sales as (
    select * from {{ ref('int_sale__promoted') }}
),

rates as (
    select * from {{ ref('int_exchange_rate__days') }}
),

list_rates as (
    select * from {{ ref('int_exchange_rate__days') }}
),

rated as (
    select
        sales.*,
        cast(
            case
                when sales.currency_code = {{ company_currency() }} then 1
                else rates.exchange_rate
            end as decimal(18, 8)
        ) as exchange_rate,
        case
            when sales.list_currency_code = {{ company_currency() }} then 1
            else list_rates.exchange_rate
        end as list_exchange_rate
    from sales
    left join rates
        on
            sales.currency_code = rates.currency_code
            and sales.ordered_on = rates.calendar_date
    left join list_rates
        on
            sales.list_currency_code = list_rates.currency_code
            and sales.ordered_on = list_rates.calendar_date
),

changed as (
    select
        *,
        {{ in_company_currency('discount_amount', 'exchange_rate') }}
            as company_discount_amount,
        {{ in_company_currency('net_amount', 'exchange_rate') }} as company_net_amount,
        {{ in_company_currency('coalesce(tax_amount, 0)', 'exchange_rate') }}
            as company_tax_amount,
        coalesce(
            {{ in_company_currency('cost_amount', 'exchange_rate') }},
            {{ in_company_currency('list_cost_amount', 'list_exchange_rate') }}
        ) as company_cost_amount
    from rated
),

final as (
    -- Changed one by one, gross less discount could miss net by a rounding.
    select
        -- keys
        sale_key,
        source_name,
        sale_record_id,
        order_number,
        order_line_number,
        load_id,
        party_source_name,
        party_record_id,
        customer_id,
        product_key,
        product_source_name,
        product_record_id,
        outlet_source_name,
        outlet_record_id,
        campaign_source_name,
        campaign_record_id,
        promotion_key,

        -- attributes
        channel_code,
        currency_code,
        payment_method_code,
        payment_terms_code,
        coupon_code,

        -- flags
        is_return,

        -- measures
        quantity,
        gross_amount,
        discount_amount,
        net_amount,
        tax_amount,
        cost_amount,
        exchange_rate,
        cast(company_net_amount + company_discount_amount as decimal(18, 4))
            as company_gross_amount,
        company_discount_amount,
        company_net_amount,
        company_cost_amount,
        cast(
            company_net_amount - company_tax_amount - company_cost_amount
            as decimal(18, 4)
        ) as company_margin_amount,

        -- dates
        ordered_on,

        -- timestamps
        ordered_at
    from changed
)

select * from final

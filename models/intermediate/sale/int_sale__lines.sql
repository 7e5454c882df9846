{%- set key = ['source_name', 'sale_record_id'] -%}
{%- set reads = reads_of_sale_lines() -%}
{{ config(**built_by_keys(key, reads, tells=['customer_id'])) }}

with delivered as (
    select * from {{ ref('input_sale') }}
),

statements as (
    select * from {{ ref('input_sale') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

products as (
    select * from {{ ref('int_product__versions') }}
),

promotions as (
    select * from {{ ref('int_promotion__current') }}
),

placements as (
    select * from {{ ref('int_promotion__placements') }}
),

rates as (
    select * from {{ ref('int_exchange_rate__days') }}
),

touched as (
    {{ rows_of_touched_keys('delivered', key) }}
),

said as (
    -- Imported once more: what is read twice of one import is kept with all its columns.
    select
        source_name,
        sale_record_id,
        delivered_on,
        load_id,
        load_row
    from ({{ rows_of_touched_keys('statements', key) }}) as touched_statements
),

{{ latest_sales('touched', 'said') }},

{{ priced_sales() }},

{{ promoted_sales() }},

{{ valued_sales() }},

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
    from valued_sales
)

select * from final

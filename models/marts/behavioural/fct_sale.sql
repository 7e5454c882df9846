{%- set key = ['sale_key'] -%}
{%- set reads = reads_of_fact(
    'int_sale__lines', 'sale_key', ['source_name', 'sale_record_id'],
    members=['outlet', 'campaign'],
) -%}
{%- set tells = [
    'ordered_date_key', 'geography_key', 'product_key', 'channel_key', 'currency_code',
] -%}
{{ config(**built_by_keys(key, reads, is_compared=true, tells=tells)) }}

with sale_lines as (
    select * from {{ ref('int_sale__lines') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

earlier_links as (
    select * from {{ ref('int_customer__earlier_links') }}
),

customer_versions as (
    select * from {{ ref('int_customer__version_keys') }}
),

outlets as (
    select * from {{ ref('int_outlet__current') }}
),

campaigns as (
    select * from {{ ref('int_campaign__current') }}
),

channels as (
    select * from {{ ref('dim_channel') }}
),

touched as (
    {{ rows_of_touched_keys('sale_lines', key) }}
),

final as (
    select
        -- keys
        touched.sale_key,
        {{ surrogate_key(['touched.source_name', 'touched.order_number']) }}
            as order_key,
        touched.order_number,
        touched.order_line_number,
        touched.product_key,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touched.load_id') }} as customer_id_at_load,
        {{ date_key('touched.ordered_on') }} as ordered_date_key,
        coalesce(channels.channel_key, '_unknown') as channel_key,
        coalesce(outlets.outlet_key, '_unknown') as outlet_key,
        coalesce(
            nullif(customer_versions.geography_key, '_unknown'),
            outlets.geography_key,
            '_unknown'
        ) as geography_key,
        coalesce(campaigns.campaign_key, '_unknown') as campaign_key,
        touched.promotion_key,
        touched.source_name as source_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        touched.currency_code,
        touched.payment_method_code,
        touched.payment_terms_code,
        touched.coupon_code,

        -- flags
        touched.is_return,

        -- measures
        touched.quantity,
        touched.gross_amount,
        touched.discount_amount,
        touched.net_amount,
        touched.tax_amount,
        touched.cost_amount,
        touched.exchange_rate,
        touched.company_gross_amount,
        touched.company_discount_amount,
        touched.company_net_amount,
        touched.company_cost_amount,
        touched.company_margin_amount,

        -- timestamps
        touched.ordered_at
    from touched
    {{ customer_of('touched', 'ordered_at') }}
    left join outlets
        on
            touched.outlet_source_name = outlets.source_name
            and touched.outlet_record_id = outlets.outlet_record_id
    left join campaigns
        on
            touched.campaign_source_name = campaigns.source_name
            and touched.campaign_record_id = campaigns.campaign_record_id
    left join channels on touched.channel_code = channels.channel_code
)

select * from final

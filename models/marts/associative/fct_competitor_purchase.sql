{%- set key = ['competitor_purchase_key'] -%}
{%- set reads = reads_of_fact(
    'int_competitor_purchase__latest', 'competitor_purchase_key',
    ['source_name', 'competitor_purchase_record_id'],
) -%}
{{ config(**built_by_keys(key, reads)) }}

with purchases as (
    select * from {{ ref('int_competitor_purchase__latest') }}
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

touched as (
    {{ rows_of_touched_keys('purchases', key) }}
),

final as (
    select
        -- keys
        touched.competitor_purchase_key,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touched.load_id') }} as customer_id_at_load,
        {{ date_key(local_date('touched.purchased_at')) }} as purchased_date_key,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        touched.source_name as source_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        touched.competitor_name,
        touched.product_category,
        touched.reason_code,
        touched.currency_code,

        -- measures
        touched.purchase_amount,
        touched.exchange_rate,
        touched.company_purchase_amount,
        touched.opinion_score,

        -- timestamps
        touched.purchased_at
    from touched
    {{ customer_of('touched', 'purchased_at') }}
)

select * from final

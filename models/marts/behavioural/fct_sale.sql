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
    select * from {{ ref('int_customer__versions') }}
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

final as (
    select
        -- keys
        {{ surrogate_key(['sale_lines.source_name', 'sale_lines.sale_record_id']) }}
            as sale_key,
        {{ surrogate_key(['sale_lines.source_name', 'sale_lines.order_number']) }}
            as order_key,
        sale_lines.order_number,
        sale_lines.order_line_number,
        sale_lines.product_key,
        sale_lines.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('sale_lines.load_id') }} as customer_id_at_load,
        {{ date_key(local_date('sale_lines.ordered_at')) }} as ordered_date_key,
        coalesce(channels.channel_key, '_unknown') as channel_key,
        coalesce(outlets.outlet_key, '_unknown') as outlet_key,
        coalesce(
            nullif(customer_versions.geography_key, '_unknown'),
            outlets.geography_key,
            '_unknown'
        ) as geography_key,
        coalesce(campaigns.campaign_key, '_unknown') as campaign_key,
        sale_lines.source_name as source_key,
        cast(sale_lines.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        sale_lines.currency_code,
        sale_lines.payment_method_code,

        -- flags
        sale_lines.is_return,

        -- measures
        sale_lines.quantity,
        sale_lines.gross_amount,
        sale_lines.discount_amount,
        sale_lines.net_amount,
        sale_lines.tax_amount,
        sale_lines.cost_amount,

        -- timestamps
        sale_lines.ordered_at
    from sale_lines
    left join links
        on
            sale_lines.party_source_name = links.source_name
            and sale_lines.party_record_id = links.source_record_id
    left join earlier_links
        on
            sale_lines.party_source_name = earlier_links.source_name
            and sale_lines.party_record_id = earlier_links.source_record_id
            and sale_lines.load_id >= earlier_links.from_load_id
            and sale_lines.load_id < earlier_links.to_load_id
    left join customer_versions
        on
            sale_lines.customer_id = customer_versions.customer_id
            and sale_lines.ordered_at >= customer_versions.valid_from
            and sale_lines.ordered_at < customer_versions.valid_to
    left join outlets
        on
            sale_lines.outlet_source_name = outlets.source_name
            and sale_lines.outlet_record_id = outlets.outlet_record_id
    left join campaigns
        on
            sale_lines.campaign_source_name = campaigns.source_name
            and sale_lines.campaign_record_id = campaigns.campaign_record_id
    left join channels on sale_lines.channel_code = channels.channel_code
    order by sale_lines.ordered_at nulls first
)

select * from final

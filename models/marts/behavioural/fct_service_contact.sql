with contacts as (
    select * from {{ ref('int_service_contact__latest') }}
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

products as (
    select * from {{ ref('int_product__versions') }}
),

channels as (
    select * from {{ ref('dim_channel') }}
),

final as (
    select
        -- keys
        contacts.service_contact_key,
        coalesce(products.product_key, '_unknown') as product_key,
        contacts.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('contacts.load_id') }} as customer_id_at_load,
        {{ date_key(local_date('contacts.started_at')) }} as started_date_key,
        coalesce(channels.channel_key, '_unknown') as channel_key,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        contacts.source_name as source_key,
        cast(contacts.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        contacts.direction_code,
        contacts.reason_code,
        contacts.outcome_code,
        contacts.agent_code,
        contacts.note,

        -- flags
        coalesce(contacts.is_complaint, false) as is_complaint,

        -- measures
        contacts.duration_seconds,

        -- timestamps
        contacts.started_at
    from contacts
    left join links
        on
            contacts.party_source_name = links.source_name
            and contacts.party_record_id = links.source_record_id
    left join earlier_links
        on
            contacts.party_source_name = earlier_links.source_name
            and contacts.party_record_id = earlier_links.source_record_id
            and contacts.load_id >= earlier_links.from_load_id
            and contacts.load_id < earlier_links.to_load_id
    left join customer_versions
        on
            contacts.customer_id = customer_versions.customer_id
            and contacts.started_at >= customer_versions.valid_from
            and contacts.started_at < customer_versions.valid_to
    left join products
        on
            contacts.product_source_name = products.source_name
            and contacts.product_record_id = products.product_record_id
            and contacts.started_at >= products.valid_from
            and contacts.started_at < products.valid_to
    left join channels on contacts.channel_code = channels.channel_code
)

select * from final

with registrations as (
    select * from {{ ref('int_party__registrations') }}
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

channels as (
    select * from {{ ref('dim_channel') }}
),

final as (
    select
        -- keys
        registrations.registration_key,
        registrations.source_name as source_key,
        registrations.source_record_id,
        registrations.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('registrations.load_id') }} as customer_id_at_load,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        coalesce(channels.channel_key, '_unknown') as channel_key,
        {{ date_key(local_date('registrations.registered_at')) }}
            as registered_date_key,
        cast(registrations.load_id as {{ dbt.type_string() }}) as load_key,

        -- flags
        registrations.is_external,

        -- timestamps
        registrations.registered_at
    from registrations
    left join links
        on
            registrations.source_name = links.source_name
            and registrations.source_record_id = links.source_record_id
    left join earlier_links
        on
            registrations.source_name = earlier_links.source_name
            and registrations.source_record_id = earlier_links.source_record_id
            and registrations.load_id >= earlier_links.from_load_id
            and registrations.load_id < earlier_links.to_load_id
    left join customer_versions
        on
            registrations.customer_id = customer_versions.customer_id
            and registrations.registered_at >= customer_versions.valid_from
            and registrations.registered_at < customer_versions.valid_to
    left join channels on registrations.channel_code = channels.channel_code
)

select * from final

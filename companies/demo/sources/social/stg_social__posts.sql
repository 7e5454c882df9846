with source as (
    select * from {{ source('social', 'posts') }}
),

renamed as (
    select
        {{ delivery_columns('social') }},

        -- keys
        {{ typed('social', 'posts', 'post_id') }} as service_contact_record_id,
        {{ typed('social', 'posts', 'author_source') }} as party_source_name,
        {{ typed('social', 'posts', 'author_id') }} as party_record_id,
        'shop_system' as product_source_name,
        {{ typed('social', 'posts', 'product_id') }} as product_record_id,

        -- attributes
        'inbound' as direction_code,
        'social' as channel_code,
        {{ typed('social', 'posts', 'about') }} as reason_code,
        {{ typed('social', 'posts', 'words') }} as note,

        -- flags
        {{ typed('social', 'posts', 'about') }} = 'complaint' as is_complaint,

        -- timestamps
        {{ typed('social', 'posts', 'posted_at') }} as started_at
    from source
)

select * from renamed

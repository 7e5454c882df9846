with source as (
    select * from {{ source('social', 'interactions') }}
),

renamed as (
    select
        {{ delivery_columns('social') }},

        -- keys
        {{ typed('social', 'interactions', 'interaction_id') }} as web_event_record_id,
        {{ typed('social', 'interactions', 'owner_source') }} as party_source_name,
        {{ typed('social', 'interactions', 'owner_id') }} as party_record_id,
        'shop_system' as product_source_name,
        {{ typed('social', 'interactions', 'product_id') }} as product_record_id,

        -- attributes
        {{ typed('social', 'interactions', 'account') }} as visitor_code,
        'social' as channel_code,
        {{ typed('social', 'interactions', 'kind') }} as event_type_code,

        -- timestamps
        {{ typed('social', 'interactions', 'happened_at') }} as occurred_at
    from source
)

select * from renamed

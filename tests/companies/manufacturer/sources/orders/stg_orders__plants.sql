with source as (
    select * from {{ source('orders', 'plants') }}
),

renamed as (
    select
        {{ delivery_columns('orders') }},
        {{ typed('orders', 'plants', 'plant') }} as source_record_id,
        'organisation' as party_kind,
        {{ typed('orders', 'plants', 'name') }} as full_name,
        {{ extra_attributes('orders', 'plants') }} as extra_attributes
    from source
)

select * from renamed

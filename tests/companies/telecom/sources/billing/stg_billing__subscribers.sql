with source as (
    select * from {{ source('billing', 'subscribers') }}
),

renamed as (
    select
        {{ delivery_columns('billing') }},
        {{ typed('billing', 'subscribers', 'subscriber') }} as source_record_id,
        'person' as party_kind,
        {{ typed('billing', 'subscribers', 'name') }} as full_name,
        {{ extra_attributes('billing', 'subscribers') }} as extra_attributes
    from source
)

select * from renamed

with source as (
    select * from {{ source('shop_system', 'outlets') }}
),

renamed as (
    select
        {{ delivery_columns(
            'shop_system',
            clock=typed('shop_system', 'outlets', 'updated_at'),
        ) }},

        -- keys
        {{ typed('shop_system', 'outlets', 'outlet_id') }} as outlet_record_id,

        -- attributes
        {{ typed('shop_system', 'outlets', 'name') }} as outlet_name,
        {{ typed('shop_system', 'outlets', 'type') }} as outlet_type_code,
        {{ typed('shop_system', 'outlets', 'address') }} as address_line,
        {{ typed('shop_system', 'outlets', 'postcode') }} as postcode,
        {{ typed('shop_system', 'outlets', 'city') }} as city,
        {{ typed('shop_system', 'outlets', 'region') }} as region,
        {{ typed('shop_system', 'outlets', 'country') }} as country_code,

        -- dates
        {{ typed('shop_system', 'outlets', 'opened_on') }} as opened_on,
        {{ typed('shop_system', 'outlets', 'closed_on') }} as closed_on
    from source
)

select * from renamed

with source as (
    select * from {{ source('list_broker', 'lists') }}
),

renamed as (
    select
        {{ delivery_columns(
            'list_broker',
            clock='cast(' ~ typed('list_broker', 'lists', 'acquired_on') ~ ' as timestamp)',
        ) }},

        -- keys
        {{ typed('list_broker', 'lists', 'list_code') }} || '/'
            || {{ typed('list_broker', 'lists', 'edition') }} as list_terms_record_id,

        -- attributes
        {{ typed('list_broker', 'lists', 'list_code') }} as list_code,
        {{ typed('list_broker', 'lists', 'edition') }} as list_version,
        {{ typed('list_broker', 'lists', 'list_name') }} as list_name,
        {{ typed('list_broker', 'lists', 'vendor') }} as vendor_name,
        {{ typed('list_broker', 'lists', 'category') }} as list_category_code,
        {{ typed('list_broker', 'lists', 'acquisition') }} as acquisition_code,
        {{ typed('list_broker', 'lists', 'purposes') }} as allowed_purposes,
        {{ typed('list_broker', 'lists', 'currency') }} as currency_code,

        -- measures
        {{ typed('list_broker', 'lists', 'price') }} as price_amount,
        {{ typed('list_broker', 'lists', 'uses') }} as allowed_uses_count,

        -- dates
        {{ typed('list_broker', 'lists', 'acquired_on') }} as acquired_on,
        {{ typed('list_broker', 'lists', 'expires_on') }} as expires_on
    from source
)

select * from renamed

with source as (
    select * from {{ source('panel', 'purchases') }}
),

renamed as (
    select
        {{ delivery_columns('panel') }},

        -- keys
        {{ typed('panel', 'purchases', 'purchase_id') }} as competitor_purchase_record_id,
        {{ typed('panel', 'purchases', 'member_source') }} as party_source_name,
        {{ typed('panel', 'purchases', 'member_id') }} as party_record_id,

        -- attributes
        {{ typed('panel', 'purchases', 'competitor') }} as competitor_name,
        {{ typed('panel', 'purchases', 'category') }} as product_category,
        {{ typed('panel', 'purchases', 'currency') }} as currency_code,
        {{ typed('panel', 'purchases', 'reason') }} as reason_code,

        -- measures
        {{ typed('panel', 'purchases', 'amount') }} as purchase_amount,
        {{ typed('panel', 'purchases', 'opinion') }} as opinion_score,

        -- dates
        {{ typed('panel', 'purchases', 'bought_on') }} as purchased_on
    from source
)

select * from renamed

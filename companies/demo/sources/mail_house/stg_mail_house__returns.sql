with source as (
    select * from {{ source('mail_house', 'returns') }}
),

renamed as (
    select
        {{ delivery_columns(
            'mail_house',
            clock=typed('mail_house', 'returns', 'returned_at'),
        ) }},

        -- keys
        {{ typed('mail_house', 'returns', 'letter_id') }} as contact_point_record_id,
        {{ typed('mail_house', 'returns', 'recipient_source') }} as party_source_name,
        {{ typed('mail_house', 'returns', 'recipient_id') }} as party_record_id,

        -- attributes
        'postal' as contact_type_code,
        {{ typed('mail_house', 'returns', 'address') }} as contact_value,
        case {{ typed('mail_house', 'returns', 'reason') }}
            when '迁移新址不明' then 'returned'
            when '查无此人' then 'returned'
            when '地址不详' then 'returned'
        end as status_code,

        -- timestamps
        {{ typed('mail_house', 'returns', 'returned_at') }} as status_at
    from source
)

select * from renamed

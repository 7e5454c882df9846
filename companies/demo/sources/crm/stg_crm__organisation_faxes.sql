with source as (
    select * from {{ source('crm', 'organisations') }}
),

renamed as (
    select
        {{ delivery_columns('crm') }},

        -- keys
        concat_ws(':', account_number, 'fax') as contact_point_record_id,
        'crm' as party_source_name,
        {{ typed('crm', 'organisations', 'account_number') }} as party_record_id,

        -- attributes
        'fax' as contact_type_code,
        {{ typed('crm', 'organisations', 'fax') }} as contact_value,
        {{ typed('crm', 'organisations', 'country') }} as country_code
    from source
    where fax is not null
)

select * from renamed

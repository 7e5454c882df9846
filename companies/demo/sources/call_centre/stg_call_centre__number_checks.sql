with source as (
    select * from {{ source('call_centre', 'number_checks') }}
),

renamed as (
    select
        {{ delivery_columns(
            'call_centre',
            clock=typed('call_centre', 'number_checks', 'checked_at'),
        ) }},

        -- keys
        {{ typed('call_centre', 'number_checks', 'check_id') }}
            as contact_point_record_id,
        {{ typed('call_centre', 'number_checks', 'called_source') }}
            as party_source_name,
        {{ typed('call_centre', 'number_checks', 'called_id') }} as party_record_id,

        -- attributes
        'mobile' as contact_type_code,
        {{ typed('call_centre', 'number_checks', 'number') }} as contact_value,
        {{ typed('call_centre', 'number_checks', 'country') }} as country_code,
        case {{ typed('call_centre', 'number_checks', 'result') }}
            when 'answered' then 'answered'
            when 'confirmed' then 'verified'
            when 'no_answer' then 'unreachable'
            when 'wrong_person' then 'wrong_number'
        end as status_code,

        -- timestamps
        {{ typed('call_centre', 'number_checks', 'checked_at') }} as status_at
    from source
)

select * from renamed

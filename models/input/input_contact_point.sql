with delivered as (
    {{ input_rows('contact_point') }}
),

final as (
    select
        *,
        case
            when contact_type_code = 'email' then {{ standard_email('contact_value') }}
            when contact_type_code in ('mobile', 'phone', 'fax')
                then {{ standard_phone('contact_value', 'country_code') }}
            else {{ standard_text('contact_value') }}
        end as contact_value_standard
    from delivered
)

select * from final

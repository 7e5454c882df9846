with source as (
    select * from {{ source('crm', 'people') }}
),

renamed as (
    select
        {{ delivery_columns('crm') }},

        -- keys
        {{ typed('crm', 'people', 'link_id') }} as relationship_record_id,
        {{ typed('crm', 'people', 'person_source') }} as party_source_name,
        {{ typed('crm', 'people', 'person_id') }} as party_record_id,
        'crm' as related_party_source_name,
        {{ typed('crm', 'people', 'account_number') }} as related_party_record_id,

        -- attributes
        case
            when {{ typed('crm', 'people', 'role') }} is null then 'employee'
            else 'decision_role'
        end as relationship_type_code,
        {{ typed('crm', 'people', 'role') }} as role_code,

        -- timestamps
        cast({{ typed('crm', 'people', 'since') }} as timestamp) as related_from
    from source
)

select * from renamed

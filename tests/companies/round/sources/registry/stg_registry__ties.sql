with source as (
    select * from {{ source('registry', 'ties') }}
),

renamed as (
    select
        {{ delivery_columns('registry') }},
        {{ typed('registry', 'ties', 'tie') }} as relationship_record_id,
        'registry' as party_source_name,
        {{ typed('registry', 'ties', 'party') }} as party_record_id,
        'registry' as related_party_source_name,
        {{ typed('registry', 'ties', 'other') }} as related_party_record_id,
        {{ typed('registry', 'ties', 'kind') }} as relationship_type_code
    from source
)

select * from renamed

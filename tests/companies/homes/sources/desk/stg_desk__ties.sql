with source as (
    select * from {{ source('desk', 'ties') }}
),

renamed as (
    select
        {{ delivery_columns('desk') }},
        {{ typed('desk', 'ties', 'tie') }} as relationship_record_id,
        'desk' as party_source_name,
        {{ typed('desk', 'ties', 'person') }} as party_record_id,
        'desk' as related_party_source_name,
        {{ typed('desk', 'ties', 'other') }} as related_party_record_id,
        {{ typed('desk', 'ties', 'kind') }} as relationship_type_code,
        {{ typed('desk', 'ties', 'until') }} as related_to
    from source
)

select * from renamed

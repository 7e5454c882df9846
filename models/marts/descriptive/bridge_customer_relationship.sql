with relationships as (
    select * from {{ ref('int_relationship__customers') }}
),

final as (
    select
        -- keys
        {{ surrogate_key([
            'source_name', 'relationship_record_id', 'is_inverse',
        ]) }} as customer_relationship_key,
        customer_id,
        related_customer_id,
        source_name,
        relationship_record_id,

        -- attributes
        relationship_type_code,
        role_code,

        -- flags
        is_inverse,

        -- timestamps
        valid_from,
        valid_to
    from relationships
    where known_to = timestamp '9999-12-31'
)

select * from final

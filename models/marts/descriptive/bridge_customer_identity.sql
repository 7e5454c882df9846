with link_history as (
    select * from {{ ref('int_customer__link_history') }}
),

final as (
    select
        -- keys
        {{ surrogate_key(['source_name', 'source_record_id', 'known_from']) }}
            as customer_identity_key,
        source_name,
        source_record_id,
        customer_id,

        -- attributes
        match_rule,
        match_probability,

        -- timestamps
        valid_from,
        valid_to,
        known_from,
        known_to
    from link_history
)

select * from final

with shared_values as (
    select * from {{ source('match', 'shared_value') }}
),

final as (
    select
        -- keys
        attribute,
        value_hash,
        min(load_id) as load_id,

        -- measures
        max_by(holder_count, load_id) as holder_count,

        -- timestamps
        min(known_at) as known_at
    from shared_values
    group by attribute, value_hash
)

select * from final

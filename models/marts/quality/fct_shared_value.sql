with shared_values as (
    select * from {{ ref('int_identity__shared_values') }}
),

final as (
    select
        -- keys
        {{ surrogate_key(['attribute', 'value_hash']) }} as shared_value_key,
        attribute as attribute_name,
        value_hash,
        cast(load_id as {{ dbt.type_string() }}) as load_key,

        -- measures
        holder_count,

        -- timestamps
        known_at
    from shared_values
)

select * from final

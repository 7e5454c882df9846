with refused as (
    select * from {{ source('ledger', 'refused') }}
),

final as (
    select
        -- keys
        {{ surrogate_key(['load_id', 'row_number']) }} as quarantine_key,
        cast(load_id as {{ dbt.type_string() }}) as load_key,
        coalesce(cast(closed_load_id as {{ dbt.type_string() }}), '_unknown')
            as closed_load_key,
        source_name as source_key,
        {{ date_key('business_date') }} as business_date_key,

        -- attributes
        row_number,
        line_number,
        table_name,
        column_name,
        reason_code,
        state,
        decided_by,
        decided_why,

        -- flags
        row_number = 0 as is_delivery,
        state = 'waiting' as is_waiting,

        -- measures
        case when row_number > 0 then 1 else 0 end as row_count,

        -- timestamps
        known_at,
        decided_at
    from refused
)

select * from final

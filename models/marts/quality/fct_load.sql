with loads as (
    select * from {{ source('ledger', 'load') }}
),

final as (
    select
        -- keys
        cast(load_id as {{ dbt.type_string() }}) as load_key,
        load_id,
        batch_id,
        source_name,
        table_name,
        delivered_name,
        sha256,
        {{ date_key('business_date') }} as business_date_key,

        -- attributes
        status,
        reason_code,
        reason,
        cursor_value,
        contract_version,

        -- measures
        byte_count,
        rows_delivered,
        rows_loaded,
        rows_quarantined,
        rows_repeated,
        rows_deleted,

        -- dates
        business_date,

        -- timestamps
        modified_at,
        known_at,
        started_at,
        finished_at
    from loads
)

select * from final

with results as (
    select * from {{ source('checks', 'result') }}
),

final as (
    select
        -- keys
        {{ surrogate_key([
            'batch_id', 'business_date', 'stage', 'suite_name', 'check_name',
            'table_name', 'column_name', 'checked_at',
        ]) }} as check_result_key,
        batch_id,
        {{ date_key('business_date') }} as business_date_key,

        -- attributes
        stage,
        suite_name,
        check_name,
        table_name,
        column_name,
        severity,
        outcome,
        observed_value,
        message,
        reason as severity_reason,
        next_step,

        -- flags
        outcome = 'passed' as is_passed,

        -- measures
        rows_checked,
        rows_failed,

        -- dates
        business_date,

        -- timestamps
        checked_at
    from results
)

select * from final

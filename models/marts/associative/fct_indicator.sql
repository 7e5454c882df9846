with indicators as (
    select * from {{ ref('int_indicator__latest') }}
),

final as (
    select
        -- keys
        indicator_key,
        {{ date_key('period_start') }} as period_date_key,
        source_name as source_key,
        cast(load_id as {{ dbt.type_string() }}) as load_key,
        place_level,
        place_code,

        -- attributes
        indicator_code,
        indicator_name,
        indicator_unit,
        time_level,

        -- measures
        indicator_value,
        lag(indicator_value) over (
            partition by
                source_name, indicator_code, time_level, place_code
            order by period_start asc nulls first, indicator_record_id asc nulls first
        ) as previous_indicator_value,

        -- dates
        period_start
    from indicators
)

select * from final

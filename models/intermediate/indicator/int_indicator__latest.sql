with delivered as (
    select * from {{ ref('input_indicator') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source_name, indicator_record_id
            order by
                delivered_on desc nulls last,
                load_id desc nulls last,
                load_row desc nulls last
        ) as recency
    from delivered
),

final as (
    select
        {{ surrogate_key(['source_name', 'indicator_record_id']) }} as indicator_key,
        source_name,
        indicator_record_id,
        load_id,
        coalesce(indicator_code, '_unknown') as indicator_code,
        indicator_name,
        indicator_unit,
        coalesce(time_level, '_unknown') as time_level,
        period_start,
        case
            when country_code is null then '_unknown'
            when region is null then 'country'
            else 'region'
        end as place_level,
        case
            when country_code is null then '_unknown'
            when region is null then country_code
            else country_code || '/' || region
        end as place_code,
        indicator_value
    from numbered
    where recency = 1 and not is_deleted
)

select * from final

with forecasts as (
    select * from {{ source('scores', 'forecast') }}
),

models as (
    select * from {{ ref('dim_model') }}
),

final as (
    select
        -- keys
        forecasts.measure_name,
        forecasts.time_level,
        forecasts.period_start,
        forecasts.place_level,
        forecasts.place_code,
        forecasts.product_category,
        forecasts.as_of_date,
        {{ date_key('forecasts.period_start') }} as period_date_key,
        {{ date_key('forecasts.as_of_date') }} as as_of_date_key,
        coalesce(models.model_key, '_unknown') as model_key,

        -- measures
        forecasts.forecast_value,
        forecasts.lower_value,
        forecasts.upper_value
    from forecasts
    left join models
        on
            forecasts.model_name = models.model_name
            and forecasts.model_version = models.model_version
)

select * from final

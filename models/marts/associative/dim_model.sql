with models as (
    select * from {{ source('scores', 'model') }}
),

members as (
    select
        {{ surrogate_key(['model_name', 'model_version']) }} as model_key,
        model_name,
        model_version,
        score_name,
        algorithm,
        grade,
        backtest_measure,
        backtest_value,
        baseline_name,
        baseline_value,
        trained_row_count,
        trained_from,
        trained_to,
        backtest_from,
        backtest_to
    from models
    union all
    select
        '_unknown' as model_key,
        '_unknown' as model_name,
        '_unknown' as model_version,
        '_unknown' as score_name,
        '_unknown' as algorithm,
        null as grade,
        null as backtest_measure,
        null as backtest_value,
        null as baseline_name,
        null as baseline_value,
        null as trained_row_count,
        null as trained_from,
        null as trained_to,
        null as backtest_from,
        null as backtest_to
),

final as (
    select
        -- keys
        model_key,
        model_name,
        model_version,
        score_name,

        -- attributes
        algorithm,
        backtest_measure,
        baseline_name,
        grade,

        -- measures
        trained_row_count,
        backtest_value,
        baseline_value,

        -- dates
        trained_from,
        trained_to,
        backtest_from,
        backtest_to
    from members
)

select * from final

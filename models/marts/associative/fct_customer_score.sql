with scores as (
    select * from {{ source('scores', 'customer_score') }}
),

models as (
    select * from {{ ref('dim_model') }}
),

customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

final as (
    select
        -- keys
        scores.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        scores.score_name,
        {{ date_key('scores.as_of_date') }} as as_of_date_key,
        coalesce(models.model_key, '_unknown') as model_key,

        -- attributes
        scores.band,

        -- measures
        scores.score_value,
        scores.lower_value,
        scores.upper_value,

        -- dates
        scores.as_of_date
    from scores
    left join customer_versions
        on
            scores.customer_id = customer_versions.customer_id
            and {{ end_of_local_day('scores.as_of_date') }} > customer_versions.valid_from
            and {{ end_of_local_day('scores.as_of_date') }} <= customer_versions.valid_to
    left join models
        on
            scores.model_name = models.model_name
            and scores.model_version = models.model_version
)

select * from final

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_source_quality(),
    post_hook=after_touched_periods(),
) }}

with claims as (
    select * from {{ ref('fct_attribute_value') }}
),

source_quality as (
    select * from {{ ref('fct_source_quality') }}
),

sources as (
    select * from {{ ref('dim_source') }}
),

loads as (
    select * from {{ ref('dim_load') }}
),

months as (
    select
        load_key,
        cast({{ dbt.date_trunc('month', 'business_date') }} as date) as month_start
    from loads
    where business_date is not null
),

claimed as (
    select
        claims.source_key,
        claims.attribute_name,
        claims.attribute_group,
        months.month_start,
        count(*) as claim_count,
        count_if(claims.is_valid) as valid_count,
        count_if(claims.is_winner) as winner_count,
        count(distinct claims.source_record_id) as record_count
    from claims
    inner join months on claims.load_key = months.load_key
    where {{ in_touched_period('month', 'months.month_start', onward=true) }}
    group by
        claims.source_key, claims.attribute_name, claims.attribute_group,
        months.month_start
),

measured as (
    -- What the loads up to the end of a month taught of a source.
    select
        claimed.source_key,
        claimed.attribute_name,
        claimed.month_start,
        max_by(source_quality.reliability, source_quality.known_at) as reliability
    from claimed
    inner join source_quality
        on
            claimed.source_key = source_quality.source_key
            and claimed.attribute_group = source_quality.attribute_group
    inner join months
        on
            source_quality.load_key = months.load_key
            and claimed.month_start >= months.month_start
    group by claimed.source_key, claimed.attribute_name, claimed.month_start
),

priced as (
    select
        claimed.*,
        measured.reliability,
        cast(
            coalesce(sources.cost_per_record_amount, 0) * claimed.record_count
            as decimal(18, 4)
        ) as cost_amount,
        coalesce(sources.currency_code, {{ company_currency() }}) as currency_code
    from claimed
    inner join sources on claimed.source_key = sources.source_key
    left join measured
        on
            claimed.source_key = measured.source_key
            and claimed.attribute_name = measured.attribute_name
            and claimed.month_start = measured.month_start
),

final as (
    select
        -- keys
        cast(month_start as {{ dbt.type_string() }}) as month_key,
        source_key,
        attribute_name,

        -- attributes
        attribute_group,
        currency_code,

        -- measures
        cast(claim_count as bigint) as claim_count,
        cast(valid_count as bigint) as valid_count,
        cast(winner_count as bigint) as winner_count,
        cast(record_count as bigint) as record_count,
        cast(round(100.0 * valid_count / nullif(claim_count, 0), 2) as decimal(9, 2))
            as valid_pct,
        reliability,
        cast(round(reliability * claim_count, 4) as decimal(18, 4))
            as expected_true_count,
        cost_amount,
        cast(
            round(reliability * claim_count / nullif(cost_amount, 0), 4)
            as decimal(18, 4)
        ) as true_values_per_currency_unit
    from priced
)

select * from final

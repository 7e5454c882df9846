{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_journal(),
    post_hook=after_journal(['customer_id']),
) }}

with behaviours as (
    select * from {{ ref('int_behaviour__states') }}
),

customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

business_dates as (
    select * from {{ ref('int_source__business_date') }}
),

versions as (
    select
        customer_id,
        {{ digest_of_rows(['customer_key', 'valid_from', 'valid_to']) }}
            as versions_digest
    from customer_versions
    group by customer_id
),

final as (
    -- A new month gives each customer a row, so it touches all.
    select
        behaviours.customer_id,
        {{ surrogate_key([
            'behaviours.customer_state',
            'versions.versions_digest',
            dbt.date_trunc('month', 'business_dates.business_date'),
        ]) }} as customer_state
    from behaviours
    left join versions on behaviours.customer_id = versions.customer_id
    cross join business_dates
)

select * from final

{{ config(materialized='view') }}

with customers as (
    select * from {{ ref('dim_customer') }}
),

behaviours as (
    select * from {{ ref('dim_customer_behaviour') }}
),

touches as (
    select * from {{ ref('fct_campaign_touch') }}
),

answers as (
    select
        customer_id,
        count_if(was_exposed) as exposure_count,
        count_if(was_exposed and is_responded) as answered_exposure_count,
        sum(response_count) as response_count,
        count(distinct coupon_code) as coupon_count,
        max(case when was_exposed then touched_at end) as last_exposed_at,
        max(first_response_at) as last_response_at
    from touches
    group by customer_id
),

final as (
    select
        customers.customer_id,
        customers.party_kind,
        customers.is_prospect,
        cast(coalesce(answers.exposure_count, 0) as bigint) as exposure_count,
        cast(coalesce(answers.answered_exposure_count, 0) as bigint)
            as answered_exposure_count,
        cast(coalesce(answers.response_count, 0) as bigint) as response_count,
        cast(coalesce(answers.coupon_count, 0) as bigint) as coupon_count,
        cast(
            round(
                100.0 * answers.answered_exposure_count
                / nullif(answers.exposure_count, 0),
                2
            ) as decimal(9, 2)
        ) as response_pct,
        behaviours.discount_sensitivity,
        behaviours.promotion_sensitivity,
        answers.last_exposed_at,
        answers.last_response_at
    from customers
    left join answers on customers.customer_id = answers.customer_id
    left join behaviours
        on
            customers.customer_id = behaviours.customer_id
            and behaviours.is_current
    where
        customers.is_current
        and not customers.is_deleted
        and customers.customer_id <> '_unknown'
)

select * from final

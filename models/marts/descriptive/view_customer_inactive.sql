{{ config(materialized='view') }}

with customers as (
    select * from {{ ref('dim_customer') }}
),

behaviours as (
    select * from {{ ref('dim_customer_behaviour') }}
),

channels as (
    select * from {{ ref('dim_channel') }}
),

loads as (
    select * from {{ ref('dim_load') }}
),

nights as (
    select max(business_date) as business_date
    from loads
),

final as (
    select
        customers.customer_id,
        customers.party_kind,
        behaviours.activity_state_code,
        behaviours.preferred_product_id,
        behaviours.preferred_category,
        channels.channel_code as preferred_channel_code,
        behaviours.currency_code,
        behaviours.purchase_count,
        behaviours.net_amount,
        cast(
            {{ dbt.datediff(
                'behaviours.last_purchase_date', 'nights.business_date', 'day'
            ) }} as integer
        ) as days_since_purchase,
        behaviours.activity_state_since_date,
        behaviours.first_purchase_date,
        behaviours.last_purchase_date
    from customers
    inner join behaviours
        on
            customers.customer_id = behaviours.customer_id
            and behaviours.is_current
    inner join channels on behaviours.preferred_channel_key = channels.channel_key
    cross join nights
    where
        customers.is_current
        and not customers.is_deleted
        and not customers.is_prospect
        and customers.customer_id <> '_unknown'
        and behaviours.activity_state_code not in ('new', 'active', 'at_risk')
)

select * from final

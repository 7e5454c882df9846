{{ config(materialized='view') }}

with customers as (
    select * from {{ ref('dim_customer') }}
),

alerts as (
    select * from {{ ref('fct_alert') }}
),

final as (
    select
        customers.customer_id,
        customers.party_kind,
        customers.customer_category_code,
        customers.purchase_strategy_code,
        customers.currency_code,
        alerts.alert_key is not null as is_behind,
        customers.transaction_count,
        customers.transaction_amount,
        cast(
            customers.transaction_amount / nullif(customers.transaction_count, 0)
            as decimal(18, 4)
        ) as average_transaction_amount,
        customers.purchase_cycle_days,
        alerts.days_overdue,
        alerts.due_date,
        customers.first_transaction_at,
        customers.last_transaction_at
    from customers
    left join alerts
        on
            customers.customer_id = alerts.customer_id
            and alerts.alert_type = 'purchase'
            and alerts.cleared_on is null
    where
        customers.is_current
        and not customers.is_deleted
        and customers.customer_id <> '_unknown'
)

select * from final

with customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

contact_strategies as (
    {{ policy('contact_strategy', 'code', ['code', 'cycle_days']) }}
),

purchase_strategies as (
    {{ policy('purchase_strategy', 'code', ['code', 'cycle_days']) }}
),

final as (
    select
        customer_versions.customer_id,
        customer_versions.contact_strategy_code,
        customer_versions.purchase_strategy_code,
        contact_strategies.cycle_days as contact_cycle_days,
        purchase_strategies.cycle_days as purchase_cycle_days
    from customer_versions
    left join contact_strategies
        on customer_versions.contact_strategy_code = contact_strategies.code
    left join purchase_strategies
        on customer_versions.purchase_strategy_code = purchase_strategies.code
    where customer_versions.valid_to = timestamp '9999-12-31'
)

select * from final

{{ config(**made_whole_with_journal(['customer_id'])) }}

with customer_history as (
    select * from {{ ref('int_customer__history') }}
),

first_knowns as (
    select
        customer_id,
        min(known_from) as first_known_at
    from customer_history
    group by customer_id
),

final as (
    -- Who has been known longer; nothing that is learnt later changes the order.
    select
        customer_id,
        row_number() over (
            order by first_known_at nulls first, customer_id nulls first
        ) as seniority
    from first_knowns
)

select * from final

{%- set key = ['customer_id'] -%}
{%- set reads = [{
    'keys_of': 'int_sale__lines',
    'via': "select customer_id from changed where customer_id <> '_unknown'",
}] -%}
{{ config(**built_by_keys(key, reads, is_compared=true)) }}

with sale_lines as (
    select * from {{ ref('int_sale__lines') }}
),

orders as (
    select
        customer_id,
        sum(company_net_amount) as transaction_amount,
        bool_or(not is_return) as is_transaction,
        min(ordered_at) filter (where not is_return) as first_transaction_at,
        max(ordered_at) filter (where not is_return) as last_transaction_at
    from ({{ rows_of_touched_keys('sale_lines', key) }}) as sale_lines
    where customer_id <> '_unknown'
    group by customer_id, source_name, order_number
),

final as (
    select
        customer_id,
        count(*) filter (where is_transaction) as transaction_count,
        cast(coalesce(sum(transaction_amount), 0) as decimal(18, 4))
            as transaction_amount,
        min(first_transaction_at) as first_transaction_at,
        max(last_transaction_at) as last_transaction_at
    from orders
    group by customer_id
)

select * from final

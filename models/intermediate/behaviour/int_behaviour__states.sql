{%- set key, reads = ['customer_id'], reads_of_habits() -%}
{{ config(**built_by_keys(key, reads)) }}

with sale_lines as (
    select * from {{ ref('int_sale__lines') }}
),

cycles as (
    select * from {{ ref('int_behaviour__cycles') }}
),

bought as (
    select
        customer_id,
        min(ordered_on) as first_purchase_date,
        max(ordered_on) as last_purchase_date
    from ({{ rows_of_touched_keys('sale_lines', key) }}) as sale_lines
    where not is_return and customer_id <> '_unknown'
    group by customer_id
),

final as (
    select
        cycles.customer_id,
        cycles.purchase_cycle_days,
        bought.first_purchase_date,
        bought.last_purchase_date,
        {{ activity_state(
            'cycles.business_date',
            'bought.first_purchase_date',
            'bought.last_purchase_date',
        ) }} as activity_state_code
    from ({{ rows_of_touched_keys('cycles', key) }}) as cycles
    left join bought on cycles.customer_id = bought.customer_id
)

select * from final

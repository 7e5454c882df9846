{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_journal(),
    post_hook=after_journal(['customer_id']),
) }}

with sale_lines as (
    select * from {{ ref('int_behaviour__lines') }}
),

encounters as (
    select * from {{ ref('int_behaviour__encounters') }}
),

psychographics as (
    select * from {{ ref('int_customer__psychographics') }}
),

cycles as (
    select * from {{ ref('int_behaviour__cycles') }}
),

sales as (
    select
        customer_id,
        {{ digest_of_rows([
            'sale_key',
            'order_code',
            'product_id',
            'category',
            'price_band',
            'channel_code',
            'outlet_key',
            'is_return',
            'is_discounted',
            'is_promoted',
            'company_gross_amount',
            'company_net_amount',
            'company_cost_amount',
            'company_margin_amount',
            'ordered_at',
        ]) }} as sales_digest,
        min(ordered_at) filter (where not is_return and has_time) as first_timed_at,
        max(ordered_at) filter (where not is_return and has_time) as last_timed_at,
        min(cast(ordered_at as date)) filter (where not is_return and not has_time)
            as first_dated_on,
        max(cast(ordered_at as date)) filter (where not is_return and not has_time)
            as last_dated_on
    from sale_lines
    group by customer_id
),

met as (
    select
        customer_id,
        {{ digest_of_rows([
            'encounter_type', 'encounter_key', 'channel_code', 'happened_at'
        ]) }} as encounters_digest
    from encounters
    group by customer_id
),

driven as (
    select
        customer_id,
        {{ digest_of_rows(['psychographic_code', 'valid_from']) }}
            as psychographics_digest
    from psychographics
    group by customer_id
),

bought as (
    -- The zone is asked once for each customer, not for each line.
    select
        *,
        least({{ local_date('first_timed_at') }}, first_dated_on)
            as first_purchase_date,
        greatest({{ local_date('last_timed_at') }}, last_dated_on)
            as last_purchase_date
    from sales
),

final as (
    -- Time alone changes the state of activity, and with it a customer is touched.
    select
        cycles.customer_id,
        {{ surrogate_key([
            'bought.sales_digest',
            'met.encounters_digest',
            'driven.psychographics_digest',
            'cycles.purchase_cycle_days',
            'cycles.at_risk_days',
            'cycles.inactive_days',
            'cycles.lost_days',
            activity_state(
                'cycles.business_date',
                'bought.first_purchase_date',
                'bought.last_purchase_date',
            ),
        ]) }} as customer_state
    from cycles
    left join bought on cycles.customer_id = bought.customer_id
    left join met on cycles.customer_id = met.customer_id
    left join driven on cycles.customer_id = driven.customer_id
)

select * from final

{%- set counted = [
    'view', 'search', 'cart_add', 'cart_remove', 'checkout', 'purchase',
] -%}
{%- set taken = [
    'party_source_name', 'party_record_id', 'sign_in_load_id', 'customer_id',
    'channel_code', 'device_code',
] -%}

{%- set key = ['source_name', 'visitor_id'] -%}
{%- set reads = reads_of_visits() -%}
{{ config(**built_by_keys(key, reads, is_compared=true, tells=['web_session_key'])) }}

with events as (
    select * from {{ ref('int_web_event__visits') }}
),

cart_events as (
    select * from {{ ref('int_web_event__visits') }}
),

products as (
    select * from {{ ref('int_product__versions') }}
),

rules as (
    {{ policy('web_policy', 'rule_code', ['rule_code', 'rule_value']) }}
),

visits as (
    select
        web_session_key,
        source_name,
        visitor_id,
        {%- for column in taken %}
        max_by({{ column }}, visitor_event_number) as {{ column }},
        {%- endfor %}
        min_by(page_path, visitor_event_number) as entry_page_path,
        max_by(page_path, visitor_event_number) as exit_page_path,
        max(load_id) as load_id,
        count(*) as event_count,
        {%- for type in counted %}
        count(*) filter (where event_type_code = '{{ type }}') as {{ type }}_count,
        {%- endfor %}
        min(case when event_type_code = 'purchase' then occurred_at end)
            as first_purchase_at,
        max(case when event_type_code = 'purchase' then visitor_event_number end)
            as last_purchase_number,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at
    from ({{ rows_of_touched_keys('events', key) }}) as touched_events
    group by web_session_key, source_name, visitor_id
),

handled as (
    -- What was bought is out of the cart, whatever was put there before.
    select
        cart_events.web_session_key,
        cart_events.product_source_name,
        cart_events.product_record_id,
        sum(case cart_events.event_type_code when 'cart_add' then 1 else -1 end)
            as item_count,
        max(cart_events.occurred_at) as handled_at
    from cart_events
    inner join visits on cart_events.web_session_key = visits.web_session_key
    where
        cart_events.event_type_code in ('cart_add', 'cart_remove')
        and cart_events.visitor_event_number > coalesce(visits.last_purchase_number, 0)
    group by
        cart_events.web_session_key, cart_events.product_source_name,
        cart_events.product_record_id
),

carts as (
    select
        handled.web_session_key,
        sum(handled.item_count) as cart_item_count,
        sum(handled.item_count * products.unit_price_amount) filter (
            where products.currency_code = {{ company_currency() }}
        ) as cart_amount
    from handled
    left join products
        on
            handled.product_source_name = products.source_name
            and handled.product_record_id = products.product_record_id
            and handled.handled_at >= products.valid_from
            and handled.handled_at < products.valid_to
    where handled.item_count > 0
    group by handled.web_session_key
),

continued as (
    select
        *,
        min(first_purchase_at) over (
            partition by source_name, visitor_id
            order by started_at nulls first, web_session_key nulls first
            rows between 1 following and unbounded following
        ) as next_purchase_at
    from visits
),

final as (
    select
        continued.*,
        coalesce(carts.cart_item_count, 0) as cart_item_count,
        carts.cart_amount,
        carts.web_session_key is not null
        and coalesce(
            {{ dbt.datediff('continued.ended_at', 'continued.next_purchase_at', 'second') }}
            > 3600 * rules.rule_value,
            true
        ) as is_cart_left,
        {{ dbt.datediff('continued.started_at', 'continued.ended_at', 'second') }}
            as duration_seconds
    from continued
    inner join rules on rules.rule_code = 'cart_hours'
    left join carts on continued.web_session_key = carts.web_session_key
)

select * from final

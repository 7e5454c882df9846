{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_customer__history'}] + reads_of_known_customers([
    'int_sale__lines', 'int_service_contact__latest', 'int_campaign_touch__exposures',
    'int_deal_step__latest',
]) -%}
{{ config(**built_by_keys(key, reads)) }}

with customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

sale_lines as (
    select * from {{ ref('int_sale__lines') }}
),

service_contacts as (
    select * from {{ ref('int_service_contact__latest') }}
),

campaign_touches as (
    select * from {{ ref('int_campaign_touch__exposures') }}
),

deal_steps as (
    select * from {{ ref('int_deal_step__latest') }}
),

happened as (
    -- Goods brought back are no purchase; an answer without an exposure is a contact.
    -- Of whom nothing was ever heard, silence begins when it became a customer.
    select
        customer_id,
        'purchase' as encounter_type,
        ordered_on as happened_on,
        false as is_start
    from ({{ rows_of_touched_keys('sale_lines', key) }}) as sale_lines
    where not is_return
    union all
    select
        customer_id,
        'contact' as encounter_type,
        {{ local_date('started_at') }} as happened_on,
        false as is_start
    from ({{ rows_of_touched_keys('service_contacts', key) }})
        as service_contacts
    union all
    select
        customer_id,
        'contact' as encounter_type,
        {{ local_date('touched_at') }} as happened_on,
        false as is_start
    from ({{ rows_of_touched_keys('campaign_touches', key) }})
        as campaign_touches
    union all
    select
        customer_id,
        'contact' as encounter_type,
        {{ local_date('stepped_at') }} as happened_on,
        false as is_start
    from ({{ rows_of_touched_keys('deal_steps', key) }}) as deal_steps
    {%- for encounter_type in ['contact', 'purchase'] %}
    union all
    select
        customer_id,
        '{{ encounter_type }}' as encounter_type,
        {{ local_date('min(greatest(valid_from, first_seen_at))') }} as happened_on,
        true as is_start
    from ({{ rows_of_touched_keys('customer_versions', key) }})
        as customer_versions
    where not is_prospect
    group by customer_id
    {%- endfor %}
),

days as (
    select
        customer_id,
        encounter_type,
        happened_on,
        bool_and(is_start) as is_start
    from happened
    where customer_id <> '_unknown' and happened_on is not null
    group by customer_id, encounter_type, happened_on
),

placed as (
    select
        customer_id,
        encounter_type,
        happened_on,
        is_start,
        row_number() over in_order as place,
        lead(happened_on) over in_order as next_on,
        lead(happened_on, 2) over in_order as second_next_on,
        coalesce(lead(is_start) over in_order, false) as is_start_next
    from days
    window in_order as (
        partition by customer_id, encounter_type order by happened_on nulls first
    )
),

final as (
    -- A start counts only where nothing came before it, and there is but one.
    select
        customer_id,
        encounter_type,
        happened_on as silent_from,
        case when is_start_next then second_next_on else next_on end as silent_to
    from placed
    where place = 1 or not is_start
)

select * from final

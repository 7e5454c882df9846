{%- set counts = [
    'event_count', 'view_count', 'search_count', 'cart_add_count', 'cart_remove_count',
    'checkout_count', 'purchase_count', 'cart_item_count',
] -%}
{%- set key = ['web_session_key'] -%}
{%- set reads = reads_of_fact('int_web_session__visits', 'web_session_key') -%}
{{ config(**built_by_keys(key, reads)) }}

with visits as (
    select * from {{ ref('int_web_session__visits') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

earlier_links as (
    select * from {{ ref('int_customer__earlier_links') }}
),

customer_versions as (
    select * from {{ ref('int_customer__version_keys') }}
),

channels as (
    select * from {{ ref('dim_channel') }}
),

touched as (
    {{ rows_of_touched_keys('visits', key) }}
),

final as (
    select
        -- keys
        touched.web_session_key,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        case
            when touched.sign_in_load_id <= touched.load_id
                then {{ customer_id_at_load('touched.load_id') }}
            else '_unknown'
        end as customer_id_at_load,
        {{ date_key(local_date('touched.started_at')) }} as started_date_key,
        coalesce(channels.channel_key, '_unknown') as channel_key,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        touched.source_name as source_key,
        {{ load_key('touched.load_id') }} as load_key,
        {{ load_key('touched.sign_in_load_id') }} as sign_in_load_key,
        touched.party_source_name,
        touched.party_record_id,
        {{ keyed_hash("touched.source_name || ' ' || touched.visitor_id") }}
            as visitor_hash,

        -- attributes
        touched.channel_code,
        touched.device_code,
        touched.entry_page_path,
        touched.exit_page_path,
        {{ company_currency() }} as currency_code,

        -- flags
        touched.is_cart_left,

        -- measures
        {%- for count in counts %}
        cast(touched.{{ count }} as integer) as {{ count }},
        {%- endfor %}
        cast(touched.cart_amount as decimal(18, 4)) as cart_amount,
        cast(touched.duration_seconds as integer) as duration_seconds,

        -- timestamps
        touched.started_at,
        touched.ended_at
    from touched
    {{ customer_of('touched', 'started_at') }}
    left join channels on touched.channel_code = channels.channel_code
)

select * from final

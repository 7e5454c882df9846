{%- set key = ['source_name', 'visitor_id'] -%}
{%- set tells = ['web_event_key'] -%}
{%- set reads = reads_of_visitors() -%}
{{ config(**built_by_keys(key, reads, is_compared=true, tells=tells)) }}
{%- set sign_in = ['party_source_name', 'party_record_id', 'load_id'] -%}
{%- set kept = [
    'product_source_name', 'product_record_id', 'visitor_event_number', 'device_code',
    'visitor_id', 'visitor_code', 'session_code', 'channel_code', 'event_type_code',
] -%}

with delivered as (
    select * from {{ ref('input_web_event') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

rules as (
    {{ policy('web_policy', 'rule_code', ['rule_code', 'rule_value']) }}
),

identified as (
    select
        *,
        coalesce(occurred_at, valid_from) as happened_at,
        {{ visitor_id() }} as visitor_id
    from delivered
),

touched as (
    {{ rows_of_touched_visitors('identified') }}
),

{{ latest_rows('touched', 'web_event_record_id') }},

standing as (
    {{ rows_of_touched_keys('touched_latest', key, reads) }}
),

followed as (
    -- Whoever signed in last is still there; before that, who comes to sign in.
    select
        *,
        row_number() over so_far as visitor_event_number,
        lag(happened_at) over so_far as previous_at,
        {%- for column in sign_in %}
        {%- set named = 'case when party_record_id is not null then ' ~ column ~ ' end' %}
        coalesce(
            {{ last_known(named, 'so_far') }}, {{ next_known(named, 'from_here') }}
        ) as sign_in_{{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from standing
    window
        so_far as (
            partition by source_name, visitor_id
            order by happened_at nulls first, web_event_record_id nulls first
            rows between unbounded preceding and current row
        ),
        from_here as (
            partition by source_name, visitor_id
            order by happened_at nulls first, web_event_record_id nulls first
            rows between current row and unbounded following
        )
),

parted as (
    select
        followed.*,
        case
            when
                followed.previous_at is null
                or {{ dbt.datediff(
                    'followed.previous_at', 'followed.happened_at', 'second'
                ) }} > 60 * rules.rule_value
                then followed.web_event_record_id
        end as opening_record_id
    from followed
    inner join rules on rules.rule_code = 'idle_minutes'
),

visited as (
    select
        *,
        {{ last_known('opening_record_id', 'so_far') }} as session_record_id
    from parted
    window
        so_far as (
            partition by source_name, visitor_id
            order by visitor_event_number nulls first
            rows between unbounded preceding and current row
        )
),

final as (
    select
        {{ surrogate_key(['visited.source_name', 'web_event_record_id']) }}
            as web_event_key,
        {{ surrogate_key(['visited.source_name', 'session_record_id']) }}
            as web_session_key,
        visited.source_name,
        visited.load_id,
        visited.sign_in_party_source_name as party_source_name,
        visited.sign_in_party_record_id as party_record_id,
        visited.sign_in_load_id,
        coalesce(links.customer_id, '_unknown') as customer_id,
        visited.{{ kept | join(',\n        visited.') }},
        regexp_extract(visited.page_path, '^[^?#]*', 0) as page_path,
        visited.party_record_id is null
        and visited.sign_in_party_record_id is not null as is_stitched,
        visited.happened_at as occurred_at
    from visited
    left join links
        on
            visited.sign_in_party_source_name = links.source_name
            and visited.sign_in_party_record_id = links.source_record_id
)

select * from final

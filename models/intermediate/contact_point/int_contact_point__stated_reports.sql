{%- set key = ['source_name', 'contact_point_record_id'] -%}
{%- set reads = [{'keys_of': 'int_contact_point__states'}] -%}
{{ config(**built_by_keys(key, reads, tells=['report_key'])) }}

with states as (
    select * from {{ ref('int_contact_point__states') }}
),

touched as (
    {{ rows_of_touched_keys('states', key) }}
),

told as (
    select
        source_name,
        contact_point_record_id,
        party_source_name,
        party_record_id,
        contact_type_code,
        value_code,
        'verified' as event_type,
        verified_at as happened_at,
        delivered_on,
        load_id,
        load_row
    from touched
    where verified_at is not null and not is_deleted and not is_withdrawn
    union all
    select
        source_name,
        contact_point_record_id,
        party_source_name,
        party_record_id,
        contact_type_code,
        value_code,
        status_code as event_type,
        coalesce(status_at, valid_from) as happened_at,
        delivered_on,
        load_id,
        load_row
    from touched
    where status_code is not null and not is_deleted and not is_withdrawn
),

numbered as (
    select
        *,
        row_number() over (
            partition by source_name, contact_point_record_id, happened_at
            order by
                delivered_on desc nulls last,
                load_id desc nulls last,
                load_row desc nulls last,
                event_type asc nulls last
        ) as recency,
        min(load_id) over (
            partition by
                source_name,
                contact_point_record_id,
                happened_at,
                event_type,
                value_code
        ) as first_load_id
    from told
),

final as (
    -- A report that is delivered again is known since it was first delivered.
    select
        {{ surrogate_key([
            "'contact_point'", 'source_name', 'contact_point_record_id', 'happened_at',
        ]) }} as report_key,
        source_name,
        contact_point_record_id,
        party_source_name,
        party_record_id,
        contact_type_code,
        value_code,
        event_type,
        first_load_id as load_id,
        happened_at
    from numbered
    where recency = 1
)

select * from final

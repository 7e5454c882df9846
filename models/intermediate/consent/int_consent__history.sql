{%- set key = ['source_name', 'consent_record_id'] -%}
{%- set reads = [{'loads_of': 'input_consent'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with delivered as (
    select * from {{ ref('input_consent') }}
),

touched as (
    {{ rows_of_touched_keys('delivered', key) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by source_name, consent_record_id
            order by
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
        ) as word_rank
    from touched
),

heard as (
    select
        *,
        max(word_rank) over (
            partition by source_name, consent_record_id
            order by load_id nulls first, load_row nulls first
            rows between unbounded preceding and current row
        ) as last_word_rank
    from ranked
),

known as (
    -- What comes late about an earlier date was overtaken before it came.
    select
        *,
        known_at as known_from,
        lead(known_at, 1, timestamp '9999-12-31') over (
            partition by source_name, consent_record_id
            order by load_id nulls first, load_row nulls first
        ) as known_to
    from heard
    where word_rank = last_word_rank
),

final as (
    -- What is not said clearly grants nothing.
    select
        {{ surrogate_key(['source_name', 'consent_record_id']) }} as consent_key,
        source_name,
        consent_record_id,
        load_id,
        party_source_name,
        party_record_id,
        purpose_code,
        channel_code,
        notice_code,
        evidence,
        coalesce(is_granted, false) as is_granted,
        coalesce(consented_at, valid_from) as consented_at,
        expires_at,
        known_from,
        known_to
    from known
    where known_from < known_to and not is_deleted
)

select * from final

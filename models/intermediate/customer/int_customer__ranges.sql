{%- set groups = party_attributes() | list -%}
{%- set statements = groups | join('_statement,\n        ') ~ '_statement' -%}
{%- set content = [
    'customer_id', 'valid_from', 'valid_to', 'content_hash', 'first_seen_at',
] -%}
{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_customer__resolved_states'}] -%}
{{ config(**built_by_keys(key, reads, is_compared=true)) }}

with all_resolved_states as (
    select * from {{ ref('int_customer__resolved_states') }}
),

resolved_states as (
    {{ rows_of_touched_keys('all_resolved_states', key) }}
),

compared as (
    select
        *,
        lag(content_hash) over (
            partition by customer_id, known_from order by valid_from nulls first
        ) as previous_hash
    from resolved_states
),

versions as (
    -- The first version opens at the beginning of time, so that what happened before we
    -- knew of the customer still finds it.
    select
        customer_id,
        party_kind,
        is_prospect,
        is_deleted,
        {{ statements }},
        content_hash,
        first_seen_at,
        case
            when lag(valid_from) over version is null then timestamp '1900-01-01'
            else valid_from
        end as valid_from,
        lead(valid_from, 1, timestamp '9999-12-31') over version as valid_to,
        known_from,
        known_to
    from compared
    where content_hash is distinct from previous_hash
    window
        version as (
            partition by customer_id, known_from order by valid_from nulls first
        )
),

followed as (
    -- The same version known without a break from one moment to the next is one.
    select
        *,
        coalesce(
            lag(known_to) over same_version = known_from, false
        ) as is_continued
    from versions
    window
        same_version as (
            partition by {{ content | join(', ') }} order by known_from nulls first
        )
),

numbered as (
    select
        *,
        sum(case when is_continued then 0 else 1 end) over (
            partition by {{ content | join(', ') }}
            order by known_from nulls first
            rows between unbounded preceding and current row
        ) as stretch_number
    from followed
),

stretches as (
    select
        {{ content | join(',\n        ') }},
        stretch_number,
        min(known_from) as known_from,
        max(known_to) as known_to
    from numbered
    group by {{ content | join(', ') }}, stretch_number
),

final as (
    select
        numbered.customer_id,
        numbered.party_kind,
        numbered.is_prospect,
        numbered.is_deleted,
        {%- for group in groups %}
        numbered.{{ group }}_statement,
        {%- endfor %}
        numbered.first_seen_at,
        numbered.valid_from,
        numbered.valid_to,
        numbered.known_from,
        stretches.known_to
    from numbered
    inner join stretches
        on
            numbered.customer_id = stretches.customer_id
            and numbered.valid_from = stretches.valid_from
            and numbered.valid_to = stretches.valid_to
            and numbered.content_hash = stretches.content_hash
            and numbered.first_seen_at = stretches.first_seen_at
            and numbered.known_from = stretches.known_from
)

select * from final

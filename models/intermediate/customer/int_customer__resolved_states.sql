{%- set groups = party_attributes() | list -%}
{%- set compared = ['flagged.party_kind', 'flagged.is_prospect', 'flagged.is_deleted'] -%}
{%- for group in groups %}
{%- do compared.append('described.' ~ group ~ '_statement') %}
{%- endfor -%}
{%- set key = ['customer_id', 'known_from'] -%}
{%- set reads = [{'keys_of': 'int_customer__winners'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with all_moments as (
    select * from {{ ref('int_customer__moments') }}
),

all_winners as (
    select * from {{ ref('int_customer__winners') }}
),

statements as (
    select * from {{ ref('int_customer__statements') }}
),

moments as (
    {{ rows_of_touched_keys('all_moments', key, reads) }}
),

winners as (
    {{ rows_of_touched_keys('all_winners', key, reads) }}
),

described as (
    select
        customer_id,
        valid_from,
        known_from,
        {%- for group in groups %}
        max(case when attribute_group = '{{ group }}' then statement_number end)
            as {{ group }}_statement{{ "," if not loop.last }}
        {%- endfor %}
    from winners
    group by customer_id, valid_from, known_from
),

flagged as (
    select
        customer_id,
        max(party_kind) as party_kind,
        bool_or(is_prospect) as is_prospect,
        bool_or(is_deleted) as is_deleted,
        valid_from,
        known_from,
        max(known_to) as known_to
    from moments
    group by customer_id, valid_from, known_from
),

first_seen as (
    select
        flagged.customer_id,
        flagged.known_from,
        min(
            least(
                flagged.valid_from,
                coalesce(statements.registered_at, flagged.valid_from)
            )
        ) as first_seen_at
    from flagged
    left join described
        on
            flagged.customer_id = described.customer_id
            and flagged.valid_from = described.valid_from
            and flagged.known_from = described.known_from
    left join statements
        on
            described.customer_id = statements.customer_id
            and described.registration_statement = statements.statement_number
    group by flagged.customer_id, flagged.known_from
),

final as (
    -- A customer of whom nothing is filled is a customer still.
    select
        flagged.customer_id,
        flagged.party_kind,
        flagged.is_prospect,
        flagged.is_deleted,
        {%- for group in groups %}
        described.{{ group }}_statement,
        {%- endfor %}
        {{ surrogate_key(compared) }} as content_hash,
        first_seen.first_seen_at,
        flagged.valid_from,
        flagged.known_from,
        flagged.known_to
    from flagged
    inner join first_seen
        on
            flagged.customer_id = first_seen.customer_id
            and flagged.known_from = first_seen.known_from
    left join described
        on
            flagged.customer_id = described.customer_id
            and flagged.valid_from = described.valid_from
            and flagged.known_from = described.known_from
)

select * from final

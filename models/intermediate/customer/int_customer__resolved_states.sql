{%- set groups = party_attributes() | list -%}
{%- set compared = ['party_kind', 'is_prospect', 'is_deleted'] -%}
{%- for group in groups %}{% do compared.append(group ~ '_hash') %}{% endfor -%}

with moments as (
    select * from {{ ref('int_customer__moments') }}
),

winners as (
    select * from {{ ref('int_customer__winners') }}
),

described as (
    select
        customer_id,
        valid_from,
        known_from,
        {%- for group in groups %}
        max(statement_number) filter (where attribute_group = '{{ group }}')
            as {{ group }}_statement,
        max(value_hash) filter (where attribute_group = '{{ group }}')
            as {{ group }}_hash,
        {%- endfor %}
        max(registered_at) filter (where attribute_group = 'registration')
            as registered_at
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
        min(
            least(
                flagged.valid_from,
                coalesce(described.registered_at, flagged.valid_from)
            )
        ) over (partition by flagged.customer_id, flagged.known_from) as first_seen_at,
        flagged.valid_from,
        flagged.known_from,
        flagged.known_to
    from flagged
    left join described
        on
            flagged.customer_id = described.customer_id
            and flagged.valid_from = described.valid_from
            and flagged.known_from = described.known_from
)

select * from final

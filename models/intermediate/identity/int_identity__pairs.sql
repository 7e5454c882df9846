with scored_pairs as (
    select * from {{ ref('int_identity__scored_pairs') }}
),

held_links as (
    select * from {{ ref('int_identity__held_links') }}
),

decisions as (
    select * from {{ ref('int_identity__decisions') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

known_of as (
    {% for relation in ['scored_pairs', 'held_links', 'decisions'] -%}
    select one_source_name, one_record_id, other_source_name, other_record_id
    from {{ relation }}
    {{ "where is_in_force" if relation == 'decisions' }}
    {{ "union" if not loop.last }}
    {% endfor %}
),

final as (
    select
        -- keys
        known_of.one_source_name,
        known_of.one_record_id,
        known_of.other_source_name,
        known_of.other_record_id,
        one_links.customer_id as one_customer_id,
        other_links.customer_id as other_customer_id,
        greatest(
            coalesce(scored_pairs.load_id, 0),
            coalesce(held_links.load_id, 0),
            coalesce(decisions.load_id, 0)
        ) as load_id,

        -- attributes
        scored_pairs.model_key,
        scored_pairs.levels,
        held_links.match_rule as held_rule,
        held_links.reason_code,
        decisions.verdict,

        -- flags
        one_links.customer_id = other_links.customer_id as is_linked,

        -- measures
        scored_pairs.match_weight,
        scored_pairs.match_probability
    from known_of
    inner join links as one_links
        on
            known_of.one_source_name = one_links.source_name
            and known_of.one_record_id = one_links.source_record_id
    inner join links as other_links
        on
            known_of.other_source_name = other_links.source_name
            and known_of.other_record_id = other_links.source_record_id
    {%- for relation in ['scored_pairs', 'held_links', 'decisions'] %}
    left join {{ relation }}
        on
            {%- for column in [
                'one_source_name', 'one_record_id',
                'other_source_name', 'other_record_id',
            ] %}
            {{ "and " if not loop.first -}}
            known_of.{{ column }} = {{ relation }}.{{ column }}
            {%- endfor %}
            {{- " and decisions.is_in_force" if relation == 'decisions' }}
    {%- endfor %}
)

select * from final

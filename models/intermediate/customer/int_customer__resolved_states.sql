{%- set columns = ['party_kind', 'is_prospect', 'is_deleted'] -%}
{%- set pivoted, latest, either = [], [], [] -%}
{%- for group in party_attributes() -%}
{%- set column = group ~ '_statement' -%}
{%- do columns.append(column) %}
{%- do pivoted.append("max(case attribute_group when '" ~ group
    ~ "' then value_number end) as " ~ column) %}
{%- do latest.append('max(undisputed.' ~ column ~ ') as ' ~ column) %}
{%- do either.append('coalesce(flagged.X, decided.X) as X' | replace('X', column)) %}
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

contested_values as (
    select * from {{ ref('int_customer__contested_values') }}
),

statements as (
    select * from {{ ref('int_customer__statements') }}
),

moments as (
    {{ rows_of_touched_keys('all_moments', key) }}
),

decided as (
    select
        customer_id,
        valid_from,
        known_from,
        {{ pivoted | join(',\n        ') }}
    from ({{ rows_of_touched_keys('all_winners', key) }}) as winners
    group by customer_id, valid_from, known_from
),

heard as (
    select distinct
        customer_id,
        statement_number
    from moments
),

held as (
    select contested_values.*
    from contested_values
    inner join heard
        on
            contested_values.customer_id = heard.customer_id
            and contested_values.statement_number = heard.statement_number
    where not contested_values.is_disputed
),

undisputed as (
    select
        customer_id,
        statement_number,
        {{ pivoted | join(',\n        ') }}
    from held
    group by customer_id, statement_number
),

flagged as (
    select
        moments.customer_id,
        max(moments.party_kind) as party_kind,
        bool_or(moments.is_prospect) as is_prospect,
        bool_or(moments.is_deleted) as is_deleted,
        {{ latest | join(',\n        ') }},
        moments.valid_from,
        moments.known_from,
        max(moments.known_to) as known_to
    from moments
    left join undisputed
        on
            moments.customer_id = undisputed.customer_id
            and moments.statement_number = undisputed.statement_number
    group by moments.customer_id, moments.valid_from, moments.known_from
),

described as (
    select
        flagged.customer_id,
        flagged.{{ columns[:3] | join(',\n        flagged.') }},
        {{ either | join(',\n        ') }},
        statements.registered_at,
        flagged.valid_from,
        flagged.known_from,
        flagged.known_to
    from flagged
    left join decided
        on
            flagged.customer_id = decided.customer_id
            and flagged.valid_from = decided.valid_from
            and flagged.known_from = decided.known_from
    left join statements
        on
            flagged.customer_id = statements.customer_id
            and coalesce(flagged.registration_statement, decided.registration_statement)
            = statements.statement_number
),

final as (
    select
        *,
        {{ surrogate_key(columns) }} as content_hash,
        min(least(valid_from, coalesce(registered_at, valid_from)))
            over (partition by customer_id, known_from) as first_seen_at
    from described
)

select * from final

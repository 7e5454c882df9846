{%- set conditions = [
    'promotion_code', 'promotion_name', 'promotion_type_code', 'display_code',
    'mailer_code', 'discount_pct',
] -%}

with promotions as (
    select * from {{ ref('int_promotion__current') }}
),

members as (
    select
        promotion_key,
        source_name as source_key,
        {{ conditions | join(',\n        ') }},
        min(starts_on) as first_day,
        max(ends_on) as last_day
    from promotions
    group by
        promotion_key, source_name,
        {{ conditions | join(', ') }}
),

final as (
    select
        -- keys
        promotion_key,
        source_key,

        -- attributes
        {{ conditions | join(',\n        ') }},

        -- dates
        first_day,
        last_day
    from members
    union all
    select
        '_unknown' as promotion_key,
        '_unknown' as source_key,
        '_unknown' as promotion_code,
        'None, or unknown' as promotion_name,
        '_unknown' as promotion_type_code,
        null as display_code,
        null as mailer_code,
        null as discount_pct,
        null as first_day,
        null as last_day
)

select * from final

with held_links as (
    select * from {{ source('match', 'held_link') }}
),

paired as (
    select
        {{ record_pair() }},
        match_rule,
        match_probability,
        reason_code,
        load_id,
        known_at
    from held_links
),

latest as (
    select
        *,
        row_number() over (
            partition by
                one_source_name,
                one_record_id,
                other_source_name,
                other_record_id,
                match_rule
            order by load_id desc nulls last
        ) as recency
    from paired
),

ranked as (
    select
        *,
        row_number() over (
            partition by
                one_source_name, one_record_id, other_source_name, other_record_id
            order by
                match_probability desc nulls first,
                load_id desc nulls last,
                match_rule asc nulls last
        ) as strength
    from latest
    where recency = 1 and reason_code is not null
),

final as (
    select
        -- keys
        one_source_name,
        one_record_id,
        other_source_name,
        other_record_id,
        load_id,

        -- attributes
        match_rule,
        reason_code,

        -- measures
        match_probability,

        -- timestamps
        known_at
    from ranked
    where strength = 1
)

select * from final

with pairs as (
    select * from {{ source('match', 'pair') }}
),

models_in_use as (
    select * from {{ source('match', 'model_in_use') }}
),

in_use as (
    select
        party_kind,
        max_by(model_key, load_id) as model_key
    from models_in_use
    group by party_kind
),

paired as (
    select
        {{ record_pair() }},
        pairs.model_key,
        match_weight,
        match_probability,
        levels,
        load_id,
        left_state_hash,
        right_state_hash
    from pairs
    inner join in_use on pairs.model_key = in_use.model_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by
                one_source_name, one_record_id, other_source_name, other_record_id
            order by
                match_weight desc nulls last,
                levels asc nulls last,
                load_id asc nulls last,
                left_state_hash asc nulls last,
                right_state_hash asc nulls last
        ) as strength
    from paired
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
        model_key,
        levels,

        -- measures
        match_weight,
        match_probability
    from ranked
    where strength = 1
)

select * from final

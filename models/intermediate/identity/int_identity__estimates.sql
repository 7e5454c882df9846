with estimates as (
    select * from {{ source('match', 'estimate') }}
),

floors as (
    {{ policy(
        'identity_floor', 'measure', ['measure', 'floor_value', 'minimum_pair_count']
    ) }}
),

dated as (
    select
        *,
        max(load_id) over () as last_load_id
    from estimates
),

final as (
    select
        -- keys
        dated.load_id,
        dated.left_source_name,
        dated.right_source_name,
        dated.basis,

        -- flags
        dated.load_id = dated.last_load_id as is_latest,

        -- measures
        dated.decided_pair_count,
        dated.linked_pair_count,
        {%- for measure in ['precision', 'recall'] %}
        dated.{{ measure }}_pair_count,
        dated.{{ measure }}_estimate,
        dated.{{ measure }}_lower,
        dated.{{ measure }}_upper,
        {{ measure }}_floor.floor_value as {{ measure }}_floor,
        case
            when dated.{{ measure }}_lower is null then 'unknown'
            when dated.{{ measure }}_lower >= {{ measure }}_floor.floor_value
                then 'met'
            when
                dated.{{ measure }}_pair_count
                < {{ measure }}_floor.minimum_pair_count
                then 'too_few_pairs'
            when dated.{{ measure }}_estimate < {{ measure }}_floor.floor_value
                then 'missed'
            else 'unsure'
        end as {{ measure }}_verdict,
        {%- endfor %}

        -- timestamps
        dated.known_at
    from dated
    left join floors as precision_floor on precision_floor.measure = 'precision'
    left join floors as recall_floor on recall_floor.measure = 'recall'
)

select * from final

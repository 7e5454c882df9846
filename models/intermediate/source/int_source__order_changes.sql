{{ config(**made_whole_with_journal([
        'source_name', 'other_source_name', 'attribute_group', 'changed_at',
    ])) }}

with reliability as (
    select * from {{ ref('int_source__reliability') }}
),

compared as (
    select
        reliability.source_name,
        others.source_name as other_source_name,
        reliability.attribute_group,
        sign(reliability.reliability_rank - others.reliability_rank) as precedence,
        greatest(reliability.known_from, others.known_from) as known_from
    from reliability
    inner join reliability as others
        on
            reliability.attribute_group = others.attribute_group
            and reliability.source_name < others.source_name
            and reliability.known_from < others.known_to
            and reliability.known_to > others.known_from
),

followed as (
    select
        *,
        lag(precedence) over (
            partition by source_name, other_source_name, attribute_group
            order by known_from nulls first
        ) as previous_precedence
    from compared
),

final as (
    select
        source_name,
        other_source_name,
        attribute_group,
        known_from as changed_at
    from followed
    where precedence <> previous_precedence
)

select * from final

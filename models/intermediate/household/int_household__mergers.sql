{{ config(**made_whole_with_journal(['anchor'])) }}

with ties as (
    select * from {{ ref('int_household__ties') }}
),

tied as (
    select
        anchor,
        first_anchor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from ties
    union all
    -- Where nothing ties an anchor to another, it stays its own.
    select distinct
        anchor,
        anchor as first_anchor,
        timestamp '1900-01-01' as valid_from,
        timestamp '9999-12-31' as valid_to,
        timestamp '1900-01-01' as known_from,
        timestamp '9999-12-31' as known_to
    from ties
),

{{ known_slabs('tied', 'anchor') }},

{{ valid_cells('tied', 'anchor', ['first_anchor']) }},

steps as (
    select
        anchor,
        min(first_anchor) as first_anchor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from tied_in_cells
    group by anchor, valid_from, valid_to, known_from, known_to
),

{{ joined_rectangles('steps', 'anchor', ['anchor', 'first_anchor']) }},

jumps as (
    -- A second step: what is tied to the tied lives there too.
    select
        near.anchor,
        coalesce(far.first_anchor, near.first_anchor) as first_anchor,
        greatest(near.valid_from, coalesce(far.valid_from, near.valid_from))
            as valid_from,
        least(near.valid_to, coalesce(far.valid_to, near.valid_to)) as valid_to,
        greatest(near.known_from, coalesce(far.known_from, near.known_from))
            as known_from,
        least(near.known_to, coalesce(far.known_to, near.known_to)) as known_to
    from steps_joined as near
    left join steps_joined as far
        on
            near.first_anchor = far.anchor
            and near.anchor > near.first_anchor
            and {{ rectangles_overlap('near', 'far') }}
),

final as (
    select * from jumps
)

select * from final

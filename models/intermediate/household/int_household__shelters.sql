{{ config(**made_whole_with_journal(['seniority'])) }}

with residences as (
    select * from {{ ref('int_household__residences') }}
),

relationships as (
    select * from {{ ref('int_relationship__customers') }}
),

declared as (
    select *
    from relationships
    where household_rule in ('member', 'kin')
),

seekers as (
    -- Who is declared to live with another, be it in a second home; and whoever has no
    -- home, with all kin.
    select
        residences.seniority,
        declared.related_customer_id,
        residences.anchor is null as is_homeless,
        {{ shared_rectangle('residences', 'declared') }}
    from residences
    inner join declared
        on
            residences.customer_id = declared.customer_id
            and {{ rectangles_overlap('residences', 'declared') }}
    where
        residences.anchor is null
        or (declared.household_rule = 'member' and not declared.is_inverse)
),

offers as (
    select
        seekers.seniority,
        residences.seniority as host_seniority,
        residences.anchor,
        seekers.is_homeless,
        {{ shared_rectangle('seekers', 'residences') }}
    from seekers
    inner join residences
        on
            seekers.related_customer_id = residences.customer_id
            and {{ rectangles_overlap('seekers', 'residences') }}
),

unplaced as (
    select
        seniority,
        least(seniority, host_seniority) as anchor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from offers
    where anchor is null and is_homeless
),

{{ known_slabs('unplaced', 'seniority') }},

{{ valid_cells('unplaced', 'seniority', ['anchor']) }},

leaders as (
    select
        seniority,
        min(anchor) as anchor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from unplaced_in_cells
    group by seniority, valid_from, valid_to, known_from, known_to
),

followers as (
    -- A second step brings those together who are related through a third.
    select
        leaders.seniority,
        leaders_of_leaders.anchor,
        {{ shared_rectangle('leaders', 'leaders_of_leaders') }}
    from leaders
    inner join leaders as leaders_of_leaders
        on
            leaders.anchor = leaders_of_leaders.seniority
            and {{ rectangles_overlap('leaders', 'leaders_of_leaders') }}
),

final as (
    select distinct
        seniority,
        anchor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from offers
    where anchor is not null
    union distinct
    select
        seniority,
        anchor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from followers
)

select * from final

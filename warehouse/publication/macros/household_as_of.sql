-- The members of households as they were at a moment, as far as the warehouse knew at
-- another, and how many a household had.
create macro main.household_as_of(valid_at, known_at) as table
select
    bridge_household_member.*,
    count(*) over (partition by bridge_household_member.household_id)
        as member_count,
    count(*) filter (where bridge_household_member.is_minor) over (
        partition by bridge_household_member.household_id
    ) as children_count
from descriptive.bridge_household_member
where
    bridge_household_member.valid_from <= valid_at
    and bridge_household_member.valid_to > valid_at
    and bridge_household_member.known_from <= known_at
    and bridge_household_member.known_to > known_at;

"""Households of the demo against the truth: who is found together lives together."""

from house import House

PAIRS = """
with record as (
    select truth.*, identity.customer_id
    from read_parquet(?) as truth
    inner join descriptive.bridge_customer_identity as identity
        using (source_name, source_record_id)
    where truth.household_id is not null
        and identity.known_to = timestamp '9999-12-31'
),
moved as (
    select distinct record.party_id
    from read_parquet(?) as planted
    inner join record using (source_name, source_record_id)
    where planted.kind = 'move_learnt'
),
party as (
    select distinct party_id, household_id from record
),
living as (
    select distinct record.party_id, member.household_id
    from record
    inner join descriptive.bridge_household_member as member using (customer_id)
    where member.is_current
),
true_pair as (
    select one.party_id as one_id, two.party_id as two_id
    from party as one
    inner join party as two using (household_id)
    where one.party_id < two.party_id
),
found_pair as (
    select distinct one.party_id as one_id, two.party_id as two_id
    from living as one
    inner join living as two using (household_id)
    where one.party_id < two.party_id
),
still_pair as (
    from true_pair
    where one_id not in (from moved) and two_id not in (from moved)
)
select
    (select count(*) from found_pair semi join true_pair using (one_id, two_id))
    / (select count(*) from found_pair) as right_of_found,
    (select count(*) from still_pair semi join found_pair using (one_id, two_id))
    / (select count(*) from still_pair) as found_of_still
"""


def test_households_of_the_demo_are_those_of_the_truth(demo_night: House) -> None:
    """Pairwise; of those who moved out only the truth says that they still belong."""
    truth = demo_night.settings.places.root / "truth"
    files = [str(truth / f"{name}.parquet") for name in ("records", "planted")]
    [(precision, recall)] = demo_night.rows(PAIRS, files)
    assert precision >= 0.98
    assert recall >= 0.85

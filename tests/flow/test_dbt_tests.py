"""What dbt tests and a night leaves out: units of models, and the product's seeds."""

import re

from house import House

TOLD = re.compile(r"PASS=(\d+) WARN=(\d+) ERROR=(\d+) SKIP=(\d+)")


def passed(house: House, selection: str) -> int:
    """Run the tests of a selection, see none fail, and count them."""
    said = house.run("dbt", "test", "--select", selection).stdout
    counted = TOLD.search(said)
    assert counted, said
    count, *others = map(int, counted.groups())
    assert not any(others), said
    return count


def test_every_unit_test_of_a_model_passes(demo_copy: House) -> None:
    """On a finished night, so that what an incremental model finds there is there."""
    assert passed(demo_copy, "test_type:unit") > 100


def test_every_seed_of_the_product_keeps_its_promises(demo_copy: House) -> None:
    """Codes once, labels in both languages, policies that name what there is."""
    assert passed(demo_copy, "path:seeds") > 100

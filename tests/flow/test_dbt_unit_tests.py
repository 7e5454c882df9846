"""The unit tests beside the models, which a night leaves out."""

import re

from house import House

TOLD = re.compile(r"PASS=(\d+) WARN=(\d+) ERROR=(\d+) SKIP=(\d+)")


def test_every_unit_test_of_a_model_passes(demo_copy: House) -> None:
    """On a finished night, so that what an incremental model finds there is there."""
    said = demo_copy.run("dbt", "test", "--select", "test_type:unit").stdout
    counted = TOLD.search(said)
    assert counted, said
    passed, *others = map(int, counted.groups())
    assert not any(others), said
    assert passed > 100

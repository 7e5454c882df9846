"""Bought lists on the demo: every kind of vendor, and what was planted is found."""

import json
import re

from house import House

from warehouse.settings import PROJECT_ROOT

EXAMPLE = re.compile(r"^```sql\n(.*?)^```", re.M | re.S)


def test_a_list_of_every_kind_of_vendor_is_held(demo_night: House) -> None:
    """No category of the dictionary is without a list, and no list without names."""
    missing = demo_night.rows(
        """
        select code from shared.dim_dictionary_code
        where dictionary_name = 'list_category' and code not in (
            select list_category_code from aggregates.agg_list_yield
            where name_count > 0
        )
        """
    )
    assert not missing


def test_the_list_that_is_stale_is_found(demo_night: House) -> None:
    """Its names are the oldest by far, as was planted."""
    truth = demo_night.settings.places.root / "truth" / "effects.json"
    planted = json.loads(truth.read_text("utf-8"))["list.stalest"]["value"]
    oldest, next_oldest = demo_night.rows(
        """
        select list_code, median_age_in_days from aggregates.agg_list_yield
        inner join descriptive.dim_list using (list_key)
        order by median_age_in_days desc nulls last limit 2
        """
    )
    assert oldest[0] == planted
    assert oldest[1] > 3 * next_oldest[1]


def test_a_brought_buyer_is_nobody_whom_we_knew(demo_night: House) -> None:
    """Lists are credited with newcomers alone, so never with more than they brought."""
    assert demo_night.rows("select 1 from aggregates.agg_list_yield limit 1")
    assert not demo_night.rows(
        "select list_key from aggregates.agg_list_yield "
        "where new_buyer_count > name_count - known_count "
        "or net_new_count > name_count - known_count"
    )


def test_the_examples_of_the_page_run(demo_night: House) -> None:
    """What a reader copies gives rows."""
    page = (PROJECT_ROOT / "docs" / "lists.md").read_text("utf-8")
    examples = EXAMPLE.findall(page)
    assert examples
    for example in examples:
        assert demo_night.rows(example)

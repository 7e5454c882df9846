"""The grades of the demo's night add up, and the command says and writes them."""

import json
from pathlib import Path

import pytest
from house import House

SCORES_THAT_DO_NOT_ADD_UP = """
with parts as (
    select
        measured_on, subject_type, subject_name,
        sum(points_lost) as lost,
        sum(points_lost * whole_share_pct) / 100 as whole_lost
    from quality.fct_grade_part
    group by all
),

due as (
    select measured_on, subject_type, subject_name, greatest(0, 100 - lost) as score
    from parts
    union all
    select measured_on, 'whole', '_all', greatest(0, 100 - sum(whole_lost))
    from parts
    group by all
)

select *
from quality.agg_grade as grades
full join due using (measured_on, subject_type, subject_name)
where grades.score is null or due.score is null or abs(grades.score - due.score) > 0.01
"""
SHARES_OF_THE_WHOLE = """
select measured_on, sum(whole_share_pct)
from (
    select distinct measured_on, subject_type, subject_name, whole_share_pct
    from quality.fct_grade_part
)
group by all
"""
UNGRADED_TABLES = """
select schema_name || '.' || table_name as name
from duckdb_tables()
where schema_name <> 'main'
except
select subject_name from quality.agg_grade where subject_type = 'table'
"""
AFTER_THE_GATE = {
    "quality.agg_grade",
    "quality.fct_check_result",
    "quality.fct_grade_part",
}


def test_every_source_and_table_is_graded_and_the_grades_add_up(
    demo_night: House,
) -> None:
    """What a part costs is what its source or table, and the whole, have lost."""
    assert demo_night.rows(SCORES_THAT_DO_NOT_ADD_UP) == []
    shares = dict(demo_night.rows(SHARES_OF_THE_WHOLE))
    assert len(shares) == 4
    assert [float(each) for each in shares.values()] == pytest.approx(
        [100] * 4, abs=0.1
    )
    assert {name for (name,) in demo_night.rows(UNGRADED_TABLES)} == AFTER_THE_GATE
    (found,) = demo_night.rows(
        "select count(*) from quality.agg_grade"
        " where worst_code is not null"
        " and coalesce(next_step_en, next_step_zh) is null"
    )
    assert found == (0,)


def test_what_was_bought_though_held_costs_what_the_lists_say(
    demo_night: House,
) -> None:
    """The cost of known names is their share of the price of each list."""
    by_list = """
        select sum(price_amount * known_count / name_count)
        from aggregates.agg_list_yield where name_count > 0
    """
    spent = """
        select sum(cost_amount) from quality.fct_duplicate_cost
        where cost_code = 'list_name_held' and cost_basis = 'spent'
    """
    records = """
        select count(*) - count(distinct customer_id)
        from descriptive.fct_registration
        where not is_external and customer_id <> '_unknown'
    """
    counted = """
        select sum(duplicate_count) from quality.fct_duplicate_cost
        where cost_code = 'double_count' and cost_basis = 'avoided'
    """
    ((due,), (paid,)) = (*demo_night.rows(by_list), *demo_night.rows(spent))
    assert 0 < float(paid) == pytest.approx(float(due), abs=0.1)
    assert demo_night.rows(records) == demo_night.rows(counted)


def test_the_command_prints_the_grades_and_writes_the_page(
    demo_night: House, tmp_path: Path
) -> None:
    """For a program all of it, for people the worst first."""
    page = tmp_path / "quality.html"
    told = json.loads(demo_night.done("quality", "--json", "--to", str(page)))
    ((grade, score),) = demo_night.rows(
        "select grade, score from quality.agg_grade"
        " where subject_type = 'whole' order by measured_on desc limit 1"
    )
    assert (told["whole"]["grade"], told["whole"]["score"]) == (grade, str(score))
    assert told["page"] == str(page)
    scores = [float(each["score"]) for each in told["sources"]]
    assert scores == sorted(scores) and len(scores) > 20
    text = page.read_text("utf-8")
    assert told["steps"][0]["next_step_en"] in text.replace("&#39;", "'")
    assert "<svg" in text and len(text) < 300_000

"""Models: trained the same from the same records, kept as text, watched for drift."""

import json
from importlib.resources import files

import duckdb
import pytest
from matching_world import profiles, scored
from test_matching_blocking import POPULATION

from warehouse.errors import ClienteleError, WrongUseError
from warehouse.identity.matching import Artefact, describe, drift, shipped, train
from warehouse.identity.matching.artefact import LEAST_HOLDERS, SHIPPED
from warehouse.identity.matching.describing import level_words
from warehouse.identity.matching.training import DESIGNS
from warehouse.identity.matching.weighing import learnt_by_turns


@pytest.fixture(scope="module")
def populated() -> duckdb.DuckDBPyConnection:
    """Open a session with a thousand records of four hundred persons."""
    connection = duckdb.connect()
    connection.execute(POPULATION)
    return connection


@pytest.fixture(scope="module")
def model(populated: duckdb.DuckDBPyConnection) -> Artefact:
    """Train a model on them."""
    populated.execute("set threads = 1")
    return train(populated, "person", "profile", model_key="person-2")


def weights(artefact: Artefact, comparison: str) -> list[tuple[float, float]]:
    """Return the shares m and u of a comparison, the strongest level first."""
    [found] = [
        one
        for one in artefact.settings["comparisons"]
        if one["output_column_name"] == comparison
    ]
    return [
        (level["m_probability"], level["u_probability"])
        for level in found["comparison_levels"]
        if not level.get("is_null_level")
    ]


def test_the_same_records_give_the_same_model(
    populated: duckdb.DuckDBPyConnection, model: Artefact
) -> None:
    """Neither threads nor the order of rows can be seen in the text of a model."""
    populated.execute("set threads = 4")
    populated.execute(
        "create or replace temp table shuffled as from profile order by hash(state)"
    )
    again = train(populated, "person", "shuffled", model_key="person-2")
    assert again.to_json() == model.to_json()


def test_a_model_learns_from_what_it_sees(model: Artefact) -> None:
    """Mobiles are shared by two persons here, mailboxes by none."""
    shared, sole = weights(model, "mobile")[:2], weights(model, "email")[:2]
    assert shared[0][1] > sole[0][1]
    assert all(m > u for m, u in weights(model, "member_number")[:1])
    assert weights(model, "sex")[0][1] == pytest.approx(0.5, abs=0.05)
    assert model.training.state_count > 900
    assert model.training.label_counts["member_number"] > 20
    assert 0 < model.settings["probability_two_random_records_match"] < 0.01


def test_a_model_finds_the_persons_it_was_trained_on(
    populated: duckdb.DuckDBPyConnection, model: Artefact
) -> None:
    """Links are right, and the greater part of what is one person is linked."""
    scored(populated, model)
    linked, right, possible = populated.execute(
        """
        with named as (select state, name_key || address_key as person from profile),

        links as (
            select one.person = other.person as is_right
            from scored
            inner join named as one on one.state = left_state
            inner join named as other on other.state = right_state
            where match_probability >= $link_from
        ),

        pairs as (
            select count(*) as possible
            from profile as one
            inner join profile as other
                on one.name_key = other.name_key and one.address_key = other.address_key
            where
                one.state < other.state
                and one.since < other.until
                and other.since < one.until
        )

        select count(*), count_if(is_right), any_value(possible)
        from links
        cross join pairs
        """,
        {"link_from": model.link_from},
    ).fetchall()[0]
    assert right >= 0.99 * linked
    assert right >= 0.9 * possible


def test_only_common_names_are_kept_in_a_model(model: Artefact) -> None:
    """A value that fewer than five records hold is in no artefact."""
    kept = {value for known in model.frequencies.values() for value in known.common}
    assert kept == set()
    connection = duckdb.connect()
    common = [{"name": "Zhang Wei", "mobile_standard": f"+86139{n}"} for n in range(9)]
    rare = [
        {"name": f"Anna {chr(97 + n // 26)}{chr(97 + n % 26)}ker"} for n in range(300)
    ]
    profiles(connection, [*common, *rare])
    trained = train(connection, "person", "profile", model_key="person-3")
    known = trained.frequencies["name_key"]
    assert dict(known.common) == {"zhang wei": pytest.approx(9 / 309, rel=1e-4)}
    assert known.rare < known.common["zhang wei"]
    assert len(common) >= LEAST_HOLDERS


def test_a_common_name_says_less_than_a_rare_one() -> None:
    """The frequency of a name moves the weight of its agreement."""
    connection = duckdb.connect()
    place = {"postcode_standard": "100020", "city": "Beijing"}
    common = [
        {"name": "Zhang Wei", "mobile_standard": f"+86139{n:05}"} for n in range(40)
    ]
    rare = [
        {"name": f"Anna {chr(97 + n // 26)}{chr(97 + n % 26)}ker"} for n in range(300)
    ]
    profiles(connection, [*common, *rare])
    trained = train(connection, "person", "profile", model_key="person-3")
    found = {}
    for name in ("Zhang Wei", "Anna Bbker"):
        born = {"name": name, "birth_date": "1970-05-05"} | place
        profiles(connection, [born, born])
        [(_, _, weight, _, _)] = scored(connection, trained)
        found[name] = weight
    assert found["Anna Bbker"] > found["Zhang Wei"] + 2


def test_where_no_name_is_known_to_be_common_a_birth_date_alone_says_less() -> None:
    """Strangers of one name and birth date have a common name, mostly."""
    connection = duckdb.connect()
    born = (f"19{50 + n % 50}-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(300))
    profiles(
        connection,
        [
            {
                "name": f"Anna {chr(97 + n // 26)}{chr(97 + n % 26)}ker",
                "birth_date": day,
            }
            for n, day in enumerate(born)
        ],
    )
    known, unknown = (
        weights(
            train(
                connection,
                "person",
                "profile",
                model_key="person-4",
                with_frequencies=with_frequencies,
            ),
            "birth_date",
        )
        for with_frequencies in (True, False)
    )
    alone = 2
    assert known[alone][1] < unknown[alone][1] == 0.003
    assert known[:alone] == unknown[:alone]
    assert known[alone + 1 :] == unknown[alone + 1 :]


def test_too_few_records_train_no_model() -> None:
    """A model of a handful would say nothing."""
    connection = duckdb.connect()
    profiles(connection, [{"name": "Zhang Wei"}] * 3)
    with pytest.raises(ClienteleError, match="too few"):
        train(connection, "person", "profile", model_key="person-2")
    with pytest.raises(WrongUseError):
        train(connection, "animal", "profile", model_key="animal-1")
    with pytest.raises(WrongUseError):
        shipped("animal")


@pytest.mark.parametrize("kind", SHIPPED)
def test_a_shipped_model_reads_and_writes_the_same_text(kind: str) -> None:
    """The text of a model and the model are one."""
    place = files("warehouse.identity.matching") / "artefacts" / f"{SHIPPED[kind]}.json"
    text = place.read_text(encoding="utf-8")
    assert Artefact.from_json(text) == shipped(kind)
    assert shipped(kind).to_json() == text
    assert not shipped(kind).frequencies


@pytest.mark.parametrize("kind", SHIPPED)
def test_a_shipped_model_is_of_the_design_that_is_written(kind: str) -> None:
    """Whoever changes a comparison trains the shipped models again."""
    design, artefact = DESIGNS[kind], shipped(kind)
    written = [
        (one.name, level.condition, level.words)
        for one in design.comparisons
        for level in one.levels
    ]
    kept = [
        (one["output_column_name"], level["sql_condition"], level["label_for_charts"])
        for one in artefact.settings["comparisons"]
        for level in one["comparison_levels"]
        if not level.get("is_null_level")
    ]
    assert kept == written
    assert artefact.blocking == design.blocking
    assert artefact.link_from == design.link_from
    assert artefact.review_from < artefact.link_from
    assert artefact.keep_from < artefact.review_from


@pytest.mark.parametrize("kind", SHIPPED)
def test_every_level_of_a_shipped_model_has_words(kind: str) -> None:
    """No level is without a sentence, and no two of a comparison say the same."""
    artefact = shipped(kind)
    for comparison in artefact.settings["comparisons"]:
        name = comparison["output_column_name"]
        count = len(comparison["comparison_levels"]) - 1
        said = [describe(artefact, f"{name}={index}") for index in range(count)]
        assert all(len(words) == 1 and words[0].strip() for words in said)
        assert len({words[0] for words in said}) == count
    assert describe(artefact, "") == []
    assert "name" in {name for name, _ in level_words(artefact)}


@pytest.mark.parametrize("kind", SHIPPED)
def test_look_alike_names_speak_neither_for_nor_against(kind: str) -> None:
    """What letters of two scripts make alike has no weight."""
    m, u = weights(shipped(kind), "name")[0]
    assert m == u


def broken_texts() -> list[str]:
    """List texts that are no models."""
    other = json.loads(shipped("person").to_json()) | {"version": 99}
    return ["", "[]", "{}", "null", json.dumps(other), '{"version": 1, "more": 2}']


@pytest.mark.parametrize("text", broken_texts())
def test_a_text_that_is_no_model_is_refused(text: str) -> None:
    """A delivered model is checked when it is read."""
    with pytest.raises(WrongUseError, match="no model"):
        Artefact.from_json(text)


def test_drift_is_seen_when_the_pairs_change(
    populated: duckdb.DuckDBPyConnection, model: Artefact
) -> None:
    """The pairs of training show none; pairs whose names ceased to agree do."""
    scored(populated, model)
    populated.execute("create or replace temp table still as from scored, range(3)")
    still = drift(populated, model, scored="still")
    assert (still.figure, still.is_due) == (0, False)
    populated.execute(
        "create or replace temp table other as "
        "select regexp_replace(levels, 'name=[0-9]', 'name=2') as levels from still"
    )
    moved = drift(populated, model, scored="other")
    assert moved.is_due
    assert moved.figure == moved.by_comparison["name"]
    assert moved.by_comparison["sex"] == 0
    populated.execute("create or replace temp table few as from other limit 10")
    assert not drift(populated, model, scored="few").is_due


def test_pairs_of_one_customer_among_strangers_teach_no_chance() -> None:
    """What is surely one customer, by belief, leaves the share of its levels alone."""
    design = DESIGNS["person"]
    tops = tuple(len(one.levels) - 1 for one in design.comparisons)
    agree = tuple(top - (1 if top > 1 else 0) for top in tops)
    differ = tuple(0 for _ in tops)
    labelled = [((1 << len(design.labels)) - 1, agree, 100.0)]
    clean, mixed = (
        learnt_by_turns(
            design,
            ([(1, agree, hidden), (1, differ, 1_000_000.0)], labelled, ()),
            2_000,
            with_frequencies=True,
        )
        for hidden in (0.0, 500.0)
    )
    assert mixed == clean

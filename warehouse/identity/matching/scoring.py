"""Scoring of pairs of states: Splink's model, on pairs that the house has blocked.

The expressions are Splink's own, written from the settings of the artefact. Its
`predict` would block again and keep tables in the file that is open; so the statements
are put together here, into one temp table, and with rounded figures.
"""

from collections.abc import Iterable
from string import Template

import duckdb
from splink import SettingsCreator
from splink.internals.dialects import SplinkDialect
from splink.internals.predict import predict_from_comparison_vectors_sqls
from splink.internals.settings import Settings

from warehouse.database import identifier, literal
from warehouse.identity.matching import organisation, person
from warehouse.identity.matching.artefact import Artefact
from warehouse.identity.matching.blocking import Counted, block
from warehouse.identity.matching.features import DERIVED, PROFILE
from warehouse.identity.matching.places import SAME_HOME

DIALECT = "duckdb"
REPEATED = {
    "is_one_home": SAME_HOME,
    "is_near_person": person.NEAR_NAMES,
    "is_near_organisation": organisation.NEAR_NAMES,
}
"""Conditions that several levels look at: judged once per pair, under these names."""

STATES = Template(
    """
create or replace temp table matching_state as
with paired as (
    select left_state as state from $pairs
    union
    select right_state as state from $pairs
)

select
    state,
    $profile,
    $derived
    $frequencies
from $everyone
inner join paired using (state)
$known
"""
)

VECTORS = Template(
    """
with __splink__df_blocked as (
    select
        $blocked,
        '0' as match_key
    from $pairs as pair
    inner join matching_state as l on pair.left_state = l.state
    inner join matching_state as r on pair.right_state = r.state
),

matching_judged as (
    select * $judged
    from __splink__df_blocked
),

__splink__df_comparison_vectors as (
    select $vectors
    from matching_judged
)"""
)

SCORED = Template(
    """
create or replace temp table scored as
$vectors,

__splink__df_match_weight_parts as ($parts),

__splink__df_predict as ($predict)

select
    state_l as left_state,
    state_r as right_state,
    cast(round(match_weight, 4) as decimal(9, 4)) as match_weight,
    cast(round(match_probability, 6) as decimal(9, 6)) as match_probability,
    concat_ws(',', $levels) as levels
from __splink__df_predict
where round(match_probability, 6) >= $keep_from
"""
)


def score(
    connection: duckdb.DuckDBPyConnection,
    artefact: Artefact,
    *,
    new: str,
    everyone: str,
) -> list[Counted]:
    """Make temp table `scored`, a row per pair of states that may be one customer.

    Its columns are `left_state` < `right_state`, `match_weight` (in bits, four
    decimals), `match_probability` (six decimals) and `levels` (such as
    `name=4,birth_date=3`; what could not be compared is left out). The pairs are of the
    artefact's party kind, of different records, asserted together at some load, with at
    least one state of `new`, at least as probable as `keep_from`.

    Args:
        connection: The session that holds the tables.
        artefact: The model.
        new: A table with the `state` of all that is new or changed.
        everyone: The table of all states with their compared columns, `new` included.

    Returns:
        How many pairs each blocking rule was counted to bring together.

    Raises:
        PairBudgetError: The pairs would exceed the budget; nothing was compared.
    """
    counted = block(
        connection,
        artefact.blocking,
        party_kind=artefact.party_kind,
        new=new,
        everyone=everyone,
    )
    prepare(connection, artefact, pairs="matching_blocked", everyone=everyone)
    connection.execute(scoring_sql(artefact, pairs="matching_blocked"))
    frequent = (f"frequency_{column}" for column in artefact.frequencies)
    clear(connection, ("state", "blocked", "new", *frequent))
    return counted


def clear(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Drop temp tables of the matching, named without their prefix."""
    for table in tables:
        connection.execute(f"drop table if exists {identifier(f'matching_{table}')}")


def prepare(
    connection: duckdb.DuckDBPyConnection,
    artefact: Artefact,
    *,
    pairs: str,
    everyone: str,
) -> None:
    """Make temp table `matching_state`: the states of the pairs, as they are compared.

    Args:
        connection: The session that holds the tables.
        artefact: The model, for its frequencies.
        pairs: The table of pairs of states.
        everyone: The table of all states.
    """
    joins, columns = [], []
    for column, known in sorted(artefact.frequencies.items()):
        table = f"matching_frequency_{column}"
        connection.execute(
            f"create or replace temp table {identifier(table)} as "
            "select unnest($1::varchar[]) as value, unnest($2::double[]) as share",
            [list(known.common), list(known.common.values())],
        )
        joins.append(
            f"left join {identifier(table)} on {identifier(column)} = {table}.value"
        )
        columns.append(
            f", case when {identifier(column)} is not null then"
            f" coalesce({table}.share, {known.rare}) end as tf_{column}"
        )
    connection.execute(
        STATES.substitute(
            pairs=identifier(pairs),
            everyone=identifier(everyone),
            profile=", ".join(map(identifier, PROFILE)),
            derived=", ".join(f"{sql} as {name}" for name, sql in DERIVED.items()),
            frequencies="\n    ".join(columns),
            known="\n".join(joins),
        )
    )


def parsed(artefact: Artefact) -> Settings:
    """Return the settings as Splink's own object for DuckDB."""
    creator = SettingsCreator.from_path_or_dict(dict(artefact.settings))
    return creator.get_settings(DIALECT)


def vectors_sql(artefact: Artefact, *, pairs: str) -> str:
    """Return the common table expressions that give the levels of each pair."""
    settings = parsed(artefact)
    vectors = ", ".join(settings._columns_to_select_for_comparison_vector_values)
    judged = []
    for name, condition in REPEATED.items():
        if vectors.count(condition) > 1:
            vectors = vectors.replace(condition, name)
            judged.append(f", {condition} as {name}")
    return VECTORS.substitute(
        blocked=",\n        ".join(settings._columns_to_select_for_blocking),
        judged=" ".join(judged),
        vectors=vectors,
        pairs=identifier(pairs),
    )


def scoring_sql(artefact: Artefact, *, pairs: str) -> str:
    """Return the statement that scores the pairs of a table into `scored`."""
    settings = parsed(artefact)
    parts, predict = predict_from_comparison_vectors_sqls(
        unique_id_input_columns=settings.column_info_settings.unique_id_input_columns,
        core_model_settings=settings.core_model_settings,
        sql_dialect=SplinkDialect.from_string(DIALECT),
        training_mode=True,
    )
    levels = ", ".join(
        f"case when gamma_{name} >= 0 then {literal(name + '=')} || gamma_{name} end"
        for name in artefact.comparisons
    )
    return SCORED.substitute(
        vectors=vectors_sql(artefact, pairs=pairs),
        parts=parts["sql"],
        predict=predict["sql"],
        levels=levels,
        keep_from=artefact.keep_from,
    )

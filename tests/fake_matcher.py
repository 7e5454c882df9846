"""A matcher that tests can read: the oracle's simple likeness, in SQL."""

import json
from dataclasses import dataclass

import duckdb
from oracle.likeness import LINK_FROM, REVIEW_FROM, WEIGHTS

from warehouse.identity.similarity import Model

LIKENESS = """
create or replace temp table scored as
with compared as (
    select
        one.state as left_state,
        other.state as right_state,
        {columns}
    from {everyone} as one
    inner join {everyone} as other
        on one.record < other.record
        and one.since < other.until
        and other.since < one.until
    where
        one.state in (select state from {new})
        or other.state in (select state from {new})
),

weighed as (
    select *, {weight} as weight from compared
)

select
    left_state,
    right_state,
    cast(weight as decimal(9, 4)) as match_weight,
    cast(least(weight, 8) / 8 as decimal(9, 6)) as match_probability,
    'none' as levels
from weighed
where weight >= 2
"""
"""The likeness of the oracle, in SQL: the sum of the weights of what is equal, in
eighths. A slow one: it compares everybody."""


@dataclass(frozen=True)
class FakeModel:
    """A model that weighs equal values."""

    model_key: str
    party_kind: str
    link_from: float = LINK_FROM / 8
    link_within_from: float = LINK_FROM / 8
    review_from: float = REVIEW_FROM / 8

    @property
    def blocking(self) -> tuple[tuple[str, ...], ...]:
        """Every column that has a weight: whoever is alike shares one."""
        return tuple((name,) for name in WEIGHTS[self.model_key])

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(self.__dict__)


@dataclass(frozen=True)
class FakeMatcher:
    """Scores by the oracle's simple likeness.

    Attributes:
        first: The model in use until another is delivered.
        within_from: Probability from which it links two records of one source.
    """

    first: str = "first"
    within_from: float = LINK_FROM / 8

    def shipped(self, party_kind: str) -> FakeModel:
        """Return a model."""
        return FakeModel(self.first, party_kind, link_within_from=self.within_from)

    def read(self, text: str) -> FakeModel:
        """Return the model that was written as text."""
        return FakeModel(**json.loads(text))

    def trusts(self, text: str, *, model_key: str, party_kind: str) -> bool:
        """Trust every model but one that is none."""
        return bool(text) and bool(model_key) and bool(party_kind)

    def score(
        self,
        connection: duckdb.DuckDBPyConnection,
        model: Model,
        *,
        new: str,
        everyone: str,
    ) -> None:
        """Make the table of scored pairs."""
        weights = WEIGHTS[model.model_key]
        columns = [
            "true as is_compared",
            *(
                f"coalesce(one.{name} = other.{name}, false) as has_{name}"
                for name in weights
            ),
        ]
        weight = [
            f"{value} * cast(has_{name} as int)" for name, value in weights.items()
        ]
        connection.execute(
            LIKENESS.format(
                columns=", ".join(columns),
                weight=" + ".join(["0", *weight]),
                new=new,
                everyone=everyone,
            )
        )

"""How far two groupings of the same records agree: by pairs, and by whole clusters.

By pairs: of the pairs of records that are put together, how many belong together
(precision), and of those that belong together, how many are put together (recall).
By cluster: of the clusters found, how many are exactly a true one, and of the true ones
how many are found exactly; records that stand alone are clusters too. Pairs are counted
from the sizes of groups, never made.
"""

from dataclasses import dataclass
from string import Template

import duckdb

from warehouse.database import identifier

COUNTS = Template(
    """
with known as (
    select found.record, found.cluster as found, truth.cluster as truth
    from $found as found
    inner join $truth as truth using (record)
),

shared as (
    select found, truth, count(*) as records from known group by found, truth
),

found_size as (
    select found, sum(records) as records from shared group by found
),

truth_size as (
    select truth, sum(records) as records from shared group by truth
),

sized as (
    select
        records,
        sum(records) over (partition by found) as in_found,
        sum(records) over (partition by truth) as in_truth
    from shared
)

select
    (select count(*) from known),
    (select sum(records * (records - 1) // 2) from shared),
    (select sum(records * (records - 1) // 2) from found_size),
    (select sum(records * (records - 1) // 2) from truth_size),
    (select count(*) from sized where records = in_found and records = in_truth),
    (select count(*) from found_size),
    (select count(*) from truth_size)
"""
)


@dataclass(frozen=True)
class Share:
    """What was found, what is true, and what is both.

    Attributes:
        right: How many are found and true.
        found: How many are found.
        true: How many are true.
    """

    right: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        """Return which share of what is found is true; 1 when nothing is found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Return which share of what is true is found; 1 when nothing is true."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of the two."""
        both = self.found + self.true
        return 2 * self.right / both if both else 1.0

    def figures(self) -> dict[str, float]:
        """Return precision, recall and F1 with four decimals."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
        }


@dataclass(frozen=True)
class Agreement:
    """How far a grouping agrees with the truth.

    Attributes:
        records: How many records both know.
        pairs: Of pairs of records.
        clusters: Of whole clusters.
    """

    records: int
    pairs: Share
    clusters: Share

    def figures(self) -> dict[str, dict[str, float]]:
        """Return the figures of both."""
        return {"pairs": self.pairs.figures(), "clusters": self.clusters.figures()}


def agreement(
    connection: duckdb.DuckDBPyConnection, *, found: str, truth: str
) -> Agreement:
    """Compare two groupings of records.

    Args:
        connection: The session that holds the tables.
        found: The table of what was found: `record`, `cluster`; a record once.
        truth: The table of what is true, of the same columns. Records that only one
            of the two knows do not count.
    """
    row = connection.execute(
        COUNTS.substitute(found=identifier(found), truth=identifier(truth))
    ).fetchall()[0]
    records, right, together, belong, exact, clusters, parties = map(
        int, (value or 0 for value in row)
    )
    return Agreement(
        records, Share(right, together, belong), Share(exact, clusters, parties)
    )

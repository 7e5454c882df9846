"""Matching: which pairs of records may be one customer, how probably, and why.

A model per kind of party, in the manner of Fellegi and Sunter, scored by Splink. What
becomes of the pairs (clusters, guards, ids) is not decided here.
"""

from warehouse.identity.matching.artefact import Artefact, shipped
from warehouse.identity.matching.blocking import Counted, PairBudgetError
from warehouse.identity.matching.describing import describe
from warehouse.identity.matching.drift import Drift, drift
from warehouse.identity.matching.scoring import score
from warehouse.identity.matching.training import train

__all__ = [
    "Artefact",
    "Counted",
    "Drift",
    "PairBudgetError",
    "describe",
    "drift",
    "score",
    "shipped",
    "train",
]

"""What Python computes of the finished stars, for dbt to build on.

SQL counts, Python judges: what comes here is small, a row per group and never a row
per event, unless a model is fitted. Results lie in `scores` of the work database.
"""

from warehouse.scoring.scoring import SCORES, score

__all__ = ["SCORES", "score"]

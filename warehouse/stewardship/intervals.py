"""Intervals of shares that were estimated from decided pairs.

The exact interval of Clopper and Pearson (Biometrika 26, 1934, 404-413), for samples
of unequal weight with the effective number of trials of Korn and Graubard (Survey
Methodology 24, 1998, 193-201).
"""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

CONFIDENCE = 0.95
"""How surely an interval holds the share: half of the doubt lies on either side."""


def clopper_pearson(share: Numbers, trials: Numbers) -> tuple[Numbers, Numbers]:
    """Return lower and upper bounds of shares.

    Args:
        share: The shares that were seen, 0 to 1; nan where nothing was seen.
        trials: How many trials each rests on; fractions are effective numbers.

    Returns:
        Bounds between 0 and 1; nan where there were no trials.
    """
    # Loading it takes longer than a night with nothing new.
    from scipy.stats import beta

    trials = np.where(trials > 0, trials, np.nan)
    hits = share * trials
    misses = trials - hits
    doubt = (1 - CONFIDENCE) / 2
    lower = beta.ppf(doubt, hits, misses + 1)
    upper = beta.ppf(1 - doubt, hits + 1, misses)
    lower = np.where(share <= 0, 0.0, lower)
    upper = np.where(share >= 1, 1.0, upper)
    is_known = np.isfinite(hits)
    return np.where(is_known, lower, np.nan), np.where(is_known, upper, np.nan)

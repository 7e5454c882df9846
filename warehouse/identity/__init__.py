"""Who is who: ordered records in, a log of identity changes out.

`identify` is the one door; `make_profiles` is for training a model. What a record may
be recognised by is `policy`, what was asserted when is `evidence`, the algorithm is
`replay`, the ids are `ids`.
"""

from warehouse.identity.gathering import make_profiles
from warehouse.identity.identify import IdentityOutcome, identify

__all__ = ["IdentityOutcome", "identify", "make_profiles"]

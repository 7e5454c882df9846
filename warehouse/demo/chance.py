"""Chance that can be asked for any customer at any time, in any order.

A value is a function of seed, purpose and index alone. So ten million customers need no
memory of each other, and a part of the deliveries can be made without the rest.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Chance:
    """Draws that depend on the seed, a purpose and an index.

    Attributes:
        seed: The seed of the whole company.
    """

    seed: int

    def _key(self, *purpose: object) -> int:
        text = ":".join(str(part) for part in (self.seed, *purpose))
        digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "little")

    def bits(self, index: Integers, purpose: str) -> npt.NDArray[np.uint64]:
        """Return 64 well-mixed bits per index (the finaliser of splitmix64)."""
        mixed = index.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed += np.uint64(self._key(purpose))
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))

    def share(self, index: Integers, purpose: str) -> Reals:
        """Return a number from 0 up to 1 per index."""
        share: Reals = (self.bits(index, purpose) >> np.uint64(11)) * np.float64(2**-53)
        return share

    def happens(self, index: Integers, purpose: str, probability: float) -> Flags:
        """Return whether something happens to each index."""
        flags: Flags = self.share(index, purpose) < probability
        return flags

    def below(self, index: Integers, purpose: str, limit: int) -> Integers:
        """Return a whole number from 0 up to `limit` per index."""
        number: Integers = (self.share(index, purpose) * limit).astype(np.int64)
        return number

    def weighted(
        self, index: Integers, purpose: str, weights: npt.ArrayLike
    ) -> Integers:
        """Return the ordinal of one of the weights per index, drawn by weight."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        drawn = self.share(index, purpose) * edges[-1]
        ordinal: Integers = np.searchsorted(edges, drawn, side="right")
        return ordinal

    def stream(self, *purpose: object) -> np.random.Generator:
        """Return a generator of its own for one part of one delivery."""
        return np.random.Generator(np.random.PCG64(self._key("stream", *purpose)))

"""k-means: a table's rows in a few dozen cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Cells"]

_ROUNDS = 20  # Lloyd's gain is nearly all in the first ten; cells need to be sensible, not optimal


@dataclass(frozen=True, eq=False)
class Cells:
    """Centres, float32 (k, d); a row belongs to the nearest one."""

    centres: np.ndarray

    @classmethod
    def of(cls, vectors: np.ndarray, k: int, rng: np.random.Generator) -> Cells:
        """At most `k` cells of the rows of `vectors` (n, d): k-means++ (Arthur & Vassilvitskii 2007), then Lloyd."""
        cells = cls(_seeds(vectors, k, rng))
        for _ in range(_ROUNDS):
            member = cells.of_rows(vectors)
            order = np.argsort(member, kind="stable")
            _, starts, counts = np.unique(member[order], return_index=True, return_counts=True)
            sums = np.add.reduceat(vectors[order], starts, axis=0, dtype=np.float64)  # empty cells vanish
            moved = (sums / counts[:, None]).astype(np.float32)
            if np.array_equal(moved, cells.centres):
                break
            cells = cls(moved)
        return cells

    def __len__(self) -> int:
        return len(self.centres)

    def of_rows(self, vectors: np.ndarray) -> np.ndarray:
        """The cell of each row; of equally near ones the first."""
        return np.asarray(_squared(vectors, self.centres).argmin(axis=1))


def _seeds(vectors: np.ndarray, k: int, rng: np.random.Generator) -> np.ndarray:
    """Rows drawn one by one with a chance proportional to the squared distance from those drawn before.

    With fewer different rows than `k` some are drawn twice; their cells stay empty and vanish in the first round.
    """
    chosen = [int(rng.integers(len(vectors)))]
    apart = _squared(vectors, vectors[chosen])[:, 0]
    while len(chosen) < k:
        mass = np.cumsum(apart, dtype=np.float64)
        chosen.append(int(min(np.searchsorted(mass, rng.random() * mass[-1], side="right"), len(vectors) - 1)))
        apart = np.minimum(apart, _squared(vectors, vectors[chosen[-1:]])[:, 0])
    return vectors[chosen]


def _squared(vectors: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Squared Euclidean distances, (n, k), never below 0."""
    mine, theirs = (vectors**2).sum(axis=1)[:, None], (centres**2).sum(axis=1)
    return np.asarray(np.maximum(mine + theirs - 2 * vectors @ centres.T, 0.0))

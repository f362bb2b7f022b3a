"""k-means SMOTE: SMOTE inside the clusters where a class is at home, most in the sparse ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.errors import BadInput
from synthwright.generators.class_rows import ClassRows, Scale
from synthwright.generators.interpolating import Pairs, SmoteFamily
from synthwright.generators.neighbourhood import DEFAULT_K, neighbours_inside, require_at_least
from synthwright.generators.protocol import GeneratorInfo
from synthwright.matching.cells import Cells
from synthwright.seeding import Streams

__all__ = ["KmeansSmote"]

_MOST = 1_000  # rows of a cluster whose mean distance is taken over all pairs; of more, that many evenly spread ones


@dataclass(frozen=True, kw_only=True)
class KmeansSmote(SmoteFamily):
    """New rows inside those clusters of all rows where the class has its share, the more the sparser it is there.

    `n_clusters` clusters are sought. `cluster_balance_threshold` is the least share of the class in a cluster that is
    used; by default the share it has in the table. `density_exponent`: by default log_1.6(n)^1.8 / 6.25 for a cluster
    with n rows of the class, as imbalanced-learn. `k_neighbors` and `scale` as in `tabular.smote`.
    """

    n_clusters: int = 8
    k_neighbors: int = DEFAULT_K
    cluster_balance_threshold: float | None = None
    density_exponent: float | None = None
    scale: Scale = "none"

    info: ClassVar = GeneratorInfo(
        summary="SMOTE inside the clusters where a class is frequent, most in sparse ones; numbers only.",
        source="Douzas, Bacao, Last 2018 (10.1016/j.ins.2018.06.056)",
        reproducible="machine",
        keeps_records=True,
        takes="numbers",
        needs_classes=True,
        quick={"scale": "std", "n_clusters": 2},
    )

    def __post_init__(self) -> None:
        require_at_least(self, n_clusters=1, k_neighbors=1, cluster_balance_threshold=0, density_exponent=0)

    def pairs(self, rows: ClassRows, label: int, streams: Streams) -> Pairs:
        """The class's rows in the clusters that are used, with their neighbours there.

        Raises
        ------
        BadInput
            No cluster has enough rows of the class.
        """
        used, shares = self._clusters(rows, label)
        if not used:
            raise BadInput(
                f"{rows.called(label)} has no cluster of its own: k-means SMOTE has nowhere to start.",
                evidence=f"Of {self.n_clusters} clusters none has over {self.k_neighbors} of its rows and a share of "
                f"{self._least(rows, label):.2%} or more; the highest share is {max(shares):.2%}.",
                remedy="Lower cluster_balance_threshold, use other n_clusters, or use tabular.smote.",
            )
        partners = [neighbours_inside(rows, members, label, self.k_neighbors, members) for members in used]
        sparse = np.array([self._sparsity(rows, members) for members in used])
        if not sparse.sum() > 0:
            sparse = np.ones(len(used))
        weights = np.concatenate(
            [np.full(len(members), one / len(members)) for members, one in zip(used, sparse, strict=True)]
        )
        return Pairs(np.concatenate(used), np.concatenate(partners), weights=weights)

    def _clusters(self, rows: ClassRows, label: int) -> tuple[list[np.ndarray], list[float]]:
        numbers = rows.points(slice(None)).numbers
        largest = float(np.abs(numbers - numbers.mean(axis=0)).max(initial=0.0)) or 1.0
        vectors = ((numbers - numbers.mean(axis=0)) / largest).astype(np.float32)
        # The same clusters whichever class asks: the stream is the table's, not the class's.
        cells = Cells.of(vectors, min(self.n_clusters, len(vectors)), Streams(0).at("clusters").rng())
        cluster = cells.of_rows(vectors)
        found = [np.flatnonzero(cluster == one) for one in range(len(cells))]
        own = [members[rows.classes[members] == label] for members in found]
        shares = [len(mine) / max(len(members), 1) for mine, members in zip(own, found, strict=True)]
        least = self._least(rows, label)
        used = [
            mine for mine, share in zip(own, shares, strict=True) if share >= least and len(mine) > self.k_neighbors
        ]
        return used, shares

    def _least(self, rows: ClassRows, label: int) -> float:
        if self.cluster_balance_threshold is not None:
            return self.cluster_balance_threshold
        return float((rows.classes == label).mean())

    def _sparsity(self, rows: ClassRows, members: np.ndarray) -> float:
        """Mean distance between the rows, to the power of the exponent, over their number (Douzas et al., 2.3)."""
        some = members[np.linspace(0, len(members) - 1, min(len(members), _MOST)).astype(np.int64)]
        numbers = rows.points(some).numbers
        squares = np.zeros((len(some), len(some)))
        for column in numbers.T:
            squares += (column[:, None] - column) ** 2
        mean = float(np.sqrt(squares).sum() / (len(some) * (len(some) - 1)))
        exponent = self.density_exponent
        if exponent is None:
            exponent = float(np.log(len(members)) / np.log(1.6)) ** 1.8 * 0.16
        return float(mean**exponent / len(members))

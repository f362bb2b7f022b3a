"""SVM-SMOTE: new rows around the support vectors of a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.errors import BadInput
from synthwright.generators.class_rows import ClassRows, Scale
from synthwright.generators.interpolating import Pairs, SmoteFamily
from synthwright.generators.neighbourhood import neighbours_inside, others_around, require_at_least
from synthwright.generators.protocol import GeneratorInfo
from synthwright.seeding import Streams

__all__ = ["SvmSmote"]


@dataclass(frozen=True, kw_only=True)
class SvmSmote(SmoteFamily):
    """New rows start at the support vectors of a class that are not surrounded by others.

    From one with half or more of others among its `m_neighbors` nearest rows they go towards a neighbour of the class,
    from any other away from it, by up to `out_step` of the way; both kinds get half of the rows. The support vector
    machine has scikit-learn's defaults (radial kernel, C = 1). `k_neighbors` and `scale` as in `tabular.smote`.
    """

    k_neighbors: int | None = None
    m_neighbors: int = 10
    out_step: float = 0.5
    scale: Scale = "none"

    info: ClassVar = GeneratorInfo(
        summary="SMOTE around the support vectors of a class; numbers only.",
        source="Nguyen, Cooper, Kamei 2011 (10.1504/IJKESDP.2011.039875)",
        reproducible="machine",
        keeps_records=True,
        takes="numbers",
        needs_classes=True,
        quick={"scale": "std"},
    )

    def __post_init__(self) -> None:
        require_at_least(self, k_neighbors=1, m_neighbors=1, out_step=0)

    def pairs(self, rows: ClassRows, label: int, streams: Streams) -> Pairs:
        """The support vectors of the class with their neighbours in it.

        Raises
        ------
        BadInput
            All of them are surrounded by other classes.
        """
        from sklearn.svm import SVC

        members, others = others_around(rows, label, self.m_neighbors, "m_neighbors")
        machine = SVC(random_state=0).fit(rows.points(slice(None)).numbers, rows.classes)
        supports = np.isin(members, machine.support_)
        kept = supports & (others < self.m_neighbors)
        if not kept.any():
            raise BadInput(
                f"{rows.called(label)} has no support vector to start from.",
                evidence=f"All {int(supports.sum()):,} of them have rows of other classes only as their "
                f"{self.m_neighbors} nearest.",
                remedy="Use tabular.smote, or more m_neighbors.",
            )
        base, danger = members[kept], (2 * others >= self.m_neighbors)[kept]
        partners = neighbours_inside(rows, members, label, self.k_neighbors, base)
        reach = np.where(danger, 1.0, -self.out_step)[:, None] * np.ones(partners.shape)
        share = np.where(danger, 0.5 / max(danger.sum(), 1), 0.5 / max((~danger).sum(), 1))
        return Pairs(base, partners, reach, share)

"""Borderline-SMOTE: new rows only around those rows of a class that other classes surround."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from synthwright.errors import BadInput
from synthwright.generators.class_rows import ClassRows, Scale
from synthwright.generators.interpolating import Pairs, SmoteFamily
from synthwright.generators.neighbourhood import (
    DEFAULT_K,
    neighbours_among,
    neighbours_inside,
    others_around,
    require_at_least,
)
from synthwright.generators.protocol import GeneratorInfo
from synthwright.seeding import Streams

__all__ = ["BorderlineSmote"]


@dataclass(frozen=True, kw_only=True)
class BorderlineSmote(SmoteFamily):
    """New rows start at rows in danger: of their `m_neighbors` nearest rows half or more, but not all, are of others.

    `kind` ``"borderline-1"`` interpolates towards the `k_neighbors` nearest rows of the class, ``"borderline-2"``
    towards the nearest rows of any class, and at most half the way to those of others. `scale` as in `tabular.smote`.
    """

    k_neighbors: int | None = None
    m_neighbors: int = 10
    kind: Literal["borderline-1", "borderline-2"] = "borderline-1"
    scale: Scale = "none"

    info: ClassVar = GeneratorInfo(
        summary="SMOTE around the rows of a class that other classes surround; numbers only.",
        source="Han, Wang, Mao 2005 (10.1007/11538059_91)",
        reproducible="portable",
        keeps_records=True,
        takes="numbers",
        needs_classes=True,
        quick={"scale": "std"},
    )

    def __post_init__(self) -> None:
        require_at_least(self, k_neighbors=1, m_neighbors=1)
        if self.kind not in {"borderline-1", "borderline-2"}:
            raise BadInput("kind has to be borderline-1 or borderline-2.", evidence=f"Found {self.kind!r}.")

    def pairs(self, rows: ClassRows, label: int, streams: Streams) -> Pairs:
        """The rows in danger with their neighbours.

        Raises
        ------
        BadInput
            No row of the class is in danger.
        """
        members, others = others_around(rows, label, self.m_neighbors, "m_neighbors")
        danger = members[(2 * others >= self.m_neighbors) & (others < self.m_neighbors)]
        if len(danger) == 0:
            raise BadInput(
                f"{rows.called(label)} has no row in danger, which Borderline-SMOTE starts from.",
                evidence=f"Of the {self.m_neighbors} nearest rows, between half and all but one have to be of other "
                f"classes; here {int((2 * others < self.m_neighbors).sum()):,} rows have fewer and "
                f"{int((others == self.m_neighbors).sum()):,} are surrounded.",
                remedy="Use tabular.smote, or another m_neighbors.",
            )
        if self.kind == "borderline-1":
            return Pairs(danger, neighbours_inside(rows, members, label, self.k_neighbors, danger))
        partners = neighbours_among(rows, self.k_neighbors or DEFAULT_K, danger)
        reach = np.where(rows.classes[partners] == label, 1.0, 0.5)
        return Pairs(danger, partners, reach)

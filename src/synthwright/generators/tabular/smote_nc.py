"""SMOTE-NC: SMOTE for numbers and labels side by side, and for missing cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.generators.class_rows import ClassRows, Scale
from synthwright.generators.interpolating import Pairs, SmoteFamily
from synthwright.generators.neighbourhood import neighbours_inside, require_at_least
from synthwright.generators.protocol import GeneratorInfo
from synthwright.seeding import Streams

__all__ = ["SmoteNc"]


@dataclass(frozen=True, kw_only=True)
class SmoteNc(SmoteFamily):
    """New rows between rows of one class: numbers on the line, labels by the neighbours' majority.

    `k_neighbors`: how many neighbours a row has; by default 5, or fewer in a smaller class, with a warning. `scale`:
    distances in the columns' own units (``"none"``, as imbalanced-learn) or in standard deviations (``"std"``).
    """

    k_neighbors: int | None = None
    scale: Scale = "none"

    info: ClassVar = GeneratorInfo(
        summary="Interpolate between rows of a class; numbers, labels and missing cells.",
        source="Chawla, Bowyer, Hall, Kegelmeyer 2002, 6.1 (10.1613/jair.953); missing cells original",
        reproducible="portable",
        keeps_records=True,
        quick={"scale": "std"},
    )

    def __post_init__(self) -> None:
        require_at_least(self, k_neighbors=1)

    def pairs(self, rows: ClassRows, label: int, streams: Streams) -> Pairs:
        """Every row of the class with its neighbours in it."""
        members = rows.of_class(label)
        return Pairs(members, neighbours_inside(rows, members, label, self.k_neighbors, members))

"""SMOTE: new rows on the lines between a row and its nearest neighbours of the same class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.generators.class_rows import ClassRows, Scale, require_numbers
from synthwright.generators.interpolating import Interpolated, Pairs
from synthwright.generators.neighbourhood import neighbours_inside, require_at_least
from synthwright.generators.protocol import GeneratorInfo
from synthwright.seeding import Streams

__all__ = ["Smote"]


@dataclass(frozen=True, kw_only=True)
class Smote:
    """New rows between rows of one class, all columns numeric and complete.

    `k_neighbors`: how many neighbours a row has; by default 5, or fewer in a smaller class, with a warning. `scale`:
    distances in the columns' own units (``"none"``, as imbalanced-learn) or in standard deviations (``"std"``).
    """

    k_neighbors: int | None = None
    scale: Scale = "none"

    info: ClassVar = GeneratorInfo(
        summary="Interpolate between rows of a class and their nearest neighbours in it; numbers only.",
        source="Chawla, Bowyer, Hall, Kegelmeyer 2002 (10.1613/jair.953)",
        reproducible="portable",
        keeps_records=True,
        takes="numbers",
        quick={"scale": "std"},
    )
    sampler: ClassVar = Interpolated

    def __post_init__(self) -> None:
        require_at_least(self, k_neighbors=1)

    def fit(self, reference: Table, context: Context) -> Interpolated:
        """All rows of `reference`; neighbours are looked for when a class is first drawn.

        Raises
        ------
        BadInput
            A column has labels or missing cells.
        """
        made = Interpolated.of(reference, self, context.streams, self.scale)
        require_numbers(made.rows, "tabular.smote")
        return made

    def pairs(self, rows: ClassRows, label: int, streams: Streams) -> Pairs:
        """Every row of the class with its neighbours in it."""
        members = rows.of_class(label)
        return Pairs(members, neighbours_inside(rows, members, label, self.k_neighbors, members))

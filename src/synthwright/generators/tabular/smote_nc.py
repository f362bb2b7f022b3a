"""SMOTE-NC: SMOTE for numbers and labels side by side, and for missing cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.generators.protocol import GeneratorInfo
from synthwright.generators.tabular.smote import Smote

__all__ = ["SmoteNc"]


@dataclass(frozen=True, kw_only=True)
class SmoteNc(Smote):
    """New rows between rows of one class: numbers on the line, labels by the neighbours' majority.

    `k_neighbors`: how many neighbours a row has; by default 5, or fewer in a smaller class, with a warning. `scale`:
    distances in the columns' own units (``"none"``, as imbalanced-learn) or in standard deviations (``"std"``).
    """

    info: ClassVar = GeneratorInfo(
        summary="Interpolate between rows of a class; numbers, labels and missing cells.",
        source="Chawla, Bowyer, Hall, Kegelmeyer 2002, 6.1 (10.1613/jair.953); missing cells original",
        reproducible="portable",
        keeps_records=True,
        quick={"scale": "std"},
    )

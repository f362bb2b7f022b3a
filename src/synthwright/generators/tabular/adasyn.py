"""ADASYN: SMOTE with the more new rows around a row, the more of its neighbours are of other classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.errors import BadInput
from synthwright.generators.class_rows import ClassRows, Scale
from synthwright.generators.interpolating import Pairs, SmoteFamily
from synthwright.generators.neighbourhood import DEFAULT_K, neighbours_inside, others_around, require_at_least
from synthwright.generators.protocol import GeneratorInfo
from synthwright.seeding import Streams

__all__ = ["Adasyn"]


@dataclass(frozen=True, kw_only=True)
class Adasyn(SmoteFamily):
    """New rows start at a row in proportion to the share of other classes among its `n_neighbors` nearest rows.

    They lie between it and one of its `n_neighbors` nearest rows of the class; by default 5, or fewer in a smaller
    class, with a warning. Counts are exact: starts are drawn, where the paper rounds each row's share. `scale` as in
    `tabular.smote`.
    """

    n_neighbors: int | None = None
    scale: Scale = "none"

    info: ClassVar = GeneratorInfo(
        summary="SMOTE with more new rows where other classes are near; numbers only.",
        source="He, Bai, Garcia, Li 2008 (10.1109/IJCNN.2008.4633969)",
        reproducible="portable",
        keeps_records=True,
        takes="numbers",
        needs_classes=True,
        quick={"scale": "std"},
    )

    def __post_init__(self) -> None:
        require_at_least(self, n_neighbors=1)

    def pairs(self, rows: ClassRows, label: int, streams: Streams) -> Pairs:
        """The rows of the class near others with their neighbours in it.

        Raises
        ------
        BadInput
            No row of the class has a neighbour of another class.
        """
        wanted = self.n_neighbors or DEFAULT_K
        members, others = others_around(rows, label, wanted, "n_neighbors")
        near = others > 0
        if not near.any():
            raise BadInput(
                f"{rows.called(label)} lies apart from all others: ADASYN has nowhere to start.",
                evidence=f"None of its {len(members):,} rows has a row of another class among its {wanted} nearest.",
                remedy="Use tabular.smote, or more n_neighbors.",
            )
        base = members[near]
        inside = neighbours_inside(rows, members, label, self.n_neighbors, base)
        return Pairs(base, inside, weights=others[near].astype(float))

"""What a metric looks at: train, synthetic and holdout tables, encoded once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from synthwright.data.schema import Schema
from synthwright.data.table import Table

__all__ = ["Comparison", "Part"]

Part = Literal["train", "synthetic", "holdout"]
Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Comparison:
    """Three tables under one schema; what several metrics need is computed once and kept.

    The schema is train's; synthetic and holdout hold the same columns in the same order and types (see `align`).
    """

    train: Table
    synthetic: Table
    holdout: Table | None = None
    _kept: dict[object, object] = field(default_factory=dict, repr=False)

    @property
    def schema(self) -> Schema:
        """The schema all parts share."""
        return self.train.schema

    def part(self, name: Part) -> Table:
        """The table called `name`; a missing holdout is an error of the caller."""
        table = {"train": self.train, "synthetic": self.synthetic, "holdout": self.holdout}[name]
        if table is None:
            raise LookupError("this comparison has no holdout")
        return table

    def keep(self, key: object, make: Callable[[], Made]) -> Made:
        """What `make` returns, computed on the first call with this `key` only."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]  # type: ignore[return-value]  # one key, one type

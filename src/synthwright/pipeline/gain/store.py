"""What is kept of a trained cell: what it says of the test rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from synthwright.pipeline.keeping import Kept, Store

__all__ = ["Made", "Store", "cell_kept", "keep_cell"]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What a trained cell says of the test rows; the CPU seconds of its rows (fit and draw) and of its training."""

    predictions: np.ndarray
    making: float = 0.0
    training: float = 0.0

    def to_kept(self) -> Kept:
        """As it is kept."""
        return Kept({"predictions": self.predictions}, {"making": self.making, "training": self.training})

    @classmethod
    def of_kept(cls, kept: Kept) -> Self | None:
        """Read back `to_kept`; ``None`` where something is missing."""
        try:
            return cls(kept.arrays["predictions"], float(kept.told["making"]), float(kept.told["training"]))
        except (KeyError, TypeError, ValueError):
            return None


def cell_kept(store: Store, key: str | None) -> Made | None:
    """What was kept under `key`."""
    kept = store.find(key)
    return None if kept is None else Made.of_kept(kept)


def keep_cell(store: Store, key: str | None, made: Made) -> None:
    """`made` is found under `key` from now on."""
    store.keep(key, made.to_kept())

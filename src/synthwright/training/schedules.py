"""How much of an epoch is synthetic: schedules, from a share per epoch to exact counts per batch."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from synthwright.errors import UsageError, shorten
from synthwright.training.checking import within

__all__ = ["Constant", "Interleaved", "Ramp", "Schedule", "Shares", "SyntheticFirst", "schedule_of"]


@dataclass(frozen=True, kw_only=True)
class Schedule(ABC):
    """The share of synthetic rows in each epoch; a schedule of one's own overrides `share`.

    Epochs count from 0. Shares are exact up to rounding to whole rows, halves up.
    """

    @abstractmethod
    def share(self, epoch: int, epochs: int) -> float:
        """The share of synthetic rows in `epoch` of `epochs`, 0 to 1."""

    def counts(self, sizes: np.ndarray, epoch: int, epochs: int) -> np.ndarray:
        """Synthetic rows in each batch of `sizes` rows, int64: as even as whole rows can be.

        Through every batch the sum is the epoch's share of the rows so far, rounded: no batch is off by a whole row.
        """
        so_far = np.cumsum(sizes)
        whole = _rounded(_checked(self.share(epoch, epochs), f"epoch {epoch}") * int(so_far[-1]))
        return np.diff((2 * so_far * whole + so_far[-1]) // (2 * so_far[-1]), prepend=0)


@dataclass(frozen=True, kw_only=True)
class Constant(Schedule):
    """The same `value` in every epoch: mixed training."""

    value: float = 0.5

    def __post_init__(self) -> None:
        _require_shares(self, "value")

    def share(self, epoch: int, epochs: int) -> float:
        """`value`, whichever the epoch."""
        return self.value


@dataclass(frozen=True, kw_only=True)
class SyntheticFirst(Schedule):
    """Only synthetic rows for the `first` epochs (half of them, unless said), then the share `then`: fine-tuning."""

    first: int | None = None
    then: float = 0.0

    def __post_init__(self) -> None:
        _require_shares(self, "then")
        if self.first is not None and self.first < 0:
            raise UsageError(f"Synthetic rows come first for {self.first} epochs.", remedy="Give 0 or more.")

    def share(self, epoch: int, epochs: int) -> float:
        """1, then `then`."""
        first = epochs // 2 if self.first is None else self.first
        if first >= epochs and self.then < 1:
            raise UsageError(
                "No epoch is left for the real rows.",
                evidence=f"Synthetic rows come first for {first} of {epochs} epochs.",
                remedy="Lower first=, or train for more epochs.",
            )
        return 1.0 if epoch < first else self.then


@dataclass(frozen=True, kw_only=True)
class Ramp(Schedule):
    """From `start` to `end`, along a line or half a wave of the cosine.

    It has `start` up to the epoch `first` and `end` from the epoch `last` on (the training's last, unless said).
    """

    start: float = 1.0
    end: float = 0.0
    shape: Literal["linear", "cosine"] = "linear"
    first: int = 0
    last: int | None = None

    def __post_init__(self) -> None:
        _require_shares(self, "start", "end")
        if self.shape not in {"linear", "cosine"}:
            raise UsageError(f"There is no ramp called {shorten(repr(self.shape))}.", remedy="Say linear or cosine.")
        if self.first < 0 or (self.last is not None and self.last <= self.first):
            raise UsageError("A ramp ends after it began.", evidence=f"It goes from epoch {self.first} to {self.last}.")

    def share(self, epoch: int, epochs: int) -> float:
        """The height of the ramp."""
        last = epochs - 1 if self.last is None else self.last
        gone = min(max((epoch - self.first) / max(last - self.first, 1), 0.0), 1.0)
        if self.shape == "cosine":
            gone = (1 - math.cos(math.pi * gone)) / 2
        return self.start + (self.end - self.start) * gone


@dataclass(frozen=True, kw_only=True)
class Interleaved(Schedule):
    """`synthetic` batches (or epochs) of synthetic rows alone, then `real` ones of real rows alone, and again."""

    synthetic: int = 1
    real: int = 1
    unit: Literal["batch", "epoch"] = "batch"

    def __post_init__(self) -> None:
        if self.synthetic < 1 or self.real < 1 or self.unit not in {"batch", "epoch"}:
            raise UsageError(
                "Interleaving takes at least one unit of either kind, of batches or of epochs.",
                evidence=f"synthetic={self.synthetic}, real={self.real}, unit={shorten(repr(self.unit))}",
                remedy="For one kind alone use Constant(value=0) or Constant(value=1).",
            )

    def share(self, epoch: int, epochs: int) -> float:
        """1 or 0 by epochs; by batches the share of synthetic ones."""
        if self.unit == "epoch":
            return float(epoch % (self.synthetic + self.real) < self.synthetic)
        return self.synthetic / (self.synthetic + self.real)

    def counts(self, sizes: np.ndarray, epoch: int, epochs: int) -> np.ndarray:
        """All rows of a batch, or none; the turn goes on from one epoch to the next."""
        if self.unit == "epoch":
            return super().counts(sizes, epoch, epochs)
        turn = (epoch * len(sizes) + np.arange(len(sizes))) % (self.synthetic + self.real)
        return np.where(turn < self.synthetic, sizes, 0)


@dataclass(frozen=True, kw_only=True)
class Shares(Schedule):
    """One share per epoch; the last one holds for all later epochs."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(self.values))
        if not self.values:
            raise UsageError("A list of shares has at least one.")
        for epoch, value in enumerate(self.values):
            _checked(value, f"epoch {epoch}")

    def share(self, epoch: int, epochs: int) -> float:
        """The entry of `epoch`."""
        return self.values[min(epoch, len(self.values) - 1)]


def schedule_of(given: Any) -> Schedule:
    """A schedule as people write it: itself, one share for all epochs, or a list of them.

    Raises
    ------
    UsageError
        It is none of these, or a share is not between 0 and 1.
    """
    if isinstance(given, Schedule):
        return given
    if isinstance(given, int | float | np.number):
        return Constant(value=float(given))
    if isinstance(given, Sequence | np.ndarray) and not isinstance(given, str | bytes):
        return Shares(values=tuple(given))
    raise UsageError(
        f"{shorten(repr(given))} is no schedule.",
        remedy="Give SyntheticFirst(), Ramp(), Interleaved(), a share between 0 and 1, or a list of shares.",
    )


def _require_shares(schedule: Schedule, *names: str) -> None:
    for name in names:
        _checked(getattr(schedule, name), name)


def _checked(share: Any, where: str) -> float:
    return within(
        share,
        f"The share of synthetic rows ({where})",
        0,
        1,
        remedy="Half synthetic is 0.5; a ratio of r synthetic rows per real row is r / (1 + r).",
    )


def _rounded(rows: float) -> int:
    """To whole rows, halves up; products such as .7 * 10 fall just short of what was meant."""
    return math.floor(rows + 0.5 + 1e-9)

"""Figures of the rows of a batch, from whatever library computed them, and their sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synthwright.errors import BadInput, UsageError
from synthwright.training.sources import is_synthetic

__all__ = ["Sums", "numbers", "per_row"]


@dataclass(slots=True)
class Sums:
    """Rows counted so far, and for each figure its sum and how many rows it is of."""

    rows: int = 0
    figures: dict[str, tuple[float, int]] = field(default_factory=dict)

    @property
    def names(self) -> Sequence[str]:
        """The figures other than the loss."""
        return [name for name in self.figures if name != "loss"]

    def add(self, figures: Mapping[str, np.ndarray]) -> None:
        """Count these rows."""
        self.rows += len(figures["loss"])
        for name, values in figures.items():
            total, rows = self.figures.get(name, (0.0, 0))
            self.figures[name] = total + float(values.sum()), rows + len(values)

    def mean(self, name: str) -> float:
        """The mean over all rows that have this figure; NaN if none has."""
        total, rows = self.figures.get(name, (0.0, 0))
        return total / rows if rows else float("nan")


def per_row(
    synthetic: Any, figures: Mapping[str, Any], *, reserved: Sequence[str]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Which rows are synthetic (none, if `synthetic` is ``None``), and every figure as float64, one number per row.

    Raises
    ------
    UsageError
        A figure has one of the names `reserved` for the records, other than the loss.
    BadInput
        Figures of another number of rows, or one number for rows of both kinds.
    """
    arrays = {name: numbers(values, name) for name, values in figures.items()}
    for name in arrays:
        if name in reserved and name != "loss":
            raise UsageError(f"A metric can't be called {name!r}.", remedy="The history has a column of that name.")
    if synthetic is None:
        mask = np.zeros(max(values.size for values in arrays.values()), dtype=bool)
    else:
        mask = is_synthetic(_plain(synthetic))
    rows = {}
    for name, values in arrays.items():
        if values.ndim == 0:
            if mask.any() and not mask.all():
                raise BadInput(
                    f"{name} is one number for a batch of real and synthetic rows.",
                    evidence=f"{int(mask.sum())} of {len(mask)} rows are synthetic.",
                    remedy='Give one number per row: losses of torch with reduction="none".',
                )
            values = np.full(len(mask), values)  # noqa: PLW2901 - the same figure, spelt out
        if values.shape != mask.shape:
            raise BadInput(
                f"{name} is not one number per row.",
                evidence=f"It has the shape {values.shape}; there are {len(mask)} rows.",
                remedy="Take the mean over all but the first dimension.",
            )
        rows[name] = values
    return mask, rows


def numbers(values: Any, name: str) -> np.ndarray:
    """`values` as float64, also from a tensor on another device or within a graph.

    Raises
    ------
    BadInput
        They are no numbers.
    """
    try:
        return np.asarray(_plain(values), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadInput(f"{name} holds something that is no number.", evidence=str(error)) from error


def _plain(values: Any) -> Any:
    """A tensor without its graph, in this machine's memory and in a type that NumPy knows; anything else itself."""
    if not hasattr(values, "detach"):
        return values
    tensor = values.detach().cpu()
    return tensor.float().numpy() if tensor.is_floating_point() else tensor.numpy()

"""One measurement from the balls around real rows, at the sizes that were looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from synthwright.evaluation._neighbours.neighbourhoods import Neighbourhoods, neighbourhoods
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped

__all__ = ["measured_in_balls"]


def measured_in_balls(
    metric: str,
    comparison: Comparison,
    measure: Callable[[Comparison, Neighbourhoods], Measurement],
    *,
    rows: int,
    k: int,
) -> list[Measurement | Skipped]:
    """What `measure` says of the balls to the `k`-th neighbour of at most `rows` rows; skipped where there are none."""
    found = neighbourhoods(comparison, rows=rows, k=k)
    if isinstance(found, str):
        return [Skipped(metric, found)]
    sampled = found.n_synthetic < len(comparison.synthetic)
    made = measure(comparison, found)
    return [replace(made, n_real=found.n_real, n_synthetic=found.n_synthetic, sampled=sampled)]

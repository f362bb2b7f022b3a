"""All rows instead of samples, for the patient: which settings are raised, and how long distances will take."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, cast

from synthwright.evaluation._neighbours.drawing import drawn_rows, placed_rows
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.protocol import Metric
from synthwright.matching.nearest import nearest

__all__ = ["distances_of", "expected_seconds", "how_long", "with_all_rows"]

_QUERIES, _REFERENCES = 1_000, 20_000  # distances that are timed: a tenth of a second's work


def with_all_rows(metrics: Sequence[Metric], comparison: Comparison) -> list[Metric]:
    """The metrics with every setting in ``info.limits`` raised to the rows of the largest table."""
    most = max(comparison.rows(part) for part in comparison.parts)
    return [_raised(metric, most) for metric in metrics]


def _raised(metric: Metric, most: int) -> Metric:
    if not metric.info.limits:
        return metric
    given = cast("Any", metric)
    sizes = {one.name: max(most, getattr(metric, one.name)) for one in fields(given) if one.name in metric.info.limits}
    return cast("Metric", replace(given, **sizes))


def distances_of(comparison: Comparison) -> int:
    """About how many distances all rows have: from every synthetic row to every real one, and within the holdout.

    The holdout's rows are each other's neighbours and balls, which takes about eight passes (`closeness`, `balls`).
    """
    train, synthetic = comparison.rows("train"), comparison.rows("synthetic")
    unseen = comparison.rows("holdout") if comparison.holdout is not None else 0
    return synthetic * (train + unseen) + 8 * (unseen or train) ** 2


def expected_seconds(comparison: Comparison, clock: Callable[[], float] = time.perf_counter) -> float:
    """How long `distances_of` this comparison take on this machine, from the time that a small part of them took."""
    part = {limit: drawn_rows(comparison, "train", limit, "timed") for limit in (_QUERIES, _REFERENCES)}
    queries, references = (placed_rows(comparison, "train", rows) for rows in part.values())
    start = clock()
    nearest(queries, references)
    spent = max(clock() - start, 1e-9)
    return distances_of(comparison) * spent / (len(queries) * len(references))


def how_long(seconds: float) -> str:
    """A duration in words, as exactly as an estimate deserves.

    >>> how_long(40), how_long(400), how_long(13_000)
    ('under a minute', '7 minutes', '3.6 hours')
    """
    if seconds < 60:
        return "under a minute"
    if seconds < 5_400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3_600:.1f} hours" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"

"""How many events to expect among new rows, from those seen among others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from synthwright.evaluation._statistics.counted import upper_tail
from synthwright.evaluation.measurement import Estimate

__all__ = ["predicted_count"]


def predicted_count(seen: float, ratio: float, confidence: float = 0.95) -> Estimate:
    """How many Poisson events `ratio` times as many rows bring, where `seen` were counted, with a prediction interval.

    The interval holds every count that is not extreme among all events, seen and new, of which each is new with chance
    ``ratio / (1 + ratio)`` (exact conditional interval; Thatcher 1964, Nelson 1982).

    Examples
    --------
    None in 1,000 rows: up to 5 in another 1,000, since six of six fall on one side once in 64 times.

    >>> predicted_count(0, 1.0)
    Estimate(value=0.0, low=0.0, high=5.0)
    """
    tail, share = (1 - confidence) / 2, ratio / (1 + ratio)
    value = seen * ratio

    def too_many(count: int) -> bool:
        return upper_tail(count, count + seen, share) <= tail

    def too_few(count: int) -> bool:
        # No more than `count` new ones are at least `seen` old ones.
        return upper_tail(seen, count + seen, 1 - share) <= tail

    high = _first(too_many, int(value)) - 1
    low = _first(lambda count: not too_few(count), 0)
    return Estimate(value, min(value, float(low)), max(value, float(high)))


def _first(true_from: Callable[[int], bool], start: int) -> int:
    """The least count from `start` on for which `true_from` holds; it holds for all larger ones too."""
    step = 1
    while not true_from(start + step):
        step *= 2
    return bisect_left(range(start + step + 1), True, lo=start, key=true_from)

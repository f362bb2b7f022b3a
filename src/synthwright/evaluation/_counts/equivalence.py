"""How many fresh real rows would be as far from train as the synthetic table is: from errors to sizes and back."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from synthwright.evaluation.measurement import Estimate

__all__ = ["Sizes"]

_LEAST = 1e-12  # an expected error, so that it has a logarithm
_STEP = 2.0  # between sizes at which the closed form is computed; in between, its logarithm is a line within .1 %


@dataclass(frozen=True, eq=False)
class Sizes:
    """The size of a fresh sample, as a share of train's `rows`, by its expected error; between one row and `most`.

    `expected` gives the expected error of so many fresh rows: it falls as they grow more.
    """

    rows: int
    most: float
    expected: Callable[[int], float]
    known: dict[int, float] = field(default_factory=dict)

    def error_of(self, count: int) -> float:
        """The expected error of `count` fresh rows."""
        if count not in self.known:
            self.known[count] = max(self.expected(count), _LEAST)
        return self.known[count]

    def share(self, error: float) -> float:
        """The share at which the expected error is `error`; `most` for errors that no such sample falls below."""
        high = low = max(1, round(self.most * self.rows))
        while self.error_of(low) < error and low > 1:
            high, low = low, max(1, round(low / _STEP))
        if error >= self.error_of(low):
            return low / self.rows
        if low == high:
            return self.most
        # The error is about proportional to the square root of 1/n + 1/m: in logarithms a straight line.
        noise = [math.log1p(self.rows / count) for count in (high, low)]
        errors = [math.log(self.error_of(count)) for count in (high, low)]
        return 1 / math.expm1(float(np.interp(math.log(error), errors, noise)))

    def estimate(self, error: Estimate) -> Estimate:
        """The share for an error inside the interval that the error's own interval maps to."""
        return Estimate(self.share(error.value), self.share(error.high), self.share(error.low))

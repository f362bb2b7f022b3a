"""The textbook p-values of single columns, for information: they grade the number of rows as much as the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._counts.contingency import holm
from synthwright.evaluation._counts.marginals import marginals, size_ratio
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Significance"]

LEAST_EXPECTED = 5.0  # counts that the chi-squared approximation needs in a cell; sparser labels are taken together


@dataclass(frozen=True, kw_only=True)
class Significance:
    """The smallest p-value of single columns after Holm's correction: Kolmogorov-Smirnov, or chi-squared for labels.

    Not for gates. A shift of 0.02 standard deviations, harmless for any use, has p = .36 at 1,000 rows, .002 at 10,000
    and 1e-15 at 500,000: small bad tables pass and large good ones fail. Read `fidelity.column_shapes` instead. The
    Kolmogorov-Smirnov p-value is too large where values repeat. Parts: per column, after correction, smallest first.
    `holdout` has the p-values of the holdout at its own size, for numbers and labels alike: other than distances, they
    are not brought to the synthetic table's, and a smaller holdout gives larger ones where train differs from it.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="What would textbook tests of single columns say?",
        source="Smirnov (1948), Pearson (1900), Holm (1979)",
        measures=("fidelity.significance",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The smallest corrected p-value; p-values have no interval of their own."""
        synthetic = _corrected(_p_values(comparison, "synthetic"))
        holdout = _corrected(_p_values(comparison, "holdout")) if comparison.holdout is not None else None
        return [
            Measurement(
                metric="fidelity.significance",
                estimate=Estimate.exact(min(synthetic.values())),
                better="higher",
                n_real=len(comparison.train),
                n_synthetic=len(comparison.synthetic),
                holdout=None if holdout is None else Estimate.exact(min(holdout.values())),
                parts={name: Estimate.exact(p) for name, p in sorted(synthetic.items(), key=lambda item: item[1])},
            )
        ]


def _p_values(comparison: Comparison, part: Part) -> dict[str, float]:
    from scipy.special import kolmogorov

    n, m = len(comparison.train), comparison.rows(part)
    found = {}
    for one in marginals(comparison):
        distance = one.shape.synthetic if part == "synthetic" else one.shape.holdout
        if one.numeric and distance is not None:
            # The kept distance of the holdout is at the synthetic table's size; its p-value is at its own, as labels'.
            raw = distance.value / (size_ratio(comparison) if part == "holdout" else 1.0)
            found[one.name] = float(kolmogorov(np.sqrt(n * m / (n + m)) * raw))
        else:
            real, other = (comparison.counts(side, one.name).sum(axis=0) for side in ("train", part))
            found[one.name] = _chi_squared(real, other)
    return found


def _chi_squared(real: np.ndarray, other: np.ndarray) -> float:
    from scipy.special import chdtrc

    n, m = real.sum(), other.sum()
    sparse = (real + other) * min(n, m) / (n + m) < LEAST_EXPECTED
    a = np.append(real[~sparse], real[sparse].sum()).astype(np.float64)
    b = np.append(other[~sparse], other[sparse].sum()).astype(np.float64)
    filled = a + b > 0
    a, b = a[filled], b[filled]
    if len(a) < 2:
        return 1.0
    return float(chdtrc(len(a) - 1, ((a * np.sqrt(m / n) - b * np.sqrt(n / m)) ** 2 / (a + b)).sum()))


def _corrected(raw: dict[str, float]) -> dict[str, float]:
    """Holm's step-down correction over all columns."""
    return dict(zip(raw, holm(np.array(list(raw.values()))).tolist(), strict=True))

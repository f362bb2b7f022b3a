"""The figures that papers and tools print as privacy, beside those that can be relied on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._copies.hashes import hashes_of
from synthwright.evaluation._neighbours.closeness import SEARCHES, Closeness, closeness
from synthwright.evaluation._neighbours.drawing import drawn_rows, placed_rows
from synthwright.evaluation._statistics.counted import scaled_difference
from synthwright.evaluation._statistics.intervals import wilson
from synthwright.evaluation._statistics.quantiles import distance_ratio, quantile_estimate
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measurement import Better, Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.matching.nearest import nearest

__all__ = ["Textbook"]

Told = Callable[[Part], Estimate]


@dataclass(frozen=True, kw_only=True)
class Textbook:
    """Five figures that are widely printed as privacy; they are shown so that tables can be compared, and gate nothing.

    `.median_dcr`: the median distance of synthetic rows to the closest train row. Half of all rows could be copies
    before it falls to 0, and it depends on the number of rows and columns. `.dcr_ratio`: the same over the median
    distance among train rows; 1 % of copies leaves it as it is. `.nndr`: the 5 % quantile of the distance ratio without
    its ceiling (`privacy.nndr` has one). `.below_own_5`: the share of synthetic rows whose distance lies below the 5 %
    quantile of those same distances; it is 5 % always, copies or none. `.identical`: the share of synthetic rows equal
    to a train row; where rows have few values most are so by chance (`privacy.exact_copies` takes that out).

    Ceilings are the same figures of holdout rows. Estimands and intervals as in `privacy.nndr`: for further synthetic
    (holdout) rows among these train rows, whose own median is given.
    """

    queries: int = 20_000
    references: int = 20_000
    searches: int = SEARCHES
    own_rows: int = 2_000  # of train, whose distance to other train rows is asked
    info: ClassVar[MetricInfo] = MetricInfo(
        question="What do the usual figures of closeness say? (they mislead, and nothing is judged by them)",
        source="Zhao et al. (2021), arXiv:2102.08369, and common tools; why not: Yao et al. (2025), arXiv:2505.01524",
        measures=(
            "privacy.textbook.median_dcr",
            "privacy.textbook.dcr_ratio",
            "privacy.textbook.nndr",
            "privacy.textbook.below_own_5",
            "privacy.textbook.identical",
        ),
        needs=frozenset({"holdout"}),
        cost=1,
        limits=("queries", "references", "searches", "own_rows"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """All five; skipped below 20 rows of each kind."""
        close = closeness(comparison, queries=self.queries, references=self.references, searches=self.searches)
        if isinstance(close, str):
            return [Skipped(name, close) for name in self.info.measures]
        figures = _Figures(comparison, close, self.own_rows)
        told: tuple[tuple[Told, Better], ...] = (
            (figures.median, "higher"),
            (figures.ratio, "higher"),
            (figures.nndr, "higher"),
            (figures.below_own, "lower"),
            (figures.identical, "lower"),
        )
        return [
            figures.measurement(name, tell, better)
            for name, (tell, better) in zip(self.info.measures, told, strict=True)
        ]


@dataclass(frozen=True, eq=False)
class _Figures:
    comparison: Comparison
    close: Closeness
    own_rows: int

    def measurement(self, name: str, tell: Told, better: Better) -> Measurement:
        comparison, close = self.comparison, self.close
        mine, theirs = tell("synthetic"), tell("holdout")
        return Measurement(
            metric=name,
            estimate=mine,
            better=better,
            n_real=len(close.train),
            n_synthetic=len(close.synthetic),
            sampled=close.is_sample_of(comparison),
            holdout=theirs,
            excess=scaled_difference(mine, theirs),
        )

    def median(self, of: Part) -> Estimate:
        return quantile_estimate(self.comparison, of, self._rows(of), self._found(of)[:, 0], 0.5)

    def ratio(self, of: Part) -> Estimate:
        top, below = self.median(of), self._own
        if below <= 0:  # most train rows have a twin: the ratio says nothing, and 1 is what equals have
            return Estimate(1.0, 0.0, 1.0)
        return Estimate(top.value / below, top.low / below, top.high / below)

    def nndr(self, of: Part) -> Estimate:
        return quantile_estimate(self.comparison, of, self._rows(of), distance_ratio(self._found(of)), 0.05)

    def below_own(self, of: Part) -> Estimate:
        apart = self._found(of)[:, 0]
        return wilson(int((apart < np.quantile(apart, 0.05)).sum()), len(apart))

    def identical(self, of: Part) -> Estimate:
        rows = hashes_of(self.comparison, of)
        return wilson(int(np.isin(rows, hashes_of(self.comparison, "train")).sum()), len(rows))

    @property
    def _own(self) -> float:
        """The median distance of train rows to their nearest other train row."""
        return self.comparison.keep(("own distance", self.close.train.size, self.own_rows), self._measure_own)

    def _measure_own(self) -> float:
        rows = drawn_rows(self.comparison, "train", self.own_rows, "own distance", among=self.close.train)
        reference = placed_rows(self.comparison, "train", self.close.train)
        at = np.searchsorted(self.close.train, rows)
        apart = nearest(reference.take(at), reference, itself=at).distance[:, 0]
        return float(np.median(apart))

    def _rows(self, of: Part) -> np.ndarray:
        return self.close.synthetic if of == "synthetic" else self.close.holdout

    def _found(self, of: Part) -> np.ndarray:
        found = self.close.of_synthetic if of == "synthetic" else self.close.of_holdout
        return found[0].distance

"""The same comparison with rows without skill in place of the synthetic ones, for metrics that measure a floor."""

from __future__ import annotations

from synthwright.evaluation._neighbours.drawing import features_of
from synthwright.evaluation.comparison import Comparison

__all__ = ["unskilled"]


def unskilled(comparison: Comparison, rows: int) -> Comparison:
    """`comparison` with `rows` rows of its floor as the synthetic part; what was learnt or encoded before is shared."""

    def make() -> Comparison:
        other = Comparison(comparison.train, comparison.floor(rows), comparison.holdout, comparison.seed)
        other.keep("encoder", lambda: comparison.encoder)
        other.keep("features", lambda: features_of(comparison))
        other.keep(("codes", "train"), lambda: comparison.codes("train"))
        if comparison.holdout is not None:
            other.keep(("codes", "holdout"), lambda: comparison.codes("holdout"))
        return other

    return comparison.keep(("unskilled", rows), make)

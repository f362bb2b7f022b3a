"""The private file of risks: one line per synthetic row, from what the metrics have found already."""

from __future__ import annotations

import pyarrow as pa

from synthwright.evaluation._learners.propensity import propensities
from synthwright.evaluation._neighbours.closeness import Closeness
from synthwright.evaluation._neighbours.nearness import SEARCHED
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.fidelity.c2st import C2ST
from synthwright.evaluation.row_risks import KINDS_OF_COPY, row_risks
from synthwright.evaluation.suite import Evaluation

__all__ = ["risks"]


def risks(comparison: Comparison, measured: Evaluation, ids: pa.ChunkedArray | None = None) -> pa.Table:
    """The risk of every synthetic row of `comparison`; `ids` are the record ids of a run.

    Copies are looked for in all rows. Distances and propensities are those that the metrics asked for: where
    `privacy.near_copies` or `fidelity.c2st` was not measured, there are none.
    """
    propensity = None
    if "fidelity.c2st" in measured:
        c2st = C2ST()
        propensity = propensities(comparison, rows=c2st.rows, folds=c2st.folds, learner=c2st.learner)
    return row_risks(
        comparison,
        ids=ids,
        close=comparison.keep(SEARCHED, _nothing),
        propensity=None if isinstance(propensity, str) else propensity,
        beyond_chance=[metric for metric in KINDS_OF_COPY.values() if _beyond(measured, metric)],
    )


def _nothing() -> Closeness | None:
    """What is kept where nobody looked for neighbours."""
    return None


def _beyond(measured: Evaluation, metric: str) -> bool:
    excess = measured[metric].excess if metric in measured else None
    return excess is not None and excess.low > 0

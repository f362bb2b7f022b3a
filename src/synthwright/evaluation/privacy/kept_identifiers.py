"""Do identifiers and free text of train come back in the synthetic rows?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.data.hashing import row_hashes
from synthwright.engines.context import Context
from synthwright.evaluation._copies.copying import Hits, copies
from synthwright.evaluation._copies.hashes import among
from synthwright.evaluation._statistics.intervals import wilson
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["KeptIdentifiers"]


@dataclass(frozen=True, kw_only=True)
class KeptIdentifiers:
    """The share of synthetic rows with an identifier or a free text that a train row has, over all rows.

    All other metrics leave these columns out: they are nothing to learn from. Kept, they name people outright, beside
    rows that may be fresh. A row counts once, by the first column in which it hits. Chance (small numbers coincide) is
    what the holdout's values attract, as in `privacy.exact_copies`: values that occur once in train and holdout
    together are hit in train no more often than in the holdout, sizes allowed for. Missing cells hit nothing. Parts:
    the share per column.

    The excess' interval holds the expected share of rows that repeat such a value of train, at these sizes; the
    estimate's that of rows that share any value with these train rows.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do identifiers and free text of train come back in the synthetic rows?",
        source="original; chance as in privacy.exact_copies",
        measures=("privacy.kept_identifiers",),
        needs=frozenset({"identifiers"}),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """One share over all such columns; skipped without rows or columns."""
        name = self.info.measures[0]
        if not comparison.unmodelled:
            return [Skipped(name, "the tables have no identifiers and no free text")]
        if min(comparison.rows("synthetic"), comparison.rows("train")) == 0:
            return [Skipped(name, "there are no rows to compare")]
        found = {column: _found(comparison, column) for column in comparison.unmodelled}
        rows = comparison.rows("synthetic")
        return [
            copies(
                name,
                comparison,
                _first_hits(comparison, [hits for _, hits in found.values()]),
                equal=int(np.logical_or.reduce([equal for equal, _ in found.values()]).sum()),
                baseline=0.0,
                further={column: wilson(int(equal.sum()), rows) for column, (equal, _) in found.items()},
            )
        ]


def _found(comparison: Comparison, column: str) -> tuple[np.ndarray, Hits]:
    """True for synthetic rows whose value in `column` some train row has, and the records that they hit with it."""
    keys = {part: row_hashes(comparison.part(part), [column]) for part in comparison.parts}
    made, known = keys["synthetic"], keys["train"][~comparison.train.missing(column)]
    there = ~comparison.synthetic.missing(column)  # an empty cell names nobody, even where only one other is empty
    found = Hits.of(made, made[:0], keys["train"], keys.get("holdout"))
    holdout = None if found.holdout is None else np.where(there, found.holdout, -1)
    return among(made, known) & there, replace(found, train=np.where(there, found.train, -1), holdout=holdout)


def _first_hits(comparison: Comparison, every: list[Hits]) -> Hits:
    """The record that each row hits in the first column in which it hits one; records of columns are told apart."""
    train = _first([one.train for one in every], comparison.rows("train"))
    holdout = None
    if comparison.holdout is not None:
        holdout = _first([one.holdout for one in every if one.holdout is not None], len(comparison.holdout))
    return Hits(
        train=train,
        holdout=holdout,
        blind=np.full(len(train), -1),
        records=(sum(one.records[0] for one in every), sum(one.records[1] for one in every)),
        paired=sum(one.paired for one in every),
    )


def _first(hits: list[np.ndarray], rows: int) -> np.ndarray:
    found = np.full(len(hits[0]), -1)
    for at, hit in enumerate(hits):
        found = np.where((found < 0) & (hit >= 0), hit + at * rows, found)
    return found

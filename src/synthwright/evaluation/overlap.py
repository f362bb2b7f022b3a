"""A holdout is worth its name only if it is real and train has not seen it."""

from __future__ import annotations

import numpy as np

from synthwright.data.hashing import row_hashes
from synthwright.data.reading import is_marked
from synthwright.data.table import Table
from synthwright.errors import BadInput
from synthwright.evaluation.intervals import clopper_pearson

__all__ = ["check_holdout", "shared_rows"]

CONFIDENCE = 0.999  # of either interval: one innocent holdout in about a million is refused


def shared_rows(train: Table, holdout: Table) -> tuple[int, int]:
    """How many holdout rows are also in train, and how many rows of train have a twin in train.

    Rows are compared in all columns but identifiers and free text.
    """
    names = [column.name for column in train.schema if column.is_modelled]
    ours, theirs = row_hashes(train.select(names)), row_hashes(holdout.select(names))
    known, counts = np.unique(ours, return_counts=True)
    return int(np.isin(theirs, known).sum()), int(counts[counts > 1].sum())


def check_holdout(train: Table, holdout: Table) -> None:
    """Returns if `holdout` is real and shares no more rows with `train` than train's rows share with each other.

    An unseen row equals some row of train about as often as a row of train equals another one. The holdout is refused
    if the 99.9 % interval (Clopper-Pearson) of its shared rows lies wholly above that of train's own twins.

    Raises
    ------
    BadInput
        The holdout carries our synthetic mark, or overlaps train beyond coincidence; the count is named.
    """
    if is_marked(holdout):
        raise BadInput(
            "The holdout holds synthetic rows.",
            evidence="It carries the mark that synthwright writes into what it generates.",
            remedy="Give real rows that were set aside before anything was fitted.",
        )
    shared, twins = shared_rows(train, holdout)
    ours = clopper_pearson(twins, len(train), CONFIDENCE)
    theirs = clopper_pearson(shared, len(holdout), CONFIDENCE)
    if theirs.low > ours.high:
        raise BadInput(
            "The holdout shares rows with train.",
            evidence=f"{shared:,} of its {len(holdout):,} rows are in train ({theirs.value:.1%}); "
            f"of train's own rows {ours.value:.1%} have a twin.",
            remedy="Split before anything is fitted, and keep duplicates on one side: `synthwright.split` does both.",
        )

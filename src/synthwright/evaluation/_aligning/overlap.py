"""A holdout is worth its name only if it is real and train has not seen it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.hashing import row_hashes
from synthwright.data.reading import is_marked
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten
from synthwright.evaluation._statistics.intervals import clopper_pearson

__all__ = ["check_holdout", "require_unseen", "shared_groups", "shared_rows"]

CONFIDENCE = 0.999  # of either interval: one innocent holdout in about a million is refused
_UNLIKE = 0.05  # more of train's rows than of the holdout's have a twin in train: the ceilings no longer are ceilings


def shared_rows(train: Table, holdout: Table) -> tuple[int, int]:
    """How many holdout rows are also in train, and how many rows of train have a twin in train.

    Rows are compared in all columns but identifiers and free text.
    """
    names = [column.name for column in train.schema if column.is_modelled]
    ours, theirs = row_hashes(train.select(names)), row_hashes(holdout.select(names))
    known, counts = np.unique(ours, return_counts=True)
    return int(np.isin(theirs, known).sum()), int(counts[counts > 1].sum())


def check_holdout(train: Table, holdout: Table) -> list[str]:
    """What a reader must know about `holdout`, if it is real and shares no more rows with `train` than train itself.

    An unseen row equals some row of train about as often as a row of train equals another one. The holdout is refused
    if the 99.9 % interval (Clopper-Pearson) of its shared rows lies wholly above that of train's own twins. If it lies
    wholly below, equal rows were kept on one side; and groups (columns of role group) may be on both: that is told.

    Raises
    ------
    BadInput
        The holdout carries our synthetic mark, or overlaps train beyond coincidence; the count is named.
    """
    if is_marked(holdout):
        raise BadInput(
            f"The holdout holds synthetic rows: all its {len(holdout):,}.",
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
    notes = [] if ours.low - theirs.high < _UNLIKE else [_unlike(ours.value, theirs.value)]
    return notes + [
        shared_groups(column.name, train, holdout)
        for column in train.schema.having("group")
        if _both(train.data[column.name], holdout.data[column.name])
    ]


def require_unseen(name: str, made: Table, train: Table, holdout: Table) -> None:
    """Raise `BadInput` unless the rows called `name` have no more holdout rows among them than train has.

    The 99.9 % intervals (Clopper-Pearson) of the shares of the holdout's rows that are found in either are compared.
    """
    found, usual = shared_rows(made, holdout)[0], shared_rows(train, holdout)[0]
    theirs, ours = (clopper_pearson(count, len(holdout), CONFIDENCE) for count in (found, usual))
    if theirs.low > ours.high:
        raise BadInput(
            f"{name} holds rows of the holdout: {found:,} of its {len(holdout):,} are there.",
            evidence=f"Of train's rows no more than {usual:,} are.",
            remedy="Rows that the test consists of can't show a gain. Make them without the holdout.",
        )


def shared_groups(name: str, train: Table, holdout: Table) -> str:
    """How many groups of the column `name`, and how many rows, the holdout shares with train, in one sentence."""
    theirs = holdout.data[name]
    both, every = len(_both(train.data[name], theirs)), len(pc.unique(theirs.drop_null()))
    rows = int(pc.sum(pc.is_in(_texts(theirs), value_set=_both(train.data[name], theirs))).as_py())
    return (
        f"{both:,} of the holdout's {every:,} groups of {shorten(name)!r} are in train, too ({rows:,} of its "
        f"{len(holdout):,} rows): their rows are not unseen, and what learnt these groups by heart looks better than "
        "it is. Split by group (`synthwright.split` with group=)."
    )


def _both(ours: pa.ChunkedArray, theirs: pa.ChunkedArray) -> pa.Array:
    known, found = pc.unique(_texts(ours).drop_null()), pc.unique(_texts(theirs).drop_null())
    return found.filter(pc.is_in(found, value_set=known))


def _texts(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return values.cast(pa.string())


def _unlike(ours: float, theirs: float) -> str:
    return (
        f"{ours:.0%} of train's rows have a twin in train, but only {theirs:.0%} of the holdout's rows have one there: "
        "equal rows were kept on one side of the split. Ceilings are taken from rows that are less like train than "
        "fresh real rows would be."
    )

"""Rows that repeat one another, and rows that are equal in all but the target."""

from __future__ import annotations

import numpy as np

from synthwright.data.hashing import row_hashes
from synthwright.data.splitting import chance_twins
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.advice.finding import Finding
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.target import Target
from synthwright.provenance.numbers import share

__all__ = ["conflicts", "repeats"]

_MANY = 0.05  # of the rows
_TWICE = 2.0  # as many twins as unrelated columns would have are still coincidences of few values


def repeats(looked: Looked) -> list[Finding]:
    """The share of rows that equal an earlier one in every modelled column."""
    table = looked.table
    names = [column.name for column in table.schema if column.is_modelled]
    if not names:
        return []
    keys, unit, sizes = np.unique(row_hashes(table, names), return_inverse=True, return_counts=True)
    repeated = 1 - len(keys) / len(table)
    if repeated == 0:
        return []
    twins, largest = float((sizes[unit] > 1).mean()), int(sizes.max())
    expected = float(chance_twins(table, names).mean())
    chance = twins <= _TWICE * expected
    told = f"{share(repeated)} of the rows repeat an earlier one; the most frequent row occurs {largest:,} times."
    if chance:
        told += f" Few values explain that: of unrelated columns {share(expected)} of the rows would have a twin."
        remedy = "No copies, but a coarse table: rows made up will coincide with real ones as often."
    else:
        told += f" By chance {share(expected)} of the rows would have a twin, and {share(twins)} have one."
        remedy = (
            "Find out whether they are copies; if so, remove them before anything is split. Splits keep them together."
        )
    return [
        Finding(
            code="repeats.rows",
            severity="warn" if repeated >= _MANY and not chance else "note",
            figure="share of rows that repeat an earlier one",
            value=Estimate.exact(repeated),
            sentence=told,
            remedy=remedy,
        )
    ]


def conflicts(looked: Looked, target: Target) -> list[Finding]:
    """The share of rows that equal a row of another class in every column but the target."""
    if not target.labels:
        return []
    known = target.known
    names = [column.name for column in looked.features]
    if not names:
        return []
    keys = row_hashes(looked.table, names)[known]
    _, unit = np.unique(keys, return_inverse=True)
    y = target.values[known]
    coarse = float((np.bincount(unit)[unit] > 1).mean()) <= _TWICE * float(chance_twins(looked.table, names).mean())
    # One entry per kind of row and class: a kind with two entries has two classes.
    pairs, counts = np.unique(np.stack([unit, y]), axis=1, return_counts=True)
    classes = np.bincount(pairs[0])
    torn = classes[unit] > 1
    if not torn.any():
        return []
    top = np.zeros(len(classes), dtype=np.int64)
    np.maximum.at(top, pairs[0], counts)
    lost = 1 - float(top.sum()) / len(y)
    wrong = len(y) - int(top.sum())
    told = (
        f"{share(float(torn.mean()))} of the rows equal a row of another class in all columns but the target: whatever "
        f"a model of these columns says, it is wrong in {wrong:,} of them or more."
    )
    return [
        Finding(
            code="repeats.conflicts",
            severity="warn" if lost >= _MANY and not coarse else "note",
            figure="share of rows whose features also occur with another class",
            value=Estimate.exact(float(torn.mean())),
            sentence=told,
            remedy="More rows of the same columns can't settle them: look for wrong labels, or for a further column.",
        )
    ]

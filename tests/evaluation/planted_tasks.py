"""Tasks whose answers are known: three schemas, and what label noise does to a model in them."""

from __future__ import annotations

import numpy as np
from planting import changed

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table

LETTERS = ("a", "b", "c", "d")
CHANCES = np.array([0.1, 0.3, 0.7, 0.9])  # of yes, by letter: half of all rows say yes
LETTERED = Schema(
    (
        Column(name="letter", kind="categorical", categories=LETTERS),
        Column(name="coin", kind="boolean"),
        Column(name="y", kind="categorical", categories=("no", "yes"), role="target"),
    )
)
PULLED = Schema(
    (
        *(Column(name=f"x{at}", kind="float") for at in range(3)),
        Column(name="y", kind="float", role="target"),
    )
)
SORTED = Schema(
    (
        Column(name="x0", kind="float"),
        Column(name="x1", kind="float", missing=True),
        Column(name="side", kind="boolean", role="sensitive"),
        Column(name="y", kind="categorical", categories=("low", "middle", "high"), role="target"),
    )
)


def lettered(rows, seed):
    """Yes with the chance that the letter says; the best possible model is known."""
    rng = np.random.default_rng(seed)
    letter = rng.integers(0, 4, rows).astype(np.int32)
    y = (rng.random(rows) < CHANCES[letter]).astype(np.int32)
    return Table.of(LETTERED, {"letter": letter, "coin": rng.integers(0, 2, rows).astype(np.int32), "y": y})


def pulled(rows, seed):
    """A number that is the sum of two others and of noise with half their variance."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(3, rows))
    return Table.of(PULLED, {"x0": x[0], "x1": x[1], "x2": x[2], "y": x[0] + x[1] + rng.normal(size=rows)})


def ranked(rows, seed):
    """Three classes in equal numbers along a line, for one of two groups along another one."""
    rng = np.random.default_rng(seed)
    x, side = rng.normal(size=(2, rows)), rng.random(rows) < 0.5
    score = np.where(side, x[1], x[0]) + 0.5 * rng.normal(size=rows)
    y = np.digitize(score, [-0.48, 0.48]).astype(np.int32)
    x[1, rng.random(rows) < 0.05] = np.nan
    return Table.of(SORTED, {"x0": x[0], "x1": x[1], "side": side.astype(np.int32), "y": y})


TASKS = {"two classes": lettered, "a number": pulled, "three classes": ranked}


def with_noise(table, share, seed=0):
    """`share` of the targets are another row's: classes keep their frequencies, numbers their distribution."""
    rng, name = np.random.default_rng(seed), table.schema.target.name
    y = table.model_values()[name].copy()
    at = np.flatnonzero(rng.random(len(y)) < share)
    y[at] = rng.permutation(y[at])
    return changed(table, **{name: y})

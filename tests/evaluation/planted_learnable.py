"""Small tables that learners and distances have known answers for, and what each metric says about them."""

from __future__ import annotations

import numpy as np
from planting import changed

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Skipped
from synthwright.seeding import Streams

MIXED = Schema(
    (
        *(Column(name=f"x{at}", kind="float", missing=at == 2) for at in range(3)),
        *(Column(name=f"c{at}", kind="categorical", categories=("a", "b", "c", "d")) for at in range(2)),
        Column(name="y", kind="categorical", categories=("no", "yes"), role="target"),
    )
)
BINARY = Schema(
    tuple(
        Column(name=f"b{at}", kind="categorical", categories=("0", "1"), role="target" if at == 4 else "feature")
        for at in range(5)
    )
)


def mixed(rows, seed):
    """Three numbers, one of them missing in a tenth of the rows, two labels, and a class that depends on three."""
    rng = np.random.default_rng(seed)
    x, c = rng.normal(size=(3, rows)), rng.integers(0, 4, (2, rows)).astype(np.int32)
    y = (x[0] + 0.5 * x[1] * (c[0] > 1) + rng.normal(size=rows) > 0).astype(np.int32)
    x[2, rng.random(rows) < 0.1] = np.nan
    return Table.of(MIXED, {"x0": x[0], "x1": x[1], "x2": x[2], "c0": c[0], "c1": c[1], "y": y})


def binary(rows, seed):
    """Five columns of two labels: 32 different rows at most, every one of which occurs by chance."""
    cells = (np.random.default_rng(seed).random((5, rows)) < 0.3).astype(np.int32)
    return Table.of(BINARY, {f"b{at}": cells[at] for at in range(5)})


def joined(*tables):
    return Table.concat(list(tables))


def column_by_column(table, seed=0):
    """Every column in an order of its own: same columns, no dependence."""
    rng = np.random.default_rng(seed)
    return changed(table, **{name: rng.permutation(values) for name, values in table.model_values().items()})


def said(metric, train, synthetic, holdout=None, *, seed=0):
    """Everything `metric` says, by name; nothing may be skipped."""
    results = told(metric, train, synthetic, holdout, seed=seed)
    assert not [result for result in results.values() if isinstance(result, Skipped)]
    return results


def told(metric, train, synthetic, holdout=None, *, seed=0):
    """Everything `metric` says, by name, skipped or not."""
    comparison = Comparison(train, synthetic, holdout, seed)
    return {result.metric: result for result in metric.measure(comparison, Context(streams=Streams(seed)))}


def one(metric, *tables, seed=0):
    """The single measurement of a metric."""
    (result,) = said(metric, *tables, seed=seed).values()
    return result

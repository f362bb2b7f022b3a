"""Tables with known answers: a population to draw from, and planted faults."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from planting import with_column

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation.comparison import Comparison
from synthwright.seeding import Streams

CITIES = tuple(f"city {number}" for number in range(12))
PEOPLE = Schema(
    (
        Column(name="age", kind="integer"),
        Column(name="income", kind="float", missing=True),
        Column(name="city", kind="categorical", categories=CITIES),
        Column(name="member", kind="boolean"),
        Column(name="joined", kind="datetime", unit="day"),
        Column(name="grade", kind="ordinal", categories=("low", "middle", "high")),
    )
)
CONTEXT = Context(streams=Streams(0))


def people(rows: int, seed: int) -> Table:
    """Fresh rows of one population: every pair of columns depends on a common factor, income is missing at random."""
    rng = np.random.default_rng(seed)
    factor = rng.normal(size=rows)
    noise = rng.normal(size=(5, rows))
    income = np.exp(9 + 0.5 * factor + 0.5 * noise[0])
    return Table(
        PEOPLE,
        pa.table(
            {
                "age": pa.array(np.clip(np.round(45 + 12 * factor + 8 * noise[1]), 18, 90).astype(np.int64)),
                "income": pa.array(income, mask=rng.random(rows) < 0.1),
                "city": pa.array([CITIES[at] for at in np.minimum(rng.geometric(0.3, rows) - 1 + (factor > 1), 11)]),
                "member": pa.array(factor + noise[2] > 0.3),
                "joined": pa.array((15_000 + 900 * noise[3] + 600 * factor).astype(np.int32), pa.int32()).cast(
                    pa.date32()
                ),
                "grade": pa.array(
                    [("low", "middle", "high")[at] for at in np.digitize(factor + noise[4], [-0.7, 0.9])]
                ),
            }
        ),
    )


def shuffled(table: Table, seed: int = 0) -> Table:
    """Every column shuffled on its own: same columns, no dependence."""
    rng = np.random.default_rng(seed)
    for name in table.names:
        table = with_column(table, name, table.data[name].take(pa.array(rng.permutation(len(table)))))
    return table


def measured_by(metric, train: Table, synthetic: Table, holdout: Table | None = None, *, seed: int = 0):
    """Everything `metric` says, by name."""
    results = metric.measure(Comparison(train, synthetic, holdout, seed), CONTEXT)
    assert {result.metric for result in results} == set(metric.info.measures)
    return {result.metric: result for result in results}

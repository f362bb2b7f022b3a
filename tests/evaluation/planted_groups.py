"""Tables with sensitive groups, whose shares, outcomes and dependences are known."""

from __future__ import annotations

import numpy as np

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table

GROUPS = Schema(
    (
        Column(name="sex", kind="categorical", categories=("F", "M"), role="sensitive"),
        Column(name="origin", kind="categorical", categories=("a", "b", "c"), role="sensitive"),
        Column(name="x", kind="float"),
        Column(name="z", kind="float"),
        Column(name="hired", kind="categorical", categories=("no", "yes"), role="target"),
    )
)


def applicants(rows, seed, *, minority=0.08, gap=0.0):
    """60 % M, 8 % of origin c; being hired depends on x, which is .6 larger for M, and, with `gap`, on sex itself."""
    rng = np.random.default_rng(seed)
    sex = (rng.random(rows) < 0.6).astype(np.int32)
    origin = rng.choice(3, rows, p=[0.7 - minority, 0.3, minority])
    x, z = rng.normal(size=rows) + 0.6 * sex, rng.normal(size=rows)
    hired = (1.2 * x + gap * sex + rng.logistic(size=rows) > 1).astype(np.int32)
    return Table.of(GROUPS, {"sex": sex, "origin": origin.astype(np.int32), "x": x, "z": z, "hired": hired})

"""A generator that draws from the truth whatever it is fitted to: rounds of it lose nothing."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from synthwright.data.reading import read_table
from synthwright.data.table import Table
from synthwright.generators.protocol import GeneratorInfo


def people(rows, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, rows))
    return pd.DataFrame(
        {
            "x": x.round(3),
            "y": (x + y).round(3),
            "city": rng.choice(["A", "B", "C", "D"], rows, p=[0.5, 0.3, 0.17, 0.03]),
            "won": np.where(x + rng.normal(size=rows) > 0, "yes", "no"),
        }
    )


@dataclass(frozen=True, eq=False)
class _Truth:
    schema: Any

    def conditions_on(self, names):
        return False

    def block(self, index, n, context, given=None):
        made = read_table(people(n, context.streams.at("block", index).integer()), schema=self.schema)
        return Table(self.schema, made.data)

    def save(self, folder):
        """Nothing is kept."""

    @classmethod
    def load(cls, folder):
        raise AssertionError


@dataclass(frozen=True, kw_only=True)
class Truth:
    info: ClassVar[Any] = GeneratorInfo(summary="Draw from the truth.", source="double", reproducible="portable")
    sampler: ClassVar[Any] = _Truth

    def fit(self, reference, context):
        return _Truth(reference.schema)

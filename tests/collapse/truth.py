"""A generator that draws from the truth whatever it is fitted to: rounds of it lose nothing."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from truthful import Truthful


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


@dataclass(frozen=True, kw_only=True)
class Truth(Truthful):
    """Rounds of it lose nothing."""

    draw = staticmethod(people)

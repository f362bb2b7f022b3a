"""A generator that draws from the truth: what an ideal method would give, slowly where a condition is rare."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from truthful import Truthful


def people(rows, seed):
    """In the rare city C the rule has many turns: a model of few rows errs there most."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, rows))
    city = rng.choice(["A", "B", "C"], rows, p=[0.43, 0.39, 0.18])
    skill = np.where(city == "C", 2 * np.sign(np.sin(4 * x) * y), 3 * x) + 0.5 * rng.normal(size=rows)
    won = np.where(skill > 0, "yes", "no")
    return pd.DataFrame({"x": x.round(3), "y": y.round(3), "city": city, "won": won})


@dataclass(frozen=True, kw_only=True)
class Oracle(Truthful):
    """The truth, whatever it is fitted to."""

    draw = staticmethod(people)

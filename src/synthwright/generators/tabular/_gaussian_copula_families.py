"""Parametric marginals: six families fitted by likelihood or moments, the best by AIC, with its distance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from synthwright.data.schema import Column
from synthwright.errors import BadInput, shorten

__all__ = ["Family", "best_family"]

FARTHEST = 0.1  # Kolmogorov-Smirnov distance: a family beyond it would be a worse table than the counts
_HEAVIEST = 0.05  # share of one value: a point mass, which no continuous family has
_FEWEST = 50  # rows: below it a shape can't be told from its neighbours
_NARROWEST = 1e-100
_PARAMETERS = {"normal": 2, "uniform": 0, "exponential": 1, "lognormal": 2, "gamma": 2, "beta": 2}


@dataclass(frozen=True, slots=True)
class Family:
    """A distribution by name; positive families count from `start`, and beta and uniform lie on `start` + `width`.

    `distance` is the Kolmogorov-Smirnov distance to the rows it was fitted to. What it gives beyond the column's bounds
    is moved onto them when values are stored.
    """

    name: str
    parameters: tuple[float, ...]
    start: float
    width: float
    step: float | None
    distance: float

    def below(self, values: np.ndarray) -> np.ndarray:
        """The distribution function."""
        from scipy.special import betainc, gammainc, ndtr

        first, second = (*self.parameters, 1.0, 1.0)[:2]
        if self.name == "normal":
            return np.asarray(ndtr((values - first) / second))
        above = np.maximum(values - self.start, 0.0)
        if self.name == "exponential":
            return -np.expm1(-above / first)
        if self.name == "gamma":
            return np.asarray(gammainc(first, above / second))
        if self.name == "lognormal":
            return np.asarray(ndtr((np.log(np.maximum(above, 1e-300)) - first) / second))
        inside = np.clip(above / self.width, 0.0, 1.0)
        return inside if self.name == "uniform" else np.asarray(betainc(first, second, inside))

    def values(self, shares: np.ndarray) -> np.ndarray:
        """The quantile function."""
        from scipy.special import betaincinv, gammaincinv, ndtri

        shares = np.clip(shares, 1e-12, 1 - 1e-12)
        first, second = (*self.parameters, 1.0, 1.0)[:2]
        if self.name == "normal":
            return np.asarray(first + second * ndtri(shares))
        if self.name == "exponential":
            return np.asarray(self.start - first * np.log1p(-shares))
        if self.name == "gamma":
            return np.asarray(self.start + second * gammaincinv(first, shares))
        if self.name == "lognormal":
            return np.asarray(self.start + np.exp(first + second * ndtri(shares)))
        inside = shares if self.name == "uniform" else betaincinv(first, second, shares)
        return np.asarray(self.start + self.width * inside)

    def ends(self, values: np.ndarray) -> np.ndarray:
        """Between which shares a value lies (2, n): half a step to either side, a point without a grid."""
        half = 0.0 if self.step is None else self.step / 2
        return np.asarray(np.clip(np.stack([self.below(values - half), self.below(values + half)]), 1e-9, 1 - 1e-9))

    def state(self) -> dict[str, Any]:
        """Everything as JSON types."""
        told = {name: getattr(self, name) for name in ("name", "start", "width", "step", "distance")}
        return told | {"parameters": list(self.parameters)}

    @classmethod
    def from_state(cls, column: Column, state: Mapping[str, Any]) -> Self:
        """Read back `state`; raises `BadInput` unless it is a distribution on the column's grid."""
        parameters = tuple(float(one) for one in state["parameters"])
        start, width, distance = (float(state[key]) for key in ("start", "width", "distance"))
        name = str(state["name"])
        positive = parameters if name not in {"normal", "lognormal"} else parameters[1:]
        sound = name in _PARAMETERS and len(parameters) == _PARAMETERS[name] and all(one > 0 for one in positive)
        finite = bool(np.isfinite([*parameters, start, width, distance]).all()) and width > 0
        if not (sound and finite and column.is_numeric and state["step"] == column.step):
            raise BadInput(f"The saved family of column {shorten(column.name)!r} can't be read.")
        return cls(name, parameters, start, width, column.step, distance)


def best_family(column: Column, values: np.ndarray) -> tuple[Family | None, str]:
    """The family with the lowest AIC, or ``None`` with the reason why the counts stay."""
    present = np.sort(values[np.isfinite(values)])
    if column.bounds is None or len(present) < _FEWEST or column.bounds[0] == column.bounds[1]:
        return None, f"fewer than {_FEWEST} rows, or no bounds"
    if not _NARROWEST < column.bounds[1] - column.bounds[0] < 1 / _NARROWEST:
        return None, "a range that squares can't be computed on"
    heaviest = float(np.unique(present, return_counts=True)[1].max()) / len(present)
    if heaviest > _HEAVIEST:
        return None, f"{heaviest:.0%} of the rows have one value"
    start, width = column.bounds[0], column.bounds[1] - column.bounds[0]
    tried = [_fitted(name, present, start, width, column.step) for name in _PARAMETERS]
    best = min(tried, key=lambda one: one[1])[0]
    if best.distance > FARTHEST:
        return None, f"{best.name} fits best, but its distance is {best.distance:.2f}"
    return best, ""


def _fitted(name: str, present: np.ndarray, start: float, width: float, step: float | None) -> tuple[Family, float]:
    """A family at its best parameters and its AIC; densities of rounded values are those of their intervals."""
    tiny = width * 1e-6 if step is None else step / 2
    above = np.maximum(present - start, tiny)
    mean, spread = float(above.mean()), max(float(above.std()), tiny)
    logs = np.log(above)
    if name == "normal":
        parameters: tuple[float, ...] = (float(present.mean()), spread)
    elif name == "exponential":
        parameters = (mean,)
    elif name == "lognormal":
        parameters = (float(logs.mean()), max(float(logs.std()), 1e-6))
    elif name == "gamma":  # Minka (2002), the closed form that starts his iteration
        gap = max(float(np.log(mean) - logs.mean()), 1e-9)
        shape = (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
        parameters = (float(shape), mean / float(shape))
    elif name == "beta":
        centre, variance = np.clip(mean / width, 1e-6, 1 - 1e-6), (spread / width) ** 2
        size = max(centre * (1 - centre) / variance - 1, 1e-3)
        parameters = (float(centre * size), float((1 - centre) * size))
    else:
        parameters = ()
    made = Family(name, parameters, start, width, step, 0.0)
    ranks = np.arange(len(present) + 1) / len(present)
    shares = made.below(present + (0.0 if step is None else step / 2))
    last = np.append(present[1:] != present[:-1], True)  # numpy takes the value as it is
    distance = float(np.abs(shares[last] - ranks[1:][last]).max())
    half = tiny if step is None else step / 2
    density = (made.below(present + half) - made.below(present - half)) / (2 * half)
    aic = 2 * _PARAMETERS[name] - 2 * float(np.log(np.maximum(density, 1e-300)).sum())
    return Family(name, parameters, start, width, step, distance), aic

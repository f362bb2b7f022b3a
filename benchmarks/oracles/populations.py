"""Populations with known answers: any number of fresh rows, of modes that can be dropped, under schemas of all kinds.

Every row belongs to one of four modes (40, 30, 27 and 3 %), which sets the mean of two hidden factors; every column is
a noisy function of the factors, so that all pairs of columns depend on each other; the target is a function of three
columns and noise. Three populations are written down (`mixed`, `numeric`, `labels`), the fourth (`release`) is drawn
from the package's version: its columns are new with every release, so that nobody can tune to it.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np

import synthwright
from synthwright.data.schema import Column, Kind, Schema
from synthwright.data.table import Table
from synthwright.seeding import Streams

__all__ = ["MODES", "NAMES", "Population", "Trait", "population"]

MODES = (0.40, 0.30, 0.27, 0.03)
_CENTRES = np.array([[0.0, 4.0, 0.0, -5.0], [0.0, 0.0, 4.0, -5.0]])
_SPREAD = np.sqrt(np.array(MODES) @ (_CENTRES**2).T + 1.0 - (_CENTRES @ np.array(MODES)) ** 2)


@dataclass(frozen=True, kw_only=True)
class Trait:
    """A column: its kind, how it depends on the two factors, how noisy it is, how many of its cells are missing."""

    name: str
    kind: Kind
    loadings: tuple[float, float]
    noise: float = 0.7
    form: str = "plain"  # of numbers: plain, skewed, zeros (two in five are 0, others of either sign)
    levels: int = 2
    missing: float = 0.0
    role: str = "feature"

    def column(self) -> Column:
        """Its entry in the schema."""
        labels = tuple(f"{self.name} {at}" for at in range(self.levels))
        return Column(
            name=self.name,
            kind=self.kind,
            role=self.role,  # type: ignore[arg-type]  # one of the roles
            missing=self.missing > 0,
            categories=labels if self.kind in {"categorical", "ordinal"} else None,
            unit="day" if self.kind == "datetime" else None,
        )

    def values(self, signal: np.ndarray, rare: np.ndarray) -> np.ndarray:
        """Model values from a signal of about mean 0 and variance 1; a column of 4 levels keeps its last for `rare`."""
        if self.kind == "boolean":
            return (signal > 0.2).astype(np.int32)
        if self.kind in {"categorical", "ordinal"}:
            own = self.levels >= 4
            edges = np.linspace(-1.2, 1.6, self.levels - own)[:-1] + 0.2 if self.levels - own > 2 else [0.8]
            return np.where(own & rare, self.levels - 1, np.digitize(signal, edges)).astype(np.int32)
        if self.form == "skewed":
            return np.exp(8 + 0.8 * signal)
        if self.form == "zeros":
            return np.where(np.abs(signal) < 0.5, 0.0, np.round(-300 * signal, 2))
        if self.kind == "datetime":
            return np.round(18_000 + 500 * signal)
        return np.round(50 + 11 * signal) if self.kind == "integer" else 3.0 * signal


@dataclass(frozen=True, kw_only=True)
class Population:
    """Where rows come from. `rows` of train is its full size, `quick` one for tests of a second."""

    name: str
    traits: tuple[Trait, ...]
    target: Kind
    rows: int
    quick: int

    @property
    def schema(self) -> Schema:
        """The columns in order; the target is the last one."""
        made = [trait.column() for trait in self.traits]
        labels = ("no", "yes") if self.target == "categorical" else None
        return Schema((*made, Column(name="target", kind=self.target, role="target", categories=labels)))

    def draw(self, rows: int, seed: int, *, modes: tuple[float, ...] = MODES, months: float = 0.0) -> Table:
        """`rows` fresh rows; `modes` are the shares of the modes, `months` moves all signals by 0.15 each."""
        streams = Streams(seed).at("population", self.name)
        mode = streams.at("mode").rng().choice(len(MODES), rows, p=np.asarray(modes) / np.sum(modes))
        factors = _CENTRES[:, mode] + streams.at("factors").rng().normal(size=(2, rows))
        factors = (factors - (_CENTRES @ np.array(MODES))[:, None]) / _SPREAD[:, None]
        values, signals = {}, []
        for trait in self.traits:
            rng = streams.at("column", trait.name).rng()
            size = math.hypot(*trait.loadings, trait.noise)
            signal = (np.array(trait.loadings) @ factors + trait.noise * rng.normal(size=rows)) / size + 0.15 * months
            made = trait.values(signal, mode == 3)
            lost = rng.random(rows) < trait.missing
            values[trait.name] = np.where(lost, np.nan if made.dtype.kind == "f" else -1, made)
            signals.append(signal)
        noise = 0.8 * streams.at("target").rng().normal(size=rows)
        score = signals[0] + 0.8 * signals[1] * np.sign(signals[2]) + noise
        values["target"] = score if self.target == "float" else (score > 0.2).astype(np.int32)
        return Table.of(self.schema, values)


_MIXED = Population(
    name="mixed",
    rows=5_000,
    quick=1_500,
    target="categorical",
    traits=(
        Trait(name="age", kind="integer", loadings=(1.0, 0.2)),
        Trait(name="income", kind="float", loadings=(0.9, 0.5), form="skewed", missing=0.1),
        Trait(name="city", kind="categorical", loadings=(0.3, 1.0), levels=9),
        Trait(name="balance", kind="float", loadings=(0.6, -0.8), form="zeros"),
        Trait(name="joined", kind="datetime", loadings=(-0.7, 0.5), noise=1.0),
        Trait(name="plan", kind="ordinal", loadings=(0.8, 0.8), levels=3),
        Trait(name="member", kind="boolean", loadings=(1.0, -0.3)),
        Trait(name="group", kind="categorical", loadings=(0.4, 0.3), noise=1.5, role="sensitive"),
    ),
)
_NUMERIC = Population(
    name="numeric",
    rows=2_000,
    quick=1_200,
    target="float",
    traits=(
        *(Trait(name=f"x{at}", kind="float", loadings=(np.cos(at), np.sin(at)), noise=0.5) for at in range(5)),
        Trait(name="amount", kind="float", loadings=(0.8, 0.2), form="skewed"),
        Trait(name="change", kind="float", loadings=(0.3, 0.9), form="zeros", missing=0.05),
        Trait(name="count", kind="integer", loadings=(0.5, -0.9)),
    ),
)
_LABELS = Population(
    name="labels",
    rows=8_000,
    quick=1_500,
    target="categorical",
    traits=(
        *(
            Trait(
                name=f"answer {at}",
                kind="categorical",
                loadings=(np.cos(at), np.sin(at)),
                noise=1.0,
                levels=(5, 3, 4, 6)[at % 4],
            )
            for at in range(14)
        ),
        Trait(name="agreed", kind="boolean", loadings=(1.0, 0.4)),
        Trait(name="group", kind="categorical", loadings=(0.4, 0.3), noise=1.5, role="sensitive"),
    ),
)


def _of_release(version: str) -> Population:
    """A population whose columns follow from `version` alone."""
    rng = np.random.Generator(np.random.Philox(key=int.from_bytes(hashlib.sha256(version.encode()).digest()[:16])))
    kinds: list[Kind] = ["float", "categorical", "integer", "float", "categorical", "boolean", "ordinal", "datetime"]
    picked = ["float", "categorical", *rng.choice(kinds, rng.integers(4, 9))]
    traits = []
    for at, kind in enumerate(picked):
        angle = rng.uniform(0, 2 * np.pi)
        traits.append(
            Trait(
                name=f"column {at}",
                kind=kind,
                loadings=(float(np.cos(angle)), float(np.sin(angle))),
                noise=float(rng.uniform(0.4, 0.9)),
                form=str(rng.choice(["plain", "skewed", "zeros"])) if kind == "float" else "plain",
                levels=int(rng.integers(4, 9)),
                missing=float(rng.choice([0.0, 0.0, 0.08])) if kind in {"float", "integer", "categorical"} else 0.0,
            )
        )
    traits.append(Trait(name="group", kind="categorical", loadings=(0.4, 0.3), noise=1.5, role="sensitive"))
    target: Kind = "float" if rng.random() < 0.3 else "categorical"
    return Population(name="release", traits=tuple(traits), target=target, rows=3_000, quick=1_500)


_ALL = {made.name: made for made in (_MIXED, _NUMERIC, _LABELS, _of_release(synthwright.__version__))}
NAMES = tuple(_ALL)


def population(name: str) -> Population:
    """The population called `name`."""
    return _ALL[name]

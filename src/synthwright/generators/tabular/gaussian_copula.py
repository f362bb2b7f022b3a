"""One Gaussian vector behind each row: chosen marginals, mixed types, missing values, any condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np

from synthwright.data.schema import Schema
from synthwright.data.schema_file import schema_from_json, schema_to_json
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.files import write_json
from synthwright.generators.protocol import GeneratorInfo, Given
from synthwright.generators.saved import read_state
from synthwright.generators.tabular._gaussian_copula_column import Latents
from synthwright.generators.tabular._gaussian_copula_fit import correlate, fit_columns
from synthwright.generators.tabular._gaussian_copula_gaps import completed
from synthwright.generators.tabular._gaussian_copula_latent import CHUNK, inside_box
from synthwright.seeding import Streams

__all__ = ["GaussianCopula"]


@dataclass(frozen=True, eq=False)
class _Copula:
    """Columns with their latent variables, in schema order, and the correlation matrix of all variables."""

    schema: Schema
    columns: Mapping[str, Latents]
    correlation: np.ndarray
    fits: Mapping[str, Mapping[str, Any]]
    takes_gaps: ClassVar = True

    def conditions_on(self, names: frozenset[str]) -> bool:
        return True  # every conditional distribution of a Gaussian vector is Gaussian

    def block(self, index: int, n: int, context: Context, given: Given | None = None) -> Table:
        at = context.streams.at("block", index)
        fixed = {} if given is None or given.fixed is None else given.fixed.model_values()
        if given is not None and given.fixed is not None:
            told = {name: given.told(name) for name in fixed}
            whole = np.logical_and.reduce([np.ones(n, dtype=bool), *told.values()])
            if not whole.all():
                return self._apart(index, context, given.fixed, told, whole)
        known, unknown = self._variables(fixed), self._variables([name for name in self.columns if name not in fixed])
        boxes = [self.columns[name].boxes(fixed[name]) for name in self.columns if name in fixed]
        low, high = (np.hstack(ends) for ends in zip(*boxes, strict=True)) if boxes else (np.empty((n, 0)),) * 2
        conditional = _Conditional.of(self.correlation, known, unknown)
        drawn = np.empty((n, len(unknown)))
        for start in range(0, n, CHUNK):
            rows = slice(start, min(n, start + CHUNK))
            made = conditional.draw(_padded(low[rows], -np.inf), _padded(high[rows], np.inf), at.at(start).rng())
            drawn[rows] = made[: rows.stop - start]
        values, first = dict(fixed), 0
        for name, latents in self.columns.items():
            if name not in fixed:
                values[name] = latents.values(drawn[:, first : first + len(latents)])
                first += len(latents)
        return Table.of(self.schema, values)

    def _apart(
        self, index: int, context: Context, fixed: Table, told: Mapping[str, np.ndarray], whole: np.ndarray
    ) -> Table:
        """Rows that are known in all fixed columns as if they were alone, and the others behind them, put in order."""
        gapped, at = ~whole, context.streams.at("block", index, "gaps")
        parts = [self._gapped(int(gapped.sum()), at, fixed.take(gapped), {name: told[name][gapped] for name in told})]
        if whole.any():
            parts.append(self.block(index, int(whole.sum()), context, Given(fixed=fixed.take(whole))))
        order = np.argsort(np.concatenate([np.flatnonzero(gapped), np.flatnonzero(whole)]))
        return Table.concat(parts).take(order)

    def _gapped(self, n: int, at: Streams, fixed: Table, told: Mapping[str, np.ndarray]) -> Table:
        """Rows that are known in `fixed` where `told` says so, each in cells of its own."""
        low, high = np.full((n, len(self.correlation)), -np.inf), np.full((n, len(self.correlation)), np.inf)
        shown = fixed.model_values()
        for name, values in shown.items():
            rows = np.flatnonzero(told[name])
            ends = self.columns[name].boxes(values[rows])
            low[np.ix_(rows, self._places[name])], high[np.ix_(rows, self._places[name])] = ends
        drawn, made_of = completed(low, high, self.correlation, at), {}
        for name, latents in self.columns.items():
            made = latents.values(drawn[:, self._places[name]])
            made_of[name] = np.where(told[name], shown[name], made) if name in shown else made
        return Table.of(self.schema, made_of)

    @cached_property
    def _places(self) -> Mapping[str, np.ndarray]:
        ends = np.cumsum([len(latents) for latents in self.columns.values()])
        return {
            name: np.arange(end - len(self.columns[name]), end) for name, end in zip(self.columns, ends, strict=True)
        }

    def _variables(self, names: Any) -> np.ndarray:
        chosen = [self._places[name] for name in self.columns if name in names]
        return np.concatenate(chosen) if chosen else np.empty(0, dtype=np.int64)

    def save(self, folder: Path) -> None:
        told = {name: latents.state() for name, latents in self.columns.items()}
        state = {"schema": schema_to_json(self.schema), "columns": told, "correlation": self.correlation.tolist()}
        write_json(folder / "copula.json", state | {"fits": self.fits})

    @classmethod
    def load(cls, folder: Path) -> Self:
        state = read_state(folder / "copula.json", {"schema", "columns", "correlation", "fits"})
        schema = schema_from_json(state["schema"])
        try:
            columns = {column.name: Latents.from_state(column, state["columns"][column.name]) for column in schema}
            correlation = np.asarray(state["correlation"], dtype=np.float64)
            fits = {name: dict(state["fits"][name]) for name in schema.names}
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise BadInput("The saved copula can't be read.", evidence=str(error)[:200]) from error
        size = sum(len(latents) for latents in columns.values())
        if correlation.shape != (size, size) or not _is_correlation(correlation):
            raise BadInput("The saved copula has no sound correlation matrix.")
        return cls(schema, columns, correlation, fits)


@dataclass(frozen=True, eq=False, slots=True)
class _Conditional:
    """The unknown variables given the known ones: ``slope @ known + root @ noise``."""

    among_known: np.ndarray
    slope: np.ndarray
    root: np.ndarray

    @classmethod
    def of(cls, correlation: np.ndarray, known: np.ndarray, unknown: np.ndarray) -> Self:
        among, across = correlation[np.ix_(known, known)], correlation[np.ix_(known, unknown)]
        slope = np.linalg.solve(among, across)
        rest = correlation[np.ix_(unknown, unknown)] - across.T @ slope
        return cls(among, slope, np.linalg.cholesky((rest + rest.T) / 2).T)

    def draw(self, low: np.ndarray, high: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        noise: np.ndarray = rng.standard_normal((len(low), len(self.root))) @ self.root
        if not low.shape[1]:
            return noise
        known = inside_box(low, high, self.among_known, rng)
        return np.asarray(noise + known @ self.slope)


@dataclass(frozen=True, kw_only=True)
class GaussianCopula:
    """Draw a Gaussian vector for each row and turn its coordinates into values by the columns' marginals.

    A Gaussian copula (Nelsen 2006, An Introduction to Copulas, 2nd ed., 2.3) separates marginals from dependence:
    ``x_j = F_j^-1(Phi(z_j))`` with z ~ N(0, R). Values with a mass of their own (labels, atoms, cells of a grid) are
    intervals of z_j, so each correlation is that of the variables behind the intervals (polychoric for labels): the one
    at which the intervals' normal scores correlate as the rows' do; then the matrix is made positive definite.

    Every column has one variable, and one more for missing cells, which may depend on everything else. Labels without
    an order are put on a line on which those that keep like company are neighbours (`_gaussian_copula_order`).
    `margins` ``"parametric"`` gives numbers the best of six families where one fits; the sampler's `fits` says which,
    with parameters and distance.

    Conditions on any columns are honoured: coordinates of known points exactly, of known intervals by a Gibbs sampler.
    """

    margins: Literal["empirical", "parametric"] = "empirical"
    info: ClassVar = GeneratorInfo(
        summary="Draw a Gaussian vector per row and turn it into values by the columns' marginals.",
        source="Nelsen 2006, An Introduction to Copulas, 2.3; correlations by Mehler's formula, as Cario & Nelson 1997",
        conditions="exact",
    )
    sampler: ClassVar = _Copula

    def fit(self, reference: Table, context: Context) -> _Copula:
        """Marginals and correlations from all rows, the order of labels from at most 20,000."""
        columns, fits = fit_columns(reference, context.streams, parametric=self.margins == "parametric")
        correlation, columns = correlate(columns, reference)
        return _Copula(reference.schema, columns, correlation, fits)


def _padded(ends: np.ndarray, filler: float) -> np.ndarray:
    """`ends` with rows that say nothing up to a whole chunk."""
    return np.vstack([ends, np.full((CHUNK - len(ends), ends.shape[1]), filler)])


def _is_correlation(matrix: np.ndarray) -> bool:
    if not np.isfinite(matrix).all() or not np.allclose(matrix, matrix.T) or not np.allclose(np.diag(matrix), 1.0):
        return False
    return bool(np.linalg.eigvalsh(matrix)[0] > 0)

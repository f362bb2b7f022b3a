"""From rows to the latent variables of every column: marginals on all rows, the order of labels on some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.table import Table
from synthwright.generators.margins import Margin
from synthwright.generators.tabular._gaussian_copula_column import Latents
from synthwright.generators.tabular._gaussian_copula_families import best_family
from synthwright.generators.tabular._gaussian_copula_order import ranks_of

__all__ = ["fit_columns"]

_CELLS = 1_000  # intervals per number: finer than the correlations could tell apart
_SMALLEST_GATE = 0.01  # share of the rows: a variable for less would be noise

Fitted = tuple[dict[str, Latents], dict[str, Mapping[str, Any]], dict[str, np.ndarray]]


def fit_columns(reference: Table, picked: np.ndarray, gates: int, *, parametric: bool) -> Fitted:
    """Latent variables and the report of each marginal by column, and the model values of the `picked` rows."""
    margins = {column.name: Margin.of(reference, column, cells=_CELLS) for column in reference.schema}
    some = reference if len(picked) == len(reference) else reference.take(picked)
    values = some.model_values()
    codes = {name: margins[name].encode(values[name]) for name in margins}
    nominal = {
        column.name: codes[column.name]
        for column in reference.schema
        if column.kind == "categorical" and len(categories_of(column)) > 2
    }
    numbers = {name: _ranks(codes[name], margins[name]) for name in margins if name not in nominal}
    target = None if reference.schema.target is None else reference.schema.target.name
    columns: dict[str, Latents] = {}
    fits: dict[str, Mapping[str, Any]] = {}
    for column in reference.schema:
        name, margin = column.name, margins[column.name]
        size = len(margin.counts) - 1
        family, reason = None, "asked for" if column.is_numeric else "labels"
        if parametric and column.is_numeric:
            family, reason = best_family(column, values[name])
        ranks = ranks_of(nominal, numbers, size, name, target) if name in nominal else np.arange(size)
        columns[name] = Latents.of(column, margin, _gates(margin, gates) if name in nominal else (), ranks, family)
        fits[name] = {"family": "empirical", "reason": reason} if family is None else _told(family.state())
    return columns, fits, values


def _gates(margin: Margin, most: int) -> tuple[int, ...]:
    """The most frequent labels, at most `most`, so that two at least stay on the line."""
    counts = margin.counts[1:]
    large = np.argsort(-counts, kind="stable")[: min(most, max(0, len(counts) - 2))]
    return tuple(int(one) for one in large if counts[one] >= _SMALLEST_GATE * margin.counts.sum())


def _ranks(codes: np.ndarray, margin: Margin) -> np.ndarray:
    """Mid-ranks of cells, standardized; 0 where missing."""
    counts = margin.counts[1:]
    middle = (np.cumsum(counts) - counts / 2) / max(1, counts.sum()) - 0.5
    known = (codes >= 0) & (codes < len(counts))
    found = np.where(known, np.append(middle, 0.0)[np.where(known, codes, 0)], 0.0)
    return np.asarray(found / max(float(found.std()), 1e-9))


def _told(state: dict[str, Any]) -> Mapping[str, Any]:
    kept = {"family": state["name"], "parameters": state["parameters"], "start": state["start"]}
    return kept | {"width": state["width"], "ks_distance": state["distance"]}

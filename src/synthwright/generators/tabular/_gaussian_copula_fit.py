"""From rows to the latent variables of every column: marginals on all rows, the order of labels on some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.table import Table
from synthwright.generators.margins import Margin
from synthwright.generators.tabular._gaussian_copula_column import Latents
from synthwright.generators.tabular._gaussian_copula_correlation import Moments, completed, repaired, scores_of, solved
from synthwright.generators.tabular._gaussian_copula_families import best_family
from synthwright.generators.tabular._gaussian_copula_order import ranks_of
from synthwright.seeding import Streams

__all__ = ["correlate", "fit_columns"]

_CELLS = 1_000  # intervals per number: finer than the correlations could tell apart

_PICKED = 20_000  # rows for the order of labels and for families

Fitted = tuple[dict[str, Latents], dict[str, Mapping[str, Any]]]


def fit_columns(reference: Table, streams: Streams, *, parametric: bool) -> Fitted:
    """Latent variables and the report of each marginal, by column."""
    margins = {column.name: Margin.of(reference, column, cells=_CELLS) for column in reference.schema}
    some = reference
    if len(reference) > _PICKED:
        some = reference.take(np.sort(streams.at("rows").rng().permutation(len(reference))[:_PICKED]))
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
        columns[name] = Latents(column, margin, np.argsort(ranks, kind="stable"), family)
        fits[name] = {"family": "empirical", "reason": reason} if family is None else _told(family.state())
    return columns, fits


def correlate(columns: dict[str, Latents], reference: Table) -> tuple[np.ndarray, dict[str, Latents]]:
    """The correlation matrix of all variables on all rows, and the columns with the tilt that it gives them."""
    made = [scores_of(edges) for latents in columns.values() for edges in latents.edges()]
    found = Moments(_scores(columns, block, [scores for scores, _, _ in made]) for block in reference.blocks())
    coefficients, variances = np.stack([one for _, one, _ in made]), np.array([one for _, _, one in made])
    last = np.cumsum([len(latents) for latents in columns.values()]) - 1
    gated = [(int(at) - 1, int(at)) for latents, at in zip(columns.values(), last, strict=True) if latents.gated]
    matrix = solved(found.correlations(), coefficients, variances)
    for pair in gated:
        matrix[pair] = matrix[pair[::-1]] = 0.0
    correlation = repaired(completed(matrix, gated))
    tilted = {
        name: replace(latents, tilt=float(correlation[at - 1, at])) if latents.gated else latents
        for (name, latents), at in zip(columns.items(), last, strict=True)
    }
    return correlation, tilted


def _scores(columns: Mapping[str, Latents], block: Table, tables: list[np.ndarray]) -> np.ndarray:
    """The score of every variable in each row (n, d); NaN where it is undefined or unknown."""
    values = block.model_values()
    places = [
        one for name, latents in columns.items() for one in latents.intervals(latents.margin.encode(values[name]))
    ]
    return np.stack([np.append(table, np.nan)[place] for table, place in zip(tables, places, strict=True)], axis=1)


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

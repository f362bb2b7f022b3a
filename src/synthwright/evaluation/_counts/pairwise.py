"""How far each pair of columns is from train: computed once for all metrics that speak of pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._counts.association import cramers_vs
from synthwright.evaluation._counts.distances import expected_total_variations, total_variation_ratios, total_variations
from synthwright.evaluation._counts.trios import Trio
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["Pair", "compared_pairs", "expected_trend", "pairs"]

_AT_A_TIME = 64  # pairs whose figures are computed together: 5 MB of counts of each part as numbers


@dataclass(frozen=True, eq=False)
class Pair:
    """Two columns. `trend` is the total variation distance of their cells, `v` Cramer's V in each part."""

    first: str
    second: str
    trend: Trio
    v: Mapping[Part, Figure]

    @property
    def name(self) -> str:
        """Both names in one."""
        return f"{self.first} × {self.second}"  # noqa: RUF001  # the sign for "crossed with" is what is meant


def compared_pairs(comparison: Comparison) -> tuple[list[tuple[str, str]], bool]:
    """The pairs of columns that are compared, and whether they are a seeded sample of all pairs."""
    every, sampled = comparison.compared_pairs
    return list(every), sampled


def pairs(comparison: Comparison) -> tuple[Pair, ...]:
    """One `Pair` per compared pair of columns."""
    return comparison.keep("pairs", lambda: tuple(_pairs(comparison)))


def expected_trend(comparison: Comparison, rows: int) -> float:
    """The mean over pairs of the expected total variation of a fresh real sample of `rows` rows from train."""
    names, _ = comparison.compared_pairs
    total = 0.0
    for start in range(0, len(names), _AT_A_TIME):
        some = slice(start, start + _AT_A_TIME)
        tables = {
            part: comparison.pair_counts(part).table[some].astype(np.float64).sum(axis=1, keepdims=True)
            for part in comparison.parts
        }
        flat = {part: table.reshape(*table.shape[:2], -1) for part, table in tables.items()}
        counted, new = _cells_of(comparison, names[some], tables)
        total += float(expected_total_variations(flat["train"], flat.get("holdout"), rows, counted, new).sum())
    return total / len(names)


def _pairs(comparison: Comparison) -> Iterator[Pair]:
    names, _ = comparison.compared_pairs
    counts = {part: comparison.pair_counts(part).table for part in comparison.parts}
    for start in range(0, len(names), _AT_A_TIME):
        some = slice(start, start + _AT_A_TIME)
        yield from _figures(comparison, names[some], {part: table[some] for part, table in counts.items()})


def _figures(
    comparison: Comparison, names: tuple[tuple[str, str], ...], counts: Mapping[Part, np.ndarray]
) -> Iterator[Pair]:
    """The pairs called `names`, whose counts are (pairs, blocks, k, k)."""
    tables = {part: table.astype(np.float64) for part, table in counts.items()}
    flat = {part: table.reshape(*table.shape[:2], -1) for part, table in tables.items()}
    trend = total_variations(flat["train"], flat["synthetic"], "synthetic")
    holdout: list[Figure | None] = [None] * len(names)
    if "holdout" in tables:
        counted, new = _cells_of(comparison, names, tables)
        ratios = total_variation_ratios(flat["train"], flat["holdout"], comparison.rows("synthetic"), counted, new)
        raw = total_variations(flat["train"], flat["holdout"], "holdout")
        holdout = [one.times(float(ratio)) for one, ratio in zip(raw, ratios, strict=True)]
    share = tables["train"].sum(axis=1) / max(len(comparison.train), 1)
    apart = share - share.sum(axis=2, keepdims=True) * share.sum(axis=1, keepdims=True)
    shuffled = 0.5 * np.abs(apart).sum(axis=(1, 2))
    v = {part: cramers_vs(table, part) for part, table in tables.items()}
    for at, (first, second) in enumerate(names):
        trio = Trio(trend[at], holdout[at], float(shuffled[at]))
        yield Pair(first, second, trio, {part: figures[at] for part, figures in v.items()})


def _cells_of(
    comparison: Comparison, names: tuple[tuple[str, str], ...], tables: Mapping[Part, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """True for the cells of a pair whose values some part has, and for those of labels that train does not have."""
    codes, width = comparison.codes("train"), tables["train"].shape[-1]
    size = {name: codes.pair_size(at) for at, name in enumerate(comparison.columns)}
    unseen = {
        name: (np.arange(width) == size[name] - 1) & comparison.schema[name].is_discrete for name in comparison.columns
    }
    filled = np.sum([table.sum(axis=1) for table in tables.values()], axis=0)
    counted = filled.any(axis=2)[:, :, None] & filled.any(axis=1)[:, None, :]
    new = np.stack([np.logical_or.outer(unseen[first], unseen[second]) for first, second in names])
    return counted.reshape(len(names), -1), new.reshape(len(names), -1)

"""One benchmark: which of its records rows of each part equal, as they are, rounded, or in all but a few columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from synthwright.data.hashing import row_hashes
from synthwright.data.table import Table
from synthwright.evaluation._copies.copied import blind_rows, rounding_level
from synthwright.evaluation._copies.hashes import single_hits, twin_share
from synthwright.evaluation._copies.keys import LEVELS, Keys
from synthwright.evaluation._copies.subsets import Left, chosen_subsets, column_subsets
from synthwright.evaluation._statistics.counted import hit_rate, scaled_difference
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Estimate
from synthwright.seeding import Streams

__all__ = ["KINDS", "Asked", "Kind", "Overlaps", "overlaps_with"]

Kind = Literal["exact", "rounded", "partial"]
KINDS: tuple[Kind, ...] = ("exact", "rounded", "partial")


@dataclass(frozen=True, eq=False)
class Asked:
    """How often `rows` rows hit each record of the benchmark that they hit at all."""

    rows: int
    hits: np.ndarray

    @classmethod
    def of(cls, hit: np.ndarray) -> Asked:
        """From the record that each row hits, -1 for none."""
        return cls(len(hit), np.unique(hit[hit >= 0], return_counts=True)[1])

    @property
    def total(self) -> int:
        """All hits."""
        return int(self.hits.sum())

    @property
    def clump(self) -> float:
        """How many rows hit a record that is hit, weighted by hits: a record hit often is one event."""
        return float((self.hits**2).sum() / self.total) if self.total else 1.0

    @property
    def rate(self) -> Estimate:
        """The share of rows with a hit."""
        return hit_rate(self.hits, 1 / max(1, self.rows))


@dataclass(frozen=True, eq=False)
class Overlaps:
    """What synthetic rows, rows without skill and real rows hit, by kind.

    `real` are the rows that tell chance: train and holdout together, or the one that does not hold the benchmark
    itself; ``None`` where train is the only one and holds it.
    """

    records: int
    synthetic: Mapping[Kind, Asked]
    blind: Mapping[Kind, Asked]
    train: Mapping[Kind, Asked]
    holdout: Mapping[Kind, Asked] | None
    real: Mapping[Kind, Asked] | None


def overlaps_with(comparison: Comparison, name: str) -> Overlaps:
    """The overlaps with the benchmark `name`, whose records that occur once in it are looked for, over its columns."""
    benchmark = comparison.against[name]
    unseen = [] if comparison.holdout is None else [comparison.holdout]
    tables = [comparison.train, *unseen, comparison.synthetic, blind_rows(comparison), benchmark]
    exact = [row_hashes(table, benchmark.names) for table in tables]
    found: dict[Kind, list[Asked]] = {
        "exact": [Asked.of(single_hits(asked, exact[-1])) for asked in exact[:-1]],
        **_rounded(comparison, tables, exact),
    }
    train, *others, made, blind = ({kind: found[kind][at] for kind in KINDS} for at in range(len(tables) - 1))
    holdout = others[0] if others else None
    rng = Streams(comparison.seed).at("evaluation", "benchmark", name).rng()
    chosen = _clean(train["exact"], holdout["exact"] if holdout else None, exact[0], exact[-1], rng)
    parts = [part for part, wanted in ((train, "train"), (holdout, "holdout")) if part is not None and wanted in chosen]
    real = {kind: _together([part[kind] for part in parts]) for kind in KINDS} if parts else None
    return Overlaps(len(benchmark), made, blind, train, holdout, real)


def _rounded(comparison: Comparison, tables: list[Table], exact: list[np.ndarray]) -> dict[Kind, list[Asked]]:
    keys = Keys.of(comparison, tables, tables[-1].names)
    real = slice(0, keys.ends[-4])
    together = twin_share(np.concatenate(exact[:-3]))
    level = rounding_level(lambda level: twin_share(keys.whole(level, real)), together)
    fine = min(level + 1, LEVELS - 1)
    streams = Streams(comparison.seed).at("evaluation", "benchmark subsets")
    subsets = chosen_subsets(keys, fine, real, column_subsets(len(keys.names), streams))
    asking = range(len(tables) - 1)
    return {
        "rounded": [_hits(keys, level, at, [()]) for at in asking],
        "partial": [_hits(keys, fine, at, subsets) for at in asking],
    }


def _hits(keys: Keys, level: int, table: int, subsets: list[Left]) -> Asked:
    """The first record of the last table that each row of another one hits in any of the subsets."""
    rows, last = keys.rows(table), keys.rows(len(keys.ends) - 1)
    asked, records = keys.whole(level, rows), keys.whole(level, last)
    found = np.full(len(asked), -1, dtype=np.int64)
    for left in subsets:
        hit = single_hits(keys.without(left, level, rows, asked), keys.without(left, level, last, records))
        np.copyto(found, hit, where=found < 0)
    return Asked.of(found)


def _clean(
    train: Asked, holdout: Asked | None, rows: np.ndarray, records: np.ndarray, rng: np.random.Generator
) -> tuple[str, ...]:
    """Which real rows show chance: all of them, unless one side holds the benchmark itself, as a test file often does.

    With both sides the one that hits it less, where their rates surely differ. Without a holdout train is trusted
    unless some of its `rows` hit single ones of the benchmark's `records` surely more often than of as many other rows.
    """
    if holdout is not None:
        gap = scaled_difference(train.rate, holdout.rate)
        return ("holdout",) if gap.low > 0 else ("train",) if gap.high < 0 else ("train", "holdout")
    size = min(len(records), len(rows) // 2)
    order = rng.permutation(len(rows))
    asked, own, theirs = rows[order[size:]], rows[order[:size]], rng.choice(records, size, replace=False)
    beyond = scaled_difference(Asked.of(single_hits(asked, theirs)).rate, Asked.of(single_hits(asked, own)).rate)
    return () if beyond.low > 0 else ("train",)


def _together(parts: list[Asked]) -> Asked:
    return Asked(sum(part.rows for part in parts), np.concatenate([part.hits for part in parts]))

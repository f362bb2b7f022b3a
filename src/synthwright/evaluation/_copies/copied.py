"""Synthetic rows that copy a real one: as it is, with its numbers rounded, or but for a few columns. On all rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.data.hashing import row_hashes
from synthwright.data.table import Table
from synthwright.evaluation._copies.copying import Hits
from synthwright.evaluation._copies.hashes import among, hashes_of, real_hashes, single_hits, twin_share
from synthwright.evaluation._copies.keys import LEVELS, Keys
from synthwright.evaluation._copies.subsets import Left, chosen_subsets, column_subsets
from synthwright.evaluation.comparison import Comparison
from synthwright.seeding import Streams

__all__ = ["Rounded", "blind_hashes", "blind_rows", "exact_hits", "partial_hits", "rounded", "rounding_level"]

_BLIND_ROWS = 20_000  # rows without skill: their share of hits is known to .003
_COINCIDE = 0.001  # of the real rows: more of them that rounding makes equal would hide 1 % of copies in 1,000 rows


def blind_hashes(comparison: Comparison) -> np.ndarray:
    """What `hashes_of` gives, for rows without skill."""
    return comparison.keep("blind hashes", lambda: row_hashes(blind_rows(comparison), comparison.columns))


def blind_rows(comparison: Comparison) -> Table:
    """Rows without skill, as many as synthetic ones or enough to know their share of hits."""
    return comparison.keep("blind rows", lambda: comparison.floor(min(comparison.rows("synthetic"), _BLIND_ROWS)))


def exact_hits(comparison: Comparison) -> Hits:
    """The single records that synthetic rows equal in every compared column."""

    def find() -> Hits:
        unseen = None if comparison.holdout is None else hashes_of(comparison, "holdout")
        made, blind = hashes_of(comparison, "synthetic"), blind_hashes(comparison)
        return Hits.of(made, blind, hashes_of(comparison, "train"), unseen)

    return comparison.keep("exact hits", find)


@dataclass(frozen=True, eq=False)
class Rounded:
    """Rows with their numbers rounded to `level`: the keys of train, the holdout (if any), synthetic and blind rows.

    `equal` is the number of synthetic rows whose rounded row is a rounded train row, `baseline` the share of blind
    rows for which it is.
    """

    keys: Keys
    level: int
    hits: Hits
    equal: int
    baseline: float


def rounded(comparison: Comparison) -> Rounded:
    """The single records that synthetic rows equal after rounding."""

    def find() -> Rounded:
        unseen = [] if comparison.holdout is None else [comparison.holdout]
        tables = [comparison.train, *unseen, comparison.synthetic, blind_rows(comparison)]
        keys = Keys.of(comparison, tables, comparison.columns)
        level = _level(comparison, keys)
        train, *others, made, without_skill = (keys.whole(level, keys.rows(at)) for at in range(len(keys.ends)))
        hits = Hits.of(made, without_skill, train, others[0] if others else None)
        return Rounded(keys, level, hits, int(among(made, train).sum()), float(among(without_skill, train).mean()))

    return comparison.keep("rounded rows", find)


def rounding_level(coincide: Callable[[int], float], exact: float) -> int:
    """The coarsest rounding at which at most 1 in 1,000 rows more than without rounding (`exact`) coincide with a row.

    `coincide` gives the share at a level; the finest level if it is too large at all of them.
    """
    return next((level for level in range(LEVELS) if coincide(level) <= exact + _COINCIDE), LEVELS - 1)


def partial_hits(comparison: Comparison) -> Hits:
    """The single records that synthetic rows equal, after rounding, in all columns or in one of several subsets.

    A record is single in a subset if no other real row equals it there. Numbers are rounded one level finer than in
    `rounded`: fewer columns tell fewer records apart. With the first hit of each row in any subset there is one count
    for train and one for the holdout, however many subsets were looked at.
    """

    def find() -> Hits:
        whole = rounded(comparison)
        keys, level = whole.keys, min(whole.level + 1, LEVELS - 1)
        n, real = len(comparison.train), _real(keys)
        subsets = column_subsets(len(keys.names), Streams(comparison.seed).at("evaluation", "partial copies"))
        chosen = chosen_subsets(keys, level, real, subsets)
        made, blind = (_hits_in(keys, level, real, keys.rows(len(keys.ends) - at), chosen, n) for at in (2, 1))
        return Hits(train=made[0], holdout=made[1], blind=blind[0], records=whole.hits.records)

    return comparison.keep("partial hits", find)


def _level(comparison: Comparison, keys: Keys) -> int:
    """By how often real rows coincide; without a holdout by how often blind ones hit train.

    There the coincidences of train's rows are the chance that copies are held against: a level chosen for having few
    of them by luck would make that chance too small.
    """
    if comparison.holdout is not None:
        real = _real(keys)
        return rounding_level(lambda level: twin_share(keys.whole(level, real)), twin_share(real_hashes(comparison)))
    train, blind = keys.rows(0), keys.rows(2)
    exact = float(among(blind_hashes(comparison), hashes_of(comparison, "train")).mean())
    return rounding_level(lambda level: float(among(keys.whole(level, blind), keys.whole(level, train)).mean()), exact)


def _real(keys: Keys) -> slice:
    """Train's rows and the holdout's: all but the last two tables."""
    return slice(0, keys.ends[-3])


def _hits_in(
    keys: Keys, level: int, real: slice, rows: slice, subsets: Sequence[Left], train_rows: int
) -> tuple[np.ndarray, np.ndarray]:
    """The first single record of train, and of the holdout, that each of `rows` hits in any of the subsets."""
    asked, records = keys.whole(level, rows), keys.whole(level, real)
    train, unseen = (np.full(len(asked), -1, dtype=np.int64) for _ in range(2))
    for left in subsets:
        hit = single_hits(keys.without(left, level, rows, asked), keys.without(left, level, real, records))
        np.copyto(train, hit, where=(train < 0) & (hit >= 0) & (hit < train_rows))
        np.copyto(unseen, hit - train_rows, where=(unseen < 0) & (hit >= train_rows))
    return train, unseen

"""How near synthetic rows come to train and, by the same ruler, to as many holdout rows.

These figures speak of similarity, not of privacy: tables that pass them have been attacked with success (Yao et al.
2025, arXiv:2505.01524). They catch copying; that nothing was copied does not show that nothing leaks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from synthwright.evaluation._copies.hashes import distinct_rows
from synthwright.evaluation._neighbours.drawing import drawn_rows, placed_rows, row_moves, ruler_of, shared_moves
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.matching.nearest import Neighbours, nearest
from synthwright.seeding import Streams

__all__ = ["FEWEST", "SEARCHES", "Closeness", "Rule", "Search", "closeness", "mean_of_rule"]

FEWEST = 20  # rows of each kind; fewer have no neighbours to compare
_FEWEST_RECORDS = 3  # a holdout row needs two neighbours in either reference
_SHUFFLED = 1_000  # queries without skill: their share is known to .03, and it is only context
SEARCHES = 10  # more would not show more: from there on the holdout's own noise decides
_MOST_TRAIN = 50_000  # rows in all searches; with 20,000 queries they take three CPU seconds
_SPARE = 0.05  # of a search: no further one for so few rows of train

Rule = Callable[[np.ndarray, np.ndarray], np.ndarray]  # distances to train and to the holdout -> a number per row


@dataclass(frozen=True, eq=False)
class Search:
    """Where synthetic rows were looked for: `rows` are positions in their table, `found` the two nearest of them.

    `counts` is False for rows that another search has already: they are there to make all searches equally large.
    """

    rows: np.ndarray
    found: Neighbours
    counts: np.ndarray


@dataclass(frozen=True, eq=False)
class Closeness:
    """The two nearest train and holdout rows of synthetic rows, of holdout rows, and of rows without skill.

    References are `train` and `holdout` rows, equally many; of equal rows that only one of them has, there is one
    (`distinct_rows`). `synthetic` rows are the first queries, the holdout references the second, which are not their
    own neighbours. Where train is larger than the holdout, `more` has searches among further train rows, each of as
    many rows as the holdout has, to be compared with it as they are.
    """

    train: np.ndarray
    holdout: np.ndarray
    synthetic: np.ndarray
    of_synthetic: tuple[Neighbours, Neighbours]
    of_holdout: tuple[Neighbours, Neighbours]
    of_shuffled: tuple[Neighbours, Neighbours]
    more: tuple[Search, ...] = ()

    @property
    def of_train(self) -> tuple[Search, ...]:
        """Every search among train rows; each row counts in one of them."""
        return Search(self.train, self.of_synthetic[0], np.ones(len(self.train), dtype=bool)), *self.more

    def is_sample_of(self, comparison: Comparison) -> bool:
        """True if synthetic or train rows were left out of the first search."""
        return len(self.synthetic) < len(comparison.synthetic) or len(self.train) < len(comparison.train)

    def share_searched(self, comparison: Comparison) -> float:
        """The share of train's records that the first search looks at: a copy of another one is not seen there."""
        return len(self.train) / max(1, len(distinct_rows(comparison, "train")))


def closeness(comparison: Comparison, *, queries: int, references: int, searches: int = SEARCHES) -> Closeness | str:
    """The neighbours of at most `queries` rows among at most `references` of either kind, or why there are none.

    Train rows beyond the first `references` are looked through in further searches, at most `searches` in all.
    """
    key = ("closeness", queries, references, searches)
    return comparison.keep(key, lambda: _closeness(comparison, queries, references, searches))


def mean_of_rule(comparison: Comparison, close: Closeness, rule: Rule, *, of: Part) -> Figure:
    """The mean of `rule` over the synthetic or the holdout queries, with what each query and reference row moves.

    References move the mean because each is the neighbour of several queries: the figure is what it would be without
    that row, when its queries turn to their second neighbours (delete-one jackknife, see `shared_moves`).
    """
    to_train, to_holdout = close.of_synthetic if of == "synthetic" else close.of_holdout
    d, e = to_train.distance, to_holdout.distance
    value = rule(d[:, 0], e[:, 0])
    n, mean = len(value), float(value.mean())
    own = (value - mean) / n
    train = _loss(to_train, value - rule(d[:, 1], e[:, 0]), len(close.train)) / n
    holdout = _loss(to_holdout, value - rule(d[:, 0], e[:, 1]), len(close.holdout)) / n
    moves = {}
    if of == "holdout":
        holdout += own
    else:
        moves["synthetic"] = row_moves(comparison, "synthetic", close.synthetic, own)
    moves["train"] = row_moves(comparison, "train", close.train, train)
    moves["holdout"] = row_moves(comparison, "holdout", close.holdout, holdout)
    return Figure(mean, moves)


def _loss(found: Neighbours, change: np.ndarray, references: int) -> np.ndarray:
    """What the sum over queries loses without each reference row, centred and freed of the queries' own noise."""
    loss = np.bincount(found.index[:, 0], weights=change, minlength=references)
    return shared_moves(loss, float(change @ change))


def _closeness(comparison: Comparison, queries: int, references: int, searches: int) -> Closeness | str:
    if not comparison.columns:
        return "no column can be compared: all are identifiers or free text"
    synthetic = drawn_rows(comparison, "synthetic", queries, "queries")
    if comparison.fewest < FEWEST:
        return f"it needs {FEWEST} rows of each kind, and one has {comparison.fewest}"
    ours, theirs = distinct_rows(comparison, "train"), distinct_rows(comparison, "holdout")
    size = min(references, len(ours), len(theirs))
    if size < _FEWEST_RECORDS:
        return f"it needs {_FEWEST_RECORDS} different rows in train and in the holdout, and one has {size}"
    (train, _), *more = _dealt(comparison, ours, size, max(references, _MOST_TRAIN), searches)
    holdout = drawn_rows(comparison, "holdout", size, "references", among=theirs)
    at_train, at_holdout = placed_rows(comparison, "train", train), placed_rows(comparison, "holdout", holdout)
    made = placed_rows(comparison, "synthetic", synthetic)
    blind = ruler_of(comparison).place(comparison.floor(min(_SHUFFLED, queries)))
    # A holdout row has one row fewer to be near in its own table; so it gets one fewer in train.
    fewer = at_train.take(slice(0, size - 1))
    search = partial(nearest, k=2, tell=comparison.tell)
    return Closeness(
        train=train,
        holdout=holdout,
        synthetic=synthetic,
        of_synthetic=(search(made, at_train), search(made, at_holdout)),
        of_holdout=(search(at_holdout, fewer), search(at_holdout, at_holdout, itself=np.arange(size))),
        of_shuffled=(search(blind, at_train), search(blind, at_holdout)),
        more=tuple(Search(rows, search(made, placed_rows(comparison, "train", rows)), counts) for rows, counts in more),
    )


def _dealt(
    comparison: Comparison, records: np.ndarray, size: int, limit: int, searches: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """About `limit` of the train rows `records` dealt out at random to sets of `size`, and which of them count.

    The last set is filled up with rows that count elsewhere.
    """
    few = limit <= _MOST_TRAIN and searches <= SEARCHES
    most = size * max(1, min(searches, limit // size) if few else -(-limit // size))
    drawn = drawn_rows(comparison, "train", most, "references", among=records)
    order = Streams(comparison.seed).at("evaluation", "references", "dealt").rng().permutation(len(drawn))
    sets = []
    for start in range(0, len(drawn), size):
        members = order[start : start + size]
        new = len(members)
        if start == 0 or new > _SPARE * size:
            members = np.concatenate([members, order[: size - new]])
            ascending = np.argsort(members)
            sets.append((drawn[members[ascending]], ascending < new))
    return sets

"""How likely the outcome is by the columns that are not sensitive: strata of equal score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.data.table import Table
from synthwright.evaluation._groups.outcome import outcome_of
from synthwright.evaluation._groups.sensitive import floor_of
from synthwright.evaluation.comparison import Comparison
from synthwright.learning.boosting import Boosting
from synthwright.learning.features import Features
from synthwright.learning.learner import fit_classes, fit_numbers
from synthwright.seeding import Streams

__all__ = ["Merit", "merit_of"]

_STRATA = 10  # Cochran (1968): five remove nine tenths of what a score explains
_FIT_ROWS = 10_000
_FEWEST = 100  # rows of either half of train with a known outcome


@dataclass(frozen=True, eq=False)
class Merit:
    """``strata[part]`` has the stratum of every row, 0 to `count` - 1, or -1 where there is none.

    Of train these are the rows of one half that the score was not fitted on (`real_rows` of them), so that it knows no
    part's rows better than another's.
    """

    count: int
    real_rows: int
    strata: Mapping[str, np.ndarray]


def merit_of(comparison: Comparison) -> Merit | str:
    """The strata of every part, or why there are none; computed once."""
    return comparison.keep("merit", lambda: _merit(comparison))


def _merit(comparison: Comparison) -> Merit | str:
    outcome = outcome_of(comparison)
    if isinstance(outcome, str):
        return outcome
    known = np.isfinite(outcome.values["train"])
    streams = Streams(comparison.seed).at("evaluation", "merit")
    # Whole jackknife blocks: groups stay whole, and each block that is left has all its rows.
    half = comparison.codes("train").block % 2 == 0
    learnt, judged = np.flatnonzero(half & known), np.flatnonzero(~half)
    if min(len(learnt), int((~half & known).sum())) < _FEWEST:
        return f"a score takes {2 * _FEWEST} train rows with a known target, and there are {int(known.sum())}"
    if len(learnt) > _FIT_ROWS:
        learnt = np.sort(streams.at("rows").rng().choice(learnt, _FIT_ROWS, replace=False))
    score = _score(comparison, learnt, outcome.values["train"][learnt], outcome.positive is not None, streams.integer())
    tables: dict[str, Table] = {part: comparison.part(part) for part in comparison.parts} | {
        "floor": floor_of(comparison)
    }
    scores = {part: score(table) for part, table in tables.items() if part != "train"}
    scores["train"] = np.full(len(comparison.train), np.nan)
    scores["train"][judged] = score(comparison.train.take(judged))
    edges = np.unique(np.quantile(scores["train"][judged], np.arange(1, _STRATA) / _STRATA))
    strata = {
        part: np.where(np.isfinite(one), np.searchsorted(edges, one, side="right"), -1) for part, one in scores.items()
    }
    return Merit(len(edges) + 1, len(judged), strata)


def _score(
    comparison: Comparison, rows: np.ndarray, y: np.ndarray, classes: bool, seed: int
) -> Callable[[Table], np.ndarray]:
    """The predicted outcome of the rows of a table, from the columns that are neither sensitive nor the target."""
    schema = comparison.schema
    names = [name for name in comparison.columns if schema[name].role not in {"sensitive", "target"}]
    if not names:
        return lambda table: np.zeros(len(table))
    table = comparison.train.take(rows)
    features, learner = Features.of(table, names), Boosting()
    codes = features.codes(table)
    if classes:
        model = fit_classes(learner, codes, y.astype(np.int64), 2, categorical=features.categorical, seed=seed)
        return lambda other: model(features.codes(other))[:, 1]
    numbers = fit_numbers(learner, codes, y, categorical=features.categorical, seed=seed)
    return lambda other: numbers(features.codes(other))

"""Could train rows and holdout rows change places? Only then does telling members from non-members mean leakage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._counts.counting import jackknife_blocks
from synthwright.evaluation._neighbours.attacks import FEWEST, candidates
from synthwright.evaluation._neighbours.drawing import drawn_rows, features_of, row_moves
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.roc import auc_influence
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.learning.boosting import Boosting
from synthwright.learning.learner import fit_classes
from synthwright.seeding import Streams

__all__ = ["Blind", "blind_area", "confounded"]

_FOLDS = 3
_LEARNER = Boosting(trees=50, leaves=15)
_MEMORISED = 1_000  # rows of each kind: with fewer, folds share so much that areas spread wider (see `fidelity.c2st`)
_SURE = 0.999  # of the interval that has to lie beyond the margin: one honest split in about 2,000 is doubted
_MARGIN = 0.51  # an area that the attacks can't make a finding of


@dataclass(frozen=True, eq=False)
class Blind:
    """How well train and holdout rows are told apart without any synthetic row, from `rows` of each kind."""

    area: Figure
    rows: tuple[int, int]
    sampled: bool

    @property
    def alike(self) -> bool:
        """False where the 99.9 % interval of the area lies wholly above .51."""
        return self.area.estimate(low=0.0, high=1.0, confidence=_SURE).low <= _MARGIN


def confounded(comparison: Comparison) -> str:
    """Why no membership attack can be read here; empty where train and holdout are alike, or too few to tell."""
    found = blind_area(comparison)
    if isinstance(found, str) or found.alike:
        return ""
    return (
        "confounded: members and non-members differ without any synthetic row (a classifier tells train from holdout "
        f"with an AUC of {found.area.value:.2f}), as where they come from other months or places"
    )


def blind_area(comparison: Comparison, *, rows: int = 4_000) -> Blind | str:
    """The area under the curve of boosted trees that tell train rows from holdout rows, or why there is none.

    Rows that occur once (`candidates`), at most `rows` of each kind; out of fold, groups whole. The estimand is the
    expected area of this learner fitted on two thirds of these rows.
    """
    return comparison.keep(("blind area", rows), lambda: _blind_area(comparison, rows))


def _blind_area(comparison: Comparison, limit: int) -> Blind | str:
    if not comparison.columns:
        return "no column can be compared: all are identifiers or free text"
    parts: tuple[Part, ...] = ("train", "holdout")
    pool = {part: candidates(comparison, part) for part in parts}
    kept = {part: drawn_rows(comparison, part, limit, "blind", among=pool[part]) for part in parts}
    fold = {part: _folds(comparison, part, kept[part]) for part in parts}
    if min(int((fold[part] == at).sum()) for part in parts for at in range(_FOLDS)) < FEWEST:
        return f"it needs {_FOLDS * FEWEST} rows of each kind, and one has {min(len(rows) for rows in kept.values())}"
    X = np.concatenate([features_of(comparison).codes(comparison.part(part).take(kept[part])) for part in parts])
    y = np.repeat([1, 0], [len(kept[part]) for part in parts])
    every = np.concatenate([fold[part] for part in parts])
    area, influence = 0.0, np.zeros(len(y))
    spread = np.sqrt(1 + min(1.0, _MEMORISED / len(kept["holdout"])))
    for at in range(_FOLDS):
        test = every == at
        seed = Streams(comparison.seed).at("evaluation", "blind", at).integer()
        predict = fit_classes(
            _LEARNER, X[~test], y[~test], 2, categorical=features_of(comparison).categorical, seed=seed
        )
        value, one = auc_influence(predict(X[test])[:, 1], y[test] == 1)
        area += value / _FOLDS
        influence[test] = spread * one / _FOLDS
    mine, theirs = np.split(influence, [len(kept["train"])])
    moves = {
        "train": row_moves(comparison, "train", kept["train"], mine),
        "holdout": row_moves(comparison, "holdout", kept["holdout"], theirs),
    }
    sampled = any(len(kept[part]) < len(pool[part]) for part in parts)
    return Blind(Figure(area, moves), (len(kept["train"]), len(kept["holdout"])), sampled)


def _folds(comparison: Comparison, part: Part, rows: np.ndarray) -> np.ndarray:
    """A fold for each row; groups are whole."""
    block = jackknife_blocks(comparison.part(part), Streams(comparison.seed).at("comparison", part))
    return np.asarray(block[rows] % _FOLDS)

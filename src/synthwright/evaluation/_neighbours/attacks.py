"""Membership attacks: how near real rows that were learnt from, and real rows that were not, come to synthetic ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow.compute as pc

from synthwright.evaluation._copies.hashes import among, distinct_rows, hashes_of, single_records
from synthwright.evaluation._counts.counting import FEWEST_GROUPS, jackknife_blocks
from synthwright.evaluation._neighbours.drawing import drawn_rows, placed_rows, ruler_of
from synthwright.evaluation._neighbours.outlying import together, unusual
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.matching.nearest import nearest
from synthwright.seeding import Streams

__all__ = ["ATTACKS", "FEWEST", "Attacked", "Side", "attacked", "candidates", "radii_with_copy", "scores_of"]

FEWEST = 20  # rows per half, of either kind
_RADII = 3  # neighbours of a target: the nearest finds copies, the next ones where synthetic rows crowd
_STANDING = 10_000  # real rows of either kind among which outliers are looked for, and by which they are told
_OUTLIERS, _MOST_OUTLIERS, _ENOUGH = 0.05, 0.25, 150  # shares of all rows; non-members among them, if possible
_STEP = 2.0**-16  # the ruler's finest step: a radius of 0 is one
_SHUFFLED = 1_000  # rows without skill: they are context only

_ASIDE = 4  # the fifth of the holdout that is set aside; the others make two halves

_REAL: tuple[Part, ...] = ("train", "holdout")
ATTACKS = ("distance_difference", "density_ratio")


@dataclass(frozen=True, eq=False)
class Side:
    """Targets of one kind: members (train) or non-members (holdout).

    `rows` are positions in their part, `fold` 0 or 1, `drawn` is true for a random sample of all targets, `outlying`
    for outliers. `near` and `apart`, float32 (n, 3), are the distances to the three nearest synthetic rows and to the
    three nearest of the real rows that were set aside; `blind` those to rows without skill.
    """

    rows: np.ndarray
    fold: np.ndarray
    drawn: np.ndarray
    outlying: np.ndarray
    near: np.ndarray
    apart: np.ndarray
    blind: np.ndarray

    def take(self, chosen: np.ndarray) -> Side:
        """The targets at these positions, or where the mask is true."""
        names = ("rows", "fold", "drawn", "outlying", "near", "apart", "blind")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})


@dataclass(frozen=True, eq=False)
class Attacked:
    """Members and non-members; `synthetic` counts the synthetic rows that were searched."""

    members: Side
    others: Side
    synthetic: int


def scores_of(attack: str, near: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """How much an attack takes each target for a member.

    ``distance_difference``: the distance to the nearest real row less that to the nearest synthetic one.
    ``density_ratio``: the mean logarithm of the ratio of the first three radii, the k-nearest-neighbour form of
    DOMIAS (van Breugel et al. 2023), up to a factor and a constant.
    """
    if attack == "distance_difference":
        return np.asarray(apart[:, 0] - near[:, 0], dtype=np.float64)
    wide = np.log(apart.astype(np.float64) + _STEP) - np.log(near.astype(np.float64) + _STEP)
    return np.asarray(wide.mean(axis=1))


def radii_with_copy(near: np.ndarray) -> np.ndarray:
    """The distances to the nearest synthetic rows, had there been a copy beside them."""
    return np.concatenate([np.full((len(near), 1), _STEP, near.dtype), near[:, :-1]], axis=1)


def candidates(comparison: Comparison, part: Part) -> np.ndarray:
    """Positions in train or holdout of rows that could as well have been on the other side, ascending.

    These are the records that occur once among all real rows: a split that keeps equal rows together makes others
    unlike on purpose. Where hardly any record occurs once, all are taken that `distinct_rows` leaves.
    """
    single = single_records(comparison)
    found = {side: np.flatnonzero(among(hashes_of(comparison, side), single)) for side in _REAL}
    if min(len(rows) for rows in found.values()) < 2 * FEWEST:
        return distinct_rows(comparison, part)
    return found[part]


def attacked(comparison: Comparison, *, targets: int, references: int) -> Attacked | str:
    """The radii around at most `targets` members and non-members (and as many outliers), or why there are none.

    A fifth of the holdout is set aside as what an attacker knows of the population; its rows are no targets. Groups are
    whole, there and in the halves.
    """
    return comparison.keep(("attacked", targets, references), lambda: _attacked(comparison, targets, references))


def _attacked(comparison: Comparison, targets: int, references: int) -> Attacked | str:
    if not comparison.columns:
        return "no column can be compared: all are identifiers or free text"
    if few := _too_few_groups(comparison):
        return few
    slices = {part: _slices(comparison, part) for part in _REAL}
    kept = {part: candidates(comparison, part) for part in _REAL}
    kept["holdout"] = kept["holdout"][slices["holdout"][kept["holdout"]] < _ASIDE]
    known = np.flatnonzero(slices["holdout"] == _ASIDE)
    fold = {part: slices[part] % 2 for part in _REAL}
    fewest = min(int((fold[part][kept[part]] == half).sum()) for part in _REAL for half in (0, 1))
    if min(fewest, comparison.rows("synthetic") // 2) < FEWEST or len(known) < _RADII:
        return f"it needs {FEWEST} rows of each kind that occur once in either half, and one has {fewest}"
    known = drawn_rows(comparison, "holdout", references, "known", among=known)
    made = drawn_rows(comparison, "synthetic", references, "attacked")
    real, synthetic = placed_rows(comparison, "holdout", known), placed_rows(comparison, "synthetic", made)
    blind = ruler_of(comparison).place(comparison.floor(min(_SHUFFLED, len(made))))
    outliers = _outliers(comparison, kept, targets)
    sides: dict[Part, Side] = {}
    for part in _REAL:
        drawn = drawn_rows(comparison, part, targets, "targets", among=kept[part])
        rows = np.union1d(drawn, outliers[part])
        points = placed_rows(comparison, part, rows)
        sides[part] = Side(
            rows=rows,
            fold=fold[part][rows],
            drawn=np.isin(rows, drawn),
            outlying=np.isin(rows, outliers[part]),
            near=nearest(points, synthetic, k=_RADII).distance,
            apart=nearest(points, real, k=_RADII).distance,
            blind=nearest(points, blind, k=_RADII).distance,
        )
    return Attacked(sides["train"], sides["holdout"], len(made))


def _outliers(comparison: Comparison, kept: dict[Part, np.ndarray], limit: int) -> dict[Part, np.ndarray]:
    """At most `limit` outliers of train and of the holdout: positions of the rows that stand out most (`unusual`).

    They are told among all real rows, whose ever, and the bar is what 5 in 100 of both together exceed, so that both
    are treated alike; in small tables up to 25 in 100.
    """
    total = sum(comparison.rows(part) for part in _REAL)
    pools, others = {}, []
    for part in _REAL:
        pools[part] = drawn_rows(comparison, part, _STANDING, "isolated", among=kept[part])
        rows = drawn_rows(comparison, part, max(1, _STANDING * comparison.rows(part) // total), "beside")
        others.append(placed_rows(comparison, part, rows))
    reference = together(others)
    rank = unusual({part: placed_rows(comparison, part, rows) for part, rows in pools.items()}, reference)
    bar = 1 - min(_MOST_OUTLIERS, max(_OUTLIERS, _ENOUGH / len(pools["holdout"])))
    return {
        part: drawn_rows(comparison, part, limit, "outliers", among=pools[part][rank[part] > bar]) for part in _REAL
    }


def _slices(comparison: Comparison, part: Part) -> np.ndarray:
    """The fifth, 0 to 4, that each row of `part` is in; groups are whole."""
    block = jackknife_blocks(comparison.part(part), Streams(comparison.seed).at("comparison", part))
    return np.asarray(block % (_ASIDE + 1))


def _too_few_groups(comparison: Comparison) -> str:
    column = next(iter(comparison.schema.having("group")), None)
    if column is None:
        return ""
    groups = min(int(pc.count_distinct(comparison.part(part).data[column.name]).as_py()) for part in _REAL)
    if groups >= FEWEST_GROUPS:
        return ""
    return f"it needs {FEWEST_GROUPS} groups of rows in train and holdout to set some aside, and one has {groups}"

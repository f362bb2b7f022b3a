"""Columns that know the target too well: copies of it, columns that give it away alone, rules that fix it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthwright.data.proposals.proposing import propose
from synthwright.data.schema import Column
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.advice.finding import Finding, named, within
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.target import Target
from synthwright.pipeline.advice.trial import Tested, Trial
from synthwright.provenance.numbers import plain, share

__all__ = ["WIDE", "dominant_column", "giveaways", "target_rules"]

_TRIED = 5  # columns that models are fitted to alone, those that the target hangs on most
_CELLS = 32
_WORTH_A_MODEL = 0.2  # of the variance explained in cells: what predicts nearly perfectly explains more
_GIVEN_AWAY = {"AUC": 0.98, "R²": 0.95}  # the low end of what one column reaches alone, beyond which it is suspected
_HIGH = {"AUC": 0.9, "R²": 0.8}  # below it no single column is too good to be true
_MOST_OF_IT = 0.5  # of the skill of all columns is lost without the one
WIDE = 200  # columns beyond which rules are not looked for
_DEFINING = frozenset({"equal", "sum", "product", "combinations", "one-hot"})
_LATE = "Ask whether it is known before the outcome; if not, leave it out: a model will not have it when it is used."


def giveaways(looked: Looked, target: Target) -> list[Finding]:
    """Columns that predict the target nearly perfectly on their own, on rows that the model has not seen."""
    found = []
    for column, explained in _strongest(looked, target):
        if explained < _WORTH_A_MODEL:
            break
        _, alone = Trial.of(looked, target, [column.name]).best()
        estimate = alone.estimate()
        if estimate.low < _GIVEN_AWAY[target.score]:
            continue
        rest = [one.name for one in looked.features if one.name != column.name]
        without = Trial.of(looked, target, rest).best()[1] if rest else None
        other = "there is no other column" if without is None else f"all others together reach {plain(without.value)}"
        told = (
            f"{named([column.name])} alone predicts the target with {target.score} {within(estimate)} on unseen rows; "
            f"{other}."
        )
        copy = _is_copy(looked, target, column)
        if copy:
            told += " Each of its values stands for one value of the target: it is the target in another spelling."
        found.append(
            Finding(
                code="leak.copy" if copy else "leak.column",
                severity="stop",
                figure=f"{target.score} of {column.name} alone"[:120],
                value=estimate,
                sentence=told,
                remedy=f"Leave {named([column.name])} out." if copy else _LATE,
                columns=(column.name,),
            )
        )
    return found


def dominant_column(
    looked: Looked, target: Target, learner: str, whole: Tested, units: np.ndarray | None
) -> list[Finding]:
    """The column without which most of a very high score is lost: it may be known only after the outcome."""
    if whole.value < _HIGH[target.score] or len(looked.features) < 2:
        return []
    column = _strongest(looked, target)[0][0]
    rest = [one.name for one in looked.features if one.name != column.name]
    without = Trial.of(looked, target, rest, units).tested(learner)
    skill, lost = whole.value - target.floor, whole.value - without.value
    error = float(np.sqrt(((whole.influence - without.influence) ** 2).sum()))
    if lost - 2 * error < _MOST_OF_IT * skill:
        return []
    told = (
        f"Without {named([column.name])} the model falls from {target.score} {plain(whole.value)} to "
        f"{plain(without.value)}: {share(lost / skill)} of its skill hangs on that column."
    )
    return [
        Finding(
            code="leak.dominant",
            severity="warn",
            figure=f"{target.score} lost without {column.name}"[:120],
            value=Estimate(lost, lost - 1.96 * error, lost + 1.96 * error),
            sentence=told,
            remedy=_LATE,
            columns=(column.name,),
        )
    ]


def target_rules(looked: Looked, target: Target, known: Sequence[Finding]) -> list[Finding]:
    """Rules without exception that fix the target by other columns, or another column by the target.

    Those that speak of a column which is `known` to give the target away say nothing new.
    """
    if len(looked.table.schema) > WIDE:
        return []
    told = {column for one in known for column in one.columns}
    name, found = target.column.name, []
    for one in propose(looked.sample):
        others = [column for column in one.columns if column != name]
        if one.kind in _DEFINING and name in one.columns and not told.intersection(others):
            found.append(
                Finding(
                    code="leak.rule",
                    severity="stop",
                    figure="share of rows that obey the rule",
                    value=Estimate.exact(one.rows / one.of),
                    sentence=f"A rule ties the target to {named(others)}: {one.rule} ({one.evidence}).",
                    remedy="Leave out what is computed from the target, or what it is computed from.",
                    columns=tuple(others),
                )
            )
    return found


def _strongest(looked: Looked, target: Target) -> list[tuple[Column, float]]:
    """The features that explain most of the target in cells of their own, with the share, adjusted for their number."""
    y = target.values[looked.rows]
    shown = np.eye(len(target.labels))[y] if target.labels else y[:, None]
    explained = {column.name: _explained(_cells(looked, column), shown) for column in looked.features}
    first = sorted(looked.features, key=lambda column: -explained[column.name])[:_TRIED]
    return [(column, explained[column.name]) for column in first]


def _cells(looked: Looked, column: Column) -> np.ndarray:
    """Codes of about equal mass for numbers, of levels for labels; gaps have one of their own."""
    if column.is_discrete:
        return looked.sample.levels(column.name) + 1
    values = looked.sample.numbers(column.name)
    present = values[np.isfinite(values)]
    if len(present) == 0:
        return np.zeros(len(values), dtype=np.int64)
    edges = np.unique(np.quantile(present, np.linspace(0, 1, _CELLS + 1)[1:-1], method="lower"))
    return np.where(np.isfinite(values), np.searchsorted(edges, values, side="left") + 1, 0)


def _explained(cells: np.ndarray, shown: np.ndarray) -> float:
    """The share of the variance of `shown` (n, k) between cells, less what as many cells explain by luck."""
    n, rows = len(cells), np.bincount(cells)
    sums = np.stack([np.bincount(cells, weights=one) for one in shown.T], axis=1)
    total = float(((shown - shown.mean(axis=0)) ** 2).sum())
    used = rows > 0
    within = float((shown**2).sum() - (sums[used] ** 2 / rows[used, None]).sum())
    left = max(n - int(used.sum()), 1)
    return 1 - within / left * (n - 1) / total if total > 0 else 0.0


def _is_copy(looked: Looked, target: Target, column: Column) -> bool:
    """True if each value of the column goes with one value of the target, and the other way round, in all rows."""
    known = target.known
    if not target.labels:
        x, y = looked.table.numbers(column.name)[known] if column.is_numeric else None, target.values[known]
        return x is not None and bool(np.isfinite(x).all()) and abs(float(np.corrcoef(x, y)[0, 1])) > 1 - 1e-9
    one, two = looked.view.codes(column.name)[known], target.values[known]
    pairs = len(np.unique(np.stack([one, two]), axis=1).T)
    return pairs == len(np.unique(one)) == len(np.unique(two))

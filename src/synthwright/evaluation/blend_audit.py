"""Sensitive groups before and after synthetic rows are added: how many, how fortunate, how well served by a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._groups.group_figures import means, spread_of
from synthwright.evaluation._groups.outcome import outcome_of
from synthwright.evaluation._groups.sensitive import Grouping, groupings
from synthwright.evaluation._groups.served import answers_of, served
from synthwright.evaluation._learners.prediction import Ration
from synthwright.evaluation._learners.task import task_of
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Estimate

__all__ = ["Audit", "Change", "Evenness", "audit"]

_CHANCE = 0.05  # that a blend which changes nothing is said to widen a gap, over all figures of one audit; two-sided


@dataclass(frozen=True, kw_only=True)
class Change:
    """One figure about the groups of one `division`: in the real rows, in the mix, and the paired difference.

    `figure` is ``"outcome gap"`` (largest minus smallest rate of the target's rarest class, or mean), or what models
    fitted on these rows do on the holdout: ``"demographic parity"``, ``"equalized odds"``, ``"calibration"``. All are
    0 where groups are alike. `widened`: the difference is above 0 beyond what chance explains, all figures considered.
    """

    division: str
    figure: str
    before: Estimate
    after: Estimate
    change: Estimate
    widened: bool


@dataclass(frozen=True, kw_only=True)
class Evenness:
    """The rows of the smallest group of a `division` by `columns` per row of the largest, to three decimals."""

    division: str
    columns: tuple[str, ...]
    before: float
    after: float


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What became of each division of the rows; `reason` says why there are no `changes`, if so."""

    evenness: Sequence[Evenness] = ()
    changes: Sequence[Change] = ()
    reason: str = ""


def audit(comparison: Comparison, *, with_real: bool = True) -> Audit:
    """What adding the synthetic rows of `comparison` to train does to its sensitive groups.

    Groups and crossings are those of `bias.representation`, the outcome that of `bias.outcomes`, the model figures
    those of `bias.disparities` (fairlearn's definitions), each for a model of all real rows and one of the whole mix.
    Rates of a mix are means over real and synthetic rows, so a change is paired over the real rows; model figures are
    paired over the holdout's. Intervals hold for other rows of these kinds; models are taken as fitted. Without
    `with_real` the mix is the synthetic rows alone.
    """
    found = groupings(comparison)
    if isinstance(found, str):
        return Audit(reason=found)
    mixed = ("train", "synthetic") if with_real else ("synthetic",)
    even = [
        Evenness(division=one.name, columns=one.columns, before=_evenness(one, ("train",)), after=_evenness(one, mixed))
        for one in found
    ]
    pairs = [*_outcomes(comparison, found, with_real), *_models(comparison, found, with_real)]
    level = 1 - _CHANCE / max(len(pairs), 1)
    changes = [_change(*pair, level) for pair in pairs]
    return Audit(evenness=tuple(even), changes=tuple(changes), reason="" if changes else _why_none(comparison))


def _evenness(grouping: Grouping, parts: Sequence[str]) -> float:
    member = np.concatenate([grouping.of(part) for part in parts])
    counts = np.bincount(member[member >= 0], minlength=len(grouping))
    return round(float(counts.min() / max(counts.max(), 1)), 3)


def _outcomes(
    comparison: Comparison, found: Sequence[Grouping], with_real: bool
) -> list[tuple[str, str, Figure, Figure]]:
    outcome = outcome_of(comparison)
    if isinstance(outcome, str):
        return []
    pairs = []
    for grouping in found:
        real, made = (means(comparison, grouping, part, outcome.values[part]) for part in ("train", "synthetic"))
        known = {part: np.isfinite(outcome.values[part]) for part in ("train", "synthetic")}
        before, after = [], []
        for at in range(len(grouping)):
            mine, theirs = real[at], made[at]
            if mine is None:
                continue
            rows = [np.count_nonzero(known[part] & (grouping.of(part) == at)) for part in ("train", "synthetic")]
            share = rows[1] / (sum(rows) if with_real else rows[1]) if rows[1] else 0.0
            if theirs is None and not with_real:
                continue
            before.append(mine)
            after.append(mine if theirs is None else mine.times(1 - share) + theirs.times(share))
        if len(before) > 1:
            pairs.append((grouping.name, "outcome gap", spread_of(before), spread_of(after)))
    return pairs


def _models(
    comparison: Comparison, found: Sequence[Grouping], with_real: bool
) -> list[tuple[str, str, Figure, Figure]]:
    if comparison.holdout is None:
        return []
    task = task_of(comparison)
    if isinstance(task, str):
        return []
    real: Ration = (("train", len(task.y["train"])),)
    made: Ration = (("synthetic", len(task.y["synthetic"])),)
    before, after = (answers_of(comparison, task, one) for one in (real, (*real, *made) if with_real else made))
    pairs = []
    for grouping in found:
        one, other = (served(comparison, task, grouping, answers) for answers in (before, after))
        pairs += [
            (grouping.name, name.replace("_", " "), one[name], other[name])
            for name in ("demographic_parity", "equalized_odds", "calibration")
            if name in one and name in other
        ]
    return pairs


def _change(division: str, figure: str, before: Figure, after: Figure, level: float) -> Change:
    moved = after - before
    return Change(
        division=division,
        figure=figure,
        before=before.estimate(low=0.0),
        after=after.estimate(low=0.0),
        change=moved.estimate(),
        widened=moved.value > 0 and moved.value - moved.half_width(level) > 0,
    )


def _why_none(comparison: Comparison) -> str:
    outcome = outcome_of(comparison)
    return outcome if isinstance(outcome, str) else "no two groups have enough rows with a known outcome"

"""Missing cells: how many, where, and whether a gap says something about the target."""

from __future__ import annotations

import numpy as np

from synthwright.evaluation._statistics.intervals import difference_of_shares, normal
from synthwright.evaluation._statistics.roc import auc_influence
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.advice.finding import Finding, named, within
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.target import Target
from synthwright.provenance.numbers import plain, share

__all__ = ["gaps", "telling_gaps"]

_MANY = 0.5  # of a column's cells
_FALSE_ALARMS = 0.001  # the chance that gaps which know nothing of the target are said to, over all columns
_FEWEST = 5  # rows with a gap, and without
_STRONG = 0.65  # the area under the curve of the gap alone: beyond it the gap is a predictor
_DECISIVE = 0.95  # beyond it the column is filled in for one outcome and not for the other


def gaps(looked: Looked) -> list[Finding]:
    """The share of cells that are missing, and the columns in which most are."""
    table = looked.table
    rates = {column.name: float(looked.view.missing(column.name).mean()) for column in table.schema}
    found = {name: rate for name, rate in rates.items() if rate > 0}
    if not found:
        return []
    total = sum(rates.values()) / len(rates)
    worst = sorted(found, key=lambda name: -found[name])
    many = [name for name in worst if found[name] >= _MANY]
    told = f"{share(total)} of all cells are missing, in {len(found)} of {len(rates)} columns; most in "
    told += ", ".join(f"{named([name])} ({share(found[name])})" for name in worst[:3]) + "."
    remedy = "Leave the gaps in: methods for mixed tables draw gaps as they draw values, and filling in hides them."
    if many:
        remedy = (
            f"Ask whether {named(many)} is worth keeping; leave the gaps in, methods for mixed tables draw them too."
        )
    return [
        Finding(
            code="gaps.share",
            severity="note",
            figure="share of missing cells",
            value=Estimate.exact(total),
            sentence=told,
            remedy=remedy,
            columns=tuple(worst),
        )
    ]


def telling_gaps(looked: Looked, target: Target) -> list[Finding]:
    """The columns whose gaps hang on the target, the strongest as a finding of its own."""
    known = target.known
    outcome, tests = target.outcome[known], []
    for column in looked.table.schema:
        if column.role == "target":
            continue
        gap = looked.view.missing(column.name)[known]
        if _FEWEST <= gap.sum() <= len(gap) - _FEWEST:
            area, influence = auc_influence(outcome, gap)
            tests.append((column.name, gap, area, float(np.sqrt((influence**2).sum()))))
    if not tests:
        return []
    least = normal(1 - _FALSE_ALARMS / len(tests))
    telling = [one for one in tests if abs(one[2] - 0.5) > least * max(one[3], 1e-12)]
    if not telling:
        return []
    name, gap, area, _ = max(telling, key=lambda one: abs(one[2] - 0.5))
    reach = max(area, 1 - area)
    names = tuple(one[0] for one in sorted(telling, key=lambda one: -abs(one[2] - 0.5)))
    value, told = _compared(target, outcome, gap)
    told = f"Where {named([name])} is missing ({int(gap.sum()):,} rows), {told}."
    if len(names) > 1:
        told += f" Gaps of {len(names) - 1} more column{'s' * (len(names) > 2)} hang on the target too."
    if reach >= _DECISIVE:
        told += " The gap all but gives the target away: the column may be filled in only once the outcome is known."
        remedy = f"Ask when {named([name])} is filled in; leave it out if that is after the outcome."
    else:
        remedy = "Let the model see the gap as a value; rows made up have to keep the link (fidelity.missing_patterns)."
    return [
        Finding(
            code="leak.gap" if reach >= _DECISIVE else "gaps.telling",
            severity="stop" if reach >= _DECISIVE else "warn" if reach >= _STRONG else "note",
            figure=f"difference of {target.told} between rows with the gap and rows without",
            value=value,
            sentence=told,
            remedy=remedy,
            columns=names[:1] if reach >= _DECISIVE else names,
        )
    ]


def _compared(target: Target, outcome: np.ndarray, gap: np.ndarray) -> tuple[Estimate, str]:
    """How much the outcome differs where there is a gap, as a figure and in words."""
    with_gap, without = outcome[gap], outcome[~gap]
    if target.labels:
        value = difference_of_shares(int(with_gap.sum()), len(with_gap), int(without.sum()), len(without))
        shares = f"{share(float(with_gap.mean()))} are {target.labels[target.watched]}, elsewhere "
        ends = f"{100 * value.low:+.1f} to {100 * value.high:+.1f} points"
        return value, f"{shares}{share(float(without.mean()))} (difference {ends})"
    difference = float(with_gap.mean() - without.mean())
    half = normal(0.95) * float(np.sqrt(with_gap.var() / len(with_gap) + without.var() / len(without)))
    value = Estimate(difference, difference - half, difference + half)
    told = f"{target.told} is {plain(float(with_gap.mean()))} on average, elsewhere {plain(float(without.mean()))}"
    return value, f"{told}; the difference is {within(value, sign=True)}"

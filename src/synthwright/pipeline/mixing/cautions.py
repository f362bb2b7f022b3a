"""What to mind of a mix: rows that are lacking, classes that are more frequent than they are, gaps that grew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from synthwright.data.grid import MINIMUM_ROWS
from synthwright.errors import shorten
from synthwright.evaluation.blend_audit import Audit, Change
from synthwright.pipeline.mixing.asking import Mixing
from synthwright.pipeline.mixing.choosing import Chosen
from synthwright.pipeline.mixing.wanted import Wanted

__all__ = ["lacking_told", "shifted", "thinly_known", "widened"]

_MOST_PER_REAL = 5  # the ratio that gates warn of, group by group
_SHIFTED = 0.05  # of a class's share: beyond, chances that a model tells are off by as much
_WORDS = {
    "outcome gap": "the gap of outcomes",
    "demographic parity": "the gap of selection rates of a model",
    "equalized odds": "the gap of error rates of a model",
    "calibration": "the largest error of calibration of a model",
}


def lacking_told(lacking: Mapping[str, int], why: str, *, drawn: bool) -> str:
    """One sentence on the rows that are missing, the groups that miss most first."""
    order = sorted(lacking.items(), key=lambda item: -item[1])
    named = ", ".join(f"{rows:,} of {label}" for label, rows in order[:5])
    more = f" and {len(order) - 5} more groups" if len(order) > 5 else ""
    reason = f": {why}" if why else (": no more could be drawn" if drawn else "")
    return f"{sum(lacking.values()):,} synthetic rows are lacking ({named}{more}){reason}."


def thinly_known(groups: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence where groups have many synthetic rows for each real one that anything is known from."""
    thin = [one for one in groups if one["real"] and one["added"] > _MOST_PER_REAL * one["real"]]
    if not thin:
        return []
    worst = max(thin, key=lambda one: one["added"] / one["real"])
    several = f"{len(thin)} groups have" if len(thin) > 1 else "One group has"
    sentence = (
        f"{several} more than {_MOST_PER_REAL} synthetic rows per real one, above all {worst['label']} "
        f"({worst['added'] / worst['real']:.0f} for each): what so few real rows don't show, these don't either."
    )
    return [sentence]


def shifted(wanted: Wanted, chosen: Chosen, mixing: Mixing, classes: Sequence[str]) -> list[str]:
    """A sentence where classes are more or less frequent in the mix than among real rows."""
    if not classes or not chosen.taken.sum():
        return []
    place = wanted.strata.columns.index(classes[0])
    labels = [values[place] for values in wanted.strata.values]
    real, mix = dict[object, int](), dict[object, int]()
    for at, label in enumerate(labels):
        real[label] = real.get(label, 0) + int(wanted.strata.real[at])
        mix[label] = mix.get(label, 0) + int(chosen.taken[at]) + (int(wanted.strata.real[at]) if mixing.real else 0)
    whole, mixed = sum(real.values()), sum(mix.values())
    shares = {label: (rows / whole, mix[label] / mixed) for label, rows in real.items() if rows >= MINIMUM_ROWS}
    if not shares:
        return []
    most, (before, after) = max(shares.items(), key=lambda item: abs(item[1][1] - item[1][0]))
    if abs(after - before) <= _SHIFTED:
        return []
    name = f"{shorten(classes[0], 40)}={shorten(str(most), 40)}"
    sentence = (
        f"{name} makes up {after:.0%} of the mix and {before:.0%} of the real rows: chances that a model of the mix "
        "tells are off by that; calibrate it on real rows, or set its threshold there."
    )
    return [sentence]


def widened(audited: Audit, balanced: Sequence[str]) -> list[str]:
    """What the mix makes worse for groups."""
    told = [_sentence(one) for one in audited.changes if one.widened]
    told += [
        f"The groups of {shorten(one.division, 60)} are less even than before: the smallest has {one.after:.2f} rows "
        f"per row of the largest, {one.before:.2f} among real rows."
        for one in audited.evenness
        if balanced and set(one.columns) <= set(balanced) and one.after < one.before
    ]
    if told and balanced:
        told.append(
            "Balancing was to mend this: give real rows more weight, balance the target inside the groups as well "
            "(`--balance target,COLUMN`), or use a method that keeps the groups' outcomes."
        )
    return told


def _sentence(one: Change) -> str:
    moved = f"difference {one.change.value:+.3f}, 95 % interval {one.change.low:+.3f} to {one.change.high:+.3f}"
    return (
        f"Between the groups of {shorten(one.division, 60)} {_WORDS[one.figure]} is larger than without synthetic "
        f"rows: {one.after.value:.3f} against {one.before.value:.3f} ({moved})."
    )

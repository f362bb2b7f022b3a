"""What a gain experiment found: a gain with its interval per cell, and the one that is recommended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from synthwright.evaluation.measurement import Estimate
from synthwright.evaluation.records import Recorded
from synthwright.pipeline.gain.cells import Cell
from synthwright.pipeline.gain.costs import Cost
from synthwright.pipeline.gain.worth import Worth

__all__ = ["ArmResult", "Base", "Control", "Gain", "Part", "Recommended", "Row", "cell_record"]


@dataclass(frozen=True, slots=True)
class Base:
    """What all else is compared with: real rows alone, or taken again; and its score on the holdout."""

    arm: str
    score: Estimate


@dataclass(frozen=True, slots=True)
class Row:
    """One cell: its score, and what it gains over real rows; both on rows that the choice never saw.

    `score` and `gain` are on the holdout, `expected` is the gain on the validation rows that the choice is made by.
    `others` are score and gain by every other score. A gain is an improvement: of log loss and errors, a fall.
    """

    cell: Cell
    score: Estimate
    gain: Estimate
    expected: Estimate
    others: Mapping[str, tuple[Estimate, Estimate]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One class or sensitive group: a score within it, and its gain over real rows."""

    name: str
    score: str
    value: Estimate
    gain: Estimate


@dataclass(frozen=True, slots=True)
class ArmResult:
    """An arm at the ratio that validation rows prefer, for the learner that does best on real rows.

    `share` is its part of the largest gain of any method, ``None`` where none gains; `worth` how many real rows teach
    as much as its blend; `parts` its gain per class and group. `control`: it has nothing new to tell.
    """

    row: Row
    control: bool
    share: float | None
    worth: Worth | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """A control beside the candidate: what it gains itself, and what the candidate gains over it."""

    arm: str
    gain: Estimate
    lead: Estimate


@dataclass(frozen=True, slots=True)
class Recommended:
    """The method and ratio to use with the `learner`; no method and ratio 0 where nothing is shown to help.

    The gain and its interval are measured on the holdout, which had no part in the choice.
    """

    method: str | None
    ratio: float
    learner: str
    gain: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, eq=False)
class Gain(Recorded):
    """All cells, the score they are compared by, what real rows reach per learner, and the recommendation.

    `candidate` is what looked best on validation rows, confirmed by the holdout or not; ``None`` if no rows were added.
    `arms` are the methods and controls at their best ratio, `controls` the controls beside the candidate. `costs` are
    CPU seconds per arm: they are no part of `to_json_value`, which depends on seed and inputs alone.
    """

    score: str
    rows: tuple[Row, ...]
    real: Mapping[str, Base]
    recommended: Recommended
    candidate: Row | None
    seeds: int
    n_real: int
    arms: tuple[ArmResult, ...] = ()
    controls: tuple[Control, ...] = ()
    costs: Mapping[str, Cost] = field(default_factory=dict)

    @property
    def helps(self) -> bool:
        """True if a gain was found on validation rows and confirmed by the holdout."""
        return self.recommended.method is not None

    @property
    def sentence(self) -> str:
        """The recommendation in one sentence."""
        learner, real = self.recommended.learner, self.real[self.recommended.learner]
        reached = f"{self.score} of the {learner} model, where {real.arm} reach {real.score.value:.4g}"
        if self.candidate is None:
            return f"Use {real.arm}: no method had rows to add, for all classes are as large; {reached}."
        gain, cell = self.candidate.gain, self.candidate.cell
        what = f"{cell.ratio:.3g} rows of {cell.arm} per real row"
        told = f"{_told(gain)} on unseen real rows in {reached}"
        if self.helps:
            return f"Add {what}: {told}."
        return f"Use {real.arm}: {what} looked best on validation rows, but the holdout does not confirm it: {told}."

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know beside the recommendation: controls that do as well, real rows and money saved."""
        told = []
        if self.helps:
            equal = [one for one in self.controls if one.gain.low > 0 and one.lead.low <= 0]
            told += [
                f"The control {one.arm} gains {one.gain.value:+.4f} by itself, and {self.recommended.method} is not "
                f"shown to do better ({_told(one.lead)} ahead of it): try that first."
                for one in equal
            ]
        else:
            passed = [one.row for one in self.arms if not one.control and one.row.gain.low > 0]
            told += [
                f"{row.cell.ratio:.3g} rows of {row.cell.arm} per real row gain {_told(row.gain)} there, but "
                "validation rows did not choose them: ask again with more seeds, or test rows, before using them."
                for row in passed
                if row != self.candidate
            ]
        chosen = next((one for one in self.arms if one.row == self.candidate), None)
        if chosen is not None and chosen.worth is not None and (self.helps or chosen.worth.saved is not None):
            told.append(chosen.worth.sentence(self.n_real, chosen.row.cell))
        return tuple(told)

    def to_json_value(self) -> dict[str, Any]:
        """Everything as JSON types, but for the time it took."""
        return {
            "score": self.score,
            "seeds": self.seeds,
            "rows": self.n_real,
            "helps": self.helps,
            "recommended": asdict(self.recommended),
            "candidate": None if self.candidate is None else cell_record(self.candidate),
            "sentence": self.sentence,
            "notes": list(self.notes),
            "real": {name: {"arm": one.arm, **asdict(one.score)} for name, one in self.real.items()},
            "controls": [asdict(one) for one in self.controls],
            "arms": [_arm_record(one) for one in self.arms],
            "cells": [cell_record(row) | {"scores": _others(row)} for row in self.rows],
        }

    def to_records(self) -> list[dict[str, Any]]:
        """One flat dictionary per cell."""
        return [cell_record(row) for row in self.rows]


def cell_record(row: Row) -> dict[str, Any]:
    """A cell as one flat dictionary."""
    ends = {name: getattr(row, name) for name in ("score", "gain", "expected")}
    return {
        "arm": row.cell.arm,
        "ratio": row.cell.ratio,
        "with_real_rows": row.cell.real,
        "learner": row.cell.learner,
        **{name: one.value for name, one in ends.items()},
        **{f"{name}_{end}": getattr(one, end) for name, one in ends.items() for end in ("low", "high")},
    }


def _told(gain: Estimate) -> str:
    return f"{gain.value:+.4f} (95 % interval {gain.low:+.4f} to {gain.high:+.4f})"


def _others(row: Row) -> dict[str, Any]:
    return {name: {**asdict(value), "gain": asdict(gain)} for name, (value, gain) in row.others.items()}


def _arm_record(one: ArmResult) -> dict[str, Any]:
    return {
        **cell_record(one.row),
        "control": one.control,
        "share_of_best_gain": one.share,
        "worth": None if one.worth is None else asdict(one.worth),
        "parts": [
            {"part": part.name, "score": part.score, **asdict(part.value), "gain": asdict(part.gain)}
            for part in one.parts
        ],
    }

"""What a gain experiment found: a gain with its interval per cell, and the one that is recommended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from synthwright.evaluation.blends import Scores, over_tables
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.gain.arms import DUPLICATES, REAL
from synthwright.pipeline.gain.experiment import Cell, Scored

__all__ = ["Base", "Gain", "Recommended", "Row", "concluded"]


@dataclass(frozen=True, slots=True)
class Base:
    """What all else is compared with: real rows alone, or taken twice; and its score on the holdout."""

    arm: str
    score: Estimate


@dataclass(frozen=True, slots=True)
class Row:
    """One cell: its score, and what it gains over real rows; both on rows that the choice never saw.

    `score` and `gain` are on the holdout, `expected` is the gain on the validation rows that the choice is made by.
    """

    cell: Cell
    score: Estimate
    gain: Estimate
    expected: Estimate


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
class Gain:
    """All cells, the score they are compared by, what real rows reach per learner, and the recommendation.

    `candidate` is what looked best on validation rows, confirmed by the holdout or not; ``None`` if no rows were added.
    """

    score: str
    rows: tuple[Row, ...]
    real: Mapping[str, Base]
    recommended: Recommended
    candidate: Row | None
    seeds: int

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
        told = f"{gain.value:+.4f} (95 % interval {gain.low:+.4f} to {gain.high:+.4f}) on unseen real rows in {reached}"
        if self.helps:
            return f"Add {what}: {told}."
        return f"Use {real.arm}: {what} looked best on validation rows, but the holdout does not confirm it: {told}."

    def to_json_value(self) -> dict[str, Any]:
        """Everything as JSON types."""
        return {
            "score": self.score,
            "seeds": self.seeds,
            "helps": self.helps,
            "recommended": asdict(self.recommended),
            "candidate": None if self.candidate is None else _record(self.candidate),
            "sentence": self.sentence,
            "real": {name: {"arm": one.arm, **asdict(one.score)} for name, one in self.real.items()},
            "cells": self.to_records(),
        }

    def to_records(self) -> list[dict[str, Any]]:
        """One flat dictionary per cell."""
        return [_record(row) for row in self.rows]

    def to_pandas(self) -> Any:
        """`to_records` as a pandas frame."""
        from synthwright.extras import need

        return need("pandas", for_="to_pandas()").DataFrame(self.to_records())


def concluded(chosen: Scored, judged: Scored, score: str, methods: Sequence[str]) -> Gain:
    """The gains of all cells over real rows, and the best of `methods` by validation rows.

    Real rows stand alone or are taken twice, whichever a learner makes more of on validation rows: what doubling them
    gives (a leaf of 20 rows that is one of 10) is no gain of synthetic ones. The candidate is the cell with the largest
    gain less its standard error. It is recommended if the holdout confirms it: a gain whose interval lies above 0.
    """
    # Every seed has validation rows of its own, so what they contribute is paired within a seed only.
    inner = [{cell: _apart(one, seed) for cell, one in scores.items()} for seed, scores in enumerate(chosen)]

    def middle(cell: Cell) -> float:
        return over_tables([one[cell][score] for one in inner])[0].value

    cells = [cell for cell in judged[0] if all(cell in one for one in (*judged, *inner))]
    learners = dict.fromkeys(cell.learner for cell in cells)
    plain = {name: Cell(REAL.name, 0.0, True, name) for name in learners}
    base = {name: max((plain[name], Cell(DUPLICATES.name, 1.0, True, name)), key=middle) for name in learners}
    best = max(learners, key=lambda name: middle(base[name]))
    rows, candidates = [], []
    for cell in cells:
        if cell == base[cell.learner]:
            continue
        expected, error = over_tables([one[cell][score] - one[base[cell.learner]][score] for one in inner])
        gain, _ = over_tables([one[cell][score] - one[base[cell.learner]][score] for one in judged])
        row = Row(cell, over_tables([one[cell][score] for one in judged])[0], gain, expected)
        rows.append(row)
        if cell.learner == best and cell.real and cell.arm in methods:
            candidates.append((expected.value - error, row))
    real = {name: Base(cell.arm, over_tables([one[cell][score] for one in judged])[0]) for name, cell in base.items()}
    candidate = max(candidates, key=lambda pair: pair[0])[1] if candidates else None
    recommended = Recommended(None, 0.0, best)
    if candidate is not None and candidate.gain.low > 0:
        gain = candidate.gain
        recommended = Recommended(candidate.cell.arm, candidate.cell.ratio, best, gain.value, gain.low, gain.high)
    return Gain(score, tuple(rows), real, recommended, candidate, len(judged))


def _apart(scores: Scores, seed: int) -> Scores:
    return {name: figure.apart(f"seed {seed}") for name, figure in scores.items()}


def _record(row: Row) -> dict[str, Any]:
    ends = {name: getattr(row, name) for name in ("score", "gain", "expected")}
    return {
        "arm": row.cell.arm,
        "ratio": row.cell.ratio,
        "with_real_rows": row.cell.real,
        "learner": row.cell.learner,
        **{name: one.value for name, one in ends.items()},
        **{f"{name}_{end}": getattr(one, end) for name, one in ends.items() for end in ("low", "high")},
    }

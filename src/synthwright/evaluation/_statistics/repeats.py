"""A figure that was measured once per seed, on the same test rows: its mean, and what another seed would change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from synthwright.evaluation._statistics.figure import Figure, mean
from synthwright.evaluation._statistics.intervals import student
from synthwright.evaluation.measurement import Estimate

__all__ = ["Luck", "Repeated", "lucks"]

TRUST = 4.0  # degrees of freedom that all other arms are worth at most; 2 to 8: benchmarks/gain_intervals.py
_SAME = 1e-9  # of the variance of rows: seeds that differ by less say the same, but for rounding


@dataclass(frozen=True, slots=True)
class Luck:
    """How much more seeds differ than test rows alone would make them: the ratio of variances, and how sure it is.

    1 is what test rows explain: two equally good models are not right on the same rows.
    """

    ratio: float
    freedom: float


@dataclass(frozen=True, slots=True)
class Repeated:
    """The mean of a figure over seeds, and the variances that its interval comes from.

    `rows` is the sampling variance of the mean for other test rows, known with `freedom`; `between` the variance of the
    seeds' values, and `shared` as much of that as other test rows would change: the part of it that `rows` knows, too.
    """

    value: float
    rows: float
    between: float
    shared: float
    freedom: float
    seeds: int

    @classmethod
    def of(cls, figures: Sequence[Figure]) -> Self:
        """The figures of all seeds, one each."""
        middle, seeds = mean(figures), len(figures)
        if seeds == 1:
            return cls(middle.value, middle.variance, 0.0, 0.0, _freedom(middle), 1)
        between = float(np.var([one.value for one in figures], ddof=1))
        shared = sum((one - middle).variance for one in figures) / (seeds - 1)
        return cls(middle.value, middle.variance, between, shared, _freedom(middle), seeds)

    @property
    def luck(self) -> Luck | None:
        """What these seeds say by themselves; ``None`` where all of them say the same."""
        if self.seeds == 1 or self.shared <= _SAME * self.rows:
            return None
        return Luck(self.between / self.shared, self.seeds - 1)

    def within(self, luck: Luck | None = None) -> tuple[Estimate, float]:
        """The mean inside its interval for other test rows and other seeds, and the standard error.

        The variance of a mean over S seeds that meet the same test rows is that of the mean for other rows, and
        1 / S of what seeds differ by *beyond* their rows (the analysis of variance of readers and cases: Obuchowski &
        Rockette 1995): rows that one seed gets right and another wrong are in both, and count once. Two seeds know
        their spread with one degree of freedom, and Student's quantile of that is 12.7; `luck` is what the other arms
        of the experiment know of it. Degrees of freedom are Satterthwaite's (1946). Of one seed the interval is for
        other rows alone.
        """
        known = luck or self.luck
        if self.seeds == 1 or known is None:
            return self._inside(math.sqrt(self.rows), self.freedom)
        spread = known.ratio * self.shared / self.seeds
        beyond = max(known.ratio - 1.0, 0.0) * self.shared / self.seeds
        total = self.rows + beyond
        if beyond == 0 or total == 0:
            return self._inside(math.sqrt(self.rows), self.freedom)
        unsure = self.rows**2 / self.freedom + spread**2 / known.freedom
        return self._inside(math.sqrt(total), total**2 / unsure)

    def _inside(self, error: float, freedom: float) -> tuple[Estimate, float]:
        half = student(0.95, max(int(freedom), 1)) * error if error > 0 else 0.0
        return Estimate(self.value, self.value - half, self.value + half), error


def _freedom(figure: Figure) -> float:
    """Degrees of freedom of the figure's variance: as many as rows, less one, where all move it alike.

    A sum of squares in which few are large is known no better than these few: the area under a curve moves with the 40
    rows of a rare class, whatever the 2,000 others do. By the fourth moment of the moves (Satterthwaite 1946).
    """
    squares = np.concatenate([move**2 for move in figure.moves.values()] or [np.zeros(1)])
    rows, total = len(squares), float(squares.sum())
    uneven = float((squares**2).sum()) - total**2 / rows
    if total == 0 or uneven <= 0:
        return max(rows - 1.0, 1.0)
    return min(max(2 * total**2 / uneven, 1.0), max(rows - 1.0, 1.0))


def lucks(arms: Mapping[str, Sequence[Repeated]], trust: float = TRUST) -> dict[str, Luck]:
    """The luck of every arm of one experiment: its own, drawn towards the mean of all others.

    Arms learn from the same rows, with the same learner, and are tested on the same rows; how much their seeds differ
    depends on these more than on the arm. Own and other variances are weighted by their degrees of freedom, and those
    of the others count for `trust` at most (the moderated variance of Smyth 2004, whose prior has about as many). The
    cells of one arm share their rows, and have no more degrees of freedom than one of them. An arm whose seeds all
    say the same has no luck, and says nothing of others'.
    """
    own: dict[str, Luck] = {}
    for name, cells in arms.items():
        known = [one.luck for one in cells if one.luck is not None]
        if known:
            own[name] = Luck(float(np.mean([one.ratio for one in known])), known[0].freedom)
    found = {}
    for name, mine in own.items():
        others = [one for other, one in own.items() if other != name]
        trusted = min(trust, sum(one.freedom for one in others))
        ratio = float(np.mean([one.ratio for one in others])) if others else 0.0
        freedom = mine.freedom + trusted
        found[name] = Luck((mine.freedom * mine.ratio + trusted * ratio) / freedom, freedom)
    return found

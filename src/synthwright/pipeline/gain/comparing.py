"""What cells gain over real rows on validation rows and on the holdout, each in an interval for rows and seeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from synthwright.evaluation.bench import LOWER_IS_BETTER
from synthwright.evaluation.curves import Figure, Luck, Point, Repeated, lucks
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.gain.arms import CURVE, DUPLICATES, REAL, SHUFFLED
from synthwright.pipeline.gain.cells import Cell
from synthwright.pipeline.gain.experiment import Stage
from synthwright.pipeline.gain.result import Part, Row
from synthwright.pipeline.gain.worth import Prices, Worth, worth_of
from synthwright.seeding import Streams

__all__ = ["Compared", "real_rows"]

_Lucks = Mapping[tuple[str, str], Luck]  # by learner and arm


@dataclass(frozen=True, eq=False)
class Compared:
    """Both stages, and what is computed from them: gains by `score`, whichever way it is better.

    What seeds differ by is learnt from all arms of a learner together: a few seeds of one arm say little about it.
    """

    chosen: tuple[Stage, ...]
    judged: tuple[Stage, ...]
    score: str

    @cached_property
    def cells(self) -> list[Cell]:
        """All that can be compared: they are there in every stage, with every seed."""
        stages = (*self.judged, *self.chosen)
        return [cell for cell in self.judged[0].made if all(cell in one.made for one in stages)]

    @property
    def n_real(self) -> int:
        """The real rows that models learn from."""
        return self.judged[0].bench.n_real

    @cached_property
    def base(self) -> dict[str, Cell]:
        """What stands for the real rows, per learner.

        They stand alone, or are taken again where that is better on validation rows by more than a standard error.
        """
        found = {}
        for name in dict.fromkeys(cell.learner for cell in self.cells):
            plain = real_rows(name)
            again = {
                cell: expected.value - error
                for cell in self.cells
                if cell.arm == DUPLICATES.name and cell.learner == name
                for expected, error in [self.expected(cell, plain)]
            }
            best = max(again, key=again.__getitem__, default=plain)
            found[name] = best if again.get(best, 0.0) > 0 else plain
        return found

    def skill(self, cell: Cell) -> float:
        """The score of `cell` on validation rows; more is better."""
        return Repeated.of([self._validated(seed, cell) for seed in range(len(self.chosen))]).value

    def expected(self, cell: Cell, base: Cell) -> tuple[Estimate, float]:
        """What `cell` gains over `base` on validation rows, and the standard error."""
        return self._expected(cell, base).within(_luck_of(self._chosen_luck, cell))

    def rows(self) -> dict[Cell, tuple[Row, float]]:
        """All figures of every cell but the bases, and by what it is chosen: its expected gain less the error of it."""
        told = {cell: self._told(cell) for cell in self.cells if cell != self.base[cell.learner]}
        names = list(next(iter(told.values()))) if told else []
        luck = {name: _lucks({cell: pair[name][1] for cell, pair in told.items()}) for name in names}
        found = {}
        for cell, pairs in told.items():
            within = {
                name: tuple(one.within(_luck_of(luck[name], cell))[0] for one in pair) for name, pair in pairs.items()
            }
            expected, error = self.expected(cell, self.base[cell.learner])
            score, gain = within[self.score]
            others = {name: (one[0], one[1]) for name, one in within.items() if name != self.score}
            found[cell] = Row(cell, score, gain, expected, others), expected.value - error
        return found

    def value(self, cell: Cell) -> Estimate:
        """The score of `cell` on the holdout."""
        return Repeated.of([stage.headline(cell, self.score) for stage in self.judged]).within()[0]

    def gain(self, cell: Cell, base: Cell) -> Estimate:
        """What `cell` gains over `base` on the holdout."""
        return self._gain(cell, base).within(_luck_of(self._judged_luck, cell))[0]

    def parts(self, cell: Cell) -> tuple[Part, ...]:
        """What `cell` gains per class and per group; the spread of its own seeds is all that is known of these."""
        base = self.base[cell.learner]
        mine = [stage.bench.parts(stage.predictions(cell)) for stage in self.judged]
        real = [stage.bench.parts(stage.predictions(base)) for stage in self.judged]
        found = []
        for part, scores in mine[0].items():
            for score in scores:
                values = [one[part][score] for one in mine]
                gains = [value - one[part][score] for value, one in zip(values, real, strict=True)]
                found.append(Part(part, score, *(Repeated.of(some).within()[0] for some in (values, gains))))
        return tuple(found)

    def worth(self, cell: Cell, prices: Prices, streams: Streams) -> Worth | None:
        """How many real rows `cell` is worth."""
        points: dict[int, list[Figure]] = {}
        for stage in self.judged:
            for one in stage.made:
                if one.arm == CURVE.name and one.learner == cell.learner:
                    points.setdefault(self.n_real // one.part[0], []).append(self._scored(stage, one))
        real = Point(self.n_real, [self._scored(stage, real_rows(cell.learner)) for stage in self.judged])
        floor = Point(0, [self.judged[0].bench.without_skill()[self.score].times(_sign(self.score))])
        curve = [floor, *(Point(rows, scores) for rows, scores in sorted(points.items())), real]
        blends = [self._scored(stage, cell) for stage in self.judged]
        made = int(np.rint(cell.ratio * self.n_real))
        return worth_of(curve, real.score, blends, made, prices, streams.at("gain", "worth", cell.arm))

    @cached_property
    def _chosen_luck(self) -> _Lucks:
        return self._luck(self._expected)

    @cached_property
    def _judged_luck(self) -> _Lucks:
        return self._luck(self._gain)

    def _luck(self, gain: Callable[[Cell, Cell], Repeated]) -> _Lucks:
        """What all arms say of how seeds differ, by their gains over the real rows alone."""
        return _lucks({cell: gain(cell, real_rows(cell.learner)) for cell in self.cells if cell.arm != REAL.name})

    def _expected(self, cell: Cell, base: Cell) -> Repeated:
        seeds = range(len(self.chosen))
        return Repeated.of([self._validated(seed, cell) - self._validated(seed, base) for seed in seeds])

    def _gain(self, cell: Cell, base: Cell) -> Repeated:
        return Repeated.of([self._scored(stage, cell) - self._scored(stage, base) for stage in self.judged])

    def _validated(self, seed: int, cell: Cell) -> Figure:
        """Every seed has validation rows of its own: what they contribute is paired within a seed only."""
        return self._scored(self.chosen[seed], cell).apart(f"seed {seed}")

    def _scored(self, stage: Stage, cell: Cell) -> Figure:
        return stage.headline(cell, self.score).times(_sign(self.score))

    def _told(self, cell: Cell) -> dict[str, tuple[Repeated, Repeated]]:
        """Every score of `cell` on the holdout, and what it gains by it."""
        scores = [stage.scores(cell) for stage in self.judged]
        found = {}
        for name in scores[0]:
            gains = [
                (one[name] - real[name]).times(_sign(name))
                for one, real in zip(scores, self._real[cell.learner], strict=True)
            ]
            found[name] = Repeated.of([one[name] for one in scores]), Repeated.of(gains)
        return found

    @cached_property
    def _real(self) -> dict[str, list[Mapping[str, Figure]]]:
        """Every score of what stands for the real rows, per learner and seed."""
        return {learner: [stage.scores(cell) for stage in self.judged] for learner, cell in self.base.items()}


def real_rows(learner: str) -> Cell:
    """The cell of real rows alone."""
    return Cell(REAL.name, 0.0, True, learner)


def _sign(score: str) -> float:
    return -1.0 if score in LOWER_IS_BETTER else 1.0


def _luck_of(luck: _Lucks, cell: Cell) -> Luck | None:
    """What is known beside the seeds of the cell; nothing of cells that are unlike all others."""
    return luck.get((cell.learner, cell.arm)) if _is_alike(cell) else None


def _is_alike(cell: Cell) -> bool:
    """True for blends with real rows: without them, or without targets, models differ more from seed to seed."""
    return cell.real and cell.arm != SHUFFLED


def _lucks(gains: Mapping[Cell, Repeated]) -> _Lucks:
    """The luck of every arm of every learner, of the cells that are alike."""
    found: dict[tuple[str, str], Luck] = {}
    for learner in dict.fromkeys(cell.learner for cell in gains):
        arms: dict[str, list[Repeated]] = {}
        for cell, one in gains.items():
            if cell.learner == learner and _is_alike(cell):
                arms.setdefault(cell.arm, []).append(one)
        found |= {(learner, arm): one for arm, one in lucks(arms).items()}
    return found

"""From what cells predict to gains, and from gains to one recommendation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from synthwright.errors import UnknownName
from synthwright.evaluation.bench import LOWER_IS_BETTER, Scores
from synthwright.evaluation.blends import over_tables
from synthwright.evaluation.curves import Figure, Point
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.gain.arms import CURVE, DUPLICATES, OVERSAMPLED, REAL, SHUFFLED, WEIGHTS
from synthwright.pipeline.gain.cells import Cell
from synthwright.pipeline.gain.costs import Cost, cost_of
from synthwright.pipeline.gain.experiment import Stage
from synthwright.pipeline.gain.result import ArmResult, Base, Control, Gain, Part, Recommended, Row
from synthwright.pipeline.gain.worth import Prices, Worth, worth_of
from synthwright.seeding import Streams

__all__ = ["concluded"]

_NOT_WEIGHED = {REAL.name, DUPLICATES.name, SHUFFLED}  # against further real rows: they stand for none


def concluded(
    chosen: Sequence[Stage],
    judged: Sequence[Stage],
    score: str,
    methods: Sequence[str],
    *,
    prices: Prices,
    streams: Streams,
) -> Gain:
    """The gains of all cells over real rows, and the best of `methods` by validation rows.

    Real rows stand alone, or are taken again where that is better on validation rows by more than a standard error:
    what doubling them gives (a leaf of 20 rows that is one of 10) is no gain of synthetic ones. The candidate is the
    cell with the largest gain less its standard error. It is recommended if the holdout confirms it: the intervals of
    its gain over that base, and over the real rows alone, lie above 0.

    Raises
    ------
    UnknownName
        There is no such `score` for this target.
    """
    known = judged[0].scores(next(iter(judged[0].made)))
    if score not in known:
        raise UnknownName.among("score", score, known)
    trials = _Trials(tuple(chosen), tuple(judged), score, -1.0 if score in LOWER_IS_BETTER else 1.0)
    rows, base = {}, trials.base
    best = max(base, key=lambda name: trials.expected(base[name], None)[0].value)
    weighed: dict[Cell, float] = {}
    for cell in trials.cells:
        if cell != base[cell.learner]:
            rows[cell], weighed[cell] = trials.row(cell, base[cell.learner])
    own = [cell for cell in rows if cell.learner == best and cell.real]
    found = [cell for cell in own if cell.arm in methods]
    candidate = max(found, key=weighed.__getitem__, default=None)
    recommended = Recommended(None, 0.0, best)
    if candidate is not None and trials.confirms(candidate, base[best]):
        gain = rows[candidate].gain
        recommended = Recommended(candidate.arm, candidate.ratio, best, gain.value, gain.low, gain.high)
    tops = {name: max((one for one in own if one.arm == name), key=weighed.__getitem__) for name in _names(own)}
    most = max((rows[tops[name]].gain.value for name in methods if name in tops), default=0.0)
    leader = next((one for one in tops.values() if one.arm in methods and rows[one].gain.value == most), None)
    return Gain(
        score=score,
        rows=tuple(rows.values()),
        real={name: Base(cell.arm, trials.value(cell)) for name, cell in base.items()},
        recommended=recommended,
        candidate=None if candidate is None else rows[candidate],
        seeds=len(judged),
        n_real=trials.n_real,
        arms=tuple(
            ArmResult(
                rows[one],
                name not in methods,
                rows[one].gain.value / most if most > 0 else None,
                None if name in _NOT_WEIGHED else trials.worth(one, prices, streams),
                trials.parts(one, base[best]),
            )
            for name, one in tops.items()
        ),
        controls=tuple(
            Control(name, rows[tops[name]].gain, trials.gain(candidate, tops[name], score))
            for name in (DUPLICATES.name, WEIGHTS.name, OVERSAMPLED)
            if candidate is not None and name in tops and name not in methods
        ),
        costs=_costs(judged, {one: rows[one].gain.value for one in tops.values()}, leader),
    )


def _names(cells: Sequence[Cell]) -> list[str]:
    return list(dict.fromkeys(cell.arm for cell in cells))


def _costs(judged: Sequence[Stage], gains: Mapping[Cell, float], leader: Cell | None) -> dict[str, Cost]:
    """What each cell costs, also as a share of what `leader` does; by arm."""
    made = [stage.made for stage in judged]
    spent = None if leader is None else cost_of(leader, made, 0.0, None).total
    return {cell.arm: cost_of(cell, made, gain, spent) for cell, gain in gains.items()}


@dataclass(frozen=True, eq=False)
class _Trials:
    """Both stages, and what is computed from them; `sign` is -1 for a score of which less is better."""

    chosen: tuple[Stage, ...]
    judged: tuple[Stage, ...]
    score: str
    sign: float

    @property
    def cells(self) -> list[Cell]:
        """All that can be compared: they are there in every stage, with every seed."""
        stages = (*self.judged, *self.chosen)
        return [cell for cell in self.judged[0].made if all(cell in one.made for one in stages)]

    @property
    def n_real(self) -> int:
        return len(self.judged[0].bench.task.y["train"])

    @cached_property
    def base(self) -> dict[str, Cell]:
        """What stands for the real rows, per learner."""
        found = {}
        for name in dict.fromkeys(cell.learner for cell in self.cells):
            plain = Cell(REAL.name, 0.0, True, name)
            again = {
                cell: expected.value - error
                for cell in self.cells
                if cell.arm == DUPLICATES.name and cell.learner == name
                for expected, error in [self.expected(cell, plain)]
            }
            best = max(again, key=again.__getitem__, default=plain)
            found[name] = best if again.get(best, 0.0) > 0 else plain
        return found

    @cached_property
    def _real(self) -> dict[tuple[Cell, int], Scores]:
        """Scores on the holdout of the cells that all others are compared with, per seed."""
        return {(cell, at): stage.scores(cell) for cell in self.base.values() for at, stage in enumerate(self.judged)}

    def expected(self, cell: Cell, base: Cell | None) -> tuple[Estimate, float]:
        """What `cell` gains over `base` on validation rows (of none: its score), and the standard error.

        Every seed has validation rows of its own, so what they contribute is paired within a seed only.
        """
        differences = []
        for seed, stage in enumerate(self.chosen):
            figure = stage.headline(cell, self.score)
            if base is not None:
                figure = figure - stage.headline(base, self.score)
            differences.append(figure.times(self.sign).apart(f"seed {seed}"))
        return over_tables(differences)

    def row(self, cell: Cell, base: Cell) -> tuple[Row, float]:
        """All figures of `cell`, and its gain on validation rows less the standard error, by which cells are chosen."""
        expected, error = self.expected(cell, base)
        scores = [stage.scores(cell) for stage in self.judged]
        value, others = {}, {}
        for name in scores[0]:
            sign = -1.0 if name in LOWER_IS_BETTER else 1.0
            gains = [(one[name] - self._real[base, at][name]).times(sign) for at, one in enumerate(scores)]
            value[name] = over_tables([one[name] for one in scores])[0], over_tables(gains)[0]
        others = {name: pair for name, pair in value.items() if name != self.score}
        return Row(cell, *value[self.score], expected, others), expected.value - error

    def value(self, cell: Cell) -> Estimate:
        """The score of `cell` on the holdout."""
        return over_tables([stage.headline(cell, self.score) for stage in self.judged])[0]

    def gain(self, cell: Cell, base: Cell, score: str) -> Estimate:
        """What `cell` gains over `base` on the holdout."""
        figures = [stage.headline(cell, score) - stage.headline(base, score) for stage in self.judged]
        return over_tables([one.times(self.sign) for one in figures])[0]

    def confirms(self, cell: Cell, base: Cell) -> bool:
        """True if the holdout shows a gain of `cell` over `base`, and over the real rows alone."""
        plain = Cell(REAL.name, 0.0, True, cell.learner)
        return all(self.gain(cell, one, self.score).low > 0 for one in dict.fromkeys((base, plain)))

    def parts(self, cell: Cell, base: Cell) -> tuple[Part, ...]:
        """What `cell` gains over `base` per class and per group."""
        mine = [stage.bench.parts(stage.predictions(cell)) for stage in self.judged]
        real = [stage.bench.parts(stage.predictions(base)) for stage in self.judged]
        return tuple(
            Part(
                part,
                score,
                over_tables([one[part][score] for one in mine])[0],
                over_tables([one[part][score] - other[part][score] for one, other in zip(mine, real, strict=True)])[0],
            )
            for part, scores in mine[0].items()
            for score in scores
        )

    def worth(self, cell: Cell, prices: Prices, streams: Streams) -> Worth | None:
        """How many real rows `cell` is worth."""
        plain = Cell(REAL.name, 0.0, True, cell.learner)
        points: dict[int, list[Figure]] = {}
        for stage in self.judged:
            for one in stage.made:
                if one.arm == CURVE.name and one.learner == cell.learner:
                    rows = self.n_real // one.part[0]
                    points.setdefault(rows, []).append(stage.headline(one, self.score).times(self.sign))
        real = Point(self.n_real, [stage.headline(plain, self.score).times(self.sign) for stage in self.judged])
        floor = Point(0, [self.judged[0].bench.without_skill()[self.score].times(self.sign)])
        curve = [floor, *(Point(rows, scores) for rows, scores in sorted(points.items())), real]
        blends = [stage.headline(cell, self.score).times(self.sign) for stage in self.judged]
        made = int(np.rint(cell.ratio * self.n_real))
        return worth_of(curve, real.score, blends, made, prices, streams.at("gain", "worth", cell.arm))

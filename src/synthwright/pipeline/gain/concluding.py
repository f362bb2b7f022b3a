"""From what cells gain to one recommendation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from synthwright.errors import UnknownName
from synthwright.pipeline.gain.arms import DUPLICATES, OVERSAMPLED, REAL, SHUFFLED, WEIGHTS
from synthwright.pipeline.gain.cells import Cell
from synthwright.pipeline.gain.comparing import Compared, real_rows
from synthwright.pipeline.gain.costs import Cost, cost_of
from synthwright.pipeline.gain.experiment import Stage
from synthwright.pipeline.gain.result import ArmResult, Base, Control, Gain, Recommended, Row
from synthwright.pipeline.gain.worth import Prices
from synthwright.seeding import Streams

__all__ = ["concluded"]

_NOT_WEIGHED = {REAL.name, DUPLICATES.name, SHUFFLED}  # against further real rows: they stand for none


@dataclass(frozen=True, eq=False)
class _Choice:
    """The learner that does best on real rows, the best cell of every arm for it, and the best of the methods.

    All of it comes from validation rows. `rows` has the figures of every cell, of all learners.
    """

    learner: str
    rows: Mapping[Cell, Row]
    tops: Mapping[str, Cell]
    candidate: Cell | None
    methods: Sequence[str]

    @property
    def most(self) -> float:
        """The largest gain of a method on the holdout, or 0."""
        return max((self.rows[one].gain.value for name, one in self.tops.items() if name in self.methods), default=0.0)


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
    compared = Compared(tuple(chosen), tuple(judged), score)
    choice = _chosen(compared, methods)
    return Gain(
        score=score,
        rows=tuple(choice.rows.values()),
        real={name: Base(cell.arm, compared.value(cell)) for name, cell in compared.base.items()},
        recommended=_recommended(compared, choice),
        candidate=None if choice.candidate is None else choice.rows[choice.candidate],
        seeds=len(judged),
        n_real=compared.n_real,
        arms=_arms(compared, choice, prices, streams),
        controls=_controls(compared, choice),
        costs=_costs(judged, choice),
    )


def _chosen(compared: Compared, methods: Sequence[str]) -> _Choice:
    """What validation rows prefer: by the gain less its standard error."""
    base, found = compared.base, compared.rows()
    learner = max(base, key=lambda name: compared.skill(base[name]))
    own = [cell for cell in found if cell.learner == learner and cell.real]
    weighed = {cell: by for cell, (_, by) in found.items()}
    candidate = max((cell for cell in own if cell.arm in methods), key=weighed.__getitem__, default=None)
    names = dict.fromkeys(cell.arm for cell in own)
    tops = {name: max((one for one in own if one.arm == name), key=weighed.__getitem__) for name in names}
    return _Choice(learner, {cell: row for cell, (row, _) in found.items()}, tops, candidate, methods)


def _recommended(compared: Compared, choice: _Choice) -> Recommended:
    """The candidate, if the holdout shows its gain over what stands for the real rows, and over these alone."""
    one = choice.candidate
    if one is None or min(choice.rows[one].gain.low, compared.gain(one, real_rows(one.learner)).low) <= 0:
        return Recommended(None, 0.0, choice.learner)
    gain = choice.rows[one].gain
    return Recommended(one.arm, one.ratio, choice.learner, gain.value, gain.low, gain.high)


def _arms(compared: Compared, choice: _Choice, prices: Prices, streams: Streams) -> tuple[ArmResult, ...]:
    most = choice.most
    return tuple(
        ArmResult(
            choice.rows[one],
            name not in choice.methods,
            choice.rows[one].gain.value / most if most > 0 else None,
            None if name in _NOT_WEIGHED else compared.worth(one, prices, streams),
            compared.parts(one),
        )
        for name, one in choice.tops.items()
    )


def _controls(compared: Compared, choice: _Choice) -> tuple[Control, ...]:
    """What stands beside the candidate and has nothing new to tell."""
    candidate, tops = choice.candidate, choice.tops
    return tuple(
        Control(name, choice.rows[tops[name]].gain, compared.gain(candidate, tops[name]))
        for name in (DUPLICATES.name, WEIGHTS.name, OVERSAMPLED)
        if candidate is not None and name in tops and name not in choice.methods
    )


def _costs(judged: Sequence[Stage], choice: _Choice) -> dict[str, Cost]:
    """What each arm costs, also as a share of what the method with the largest gain does."""
    made = [stage.made for stage in judged]
    gains = {one: choice.rows[one].gain.value for one in choice.tops.values()}
    leader = next((one for one, gain in gains.items() if one.arm in choice.methods and gain == choice.most), None)
    spent = None if leader is None else cost_of(leader, made, 0.0, None).total
    return {cell.arm: cost_of(cell, made, gain, spent) for cell, gain in gains.items()}

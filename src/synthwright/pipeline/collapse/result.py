"""What a collapse watch found: every figure per round with its interval, and what was lost since the first one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from synthwright.evaluation.measurement import Estimate
from synthwright.evaluation.records import Recorded
from synthwright.evaluation.variety import MEANINGS, Figure, adjusted, chance_of, mean, of_real_rows, over_tables
from synthwright.pipeline.collapse.rounds import Chain, Mode, Walked

__all__ = ["CollapseWatch", "Fall", "Point", "concluded"]

_ALPHA = 0.05  # the chance to call any loss of a mode where there is none
_NAMES = {
    "coverage": "coverage",
    "distinct": "distinct rows",
    "modes": "effective modes",
    "tails": "tail mass",
    "tstr": "TSTR",
}
_LEARNT: Mapping[Mode, str] = {
    "replace": "each learning from the rows of the one before alone",
    "accumulate": "with the real rows and all earlier rounds kept",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of one round: a mean over chains, and how much it changed since the first round of the same chains."""

    mode: Mode
    round: int
    figure: str
    estimate: Estimate
    change: Estimate


@dataclass(frozen=True, slots=True)
class Fall:
    """What became of one figure: in the first round, in the last, and its trend between them over all rounds.

    `change` is the trend, paired by chain and by real row; `chance` that of such a trend where there is none, after
    Holm's correction over the figures of the mode.
    """

    mode: Mode
    figure: str
    first: Estimate
    last: Estimate
    change: Estimate
    chance: float

    @property
    def lost(self) -> bool:
        """True where the figure surely falls."""
        return self.chance < _ALPHA and self.change.value < 0


@dataclass(frozen=True, eq=False)
class CollapseWatch(Recorded):
    """All figures of all rounds; `real` is what as many real rows have; `ended` says which mode stopped early, and why.

    `rounds` of the modes are those that all chains reached. Intervals hold for other real rows and, with two `seeds` or
    more, for other chains.
    """

    method: str
    rounds: int
    seeds: int
    rows: int
    score: str
    real: Mapping[str, Estimate]
    points: tuple[Point, ...]
    falls: tuple[Fall, ...]
    ended: Mapping[Mode, str]

    @property
    def modes(self) -> tuple[Mode, ...]:
        """How rounds learnt, in the order they are told."""
        return tuple(dict.fromkeys(point.mode for point in self.points))

    def collapses(self, mode: Mode = "replace") -> bool:
        """True if anything was surely lost between the first and the last round, or nothing was left to learn from."""
        return mode in self.ended or any(fall.lost for fall in self.falls if fall.mode == mode)

    @property
    def sentence(self) -> str:
        """The verdict in a sentence per mode."""
        return " ".join(self._told(mode) for mode in self.modes)

    def _told(self, mode: Mode) -> str:
        falls = [fall for fall in self.falls if fall.mode == mode]
        last = max((point.round for point in self.points if point.mode == mode), default=1)
        start = f"After {last} rounds, {_LEARNT[mode]}, {self.method}"
        end = f" It went no further: {self.ended[mode]}." if mode in self.ended else ""
        lost = [fall for fall in falls if fall.lost]
        if lost:
            return f"{start} has lost {'; '.join(_change(fall) for fall in lost)}.{end}"
        most = f"; most of all {_change(min(falls, key=lambda fall: fall.change.value))}" if falls else ""
        return f"{start} is not shown to have lost anything{most}.{end}"

    def to_json_value(self) -> dict[str, Any]:
        """Everything as JSON types."""
        return {
            "method": self.method,
            "rounds": self.rounds,
            "seeds": self.seeds,
            "rows": self.rows,
            "score": self.score,
            "sentence": self.sentence,
            "collapses": {mode: self.collapses(mode) for mode in self.modes},
            "ended": dict(self.ended),
            "real": {name: asdict(one) for name, one in self.real.items()},
            "falls": [{**asdict(fall), "lost": fall.lost} for fall in self.falls],
            "points": self.to_records(),
        }

    def to_records(self) -> list[dict[str, Any]]:
        """One flat dictionary per mode, round and figure."""
        return [
            {
                "mode": one.mode,
                "round": one.round,
                "figure": one.figure,
                **asdict(one.estimate),
                **{f"change{end}": getattr(one.change, name) for name, end in _ENDS.items()},
            }
            for one in self.points
        ]


_ENDS = {"value": "", "low": "_low", "high": "_high"}


def concluded(
    walked: Mapping[Chain, Walked], *, method: str, rounds: int, seeds: int, rows: int, score: str
) -> CollapseWatch:
    """The figures of all chains, and what they lost between the first and the last round that all of them reached."""
    points, falls = list[Point](), list[Fall]()
    ended: dict[Mode, str] = {}
    for mode in dict.fromkeys(chain.mode for chain in walked):
        chains = [one for chain, one in walked.items() if chain.mode == mode]
        if early := [one.ended for one in chains if one.ended]:
            ended[mode] = early[0]
        told = []
        for name in MEANINGS:
            series = _series(name, chains)
            points += _points(mode, name, series)
            if len(series) > 1:
                told.append(_fall(mode, name, series))
        chances = adjusted([fall.chance for fall in told])
        falls += [replace(fall, chance=chance) for fall, chance in zip(told, chances, strict=True)]
    real = next(iter(walked.values())).real
    return CollapseWatch(
        method=method,
        rounds=rounds,
        seeds=seeds,
        rows=rows,
        score=score,
        real={name: over_tables([figure])[0] for name, figure in real.items()},
        points=tuple(points),
        falls=tuple(falls),
        ended=ended,
    )


_Series = list[list[Figure]]  # of one figure: the chains of each round


def _series(name: str, chains: Sequence[Walked]) -> _Series:
    """The figure round by round, as far as all chains have it."""
    found: _Series = []
    for at in range(min(len(chain.rounds) for chain in chains)):
        known = [chain.rounds[at][name] for chain in chains if name in chain.rounds[at]]
        if len(known) < len(chains):
            break
        found.append(known if len(known) == 1 else [of_real_rows(one) for one in known])
    return found


def _points(mode: Mode, name: str, series: _Series) -> list[Point]:
    points = []
    for number, figures in enumerate(series, start=1):
        changes = [now - first for now, first in zip(figures, series[0], strict=True)]
        change = over_tables(changes)[0] if number > 1 else Estimate.exact(0.0)
        points.append(Point(mode, number, name, over_tables(figures)[0], change))
    return points


def _fall(mode: Mode, name: str, series: _Series) -> Fall:
    """The straight line through all rounds of each chain, first to last: it errs less than the difference of two."""
    at = np.arange(len(series)) - (len(series) - 1) / 2
    weights = at / (at @ at) * (len(series) - 1)
    trends = [
        mean([figure.times(len(series) * float(weight)) for figure, weight in zip(chain, weights, strict=True)])
        for chain in zip(*series, strict=True)
    ]
    first, last = (over_tables(figures)[0] for figures in (series[0], series[-1]))
    return Fall(mode, name, first, last, over_tables(trends)[0], chance_of(trends))


def _change(fall: Fall) -> str:
    name = _NAMES[fall.figure]
    told = f"{fall.change.value:+.3f}, 95 % interval {fall.change.low:+.3f} to {fall.change.high:+.3f}"
    return f"{name} {fall.first.value:.3f} to {fall.last.value:.3f} (trend {told})"

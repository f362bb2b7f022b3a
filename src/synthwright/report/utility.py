"""What models learnt from: real, synthetic, and both, on the same unseen real rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Estimate, Measurement
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.numbers import interval, signed
from synthwright.provenance.wording import phrase
from synthwright.report.charts.scores import Score, scores
from synthwright.report.svg import Markup

__all__ = ["Learner", "learners"]

_BARS = {"tstr": "TSTR", "tatr": "TATR"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """One learner's drawings (scores that share an axis, then each other score) and its differences to TRTR."""

    name: str
    drawings: tuple[Markup, ...]
    differences: tuple[tuple[str, str, str, str], ...]


def learners(facts: RunFacts) -> list[Learner]:
    """Measurements ``utility.tstr.<learner>.<score>`` and ``utility.tatr.…``, by learner.

    The ceiling of either is TRTR: the same learner trained on real rows, tested on the same holdout.
    """
    found: dict[str, dict[str, dict[str, Measurement]]] = defaultdict(lambda: defaultdict(dict))
    for measurement in facts.measurements:
        match measurement.metric.split(".", 3):
            case ["utility", kind, learner, score] if kind in _BARS:
                found[learner][score][kind] = measurement
    return [_learner(name, by_score) for name, by_score in found.items()]


def _learner(name: str, by_score: dict[str, dict[str, Measurement]]) -> Learner:
    title = phrase(shorten(name, 40))
    entries = [_score(score, kinds) for score, kinds in by_score.items()]
    shared = [entry for entry in entries if _is_share(entry)]
    others = [entry for entry in entries if not _is_share(entry)]
    groups = [group for group in (shared, *([entry] for entry in others)) if group]
    return Learner(
        name=title,
        drawings=tuple(scores(group, f"{title}: {', '.join(entry.label for entry in group)}") for group in groups),
        differences=tuple(
            (
                phrase(shorten(score, 40)),
                _BARS[kind],
                signed(measurement.excess.value),
                interval(measurement.excess, sign=True),
            )
            for score, kinds in by_score.items()
            for kind, measurement in sorted(kinds.items(), reverse=True)
            if measurement.excess is not None
        ),
    )


def _score(score: str, kinds: dict[str, Measurement]) -> Score:
    first = next(iter(kinds.values()))
    bars: list[tuple[str, Estimate]] = [("TRTR", first.holdout)] if first.holdout is not None else []
    bars += [(_BARS[kind], kinds[kind].estimate) for kind in _BARS if kind in kinds]
    arrow = " ↓" if first.better == "lower" else ""
    # The baseline of TATR is train twice over: a control, and no floor.
    floor = kinds["tstr"].baseline if "tstr" in kinds else None
    return Score(label=f"{phrase(shorten(score, 40))}{arrow}", bars=bars, floor=floor)


def _is_share(entry: Score) -> bool:
    return all(estimate.low >= 0 and estimate.high <= 1 for _, estimate in entry.bars)

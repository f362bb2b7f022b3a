"""What an ablation found: what each piece of the synthetic rows earns, and where on real rows they help or hurt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeVar

from synthwright.evaluation.measurement import Estimate
from synthwright.evaluation.records import Recorded
from synthwright.evaluation.variety import Figure, adjusted, chance_of, over_tables
from synthwright.pipeline.ablation.experiment import Part, Tried
from synthwright.pipeline.changes import judged_change, signed

__all__ = ["Ablation", "Contribution", "Place", "concluded"]

_TOLD = 3  # of each list in the sentences: what was spoilt shows in many places, and the first say it
Verdict = Literal["helps", "harms", "not shown"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What the score of all rows is above that without this piece; above 0 it helps. `chance` is Holm's."""

    kind: str
    piece: str
    rows: int
    change: Estimate
    chance: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Place:
    """How much less this slice of the test rows is mistaken with all synthetic rows than without; above 0 it helps."""

    kind: str
    where: str
    rows: int
    change: Estimate
    chance: float
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class Ablation(Recorded):
    """Every piece and every place, with the scores of real rows alone and of all rows together on the holdout."""

    score: str
    learner: str
    ratio: float
    seeds: int
    real: Estimate
    full: Estimate
    gain: Estimate
    contributions: tuple[Contribution, ...]
    places: tuple[Place, ...]

    @property
    def harms(self) -> tuple[Contribution, ...]:
        """The pieces that surely cost score, dearest first: better left out."""
        return _sorted(self.contributions, "harms")

    @property
    def helps(self) -> tuple[Contribution, ...]:
        """The pieces that surely earn score, best first."""
        return _sorted(self.contributions, "helps")

    @property
    def hurts(self) -> tuple[Place, ...]:
        """The classes, groups and regions of real rows that are surely predicted worse than without, worst first."""
        return _sorted(self.places, "harms")

    @property
    def sentences(self) -> list[str]:
        """The answer: all together, then what to leave out, what earns its place, and where it hurts."""
        reached = f"{self.score} {self.full.value:.4f} where real rows alone reach {self.real.value:.4f}"
        told = [f"All together, {self.ratio:.3g} rows per real row: {reached} ({signed(self.gain)})."]
        bad = [f"Leave out {_named(one)}: they cost {self._worth(one, -1)}." for one in self.harms]
        good = [f"Keep {_named(one)}: they earn {self._worth(one, 1)}." for one in self.helps]
        # The worst class, group and region come first: they say three things, three regions say one.
        kinds = [one.kind for one in self.hurts]
        order = sorted(range(len(kinds)), key=lambda at: kinds[:at].count(kinds[at]))
        ranked = [self.hurts[at] for at in order]
        worse = [f"It hurts {_at(one)}, whose error rises by {_amount(one.change, -1)}." for one in ranked]
        pieces = [*_first(bad, "cost score, too"), *_first(good, "earn score, too")]
        told += pieces or ["No source, class or slice of the synthetic rows is shown to help or to harm."]
        told += _first(worse, "are predicted worse, too")
        return told if worse else [*told, "No class, group or region of real rows is shown to be predicted worse."]

    def _worth(self, one: Contribution, sign: int) -> str:
        return f"{self.score} {_amount(one.change, sign)}"

    @property
    def sentence(self) -> str:
        """All `sentences`."""
        return " ".join(self.sentences)

    def to_json_value(self) -> dict[str, Any]:
        """Everything as JSON types."""
        return {
            "score": self.score,
            "learner": self.learner,
            "ratio": self.ratio,
            "seeds": self.seeds,
            "real": asdict(self.real),
            "full": asdict(self.full),
            "gain": asdict(self.gain),
            "sentences": self.sentences,
            "contributions": [asdict(one) for one in self.contributions],
            "places": [asdict(one) for one in self.places],
        }

    def to_records(self) -> list[dict[str, Any]]:
        """One flat dictionary per piece and per place."""
        return [_record("piece", one.piece, one) for one in self.contributions] + [
            _record("place", one.where, one) for one in self.places
        ]


def concluded(tried: Sequence[Tried], *, score: str, learner: str, ratio: float) -> Ablation:
    """The figures of all seeds as intervals; what is named survives Holm's correction over its list."""
    pieces = _judged(tried, lambda one: one.without, lambda one: one.rows)
    places = _judged(tried, lambda one: one.places, lambda one: one.tested)
    return Ablation(
        score=score,
        learner=learner,
        ratio=ratio,
        seeds=len(tried),
        real=over_tables([one.real for one in tried])[0],
        full=over_tables([one.full for one in tried])[0],
        gain=over_tables([one.full - one.real for one in tried])[0],
        contributions=tuple(Contribution(*one) for one in pieces),
        places=tuple(Place(*one) for one in places),
    )


_Judged = tuple[str, str, int, Estimate, float, Verdict]


def _judged(
    tried: Sequence[Tried],
    figures: Callable[[Tried], Mapping[Part, Figure]],
    rows: Callable[[Tried], Mapping[Part, int]],
) -> list[_Judged]:
    """Every part that all seeds have: kind, words, rows on average, change, chance and verdict."""
    parts = [part for part in figures(tried[0]) if all(part in figures(one) for one in tried)]
    kinds = list(dict.fromkeys(part.kind for part in parts))
    parts.sort(key=lambda part: kinds.index(part.kind))
    changes = [over_tables([figures(one)[part] for one in tried])[0] for part in parts]
    chances = adjusted([chance_of([figures(one)[part] for one in tried]) for part in parts])
    counts = [round(sum(rows(one)[part] for one in tried) / len(tried)) for part in parts]
    return [
        (part.kind, part.words, count, change, chance, judged_change(change, chance, above="helps", below="harms"))
        for part, count, change, chance in zip(parts, counts, changes, chances, strict=True)
    ]


def _named(one: Contribution) -> str:
    rows = f"{one.rows:,} rows"
    return f"the {rows} of {one.piece}" if one.kind == "source" else f"the {rows} with {one.piece}"


def _first(told: list[str], rest: str) -> list[str]:
    """What a reader takes in, and how many more there are."""
    more = len(told) - _TOLD
    return told if more < 2 else [*told[:_TOLD], f"{more} more {rest}."]


def _at(one: Place) -> str:
    return f"the class {one.where}" if one.kind == "class" else f"real rows with {one.where}"


def _amount(change: Estimate, sign: int) -> str:
    """The size of a change whose sign is told in words."""
    low, high = sorted((sign * change.low, sign * change.high))
    return f"{sign * change.value:.4f} (95 % interval {low:.4f} to {high:.4f})"


_Named = TypeVar("_Named", "Contribution", "Place")


def _sorted(found: Sequence[_Named], verdict: Verdict) -> tuple[_Named, ...]:
    return tuple(sorted((one for one in found if one.verdict == verdict), key=lambda one: -abs(one.change.value)))


def _record(what: str, name: str, one: Contribution | Place) -> dict[str, Any]:
    change = {"change": one.change.value, "low": one.change.low, "high": one.change.high}
    return {"what": what, "kind": one.kind, "name": name, "rows": one.rows, **change, "chance": one.chance} | {
        "verdict": one.verdict
    }

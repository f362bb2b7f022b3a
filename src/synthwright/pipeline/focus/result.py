"""What focus on errors gained: per slice and over all, beside as many rows drawn without a condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from synthwright.evaluation.measurement import Estimate
from synthwright.evaluation.records import Recorded
from synthwright.evaluation.variety import Figure, adjusted, chance_of, over_tables
from synthwright.pipeline.changes import judged_change, signed
from synthwright.pipeline.focus.experiment import Tried
from synthwright.pipeline.focus.finding import Worst

__all__ = ["FocusedGain", "FocusedSlice", "concluded"]

Verdict = Literal["better", "worse", "not shown"]


@dataclass(frozen=True, slots=True)
class FocusedSlice:
    """One of the worst slices.

    `excess`: its error beyond the mean, on validation rows. `asked` and `drawn`: rows for it, the latter on average.
    `focused` and `uniform`: how much its error on the holdout falls against real rows alone; `beyond` is their
    difference, `chance` that of such a difference by luck (Holm's), and `verdict` what it says of the focus.
    """

    where: str
    excess: Estimate
    asked: int
    drawn: float
    tested: int
    focused: Estimate
    uniform: Estimate
    beyond: Estimate
    chance: float
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class FocusedGain(Recorded):
    """The slices, and the gain of all rows on the holdout; ``slices`` is empty where nothing is worst."""

    method: str
    score: str
    learner: str
    seeds: int
    slices: tuple[FocusedSlice, ...]
    real: Estimate | None = None
    focused: Estimate | None = None
    uniform: Estimate | None = None
    beyond: Estimate | None = None

    @property
    def helps(self) -> bool:
        """True if some slice is surely better off than with as many rows anywhere, and none is worse off."""
        verdicts = {one.verdict for one in self.slices}
        return "better" in verdicts and "worse" not in verdicts

    @property
    def sentences(self) -> list[str]:
        """What was found, slice by slice, and over all."""
        if self.real is None or self.focused is None or self.uniform is None or self.beyond is None:
            return ["No slice of the validation rows is predicted worse than the others: nothing to focus on."]
        told = [
            f"Where {one.where} (error {one.excess.value:.3f} beyond the mean), {_rows(one)} move the error by "
            f"{-one.focused.value:+.4f}, as many in all drawn anywhere by {-one.uniform.value:+.4f}: "
            f"{_VERDICTS[one.verdict]} (gain of the focus {signed(one.beyond)})."
            for one in self.slices
        ]
        whole = f"On all of the holdout {self.score} moves by {self.focused.value:+.4f} from {self.real.value:.4f}"
        uniform = f"by {self.uniform.value:+.4f} with as many rows drawn anywhere"
        return [*told, f"{whole}, {uniform} (gain of the focus {signed(self.beyond)})."]

    @property
    def sentence(self) -> str:
        """All `sentences`."""
        return " ".join(self.sentences)

    def to_json_value(self) -> dict[str, Any]:
        """Everything as JSON types."""
        ends = {name: getattr(self, name) for name in ("real", "focused", "uniform", "beyond")}
        return {
            "focus": "errors",
            "method": self.method,
            "score": self.score,
            "learner": self.learner,
            "seeds": self.seeds,
            "helps": self.helps,
            "sentences": self.sentences,
            **{name: None if one is None else asdict(one) for name, one in ends.items()},
            "slices": [asdict(one) for one in self.slices],
        }

    def to_records(self) -> list[dict[str, Any]]:
        """One flat dictionary per slice."""
        records = []
        for one in self.slices:
            told = asdict(one)
            for name in ("excess", "focused", "uniform", "beyond"):
                ends = told.pop(name)
                told |= {name: ends["value"], f"{name}_low": ends["low"], f"{name}_high": ends["high"]}
            records.append(told)
        return records


_VERDICTS: dict[Verdict, str] = {
    "better": "the focus helps there",
    "worse": "the focus harms there",
    "not shown": "no difference is shown",
}


def concluded(
    worst: Sequence[Worst], asked: Sequence[int], tried: Sequence[Tried], *, method: str, score: str, learner: str
) -> FocusedGain:
    """The figures of all seeds as intervals; verdicts survive Holm's correction over the slices."""
    if not tried:
        return FocusedGain(method, score, learner, 0, ())
    at_all = [at for at in range(len(worst)) if all(one.focused[at] is not None for one in tried)]
    beyond = {at: [_of(one.focused[at]) - _of(one.uniform[at]) for one in tried] for at in at_all}
    chances = dict(zip(at_all, adjusted([chance_of(beyond[at]) for at in at_all]), strict=True))
    slices = []
    for at in at_all:
        change = over_tables(beyond[at])[0]
        slices.append(
            FocusedSlice(
                where=worst[at].slice.words,
                excess=worst[at].excess,
                asked=asked[at],
                drawn=sum(one.found[at] for one in tried) / len(tried),
                tested=tried[0].tested[at],
                focused=over_tables([_of(one.focused[at]) for one in tried])[0],
                uniform=over_tables([_of(one.uniform[at]) for one in tried])[0],
                beyond=change,
                chance=chances[at],
                verdict=judged_change(change, chances[at], above="better", below="worse"),
            )
        )
    return FocusedGain(
        method=method,
        score=score,
        learner=learner,
        seeds=len(tried),
        slices=tuple(slices),
        real=over_tables([one.real for one in tried])[0],
        focused=over_tables([one.focused_score - one.real for one in tried])[0],
        uniform=over_tables([one.uniform_score - one.real for one in tried])[0],
        beyond=over_tables([one.focused_score - one.uniform_score for one in tried])[0],
    )


def _of(figure: Figure | None) -> Figure:
    return Figure.sure(0.0) if figure is None else figure


def _rows(one: FocusedSlice) -> str:
    rows = f"{one.drawn:,.0f} rows drawn for it"
    return rows if one.drawn >= one.asked else f"{rows} (of {one.asked:,} asked for: more could not be found)"

"""An oracle: a planted table whose answer is known, and how synthwright is held to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from checks import ALL, Check, Judged, Told
from planting import Case, Plant, fresh
from populations import Population, population

from synthwright import registry
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.gates.presets import load_gates
from synthwright.pipeline.judging import judge_tables
from synthwright.seeding import Streams

__all__ = ["EVERY", "LABELS", "NUMBERS", "Oracle", "judged"]

NUMBERS = ("mixed", "numeric", "release")
LABELS = ("mixed", "labels", "release")
EVERY = ("mixed", "numeric", "labels", "release")


@dataclass(frozen=True, kw_only=True)
class Oracle:
    """A planted table whose answer is known.

    `must` says in words what has to happen, `checks` what synthwright has to say. For other evaluators: `areas` are
    the kinds of figures in question, and `fault` says whether one of them has to find something, or none may.
    `beside` is a second plant from the same seed that some checks compare with; `reference` has the same columns and no
    fault: other evaluators are held to what they say about it (None: to the ends of their own scales). `least` is the
    number of rows of train below which nobody could decide.
    """

    number: int
    name: str
    plant: Plant
    must: str
    areas: tuple[str, ...]
    fault: bool
    checks: tuple[Check, ...]
    populations: tuple[str, ...] = EVERY
    beside: Plant | None = None
    reference: Plant | None = fresh
    least: int = 0

    @property
    def key(self) -> str:
        """Number and name, as files and tables call it."""
        return f"{self.number:02d} {self.name}"

    @property
    def planted(self) -> str:
        """How it is planted, in one sentence."""
        return (self.plant.__doc__ or "").splitlines()[0]

    def rows(self, people: Population, *, quick: bool) -> int:
        """The rows of train."""
        return max(people.quick if quick else people.rows, self.least)


def judged(oracle: Oracle, name: str, *, quick: bool, seed: int = 0, whole: bool = False) -> list[Told]:
    """Every statement of `oracle`, held to what synthwright says; `whole`: by the whole default suite."""
    people = population(name)
    rows = oracle.rows(people, quick=quick)
    asked = frozenset(metric for check in oracle.checks for metric in check.metrics)
    look = partial(ask, seed=seed, asked=asked | {ALL} if whole else asked)
    beside = None if oracle.beside is None else look(oracle.beside(people, rows, seed))
    found = look(oracle.plant(people, rows, seed))
    return [check.told(found, beside) for check in oracle.checks]


def ask(case: Case, *, seed: int, asked: frozenset[str]) -> Judged:
    """What synthwright says about three tables, by the metrics behind the figures `asked`."""
    gates = load_gates("default")
    try:
        _, evaluation, verdict = judge_tables(
            case.train,
            case.synthetic,
            case.holdout,
            gates=gates,
            metrics=_metrics_behind(asked),
            context=Context(streams=Streams(seed)),
        )
    except BadInput as error:
        return Judged(refused=str(error))
    return Judged(evaluation, verdict)


def _metrics_behind(asked: frozenset[str]) -> list[str]:
    """The registered metrics that give these figures; an unknown figure has none, and its check says so."""
    found = set(registry.names("metric", kind="table", default=True)) if ALL in asked else set()
    for name in registry.names("metric", kind="table"):
        measures = registry.find("metric", name).info.measures
        if any(one == measure or one.startswith(f"{measure}.") for one in asked for measure in measures):
            found.add(name)
    return sorted(found)

"""From what a user asks to the experiment and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, UnknownName, UsageError
from synthwright.evaluation.blends import LEARNERS, RowLearner
from synthwright.generators.protocol import Generator
from synthwright.learning.learner import Learner
from synthwright.learning.script import Script
from synthwright.pipeline.gain.arms import Arm, arm_of
from synthwright.pipeline.gain.concluding import concluded
from synthwright.pipeline.gain.experiment import carried_out
from synthwright.pipeline.gain.plan import Plan, checked_ratios
from synthwright.pipeline.gain.result import Gain
from synthwright.pipeline.gain.store import Store
from synthwright.pipeline.gain.subject import D, Subject
from synthwright.pipeline.gain.tables import Tables
from synthwright.pipeline.gain.worth import Prices
from synthwright.pipeline.paged import write_paged

__all__ = ["Prices", "Store", "all_learners", "find_gain", "gain_of", "write_gain"]


def find_gain(
    train: Table,
    holdout: Table,
    methods: Sequence[Generator[Table]],
    context: Context,
    *,
    given: Mapping[str, Table],
    ratios: Sequence[float],
    learners: Mapping[str, Learner | RowLearner],
    seeds: int,
    seed: int,
    group: str | None = None,
    time: str | None = None,
    score: str | None = None,
    prices: Prices = Prices(),  # noqa: B008  # frozen
    store: Store = Store(),  # noqa: B008  # frozen
) -> Gain:
    """What every arm gains over the real rows of `train` on `holdout`, and which one to use.

    Raises
    ------
    BadInput
        There is no target to predict, a method can't learn from `train`, or `given` rows hold rows of the holdout.
    UsageError
        No method, one named twice, a ratio, score or number of seeds that is none.
    """
    target = train.schema.target
    if target is None:
        raise BadInput("No column has the role target.", remedy="Name the column to predict: --target COLUMN.")
    arms = [arm_of(method, classes=target.is_discrete) for method in methods]
    arms += [Arm(name, "given", None, rows) for name, rows in given.items()]
    plan = Plan(
        arms=tuple(arms),
        ratios=checked_ratios(ratios),
        learners=learners,
        seeds=seeds,
        seed=seed,
        group=group,
        time=time,
    )
    tables = Tables(learners=learners, seed=seed, group=group, time=time)
    return gain_of(tables, train, holdout, plan, context, score=score, prices=prices, store=store)


def gain_of(
    subject: Subject[D],
    train: D,
    holdout: D,
    plan: Plan,
    context: Context,
    *,
    score: str | None = None,
    prices: Prices = Prices(),  # noqa: B008  # frozen
    store: Store = Store(),  # noqa: B008  # frozen
) -> Gain:
    """What every arm of `plan` gains, of whatever kind the records are. Raises as `find_gain` does."""
    bench = subject.bench(train, holdout)
    if score is not None and score not in (known := bench.without_skill()):
        raise UnknownName.among("score", score, known)
    chosen, judged = carried_out(subject, train, holdout, bench, plan, context, store)
    names = [arm.name for arm in plan.arms]
    return concluded(chosen, judged, score or bench.headline, names, prices=prices, streams=context.streams)


def all_learners(
    builtin: Sequence[str], named: Mapping[str, Learner], scripts: Sequence[Script]
) -> dict[str, Learner | RowLearner]:
    """The built-in learners with these names, then others by name, then scripts (script, script_2, ...).

    Raises
    ------
    UnknownName
        There is no such built-in learner.
    UsageError
        There is none at all, or two have one name.
    """
    for name in builtin:
        if name not in LEARNERS:
            raise UnknownName.among("learner", name, LEARNERS)
    found: dict[str, Learner | RowLearner] = {name: LEARNERS[name] for name in builtin}
    found |= named
    for at, script in enumerate(scripts):
        name = "script" if at == 0 else f"script_{at + 1}"
        if name in found:
            raise UsageError(f"Two learners are called {name}.", remedy="Give the estimator another name.")
        found[name] = script
    if not found:
        raise UsageError("There is no learner.", remedy="Name linear or boosted, or give an estimator or a script.")
    return found


def write_gain(found: Gain, folder: Path, page: str) -> None:
    """`folder` holds every figure (gain.json), the page (gain.html) and CPU seconds (times.json).

    gain.json comes last, and depends on seed and inputs alone.
    """
    times = {"cpu_s": {name: asdict(cost) for name, cost in found.costs.items()}}
    write_paged(folder, "gain", found.to_json_value(), page, {"times.json": times})

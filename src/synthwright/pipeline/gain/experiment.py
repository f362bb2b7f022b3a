"""The experiment: every arm on an inner split of train, to choose by, and on all of train, to be judged on the holdout.

A validation row is never seen by the generator that is judged on it: generators are fitted twice per seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from synthwright.engines.context import Context, Event
from synthwright.evaluation.bench import Scores
from synthwright.evaluation.curves import Figure
from synthwright.pipeline.gain.arms import CURVE, REAL, Arm
from synthwright.pipeline.gain.cells import Cell
from synthwright.pipeline.gain.keys import Keys
from synthwright.pipeline.gain.plan import Plan
from synthwright.pipeline.gain.store import Made, Store, cell_kept
from synthwright.pipeline.gain.subject import D, Judge, Subject
from synthwright.pipeline.gain.trial import Item, Setting, Wanted

__all__ = ["Cell", "Stage", "carried_out"]


@dataclass(frozen=True, eq=False)
class Stage:
    """One seed of one stage: the test rows, and what every cell says of them."""

    bench: Judge
    made: Mapping[Cell, Made]
    _kept: dict[tuple[Cell, str], Figure] = field(default_factory=dict, repr=False)

    def scores(self, cell: Cell) -> Scores:
        """Every score of `cell`."""
        return self.bench.scores(self.made[cell].predictions)

    def headline(self, cell: Cell, score: str) -> Figure:
        """One score of `cell`; computed once."""
        if (cell, score) not in self._kept:
            self._kept[cell, score] = self.scores(cell)[score]
        return self._kept[cell, score]

    def predictions(self, cell: Cell) -> np.ndarray:
        """What `cell` says of the test rows."""
        return self.made[cell].predictions


def carried_out(
    subject: Subject[D], train: D, holdout: D, outer: Judge, plan: Plan, context: Context, store: Store
) -> tuple[tuple[Stage, ...], tuple[Stage, ...]]:
    """What every cell predicts, to choose by (inner validation rows) and to judge by (the holdout), per seed.

    `outer` is the bench of the holdout. Cells that `store` has are not trained again, nor are generators that it has
    fitted again; new ones are kept.

    Raises
    ------
    BadInput
        The target sets no task, a method can't learn from `train`, or the holdout is not unseen.
    """
    plan = replace(plan, arms=tuple(subject.admitted(arm, train, holdout) for arm in plan.arms))
    arms = (REAL, *subject.controls(plan.arms, outer), *plan.arms, CURVE)
    keys = Keys.of(subject.told(train), subject.told(holdout), plan)
    setting = Setting(subject, train, holdout, plan, {arm.name: arm for arm in arms}, context.streams, keys, store)
    inner = [subject.inner(train, seed) for seed in range(plan.seeds)]
    found: dict[tuple[bool, int], dict[Cell, Made]] = {}
    order: dict[tuple[bool, int], list[Cell]] = {}
    work: list[tuple[Item, list[Wanted]]] = []
    for item in _items(plan, arms):
        known, missing = found.setdefault((item.judged, item.seed), {}), []
        for one in setting.wanted(item, len(train if item.judged else inner[item.seed][0])):
            order.setdefault((item.judged, item.seed), []).append(one.cell)
            kept = cell_kept(store, one.key)
            if kept is None:
                missing.append(one)
            else:
                known[one.cell] = kept
        if missing:
            work.append((item, missing))
    for done, new in enumerate(context.engine.stream(setting.tried, work)):
        item = work[done][0]
        found[item.judged, item.seed].update(new)
        what = f"{item.arm}, seed {item.seed}, {'holdout' if item.judged else 'validation'}"
        context.progress(Event("gain", done + 1, len(work), what))
    # In the order of the plan, whatever was kept and whatever is new.
    made = {at: {cell: found[at][cell] for cell in cells if cell in found[at]} for at, cells in order.items()}
    benches = [subject.bench(*halves) for halves in inner]
    return (
        tuple(Stage(bench, made[False, seed]) for seed, bench in enumerate(benches)),
        tuple(Stage(outer, made[True, seed]) for seed in range(plan.seeds)),
    )


def _items(plan: Plan, arms: Sequence[Arm]) -> list[Item]:
    """The work, arm by arm; the learning curve is needed on the holdout alone."""
    drawn = next((arm.name for arm in plan.arms if arm.how == "draws"), None)
    return [
        Item(judged, seed, arm.name, dealt=arm.name == drawn)
        for seed in range(plan.seeds)
        for judged in (False, True)
        for arm in arms
        if judged or arm is not CURVE
    ]

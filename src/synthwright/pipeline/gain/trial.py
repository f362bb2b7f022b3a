"""One arm, once: rows are made from a train table, models learn from them, predictions for the test rows come back."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic

from synthwright.engines.context import Context
from synthwright.evaluation.blends import MOST_ROWS, Blend
from synthwright.generators.model import Model
from synthwright.pipeline.gain.arms import SHUFFLED, Arm
from synthwright.pipeline.gain.cells import Cell, blends_of, cell_of, learners_of
from synthwright.pipeline.gain.keys import Keys
from synthwright.pipeline.gain.plan import Plan
from synthwright.pipeline.gain.store import Made, Store, keep_cell
from synthwright.pipeline.gain.subject import D, Subject
from synthwright.seeding import Streams

__all__ = ["Item", "Setting", "Wanted"]


@dataclass(frozen=True, slots=True)
class Item:
    """An arm in one stage (judged on the holdout, or chosen on validation rows) with one seed."""

    judged: bool
    seed: int
    arm: str
    dealt: bool = False  # a control is made of its rows, too: the same ones with their targets dealt out


@dataclass(frozen=True, slots=True)
class Wanted:
    """One cell to be trained, and where it is kept."""

    cell: Cell
    blend: Blend
    key: str | None
    dealt: bool = False


@dataclass(frozen=True, eq=False)
class Setting(Generic[D]):
    """What all trials of an experiment share; it is sent to every worker once."""

    subject: Subject[D]
    train: D
    holdout: D
    plan: Plan
    arms: Mapping[str, Arm]
    streams: Streams
    keys: Keys
    store: Store
    _split: dict[int, tuple[D, D]] = field(default_factory=dict, repr=False)

    def wanted(self, item: Item, rows: int) -> list[Wanted]:
        """Every cell of `item`, in the order of its blends; `rows` is how many real ones it has."""
        arm = self.arms[item.arm]
        named = self.subject.balance(self.train) if arm.how == "balances" else None
        asked = [
            (blend, learners_of(arm, self.plan.learners), False) for blend in blends_of(arm, self.plan.ratios, rows)
        ]
        if item.dealt:
            asked.append((Blend(1.0), tuple(self.plan.learners), True))
        return [
            Wanted(
                cell_of(SHUFFLED if dealt else arm.name, blend if named is None else Blend(named), learner),
                blend,
                self.keys.cell(item.judged, item.seed, arm, blend, learner, dealt=dealt),
                dealt,
            )
            for blend, learners, dealt in asked
            for learner in learners
        ]

    def tried(self, work: tuple[Item, Sequence[Wanted]]) -> dict[Cell, Made]:
        """The cells that are wanted of an item, trained and kept; none if the arm has no row to add."""
        item, wanted = work
        train, test = (self.train, self.holdout) if item.judged else self._inner(item.seed)
        stage = "judged" if item.judged else "chosen"
        context = Context(streams=self.streams.at("gain", stage, item.seed, item.arm))
        most = min(round(max(one.blend.ratio for one in wanted) * len(train)), MOST_ROWS)
        model, fitting = self._model(item, train, context)
        start = time.process_time()
        rows = self.subject.made(self.arms[item.arm], train, most, context, model)
        drawing = (time.process_time() - start) / max(len(rows), 1)
        if len(rows) == 0:
            return {}
        found: dict[Cell, Made] = {}
        for dealt in (False, True):
            some = [one for one in wanted if one.dealt == dealt]
            if not some:
                continue
            added = self.subject.dealt(rows, len(train), context) if dealt else rows
            found |= self._trained(item, train, test, added, some, (fitting, drawing))
        return found

    def _inner(self, seed: int) -> tuple[D, D]:
        if seed not in self._split:
            self._split.clear()
            self._split[seed] = self.subject.inner(self.train, seed)
        return self._split[seed]

    def _model(self, item: Item, train: D, context: Context) -> tuple[Model | None, float]:
        arm = self.arms[item.arm]
        if not arm.is_fitted or arm.generator is None:
            return None, 0.0

        def fit() -> tuple[Model, float]:
            start = time.process_time()
            return self.subject.fitted(arm, train, context), time.process_time() - start

        return self.store.model(self.keys.model(item.judged, item.seed, arm), type(arm.generator), fit)

    def _trained(
        self, item: Item, train: D, test: D, made: D, wanted: Sequence[Wanted], costs: tuple[float, float]
    ) -> dict[Cell, Made]:
        balances = self.arms[item.arm].how == "balances"
        tasks = [(None if balances else one.blend, one.cell.learner) for one in wanted]
        fitting, drawing = costs
        found = {}
        start = time.process_time()
        predictions = self.subject.predicted(train, made, test, tasks, item.seed)
        for one, said in zip(wanted, predictions, strict=True):
            # Probabilities keep seven digits: half the room, and no score tells the difference.
            plain = said.astype("float32").astype("float64") if said.ndim == 2 else said
            now = time.process_time()
            found[one.cell] = Made(
                plain, fitting + drawing * (len(made) if balances else one.blend.ratio * len(train)), now - start
            )
            keep_cell(self.store, one.key, found[one.cell])
            start = now
        return found

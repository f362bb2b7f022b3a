"""A training loop in steps: it leaves a checkpoint after each, carries on from the last, and stops at a deadline."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from synthwright.data.schema_file import schema_from_json, schema_to_json
from synthwright.data.table import Table
from synthwright.engines.context import Event
from synthwright.files import write_json
from synthwright.generators.protocol import GeneratorInfo
from synthwright.generators.saved import read_state


@dataclass(frozen=True)
class _Mean:
    schema: Any
    weights: tuple[float, ...]

    def conditions_on(self, names):
        return False

    def block(self, index, n, context, given=None):
        at = context.streams.at("block", index)
        drawn = {
            column.name: weight + at.at(column.name).rng().standard_normal(n)
            for column, weight in zip(self.schema, self.weights, strict=True)
        }
        return Table.of(self.schema, drawn)

    def save(self, folder):
        write_json(folder / "mean.json", {"schema": schema_to_json(self.schema), "weights": self.weights})

    @classmethod
    def load(cls, folder):
        state = read_state(folder / "mean.json", {"schema", "weights"})
        return cls(schema_from_json(state["schema"]), tuple(map(float, state["weights"])))


@dataclass(frozen=True, kw_only=True)
class ToyTrainer:
    """Learn the means of numeric columns by noisy gradient steps."""

    epochs: int = 5
    info: ClassVar[Any] = GeneratorInfo(summary="Learn means in steps.", source="double", reproducible="portable")
    sampler: ClassVar[Any] = _Mean

    def fit(self, reference, context):
        weights, first = np.zeros(len(reference.schema)), 0
        place = None if context.checkpoints is None else context.checkpoints / "toy.json"
        if place is not None and place.exists():
            state = json.loads(place.read_text())
            weights, first = np.array(state["weights"]), state["epoch"]
        goal = np.array([np.nanmean(reference.numbers(name)) for name in reference.names])
        for epoch in range(first, self.epochs):
            if context.deadline is not None and context.deadline.passed():
                break
            noise = context.streams.at("epoch", epoch).rng().normal(0, 0.01, len(goal))
            weights = weights + 0.5 * (goal - weights) + noise
            if place is not None:
                write_json(place, {"weights": weights, "epoch": epoch + 1})
            context.progress(Event("fit", epoch + 1, self.epochs))
        return _Mean(reference.schema, tuple(weights.tolist()))

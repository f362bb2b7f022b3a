"""An over-sampler: it conditions on the class alone, and draws everything else inside it."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from synthwright.data.schema_file import schema_from_json, schema_to_json
from synthwright.data.table import Table
from synthwright.files import write_json
from synthwright.generators.margins import Margin
from synthwright.generators.protocol import GeneratorInfo
from synthwright.generators.saved import read_state


@dataclass(frozen=True, eq=False)
class _Classes:
    schema: Any
    target: str
    margins: dict[str, list[Margin]]  # per column, one margin per class

    def conditions_on(self, names):
        return names == {self.target}

    def block(self, index, n, context, given=None):
        at = context.streams.at("block", index)
        if given is None:
            labels = at.at(self.target).rng().integers(0, len(next(iter(self.margins.values()))), n).astype(np.int32)
        else:
            labels = given.fixed.levels(self.target)
        drawn = {self.target: labels}
        for name, margins in self.margins.items():
            every = [margin.draw(n, at.at(name).rng()) for margin in margins]
            drawn[name] = np.choose(labels, every)
        return Table.of(self.schema, drawn)

    def save(self, folder):
        margins = {name: [margin.state() for margin in each] for name, each in self.margins.items()}
        write_json(
            folder / "classes.json", {"schema": schema_to_json(self.schema), "target": self.target, "margins": margins}
        )

    @classmethod
    def load(cls, folder):
        state = read_state(folder / "classes.json", {"schema", "target", "margins"})
        schema = schema_from_json(state["schema"])
        margins = {
            name: [Margin.from_state(schema[name], one) for one in each] for name, each in state["margins"].items()
        }
        return cls(schema, state["target"], margins)


@dataclass(frozen=True, kw_only=True)
class ClassSampler:
    """Every column on its own, inside each class."""

    info: ClassVar[Any] = GeneratorInfo(summary="Draw inside classes.", source="double", reproducible="portable")
    sampler: ClassVar[Any] = _Classes

    def fit(self, reference, context):
        target = reference.schema.target
        codes = reference.levels(target.name)
        parts = [reference.take(codes == code) for code in range(codes.max() + 1)]
        others = [column for column in reference.schema if column.name != target.name]
        margins = {column.name: [Margin.of(part, column) for part in parts] for column in others}
        return _Classes(reference.schema, target.name, margins)

"""How likely a table's rows are under a model: the sampler's likelihood, and the columns settled around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from synthwright import registry
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, UsageError, shorten
from synthwright.generators.partial_rows import read_rows
from synthwright.generators.protocol import Scored

if TYPE_CHECKING:
    from synthwright.generators.model import Model

__all__ = ["log_likelihood"]


def log_likelihood(model: Model, data: Any) -> np.ndarray:
    """See `Model.log_likelihood`."""
    sampler, around, schema, method = model.sampler, model.around, model.schema, model.method
    if model.constraints.steps:
        raise UsageError(
            "This model has no likelihood: its constraints had columns learnt in another form.",
            evidence="; ".join(line for lines in model.constraints.told().values() for line in lines)[:200],
            remedy="Fit without constraints, and add them afterwards: model.with_constraints([...]).",
        )
    if not isinstance(sampler, Scored):
        names = registry.names("generator", kind="table")
        known = [name for name in names if hasattr(registry.find("generator", name).sampler, "log_likelihood")]
        raise UsageError(f"{method} has no likelihood.", remedy=f"These have one: {', '.join(known)}.")
    wanted = [*sampler.schema.names, *around.settled]
    table = _told(data, schema, wanted)
    total = sampler.log_likelihood(table.select(sampler.schema.names).with_schema(sampler.schema))
    values = table.model_values()
    for name, margin in around.settled.items():
        total = total + margin.log_likelihood(values[name])
    return np.asarray(total)


def _told(data: Any, schema: Schema, wanted: list[str]) -> Table:
    """The `wanted` columns of `data` under the model's schema."""
    from synthwright.data.reading import read_table

    plain = read_table(data)
    absent = [name for name in wanted if name not in plain.schema]
    if absent:
        raise BadInput(
            f"The table lacks {len(absent)} of the {len(wanted)} columns that the model draws.",
            evidence=", ".join(repr(shorten(name, 30)) for name in absent[:8]),
            remedy="Give a table with the columns that the model was fitted on.",
        )
    rows = read_rows(plain.select(wanted) if isinstance(data, Table) else plain.select(wanted).data, schema)
    return rows.with_schema(schema.select(wanted))

"""Missing cells that the rules say: the last unknown of a sum follows from the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from synthwright.data.constraints import evaluate_rule
from synthwright.data.expressions import parse_value
from synthwright.data.rule_values import amounts_of
from synthwright.data.rule_wording import rule_text
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten
from synthwright.generators._constraints.clauses import clauses_of, equations, solutions
from synthwright.generators._constraints.plan import Plan
from synthwright.generators._constraints.steps import storable, stored

__all__ = ["implied", "loosely_known"]


def implied(table: Table, plan: Plan) -> Table:
    """`table` with the missing cells filled in that rules such as ``total == net + tax`` compute from the row's others.

    A cell is left open where the result does not fit its column or breaks the rule once it is stored.
    """
    found = True
    while found:  # each round fills cells, so it ends
        found = False
        for rule in plan.checks:
            for equation in filter(None, map(equations, clauses_of(rule))):
                for name, node in solutions(equation):
                    if not {name, *rule.columns} <= set(table.names) or name not in plan.schema:
                        continue
                    column, stored_here = plan.schema[name], table.data[name]
                    if not column.is_numeric or not table.missing(name).any():
                        continue
                    values = _values(table, rule_text(node), column)
                    open_ = table.missing(name) & np.isfinite(values) & storable(replace(column, missing=False), values)
                    if not open_.any():
                        continue
                    made = stored(column, np.where(open_, values, np.nan)).cast(stored_here.type)
                    filled = pa.chunked_array([pa.compute.coalesce(stored_here.combine_chunks(), made)])
                    trial = _with(table, name, filled)
                    keeps = evaluate_rule(trial, rule)
                    kept = pa.compute.if_else(pa.array(keeps | ~open_), filled.combine_chunks(), None)
                    if (open_ & keeps).any():
                        table, found = _with(table, name, pa.chunked_array([kept])), True
    return table


def loosely_known(names: set[str]) -> str:
    """The warning about known cells that were held to the rules, but not conditioned on."""
    told = ", ".join(repr(shorten(name, 30)) for name in sorted(names)[:8])
    return (
        f"Known cells of {told} were held to the constraints, but not conditioned on, in rows in which a column that "
        "they are learnt with is missing."
    )


def _values(table: Table, text: str, column: Column) -> np.ndarray:
    try:
        value = parse_value(text, table.schema)
    except BadInput:  # what was solved for is no sum of dates that there is
        return np.full(len(table), np.nan)
    unit = (column.unit or "second") if column.kind == "datetime" else None
    return np.asarray(amounts_of(table, value.tree, unit))


def _with(table: Table, name: str, values: pa.ChunkedArray) -> Table:
    place = table.data.column_names.index(name)
    return replace(table, data=table.data.set_column(place, name, values))

"""Missing cells filled from a model: each row's known cells are the condition, its missing ones are drawn together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from synthwright.data.arrow_types import decoded, stored
from synthwright.data.columns import categories_of, levels_of, numbers_of
from synthwright.data.schema import Schema
from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, UsageError, shorten
from synthwright.generators.evidence import Evidence, Weighing
from synthwright.generators.protocol import Given, Sampler
from synthwright.generators.weighting import resampled

__all__ = ["fill"]

_ROUNDS = 400  # of drawing rows again in which a cell came out missing: enough where it is present in 1 of 50 rows


def fill(sampler: Sampler[Table], table: Table, context: Context, method: str) -> Table:
    """`table` with every missing cell of the sampler's columns drawn given the row's other cells; the rest untouched.

    Where the model draws missing for a cell to be filled, the whole row is drawn again, so the cells follow the model's
    joint distribution given that they are present; a sampler that weighs is asked for present cells. Known values that
    the model has never met (labels it may not emit) stay, and count as unknown. Row i depends on the rows before it and
    the seed only.

    Raises
    ------
    UsageError
        The method does not condition exactly on the columns known, or the table has none of the model's columns.
    BadInput
        A cell is hardly ever present under the model: it came out missing 400 times.
    """
    names = [name for name in sampler.schema.names if name in table.schema]
    if not names:
        raise UsageError(
            "The table has no column that the model draws.",
            evidence=f"The model draws: {', '.join(shorten(name, 30) for name in sampler.schema.names[:8])}.",
            remedy="Give a table with the columns that the model was fitted on.",
        )
    schema = sampler.schema.select(names)
    holes = np.stack([table.missing(name) for name in names], axis=1)
    drawn: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {name: [] for name in names}
    for block, rows in _blocks(holes):
        values, known = _known(table.take(rows), schema)
        if isinstance(sampler, Weighing):
            found = _weighed(sampler, schema, values, known, holes[rows], context.at("impute", block))
            for at, name in enumerate(names):
                drawn[name].append((rows[holes[rows, at]], found[name][holes[rows, at]]))
            continue
        patterns, groups = np.unique(np.hstack([known, holes[rows]]), axis=0, return_inverse=True)
        for number, pattern in enumerate(patterns):
            members = np.flatnonzero(groups.ravel() == number)
            told = [name for name, there in zip(names, pattern, strict=False) if there]
            wanted = [name for name, hole in zip(names, pattern[len(names) :], strict=True) if hole]
            _require(sampler, told, method)
            fixed = Table.of(schema.select(told), {name: values[name][members] for name in told}) if told else None
            # The stream is named by the pattern itself, so other rows' patterns leave it alone.
            inner = context.at("impute", block, "".join("1" if bit else "0" for bit in pattern))
            found = _present(sampler, len(members), fixed, wanted, inner)
            for name in wanted:
                drawn[name].append((rows[members], found[name]))
    return _merged(table, schema, drawn)


def _blocks(holes: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Rows with something to fill, by block of the table."""
    for start in range(0, len(holes), BLOCK_ROWS):
        rows = start + np.flatnonzero(holes[start : start + BLOCK_ROWS].any(axis=1))
        if len(rows):
            yield start // BLOCK_ROWS, rows


def _known(table: Table, schema: Schema) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Model values of the schema's columns, and which of them the model can be told (rows, columns)."""
    values: dict[str, np.ndarray] = {}
    known = []
    for column in schema:
        cells = table.data[column.name]
        if column.is_numeric:
            values[column.name] = numbers_of(column, cells)
            known.append(np.isfinite(values[column.name]))
        else:
            values[column.name] = levels_of(column, cells)
            known.append((values[column.name] >= 0) & (values[column.name] < len(categories_of(column))))
    return values, np.stack(known, axis=1)


def _require(sampler: Sampler[Table], told: list[str], method: str) -> None:
    if not told or sampler.conditions_on(frozenset(told)):
        return
    raise UsageError(
        f"{method} does not condition exactly on {', '.join(repr(shorten(name, 30)) for name in told[:6])}.",
        remedy="Fill missing cells with tabular.honest_trees, tabular.gaussian_copula or tabular.bayes_network, which "
        "take any known cells.",
    )


def _weighed(
    sampler: Weighing,
    schema: Schema,
    values: dict[str, np.ndarray],
    known: np.ndarray,
    holes: np.ndarray,
    context: Context,
) -> dict[str, np.ndarray]:
    """Model values of all columns for each row, none of its `holes` missing."""
    told = {name: known[:, at] for at, name in enumerate(schema.names)}
    wanted = {name: holes[:, at] for at, name in enumerate(schema.names) if holes[:, at].any()}
    made = resampled(sampler, Evidence(len(known), values, told, wanted), context.streams)
    if made.table is None or len(made.rows) < len(known):
        gone = np.setdiff1d(np.arange(len(known)), made.rows)
        seldom = max(wanted, key=lambda name: int(wanted[name][gone].sum()))
        raise _unfilled(seldom, len(made.rows), len(known), "weighed candidates")
    return made.table.select(schema.names).model_values()


def _unfilled(name: str, found: int, n: int, what: str) -> BadInput:
    return BadInput(
        f"Column {shorten(name)!r} can't be filled: {found:,} of {n:,} rows were, with hundreds of {what} each.",
        evidence="Under the model it is hardly ever present in such rows.",
        remedy="Drop the column, or fit on rows in which it is present more often.",
    )


def _present(
    sampler: Sampler[Table], n: int, fixed: Table | None, wanted: list[str], context: Context
) -> dict[str, np.ndarray]:
    """Model values of the `wanted` columns, none missing, for `n` rows."""
    left = np.arange(n)
    found: dict[str, np.ndarray] = {}
    for number in range(_ROUNDS):
        part = None if fixed is None else Given(fixed=fixed.take(left))
        made = sampler.block(0, len(left), context.at("round", number), part)
        gone = np.stack([made.missing(name) for name in wanted], axis=1)
        values = made.select(wanted).model_values()
        for name in wanted:
            found.setdefault(name, np.zeros(n, dtype=values[name].dtype))[left] = values[name]
        left = left[gone.any(axis=1)]
        if len(left) == 0:
            return found
    seldom = wanted[int(np.argmax(gone.sum(axis=0)))]
    raise _unfilled(seldom, n - len(left), n, "draws")


def _merged(table: Table, schema: Schema, drawn: dict[str, list[tuple[np.ndarray, np.ndarray]]]) -> Table:
    """`table` with the drawn cells put in, in the types of `table`."""
    data = table.data
    for name, parts in drawn.items():
        if not parts:
            continue
        rows, values = (np.concatenate(one) for one in zip(*parts, strict=True))
        place, kind = data.column_names.index(name), data.schema.field(name).type
        made = Table.of(schema.select([name]), {name: values}).data[name].combine_chunks()
        at = np.arange(len(table))
        at[rows] = len(table) + np.arange(len(rows))
        plain = decoded(data[name])
        both = pa.chunked_array([*plain.chunks, decoded(made).cast(plain.type)]).take(pa.array(at))
        data = data.set_column(place, name, stored(both, kind))
    return Table(table.schema, data, table.origin, table.frame)

"""One block of rows: columns in the order of their dependence, then what is planted, then what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.calendar import NANOSECONDS
from synthwright.data.columns import categories_of, positions_in, to_arrow
from synthwright.data.dependence import depends_on
from synthwright.data.distributions import Distribution
from synthwright.data.expressions import Expression, parse_condition, parse_value, truth_in, values_in
from synthwright.data.rule_tree import Literally, Named
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, SynthwrightError, shorten
from synthwright.generators.rules._keys import is_key, unique_values
from synthwright.generators.rules._numbers import draw_numbers, in_bounds, snapped
from synthwright.generators.rules._texts import draw_texts, email_of, filled
from synthwright.seeding import Streams

__all__ = ["Rows"]

_LATEST = 253_402_300_800 * 1_000_000_000  # nanoseconds since 1970 of the end of year 9999, as an exact integer
_EARLIEST = -62_135_596_800 * 1_000_000_000  # and of the beginning of year 1


@dataclass(frozen=True, eq=False)
class Rows:
    """A block under way. `arrays` holds what is drawn so far, whole: nothing planted, nothing missing."""

    schema: Schema
    index: int
    n: int
    streams: Streams
    missing_share: float
    locale: str
    fixed: Table | None = None
    arrays: dict[str, pa.Array] = field(default_factory=dict)

    def drawn(self, order: tuple[str, ...]) -> Table:
        """The finished block."""
        for name in order:
            self.arrays[name] = self._column(self.schema[name])
        planted = {column.name: self._planted(column) for column in self.schema}
        whole = Table(self.schema, pa.table({name: self._with_anomaly(name, planted) for name in self.schema.names}))
        arrays = [self._with_missing(column, whole, planted[column.name]) for column in self.schema]
        return Table(self.schema, pa.Table.from_arrays(arrays, names=list(self.schema.names)))

    def _is_fixed(self, name: str) -> bool:
        return self.fixed is not None and name in self.fixed.schema

    def _column(self, column: Column) -> pa.Array:
        if self.fixed is not None and column.name in self.fixed.schema:
            return self.fixed.data[column.name].combine_chunks()
        distribution = column.distribution or Distribution("weights" if column.is_discrete else "uniform")
        if column.is_numeric and column.distribution is None and column.bounds is None and column.missing:
            return to_arrow(column, np.full(self.n, np.nan))  # nothing is known of it but that it may be missing
        try:
            values = self._values(column, distribution, self.streams.at(column.name), np.arange(self.n))
        except SynthwrightError as error:
            if error.problem.startswith("Column "):
                raise
            problem = f"Column {shorten(column.name)!r}: {error.problem}"
            raise type(error)(problem, evidence=error.evidence, remedy=error.remedy) from error
        return self._stored(column, values)

    def _stored(self, column: Column, values: Any) -> pa.Array:
        if isinstance(values, np.ndarray):
            return to_arrow(column, values)
        from synthwright.generators.around import stored_texts

        return stored_texts(column, values)

    def _values(self, column: Column, one: Distribution, streams: Streams, rows: np.ndarray) -> Any:
        """Values of `rows`: float64 of numeric columns, codes of discrete ones, Arrow texts of others."""
        if one.family == "cases":
            return self._cases(column, one, streams, rows)
        if one.family == "value":
            return self._expressed(column, one, streams, rows)
        if one.family == "anomaly":
            masks = [self._planted(self.schema[name]) for name in one.get("of")]
            return np.logical_or.reduce(masks)[rows].astype(np.int32)
        if is_key(one):
            return unique_values(column, one, self.index, self.streams, rows)
        if column.is_numeric:
            return in_bounds(column, one, streams, self.n)[rows]
        if column.is_discrete:
            return _levels(column, one, streams, self.n)[rows]
        if one.family == "template":
            return filled(one, self._known(depends_on(one, self.schema), rows))
        if one.family == "email" and one.get("of") is not None:
            return email_of(one, self._known({one.get("of")}, rows), streams, self.index, rows)
        texts = draw_texts(one, streams, self.index, self.n, self.locale)
        return texts if len(rows) == self.n else texts.take(pa.array(rows))

    def _cases(self, column: Column, one: Distribution, streams: Streams, rows: np.ndarray) -> Any:
        """Each case draws for the rows that are its own, so that its expression never meets the others."""
        left, pieces, places = rows, [], []
        for at, case in enumerate(one.get("cases")):
            chosen = np.ones(len(left), dtype=bool)
            if case.get("when") is not None:
                condition = parse_condition(case.get("when"), self.schema)
                chosen = truth_in(self._known(set(condition.columns), left), condition)
            if chosen.any():
                pieces.append(self._values(column, case, streams.at("case", at), left[chosen]))
                places.append(left[chosen])
            left = left[~chosen]
        if not pieces:
            return self._values(column, one.get("cases")[-1], streams, rows)
        order = np.argsort(np.concatenate(places), kind="stable")
        if isinstance(pieces[0], np.ndarray):
            return np.concatenate(pieces)[order]
        return pa.concat_arrays(pieces).take(pa.array(order))

    def _expressed(self, column: Column, one: Distribution, streams: Streams, rows: np.ndarray) -> Any:
        expression = parse_value(one.get("value"), self.schema)
        table = self._known(set(expression.columns), rows)
        if column.is_numeric:
            values = values_in(table, expression, column.unit or "second" if column.kind == "datetime" else None)
            if one.get("noise") is not None:
                values = values + draw_numbers(column, one.get("noise"), streams.at("noise"), self.n)[rows]
            return _checked(column, snapped(column, values), noisy=one.get("noise") is not None)
        if column.kind == "boolean":
            return truth_in(table, expression).astype(np.int32)
        texts = _texts_of(expression, table)
        if not column.is_discrete:
            return texts
        codes = positions_in(pa.chunked_array([texts]), [str(level) for level in categories_of(column)])
        if (codes == len(categories_of(column))).any():
            value = texts[int(np.argmax(codes == len(categories_of(column))))].as_py()
            raise BadInput(
                f"The expression gives {shorten(str(value))!r}, which is no category of the column.",
                remedy="Add it to `categories:`.",
            )
        return codes

    def _known(self, names: set[str], rows: np.ndarray) -> Table:
        """The rows of the columns in `names`, all of which are drawn."""
        columns = [column for column in self.schema if column.name in names]
        taken = len(rows) != self.n
        arrays = {
            one.name: self.arrays[one.name].take(pa.array(rows)) if taken else self.arrays[one.name] for one in columns
        }
        data = pa.table(arrays) if arrays else pa.table({"": pa.nulls(len(rows))})
        return Table(Schema(tuple(columns) or (Column(name="", kind="text"),)), data)

    def _planted(self, column: Column) -> np.ndarray:
        """The rows in which an anomaly stands in for the column's own value."""
        share = 0.0 if column.distribution is None else column.distribution.number("anomaly_share", 0.0)
        if not share or self._is_fixed(column.name):
            return np.zeros(self.n, dtype=bool)
        return self.streams.at(column.name, "planted").rng().random(self.n) < share

    def _with_anomaly(self, name: str, planted: Mapping[str, np.ndarray]) -> pa.Array:
        if not planted[name].any():
            return self.arrays[name]
        column = self.schema[name]
        anomaly = (column.distribution or Distribution("")).get("anomaly")
        odd = self._stored(column, self._values(column, anomaly, self.streams.at(name, "anomaly"), np.arange(self.n)))
        return pc.if_else(pa.array(planted[name]), odd, self.arrays[name])

    def _with_missing(self, column: Column, whole: Table, planted: np.ndarray) -> pa.Array:
        array = whole.data[column.name].combine_chunks()
        share = self.missing_share if column.missing else 0.0
        if column.distribution is not None:
            share = column.distribution.number("missing_share", share)
        if not share or self._is_fixed(column.name):
            return array
        gone = (self.streams.at(column.name, "missing").rng().random(self.n) < share) & ~planted
        if column.distribution is not None and column.distribution.get("missing_when") is not None:
            gone &= truth_in(whole, parse_condition(column.distribution.get("missing_when"), self.schema))
        return pc.if_else(pa.array(gone), pa.scalar(None, array.type), array)


def _levels(column: Column, one: Distribution, streams: Streams, n: int) -> np.ndarray:
    levels = categories_of(column)
    if one.family == "constant":
        return np.full(n, [str(level) for level in levels].index(one.get("constant")), dtype=np.int32)
    if not levels:
        raise BadInput("It has no categories to draw from.", remedy="List them: `categories: [first, second]`.")
    mass = np.cumsum(one.get("weights") or np.ones(len(levels)))
    chosen = np.searchsorted(mass / mass[-1], streams.rng().random(n), side="right")
    return np.asarray(chosen, dtype=np.int32)


def _checked(column: Column, values: np.ndarray, *, noisy: bool) -> np.ndarray:
    """What an expression gave: within the column's bounds, and dates within the years that can be stored."""
    if column.kind == "datetime":
        unit = NANOSECONDS[column.unit or "second"]
        beyond = (values < _EARLIEST // unit) | (values >= _LATEST // unit)
        if beyond.any():
            raise BadInput(
                f"{int(beyond.sum()):,} of {len(values):,} dates lie beyond the years 1 to 9999.",
                remedy="Give the columns of the expression closer bounds.",
            )
    if column.bounds is None:
        return values
    outside = (values < column.bounds[0]) | (values > column.bounds[1])
    if outside.any() and not noisy:  # noise is expected to reach the bounds; an exact expression is not
        raise BadInput(
            f"The expression leaves the bounds of the column in {int(outside.sum()):,} of {len(values):,} rows.",
            evidence=f"Bounds: {column.bounds[0]:g} to {column.bounds[1]:g}; values: {np.nanmin(values):g} to "
            f"{np.nanmax(values):g}.",
            remedy="Widen `bounds`, or give the columns of the expression closer ones.",
        )
    return np.asarray(np.clip(values, *column.bounds))


def _texts_of(expression: Expression, table: Table) -> pa.Array:
    """The texts of an expression: a column's, or one literal's; numbers as they are written."""
    tree = expression.tree
    if isinstance(tree, Named):
        return table.data[tree.column].combine_chunks().cast(pa.string())
    if isinstance(tree, Literally) and not isinstance(tree.value, float):
        return pa.array([str(tree.value)] * len(table), pa.string())
    if expression.sort.kind == "truth":
        return pa.array(truth_in(table, expression)).cast(pa.string())
    return pa.array(values_in(table, expression)).cast(pa.string())

"""Three tables from anywhere, brought under train's schema: column order, dtypes, spelling; or a clear refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.reading import is_marked
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.data.text_cells import is_text
from synthwright.errors import BadInput, shorten
from synthwright.evaluation._aligning.dates import fit_dates
from synthwright.evaluation._aligning.fitted import Fitted
from synthwright.evaluation._aligning.labels import fit_labels
from synthwright.evaluation._aligning.matching_columns import listed, only_train_columns, renamed
from synthwright.evaluation._aligning.numerals import fit_numbers
from synthwright.evaluation._aligning.overlap import check_holdout
from synthwright.evaluation.comparison import Comparison

__all__ = ["align", "align_benchmark"]

_MARKED = (
    "Train carries the mark that synthwright writes into synthetic rows: all figures compare with synthetic rows, not "
    "with real ones."
)


def align(
    train: Table,
    synthetic: Table,
    holdout: Table | None = None,
    *,
    seed: int = 0,
    against: Mapping[str, Table] | None = None,
) -> Comparison:
    """The comparison of `synthetic` (and `holdout`) with `train`, all under train's schema and column order.

    Values are kept: a label that train does not have, a fraction in a column of integers or a number out of range
    stays visible. Storage changes (numbers as text, integers as floats, category dtypes), and so does the spelling of
    names, labels and dates where it is certain which one of train's is meant and nothing is merged by it. Whatever is
    more than storage is told in the comparison's `notes`. Identifiers and free text that synthetic or holdout lack are
    left out everywhere. `against` are benchmarks by name, of which the columns that they share with train are kept.

    Raises
    ------
    BadInput
        Missing or extra columns, a column whose values can't be read as train's kind, no rows, a holdout that is
        synthetic or overlaps train (`check_holdout`), or a benchmark that shares no column.
    """
    others = {"The synthetic table": synthetic} | ({} if holdout is None else {"The holdout": holdout})
    for who, table in [("Train", train), *others.items()]:
        if len(table) == 0:
            raise BadInput(f"{who} has no rows.", remedy="Give a table with rows.")
    notes = [_MARKED] if is_marked(train) else []
    for who, table in others.items():
        others[who], told = renamed(table, train.schema, who)
        notes += told
    train, told = _without_absent(train, list(others.values()))
    notes += told
    aligned = []
    for who, table in others.items():
        fitted, told = _conform(table, train, who)
        aligned.append(fitted)
        notes += told
    benchmarks = {}
    for name, table in (against or {}).items():
        benchmarks[name], told = _benchmark(train, name, table)
        notes += told
    unseen = aligned[1] if holdout is not None else None
    if unseen is not None:
        notes += check_holdout(train, unseen)
    return Comparison(train, aligned[0], unseen, seed, against=benchmarks, notes=tuple(notes))


def align_benchmark(train: Table, name: str, table: Table) -> Table:
    """The columns of the benchmark `name` that train has too, in train's order and types.

    Raises
    ------
    BadInput
        There is no such column (identifiers and free text don't count), one can't be read as train's kind, or no rows.
    """
    return _benchmark(train, name, table)[0]


def _benchmark(train: Table, name: str, table: Table) -> tuple[Table, list[str]]:
    who = f"The benchmark {shorten(name)}"
    shared = [column for column in train.schema if column.is_modelled and column.name in table.names]
    if not shared:
        raise BadInput(
            f"{who} shares no column with train.",
            evidence=f"It has {listed(table.names)}; train has {listed(train.names)}.",
            remedy="Rename its columns as train's are called; identifiers and free text are not compared.",
        )
    if len(table) == 0:
        raise BadInput(f"{who} has no rows.", remedy="Give a table with rows.")
    columns, notes = _fitted(shared, table, train, who)
    return Table(train.schema.select(list(columns)), pa.table(columns)), notes


def _without_absent(train: Table, others: list[Table]) -> tuple[Table, list[str]]:
    """Train without the identifiers and free text that another table lacks."""
    absent = {column.name for table in others for column in train.schema if column.name not in table.names}
    kept = [column.name for column in train.schema if column.is_modelled or column.name not in absent]
    if not any(train.schema[name].is_modelled for name in kept):
        raise BadInput(
            "There is nothing to compare: train has identifiers and free text only.",
            remedy="Declare the kind of at least one column as a number, a date or a category.",
        )
    left = [name for name in train.names if name not in kept]
    if not left:
        return train, []
    plural = "s" * (len(left) > 1)
    told = f"Identifiers and free text that not all tables have are left out: column{plural} {listed(left)}."
    data = train.data.select(kept)
    return replace(train, schema=train.schema.select(kept), data=data, frame=None), [told]


def _conform(table: Table, train: Table, who: str) -> tuple[Table, list[str]]:
    """`table` with train's columns, in train's types wherever no value changes by it."""
    chosen, notes = only_train_columns(table, train, who)
    columns, told = _fitted(list(train.schema), chosen, train, who)
    fields = [pa.field(name, column.type) for name, column in columns.items()]
    data = pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields, metadata=table.data.schema.metadata))
    return Table(train.schema, data, table.origin), [*notes, *told]


def _fitted(
    columns: list[Column], table: Table, train: Table, who: str
) -> tuple[dict[str, pa.ChunkedArray], list[str]]:
    fitted = {one.name: _column(one, table.data[one.name], train.data[one.name], who) for one in columns}
    clauses = [(name, clause) for name, one in fitted.items() for clause in one.told]
    forms = ((one, table.schema[one.name].format) for one in columns)
    clauses += [(one.name, f"dates are read as {form}") for one, form in forms if form not in {None, one.format}]
    told = [f"{who}, column {shorten(name)!r}: {clause}." for name, clause in clauses]
    return {name: one.values for name, one in fitted.items()}, told


def _column(column: Column, values: pa.ChunkedArray, train: pa.ChunkedArray, who: str) -> Fitted:
    values, train = _plain(values), _plain(train)
    stored = train.type
    if column.is_discrete and values.null_count < len(values):
        return fit_labels(values, train)
    if values.type == stored:
        return Fitted(values)
    if values.null_count == len(values):
        return Fitted(pa.chunked_array([pa.nulls(len(values), stored)]))
    if not column.is_modelled:
        return Fitted(values.cast(stored) if is_text(stored) else values)
    converted = fit_dates(values, train, column.format) if column.kind == "datetime" else fit_numbers(values, train)
    if converted is None:
        what = "dates" if column.kind == "datetime" else "numbers"
        raise BadInput(
            f"{who} has no {what} in column {shorten(column.name)!r}, but train has.",
            evidence=f"Train stores it as {stored}, {who[0].lower() + who[1:]} as {values.type}{_example(values)}.",
            remedy=f"Write {what} ({_HOW[what]}), or declare the column categorical in the schema.",
        )
    return converted


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without a dictionary, and text as Arrow's plain string."""
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    return values.cast(pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind)


def _example(values: pa.ChunkedArray) -> str:
    """The first text that is no number; only of text columns, and short."""
    if not is_text(values.type):
        return ""
    odd = values.filter(pc.invert(pc.match_substring_regex(values, r"^\s*-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$")))
    return f", with cells such as {shorten(odd[0].as_py(), 30)!r}" if len(odd) else ""


_HOW = {"dates": "ISO 8601, in which day and month can't be mistaken", "numbers": "with a point, no other signs"}

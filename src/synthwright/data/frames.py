"""The way out for data frames: the same kind that came in, with the dtypes that Arrow can't remember."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded, parse_type
from synthwright.errors import BadInput
from synthwright.extras import need

if TYPE_CHECKING:
    from synthwright.data.table import Table

__all__ = [
    "WRITTEN",
    "Origin",
    "is_written",
    "origin_from_json",
    "origin_to_json",
    "to_native",
    "to_numpy",
    "to_pandas",
    "to_polars",
    "with_texts",
]

WRITTEN = "written:"  # before the form of numbers that are more than digits (`written_numbers`)
FrameKind = Literal["pandas", "polars", "arrow", "numpy", "records", "file"]


@dataclass(frozen=True, slots=True)
class Origin:
    """What kind of frame a table came from, and what Arrow can't remember of it.

    `dtypes` are pairs of column and dtype as its library writes it; `texts` are pairs of column and form for text that
    was read as dates or numbers: ``"T"`` or ``" Z"`` (ISO dates: separator and zone), ``"%d.%m.%Y"`` (`written_dates`),
    ``"fixed:2"`` (decimals), ``"written:[...]"`` (`written_numbers`). `labels` says whether pandas named
    its columns by numbers.
    """

    kind: FrameKind
    dtypes: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    labels: Literal["text", "numbers"] = "text"


def origin_to_json(origin: Origin | None) -> dict[str, Any] | None:
    """`origin` as JSON types."""
    if origin is None:
        return None
    pairs = {"dtypes": [list(pair) for pair in origin.dtypes], "texts": [list(pair) for pair in origin.texts]}
    return {"kind": origin.kind, **pairs, "labels": origin.labels}


def origin_from_json(state: Mapping[str, Any] | None) -> Origin | None:
    """Read back `origin_to_json`; raises `BadInput` for anything else."""
    if state is None:
        return None
    try:
        dtypes, texts = (tuple((str(a), str(b)) for a, b in state[key]) for key in ("dtypes", "texts"))
        kind, labels = state["kind"], state["labels"]
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("The saved origin of the table can't be read.", evidence=str(error)[:200]) from error
    if kind not in get_args(FrameKind) or labels not in {"text", "numbers"}:
        raise BadInput("The saved origin of the table is of no known kind.", evidence=f"{kind!r}"[:80])
    return Origin(kind, dtypes, texts, labels)


def to_native(table: Table) -> Any:
    """The kind of frame that came in; the `Table` itself if it was a file.

    A dtype that can't hold missing values (int64, bool) becomes its nullable form where values are missing.
    """
    kind = table.frame.kind if table.frame is not None else "file"
    if kind == "pandas":
        return to_pandas(table)
    if kind == "polars":
        return to_polars(table)
    if kind == "numpy":
        return to_numpy(table)
    if kind == "arrow":
        return _to_arrow(table)
    if kind == "records":
        return with_texts(table).to_pylist()
    return table


def is_written(form: str) -> bool:
    """True for forms that neither a number nor an ISO date has: $1,234.50 or 31.12.2024."""
    return form.startswith((WRITTEN, "%"))


def with_texts(table: Table, *, file: bool = False, decimals: bool = False) -> pa.Table:
    """The columns, with dates and written numbers as the text they came in, where they came as text.

    What came from a file goes out typed, except into text files (`file`); fixed decimals are kept with `decimals`.
    """
    data = table.data
    for name, form in table.frame.texts if table.frame is not None else ():
        if name not in data.column_names:
            continue
        dates = pa.types.is_temporal(data[name].type)
        if is_written(form):
            wanted = (file or (table.frame is not None and table.frame.kind != "file")) and dates == form.startswith(
                "%"
            )
        else:
            wanted = decimals if form.startswith("fixed:") else dates
        if wanted:
            data = data.set_column(data.column_names.index(name), name, _as_text(data[name], form))
    return data


def to_pandas(table: Table) -> Any:
    """A pandas frame, with the dtypes of the input where it was pandas."""
    pandas = need("pandas", for_="to_pandas()")

    origin = table.frame if table.frame is not None and table.frame.kind == "pandas" else None
    dtypes = dict(origin.dtypes) if origin is not None else {}
    data = with_texts(table)
    series = {name: _series(data[name], dtypes.get(name)) for name in data.column_names}
    frame = pandas.DataFrame(series, columns=list(series), index=pandas.RangeIndex(len(table)))
    if origin is not None and origin.labels == "numbers":
        labels = [int(name) for name in table.names]
        counted = labels == list(range(len(labels)))
        frame.columns = pandas.RangeIndex(len(labels)) if counted else pandas.Index(labels)
    return frame


def _series(column: pa.ChunkedArray, dtype: str | None) -> Any:
    import pandas

    if dtype is None:
        return column.to_pandas()
    if dtype.startswith("object"):
        missing = float("nan") if dtype == "object:nan" else None
        plain = decoded(column)
        cells = [missing if cell is None else cell for cell in plain.to_pylist()]
        return pandas.Series(np.fromiter(cells, dtype=object, count=len(cells)), dtype=object)
    if dtype == "category":
        return (column if pa.types.is_dictionary(column.type) else column.dictionary_encode()).to_pandas()
    column = decoded(column)
    if dtype.endswith("[pyarrow]") and not dtype.startswith("string"):
        return pandas.Series(pandas.array(column, dtype=pandas.ArrowDtype(column.type)))
    target = pandas.api.types.pandas_dtype(_nullable(dtype) if column.null_count else dtype)
    if hasattr(target, "__from_arrow__"):
        kind = _arrow_of(dtype)
        return pandas.Series(target.__from_arrow__(column if kind is None else column.cast(kind, safe=False)))
    return column.to_pandas().astype(target)


def _nullable(dtype: str) -> str:
    if dtype == "bool":
        return "boolean"
    if dtype.startswith(("int", "uint")):
        return dtype.replace("int", "Int", 1).replace("uI", "UI", 1)
    return dtype


def _arrow_of(dtype: str) -> pa.DataType | None:
    """The Arrow type of a nullable pandas dtype such as Int64; ``None`` for any other."""
    name = dtype.lower()
    if name in {"boolean", "bool"}:
        return pa.bool_()
    return pa.type_for_alias(name) if name.startswith(("int", "uint", "float")) and name[-1].isdigit() else None


def to_polars(table: Table) -> Any:
    """A polars frame, with the dtypes of the input where it was polars."""
    polars = need("polars", for_="to_polars()")

    data = with_texts(table)
    frame: Any = polars.from_arrow(data)
    if table.frame is None or table.frame.kind != "polars":
        return frame
    for name, dtype in table.frame.dtypes:
        if name not in frame.columns:
            continue
        if dtype == "Enum":
            kind = data[name].type
            levels = data[name].chunk(0).dictionary.to_pylist() if pa.types.is_dictionary(kind) else []
            frame = frame.with_columns(polars.col(name).cast(polars.String).cast(polars.Enum(levels)))
        elif dtype in {"Categorical", "Null"}:
            frame = frame.with_columns(polars.col(name).cast(getattr(polars, dtype)))
    return frame


def to_numpy(table: Table) -> np.ndarray:
    """A 2-D array of one dtype, or a structured array, as came in; integers become floats where values are missing."""
    data = with_texts(table)
    dtypes = dict(table.frame.dtypes) if table.frame is not None else {}
    arrays = {name: _to_array(data[name], dtypes.get(name, dtypes.get("", "object"))) for name in data.column_names}
    if "" in dtypes:
        return _side_by_side(list(arrays.values()))
    record = np.empty(len(table), dtype=[(name, array.dtype) for name, array in arrays.items()])
    for name, array in arrays.items():
        record[name] = array
    return record


def _side_by_side(arrays: list[np.ndarray], rows: int = 4_096) -> np.ndarray:
    """The arrays as columns, a few thousand rows at a time: in a core's cache that takes a third of the time."""
    out = np.empty((len(arrays[0]), len(arrays)), dtype=np.result_type(*arrays))
    for start in range(0, len(out), rows):
        out[start : start + rows] = np.column_stack([array[start : start + rows] for array in arrays])
    return out


def _to_array(column: pa.ChunkedArray, dtype: str) -> np.ndarray:
    wanted = np.dtype(dtype)
    if wanted.kind == "O":
        return np.fromiter(column.to_pylist(), dtype=object, count=len(column))
    if column.null_count and wanted.kind in "iub":
        return np.asarray(pc.fill_null(column.cast(pa.float64(), safe=False), np.nan).to_numpy())
    return np.asarray(column.to_numpy()).astype(wanted, copy=False)


def _to_arrow(table: Table) -> pa.Table:
    data = with_texts(table)
    for name, dtype in table.frame.dtypes if table.frame is not None else ():
        if name in data.column_names and str(data[name].type) != dtype:
            empty = dtype == "null" and data[name].null_count == len(data)
            column = pa.nulls(len(data)) if empty else data[name].cast(parse_type(dtype))
            data = data.set_column(data.column_names.index(name), name, column)
    return data


def _as_text(column: pa.ChunkedArray, form: str) -> pa.ChunkedArray:
    """Numbers and dates in their written `form`, numbers with fixed decimals, or ISO text of dates and times."""
    if form.startswith(WRITTEN):
        from synthwright.data.written_numbers import NumberForm

        return NumberForm.from_text(form.removeprefix(WRITTEN)).write(column)
    if form.startswith("%"):
        from synthwright.data.written_dates import write_dates

        return write_dates(column, form)
    if form.startswith("fixed:"):
        return column.cast(pa.decimal128(38, int(form[6:])), safe=False).cast(pa.string())
    if pa.types.is_date(column.type):
        return column.cast(pa.string())
    separator, zone = form[:1] or " ", form[1:]
    if zone and zone != "Z":
        column = column.cast(pa.timestamp(column.type.unit, tz=zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"))
    local = pc.local_timestamp(column) if column.type.tz is not None else column
    text = pc.replace_substring(local.cast(pa.string()), " ", separator)
    return pc.binary_join_element_wise(text, zone, "") if zone else text

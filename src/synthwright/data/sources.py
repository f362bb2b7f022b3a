"""The way in for data frames, arrays and lists of records: an Arrow table and the memory of what came in."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from synthwright.data.frames import Origin
from synthwright.errors import BadInput, shorten

__all__ = ["from_frame"]

_REFUSALS = (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError, ValueError, OverflowError)


def from_frame(source: Any) -> tuple[pa.Table, Origin]:
    """`source` as an Arrow table: pandas, polars, pyarrow, NumPy, records, or any frame that Arrow or narwhals knows.

    Raises
    ------
    BadInput
        It is none of these, or one of its columns mixes types.
    """
    if isinstance(source, np.ndarray):
        return _from_numpy(source)
    if isinstance(source, Mapping) or (isinstance(source, Sequence) and not isinstance(source, str | bytes)):
        return _from_records(source)
    pandas, polars = sys.modules.get("pandas"), sys.modules.get("polars")
    if pandas is not None and isinstance(source, pandas.DataFrame):
        return _from_pandas(source)
    if polars is not None and isinstance(source, polars.LazyFrame | polars.DataFrame):
        return _from_polars(source)
    return _from_arrow(source)


def _from_pandas(frame: Any) -> tuple[pa.Table, Origin]:
    if frame.columns.nlevels > 1:
        raise BadInput("The columns of the pandas frame have several levels.", remedy="Join them into one name each.")
    numbers = all(isinstance(name, int | np.integer) for name in frame.columns) and frame.shape[1] > 0
    if not numbers and not all(isinstance(name, str) for name in frame.columns):
        odd = next(name for name in frame.columns if not isinstance(name, str))
        raise BadInput(
            "The columns of the pandas frame are not all named by text.",
            evidence=f"One is {shorten(repr(odd))}.",
            remedy="frame.columns = frame.columns.map(str)",
        )
    arrays, dtypes = [], []
    for position, label in enumerate(frame.columns):
        series = frame.iloc[:, position]
        name, dtype = str(label), str(series.dtype)
        if hasattr(series, "sparse") and dtype.startswith("Sparse"):
            series = series.sparse.to_dense()
            dtype = str(series.dtype)
        try:
            array = pa.Array.from_pandas(series)
        except _REFUSALS as error:
            raise _mixed(name, dtype, error) from error
        if dtype == "object" and any(isinstance(cell, float) for cell in series[series.isna()].head(1)):
            dtype = "object:nan"
        arrays.append(array)
        dtypes.append((name, dtype))
    data = _table(arrays, [name for name, _ in dtypes])
    return data, Origin("pandas", tuple(dtypes), labels="numbers" if numbers else "text")


def _from_polars(frame: Any) -> tuple[pa.Table, Origin]:
    frame = frame.collect() if hasattr(frame, "collect") else frame
    objects = [name for name, dtype in frame.schema.items() if str(dtype) == "Object"]
    if objects:
        raise _mixed(objects[0], "Object", TypeError("polars can't say what its values are"))
    dtypes = tuple((name, str(dtype).partition("(")[0]) for name, dtype in frame.schema.items())
    return frame.to_arrow(), Origin("polars", dtypes)


def _from_numpy(array: np.ndarray) -> tuple[pa.Table, Origin]:
    mask = np.ma.getmaskarray(array) if isinstance(array, np.ma.MaskedArray) else None
    plain: Any = np.asarray(array)
    if plain.dtype.names is not None:
        names = list(plain.dtype.names)
        columns = [(plain[name], None if mask is None else mask[name]) for name in names]
        dtypes = tuple((name, str(plain[name].dtype)) for name in names)
    elif plain.ndim == 2:
        names = [f"x{position}" for position in range(plain.shape[1])]
        columns = [(plain[:, at], None if mask is None else mask[:, at]) for at in range(plain.shape[1])]
        dtypes = (("", str(plain.dtype)),)
    else:
        raise BadInput(
            "The array is no table.",
            evidence=f"It has {plain.ndim} dimensions.",
            remedy="Give a 2-D array (rows by columns) or a structured array.",
        )
    arrays = []
    for name, (values, missing) in zip(names, columns, strict=True):
        try:
            arrays.append(pa.array(np.ascontiguousarray(values), mask=missing, from_pandas=True))
        except _REFUSALS as error:
            raise _mixed(name, str(values.dtype), error) from error
    return _table(arrays, names), Origin("numpy", dtypes)


def _from_records(source: Any) -> tuple[pa.Table, Origin]:
    if isinstance(source, Mapping):
        names, columns = [str(name) for name in source], list(source.values())
        lengths = {name: len(cells) for name, cells in zip(names, columns, strict=True) if hasattr(cells, "__len__")}
        if len(set(lengths.values())) > 1 or len(lengths) < len(names):
            raise BadInput("The columns are not all lists of one length.", evidence=shorten(str(lengths), 200))
    else:
        if not all(isinstance(record, Mapping) for record in source):
            raise BadInput(
                "A list of rows must hold one dict per row.", remedy="Or give a data frame with column names."
            )
        keys = list(dict.fromkeys(key for record in source for key in record))
        names = [str(key) for key in keys]
        columns = [[record.get(key) for record in source] for key in keys]
    arrays = []
    for name, cells in zip(names, columns, strict=True):
        try:
            arrays.append(pa.array(cells, from_pandas=True))
        except _REFUSALS as error:
            raise _mixed(name, "objects", error) from error
    return _table(arrays, names), Origin("records" if not isinstance(source, Mapping) else "arrow")


def _from_arrow(source: Any) -> tuple[pa.Table, Origin]:
    import narwhals

    try:
        if isinstance(source, pa.Table):
            data = source
        elif isinstance(source, pa.RecordBatch):
            data = pa.Table.from_batches([source])
        elif hasattr(source, "__arrow_c_stream__"):
            data = pa.table(source)
        else:
            frame = narwhals.from_native(source)
            data = (frame.collect() if isinstance(frame, narwhals.LazyFrame) else frame).to_arrow()
    except _REFUSALS as error:
        raise BadInput(
            f"{type(source).__name__} is no table.",
            evidence=shorten(str(error), 200),
            remedy="Give a path, or a frame of pandas, polars, pyarrow or another library that speaks Arrow.",
        ) from error
    return data, Origin("arrow", tuple((field.name, str(field.type)) for field in data.schema))


def _table(arrays: list[Any], names: list[str]) -> pa.Table:
    return pa.Table.from_arrays(
        [pa.chunked_array(array) if isinstance(array, list) else array for array in arrays], names
    )


def _mixed(name: str, dtype: str, error: BaseException) -> BadInput:
    return BadInput(
        f"Column {shorten(name)!r} does not hold values of one type.",
        evidence=f"It is stored as {dtype}: {shorten(str(error), 160)}",
        remedy="Turn it into numbers, dates or text first.",
    )

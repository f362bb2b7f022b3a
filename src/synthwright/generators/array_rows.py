"""New rows of an array of numbers without a table in between: what small arrays would spend most of their time on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from synthwright.data.schema import Column, Schema
from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.engines.context import Context
from synthwright.generators.class_rows import ClassRows, are_measurable, deviations, require_classes
from synthwright.generators.drawing import require_memory
from synthwright.generators.interpolating import Interpolated, SmoteFamily, between
from synthwright.generators.tabular.random_oversample import RandomOversample
from synthwright.seeding import Streams

__all__ = ["array_rows"]

_FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


def array_rows(X: Any, codes: np.ndarray, extra: np.ndarray, generator: Any, seed: int) -> np.ndarray | None:
    """``extra[c]`` new rows of each class c of the rows `X`, whose classes are `codes`, in the order of the classes.

    Bit for bit what `oversample` makes of the same rows as a table. ``None`` where that has to do it: `X` is no plain
    array of finite floats of a usual size, or the method is none that lies between rows or repeats them.

    Raises
    ------
    BadInput
        As the method; a class is too small for it, say.
    OutOfResource
        The rows need more than the machine's memory.
    """
    repeats = type(generator) is RandomOversample
    lies_between = isinstance(generator, SmoteFamily) and generator.sampler is Interpolated
    if not (repeats or lies_between) or type(X) is not np.ndarray or X.ndim != 2 or X.dtype not in _FLOATS:
        return None
    columns = np.ascontiguousarray(X.T, dtype=np.float64)
    if len(columns) == 0 or not are_measurable(columns):
        return None
    require_memory(len(X) + int(extra.sum()), len(columns) + 1)
    labels = np.repeat(np.arange(len(extra)), extra).astype(np.int32)
    if repeats:
        return np.asarray(X[_repeated(codes, labels, seed)])
    return _between_rows(columns, codes, labels, generator, seed).T.astype(X.dtype)


def _between_rows(
    columns: np.ndarray, codes: np.ndarray, labels: np.ndarray, generator: SmoteFamily, seed: int
) -> np.ndarray:
    rows = _rows(columns, codes, generator)
    if generator.info.needs_classes:
        require_classes(rows, generator.info.summary)
    sampler = Interpolated(rows, generator, Streams(seed).at("fit"))  # type: ignore[arg-type]  # each has `pairs`
    context = Context(streams=Streams(seed).at("sample"))
    made = np.empty((len(columns), len(labels)))
    for index, start in enumerate(range(0, len(labels), BLOCK_ROWS)):
        block = labels[start : start + BLOCK_ROWS]
        base, partner, along, _ = sampler.places(index, len(block), context, block)
        made[:, start : start + len(block)] = between(columns[:, base], columns[:, partner], along, gaps=False)
    return made


def _rows(columns: np.ndarray, codes: np.ndarray, generator: SmoteFamily) -> ClassRows:
    """The columns as over-samplers see them; the table beside them holds the classes alone."""
    known = tuple(range(int(codes.max()) + 1))
    target = Column(name="target", kind="categorical", role="target", categories=known, dtype="int64")
    table = Table(Schema((target,)), pa.table({"target": pa.array(codes.astype(np.int64))}))
    numbers = tuple(columns)
    return ClassRows(
        table,
        codes.astype(np.int32),
        tuple(f"x{at}" for at in range(len(columns))),
        numbers,
        (),
        np.zeros((0, len(codes)), np.int32),
        deviations(numbers) if generator.scale == "std" else np.ones(len(columns)),
    )


def _repeated(codes: np.ndarray, labels: np.ndarray, seed: int) -> np.ndarray:
    """For each label the position of a row of its class."""
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes)
    streams, picked = Streams(seed).at("sample"), np.empty(len(labels), np.int64)
    for index, start in enumerate(range(0, len(labels), BLOCK_ROWS)):
        block = labels[start : start + BLOCK_ROWS]
        uniforms = streams.at("block", index).rng().random(len(block))
        picked[start : start + len(block)] = order[
            (np.cumsum(sizes) - sizes)[block] + (uniforms * sizes[block]).astype(np.int64)
        ]
    return picked

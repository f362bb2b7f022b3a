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
from synthwright.generators.interpolating import Interpolated, SmoteFamily
from synthwright.generators.tabular.random_oversample import RandomOversample
from synthwright.seeding import Streams

__all__ = ["array_rows"]

_STEP = 512  # rows at a time: small pieces of memory are used again, large ones cost a page fault per 4 kB
_FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


def array_rows(X: Any, codes: np.ndarray, extra: np.ndarray, generator: Any, seed: int) -> np.ndarray | None:
    """The rows `X` of the classes `codes`, and behind them ``extra[c]`` new ones of each class c, class after class.

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
    if X.shape[1] == 0 or not (np.isfinite(X).all() if repeats else are_measurable(X)):
        return None
    whole = len(X) + int(extra.sum())
    require_memory(whole, X.shape[1] + 1)
    labels = np.repeat(np.arange(len(extra)), extra).astype(np.int32)
    made = np.empty((whole, X.shape[1]), X.dtype)
    made[: len(X)] = X
    if repeats:
        np.take(X, _repeated(codes, labels, seed), axis=0, out=made[len(X) :], mode="clip")  # no copy on the way
    else:
        _fill(made[len(X) :], X, _rows(X, codes, generator), labels, generator, seed)
    return made


def _fill(
    made: np.ndarray, X: np.ndarray, rows: ClassRows, labels: np.ndarray, generator: SmoteFamily, seed: int
) -> None:
    """`made` holds rows between those of `X`, of the classes `labels`."""
    if generator.info.needs_classes:
        require_classes(rows, generator.info.summary)
    sampler = Interpolated(rows, generator, Streams(seed).at("fit"))  # type: ignore[arg-type]  # each has `pairs`
    context = Context(streams=Streams(seed).at("sample"))
    for index, start in enumerate(range(0, len(labels), BLOCK_ROWS)):
        block = labels[start : start + BLOCK_ROWS]
        base, partner, along, _ = sampler.places(index, len(block), context, block)
        for first in range(0, len(block), _STEP):
            here = slice(first, first + _STEP)
            mine, theirs = (X[rows[here]].astype(np.float64, copy=False) for rows in (base, partner))
            theirs -= mine  # in place: the same sums as `interpolating` has, in a third of the memory
            theirs *= along[here, None]
            theirs += mine
            made[start + first : start + first + len(mine)] = theirs


def _rows(X: np.ndarray, codes: np.ndarray, generator: SmoteFamily) -> ClassRows:
    """The columns as over-samplers see them; the table beside them holds the classes alone."""
    known = tuple(range(int(codes.max()) + 1))
    target = Column(name="target", kind="categorical", role="target", categories=known, dtype="int64")
    table = Table(Schema((target,)), pa.table({"target": pa.array(codes.astype(np.int64))}))
    columns = X.astype(np.float64, copy=False).T
    numbers = tuple(np.ascontiguousarray(columns) if generator.scale == "std" else columns)
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

"""How a draw is cut into blocks: the plan that fixes every record, whoever computes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.engines.context import Context, ignore
from synthwright.engines.engine import Serial
from synthwright.engines.machine import memory_bytes
from synthwright.errors import OutOfResource, UsageError, shorten
from synthwright.seeding import Streams

__all__ = ["Share", "checked_count", "inside", "require_memory", "shares"]

_CELL_BYTES = 8  # the least a cell takes while it is drawn: methods see float64 and int32, Arrow stores beside them


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a draw that one block gives: `size` units of block `index`, with their fixed rows."""

    index: int
    size: int
    fixed: Table | None = None


def shares(n: int, fixed: Table | None = None) -> Iterator[Share]:
    """The blocks that make up `n` units of any kind; one empty block for none."""
    for index in range(max(1, -(-n // BLOCK_ROWS))):
        start = index * BLOCK_ROWS
        size = min(BLOCK_ROWS, n - start)
        part = None if fixed is None else replace(fixed, data=fixed.data.slice(start, size), origin=None)
        yield Share(index, size, part)


def inside(context: Context | None, seed: int) -> Context:
    """What a block may ask of the outside world: the seed alone decides, and no block starts a pool or talks.

    Raises
    ------
    UsageError
        `seed` is no whole number.
    """
    if isinstance(seed, bool) or not hasattr(seed, "__index__"):
        raise UsageError(f"The seed {shorten(repr(seed))} is no whole number.", remedy="Give one such as 0.")
    outside = context or Context(streams=Streams(seed))
    return replace(outside, streams=Streams(seed).at("sample"), engine=Serial(), progress=ignore)


def checked_count(n: Any) -> int:
    """`n` as an int; raises `UsageError` unless it is a whole number from 0 on."""
    if isinstance(n, bool) or not hasattr(n, "__index__") or n < 0:
        raise UsageError(
            f"{shorten(repr(n))} rows can't be drawn.", remedy="Ask for a whole number of rows, 0 or more."
        )
    return int(n)


def require_memory(n: int, columns: int) -> None:
    """`n` rows can be held at once, as far as can be told before they are drawn.

    Raises
    ------
    OutOfResource
        They need more than the whole memory of the machine.
    """
    size, wanted = memory_bytes(), n * columns * _CELL_BYTES
    if size is not None and wanted > size:
        raise OutOfResource(
            f"{n:,} rows are more than this machine can hold.",
            evidence=f"They need at least {wanted / 1024**3:,.0f} GB of memory; it has {size / 1024**3:,.0f} GB.",
            remedy="Ask for fewer rows; from Python, `Model.stream` draws any number in blocks.",
        )

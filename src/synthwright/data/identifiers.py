"""Identifiers made up by pattern: they look like the real ones, are unique, and none of the real ones is among them.

A code is a number in a mixed-radix system, one digit per character. If no real code leaves remainder r when divided by
m, the codes ``r + m * k`` are all new; a keyed permutation picks k from the row number. What is stored is the form of
the codes, m and r: no code, and no part of one that fewer than 5 rows share.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.check_digits import obeyed
from synthwright.data.code_learning import spaces_like
from synthwright.data.code_space import Space
from synthwright.data.code_text import spaces_from_json, spaces_to_json
from synthwright.data.domains import outward
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.hashing import mix
from synthwright.data.table import BLOCK_ROWS
from synthwright.errors import BadInput
from synthwright.seeding import Streams

__all__ = ["Pattern", "codes_of", "draw", "learn_pattern", "pattern_from_text", "pattern_to_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """How identifiers are made up.

    A sequence counts from `start` by `step`, with `prefix` before and zeros up to `width` digits; otherwise `spaces`
    hold the codes, the first until it is used up, then the next. `missing` is the share of empty cells.
    """

    missing: float = 0.0
    start: int = 1
    step: int = 0
    prefix: str = ""
    width: int = 0
    spaces: tuple[Space, ...] = ()


def learn_pattern(values: pa.ChunkedArray) -> Pattern:
    """The pattern of the identifiers `values`: integers or texts (anything else by its text)."""
    present = values.drop_null()
    share = round(values.null_count / max(1, len(values)), 3)
    if len(present) < MINIMUM_ROWS:  # too few to say anything about them: plain row numbers
        return Pattern(missing=share, step=1)
    if obeyed(sorted(set(present.cast(pa.string()).to_pylist()))) is not None:  # and no counter, whatever their order
        return Pattern(missing=share, spaces=_like(present))
    if pa.types.is_integer(present.type):
        numbers = [int(number) for number in present.to_pylist()]
        return _sequence(numbers, "", 0, share) or Pattern(missing=share, spaces=_like(present))
    texts = [str(text) for text in present.cast(pa.string()).to_pylist()]
    prefix, digits = _counted(texts)
    if digits:
        widths = {len(part) for part in digits}
        width = widths.pop() if len(widths) == 1 else 0
        padded = width if any(part.startswith("0") for part in digits) else 0
        if found := _sequence([int(part) for part in digits], prefix, padded, share):
            return found
    return Pattern(missing=share, spaces=_like(present))


def draw(pattern: Pattern, index: int, n: int, streams: Streams) -> pa.Array:
    """`n` identifiers of block `index`, as text (integers cast back): unique over all blocks of `BLOCK_ROWS` rows.

    The first k never depend on n. `streams` must not depend on the block: all blocks share one permutation.
    """
    rows = np.arange(index * BLOCK_ROWS, index * BLOCK_ROWS + n, dtype=np.uint64)
    key = int(streams.rng().integers(0, 2**63))
    made = codes_of(pattern, rows, key)
    if pattern.missing:
        gone = mix(rows + np.uint64(key)) < np.uint64(min(int(pattern.missing * 2.0**64), 2**64 - 1))
        made = pc.if_else(pa.array(gone), pa.scalar(None, made.type), made)
    return made


def codes_of(pattern: Pattern, numbers: np.ndarray, key: int) -> pa.Array:
    """The identifier of each of `numbers` (uint64), as text; none is missing. `key` picks the permutation."""
    if pattern.step:
        counted = pa.array(pattern.start + numbers.astype(np.int64) * pattern.step).cast(pa.string())
        padded = pc.utf8_lpad(counted, width=pattern.width, padding="0") if pattern.width else counted
        return pc.binary_join_element_wise(pattern.prefix, padded, "") if pattern.prefix else padded
    return _from_spaces(pattern.spaces, numbers, key)


def pattern_to_text(pattern: Pattern) -> str:
    """`pattern` as one line of JSON, for `Column.pattern`."""
    state = {name: getattr(pattern, name) for name in ("missing", "start", "step", "prefix", "width")}
    return json.dumps({**state, "spaces": spaces_to_json(pattern.spaces)}, ensure_ascii=False, sort_keys=True)


def pattern_from_text(text: str) -> Pattern:
    """Read back `pattern_to_text`; raises `BadInput` for anything else."""
    try:
        state: dict[str, Any] = json.loads(text)
        spaces = spaces_from_json(state["spaces"])
        pattern = Pattern(
            missing=float(state["missing"]),
            start=int(state["start"]),
            step=int(state["step"]),
            prefix=str(state["prefix"]),
            width=int(state["width"]),
            spaces=spaces,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput("A pattern of identifiers can't be read.", evidence=str(error)[:200]) from error
    if not _sound(pattern):
        raise BadInput("A pattern of identifiers makes no sense.", evidence=text[:200])
    return pattern


def _sound(pattern: Pattern) -> bool:
    """Nothing in it overflows or divides by zero: patterns come from schema files and models of anyone."""
    counts = 0 <= pattern.missing <= 1 and 0 <= pattern.width <= 1_000 and len(pattern.spaces) <= 1_000
    sequence = abs(pattern.start) < 2**60 and abs(pattern.step) < 2**20
    return counts and sequence and bool(pattern.step or pattern.spaces)


def _like(present: pa.ChunkedArray) -> tuple[Space, ...]:
    if pa.types.is_integer(present.type):
        return spaces_like([str(abs(int(number))) for number in present.to_pylist()], integers=True)
    return spaces_like([str(text) for text in present.cast(pa.string()).to_pylist()])


def _sequence(numbers: list[int], prefix: str, width: int, share: float) -> Pattern | None:
    """Numbers that go up in equal steps, or up in the order of the rows: they are continued past a round number."""
    ordered = sorted(numbers)
    steps = {after - before for before, after in pairwise(ordered)}
    if 0 in steps or not (len(steps) == 1 or ordered == numbers):
        return None
    step = int(np.gcd.reduce(np.array(sorted(steps), dtype=object)))
    last = int(outward(min(0, ordered[0]), max(1, ordered[-1]), whole=True)[1])
    return Pattern(missing=share, start=last + 1, step=step, prefix=prefix, width=width)


def _counted(texts: list[str]) -> tuple[str, list[str]]:
    """A prefix that all texts share and the digits behind it; no digits if they are not of that form."""
    prefix = _common_prefix(texts).rstrip("0123456789")
    rest = [text[len(prefix) :] for text in texts]
    return (prefix, rest) if all(part.isascii() and part.isdigit() and len(part) < 18 for part in rest) else ("", [])


def _common_prefix(texts: list[str]) -> str:
    first, last = min(texts), max(texts)
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return first[:same]


def _from_spaces(spaces: tuple[Space, ...], numbers: np.ndarray, key: int) -> pa.Array:
    pieces, places, start = [], [np.zeros(0, dtype=np.int64)], 0
    for at, space in enumerate(spaces):
        stop = start + space.capacity
        inside = np.flatnonzero((numbers >= np.uint64(start)) & (numbers < np.uint64(min(stop, 2**63))))
        if len(inside):
            pieces.append(space.codes(numbers[inside] - np.uint64(start), key + at))
            places.append(inside)
        start = stop
    if sum(map(len, pieces)) < len(numbers):
        raise BadInput(
            f"There are only {start:,} new codes of the form that the real ones have, too few for the rows asked for.",
            evidence="Codes with check digits keep their length, and none of the real ones is given out.",
            remedy="Draw fewer rows, or give the column `kind: id` with a `pattern:` of its own, or leave it out.",
        )
    if len(pieces) < 2:
        return pieces[0] if pieces else pa.array([], pa.string())
    return pa.concat_arrays(pieces).take(pa.array(np.argsort(np.concatenate(places), kind="stable")))

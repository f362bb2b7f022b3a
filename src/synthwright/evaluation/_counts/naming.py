"""Sets of cells in words: ``age 40..45``, ``sex = Male``; never a value that fewer than 5 train rows have."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa

from synthwright.data.calendar import iso_text
from synthwright.data.cells import Cells
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.errors import shorten
from synthwright.evaluation._counts.encoding import pair_cells
from synthwright.evaluation.comparison import Comparison

__all__ = ["cell_words", "distinctly", "region_words"]

_LISTED = 3  # labels of a set that are named; the others are counted


def region_words(comparison: Comparison, allowed: Mapping[str, np.ndarray]) -> str:
    """The conditions on several columns, in the order of the schema; "all rows" without any."""
    told = [cell_words(comparison, name, allowed[name]) for name in comparison.columns if name in allowed]
    return ", ".join(words for words in told if words) or "all rows"


def cell_words(comparison: Comparison, name: str, allowed: np.ndarray) -> str:
    """The pair cells of column `name` where `allowed` (one bool per code) is true; "" where that is all of them.

    Labels and bounds that fewer than 5 train rows have are not named: labels become "rarer ones", bounds are rounded.
    Open ends stay open, so train's extremes never show. Of numeric columns the cells have to be neighbours.
    """
    cells = comparison.cells(name)
    lookup = pair_cells(cells, len(comparison.train))
    met = np.bincount(lookup, weights=cells.counts, minlength=int(lookup.max()) + 1) > 0
    met[1:] |= cells.edges is None  # labels of another table have a code without train rows
    allowed = np.asarray(allowed, dtype=bool)[: len(met)]
    if allowed[met].all():
        return ""
    title = shorten(name)
    if not (allowed & met)[1:].any() and allowed[0] and met[0]:
        return f"{title} missing"
    gap = " or missing" if allowed[0] and met[0] else ""
    if not allowed[met].any():
        return f"{title} where train has no values"
    values = _range(cells, lookup, allowed, met) if cells.edges is not None else _labels(cells, lookup, allowed, met)
    return f"{title}{values}{gap}" if values else f"{title} present"


def distinctly(names: Iterable[str]) -> list[str]:
    """`names`, of which equal ones (long labels are shortened) get a number."""
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told


def _labels(cells: Cells, lookup: np.ndarray, allowed: np.ndarray, met: np.ndarray) -> str:
    """`` = a or b``, or `` other than c`` if that is shorter."""
    codes = np.arange(1, len(allowed))
    inside = [int(code) for code in codes if allowed[code]]
    outside = [int(code) for code in codes if not allowed[code] and met[code]]
    if not outside:
        return ""
    last = len(allowed) - 1  # labels that train lacks go without saying, unless there is nothing else to say
    inside, outside = ([code for code in one if code != last] or one for one in (inside, outside))
    shorter, sign = (outside, " other than ") if len(outside) < len(inside) else (inside, " = ")
    found: list[str] = []
    for code in shorter:
        label = _label(cells, lookup, code)
        if label not in found:
            found.append(label)
    more = len(found) - _LISTED
    if more > 1:
        found = [*found[:_LISTED], f"{more} more"]
    return sign + " or ".join(found)


def _label(cells: Cells, lookup: np.ndarray, code: int) -> str:
    """The label that a pair code stands for, if it is one and common."""
    fine = np.flatnonzero(lookup == code)
    if len(fine) and fine[-1] == len(cells) - 1:
        return "new ones"
    levels: pa.Array | None = cells.levels
    single = len(fine) == 1 and levels is not None and fine[0] <= len(levels)
    if single and levels is not None and cells.counts[fine[0]] >= MINIMUM_ROWS:
        return shorten(str(levels[int(fine[0]) - 1].as_py()))
    return "rarer ones"


def _range(cells: Cells, lookup: np.ndarray, allowed: np.ndarray, met: np.ndarray) -> str:
    """`` 40..45``, `` up to 45``, `` from 40``; "" without bounds."""
    every = np.flatnonzero(met[1:]) + 1
    codes = every[allowed[every]]
    low = None if codes[0] == every[0] else _bound(cells, lookup, int(codes[0]), lower=True)
    high = None if codes[-1] == every[-1] else _bound(cells, lookup, int(codes[-1]), lower=False)
    if low is None:
        return "" if high is None else f" up to {high}"
    if high is None:
        return f" from {low}"
    return f" = {low}" if low == high else f" {low}..{high}"


def _bound(cells: Cells, lookup: np.ndarray, code: int, *, lower: bool) -> str:
    """The smallest or largest train value in a pair cell; rounded where fewer than 5 rows have it."""
    if cells.low is None or cells.high is None:
        return ""
    fine = np.flatnonzero((lookup == code) & (cells.counts > 0))
    at = int(fine[0] if lower else fine[-1])
    value = float((cells.low if lower else cells.high)[at])
    common = cells.low[at] == cells.high[at] and cells.counts[at] >= MINIMUM_ROWS
    if not common:
        filled = np.flatnonzero(cells.counts[1:] > 0) + 1
        value = _rounded(value, float(cells.high[filled[-1]] - cells.low[filled[0]]), cells)
    if cells.column.kind == "datetime":
        return iso_text(value, cells.column.unit)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}"


def _rounded(value: float, spread: float, cells: Cells) -> float:
    """`value` on a grid of a hundredth to a thousandth of train's range, which is no finer than ten of its own steps.

    Skewed columns get two digits of the value itself, if those are finer.
    """
    size = min(spread, 10 * abs(value) or spread)
    step = 10.0 ** (math.floor(math.log10(size)) - 2) if size > 0 else 1.0
    if cells.column.step is not None:
        step = max(step, 10 * cells.column.step)
    return float(round(value / step) * step)

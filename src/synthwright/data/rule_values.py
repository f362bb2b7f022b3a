"""Which rows obey a rule, by three-valued logic: what a missing cell leaves open is not held against the row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.calendar import NANOSECONDS, from_iso
from synthwright.data.columns import numbers_of, positions_in
from synthwright.data.rule_groups import flags_of, listed_together, matching
from synthwright.data.rule_tree import (
    Among,
    Arithmetic,
    Combined,
    Compared,
    Given,
    Joined,
    Literally,
    Matched,
    Named,
    Negated,
    Node,
    OneHot,
    Unset,
)
from synthwright.data.rule_types import sort_of
from synthwright.data.schema import Scalar, Unit
from synthwright.data.table import Table

__all__ = ["Truth", "amounts_of", "truth_of"]

_ROUNDING = 1e-14  # of a float64's size: 45 units in the last place, for sums of tens of decimals
_SINGLE = 1e-6  # of a float32's size


@dataclass(frozen=True, slots=True)
class Truth:
    """For each row whether something is true, and whether that is known."""

    true: np.ndarray
    known: np.ndarray

    @property
    def false(self) -> np.ndarray:
        """Known and not true."""
        return np.asarray(self.known & ~self.true)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Values (NaN where unknown) and how far rounding may have moved them."""

    value: np.ndarray
    slack: np.ndarray


def truth_of(table: Table, node: Node) -> Truth:
    """The truth of `node`, a checked condition, in each row (Kleene 1952)."""
    match node:
        case Given():
            condition, consequence = truth_of(table, node.condition), truth_of(table, node.consequence)
            return _either(_opposite(condition), consequence)
        case Joined():
            left, right = truth_of(table, node.left), truth_of(table, node.right)
            return _either(left, right) if node.word == "or" else _opposite(_either(_opposite(left), _opposite(right)))
        case Negated():
            return _opposite(truth_of(table, node.operand))
        case Unset():
            return Truth(table.missing(node.operand.column), np.ones(len(table), dtype=bool))
        case Among():
            found = [truth_of(table, Compared("==", node.operand, value, value.at)) for value in node.values]
            every = found[0]
            for one in found[1:]:
                every = _either(every, one)
            return every
        case Compared():
            return _compared(table, node)
        case Matched():
            return Truth(matching(table.data[node.operand.column], node.pattern), ~table.missing(node.operand.column))
        case OneHot():
            return _one_of(table, node)
        case Combined():
            gaps = np.logical_or.reduce([table.missing(named.column) for named in node.columns])
            fits = listed_together(table, node)
            return Truth(fits & ~gaps, ~(fits & gaps))
        case Named():
            return _flag(table, node.column)
        case _:
            value = bool(node.value) if isinstance(node, Literally) else False
            return Truth(np.full(len(table), value), np.ones(len(table), dtype=bool))


def _one_of(table: Table, node: OneHot) -> Truth:
    """False where two columns are set, one is neither set nor unset, or none is set and none missing."""
    gaps = np.stack([table.missing(named.column) for named in node.columns])
    flags = [flags_of(table, named.column) for named in node.columns]
    hot = np.stack([flag for flag, _ in flags]) & ~gaps
    odd = (np.stack([neither for _, neither in flags]) & ~gaps).any(axis=0)
    count, open_ = hot.sum(axis=0), gaps.any(axis=0)
    return Truth((count == 1) & ~odd & ~open_, ~open_ | (count > 1) | odd)


def amounts_of(table: Table, node: Node, unit: Unit | None) -> np.ndarray:
    """The numbers of `node`, a checked number or date, in each row (float64, NaN unknown); dates in `unit`s."""
    return _numbers(table, node, unit).value


def _opposite(one: Truth) -> Truth:
    return Truth(one.false, one.known)


def _either(one: Truth, two: Truth) -> Truth:
    true = (one.true & one.known) | (two.true & two.known)
    return Truth(true, true | (one.known & two.known))


def _flag(table: Table, name: str) -> Truth:
    values, known = _plain(table, name), ~table.missing(name)
    if not pa.types.is_boolean(values.type):
        values = pc.equal(pc.utf8_lower(values.cast(pa.string())), "true")
    return Truth(np.asarray(pc.fill_null(values, False).to_numpy(), dtype=bool), known)


def _compared(table: Table, node: Compared) -> Truth:
    sorts = [sort_of(side, table.schema) for side in (node.left, node.right)]
    kinds = {sort.kind for sort in sorts}
    if kinds == {"truth"}:
        return _same_truth(truth_of(table, node.left), truth_of(table, node.right), node.operator)
    if "order" in kinds and (kinds == {"order"} or _has_literal(node)):
        levels = next(sort.levels for sort in sorts if sort.kind == "order")
        return _ordered(node.operator, *(_positions(table, side, levels) for side in (node.left, node.right)))
    if "date" in kinds:
        units = [sort.unit or "second" for sort in sorts if sort.kind == "date"]
        finest = min(units, key=lambda unit: NANOSECONDS[unit])
        return _ordered(node.operator, *(_numbers(table, side, finest) for side in (node.left, node.right)))
    if "text" in kinds or kinds == {"open"}:
        return _same_text(table, node)
    return _ordered(node.operator, *(_numbers(table, side) for side in (node.left, node.right)))


def _same_truth(left: Truth, right: Truth, operator: str) -> Truth:
    same = left.true == right.true
    return Truth(same if operator == "==" else ~same, left.known & right.known)


def _has_literal(node: Compared) -> bool:
    return isinstance(node.left, Literally) or isinstance(node.right, Literally)


def _ordered(operator: str, left: _Numbers, right: _Numbers) -> Truth:
    """Comparisons of numbers count what rounding may have done as equal."""
    gap, slack = left.value - right.value, left.slack + right.slack
    known = np.isfinite(gap)
    with np.errstate(invalid="ignore"):
        true = {
            "==": np.abs(gap) <= slack,
            "!=": np.abs(gap) > slack,
            "<": gap < -slack,
            "<=": gap <= slack,
            ">": gap > slack,
            ">=": gap >= -slack,
        }[operator]
    return Truth(np.asarray(true & known), np.asarray(known))


def _numbers(table: Table, node: Node, finest: Unit | None = None) -> _Numbers:
    """The numbers of `node`; in a comparison of dates in their `finest` unit."""
    match node:
        case Literally():
            if isinstance(node.value, str):
                return _exactly(np.full(len(table), from_iso(node.value, finest or "second")), 0.0)
            value = float(node.value)
            return _exactly(np.full(len(table), value), 0.0 if value.is_integer() else _ROUNDING)
        case Named():
            column, stored = table.schema[node.column], _plain(table, node.column)
            values = numbers_of(column, stored)
            if pa.types.is_floating(stored.type) or pa.types.is_decimal(stored.type):
                return _exactly(values, _SINGLE if pa.types.is_float32(stored.type) else _ROUNDING)
            return _exactly(values * _factor(column.unit, finest) if column.kind == "datetime" else values, 0.0)
        case Arithmetic():
            unit = sort_of(node, table.schema).unit
            sides = [_side(table, side, unit, finest) for side in (node.left, node.right)]
            return _calculated(node.operator, *sides)
    raise TypeError(f"{type(node).__name__} has no numbers")  # `check` refuses it


def _side(table: Table, node: Node, unit: Unit | None, finest: Unit | None) -> _Numbers:
    """A side of a sum; a number that is added to a date counts that date's own `unit`."""
    if finest is None or sort_of(node, table.schema).kind == "date":
        return _numbers(table, node, finest)
    made, factor = _numbers(table, node), _factor(unit, finest)
    return _Numbers(made.value * factor, made.slack * factor)


def _factor(unit: Unit | None, finest: Unit | None) -> float:
    return NANOSECONDS[unit or "second"] / NANOSECONDS[finest] if finest is not None else 1.0


def _exactly(values: np.ndarray, rounding: float) -> _Numbers:
    return _Numbers(values, np.abs(values) * rounding)


def _calculated(operator: str, left: _Numbers, right: _Numbers) -> _Numbers:
    with np.errstate(all="ignore"):
        if operator in {"+", "-"}:
            value = left.value + right.value if operator == "+" else left.value - right.value
            return _Numbers(value, left.slack + right.slack)
        if operator == "*":
            value = left.value * right.value
            return _Numbers(value, left.slack * np.abs(right.value) + np.abs(left.value) * right.slack)
        value = np.where(right.value == 0, np.nan, left.value / right.value)  # what is divided by 0 is unknown
        slack = (left.slack + np.abs(value) * right.slack) / np.abs(right.value)
        return _Numbers(value, slack + np.abs(value) * _ROUNDING)


def _positions(table: Table, node: Node, levels: tuple[Scalar, ...]) -> _Numbers:
    """Positions in the list of levels; NaN for missing cells and for values that are not in it."""
    if isinstance(node, Literally):
        names = [str(level) for level in levels]
        at = float(names.index(str(node.value))) if str(node.value) in names else np.nan
        return _exactly(np.full(len(table), at), 0.0)
    if not isinstance(node, Named):
        raise TypeError(f"{type(node).__name__} has no levels")  # `check` refuses it
    codes = positions_in(table.data[node.column], list(levels)).astype(np.float64)
    return _exactly(np.where((codes < 0) | (codes >= len(levels)), np.nan, codes), 0.0)


def _same_text(table: Table, node: Compared) -> Truth:
    sides = [
        pa.scalar(str(side.value))
        if isinstance(side, Literally)
        else _plain(table, side.column).cast(pa.string())
        if isinstance(side, Named)
        else pa.scalar(None, pa.string())
        for side in (node.left, node.right)
    ]
    same = pc.equal(*sides)
    if isinstance(same, pa.Scalar):
        same = pa.chunked_array([pa.array([same.as_py()] * len(table), pa.bool_())])
    known = ~np.asarray(same.is_null().to_numpy(), dtype=bool)
    true = np.asarray(pc.fill_null(same, False).to_numpy(), dtype=bool)
    return Truth(true if node.operator == "==" else known & ~true, known)


def _plain(table: Table, name: str) -> pa.ChunkedArray:
    return decoded(table.data[name])

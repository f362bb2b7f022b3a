"""How many synthetic rows a mix wants of which class and group, read off the real rows before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np

from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.table import Table
from synthwright.errors import BadInput, UsageError, shorten
from synthwright.generators.oversampling import Named, Strategy, class_counts, extra_rows, strategy_of_text
from synthwright.pipeline.mixing.asking import Mixing, named_columns
from synthwright.pipeline.mixing.quotas import in_proportion, levelled
from synthwright.pipeline.mixing.strata import Strata, require_classes

__all__ = ["Wanted", "wanted_of"]

_EVEN = frozenset({"target", "auto", "equal", "not majority"})  # all classes brought to the size of the largest


@dataclass(frozen=True, eq=False)
class Wanted:
    """``quotas[s]`` synthetic rows of stratum s, on top of those real rows that are in the mix.

    Strata are the combinations of the `balanced` columns and of the target's classes. `rows` are the real rows there
    are; `notes` are sentences on what was left as it is.
    """

    strata: Strata
    quotas: np.ndarray
    balanced: tuple[str, ...]
    rows: int
    notes: tuple[str, ...] = ()

    @property
    def added(self) -> int:
        """Synthetic rows in all."""
        return int(self.quotas.sum())


@dataclass(frozen=True, eq=False)
class _Cells:
    """Groups of strata with equal values in the balanced columns: the group of each, the real rows of each group."""

    of: np.ndarray
    rows: np.ndarray


def wanted_of(real: Table, mixing: Mixing) -> Wanted:
    """What `mixing` asks for, given these real rows.

    Without a balance the synthetic rows have the classes in the proportions of the real ones. A group that is evened
    out keeps its own proportions of classes. Groups of fewer than 5 real rows stay as they are: nothing is known of
    them that more rows could be drawn from.

    Raises
    ------
    BadInput
        A column to be balanced has no classes, or fewer than two groups have enough rows.
    UnknownName, UsageError
        There is no such column or class, or counts and a ratio contradict each other.
    """
    if len(real) == 0:
        raise BadInput("There are no real rows.", remedy="A mix is made of real rows and synthetic ones.")
    balanced, strategy = _balanced(real, mixing)
    target = _classes(real)
    if strategy is not None and balanced:
        return _by_class(real, mixing, balanced[0], strategy)
    columns = [*balanced, *([target] if target is not None and target not in balanced else [])]
    strata = Strata.of(real, columns)
    if balanced:
        total = None if mixing.ratio is None else round(mixing.ratio * len(real))
        return _by_group(real, strata, balanced, total, with_real=mixing.real)
    total = round((1.0 if mixing.ratio is None else mixing.ratio) * len(real))
    return Wanted(strata, in_proportion(total, strata.real), (), len(real), _unplaced(real, strata, total))


def _balanced(real: Table, mixing: Mixing) -> tuple[tuple[str, ...], Strategy | None]:
    """The columns to be balanced, and the strategy for the target's classes where it is not simply all alike."""
    told = mixing.balance
    if told is None:
        return (), None
    if isinstance(told, str) and "=" in told:
        told = _counts(told, real)
    if isinstance(told, Mapping):
        return (_target(real),), {_class_named(key, real): rows for key, rows in told.items()}
    names = named_columns(told) if isinstance(told, str) else tuple(told)
    found: list[str] = []
    for name in names:
        if not isinstance(name, str):
            raise UsageError(f"{shorten(repr(name))} is no name of a column.", remedy="Name columns as texts.")
        if name not in real.schema and name in get_args(Named) and name not in _EVEN:
            if len(names) > 1:
                raise UsageError(
                    f"{name!r} speaks of the target's classes alone.",
                    remedy="Leave the other columns out of the balance.",
                )
            return (_target(real),), name  # type: ignore[return-value]  # one of the names of strategies
        column = real.schema[_target(real) if name in _EVEN and name not in real.schema else name]
        require_classes(column, real)
        found.append(column.name)
    if not found:
        raise UsageError("The balance names no column.", remedy="Name 'target', or columns such as sex,race.")
    return tuple(dict.fromkeys(found)), None


def _counts(text: str, real: Table) -> Mapping[str, int]:
    _target(real)
    told = strategy_of_text(text, tuple(class_counts(real)))
    return told if isinstance(told, Mapping) else {}


def _class_named(key: object, real: Table) -> object:
    """The class that a recipe or a person names by its text."""
    known = list(class_counts(real))
    return next((one for one in known if one == key), next((one for one in known if str(one) == str(key)), key))


def _target(real: Table) -> str:
    target = real.schema.target
    if target is None:
        raise UsageError(
            "The target is to be balanced, and no column has the role target.",
            remedy="Name it with --target (target= in Python).",
        )
    require_classes(target, real)
    return target.name


def _classes(real: Table) -> str | None:
    """The target where it has classes: its proportions are kept wherever nobody asks for others."""
    target = real.schema.target
    return target.name if target is not None and target.is_discrete else None


def _by_class(real: Table, mixing: Mixing, target: str, strategy: Strategy) -> Wanted:
    if mixing.ratio is not None:
        raise UsageError(
            "Both a ratio and the counts of classes say how many rows there are to be.",
            remedy="Leave the ratio out, or balance by `target`.",
        )
    strata, counts = Strata.of(real, [target]), class_counts(real)
    extra = extra_rows(strategy, counts, None)
    if not mixing.real:  # the counts are final: without real rows all of them are to be made
        extra = {label: extra[label] + counts[label] for label in extra}
    return Wanted(strata, np.array([extra[one[0]] for one in strata.values]), (target,), len(real))


def _by_group(real: Table, strata: Strata, balanced: tuple[str, ...], total: int | None, *, with_real: bool) -> Wanted:
    cells = _cells(real, strata, balanced)
    kept = cells.rows >= MINIMUM_ROWS
    if np.count_nonzero(kept) < 2:
        raise BadInput(
            f"There is nothing to even out in {', '.join(repr(shorten(name, 40)) for name in balanced)}.",
            evidence=f"{np.count_nonzero(kept)} groups have {MINIMUM_ROWS} real rows or more.",
            remedy="Name columns of which at least two values are frequent enough.",
        )
    base = cells.rows[kept] if with_real else np.zeros(int(kept.sum()), dtype=np.int64)
    if total is None:
        total = int((base.max() - base).sum()) if with_real else len(real)
    added = np.zeros(len(kept), dtype=np.int64)
    added[kept] = levelled(total, base)
    quotas = np.zeros(len(strata), dtype=np.int64)
    for cell in np.flatnonzero(added):
        inside = cells.of == cell
        quotas[inside] = in_proportion(int(added[cell]), strata.real[inside])
    small = int(np.count_nonzero(~kept))
    notes = [
        f"{small} group{'s' if small > 1 else ''} of fewer than {MINIMUM_ROWS} real rows stay as they are."
    ] * bool(small)
    return Wanted(strata, quotas, balanced, len(real), (*notes, *_unplaced(real, strata, total)))


def _cells(real: Table, strata: Strata, balanced: tuple[str, ...]) -> _Cells:
    groups = Strata.of(real, balanced)
    number = {values: at for at, values in enumerate(groups.values)}
    of = np.array([number[values[: len(balanced)]] for values in strata.values], dtype=np.int64)
    # A group none of whose rows has a class can't be filled up: no stratum belongs to it.
    rows = np.where(np.isin(np.arange(len(groups)), of), groups.real, 0)
    return _Cells(of, rows)


def _unplaced(real: Table, strata: Strata, total: int) -> tuple[str, ...]:
    """A sentence on real rows that are in no stratum."""
    unplaced = len(real) - int(strata.real.sum())
    if not unplaced or not total:
        return ()
    names = " or ".join(repr(shorten(name, 40)) for name in strata.columns)
    return (f"{unplaced:,} real rows have no value of {names}: no synthetic rows of that kind are added.",)

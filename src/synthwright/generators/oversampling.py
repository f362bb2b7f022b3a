"""Balance classes: the original rows first, then exactly as many synthetic ones of each class as asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, cast, get_args

import numpy as np

from synthwright.data.schema import Column, Scalar
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, UnknownName, UsageError, shorten
from synthwright.generators.fitting import fit_model
from synthwright.generators.protocol import Generator, Given
from synthwright.seeding import Streams

__all__ = ["Strategy", "class_counts", "extra_rows", "oversample", "strategy_of_text"]

Named = Literal["auto", "minority", "not minority", "not majority", "all"]
Strategy = Named | float | Mapping[Any, int] | Callable[[np.ndarray], Mapping[Any, int]]


def oversample(
    table: Table,
    generator: Generator[Table],
    *,
    strategy: Strategy = "auto",
    seed: int = 0,
    context: Context | None = None,
) -> Table:
    """`table` followed by synthetic rows, so that its target's classes have the counts that `strategy` asks for.

    `strategy` means what imbalanced-learn's `sampling_strategy` means: ``"auto"`` and ``"not majority"`` bring every
    class to the size of the largest, ``"minority"`` the smallest class only, ``"not minority"`` all but the smallest,
    ``"all"`` each of them; a number in (0, 1] is the wanted ratio of the smaller to the larger of two classes; a
    mapping gives each class its final count, a function makes such a mapping from the labels. The new rows obey the
    schema's constraints (and repeat none of `table` where rows have to be unique); those of `table` stay as they are.

    Raises
    ------
    BadInput
        No target, missing labels, fewer than two classes, or a column that the method can't make.
    UnknownName
        There is no such strategy or class.
    UsageError
        A count below the class's own, or a ratio that the classes have already passed.
    """
    target = _target(table)
    counts = _counts(table, target)
    labels = np.asarray(table.data[target.name].to_pylist()) if callable(strategy) else None
    extra = extra_rows(strategy, counts, labels)
    declared = replace(target, categories=tuple(counts), source="declared")
    # Labels are no secret here, the originals stand beside the new rows; so classes of fewer than 5 rows count too.
    known = table.with_schema(table.schema.replacing(declared))
    outside = context or Context(streams=Streams(seed))
    model = fit_model(known, generator, replace(outside, streams=Streams(seed)))
    if model.left_out:
        told = "; ".join(f"{shorten(name, 30)!r}: {reason}" for name, reason in list(model.left_out.items())[:5])
        raise BadInput("Some columns can't be made for new rows.", evidence=told, remedy="Remove these columns first.")
    codes = np.repeat(np.arange(len(counts)), list(extra.values())).astype(np.int32)
    fixed = Table.of(known.schema.select([target.name]), {target.name: codes})
    made = model.sample(len(codes), seed=seed, given=Given(fixed=fixed), context=outside, beside=table)
    return Table.concat([replace(table, origin=None), made.with_schema(table.schema)])


def class_counts(table: Table) -> dict[Scalar, int]:
    """Rows of each class of the target; raises `BadInput` where there are no classes to balance."""
    return _counts(table, _target(table))


def strategy_of_text(text: str, classes: Sequence[Scalar]) -> Strategy:
    """A strategy as the command line has it: a name, a ratio, or ``CLASS=ROWS,CLASS=ROWS``.

    Raises
    ------
    UnknownName
        There is no such class.
    UsageError
        A count is no whole number.
    """
    if "=" not in text:
        try:
            return float(text)
        except ValueError:
            return cast("Strategy", text)
    known = {str(label): label for label in classes}
    wanted = {}
    for part in text.split(","):
        name, _, rows = part.rpartition("=")
        label = known.get(name.strip())
        if label is None:
            raise UnknownName.among("class", name.strip(), known)
        if not rows.strip().isdecimal():
            raise UsageError(f"{shorten(rows)!r} is no number of rows.", remedy="Write CLASS=ROWS, such as yes=900.")
        wanted[label] = int(rows)
    return wanted


def _target(table: Table) -> Column:
    target = table.schema.target
    if target is None:
        raise BadInput("No column has the role target.", remedy="Name the column with the classes: target=COLUMN.")
    if not target.is_discrete and target.kind != "integer":
        raise BadInput(
            f"The target {shorten(target.name)!r} has no classes.",
            evidence=f"Its kind is {target.kind}.",
            remedy="Over-sampling balances classes; for numbers, bin the target first.",
        )
    return target if target.is_discrete else replace(target, kind="categorical", bounds=None, decimals=None)


def _counts(table: Table, target: Column) -> dict[Scalar, int]:
    """Rows of each class, in the order of the schema's categories, others behind."""
    missing = int(table.missing(target.name).sum())
    if missing:
        raise BadInput(
            f"{missing:,} rows have no label in {shorten(target.name)!r}.", remedy="Remove or label them first."
        )
    tallied = table.data[target.name].value_counts().to_pylist()
    found: dict[Scalar, int] = {one["values"]: one["counts"] for one in tallied}
    if len(found) < 2:
        raise BadInput(
            f"The target {shorten(target.name)!r} has {len(found)} class: there is nothing to balance.",
            remedy="Choose a target with two classes or more.",
        )
    known = (False, True) if target.kind == "boolean" else target.categories or ()
    listed = [one for one in known if one in found]
    return {label: found[label] for label in [*listed, *sorted((set(found) - set(listed)), key=str)]}


def extra_rows(strategy: Strategy, counts: Mapping[Scalar, int], labels: np.ndarray | None) -> dict[Scalar, int]:
    """How many rows to make of each class; `labels` are needed by a strategy that is a function.

    Raises
    ------
    UnknownName, UsageError
        As `oversample`.
    """
    told: object = strategy(labels) if callable(strategy) and labels is not None else strategy
    if isinstance(told, Mapping):
        return _to_counts(told, counts)
    if isinstance(told, str):
        return _named(told, counts)
    if isinstance(told, bool) or not isinstance(told, int | float | np.number):
        raise UsageError(
            f"A strategy of type {type(told).__name__} says nothing about classes.",
            remedy="Give a name such as 'auto', a ratio of two classes, a mapping from class to count, or a function.",
        )
    return _to_ratio(float(told), counts)


def _named(strategy: str, counts: Mapping[Scalar, int]) -> dict[Scalar, int]:
    if strategy not in get_args(Named):
        raise UnknownName.among("over-sampling strategy", strategy, get_args(Named))
    smallest, largest = min(counts, key=counts.__getitem__), max(counts, key=counts.__getitem__)
    chosen = {
        "minority": {smallest},
        "not minority": set(counts) - {smallest},
        "all": set(counts),
    }.get(strategy, set(counts) - {largest})
    return {label: counts[largest] - have if label in chosen else 0 for label, have in counts.items()}


def _to_counts(wanted: Mapping[Any, int], counts: Mapping[Scalar, int]) -> dict[Scalar, int]:
    for label, count in wanted.items():
        if label not in counts:
            raise UnknownName.among("class", str(label), [str(known) for known in counts])
        if isinstance(count, bool) or not hasattr(count, "__index__") or count < counts[label]:
            raise UsageError(
                f"Class {shorten(str(label))!r} can't have {shorten(repr(count))} rows.",
                evidence=f"It has {counts[label]:,} already, and over-sampling removes none.",
                remedy="Give a whole number that is not below it.",
            )
    return {label: int(wanted.get(label, have)) - have for label, have in counts.items()}


def _to_ratio(ratio: float, counts: Mapping[Scalar, int]) -> dict[Scalar, int]:
    if len(counts) != 2:
        raise UsageError(
            f"A ratio speaks of two classes; the target has {len(counts)}.", remedy="Give counts per class instead."
        )
    if not 0 < ratio <= 1:
        raise UsageError(f"The ratio {ratio} is not in (0, 1].", remedy="It is the smaller class over the larger one.")
    smallest, largest = sorted(counts, key=counts.__getitem__)
    extra = int(counts[largest] * ratio) - counts[smallest]
    if extra < 0:
        raise UsageError(
            f"The classes stand at {counts[smallest] / counts[largest]:.3f} already, above the ratio {ratio}.",
            remedy="Ask for a higher ratio: over-sampling removes no rows.",
        )
    return {label: extra if label == smallest else 0 for label in counts}

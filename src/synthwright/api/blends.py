"""Real and synthetic rows in one table to train on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from synthwright.api.tables import Path_, Progress, context, read
from synthwright.data.schema import Schema
from synthwright.engines.context import Event, ignore
from synthwright.errors import UnknownName
from synthwright.generators.draw import Short
from synthwright.pipeline.mixing.asking import Balance, Mixing
from synthwright.pipeline.mixing.blending import Mixed, blend_tables

__all__ = ["blend"]


def blend(
    real: Any,
    synthetic: Any,
    *,
    ratio: float | None = None,
    balance: Balance | None = None,
    select: str = "stratified",
    target: str | None = None,
    sensitive: Sequence[str] = (),
    holdout: Any = None,
    schema: Schema | Path_ | None = None,
    name: str = "synthetic",
    short: str = "error",
    seed: int = 0,
    progress: Progress = ignore,
) -> Mixed:
    """All `real` rows and, behind them, exactly as many `synthetic` ones (of any tool) as asked for.

    `ratio` counts synthetic rows per real row. `balance` makes classes or groups equally many: ``"target"``, columns
    such as ``["sex", "race"]`` and their intersections, or final counts per class as imbalanced-learn's
    ``sampling_strategy``. `select` says which rows of one class and group are taken: any (``"stratified"``), or by
    weight: ``"density"``, ``"uncertainty"``, ``"minority"``, ``"hard"``. Columns ``source`` and ``depth`` tell real
    from synthetic rows. `told` of the result has every count, the selection, and the `sensitive` groups before and
    after, compared on the `holdout` too if it is given; its `warnings` say what to mind.

    Raises
    ------
    BadInput
        The tables have different columns, `real` is marked as synthetic, a column has no classes to even out, or there
        are too few synthetic rows (with `short` ``"return"`` the mix has those there are).
    UsageError, UnknownName
        A ratio, balance, column or way to choose that is none.
    """
    mixing = Mixing(ratio=ratio, balance=balance, select=select)  # type: ignore[arg-type]  # it checks the name
    if short not in get_args(Short):
        raise UnknownName.among("way to treat rows that were not found", short, get_args(Short))
    around = context(seed, 1, progress)
    table, made = read(real, target=target, schema=schema), read(synthetic)
    unseen = None if holdout is None else read(holdout)
    progress(Event("blend", 0, None, f"{len(table):,} real rows, {len(made):,} synthetic ones to choose from"))
    return blend_tables(
        table,
        made,
        mixing,
        around,
        holdout=unseen,
        name=name,
        sensitive=sensitive,
        short=short,  # type: ignore[arg-type]  # checked above
    )

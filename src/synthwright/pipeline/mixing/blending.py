"""A mix of rows from anywhere: real ones of one table, synthetic ones of another tool or of a run's model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from synthwright.data.reading import is_marked
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, shorten
from synthwright.evaluation.alignment import align
from synthwright.evaluation.blend_audit import Audit, audit
from synthwright.pipeline.mixing.account import account
from synthwright.pipeline.mixing.asking import Mixing
from synthwright.pipeline.mixing.assembling import assembled
from synthwright.pipeline.mixing.cautions import lacking_told
from synthwright.pipeline.mixing.choosing import choose
from synthwright.pipeline.mixing.drawing import Maker
from synthwright.pipeline.mixing.wanted import Wanted, wanted_of

__all__ = ["Mixed", "blend_tables", "mixed_rows", "require_real"]

Short = Literal["error", "return"]


@dataclass(frozen=True, eq=False)
class Mixed:
    """`table` has the rows of the mix, real ones first; `told` is the account of it, as JSON types."""

    table: Table
    told: Mapping[str, Any]

    @property
    def warnings(self) -> Sequence[str]:
        """What to mind: rows that are lacking, classes that are more frequent, gaps between groups that grew."""
        return tuple(self.told["warnings"])

    @property
    def ratio(self) -> float:
        """Synthetic rows per real row of the table that was given."""
        return float(self.told["ratio"])

    def to_pandas(self) -> Any:
        """The rows as a pandas frame, in the dtypes of the real rows where they came as one."""
        return self.table.to_pandas()

    def to_polars(self) -> Any:
        """The rows as a polars frame."""
        return self.table.to_polars()

    def to_native(self) -> Any:
        """The rows as the kind of frame that the real rows came in."""
        return self.table.to_native()


def require_real(table: Table) -> None:
    """`table` does not say that it holds synthetic rows.

    Raises
    ------
    BadInput
        It carries the mark.
    """
    if is_marked(table):
        raise BadInput(
            "The real rows carry the mark that synthwright writes into files with synthetic rows.",
            evidence="A mix of synthetic rows with synthetic rows has no real rows, whatever its columns say.",
            remedy="Give the real rows that the method learnt from; `source` in a mix says which these are.",
        )


def blend_tables(
    real: Table,
    synthetic: Table,
    mixing: Mixing,
    context: Context,
    *,
    holdout: Table | None = None,
    name: str = "synthetic",
    sensitive: Sequence[str] = (),
    short: Short = "error",
) -> Mixed:
    """The mix of `real` and `synthetic` rows that `mixing` asks for; all that is random comes from the context.

    Synthetic rows are brought under the real table's schema (`align`). Where there are too few of a class or group, it
    is an error, or, with `short` ``"return"``, the mix has as many as there are and says what is lacking.

    Raises
    ------
    BadInput
        The tables have different columns, rows are lacking, or `real` carries the synthetic mark.
    UsageError, UnknownName
        The balance, or the way to choose, does not fit the real rows.
    """
    require_real(real)
    real = real.with_schema(real.schema.with_sensitive(sensitive))
    wanted = wanted_of(real, mixing)
    candidates = align(real, synthetic).synthetic
    return mixed_rows(real, candidates, wanted, mixing, context, holdout=holdout, name=name, short=short)


def mixed_rows(
    real: Table,
    candidates: Table,
    wanted: Wanted,
    mixing: Mixing,
    context: Context,
    *,
    holdout: Table | None = None,
    maker: Maker | None = None,
    name: str = "synthetic",
    short: Short = "error",
) -> Mixed:
    """The same of rows under one schema; `maker` draws what is lacking among the `candidates`."""
    chosen = choose(real, candidates, wanted, mixing, context.streams.at("mix"), maker)
    audited = _audited(real, chosen.rows, holdout, wanted.balanced, mixing, context)
    told = account(real, mixing, wanted, chosen, audited, drawn=maker is not None)
    if told["lacking"] and short == "error":
        raise BadInput(
            "There are too few synthetic rows for this mix.",
            evidence=lacking_told(told["lacking"], chosen.why, drawn=False),
            remedy="Bring more synthetic rows of these, ask for a lower ratio, or take what there is (short: return).",
        )
    table = assembled(real, chosen.rows, name=name, with_real=mixing.real)
    return Mixed(table, told)


def _audited(
    real: Table, chosen: Table, holdout: Table | None, balanced: Sequence[str], mixing: Mixing, context: Context
) -> Audit | None:
    """Groups before and after; ``None`` where no column is sensitive or balanced, or nothing was added."""
    columns = [column.name for column in real.schema.having("sensitive")]
    columns += [name for name in balanced if real.schema[name].role == "feature"]
    columns = [name for name in dict.fromkeys(columns) if name in chosen.schema]
    if not columns or len(chosen) == 0:
        return None
    schema = real.schema.select(chosen.names).with_sensitive(columns)
    parts = [replace(one.select(chosen.names), origin=None).with_schema(schema) for one in (real, chosen)]
    unseen = None if holdout is None else holdout.select(chosen.names).with_schema(schema)
    comparison = align(parts[0], parts[1], unseen, seed=context.streams.seed)
    try:
        return audit(replace(comparison, engine=context.engine), with_real=mixing.real)
    except BadInput as error:  # a column that tells no groups in these rows
        return Audit(reason=shorten(error.problem, 200))

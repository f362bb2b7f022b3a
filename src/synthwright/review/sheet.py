"""The rows that reviewers see, in an order that tells nothing, and the key that says what each of them is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from synthwright.canonical import digest_json
from synthwright.data.table import Table
from synthwright.provenance.damaged import damaged
from synthwright.review.planting import Planted
from synthwright.review.sampling import Chosen

__all__ = ["Kind", "ReviewKey", "RowKey", "Sheet", "Stratum", "make_sheet"]

Kind = Literal["sampled", "planted", "good"]
_KINDS = ("sampled", "planted", "good")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKey:
    """What the row of the sheet is: a row of the table (`position`, `stratum`), a planted one, or one known to be good.

    `probability` is the chance with which the row was chosen; `why` says what makes a planted row wrong.
    """

    kind: Kind
    position: int | None = None
    stratum: int | None = None
    probability: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Rows of the table that were sampled together, and how many there are."""

    name: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class ReviewKey:
    """What each row of a sheet is; row 1 of the sheet comes first. `run` is the digest of the rows it was made from."""

    run: str
    seed: int
    rows: tuple[RowKey, ...]
    strata: tuple[Stratum, ...]
    sheet: str = field(init=False)

    def __post_init__(self) -> None:
        told = {"run": self.run, "seed": self.seed, "rows": self.rows, "strata": self.strata}
        # A word before the digest: spreadsheets take 12e45678 for a number.
        object.__setattr__(self, "sheet", f"sheet-{digest_json(told)[:12]}")

    def of_kind(self, kind: Kind) -> np.ndarray:
        """The rows of the sheet of this kind, counted from 0."""
        return np.array([at for at, row in enumerate(self.rows) if row.kind == kind], dtype=np.int64)

    def to_json_value(self) -> dict[str, Any]:
        """What lies in the run folder, under ``private``."""
        return {
            "format": 1,
            "sheet": self.sheet,
            "run": self.run,
            "seed": self.seed,
            "strata": self.strata,
            "rows": self.rows,
        }

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read back what was written from `to_json_value`.

        Raises
        ------
        BadInput
            The file is damaged.
        """
        try:
            state = json.loads(path.read_text(encoding="utf-8"))
            key = cls(
                run=str(state["run"]),
                seed=int(state["seed"]),
                rows=tuple(_row(row) for row in state["rows"]),
                strata=tuple(Stratum(str(one["name"]), int(one["rows"])) for one in state["strata"]),
            )
            _require_whole(key, str(state["sheet"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise damaged(f"{path.name}, the key of a review sheet,", error) from error
        return key


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The rows of a sheet in their order, with what has to be known to read the answers."""

    name: str
    purpose: str
    key: ReviewKey
    table: Table

    @property
    def planted(self) -> int:
        """How many rows are wrong on purpose."""
        return len(self.key.of_kind("planted"))

    @property
    def good(self) -> int:
        """How many rows are known to be good."""
        return len(self.key.of_kind("good"))


def make_sheet(
    table: Table,
    chosen: Chosen,
    planted: Planted,
    good: Table | None,
    *,
    run: str,
    seed: int,
    order: np.random.Generator,
    name: str = "",
    purpose: str = "",
) -> Sheet:
    """The rows of `table` that were `chosen`, the `planted` and the `good` ones, shuffled together by `order`."""
    positions, stratum, chance = (one.tolist() for one in (chosen.rows, chosen.stratum, chosen.probability))
    rows = [
        RowKey(kind="sampled", position=at, stratum=of, probability=probability)
        for at, of, probability in zip(positions, stratum, chance, strict=True)
    ]
    rows += [RowKey(kind="planted", why=why) for why in planted.why]
    rows += [RowKey(kind="good") for _ in range(0 if good is None else len(good))]
    parts = [table.take(chosen.rows), planted.table, *([] if good is None else [good])]
    data = Table.concat([Table(table.schema, part.data.cast(table.data.schema)) for part in parts])
    turn = order.permutation(len(rows))
    strata = tuple(Stratum(name, size) for name, size in zip(chosen.names, chosen.sizes, strict=True))
    key = ReviewKey(run=run, seed=seed, rows=tuple(rows[at] for at in turn), strata=strata)
    return Sheet(name=name, purpose=purpose, key=key, table=data.take(turn))


def _row(state: Mapping[str, Any]) -> RowKey:
    if state["kind"] not in _KINDS:
        raise ValueError(f"there are no rows of kind {str(state['kind'])[:40]}")
    return RowKey(**state)


def _require_whole(key: ReviewKey, sheet: str) -> None:
    strata = range(len(key.strata))
    if sheet != key.sheet or any(row.kind == "sampled" and row.stratum not in strata for row in key.rows):
        raise ValueError("it is not the key that it says it is")

"""Rare labels folded into one: values that fewer than k rows hold stand as ``other``, and are never seen again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.domains import categories_of_values
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.kinds import is_prose
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.data.text_cells import is_text, spread
from synthwright.errors import BadInput, UnknownName, UsageError, shorten

__all__ = ["OTHER", "FoldRare", "Folding", "checked_fold", "may_be_folded"]

FoldRare = int | Mapping[str, int]
OTHER = "other"
_SAMPLE = 5_000  # texts are looked at to tell labels from sentences


@dataclass(frozen=True, slots=True)
class Folding:
    """The values of each folded column that stay as they are, and a sentence per column that has others."""

    kept: Mapping[str, pa.Array]
    told: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table, below: FoldRare) -> Folding:
        """What fewer than `below` rows of `table` hold is rare: in every column of labels, or in those named alone.

        Left alone unless they are named: the target, identifiers, made-up personal data and free text.

        Raises
        ------
        UsageError
            `below` is no whole number of at least 5.
        UnknownName
            There is no such column.
        BadInput
            A named column holds no text, or is ordered.
        """
        checked_fold(below)
        if isinstance(below, int):
            limits = {column.name: below for column in table.schema if _is_labels(table, column)}
        else:
            limits = {name: below[name] for name in below if _required(table, name)}
        kept: dict[str, pa.Array] = {}
        told: dict[str, str] = {}
        for name, limit in limits.items():
            stay, sentence = _kept(table, name, limit)
            if len(stay) or table.schema[name].kind == "categorical" or isinstance(below, Mapping):
                kept[name] = stay  # texts of which none would stay are left out, as without folding
                told |= {name: sentence} if sentence else {}
        return cls(kept, told)

    def applied(self, table: Table) -> Table:
        """`table` in which every other value of the folded columns is ``other``; its schema lists no rare value."""
        data, columns = table.data, []
        for name, values in self.kept.items():
            plain = _plain(data[name])
            stays = pc.or_(pc.is_in(plain, value_set=values.cast(plain.type)), pc.is_null(plain))
            folded = pc.if_else(stays, plain, pa.scalar(OTHER, plain.type))
            folded = pa.chunked_array(folded) if not isinstance(folded, pa.ChunkedArray) else folded
            if pa.types.is_dictionary(data[name].type):
                folded = folded.dictionary_encode().unify_dictionaries().cast(data[name].type)
            data = data.set_column(data.schema.get_field_index(name), name, folded)
            columns.append(_described(table.schema[name], folded))
        return replace(table, schema=table.schema.replacing(*columns), data=data)

    def under(self, schema: Schema, table: Table) -> Table:
        """`table`, its rare values folded, under the `schema` of the table that they were learnt from."""
        return self.applied(table).with_schema(schema)


def may_be_folded(table: Table, column: Column) -> bool:
    """True for labels in text, among which `other` is one more."""
    return column.kind == "categorical" and is_text(_plain(table.data[column.name]).type)


def checked_fold(below: FoldRare) -> FoldRare:
    """`below`, if it is a whole number of at least 5 or such numbers by column; raises `UsageError` otherwise."""
    limits: tuple[object, ...] = tuple(below.values()) if isinstance(below, Mapping) else (below,)
    for limit in limits:
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < MINIMUM_ROWS:
            raise UsageError(
                f"Values in fewer than {shorten(repr(limit))} rows can't be folded.",
                evidence=f"What fewer than {MINIMUM_ROWS} rows hold is never drawn as it is, folded or not.",
                remedy=f"Give a whole number of at least {MINIMUM_ROWS}, such as 20, or such a number for each column.",
            )
    return below


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values


def _is_labels(table: Table, column: Column) -> bool:
    """True for labels in text, and for texts that are too many to be labels as they are but are no prose."""
    if column.role == "target":
        return False
    if may_be_folded(table, column):
        return True
    values = _plain(table.data[column.name])
    if not is_text(values.type) or column.kind != "text" or column.content is not None or column.source != "data":
        return False
    present = values.drop_null()
    texts = spread(present, _SAMPLE).to_pylist()
    return bool(texts) and not is_prose(texts, pc.count_distinct(present).as_py(), len(present))


def _required(table: Table, name: str) -> bool:
    if name not in table.schema:
        raise UnknownName.among("column", name, table.names)
    column = table.schema[name]
    text = column.kind == "text" and column.content is None and is_text(_plain(table.data[name]).type)
    if not text and not may_be_folded(table, column):
        raise BadInput(
            f"Rare values of column {shorten(name)!r} can't be folded.",
            evidence=f"Its kind is {column.kind}, stored as {column.dtype or table.data[name].type}"
            + (f", and its {column.content}s are made up." if column.content else "."),
            remedy=f"Labels in text have room for {OTHER!r}: give it the kind categorical and the dtype string.",
        )
    return True


def _kept(table: Table, name: str, limit: int) -> tuple[pa.Array, str]:
    """The values of at least `limit` rows, and a sentence on the others if there are any."""
    counts = pc.value_counts(_plain(table.data[name]).drop_null())
    often = pc.greater_equal(counts.field("counts"), limit)
    values = counts.field("values").filter(often)
    rare = len(counts) - len(values)
    if not rare:
        return values, ""
    rows = pc.sum(counts.field("counts").filter(pc.invert(often))).as_py()
    share = f"{rows / len(table):.0%} of its rows" if rows >= MINIMUM_ROWS else f"fewer than {MINIMUM_ROWS} rows"
    held = (
        f"the {rare:,} values in fewer than {limit:,} rows stand"
        if rare > 1
        else f"the one value in fewer than {limit:,} rows stands"
    )
    return values, f"{held} as {OTHER!r} ({share})"


def _described(column: Column, values: pa.ChunkedArray) -> Column:
    listed, distinct, _ = categories_of_values(values)
    told = f"Text with {distinct:,} different values once rare ones are folded into {OTHER!r}."
    return replace(column, kind="categorical", categories=listed, reason=told)

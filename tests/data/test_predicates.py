"""A condition holds for exactly the rows that satisfy it; missing cells satisfy only what names them."""

from decimal import Decimal

import pyarrow as pa
import pytest

from synthwright.data.predicates import OneOf, Range
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table

TABLE = Table(
    Schema(
        (
            Column(name="x", kind="integer", bounds=(0, 9), missing=True),
            Column(name="fee", kind="float", decimals=2, bounds=(0, 9), missing=True, dtype="decimal128(4, 2)"),
            Column(name="day", kind="datetime", unit="day", missing=True, dtype="date32[day]"),
            Column(name="city", kind="categorical", categories=("A", "B"), missing=True),
        )
    ),
    pa.table(
        {
            "x": [1, 2, None, 3],
            "fee": pa.array([Decimal("1.50"), None, Decimal("2.25"), Decimal("1.50")], pa.decimal128(4, 2)),
            "day": pa.array([0, 10, None, 20], pa.date32()),
            "city": pa.array(["A", None, "B", "rare"]).dictionary_encode(),
        }
    ),
)


@pytest.mark.parametrize(
    ("predicate", "rows"),
    [
        (Range("x", 1, 2), [0, 1]),
        (Range("x", 2, float("inf")), [1, 3]),
        (Range("day", 5, 20), [1, 3]),
        (OneOf("x", (1.0, 3.0)), [0, 3]),
        (OneOf("x", (None,)), [2]),
        (OneOf("x", (1.0, None)), [0, 2]),
        (OneOf("fee", (1.5,)), [0, 3]),
        (OneOf("day", (10.0, None)), [1, 2]),
        (OneOf("city", ("A", "B")), [0, 2]),
        (OneOf("city", ("rare", None)), [1, 3]),
        (OneOf("city", ("C",)), []),
    ],
)
def test_a_predicate_holds_for_its_rows_alone(predicate, rows):
    held = predicate.holds(TABLE)
    assert held.dtype == bool
    assert [i for i, one in enumerate(held) if one] == rows

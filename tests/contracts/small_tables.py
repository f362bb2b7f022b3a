"""Small tables of the shapes that break generators: every kind of column, missing, constant, rare, short, narrow."""

import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table

CITIES = ("Bergen", "Lima", "Osaka", "Quito", "Turin")


def mixed(n=400, seed=5):
    """Ten columns of ten kinds, with links between them and with missing cells."""
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 80, n)
    sex = rng.choice(["F", "M"], n, p=[0.4, 0.6])
    income = np.round(np.exp(rng.normal(9, 0.6, n)) + 100 * age, 2)
    day = datetime.datetime(2024, 1, 1)  # noqa: DTZ001  # a column without zone
    seen = [day + datetime.timedelta(minutes=int(m)) for m in rng.integers(0, 400_000, n)]
    columns = (
        Column(name="age", kind="integer", bounds=(15, 85), dtype="int32"),
        Column(name="sex", kind="categorical", categories=("F", "M"), role="sensitive", dtype="string"),
        Column(name="income", kind="float", bounds=(0, 1_000_000), decimals=2, missing=True, dtype="double"),
        Column(name="city", kind="categorical", categories=CITIES, missing=True, dtype=DICTIONARY),
        Column(name="smoker", kind="boolean", dtype="bool"),
        Column(name="grade", kind="ordinal", categories=("low", "mid", "high"), dtype="string"),
        Column(name="seen", kind="datetime", bounds=(27_000_000, 30_000_000), unit="minute", dtype="timestamp[us]"),
        Column(name="born", kind="datetime", bounds=(-20_000, 30_000), unit="day", missing=True, dtype="date32[day]"),
        Column(name="fee", kind="float", bounds=(0, 100), decimals=1, dtype="decimal128(8, 1)"),
        Column(name="buys", kind="boolean", role="target", dtype="bool"),
    )
    grade = np.where(age > 55, "high", np.where(age > 35, "mid", "low"))
    born = [datetime.date(2024, 1, 1) - datetime.timedelta(days=int(365 * a)) for a in age]
    data = {
        "age": pa.array(age, pa.int32()),
        "sex": pa.array(sex),
        "income": pa.array(income, mask=rng.random(n) < 0.1),
        "city": pa.array(rng.choice(CITIES, n), mask=rng.random(n) < 0.05).dictionary_encode(),
        "smoker": pa.array(rng.random(n) < 0.3),
        "grade": pa.array(grade),
        "seen": pa.array(seen, pa.timestamp("us")),
        "born": pa.array(born, pa.date32(), mask=rng.random(n) < 0.2),
        "fee": pa.array([Decimal(int(v)) / 10 for v in rng.integers(0, 1000, n)], pa.decimal128(8, 1)),
        "buys": pa.array(rng.random(n) < np.where(sex == "F", 0.6, 0.2)),
    }
    return Table(Schema(columns), pa.table(data))


DICTIONARY = "dictionary<values=string, indices=int32, ordered=0>"


def settled():
    """A constant number, a constant category, an all-missing and a nearly all-missing column beside one that varies."""
    n = 80
    columns = (
        Column(name="version", kind="integer", bounds=(3, 3)),
        Column(name="x", kind="float", bounds=(0, 1), decimals=3),
        Column(name="unit", kind="categorical", categories=("kg",)),
        Column(name="gone", kind="float", missing=True),
        Column(name="nearly", kind="float", bounds=(0, 1e6), missing=True),
        Column(name="empty", kind="boolean", missing=True),
    )
    data = {
        "version": pa.array(np.full(n, 3)),
        "x": pa.array(np.random.default_rng(1).random(n).round(3)),
        "unit": pa.array(["kg"] * n),
        "gone": pa.nulls(n, pa.float64()),
        "nearly": pa.array([123_456.75, 654_321.25] + [None] * (n - 2)),
        "empty": pa.nulls(n, pa.bool_()),
    }
    return Table(Schema(columns), pa.table(data))


def crowded():
    """Forty allowed categories, and 40 more that only one row has each: those may never be emitted."""
    rng = np.random.default_rng(2)
    known = tuple(f"shop {i:02}" for i in range(40))
    shop = [*(known[i] for i in np.repeat(np.arange(40), 9)), *(f"only-{i}-zanzibar" for i in range(40))]
    spend = np.round(rng.gamma(2, 50, len(shop)), 2)
    spend[-1] = 987_654.25  # one person, far out
    columns = (
        Column(name="shop", kind="categorical", categories=known),
        Column(name="spend", kind="float", bounds=(0, 1_000_000), decimals=2),
    )
    order = rng.permutation(len(shop))
    return Table(Schema(columns), pa.table({"shop": pa.array(np.array(shop)[order]), "spend": spend[order]}))


def coded():
    """Identifiers as text, as numbers and with gaps, beside one column to learn."""
    n = 150
    rng = np.random.default_rng(8)
    codes = [f"K{a:04}-{chr(65 + b)}" for a, b in zip(rng.permutation(9_000)[:n], rng.integers(0, 26, n), strict=True)]
    columns = (
        Column(name="code", kind="id", dtype="string"),
        Column(name="number", kind="id", dtype="int64"),
        Column(name="card", kind="id", missing=True, dtype="string"),
        Column(name="x", kind="integer", bounds=(0, 20)),
    )
    data = {
        "code": codes,
        "number": np.arange(1_000, 1_000 + n),
        "card": [None if i % 3 == 0 else f"c{10_000 + 7 * i}" for i in range(n)],
        "x": rng.integers(0, 21, n),
    }
    return Table(Schema(columns), pa.table(data))


def short():
    """Sixty rows."""
    table = mixed(60, seed=9)
    return table.select(["age", "sex", "income", "buys"])


def narrow():
    """One column of numbers."""
    return mixed(120, seed=3).select(["income"])


def narrow_labels():
    """One column of labels."""
    return mixed(120, seed=4).select(["city"])


TABLES = {
    "mixed": mixed,
    "settled": settled,
    "crowded": crowded,
    "coded": coded,
    "short": short,
    "narrow": narrow,
    "narrow_labels": narrow_labels,
}

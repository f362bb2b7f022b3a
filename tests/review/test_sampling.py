"""The rows on a sheet: unusual ones first, the others with known chances; and rows that are surely wrong."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.constraints import evaluate_rule, parse_rule
from synthwright.data.hashing import row_hashes
from synthwright.data.reading import read_table
from synthwright.data.schema import Schema
from synthwright.review.planting import plant
from synthwright.review.sampling import UNUSUAL, choose
from synthwright.seeding import Streams

STREAMS = Streams(5)


def stays(rows=1_000, seed=0):
    """Hospital stays: children lie in the children's ward, nobody else does; a tenth is urgent."""
    rng = np.random.default_rng(seed)
    age = rng.integers(0, 90, rows)
    ward = np.where(age < 16, "children", np.where(rng.random(rows) < 0.5, "surgery", "maternity"))
    urgent = np.where(rng.random(rows) < 0.1, "yes", "no")
    return read_table({"age": age, "ward": ward, "nights": rng.poisson(3, rows), "urgent": urgent}, target="urgent")


def risks_of(table, seed=0):
    rng, n = np.random.default_rng(seed), len(table)
    risk = np.where(np.arange(n) < 3, "high", np.where(np.arange(n) < 40, "medium", "low"))
    score = rng.random(n)
    score[:40] = 0.0
    score[-900 % n] = 2.0
    return pa.table({"risk": pa.array(risk.tolist()), "propensity": pa.array(score, mask=np.arange(n) % 2 == 1)})


def test_the_most_unusual_rows_come_first_and_for_sure():
    table = stays()
    chosen = choose(table, risks_of(table), 100, STREAMS)
    first = chosen.rows[chosen.stratum == 0]
    assert chosen.names[0] == UNUSUAL
    assert len(first) == 25
    assert {0, 1, 2, 100} <= set(first.tolist())  # at high risk, and the highest propensity
    assert np.count_nonzero(first < 40) == 13  # half of the places
    assert (chosen.probability[chosen.stratum == 0] == 1).all()


def test_every_row_has_a_chance_and_the_chances_add_up():
    table = stays()
    chosen = choose(table, risks_of(table), 100, STREAMS)
    assert len(set(chosen.rows.tolist())) == 100
    assert sum(chosen.sizes) == len(table)
    assert (1 / chosen.probability).sum() == pytest.approx(len(table))
    taken = np.bincount(chosen.stratum)
    assert taken.min() >= 2


def test_the_chance_is_how_often_a_row_is_chosen():
    """400 sheets of 60 of 300 rows: every row's frequency lies near its chance, rare classes' above common ones'."""
    table = stays(300)
    count, chance = np.zeros(300), np.zeros(300)
    for seed in range(400):
        chosen = choose(table, None, 60, Streams(seed))
        count[chosen.rows] += 1
        chance[chosen.rows] = chosen.probability
    assert abs(count / 400 - chance).max() < 4.5 * np.sqrt(0.2 * 0.8 / 400)


def test_classes_and_sensitive_groups_are_strata_as_long_as_each_can_be_seen():
    table = stays()
    grouped = table.with_schema(table.schema.with_sensitive(["ward"]))
    names = choose(grouped, None, 100, STREAMS).names[1:]
    assert len(names) == 6
    assert "urgent = no, ward = children" in names
    assert [name for name in choose(grouped, None, 10, STREAMS).names[1:] if "," in name] == []
    numbers = table.with_schema(table.schema.with_target("nights"))
    assert [name for name in choose(numbers, None, 60, STREAMS).names if name.startswith("nights: quarter")]


def test_of_a_small_table_all_rows_are_looked_at():
    table = stays(40)
    chosen = choose(table, risks_of(table), 100, STREAMS)
    assert sorted(chosen.rows.tolist()) == list(range(40))
    assert (chosen.probability == 1).all()


def test_planted_rows_are_wrong_and_made_of_values_that_occur():
    table = stays()
    planted = plant(table, 30, STREAMS)
    age, ward = planted.table.numbers("age"), planted.table.data["ward"].to_pylist()
    wrong = [(one < 16) != (where == "children") for one, where in zip(age, ward, strict=True)]
    assert len(planted.why) == len(planted.table) == 30
    assert all(wrong)
    assert not np.isin(row_hashes(planted.table), row_hashes(table)).any()
    for name in table.names:
        assert set(planted.table.data[name].to_pylist()) <= set(table.data[name].to_pylist())
    assert {why.partition(":")[0] for why in planted.why} == {
        "one cell of another row", "half of another row", "every cell of another row",
    }  # fmt: skip


def test_broken_rules_are_planted_where_rows_obey_one():
    table = stays()
    schema = Schema(table.schema.columns, ("when age < 16 then ward == 'children'",))
    planted = plant(table.with_schema(schema), 30, STREAMS)
    broken = ~evaluate_rule(planted.table, parse_rule(schema.constraints[0], schema))
    told = np.array(["breaks the rule" in why for why in planted.why])
    assert told.sum() >= 10
    assert broken[told].all()
    # A rule that the rows break themselves says nothing about what is wrong.
    odd = Schema(table.schema.columns, ("nights > 2",))
    assert not any("breaks" in why for why in plant(table.with_schema(odd), 30, STREAMS).why)


def test_a_planted_row_equals_no_row_of_the_table():
    """One row in 2,000 is x with n: it may be right, so it is not planted; y with m never occurs, and is."""
    first = np.repeat(["x", "y"], 1_000)
    second = np.where(first == "x", "m", "n")
    second[0] = "n"
    planted = plant(read_table({"first": first, "second": second}), 20, STREAMS).table
    assert len(planted) == 20
    assert set(planted.data["first"].to_pylist()) == {"y"}


def test_nothing_is_planted_where_nothing_can_be_known_to_be_wrong():
    """Columns that know nothing of each other allow every combination."""
    rng = np.random.default_rng(0)
    table = read_table({"a": rng.integers(0, 50, 500), "b": rng.choice(["x", "y"], 500)})
    assert len(plant(table, 30, STREAMS).why) == 0
    assert len(plant(read_table({"a": rng.integers(0, 50, 500)}), 30, STREAMS).why) == 0

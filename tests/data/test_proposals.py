"""What is proposed as a rule holds in every row, is no matter of chance, and tells no rare value."""

import itertools
import math
import time

import numpy as np
import pyarrow as pa
import pytest

import synthwright as sw
from synthwright.data.constraints import evaluate_rule, parse_rule
from synthwright.data.proposals.chances import dependent, exclusive, implied, matching, no_repeats, ordered
from synthwright.data.proposals.dependences import search_dependences
from synthwright.data.proposals.following import needed
from synthwright.data.proposals.keys import search_keys
from synthwright.data.proposals.one_hot import search_one_hot
from synthwright.data.proposals.proposing import propose
from synthwright.data.proposals.relations import relations
from synthwright.data.proposals.view import SAMPLE, View
from synthwright.data.reading import read_table
from synthwright.data.schema import Column, Schema

ROWS = 1_200


def table_of(columns, **schema):
    return read_table(pa.table(columns), **schema)


@pytest.fixture(scope="module")
def planted():
    """One relation of each kind, among columns that know nothing of them."""
    rng = np.random.default_rng(5)
    net, tax, fee = (np.round(rng.gamma(2, scale, ROWS), 2) for scale in (40, 9, 3))
    price, pieces = np.round(rng.uniform(1, 90, ROWS), 2), rng.integers(1, 20, ROWS)
    admitted = rng.integers(19_000, 20_000, ROWS)
    city = rng.integers(0, 12, ROWS)
    status = np.array(["open", "held", "done"])[rng.integers(0, 3, ROWS)]
    rooms = rng.integers(0, 4, ROWS)
    left = admitted + rng.integers(0, 900, ROWS)
    colour = rng.integers(0, 3, ROWS)
    return table_of(
        {
            "id": [f"K{n:05}" for n in rng.permutation(ROWS)],
            "net": net,
            "tax": tax,
            "total": np.round(net + tax, 2),
            "fee": fee,
            "grand": np.round(net + tax + fee, 2),
            "price": price,
            "pieces": pieces,
            "amount": np.round(price * pieces, 2),
            "celsius": (celsius := rng.integers(-10, 35, ROWS)),
            "fahrenheit": np.round(1.8 * celsius + 32, 1),
            "admission date": pa.array(admitted.astype(np.int32), pa.int32()).cast(pa.date32()),
            "left": pa.array(left.astype(np.int32), pa.int32()).cast(pa.date32()),
            "city": np.array([f"city {n}" for n in range(12)])[city],
            "country": np.array(["X", "Y", "Z"])[city % 3],
            "status": status,
            "closed": [None if one != "done" else float(n % 50) for n, one in enumerate(status)],
            "rooms": rooms,
            "rent": np.where(rooms == 0, 0, rng.integers(1, 900, ROWS)),
            "is_red": (colour == 0).astype(int),
            "is_green": (colour == 1).astype(int),
            "is_blue": (colour == 2).astype(int),
            "share": np.round(rng.uniform(0, 1, ROWS), 2),
            "noise": np.round(rng.normal(0, 9, ROWS), 1),
            "mark": rng.integers(0, 2, ROWS),
        }
    )


@pytest.fixture(scope="module")
def proposed(planted):
    return propose(planted)


@pytest.mark.parametrize(
    "rule",
    [
        "total == net + tax",
        "grand == total + fee",
        "amount == price * pieces",
        "fahrenheit == 1.8 * celsius + 32",
        "`admission date` <= left",
        "when status in ('held', 'open') then closed is missing",
        "when rooms == 0 then rent == 0",
        "when rent == 0 then rooms == 0",
        "0 <= share <= 1",
        "rent >= 0",
    ],
)
def test_a_planted_relation_is_proposed(proposed, rule):
    assert rule in {one.rule for one in proposed}


def test_groups_and_keys_are_found(planted):
    view = View.of(planted)
    assert [one.rule for one in search_one_hot(view).found] == ["one_hot(is_red, is_green, is_blue)"]
    assert [one.rule for one in search_keys(view).found] == ["unique(id)"]
    assert "combinations(city, country)" in {one.rule for one in search_dependences(view).found}


def test_nothing_is_said_of_columns_that_know_nothing(proposed):
    assert not [
        one for one in proposed if {"noise", "mark", "pieces"} & set(one.columns) and one.kind in {"order", "case"}
    ]
    assert not [one for one in proposed if "noise" in one.columns]


def test_every_proposal_holds_in_all_rows_and_can_be_taken_over(planted, proposed):
    assert len(proposed) >= 10
    schema = Schema(planted.schema.columns, tuple(one.rule for one in proposed))
    for one in proposed:
        assert evaluate_rule(planted, parse_rule(one.rule, schema)).all()
        assert one.rows <= one.of == ROWS
        assert one.log10_chance <= one.log10_adjusted < -2
        assert str(one.of)[0] in one.evidence


def test_what_follows_from_others_is_not_proposed(proposed):
    said = {one.rule for one in proposed}
    for rule in ("net <= total", "tax <= total", "net <= grand", "grand == net + tax + fee", "total == grand + fee"):
        assert rule not in said


def test_one_row_among_many_that_breaks_a_rule_is_enough():
    rng = np.random.default_rng(1)
    n = 20 * SAMPLE
    low = rng.integers(0, 1000, n)
    columns = {"low": low, "high": low + rng.integers(0, 500, n), "twice": 2 * low}
    assert {one.rule for one in propose(table_of(columns))} >= {"low <= high", "twice == 2 * low"}
    view = View.of(table_of({"low": low}))
    hidden = next(row for row in range(n) if row not in set(np.linspace(0, n - 1, SAMPLE).astype(int)))
    columns["high"][hidden], columns["twice"][hidden] = columns["low"][hidden] - 1, 1
    assert len(view.sample) == SAMPLE
    assert not {one.rule for one in propose(table_of(columns))} & {"low <= high", "twice == 2 * low"}


def test_ranges_that_lie_apart_are_no_order_and_keys_fix_nothing():
    rng = np.random.default_rng(2)
    columns = {"small": rng.integers(0, 100, 900), "large": rng.integers(1_000, 9_000, 900), "key": np.arange(900)}
    assert {one.kind for one in propose(table_of(columns))} <= {"key", "range"}


def test_columns_that_know_nothing_of_one_another_give_no_proposals():
    """False alarms are bounded by .01 for all rules of a table together: 40 tables have .4 at most."""
    alarms = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        columns = {
            "a": rng.integers(0, 3, 300),
            "b": rng.integers(0, 2, 300),
            "c": np.array(list("xyz"))[rng.choice(3, 300, p=[0.9, 0.07, 0.03])],
            "d": np.where(rng.random(300) < 0.95, 0.0, np.round(rng.normal(0, 5, 300), 1)),
            "e": [None if rng.random() < 0.05 else 1.0 + n % 3 for n in range(300)],
            "f": [None if rng.random() < 0.9 else "t" for n in range(300)],
            "g": np.round(rng.normal(50, 9, 300), 2),
            "h": np.round(rng.normal(60, 9, 300), 2),
        }
        alarms += any(one.kind != "range" for one in propose(table_of(columns)))
    assert alarms <= 1


def test_a_value_that_fewer_than_5_rows_share_is_never_told():
    n = 600
    kind = np.array(["common"] * n, dtype=object)
    kind[:4], kind[4:200] = "secret", "usual"
    other = np.where(kind == "secret", "hidden", np.where(kind == "usual", "p", "q"))
    seen = np.where(kind == "secret", 77, 0)
    rules = " ".join(one.rule for one in propose(table_of({"kind": kind, "other": other, "seen": seen})))
    assert "kind" in rules
    assert not {"secret", "hidden", "77"} & set(rules.replace("'", " ").split())


def permutations_that(rows, obey):
    """The share of permutations of `rows` with ``obey(permuted)``."""
    tried = list(itertools.permutations(rows))
    return sum(obey(np.array(one)) for one in tried) / len(tried)


def test_the_chance_of_an_order_is_that_of_all_permutations():
    low, high = np.array([1.0, 2, 2, 4, 5]), np.array([2.0, 2, 3, 5, 6])
    log, by_chance = ordered(low, high)
    assert math.exp(log) == pytest.approx(permutations_that(high, lambda one: np.all(low <= one)))
    assert by_chance == pytest.approx(np.mean(low[:, None] <= high))


def test_the_chance_of_a_match_is_that_of_all_permutations():
    values = np.array([1, 1, 2, 3, 3])
    expected = permutations_that(values, lambda one: np.array_equal(one, values))
    assert math.exp(matching(np.array([2, 1, 2]))) == pytest.approx(expected)


def test_the_chance_of_a_dependence_is_never_told_too_small():
    groups, values = np.array([0, 0, 1, 1, 2]), np.array([7, 7, 8, 8, 8])

    def constant(one):
        return all(len(set(one[groups == group])) == 1 for group in range(3))

    assert math.exp(dependent(3, np.array([2, 3]))) >= permutations_that(values, constant)
    assert dependent(5, np.array([2, 3])) == 0  # every row its own group: nothing is surprising


def test_the_chance_of_an_implication_is_hypergeometric():
    """Of 5 rows 3 have it; 2 drawn ones both do in 3 of 10 ways."""
    assert math.exp(implied(np.array(5), np.array(3), np.array(2))) == pytest.approx(0.3)


def test_the_chance_of_a_one_hot_group_is_that_of_all_permutations():
    first, second = np.array([1, 1, 0, 0]), [0, 0, 1, 1]
    expected = permutations_that(second, lambda one: np.all(first + one == 1))
    assert math.exp(exclusive(4, np.array([2.0, 2.0]))) == pytest.approx(expected)


def test_the_chance_of_no_repeats_is_that_of_birthdays():
    """23 people and 365 days: .5073 of them share none by the exact product .4927; Poisson gives .5000."""
    assert math.exp(no_repeats(23, 1 / 365)) == pytest.approx(0.5, abs=0.002)


def test_relations_are_exact_short_and_never_more_than_rows_can_tell():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(90, 4))
    cells = np.column_stack([x, x[:, 0] + x[:, 1] - x[:, 2], 2.5 * x[:, 3] + 4])
    assert (
        relations(cells) == [{0: 1.0, 1: 1.0, 2: -1.0, 4: -1.0}, {-1: 4.0, 3: 2.5, 5: -1.0}]
        or len(relations(cells)) == 2
    )
    assert relations(rng.normal(size=(30, 60))) == []
    assert relations(cells + np.array([0, 0, 0, 0, 1e-4, 0]) * rng.normal(size=(90, 1)))[0].keys() == {-1, 3, 5}


def test_what_is_needed_says_all_the_rest():
    assert needed({(0, 1), (1, 2), (0, 2)}) == {(0, 1), (1, 2)}
    assert needed({(0, 1), (1, 0)}) == {(0, 1), (1, 0)}
    circle = {(a, b) for a in range(3) for b in range(3) if a != b} | {(a, 9) for a in range(3)}
    assert needed(circle) == {(0, 1), (1, 0), (0, 2), (2, 0), (0, 9)}
    assert needed({(0, 2), (1, 2)}, {(0, 1)}) == {(1, 2)}


def test_equal_labels_are_said_to_be_equal():
    rng = np.random.default_rng(4)
    label = np.array(list("abcdef"))[rng.integers(0, 6, 500)]
    assert "one == two" in {one.rule for one in propose(table_of({"one": label, "two": label}))}


@pytest.mark.parametrize(
    "columns",
    [
        {"a": [1]},
        {"a": [1, 1, 1], "b": [None, None, None]},
        {"a": pa.array([None, None], pa.float64()), "b": [1.0, 2.0]},
        {"it's `odd`\n": list(range(200)), "when": list(range(200)), "x" * 100_000: [1.5] * 200},
        {"a": [True, False] * 50, "b": [False, True] * 50},
        {"huge": [1e300, -1e300] * 60, "tiny": [1e-300, 2e-300] * 60, "zero": [0.0] * 120},
        {"text": ["a long text of many words about nothing " + str(n) for n in range(99)]},
    ],
    ids=["one row", "all missing", "no number", "odd names", "opposites", "extremes", "texts"],
)
def test_odd_tables_are_searched_without_trouble(columns):
    found = propose(table_of(columns))
    schema = table_of(columns).schema
    assert all(parse_rule(one.rule, schema) for one in found)


def test_hundreds_of_columns_take_seconds():
    rng = np.random.default_rng(6)
    columns = {f"n{i}": np.round(rng.normal(9, 2, 4_000), 1) for i in range(150)}
    columns |= {f"c{i}": np.array(list("abcde"))[rng.integers(0, 5, 4_000)] for i in range(150)}
    columns["sum"] = np.round(columns["n3"] + columns["n70"] + columns["n149"], 1)
    table = table_of(columns)
    begun = time.process_time()
    assert "sum == n3 + n70 + n149" in {one.rule for one in propose(table)}
    assert time.process_time() - begun < 20  # 2 on an idle core


def test_a_share_of_false_alarms_is_a_chance():
    for wrong in (0, 1, -1, float("nan")):
        with pytest.raises(sw.UsageError, match="false_alarms"):
            sw.propose_constraints({"a": [1, 2]}, false_alarms=wrong)


def test_dates_of_different_units_are_compared():
    rng = np.random.default_rng(7)
    day = rng.integers(18_000, 19_000, 400)
    minute = day * 1440 + rng.integers(0, 90_000, 400)
    columns = (Column(name="day", kind="datetime", unit="day"), Column(name="minute", kind="datetime", unit="minute"))
    data = {
        "day": pa.array(day.astype(np.int32), pa.int32()).cast(pa.date32()),
        "minute": pa.array(minute * 60, pa.int64()).cast(pa.timestamp("s")),
    }
    assert "day <= minute" in {one.rule for one in propose(table_of(data, schema=Schema(columns)))}


def test_inspect_writes_proposals_as_comments_that_can_be_uncommented(tmp_path, planted):
    from synthwright.cli.main import main

    data, schema = tmp_path / "rows.parquet", tmp_path / "s.yaml"
    pa.parquet.write_table(planted.data, data)
    assert main(["inspect", str(data), "--propose", "-o", str(schema)]) == 0
    text = schema.read_text(encoding="utf-8")
    assert '  # - "total == net + tax"\n' in text
    assert "rows; chance below 1e-" in text
    assert sw.read(data, schema=schema).schema.constraints == ()
    schema.write_text(text.replace("  # - ", "  - "), encoding="utf-8")
    accepted = sw.read(data, schema=schema)
    assert "total == net + tax" in accepted.schema.constraints
    assert all(evaluate_rule(accepted, parse_rule(rule, accepted.schema)).all() for rule in accepted.schema.constraints)


def test_inspect_has_proposals_in_json(tmp_path, planted, capsys):
    import json

    from synthwright.cli.main import main

    pa.parquet.write_table(planted.data, tmp_path / "rows.parquet")
    assert main(["inspect", str(tmp_path / "rows.parquet"), "--propose", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["proposals"]
    assert {"rule", "kind", "columns", "rows", "of", "log10_chance", "log10_adjusted", "evidence"} == set(told[0])

"""Combinations that train keeps apart are counted; what is merely rare, or never had a chance, is not."""

import numpy as np
import pyarrow as pa
import pytest
from planted_tables import measured_by, people, shuffled

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation._counts.combinations import kept_apart, rows_with_any
from synthwright.evaluation._statistics.shares import Share
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.fidelity.implausible import Implausible
from synthwright.evaluation.fidelity.validity import Validity
from synthwright.evaluation.measurement import Skipped

LEVELS = Schema(
    (
        Column(name="a", kind="categorical", categories=("x", "y")),
        Column(name="b", kind="categorical", categories=("u", "v")),
    )
)


def cells(xu, xv, yu, yv, **more):
    """A table with so many rows of each combination."""
    counts = (xu, xv, yu, yv)
    a, b = (np.repeat(list(letters), counts) for letters in ("xxyy", "uvuv"))
    columns = {"a": a, "b": b} | {name: np.asarray(values) for name, values in more.items()}
    extra = tuple(Column(name=name, kind="integer", role="group") for name in more)
    return Table(Schema((*LEVELS.columns, *extra)), pa.table(columns))


def apart(table):
    (found,) = kept_apart(Comparison(table, table))
    return found


def test_a_combination_counts_if_chance_would_have_shown_it_ten_times():
    """x and v: 20 and 20 rows of 40 meet 10 times by chance; 19 and 20 of 39 meet 9.7 times."""
    assert apart(cells(20, 0, 0, 20)).never.sum() == 2  # xv and yu
    assert apart(cells(20, 0, 0, 19)).never.sum() == 0
    assert apart(cells(20, 0, 0, 20)).testable == 4


def test_one_slip_in_a_hundred_expected_rows_does_not_make_a_combination_plausible():
    """200 x and 200 v of 400 meet 100 times by chance."""
    assert apart(cells(199, 1, 1, 199)).never.sum() == 2
    assert apart(cells(198, 2, 2, 198)).never.sum() == 0


def test_the_share_is_that_of_rows_and_not_of_combinations():
    """Of 100 synthetic rows 6 are xv and 4 yu; the same table as holdout has an excess of 0."""
    train, made = cells(50, 0, 0, 50), cells(45, 6, 4, 45)
    found = measured_by(Implausible(), train, made, made)["fidelity.implausible"]
    assert found.estimate.value == pytest.approx(0.1)
    assert found.excess.value == 0
    assert {name: round(part.value, 9) for name, part in found.parts.items()} == {
        "a = x, b = v": 0.06,
        "a = y, b = u": 0.04,
    }


def test_a_row_with_several_combinations_counts_once():
    """Three columns that agree in train: in xvv one column is off, which makes two pairs of values that never meet."""
    schema = Schema(tuple(Column(name=name, kind="categorical", categories=("x", "v")) for name in "abc"))
    train = Table(schema, pa.table({name: ["x"] * 50 + ["v"] * 50 for name in "abc"}))
    made = Table(schema, pa.table({"a": ["x", "x"], "b": ["v", "x"], "c": ["v", "x"]}))
    assert measured_by(Implausible(), train, made)["fidelity.implausible"].estimate.value == 0.5


def test_missing_cells_that_never_meet_a_value_are_a_combination():
    train = Table(LEVELS, pa.table({"a": ["x"] * 50 + [None] * 50, "b": ["u"] * 50 + ["v"] * 50}))
    made = Table(LEVELS, pa.table({"a": ["x", None, None, "x"], "b": ["u", "v", "u", "u"]}))
    found = measured_by(Implausible(), train, made)["fidelity.implausible"]
    assert found.estimate.value == 0.25
    assert list(found.parts) == ["a missing, b = u"]


def test_fresh_rows_have_no_excess_whatever_the_sizes():
    """40 tables of three sizes: the mean excess is 0 within its noise, and shuffled rows are far from it."""
    excess = [
        measured_by(Implausible(), people(2_000, 3 * seed), people(3_000, 3 * seed + 1), people(500, 3 * seed + 2))[
            "fidelity.implausible"
        ].excess.value
        for seed in range(40)
    ]
    assert abs(np.mean(excess)) < 3 * np.std(excess) / np.sqrt(40)
    broken = measured_by(Implausible(), people(2_000, 1), shuffled(people(2_000, 2)), people(2_000, 3))
    assert broken["fidelity.implausible"].excess.low > 3 * np.std(excess)
    assert broken["fidelity.implausible"].estimate.value == pytest.approx(
        broken["fidelity.implausible"].baseline.value, abs=0.03
    )


def test_a_train_table_that_is_too_small_to_miss_anything_is_skipped():
    (found,) = Implausible().measure(Comparison(cells(9, 0, 0, 9), cells(9, 0, 0, 9)), None)
    assert isinstance(found, Skipped)
    assert "too small" in found.reason


def test_labels_that_train_never_has_are_no_combination():
    train, made = cells(50, 0, 0, 50), Table(LEVELS, pa.table({"a": ["z"] * 4, "b": ["u"] * 4}))
    assert measured_by(Implausible(), train, made)["fidelity.implausible"].estimate.value == 0


def test_rows_are_found_by_position():
    train, made = cells(50, 0, 0, 50), cells(1, 1, 1, 1)
    comparison = Comparison(train, made)
    rows = np.array([3, 1, 2])
    assert rows_with_any(comparison, "synthetic", kept_apart(comparison), rows).tolist() == [False, True, True]


def test_rows_that_belong_together_say_less():
    """100 groups of 10 equal rows: the interval is as wide as that of 100 rows."""
    whose = np.repeat(np.arange(100), 10)
    table = cells(300, 200, 200, 300, g=whose)
    comparison = Comparison(table, table)
    hit = np.repeat(np.arange(100) < 30, 10)
    share = Share.of(comparison, "synthetic", hit)
    assert share.value == 0.3
    assert share.design == pytest.approx(10, rel=0.5)
    alone = Share(300, 1_000)
    grown = share.estimate().high - share.estimate().low
    assert grown / (alone.estimate().high - alone.estimate().low) == pytest.approx(np.sqrt(share.design), rel=0.1)
    assert Share.of(comparison, "synthetic", np.zeros(1_000, dtype=bool)).design == 10
    assert share.minus(share).value == 0


def test_declared_rules_are_hard_and_named_by_their_text():
    """Two of four rows break the first rule, one the second as well; a missing side is no fault."""
    schema = Schema(
        (Column(name="low", kind="integer"), Column(name="high", kind="integer", missing=True)),
        ("low <= high", "when low > 5 then high is not missing"),
    )
    train = Table(schema, pa.table({"low": [1, 2], "high": [2, 3]}))
    made = Table(schema, pa.table({"low": [1, 5, 4, 9], "high": [2, 4, 3, None]}))
    holdout = Table(schema, pa.table({"low": [1, 3], "high": [2, 2]}))
    found = measured_by(Validity(), train, made, holdout)["fidelity.validity"]
    assert found.estimate.value == 0.75
    assert {name: part.value for name, part in found.parts.items()} == {
        "rule: low <= high": 0.5,
        "rule: when low > 5 then high is not missing": 0.25,
    }
    assert found.holdout.value == 0.5
    assert found.excess.value == 0.25

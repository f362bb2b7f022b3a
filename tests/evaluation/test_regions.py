"""The regions that give synthetic rows away are found, named in words, and judged on rows that did not find them."""

import re

import numpy as np
import pyarrow as pa
import pytest
from planted_learnable import MIXED, changed, mixed, said, told
from planted_tables import people, shuffled

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation._counts.naming import cell_words, distinctly, region_words
from synthwright.evaluation._counts.placing import pair_codes
from synthwright.evaluation._learners.propensity import propensities
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.fidelity.c2st import C2ST
from synthwright.evaluation.fidelity.regions import Regions
from synthwright.evaluation.measurement import Skipped

COUPLES = Schema(
    (
        Column(name="relationship", kind="categorical", categories=("Wife", "Husband", "Single")),
        Column(name="sex", kind="categorical", categories=("Female", "Male")),
        Column(name="age", kind="integer"),
    )
)


def couples(rows, seed, swapped=0.0):
    """Wives are women and husbands are men, but for a share `swapped` of the wives and as many single men."""
    rng = np.random.default_rng(seed)
    relationship = rng.choice(3, rows, p=[0.2, 0.3, 0.5])
    sex = np.where(relationship == 2, rng.integers(0, 2, rows), relationship)
    wives = np.flatnonzero((relationship == 0) & (rng.random(rows) < swapped))
    sex[wives] = 1
    sex[rng.choice(np.flatnonzero((relationship == 2) & (sex == 1)), len(wives), replace=False)] = 0
    return Table.of(
        COUPLES, {"relationship": relationship, "sex": sex, "age": rng.integers(20, 60, rows).astype(float)}
    )


def test_a_combination_is_found_although_every_column_is_right():
    """A third of the wives, 6.7 % of all rows, are men; shares of both columns stay as they are."""
    made = said(Regions(), couples(2_000, 1), couples(2_000, 2, swapped=1 / 3), couples(2_000, 3))
    worst = next(iter(made["fidelity.regions"].parts))
    assert worst.startswith("relationship = Wife, sex = Male")
    assert "(0.0 % of real rows)" in worst
    assert made["fidelity.regions"].estimate.value == pytest.approx(1 / 15, abs=0.02)
    assert made["fidelity.regions"].estimate.low > 0.03
    assert made["fidelity.regions"].excess.low > 0
    missed = made["fidelity.regions.missed"]
    assert "Wife" in next(iter(missed.parts)) or "Male" in next(iter(missed.parts))
    assert missed.excess.low > 0


def test_a_region_that_the_synthetic_table_misses_is_named_with_its_bounds():
    train, holdout, fresh = couples(2_000, 1), couples(2_000, 2), couples(3_000, 3)
    age = fresh.numbers("age")
    gone = fresh.take(np.flatnonzero((age < 40) | (age >= 46)))
    found = said(Regions(), train, gone, holdout)["fidelity.regions.missed"]
    name, part = next(iter(found.parts.items()))
    low, high = (int(end) for end in name.split("age ")[1].split(" (")[0].split(".."))
    assert abs(low - 40) <= 3  # bounds are those of pair cells, a thirteenth of the rows each
    assert abs(high - 45) <= 3
    assert part.low > 0.05
    assert found.estimate.value == part.value


def test_fresh_rows_have_no_region_of_their_own():
    """30 tables: were the half that finds the regions also the judge, the mean would be about .05."""
    values = []
    for seed in range(30):
        tables = (couples(400, 3 * seed + at) for at in range(3))
        values += [one.excess.value for one in said(Regions(), *tables, seed=seed).values()]
    spread = np.std(values) / np.sqrt(len(values))
    assert abs(np.mean(values)) < 3 * spread
    assert spread < 0.01


def test_rows_without_skill_score_as_the_floor_says():
    train = people(1_500, 1)
    found = said(Regions(), train, shuffled(people(1_500, 2)), people(1_500, 3))["fidelity.regions"]
    assert found.estimate.value == pytest.approx(found.baseline.value, abs=0.06)
    assert found.baseline.value > 0.02


def test_regions_need_200_rows_of_each_kind():
    for result in told(Regions(), mixed(500, 1), mixed(500, 2), mixed(199, 3)).values():
        assert isinstance(result, Skipped)
        assert "199" in result.reason


def test_without_a_holdout_train_is_the_real_table():
    found = said(Regions(), couples(600, 1), couples(600, 2, swapped=0.5))["fidelity.regions"]
    assert found.holdout is None
    assert found.excess is None
    assert found.estimate.low > 0.02


def test_propensities_are_out_of_fold_and_the_same_that_c2st_used():
    train, made, holdout = mixed(600, 1), changed(mixed(400, 2), x0=mixed(400, 2).numbers("x0") + 2), mixed(500, 3)
    comparison = Comparison(train, made, holdout)
    found = propensities(comparison)
    assert (found.real, found.part) == ("holdout", "synthetic")
    assert {part: len(rows) for part, rows in found.rows.items()} == {"holdout": 400, "synthetic": 400}
    assert np.all(np.isfinite(found.scores["synthetic"]))
    assert found.scores["synthetic"].mean() > found.scores["holdout"].mean() + 0.3
    (measured,) = C2ST().measure(comparison, None)
    assert measured.estimate.value == found.area.value
    assert propensities(comparison) is found
    assert propensities(Comparison(train, made), "train") == "there is no other real table to tell it from"


def test_scores_do_not_know_the_row_they_judge():
    """Fresh rows: a learner that had seen them would rank most synthetic ones above most real ones."""
    found = propensities(Comparison(mixed(600, 1), mixed(600, 2), mixed(600, 3)))
    assert abs(found.scores["synthetic"].mean() - found.scores["holdout"].mean()) < 0.05


def numbered(values, kind="integer", **more):
    schema = Schema((Column(name="x", kind=kind, missing=True, **more),))
    return Table(schema, pa.table({"x": values}))


def words(table, cells):
    comparison = Comparison(table, table)
    allowed = np.zeros(16, dtype=bool)
    allowed[list(cells)] = True
    return cell_words(comparison, "x", allowed)


def test_numbers_are_named_by_their_bounds_with_open_ends():
    ten = numbered(pa.array([*np.repeat(np.arange(10), 50), None]))
    codes = pair_codes(Comparison(ten, ten), "train", "x", np.arange(501))
    assert codes[-1] == 0
    first, last = int(codes[0]), int(codes[-2])
    assert words(ten, [first]) == "x up to 0"
    assert words(ten, [first, first + 1]) == "x up to 1"
    assert words(ten, [first + 1, first + 2]) == "x 1..2"
    assert words(ten, [first + 1]) == "x = 1"
    assert words(ten, [last]) == "x from 9"
    assert words(ten, [0]) == "x missing"
    assert words(ten, [0, last]) == "x from 9 or missing"
    assert words(ten, range(1, 16)) == "x present"
    assert words(ten, range(16)) == ""


def test_no_bound_is_a_value_that_fewer_than_five_rows_have():
    values = 1_000_000 + 7_919 * np.arange(500) + 13
    table = numbered(pa.array(values))
    for cells in ([2, 3], [5], [9, 10, 11]):
        told_bounds = {int(one) for one in re.findall(r"\d+", words(table, cells))}
        assert told_bounds
        assert not told_bounds & set(values.tolist())
    days = numbered(pa.array(np.arange(10_000, 10_400), pa.int32()).cast(pa.date32()), "datetime", unit="day")
    assert words(days, [2]).startswith("x 199")


def test_rare_labels_are_not_named_and_long_sets_are_counted():
    labels = [name for name, rows in zip("abcdefgh", (90, 80, 70, 60, 50, 40, 30, 4), strict=True) for _ in range(rows)]
    schema = Schema((Column(name="x", kind="categorical", categories=tuple("abcdefg")),))
    table = Table(schema, pa.table({"x": labels}))
    assert words(table, [1]) == "x = a"
    assert words(table, [1, 3]) == "x = a or c"
    assert words(table, [1, 2, 3, 4, 5, 6, 7]) == "x other than rarer ones"
    assert words(table, [2, 3, 4, 5, 6, 7, 8]) == "x other than a"
    assert words(table, [8]) == "x = rarer ones"
    assert words(table, [9]) == "x = new ones"
    wide = Table(
        Schema((Column(name="x", kind="categorical", categories=tuple("abcdefghijkl")),)),
        pa.table({"x": list("abcdefghijkl") * 50}),
    )
    assert words(wide, [1, 2, 3, 4, 5]) == "x = a or b or c or 2 more"
    assert words(wide, [1, 2, 3, 4]) == "x = a or b or c or d"  # "1 more" would be no shorter


def test_regions_of_all_rows_and_equal_names_are_told_apart():
    comparison = Comparison(mixed(300, 1), mixed(300, 2))
    assert region_words(comparison, {}) == "all rows"
    assert region_words(comparison, {"x0": np.ones(16, dtype=bool)}) == "all rows"
    assert distinctly(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]
    assert MIXED.names[0] == "x0"

"""Tails, what is missing where, and columns given others: known answers, planted faults, fresh samples, intervals."""

from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from planted_tables import CONTEXT, measured_by, people, shuffled, with_column

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import UnknownName
from synthwright.evaluation._counts.missingness import shift_where_missing
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.fidelity.conditionals import Conditionals
from synthwright.evaluation.fidelity.links import Links
from synthwright.evaluation.fidelity.missing_patterns import MissingPatterns
from synthwright.evaluation.fidelity.rare_values import RareValues
from synthwright.evaluation.fidelity.tail_dependence import TailDependence
from synthwright.evaluation.fidelity.tails import Tails
from synthwright.evaluation.fidelity.triples import Triples
from synthwright.evaluation.measurement import Skipped

METRICS = (Conditionals(), Links(), MissingPatterns(), RareValues(), TailDependence(), Tails(), Triples())
ROWS = 4_000
TRAIN, FRESH, HOLDOUT = people(ROWS, 0), people(ROWS, 1), people(ROWS // 3, 2)


def numbers(**columns):
    schema = Schema(tuple(Column(name=name, kind="float", missing=True) for name in columns))
    return Table(schema, pa.table({name: pa.array(values, pa.float64()) for name, values in columns.items()}))


def contains_zero(one):
    return one.excess.low <= 0 <= one.excess.high


def test_tails_by_hand():
    """1 to 100: five rows are expected in a tail of so few. Beyond 95 there are none, beyond 5 as many as before.

    Their overshoots over 95 are 1 to 5, over the range between the quartiles, 49 or 50: (15 / 5) / 50 is missing.
    """
    train, made = np.arange(1.0, 101.0), np.minimum(np.arange(1.0, 101.0), 95.0)
    found = measured_by(Tails(), numbers(x=train), numbers(x=made))
    assert found["fidelity.tails.worst"].estimate.value == pytest.approx(1)
    assert found["fidelity.tails"].estimate.value == pytest.approx(1 / 2)
    assert found["fidelity.tails"].parts["x: lower tail"].value == 0
    assert found["fidelity.tails.reach"].parts["x: upper tail"].value == pytest.approx(3 / 50, rel=0.03)


def test_values_beyond_train_lengthen_the_tail_on_their_side():
    """One of 100 values is 149 instead of 100: 49 / 5 farther, in interquartile ranges of 50; and likewise below."""
    train = np.arange(1.0, 101.0)
    high = measured_by(Tails(), numbers(x=train), numbers(x=np.append(train[:-1], 149)))["fidelity.tails.reach"]
    assert high.parts["x: upper tail"].value == pytest.approx(49 / 5 / 50, rel=0.03)
    assert high.parts["x: lower tail"].value == 0
    low = measured_by(Tails(), numbers(x=train), numbers(x=np.append(train[1:], -48)))["fidelity.tails.reach"]
    assert low.parts["x: lower tail"].value == pytest.approx(49 / 5 / 50, rel=0.03)
    assert low.parts["x: upper tail"].value == 0


def test_a_tail_five_times_too_heavy_is_an_error_of_four():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 100_000))
    y[:5_000] = np.quantile(x, 0.99) + rng.exponential(size=5_000)
    y[5_000:] = np.minimum(y[5_000:], np.quantile(x, 0.985))
    assert measured_by(Tails(), numbers(x=x), numbers(x=y))["fidelity.tails"].parts[
        "x: upper tail"
    ].value == pytest.approx(4, abs=0.1)


def test_a_point_mass_on_the_percentile_is_no_tail():
    """97 % zeros, as capital gains have them: below there is nothing, above there are the others; fresh rows agree."""

    def gains(seed, factor=1.0):
        rng = np.random.default_rng(seed)
        return numbers(x=np.where(rng.random(ROWS) < 0.97, 0.0, factor * np.exp(rng.normal(8, 1, ROWS))))

    fresh = measured_by(Tails(), gains(0), gains(1), gains(2))
    assert fresh["fidelity.tails"].parts["x: lower tail"].value == 0
    assert contains_zero(fresh["fidelity.tails"])
    assert contains_zero(fresh["fidelity.tails.reach"])
    below = measured_by(Tails(), gains(0), gains(1, factor=-1.0), gains(2))["fidelity.tails"]
    assert below.parts["x: lower tail"].value == pytest.approx(3, rel=0.2)  # 3 % where train has none
    assert below.parts["x: upper tail"].value == pytest.approx(1, rel=0.05)


@pytest.mark.parametrize("cut", [0.5, 2.0])
def test_tails_too_short_or_too_long_are_seen(cut):
    income = FRESH.numbers("income")
    top = np.nanquantile(income, 0.985)
    bent = np.where(income > top, top + cut * (income - top), income) if cut > 1 else np.minimum(income, top)
    found = measured_by(Tails(), TRAIN, with_column(FRESH, "income", pa.array(bent, from_pandas=True)), HOLDOUT)
    reach = found["fidelity.tails.reach"]
    assert next(iter(reach.parts)) == "income: upper tail"
    assert reach.parts["income: upper tail"].low > 0.1
    if cut < 1:
        assert found["fidelity.tails.worst"].estimate.value > 0.9


def test_one_absurd_row_is_one_row():
    """10^12 in one of 4,000 rows: its mass is 1/40 of one of six tails; it counts as lying ten ranges beyond 99.9 %."""
    incomes = [1e12, *FRESH.data["income"].to_pylist()[1:]]
    absurd = with_column(FRESH, "income", pa.array(incomes, pa.float64()))
    before, after = measured_by(Tails(), TRAIN, FRESH), measured_by(Tails(), TRAIN, absurd)
    assert after["fidelity.tails"].estimate.value == pytest.approx(before["fidelity.tails"].estimate.value, abs=1 / 40)
    gap = after["fidelity.tails.reach"].estimate.value - before["fidelity.tails.reach"].estimate.value
    assert abs(gap) < 20 / 40 / 6


def test_few_rows_have_no_tails():
    tables = TRAIN.head(40), FRESH, HOLDOUT
    for metric in (Tails(), TailDependence()):
        assert all("50 rows" in one.reason for one in measured_by(metric, *tables).values())


def test_tails_that_come_together_by_hand():
    """x twice: the coefficient is 1 in train. x and x reversed: upper meets lower, which train never has."""
    x = np.arange(1.0, 1_001.0)
    found = measured_by(TailDependence(), numbers(x=x, y=x), numbers(x=x, y=x[::-1]))["fidelity.tail_dependence"]
    assert found.estimate.value == pytest.approx(1)
    assert len(found.parts) == 4
    rng = np.random.default_rng(0)
    parted = measured_by(TailDependence(), numbers(x=x, y=x), numbers(x=x, y=rng.permutation(x)))
    chance = parted["fidelity.tail_dependence"]
    assert chance.parts["x: upper tail × y: upper tail"].value == pytest.approx(0.95, abs=0.08)  # noqa: RUF001  # crossed
    assert chance.baseline.value == pytest.approx((0.95 + 0.05) / 2)
    assert parted["fidelity.tail_dependence.worst"].baseline.value == pytest.approx(0.95)


def test_extremes_that_no_longer_meet_are_seen_though_the_middle_is_right():
    def joined(seed, *, together):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(2, 6_000))
        high = x > 1.645
        y[high & together] = 3 + rng.random((high & together).sum())
        return numbers(x=x, y=y)

    broken = measured_by(
        TailDependence(), joined(0, together=True), joined(1, together=False), joined(2, together=True)
    )
    assert next(iter(broken["fidelity.tail_dependence.worst"].parts)) == "x: upper tail × y: upper tail"  # noqa: RUF001
    assert broken["fidelity.tail_dependence.worst"].excess.low > 0.4
    fresh = measured_by(TailDependence(), joined(0, together=True), joined(1, together=True), joined(2, together=True))
    assert all(contains_zero(one) for one in fresh.values())


def test_patterns_of_missing_cells_by_hand():
    """Train: a and b miss together in half of the rows. Made: as often, never together: 0, ½, ½ against ½, 0, 0, ½."""
    gone, there = [None] * 10, [1.0, 2.0] * 5
    train = numbers(a=gone + there, b=gone + there)
    made = numbers(a=gone + there, b=there + gone)
    found = measured_by(MissingPatterns(), train, made)["fidelity.missing_patterns"]
    assert found.estimate.value == pytest.approx(1)
    assert found.baseline.value == pytest.approx(1 / 2)  # on their own: a quarter each
    assert set(found.parts) == {"none missing", "a + b missing", "rarer patterns"}


def test_the_floor_of_patterns_lets_columns_miss_on_their_own():
    """A quarter misses both. Apart, 9/16 would miss nothing, 1/16 both and 6/16 one: ½ (3 + 3 + 6) / 16."""
    train = numbers(a=[None] * 5 + [1.0] * 15, b=[None] * 5 + [1.0] * 15)
    floor = measured_by(MissingPatterns(), train, train)["fidelity.missing_patterns"].baseline
    assert floor.value == pytest.approx(12 / 32)


def test_patterns_of_fewer_than_five_rows_are_not_named():
    train = numbers(a=[None] * 4 + [1.0, 2.0] * 28, b=[None] * 6 + [1.0] * 54)
    found = measured_by(MissingPatterns(), train, train)["fidelity.missing_patterns"]
    assert set(found.parts) == {"none missing", "rarer patterns"}
    assert found.estimate.value == 0


def test_complete_tables_have_one_pattern():
    whole = TRAIN.select(["age", "city"]), FRESH.select(["age", "city"]), HOLDOUT.select(["age", "city"])
    found = measured_by(MissingPatterns(), *whole)
    assert found["fidelity.missing_patterns"].estimate.value == 0
    assert found["fidelity.missing_patterns"].excess.high == 0
    assert isinstance(found["fidelity.missing_patterns.dependence"], Skipped)


def test_dependence_of_missing_on_values_by_hand():
    """Train misses in cell 0 alone, the other half in each cell: ½ (|1 - 0| + |-1 - 0|) = 1; the same table: 0."""
    by_value, at_random = np.array([[[0, 10], [10, 0]]]), np.array([[[5, 5], [5, 5]]])
    assert shift_where_missing(by_value, at_random, "synthetic").value == pytest.approx(1)
    assert shift_where_missing(by_value, by_value, "synthetic").value == 0
    assert shift_where_missing(by_value, by_value[:, ::-1], "synthetic").value == pytest.approx(2)
    assert shift_where_missing(by_value, np.array([[[5, 5], [0, 0]]]), "synthetic").value == pytest.approx(1)


def test_missing_by_value_instead_of_at_random_is_seen_at_the_same_rate():
    """Oracle 17: as many cells, but those of the old; and the reverse, train by value and synthetic at random."""
    income = np.where(np.isnan(FRESH.numbers("income")), 8_000.0, FRESH.numbers("income"))
    missing = int(TRAIN.data["income"].null_count)

    def by_age(table, values, noise):
        order = np.argsort(-(table.numbers("age") + noise), kind="stable")[:missing]
        return with_column(table, "income", pa.array(values, mask=np.isin(np.arange(len(values)), order)))

    noise = np.random.default_rng(0).normal(0, 10, ROWS)
    moved = by_age(FRESH, income, noise)
    found = measured_by(MissingPatterns(), TRAIN, moved, HOLDOUT)
    assert found["fidelity.missing_patterns"].excess.high < 0.02
    assert found["fidelity.missing_patterns.dependence"].excess.low > 0.05
    assert found["fidelity.missing_patterns.worst"].excess.low > 0.2
    assert next(iter(found["fidelity.missing_patterns.worst"].parts)) == "income by age"
    reverse = measured_by(MissingPatterns(), moved, TRAIN)["fidelity.missing_patterns.worst"]
    assert reverse.estimate.value == pytest.approx(reverse.baseline.value, abs=0.15)
    fresh = measured_by(MissingPatterns(), TRAIN, FRESH, HOLDOUT)
    assert all(contains_zero(one) for one in fresh.values())


PAIR = Schema(
    (
        Column(name="y", kind="categorical", categories=("no", "yes"), role="target"),
        Column(name="x", kind="categorical", categories=("u", "v")),
    )
)


def given(no_u, no_v, yes_u, yes_v):
    """Rows with these numbers of (y, x)."""
    y = ["no"] * (no_u + no_v) + ["yes"] * (yes_u + yes_v)
    return Table(PAIR, pa.table({"y": y, "x": ["u"] * no_u + ["v"] * no_v + ["u"] * yes_u + ["v"] * yes_v}))


def test_conditionals_by_hand():
    """P(u | yes) is ¾ in train and ¼ in made, P(u | no) ½ in both: errors ½ and 0, weighed ⅓ and ⅔: 1/6.

    P(yes | u) = 60/140 and P(yes | v) = 20/100 in train; 20/100 and 60/140 in made: both 8/35.
    """
    found = measured_by(Conditionals(), given(80, 80, 60, 20), given(80, 80, 20, 60))
    parts = found["fidelity.conditionals"].parts
    assert parts["x given y"].value == pytest.approx(1 / 6)
    assert parts["y given x"].value == pytest.approx(8 / 35)
    assert found["fidelity.conditionals"].estimate.value == pytest.approx((1 / 6 + 8 / 35) / 2)
    assert found["fidelity.conditionals.worst"].estimate.value == pytest.approx(1 / 2)
    assert next(iter(found["fidelity.conditionals.worst"].parts)) == "x given y: yes"
    assert found["fidelity.conditionals.flagged"].estimate.value == 3
    assert "x given y: no" not in found["fidelity.conditionals.flagged"].parts


def test_values_without_support_are_not_compared():
    """29 rows of train are too few; what is left has no error. A value that no synthetic row has is all error."""
    found = measured_by(Conditionals(given=(("y", "x"),)), given(80, 80, 20, 9), given(80, 80, 0, 50))
    assert list(found["fidelity.conditionals.worst"].parts) == ["x given y: no"]
    assert found["fidelity.conditionals"].estimate.value == 0
    empty = measured_by(Conditionals(given=(("y", "x"),)), given(80, 80, 60, 20), given(80, 80, 0, 0))
    assert empty["fidelity.conditionals.worst"].parts["x given y: yes"].value == 1
    few = measured_by(Conditionals(), given(10, 10, 5, 4), given(80, 80, 0, 50))
    assert all("30 rows" in one.reason for one in few.values())


def test_without_a_target_the_strongest_link_is_followed():
    found = measured_by(Conditionals(), TRAIN, shuffled(FRESH), HOLDOUT)
    assert len(found["fidelity.conditionals"].parts) == 6
    assert found["fidelity.conditionals"].estimate.value == pytest.approx(
        found["fidelity.conditionals"].baseline.value, abs=0.02
    )
    assert found["fidelity.conditionals"].excess.low > 0.05
    assert found["fidelity.conditionals.flagged"].estimate.value > 10
    fresh = measured_by(Conditionals(), TRAIN, FRESH, HOLDOUT)
    assert contains_zero(fresh["fidelity.conditionals"])
    assert contains_zero(fresh["fidelity.conditionals.worst"])


def test_a_declared_column_that_is_not_there_is_named():
    with pytest.raises(UnknownName, match="agee"):
        measured_by(Conditionals(given=(("agee", "income"),)), TRAIN, FRESH)


def test_fresh_samples_are_rarely_flagged():
    """80 tables at 5 %: 4 expected with a flag, 11 or more once in 500 runs."""
    flagged = 0
    for seed in range(80):
        tables = (people(rows, 3 * seed + at) for at, rows in enumerate((400, 600)))
        flagged += measured_by(Conditionals(), *tables)["fidelity.conditionals.flagged"].estimate.value > 0
    assert flagged <= 10


def test_groups_widen_what_is_flagged_and_linked():
    """Five equal rows per patient: taken for separate, honest rows differ; declared as groups, they do not."""
    schema = Schema(
        (
            Column(name="patient", kind="id"),
            *(Column(name=name, kind="categorical", categories=(0, 1, 2)) for name in "ab"),
        )
    )

    def visits(seed, role):
        rng = np.random.default_rng(seed)
        a, b = (np.repeat(rng.integers(0, 3, 200), 5) for _ in range(2))
        of = schema.replacing(Column(name="patient", kind="id", role=role))
        return Table(of, pa.table({"patient": np.repeat(np.arange(200), 5), "a": a, "b": b}))

    flagged = {"feature": 0, "group": 0}
    for role in flagged:
        for seed in range(30):
            made = measured_by(Conditionals(), visits(2 * seed, role), visits(2 * seed + 1, role))
            flagged[role] += made["fidelity.conditionals.flagged"].estimate.value > 0
    assert flagged["feature"] > 20
    assert flagged["group"] <= 5  # 1.5 expected; 6 once in 300 runs


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: type(metric).__name__)
@pytest.mark.parametrize("rows", [0, 1, 2, 300])
def test_ten_thousand_labels_and_hardly_any_rows_are_measured_or_skipped(metric, rows):
    schema = Schema(
        (
            Column(name="many", kind="categorical", categories=()),
            Column(name="x", kind="float", missing=True),
            Column(name="none", kind="boolean", missing=True),
            Column(name="y", kind="boolean", role="target"),
        )
    )
    rng = np.random.default_rng(0)
    data = {
        "many": [f"label {at}" for at in range(10_000)],
        "x": pa.array(np.exp(300 * rng.random(10_000)), mask=rng.random(10_000) < 0.5),
        "none": pa.nulls(10_000, pa.bool_()),
        "y": rng.random(10_000) < 0.01,
    }
    table = Table(schema, pa.table(data))
    made = table.head(rows) if rows else table
    results = measured_by(metric, table.head(max(rows, 50)), made, table.head(max(rows // 2, 1)))
    assert all(not isinstance(one, Skipped) or one.reason for one in results.values())


TABLES = 80


@cache
def fresh_samples():
    """Estimates and excesses of fresh real samples: train 600, synthetic 900, holdout 500 rows."""
    found = {}
    for seed in range(TABLES):
        comparison = Comparison(*(people(rows, 3 * seed + at) for at, rows in enumerate((600, 900, 500))), seed=seed)
        for metric in METRICS:
            for one in metric.measure(comparison, CONTEXT):
                if not isinstance(one, Skipped):
                    found.setdefault(one.metric, []).append(
                        [(e.value, e.low, e.high) for e in (one.estimate, one.excess)]
                    )
    return {name: np.array(values) for name, values in found.items() if len(values) == TABLES}


@pytest.mark.parametrize(
    "name",
    [
        "fidelity.conditionals",
        "fidelity.conditionals.worst",
        "fidelity.links.strongest",
        "fidelity.missing_patterns",
        "fidelity.missing_patterns.dependence",
        "fidelity.missing_patterns.worst",
        "fidelity.tail_dependence",
        "fidelity.tail_dependence.worst",
        "fidelity.tails",
        "fidelity.tails.worst",
        "fidelity.tails.reach",
        "fidelity.triples",
        "fidelity.triples.worst",
    ],
)
def test_the_excess_of_a_fresh_sample_is_zero_within_its_interval(name):
    """80 tables: with true coverage of .95 fewer than 68 hits (.85) happen once in 2,000 runs."""
    value, low, high = fresh_samples()[name][:, 1].T
    assert np.mean((low <= 0) & (high >= 0)) >= 0.85
    assert abs(value.mean()) < 0.6 * value.std()  # the correction for sizes leaves less than the noise of one table

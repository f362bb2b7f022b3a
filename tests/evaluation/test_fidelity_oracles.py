"""Planted tables with known verdicts: does every fidelity metric see what it must, and nothing else?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from planted_tables import CONTEXT, PEOPLE, measured_by, people, shuffled, with_column

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.fidelity.column_shapes import ColumnShapes
from synthwright.evaluation.fidelity.correlations import Correlations
from synthwright.evaluation.fidelity.missing_rates import MissingRates
from synthwright.evaluation.fidelity.pair_trends import PairTrends
from synthwright.evaluation.fidelity.quality import Quality
from synthwright.evaluation.fidelity.significance import Significance
from synthwright.evaluation.fidelity.validity import Validity
from synthwright.evaluation.fidelity.wasserstein import Wasserstein
from synthwright.evaluation.measurement import Measurement, Skipped

COUNTING = [ColumnShapes(), Correlations(), MissingRates(), PairTrends(), Quality(), Validity(), Wasserstein()]
ROWS = 4_000
TRAIN, FRESH, HOLDOUT = people(ROWS, 0), people(ROWS, 1), people(ROWS // 3, 2)


def everything(train, synthetic, holdout=None):
    return {name: one for metric in COUNTING for name, one in measured_by(metric, train, synthetic, holdout).items()}


@pytest.fixture(scope="module")
def fresh():
    return everything(TRAIN, FRESH, HOLDOUT)


def test_a_fresh_real_sample_is_at_its_ceiling(fresh):
    """Oracle 1. 13 intervals at 95 %: this seed was not chosen, and two misses or more happen once in seven seeds."""
    missed = [
        name for name, one in fresh.items() if one.excess is not None and not one.excess.low <= 0 <= one.excess.high
    ]
    assert len(missed) <= 1, missed
    assert fresh["fidelity.column_shapes"].excess.high < 0.02
    assert fresh["fidelity.pair_trends"].excess.high < 0.02


def test_an_exact_copy_is_no_better_than_zero_distance():
    """Oracle 2: fidelity at or better than its ceiling; excess never above 0."""
    copy = everything(TRAIN, TRAIN.take(np.random.default_rng(0).permutation(ROWS)), HOLDOUT)
    for name, one in copy.items():
        if one.better == "lower":
            assert one.estimate.value == pytest.approx(0, abs=1e-9), name
            assert one.excess.value <= 1e-9
        else:
            assert one.estimate.value == pytest.approx(1)


def test_shuffled_columns_keep_shapes_and_lose_trends(fresh):
    """Oracle 7: marginals at the ceiling, pairs at the floor; a widely used overall score stays at .84 here."""
    broken = everything(TRAIN, shuffled(FRESH), HOLDOUT)
    for name in ("fidelity.column_shapes", "fidelity.wasserstein", "fidelity.missing_rates"):
        assert broken[name].estimate.value == pytest.approx(fresh[name].estimate.value, abs=1e-9)
    trends = broken["fidelity.pair_trends"]
    assert trends.excess.low > 0.05
    assert trends.estimate.value == pytest.approx(trends.baseline.value, abs=0.03)  # 0.02 is noise of 4,000 rows
    assert broken["fidelity.correlations"].estimate.value == pytest.approx(
        broken["fidelity.correlations"].baseline.value, abs=0.02
    )
    assert broken["fidelity.correlations.worst_loss"].excess.low > 0.2
    assert broken["fidelity.correlations.agreement"].estimate.high < 0.7
    assert broken["fidelity.quality"].estimate.value == pytest.approx(
        broken["fidelity.quality"].baseline.value, abs=0.02
    )


@pytest.mark.parametrize("column", ["age", "income", "joined"])
def test_a_shift_is_seen_alone_and_in_pairs_and_grows(column):
    """Oracle 8: +.5 to +100 standard deviations; nothing ever looks better for a larger shift."""
    values = FRESH.numbers(column)
    deviation = np.nanstd(values)
    found = []
    for size in (0.0, 0.5, 2.0, 100.0):
        moved = values + size * deviation
        kind = FRESH.data[column].type
        whole = np.round(moved) if column != "income" else moved
        array = pa.array(whole, from_pandas=True)
        shifted = with_column(
            FRESH, column, array.cast(pa.int32()).cast(kind) if column == "joined" else array.cast(kind)
        )
        found.append(everything(TRAIN, shifted, HOLDOUT))
    for name in ("fidelity.column_shapes", "fidelity.pair_trends", "fidelity.wasserstein"):
        values = [one[name].estimate.value for one in found]
        assert values == sorted(values), name
        assert values[-1] > values[0] + 0.05
    assert found[1]["fidelity.column_shapes.worst"].excess.low > 0.1
    assert found[1]["fidelity.pair_trends.worst"].excess.low > 0.05
    assert found[-1]["fidelity.column_shapes.worst"].estimate.value > 0.85
    assert found[-1]["fidelity.validity.unseen"].estimate.value > 0.85
    qualities = [one["fidelity.quality"].estimate.value for one in found]
    assert qualities == sorted(qualities, reverse=True)


def test_one_absurd_row_moves_nothing_by_more_than_a_few_rows(fresh):
    """Oracle 9: a row of 10^12 in synthetic, in train or in holdout. Only the count of unseen values tells."""
    absurd = pa.array([1e12, *FRESH.data["income"].to_pylist()[1:]], pa.float64())
    for part in ("train", "synthetic", "holdout"):
        tables = {"train": TRAIN, "synthetic": FRESH, "holdout": HOLDOUT}
        values = [1e12, *tables[part].data["income"].to_pylist()[1:]]
        tables[part] = with_column(tables[part], "income", pa.array(values, pa.float64()))
        after = everything(*tables.values())
        for name, one in after.items():
            # A Wasserstein distance reaches 10 interquartile ranges beyond the tails, the others count rows.
            rows = 20 if "wasserstein" in name else 10
            assert one.estimate.value == pytest.approx(fresh[name].estimate.value, abs=rows / ROWS), (part, name)
            assert one.holdout.value == pytest.approx(fresh[name].holdout.value, abs=3 * rows / ROWS), (part, name)
    unseen = measured_by(Validity(), TRAIN, with_column(FRESH, "income", absurd))["fidelity.validity.unseen"]
    assert unseen.parts["income"].value > fresh["fidelity.validity.unseen"].parts["income"].value


def test_disjoint_labels_are_as_far_apart_as_can_be():
    """Oracle 10: total variation 1, where a widely used evaluator says .02."""
    renamed = with_column(FRESH, "city", pa.array([f"other {city}" for city in FRESH.data["city"].to_pylist()]))
    shapes = measured_by(ColumnShapes(), TRAIN, renamed)
    assert shapes["fidelity.column_shapes"].parts["city"].value == 1
    assert shapes["fidelity.column_shapes.worst"].estimate.value == 1
    trends = measured_by(PairTrends(), TRAIN, renamed)["fidelity.pair_trends"]
    assert all(part.value == pytest.approx(1) for name, part in trends.parts.items() if "city" in name)
    assert measured_by(Validity(), TRAIN, renamed)["fidelity.validity.unseen"].estimate.value == 1


def test_an_exclusive_or_passes_all_pairs():
    """Oracle 12: three coins, any two independent. Counts of pairs can't see it, and the docstring says so."""
    coins = Schema(tuple(Column(name=name, kind="categorical", categories=(0, 1)) for name in "abc"))

    def flipped(seed, third):
        rng = np.random.default_rng(seed)
        a, b, c = rng.integers(0, 2, (3, ROWS))
        return Table(coins, pa.table({"a": a, "b": b, "c": a ^ b if third else c}))

    found = measured_by(PairTrends(), flipped(0, True), flipped(1, False), flipped(2, True))
    assert found["fidelity.pair_trends"].excess.low <= 0 <= found["fidelity.pair_trends"].excess.high


def test_cells_missing_in_the_wrong_rows_are_seen_by_pairs():
    """Oracle 17: as many cells missing, but among the old instead of at random."""
    missing = int(TRAIN.data["income"].null_count)
    oldest = np.argsort(-FRESH.numbers("age"), kind="stable")[:missing]
    mask = np.zeros(ROWS, dtype=bool)
    mask[oldest] = True
    filled = np.where(np.isnan(FRESH.numbers("income")), 8_000.0, FRESH.numbers("income"))
    moved = with_column(FRESH, "income", pa.array(filled, mask=mask))
    assert measured_by(MissingRates(), TRAIN, moved, HOLDOUT)["fidelity.missing_rates"].excess.high < 0.02
    assert measured_by(PairTrends(), TRAIN, moved, HOLDOUT)["fidelity.pair_trends.worst"].excess.low > 0.05


def test_cells_never_missing_are_seen():
    full = with_column(FRESH, "income", pa.array(np.nan_to_num(FRESH.numbers("income"), nan=8_000.0)))
    rates = measured_by(MissingRates(), TRAIN, full, HOLDOUT)["fidelity.missing_rates"]
    assert rates.estimate.value == pytest.approx(TRAIN.data["income"].null_count / ROWS)
    assert rates.estimate.value == pytest.approx(rates.baseline.value)
    assert rates.excess.low > 0.05


ODD = {
    "all missing": pa.nulls(60, pa.float64()),
    "constant": pa.array([3.0] * 60),
    "unicode": pa.array(["☃", "ß" * 100_000, "", None] * 15),
    "labels": pa.array([f"label {at}" for at in range(60)]),
    "yes": pa.array([True, None, True] * 20),
    "number": pa.array(np.arange(60) * 1e300),
}
ODD_SCHEMA = Schema(
    (
        Column(name="all missing", kind="float", missing=True),
        Column(name="constant", kind="integer"),
        Column(name="unicode", kind="categorical", categories=("☃", "")),
        Column(name="labels", kind="categorical", categories=()),
        Column(name="yes", kind="boolean", missing=True),
        Column(name="number", kind="float"),
    )
)


@pytest.mark.parametrize("rows", [1, 2, 3, 60])
@pytest.mark.parametrize("metric", [*COUNTING, Significance()], ids=lambda metric: type(metric).__name__)
def test_odd_tables_are_measured_or_skipped_with_a_reason(metric, rows):
    """Oracle 17: all-missing, constant and unicode columns, every label unique, huge numbers, one row."""
    odd = Table(ODD_SCHEMA, pa.table(ODD))
    results = metric.measure(Comparison(odd, odd.head(rows), odd.head(max(1, rows // 2))), CONTEXT)
    assert {one.metric for one in results} == set(metric.info.measures)
    assert all(isinstance(one, Measurement) or one.reason for one in results)


@pytest.mark.parametrize("names", [("city", "member", "grade"), ("age", "income", "joined")], ids=["labels", "numbers"])
@pytest.mark.parametrize("metric", [*COUNTING, Significance()], ids=lambda metric: type(metric).__name__)
def test_tables_of_one_kind_of_column_are_measured(metric, names):
    """Only Wasserstein and rank correlations need numbers."""
    results = measured_by(metric, TRAIN.select(names), FRESH.select(names), HOLDOUT.select(names))
    skipped = {name for name, one in results.items() if isinstance(one, Skipped)}
    assert not skipped or names[0] == "city"
    assert all("wasserstein" in name or "ranks" in name for name in skipped)


@pytest.mark.parametrize("metric", [*COUNTING, Significance()], ids=lambda metric: type(metric).__name__)
def test_one_column_is_measured_or_skipped_with_a_reason(metric):
    results = metric.measure(Comparison(TRAIN.select(["age"]), FRESH.select(["age"])), CONTEXT)
    assert {one.metric for one in results} == set(metric.info.measures)
    skipped = {one.metric for one in results if isinstance(one, Skipped)}
    assert all("pair" in name or "correlations" in name for name in skipped)


def test_without_a_holdout_there_is_no_ceiling():
    for name, one in everything(TRAIN, FRESH).items():
        assert one.holdout is None, name
        assert one.excess is None


@pytest.mark.parametrize("metric", [*COUNTING, Significance()], ids=lambda metric: type(metric).__name__)
def test_order_of_rows_columns_and_names_of_labels_do_not_matter(metric, fresh):
    """Values to the last digits; intervals depend on which rows share a block, so not quite."""
    before = measured_by(metric, TRAIN, FRESH, HOLDOUT)
    rename = {old: f"z{99 - at}" for at, old in enumerate(PEOPLE["city"].categories)}
    names = list(reversed(PEOPLE.names))
    schema = PEOPLE.replacing(replace(PEOPLE["city"], categories=tuple(rename.values()))).select(names)

    def disguised(table, seed):
        table = table.take(np.random.default_rng(seed).permutation(len(table)))
        table = with_column(table, "city", pa.array([rename[city] for city in table.data["city"].to_pylist()]))
        return Table(schema, table.data.select(names))

    after = measured_by(metric, *(disguised(table, seed) for seed, table in enumerate((TRAIN, FRESH, HOLDOUT))))
    for name, one in before.items():
        assert after[name].estimate.value == pytest.approx(one.estimate.value, abs=1e-9), name
        if one.holdout is not None:
            assert after[name].holdout.value == pytest.approx(one.holdout.value, abs=1e-9)


def test_monotone_transformations_change_nothing_that_counts_cells():
    """Income and its logarithm have the same shapes, trends and associations; only W1 has units."""

    def logged(table):
        return with_column(table, "income", pa.array(np.log(table.numbers("income")), from_pandas=True))

    before, after = everything(TRAIN, FRESH, HOLDOUT), everything(logged(TRAIN), logged(FRESH), logged(HOLDOUT))
    for name, one in before.items():
        if "wasserstein" not in name:
            assert after[name].estimate.value == pytest.approx(one.estimate.value, abs=1e-9), name


def test_hard_rules_bind_only_where_declared():
    declared = PEOPLE.replacing(
        replace(PEOPLE["age"], bounds=(18, 60), source="declared"),
        replace(PEOPLE["city"], categories=("city 0", "city 1"), source="declared"),
    )
    old = FRESH.numbers("age") > 60
    elsewhere = ~np.isin(FRESH.data["city"].to_numpy(zero_copy_only=False), ["city 0", "city 1"])
    validity = measured_by(Validity(), Table(declared, TRAIN.data), Table(declared, FRESH.data))["fidelity.validity"]
    assert validity.parts["age: range"].value == pytest.approx(old.mean())
    assert validity.parts["city: category"].value == pytest.approx(elsewhere.mean())
    assert validity.estimate.value == pytest.approx((old | elsewhere).mean())
    guessed = declared.replacing(*(replace(column, source="data") for column in declared))
    tables = Table(guessed, TRAIN.data), Table(guessed, FRESH.data)
    assert measured_by(Validity(), *tables)["fidelity.validity"].estimate.value == 0


def test_values_that_train_never_shows_are_counted_at_both_ends():
    """7 below the smallest, 5 above the largest, 3 new labels in rows of their own: 15 rows."""
    table = TRAIN.take(np.arange(ROWS))
    age = table.numbers("age").astype(np.int64)
    age[:7], age[7:12] = age.min() - 1, age.max() + 1
    city = table.data["city"].to_pylist()
    city[12:15] = ["new"] * 3
    changed = with_column(with_column(table, "age", pa.array(age)), "city", pa.array(city))
    unseen = measured_by(Validity(), TRAIN, changed)["fidelity.validity.unseen"]
    assert unseen.estimate.value == 15 / ROWS
    assert (unseen.parts["age"].value, unseen.parts["city"].value) == (12 / ROWS, 3 / ROWS)


def test_the_worst_loss_looks_at_the_strongest_tenth_of_pairs():
    """Of six pairs the strongest is intact; a weak one is lost, which the mean alone tells."""
    four = Schema(tuple(Column(name=name, kind="boolean") for name in "abcd"))

    def table(seed, lost):
        rng = np.random.default_rng(seed)
        a, c = rng.random((2, ROWS)) < 0.5
        d = c ^ (rng.random(ROWS) < (0.5 if lost else 0.35))
        return Table(four, pa.table({"a": a, "b": a ^ (rng.random(ROWS) < 0.05), "c": c, "d": d}))

    found = measured_by(Correlations(), table(0, False), table(1, True), table(2, False))
    assert found["fidelity.correlations"].excess.low > 0
    assert found["fidelity.correlations.worst_loss"].estimate.value < 0.05
    assert found["fidelity.correlations"].parts["c × d"].value > 0.2  # noqa: RUF001  # crossed with


def test_a_link_that_hangs_on_a_few_rows_is_not_counted_as_lost():
    """Nineteen rows that agree in train and nowhere else say nothing; twenty do."""
    schema = Schema(tuple(Column(name=name, kind="boolean") for name in "abcd"))

    def table(seed, linked):
        rng = np.random.default_rng(seed)
        rare = np.arange(ROWS) < linked
        c = rng.random(ROWS) < 0.5
        others = {"a": np.roll(rare, 0 if seed == 0 else 1_000), "b": rare}
        return Table(schema, pa.table({**others, "c": c, "d": c ^ (rng.random(ROWS) < 0.2)}))

    few, enough = (measured_by(Correlations(), table(0, rows), table(1, rows), table(2, rows)) for rows in (19, 20))
    assert few["fidelity.correlations.worst_loss"].estimate.value < 0.1
    assert enough["fidelity.correlations.worst_loss"].estimate.value > 0.9


def test_one_synthetic_row_can_lose_no_link():
    found = measured_by(Correlations(), TRAIN, TRAIN.head(1), TRAIN)
    assert "20 rows" in found["fidelity.correlations.worst_loss"].reason


def test_keys_must_be_unique_and_integers_whole():
    schema = Schema((Column(name="id", kind="id", role="key"), Column(name="n", kind="integer")))
    train = Table(schema, pa.table({"id": [1, 2, 3, 4], "n": [1, 2, 3, 4]}))
    synthetic = Table(schema, pa.table({"id": [1, 2, 2, None], "n": [1.0, 2.5, 3.0, 4.0]}))
    parts = measured_by(Validity(), train, synthetic)["fidelity.validity"].parts
    assert parts["id: unique"].value == 2 / 4
    assert parts["n: whole number"].value == 1 / 4


def test_p_values_grade_the_number_of_rows():
    """The same harmless shift of .02 standard deviations: nothing at 1,000 rows, damning at 300,000."""
    schema = Schema((Column(name="x", kind="float"),))

    def p(rows):
        tables = [
            Table(schema, pa.table({"x": np.random.default_rng(at).normal(size=rows) + 0.02 * at})) for at in (0, 1)
        ]
        return measured_by(Significance(), *tables)["fidelity.significance"].estimate.value

    assert p(1_000) > 0.05
    assert p(300_000) < 1e-6


def test_p_values_of_equals_are_rarely_small():
    """200 fresh pairs, Holm over 6 columns: below .05 in at most 5 %, 10 expected; more than 20 once in 1,000 runs."""
    small = 0
    for seed in range(200):
        one = measured_by(Significance(), people(300, 2 * seed), people(300, 2 * seed + 1))["fidelity.significance"]
        small += one.estimate.value < 0.05
    assert small <= 20


def test_rows_that_belong_together_widen_the_interval_only_if_declared():
    """Five equal rows per patient: the standard error of a share is sqrt(5) times that of independent rows."""
    schema = Schema((Column(name="patient", kind="id"), Column(name="sick", kind="boolean")))
    declared = schema.replacing(replace(schema["patient"], role="group"))

    def visits(seed, of):
        sick = np.repeat(np.random.default_rng(seed).random(400) < 0.3 + 0.3 * seed, 5)
        return Table(of, pa.table({"patient": np.repeat(np.arange(400), 5), "sick": sick}))

    widths = []
    for of in (schema, declared):
        one = measured_by(ColumnShapes(), visits(0, of), visits(1, of))["fidelity.column_shapes"].estimate
        widths.append(one.high - one.low)
    assert widths[1] / widths[0] == pytest.approx(5**0.5, rel=0.3)  # 40 blocks: 11 % of noise in each width


def test_wide_tables_are_compared_on_a_stated_sample_of_pairs():
    """70 columns have 2,415 pairs: 2,000 are drawn, the same ones every time, and the measurement says so."""
    wide = Schema(tuple(Column(name=f"x{at}", kind="boolean") for at in range(70)))
    tables = [
        Table(
            wide,
            pa.table({name: np.random.default_rng([seed, at]).random(60) < 0.5 for at, name in enumerate(wide.names)}),
        )
        for seed in (0, 1)
    ]
    one, again = (measured_by(PairTrends(), *tables)["fidelity.pair_trends"] for _ in range(2))
    assert one.sampled
    assert one == again
    assert len(one.parts) == 50
    assert not measured_by(PairTrends(), TRAIN, FRESH)["fidelity.pair_trends"].sampled


def test_parts_are_listed_worst_first(fresh):
    for name in ("fidelity.column_shapes", "fidelity.pair_trends", "fidelity.correlations", "fidelity.validity.unseen"):
        values = [part.value for part in fresh[name].parts.values()]
        assert values == sorted(values, reverse=True), name


def test_a_detectable_excess_is_detected(fresh):
    """Half the interval plus 1.645 standard errors: between 1.7 and 2.1 half widths."""
    one = fresh["fidelity.column_shapes"]
    half = (one.excess.high - one.excess.low) / 2
    assert 1.7 * half < one.detectable < 2.1 * half


def test_the_floor_of_trends_is_what_shuffling_gives():
    """Analytic product of the marginals against the floor table itself, minus the noise of its rows."""
    floor = measured_by(PairTrends(), TRAIN, shuffled(TRAIN))["fidelity.pair_trends"]
    assert floor.estimate.value == pytest.approx(floor.baseline.value, abs=0.02)


NUMBER = Schema((Column(name="x", kind="float"),))


def moved(train, other):
    tables = (Table(NUMBER, pa.table({"x": np.asarray(values, dtype=float)})) for values in (train, other))
    return measured_by(Wasserstein(), *tables)["fidelity.wasserstein"].estimate


def test_a_value_beyond_train_counts_by_how_far_it_is_beyond():
    """Train's range between the quartiles is 20, and one of four rows moved from 30 to 40."""
    assert moved([0, 10, 20, 30], [0, 10, 20, 40]).value == pytest.approx(10 / 4 / 20)
    assert moved([0, 10, 20, 30], [-60, 10, 20, 30]).value == pytest.approx(60 / 4 / 20)


def test_a_shift_counts_in_full_up_to_ten_interquartile_ranges_beyond_the_tails():
    """Normal values: the interquartile range is 1.349 standard deviations, and W1 of a shift is the shift."""
    x = np.random.default_rng(0).normal(size=5_000)
    unit = np.subtract(*np.quantile(x, [0.75, 0.25]))
    for shift in (1.0, 5.0, 10.0):
        found = moved(x, x + shift)
        assert found.value == pytest.approx(shift / unit, rel=0.01)
        assert found.low < found.value < found.high < 1.1 * shift / unit
    assert moved(x, x + 1_000).value == pytest.approx(10 + np.quantile(x, 0.999) / unit, rel=0.02)  # and not 741


@pytest.mark.parametrize("absurd", [1e6, 1e300, -1e300, np.inf])
def test_one_absurd_row_moves_a_wasserstein_distance_by_little_more_than_ten_rows(absurd):
    x = np.random.default_rng(0).normal(size=(2, 1_000))
    plain = moved(*x).value
    assert 9 / 1_000 < moved(x[0], [*x[1][:-1], absurd]).value - plain < 14 / 1_000
    assert abs(moved([*x[0][:-1], absurd], x[1]).value - plain) < 14 / 1_000


def test_the_interval_knows_how_uncertain_the_mass_beyond_train_is():
    """A tenth of the rows, 4 units out: the standard error over 200 samples is met within 15 %."""
    rng = np.random.default_rng(1)
    train = rng.normal(size=2_000)
    found = [moved(train, rng.normal(size=500) + 8 * (rng.random(500) < 0.1)) for _ in range(200)]
    width = np.mean([one.high - one.low for one in found]) / (2 * 2.02)
    assert width == pytest.approx(np.std([one.value for one in found]), rel=0.25)  # and train's share, which is fixed


def test_parts_that_are_distances_are_never_below_zero(fresh):
    """Those of an excess over the ceiling, and signed losses, may be."""
    signed = {"fidelity.column_shapes.worst", "fidelity.pair_trends.worst", "fidelity.correlations.worst_loss"}
    lowest = {name: min((part.low for part in one.parts.values()), default=0.0) for name, one in fresh.items()}
    assert all(low >= 0 for name, low in lowest.items() if name not in signed), lowest
    assert all(lowest[name] < 0 for name in signed)


def test_p_values_of_the_holdout_are_at_its_own_size():
    """Numbers against the Kolmogorov distribution by hand; neither kind depends on how many rows are synthetic."""
    from scipy.special import kolmogorov

    names = ["age", "city"]
    tables = (TRAIN.select(names), FRESH.select(names), HOLDOUT.select(names))
    few, many = (
        measured_by(Significance(), tables[0], made, tables[2])["fidelity.significance"]
        for made in (tables[1].head(200), tables[1])
    )
    assert few.holdout.value == pytest.approx(many.holdout.value, rel=1e-9)
    ages = [np.sort(table.numbers("age")) for table in (tables[0], tables[2])]
    at = np.unique(np.concatenate(ages))
    shares = [np.searchsorted(one, at, side="right") / len(one) for one in ages]
    distance, size = np.abs(shares[0] - shares[1]).max(), len(ages[0]) * len(ages[1]) / (len(ages[0]) + len(ages[1]))
    only = measured_by(Significance(), *(table.select(["age"]) for table in tables))["fidelity.significance"]
    assert only.holdout.value == pytest.approx(kolmogorov(np.sqrt(size) * distance), rel=1e-9)

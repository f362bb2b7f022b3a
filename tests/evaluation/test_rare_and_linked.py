"""What is rare in train, which columns hang together: known answers, planted faults, fresh samples."""

import numpy as np
import pyarrow as pa
import pytest
from planted_tables import measured_by, people, with_column
from scipy.stats import poisson

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation._counts.appearing import appearing, appearing_fresh
from synthwright.evaluation._counts.coarse import coarse_codes, coarse_counts, coarse_of
from synthwright.evaluation._counts.contingency import holm, independence, share_of_noise
from synthwright.evaluation._counts.kept import Kept, kept_share, loss_variance
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.fidelity.links import Links
from synthwright.evaluation.fidelity.pair_trends import PairTrends
from synthwright.evaluation.fidelity.rare_values import RareValues
from synthwright.evaluation.fidelity.triples import Triples
from synthwright.evaluation.measurement import Skipped

LABELS = tuple(f"l{at}" for at in range(40))
SHARES = 1 / np.arange(1, 41) ** 1.6  # 24 of them below 1 %
SHARES /= SHARES.sum()
SHOPS = Schema(
    (
        Column(name="label", kind="categorical", categories=LABELS),
        Column(name="size", kind="float"),
        Column(name="open", kind="boolean"),
        Column(name="kind", kind="categorical", categories=("a", "b", "c")),
    )
)
ROWS = 5_000


def shops(rows, seed, shares=SHARES, *, copied=False, unlinked=False):
    """`size` depends on `open`, unless `unlinked`; `kind` on nothing, unless it is `copied` from `open`."""
    rng = np.random.default_rng([seed, rows])
    opened = rng.random(rows) < 0.3
    size = rng.normal(size=rows) + (0 if unlinked else 1.0) * opened
    kind = np.where(copied & opened & (rng.random(rows) < 0.7), 2, rng.integers(0, 3, rows))
    data = {
        "label": [LABELS[at] for at in rng.choice(40, rows, p=shares)],
        "size": size,
        "open": opened,
        "kind": np.array(["a", "b", "c"])[kind],
    }
    return Table(SHOPS, pa.table(data))


TRAIN, FRESH, HOLDOUT = shops(ROWS, 0), shops(ROWS, 1), shops(ROWS // 3, 2)


def test_kept_mass_by_hand():
    """Shares .05, .10 in train, 0 and .20 in the other: .05 of .15 is lost, and excess of one makes up for nothing."""
    real, other = np.array([[5.0, 10.0, 85.0]]), np.array([[0.0, 20.0, 80.0]])
    kept = kept_share([Kept.of(real, other, "synthetic", np.array([True, True, False]))])
    assert kept.value == pytest.approx(2 / 3)


@pytest.mark.parametrize(("wanted", "mean", "ratio"), [(5, 5, 1.0), (7.5, 4, 1.0), (6, 9, 0.8), (0.6, 1, 1.2)])
def test_the_variance_of_a_loss_is_that_of_counted_poisson_rows(wanted, mean, ratio):
    """By enumeration of the counts up to 60."""
    count = np.arange(60)
    chance = poisson.pmf(count, mean)
    lost = 0.5 * (ratio * abs(wanted - count) + wanted - count)
    expected = chance @ lost**2 - (chance @ lost) ** 2
    assert loss_variance(np.array([wanted]), np.array([mean]), ratio)[0] == pytest.approx(expected)


def test_a_cell_without_rows_is_not_sure_to_be_lost():
    """Five of 1,000 rows in train, none in the other: its error is that of a count of 2.5 where 5 are wanted."""
    real = np.tile([[0, 25]], (40, 1))
    real[:5] = [1, 24]
    lost = Kept.of(real, np.tile([[0, 25]], (40, 1)), "synthetic", np.array([True, False])).lost
    wanted = np.sqrt(loss_variance(np.array([5.0]), np.array([2.5]))[0])
    assert lost.error * 1_000 == pytest.approx(wanted, rel=0.1)
    assert lost.value * 1_000 == pytest.approx(5)


def test_appearing_labels_by_hand():
    """Train a, a, b, c; the other has a and b: three of four train rows have a label that appears."""
    real, other = np.array([[2, 1, 1]]), np.array([[1, 1, 0]])
    assert appearing(real, other, "synthetic").value == pytest.approx(3 / 4)


def test_labels_of_fresh_rows_by_hand():
    """Of three a and one b, one row's label is met by one other row if both are a: 3/4 * 2/3."""
    assert appearing_fresh(np.array([[3, 1]]), np.array([[1, 0]])).value == pytest.approx(1 / 2)


@pytest.mark.parametrize("sizes", [(600, 600), (300, 240), (300, 3_000)])
def test_fresh_rows_show_as_many_labels_as_expected(sizes):
    """Whatever the sizes: 150 draws, mean within 4 standard errors of 0, which chance leaves once in 15,000."""
    rng = np.random.default_rng(0)
    gaps = []
    for _ in range(150):
        train, made = (np.stack([rng.multinomial(rows // 20, SHARES) for _ in range(20)]) for rows in sizes)
        gaps.append(appearing(train, made, "synthetic").value - appearing_fresh(train, made).value)
    assert abs(np.mean(gaps)) < 4 * np.std(gaps) / np.sqrt(len(gaps))


def test_rare_labels_left_out_are_missed():
    """The 12 rarest labels get nothing: their mass is lost, and they head the list; half of it lost is half lost."""
    counts = TRAIN.data["label"].value_counts().to_pylist()
    rare = {one["values"]: one["counts"] for one in counts if 5 <= one["counts"] < 50}
    gone = SHARES.copy()
    gone[28:] = 0
    lacking = measured_by(RareValues(), TRAIN, shops(ROWS, 1, gone / gone.sum()), HOLDOUT)
    fresh = measured_by(RareValues(), TRAIN, FRESH, HOLDOUT)
    lost = sum(count for name, count in rare.items() if int(name[1:]) >= 28) / sum(rare.values())
    found = lacking["fidelity.rare_values"]
    assert found.estimate.value == pytest.approx((1 - lost) * fresh["fidelity.rare_values"].estimate.value, abs=0.06)
    assert found.excess.high < 0
    assert fresh["fidelity.rare_values"].excess.low <= 0 <= fresh["fidelity.rare_values"].excess.high
    empty = {name for name, part in found.parts.items() if part.value == 0}
    assert empty == {f"label: {name}" for name in rare if int(name[1:]) >= 28}
    lost_rows = [rare[name.removeprefix("label: ")] for name in found.parts if name in empty]
    assert lost_rows == sorted(lost_rows, reverse=True)
    assert next(iter(found.parts.values())).value == 0
    assert lacking["fidelity.rare_values.coverage"].excess.high < 0
    assert fresh["fidelity.rare_values.coverage"].excess.low <= 0 <= fresh["fidelity.rare_values.coverage"].excess.high


def test_labels_at_half_their_rate_are_half_kept():
    halved = SHARES.copy()
    halved[halved < 0.013] /= 2
    halved[0] += 1 - halved.sum()
    kept = measured_by(RareValues(), TRAIN, shops(40_000, 1, halved), shops(40_000, 2))["fidelity.rare_values"]
    assert kept.estimate.value == pytest.approx(0.5, abs=0.03)
    fresh = measured_by(RareValues(), TRAIN, shops(40_000, 3))["fidelity.rare_values"]
    assert 0.8 < fresh.estimate.value < 0.97  # train's own noise is still there
    assert kept.holdout.value == pytest.approx(fresh.estimate.value, abs=0.04)


def test_a_rare_combination_that_is_gone_is_missed_though_both_columns_are_right():
    """0.6 % of the rows: label l0 is never closed and of kind c. Their labels and kinds go to other rows."""
    strata = Schema((Column(name="a", kind="categorical", categories=(0, 1, 2)), Column(name="b", kind="boolean")))

    def table(seed, *, keep):
        rng = np.random.default_rng(seed)
        a = rng.choice(3, 20_000, p=[0.5, 0.4, 0.1])
        b = rng.random(20_000) < np.where(a == 2, 0.06 if keep else 0.0, 0.5)
        return Table(strata, pa.table({"a": a, "b": b}))

    gone = measured_by(RareValues(), table(0, keep=True), table(1, keep=False), table(2, keep=True))
    found = gone["fidelity.rare_values.strata"]
    assert found.estimate.value == 0
    assert list(found.parts) == ["a: 2 × b: True"]  # noqa: RUF001  # crossed with
    assert found.excess.high < -0.5
    whole = measured_by(RareValues(), table(0, keep=True), table(3, keep=True), table(2, keep=True))
    assert whole["fidelity.rare_values.strata"].excess.low <= 0 <= whole["fidelity.rare_values.strata"].excess.high


def test_new_labels_are_counted_in_rows():
    """Seven rows with labels that train lacks."""
    labels = ["new"] * 7 + FRESH.data["label"].to_pylist()[7:]
    made = with_column(FRESH, "label", pa.array(labels))
    new = measured_by(RareValues(), TRAIN, made, HOLDOUT)["fidelity.rare_values.new"]
    assert new.estimate.value == pytest.approx(7 / ROWS)
    assert list(new.parts) == ["label", "open", "kind"]


def test_labels_of_fewer_than_five_rows_are_never_named():
    """39 labels of 1 to 4 rows beside 10 of 6 rows: only the latter are rare values, and no part tells of others."""
    few = [f"one {at}" for at in range(39) for _ in range(at % 4 + 1)]
    some = [f"six {at}" for at in range(10) for _ in range(6)]
    labels = few + some + ["often"] * (1_000 - len(few) - len(some))
    schema = Schema((Column(name="x", kind="categorical", categories=("often",)), Column(name="y", kind="boolean")))
    train = Table(schema, pa.table({"x": labels, "y": [True, False] * 500}))
    made = Table(schema, pa.table({"x": ["often"] * 400, "y": [True, False] * 200}))
    found = measured_by(RareValues(), train, made)
    assert found["fidelity.rare_values"].estimate.value == 0
    assert set(found["fidelity.rare_values"].parts) == {f"x: six {at}" for at in range(10)}
    assert not any("one" in name for one in found.values() if not isinstance(one, Skipped) for name in one.parts)


def test_coarse_cells_are_counted_as_they_are_coded():
    comparison = Comparison(people(2_000, 0), people(500, 1))
    names, codes = comparison.columns, coarse_codes(comparison, "synthetic")
    counts = coarse_counts(comparison, "synthetic", "income", "city").sum(axis=0)
    one, two = codes[names.index("income")], codes[names.index("city")]
    assert counts[2, 3] == np.sum((one == 2) & (two == 3))
    assert counts.sum() == 500
    assert coarse_of(comparison, "income").names[:3] == ("missing", "0 to 15 %", "15 to 31 %")
    assert len(coarse_of(comparison, "income")) == 7
    assert coarse_of(comparison, "grade").names == ("missing", "middle", "low", "high", "new labels")


def test_holm_by_hand():
    assert holm(np.array([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])


@pytest.mark.parametrize(("rows", "cells"), [(120, 8), (1_000, 13)])
def test_independent_columns_are_rarely_called_dependent(rows, cells):
    """1,500 sparse tables at 5 %: 75 expected with 8 of noise; fewer than 45 or more than 105 once in 5,000 runs."""
    rng = np.random.default_rng(0)
    share = np.random.default_rng(1).dirichlet(np.ones(cells))
    small = 0
    for _ in range(1_500):
        joint = rng.choice(cells, rows, p=share) * cells + rng.integers(0, cells, rows)
        small += independence(np.bincount(joint, minlength=cells**2).reshape(cells, cells)) < 0.05
    assert 45 < small < 105


def test_dependent_columns_are_called_so():
    assert independence(np.diag([20, 20, 20])) < 1e-9
    assert independence(np.array([[5, 5]])) == 1
    assert independence(np.zeros((3, 3))) == 1


def test_five_equal_rows_have_five_times_the_noise():
    groups = np.random.default_rng(0).integers(0, 4, 2_000)
    counts = np.stack([np.bincount(np.repeat(part, 5), minlength=4) for part in np.split(groups, 40)])
    assert share_of_noise(counts) == pytest.approx(5, rel=0.35)


def test_an_invented_link_is_named_and_a_lost_one_too():
    invented = measured_by(Links(), TRAIN, shops(ROWS, 1, copied=True), HOLDOUT)
    # As `kind` follows `open`, it also follows `size`: both are told, the direct one first.
    assert list(invented["fidelity.links.spurious"].parts) == ["open × kind", "size × kind"]  # noqa: RUF001  # crossed
    assert invented["fidelity.links.spurious"].estimate.value == 2
    assert invented["fidelity.links.spurious"].excess.low > 0
    assert invented["fidelity.links.lost"].estimate.value == 0
    lost = measured_by(Links(), TRAIN, shops(ROWS, 1, unlinked=True), HOLDOUT)
    assert list(lost["fidelity.links.lost"].parts) == ["size × open"]  # noqa: RUF001  # crossed with
    assert lost["fidelity.links"].estimate.value == 1
    assert lost["fidelity.links.spurious"].estimate.value == 0
    strongest = lost["fidelity.links.strongest"]
    assert strongest.estimate.value == pytest.approx(strongest.baseline.value, abs=0.05)
    assert strongest.excess.low > 0.3


def test_fresh_samples_show_no_spurious_link():
    """80 tables: at 2.5 % two are expected to show one, more than 7 once in 1,000 runs; as many to lose one."""
    spurious = lost = 0
    for seed in range(80):
        made = measured_by(Links(), people(300, 2 * seed), people(400, 2 * seed + 1))
        spurious += made["fidelity.links.spurious"].estimate.value > 0
        lost += made["fidelity.links.lost"].estimate.value > 0
    assert spurious <= 7
    assert lost <= 7


def test_small_tables_rule_no_link_out():
    """100 rows can't tell a link of .1 from none: nothing is counted, and the interval says that much may be wrong."""
    few = measured_by(Links(), shops(100, 0), shops(100, 1))["fidelity.links"]
    assert few.estimate.value == 0
    assert few.estimate.high >= 5
    many = measured_by(Links(), shops(40_000, 0), shops(40_000, 1))["fidelity.links"]
    assert many.estimate.high == 0


def test_an_exclusive_or_is_seen_by_threes_only():
    """Oracle 12: every pair of columns is right, and the triple is half wrong."""
    coins = Schema(tuple(Column(name=name, kind="categorical", categories=(0, 1)) for name in "abc"))

    def flipped(seed, third):
        a, b, c = np.random.default_rng(seed).integers(0, 2, (3, 4_000))
        return Table(coins, pa.table({"a": a, "b": b, "c": a ^ b if third else c}))

    tables = flipped(0, True), flipped(1, False), flipped(2, True)
    trends = measured_by(PairTrends(), *tables)["fidelity.pair_trends"]
    assert trends.excess.low <= 0 <= trends.excess.high
    triples = measured_by(Triples(), *tables)["fidelity.triples"]
    assert triples.estimate.value == pytest.approx(0.5, abs=0.03)
    assert triples.baseline.value == pytest.approx(0.5, abs=0.03)
    assert triples.excess.low > 0.4
    fresh = measured_by(Triples(), tables[0], flipped(3, True), tables[2])["fidelity.triples"]
    assert fresh.excess.low <= 0 <= fresh.excess.high


def test_triples_of_wide_tables_are_a_stated_sample():
    tables = people(400, 0), people(400, 1)
    one, again = (measured_by(Triples(limit=7), *tables)["fidelity.triples"] for _ in range(2))
    assert one == again
    assert one.sampled
    assert len(one.parts) == 7
    assert not measured_by(Triples(), *tables)["fidelity.triples"].sampled
    two = measured_by(Triples(), tables[0].select(["age", "city"]), tables[1].select(["age", "city"]))
    assert all(isinstance(one, Skipped) for one in two.values())


def test_triples_of_long_tables_are_counted_on_a_stated_sample_of_rows():
    tables = people(4_000, 0), people(4_000, 1), people(1_500, 2)
    some, again = (measured_by(Triples(rows=1_000), *tables)["fidelity.triples"] for _ in range(2))
    assert some == again
    assert some.sampled
    short = measured_by(Triples(), *(one.take(np.arange(1_000)) for one in tables))["fidelity.triples"]
    assert not short.sampled
    assert some.estimate.value == pytest.approx(short.estimate.value, rel=0.1)  # as noisy as 1,000 rows are
    assert some.baseline.value == pytest.approx(short.baseline.value, rel=0.1)

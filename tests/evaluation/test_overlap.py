"""Rows of a benchmark in a synthetic table are found; what real rows have in common with it by chance is not held."""

import numpy as np
import pyarrow as pa
import pytest
from planted_learnable import binary, changed, joined, mixed
from scipy.stats import binom

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.evaluation._statistics.predicted import predicted_count
from synthwright.evaluation.alignment import align
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.contamination.overlap import Overlap
from synthwright.evaluation.suite import declared_by, needs_met
from synthwright.gates.judging import judge
from synthwright.gates.presets import load_gates
from synthwright.seeding import Streams

CONTEXT = Context(streams=Streams(0))
TRAIN, FRESH, HOLDOUT, BENCHMARK = (mixed(1_000, 90 + at) for at in range(4))
PLANTED = joined(FRESH.head(990), BENCHMARK.take(np.arange(10)))


def overlaps(train, made, holdout=None, *, seed=0, **against):
    comparison = align(train, made, holdout, seed=seed, against=against)
    return {one.metric.removeprefix("contamination."): one for one in Overlap().measure(comparison, CONTEXT)}


def verdict(train, made, holdout, against):
    comparison = align(train, made, holdout, against=against)
    told = type("Told", (), {"measurements": tuple(Overlap().measure(comparison, CONTEXT)), "skipped": ()})
    found = judge(told, load_gates("default"), declared=declared_by(comparison))
    return next(gate for gate in found.gates if gate.gate == "no benchmark rows")


def test_the_next_count_by_hand():
    """Of none in 1,000, six or more in the next 1,000 have a chance of 1/64; 2.5 % is between five's and six's."""
    assert (predicted_count(0, 1.0).low, predicted_count(0, 1.0).high) == (0, 5)
    assert predicted_count(0, 1 / 39).high == 0  # one of one has exactly 2.5 %
    assert predicted_count(0, 1 / 30).high == 1
    assert predicted_count(0, 1.0, 0.99).high == 7
    assert (predicted_count(100, 1.0).low, predicted_count(100, 1.0).high) == (74, 130)
    assert binom.sf(129, 230, 0.5) > 0.025 >= binom.sf(130, 231, 0.5)
    assert binom.cdf(74, 174, 0.5) > 0.025 >= binom.cdf(73, 173, 0.5)


def test_predicted_counts_hold_the_next_one():
    """400 pairs of Poisson counts: at 95 % fewer than 365 held happen once in a thousand runs."""
    rng = np.random.default_rng(0)
    pairs = zip(rng.poisson(6, 400), rng.poisson(12, 400), strict=True)
    assert (
        sum(predicted_count(int(seen), 2.0).low <= new <= predicted_count(int(seen), 2.0).high for seen, new in pairs)
        > 364
    )


def test_one_percent_of_a_benchmark_is_found_and_fails():
    for holdout in (HOLDOUT, None):
        found = overlaps(TRAIN, PLANTED, holdout, test=BENCHMARK)
        assert found["overlap"].estimate.value == pytest.approx(0.01)
        assert found["overlap"].excess.low > 0.001
        assert verdict(TRAIN, PLANTED, holdout, {"test": BENCHMARK}).verdict == "FAIL"
        assert verdict(TRAIN, FRESH, holdout, {"test": BENCHMARK}).verdict == "PASS"


def test_rounded_and_partly_changed_benchmark_rows_are_found():
    rows = BENCHMARK.take(np.arange(20))
    moved = changed(rows, **{name: rows.numbers(name) + 1e-4 for name in ("x0", "x1", "x2")})
    found = overlaps(TRAIN, joined(FRESH.head(980), moved), HOLDOUT, test=BENCHMARK)
    assert found["overlap"].estimate.value == 0
    assert found["overlap.rounded"].excess.low > 0.001
    exchanged = changed(moved, c0=(moved.levels("c0") + 1) % 4)
    found = overlaps(TRAIN, joined(FRESH.head(980), exchanged), HOLDOUT, test=BENCHMARK)
    assert found["overlap.rounded"].excess.low <= 0
    assert found["overlap.partial"].excess.low > 0.001


@pytest.mark.parametrize("names", [["c0", "c1"], ["c0", "y"], ["c1"]])
def test_narrow_coarse_files_overlap_by_chance(names):
    """Sixteen combinations: everybody has them all."""
    for holdout in (HOLDOUT, None):
        assert verdict(TRAIN, FRESH, holdout, {"test": BENCHMARK.select(names)}).verdict != "FAIL"


def test_fresh_rows_of_coarse_tables_raise_no_alarm():
    """40 tables of two labels in five columns, files of 60 rows some of whose records occur once: at 2.5 % more than 4
    alarms happen once in 250 runs."""
    alarms = 0
    for seed in range(40):
        train, made, holdout, file = (binary(rows, 4 * seed + at) for at, rows in enumerate((300, 400, 100, 60)))
        alarms += overlaps(train, made, holdout, seed=seed, file=file)["overlap"].excess.low > 0
    assert alarms <= 4


def test_a_benchmark_that_serves_as_the_holdout_hides_nothing():
    found = overlaps(TRAIN, PLANTED, BENCHMARK, test=BENCHMARK)["overlap"]
    assert found.holdout.value == 0
    assert found.excess.low > 0.001


def test_a_train_table_that_holds_the_benchmark_hides_nothing_either():
    """With a holdout that shows chance; without one, chance is unknown and the gate undecided."""
    spoilt = joined(TRAIN.head(900), BENCHMARK.take(np.arange(100)))
    found = overlaps(spoilt, joined(FRESH.head(900), BENCHMARK.take(np.arange(100))), HOLDOUT, test=BENCHMARK)
    assert found["overlap"].excess.low > 0.05
    assert found["overlap"].parts["test: train"].value == pytest.approx(0.1)
    assert overlaps(spoilt, PLANTED, test=BENCHMARK)["overlap"].excess is None
    assert verdict(spoilt, PLANTED, None, {"test": BENCHMARK}).verdict == "UNDECIDED"


def test_the_worst_file_is_told_first_and_one_record_often_is_one_event():
    found = overlaps(TRAIN, PLANTED, HOLDOUT, clean=mixed(500, 7), test=BENCHMARK)["overlap"]
    assert next(iter(found.parts)) == "test"
    assert found.parts["clean"].value == 0
    often = joined(FRESH.head(900), BENCHMARK.take(np.zeros(100, int)))
    assert overlaps(TRAIN, often, HOLDOUT, test=BENCHMARK)["overlap"].excess.low <= 0


def test_many_files_do_not_make_an_alarm():
    """Five coincidences beside none in as many real rows: too many at 95 % for one file, not for twenty."""
    few = joined(FRESH.head(994), BENCHMARK.take(np.arange(6)))
    assert overlaps(TRAIN, few, test=BENCHMARK)["overlap"].excess.low > 0
    clean = {f"clean {at}": mixed(50, 200 + at) for at in range(19)}
    assert overlaps(TRAIN, few, test=BENCHMARK, **clean)["overlap"].excess.low <= 0


def test_files_are_compared_in_the_columns_they_share_whatever_their_types():
    """Another order, numbers as text, a column more and two fewer; one row of twenty was taken."""
    cells = BENCHMARK.to_arrow()
    other = pa.table(
        {
            "note": pa.array(["?"] * len(BENCHMARK)),
            "y": cells["y"].dictionary_encode(),
            "x1": cells["x1"].cast(pa.string()),
            "x0": cells["x0"],
            "c1": cells["c1"],
        }
    )
    names = ("note", "y", "x1", "x0", "c1")
    file = Table(Schema(tuple(Column(name=name, kind="categorical") for name in names)), other)
    comparison = align(TRAIN, PLANTED, HOLDOUT, against={"test.csv": file})
    assert comparison.against["test.csv"].names == ("x0", "x1", "c1", "y")
    (found, *_) = Overlap().measure(comparison, CONTEXT)
    assert found.estimate.value == pytest.approx(0.01)


def test_identifiers_are_no_common_column():
    """Equal numbers of rows are nobody's."""
    schema = Schema((Column(name="id", kind="id"), Column(name="x", kind="float")))
    ids = pa.array([f"p{at}" for at in range(50)])
    train, made = (Table(schema, pa.table({"id": ids, "x": np.arange(50) + start})) for start in (0.0, 0.5))
    file = Table(schema.select(["id"]), pa.table({"id": ids}))
    with pytest.raises(BadInput, match="shares no column"):
        align(train, made, against={"ids": file})


def test_a_file_without_a_common_column_is_refused_with_both_sides():
    stranger = Table.of(Schema((Column(name="z", kind="float"),)), {"z": np.arange(5.0)})
    with pytest.raises(BadInput, match=r"test\.csv shares no column") as refused:
        align(TRAIN, FRESH, against={"test.csv": stranger})
    assert "'z'" in refused.value.evidence
    assert "'x0'" in refused.value.evidence
    with pytest.raises(BadInput, match="no rows"):
        align(TRAIN, FRESH, against={"test.csv": BENCHMARK.head(0)})


def test_without_a_file_the_gate_is_not_planned():
    assert not needs_met(Overlap(), Comparison(TRAIN, FRESH))
    told = type("Told", (), {"measurements": (), "skipped": ()})
    found = judge(told, load_gates("default"), declared=declared_by(Comparison(TRAIN, FRESH, HOLDOUT)))
    assert "no benchmark rows" in found.not_measured


def test_no_part_tells_a_value():
    found = overlaps(TRAIN, PLANTED, HOLDOUT, test=BENCHMARK)["overlap"]
    assert set(found.parts) == {"test", "test: train", "test: holdout"}

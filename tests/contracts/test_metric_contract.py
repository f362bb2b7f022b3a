"""What holds for every registered metric; a new file in evaluation/ is covered at once."""

import inspect
from dataclasses import fields, is_dataclass, replace
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from small_tables import TABLES, mixed

from synthwright import registry
from synthwright.canonical import to_json
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.evaluation.suite import needs_met
from synthwright.generators.fitting import fit_model
from synthwright.generators.tabular.independent import Independent
from synthwright.seeding import Streams

NAMES = registry.names("metric", kind="table")
# Repetition is a property of one table: train's own is its ceiling. How often train's rows coincide tells the chance of
# copies, and train's overlap with a benchmark that of overlaps.
OWN_CEILING = {
    "privacy.kept_identifiers",
    "contamination.overlap",
    "diversity.duplicates",
    "privacy.exact_copies",
    "privacy.rounded_copies",
}
WIDER = {"privacy.textbook": 2.0}  # its intervals take the drawn train rows as given, and another order draws others
every_metric = pytest.mark.parametrize("name", NAMES)


@cache
def part(which):
    """240 rows to learn from, 120 unseen ones, 200 drawn by the independent method."""
    if which == "synthetic":
        drawn = fit_model(mixed(240, seed=1), Independent(), Context(streams=Streams(0))).sample(200, seed=1)
        return named(drawn, 180)
    return named(mixed(240, seed=1), 0) if which == "train" else named(mixed(120, seed=2), 240)


def named(table, first):
    """With an identifier: numbers from `first` on, so that some synthetic rows have those of train and holdout."""
    names = pa.array([f"person {first + at}" for at in range(len(table))])
    schema = replace(table.schema, columns=(*table.schema, Column(name="who", kind="id")))
    return Table(schema, table.data.append_column("who", names), table.origin)


def shuffled(table, seed):
    return table.take(np.random.default_rng(seed).permutation(len(table)))


def untargeted(table):
    return table.with_schema(table.schema.with_target(None))


def compared(kind):
    train, synthetic, holdout = (part(which) for which in ("train", "synthetic", "holdout"))
    if kind == "permuted":
        train, synthetic, holdout = shuffled(train, 1), shuffled(synthetic, 2), shuffled(holdout, 3)
    if kind == "no target":
        train, synthetic, holdout = untargeted(train), untargeted(synthetic), untargeted(holdout)
    unseen = None if kind == "no holdout" else holdout
    return Comparison(train, synthetic, unseen, against={"benchmark": mixed(80, seed=3)})


@cache
def measured(name, kind="whole"):
    comparison, metric = compared(kind), registry.find("metric", name)()
    if not needs_met(metric, comparison):
        return None
    return metric.measure(comparison, Context(streams=Streams(3)))


def assert_complete(name, results):
    """Every declared measure is there; further ones stand below a declared one and never twice."""
    declared, told = registry.find("metric", name).info.measures, [result.metric for result in results]
    assert len(set(told)) == len(told)
    assert set(declared) <= set(told)
    assert all(one in declared or one.startswith(tuple(f"{above}." for above in declared)) for one in told)


@every_metric
def test_every_measure_comes_back_measured_or_skipped(name):
    results = measured(name)
    assert_complete(name, results)
    assert all(isinstance(result, Measurement | Skipped) for result in results)
    assert all(result.reason for result in results if isinstance(result, Skipped))


@every_metric
def test_a_measurement_is_whole(name):
    """Sizes are those of the parts (or of a stated sample), the direction is declared, everything has a JSON form."""
    for result in measured(name):
        if isinstance(result, Skipped):
            continue
        assert 0 < result.n_synthetic <= 200
        assert 0 < result.n_real <= 360
        assert result.better in {"higher", "lower", "target"}
        assert (result.target is not None) == (result.better == "target")
        assert 0.5 < result.confidence < 1
        assert to_json(result)


@every_metric
def test_one_seed_gives_one_result(name):
    again = registry.find("metric", name)().measure(compared("whole"), Context(streams=Streams(3)))
    assert to_json(again) == to_json(measured(name))


@every_metric
def test_the_order_of_rows_does_not_matter(name):
    """Counts are equal to the last bit; learners and samples see other rows first and may move within the interval."""
    for one, other in zip(measured(name), measured(name, "permuted"), strict=True):
        assert type(one) is type(other)
        if isinstance(one, Skipped):
            continue
        if registry.find("metric", name).info.cost == 0:
            assert other.estimate.value == pytest.approx(one.estimate.value, abs=1e-9)
        else:
            width = max(one.estimate.high - one.estimate.low, 1e-9)
            assert abs(other.estimate.value - one.estimate.value) <= width * WIDER.get(name, 1.0)


@every_metric
def test_no_part_is_changed(name):
    comparison = compared("whole")
    before = [table.digest() for table in (comparison.train, comparison.synthetic, comparison.holdout)]
    registry.find("metric", name)().measure(comparison, Context(streams=Streams(3)))
    assert [table.digest() for table in (comparison.train, comparison.synthetic, comparison.holdout)] == before


@pytest.mark.parametrize("kind", ["no holdout", "no target"])
@every_metric
def test_what_a_metric_needs_is_declared(name, kind):
    """Without a holdout (a target), a metric that does not declare its need still answers for every measure."""
    results = measured(name, kind)
    if results is not None:
        assert_complete(name, results)
        if kind == "no holdout" and name not in OWN_CEILING:
            assert all(result.holdout is None for result in results if isinstance(result, Measurement))


@pytest.mark.parametrize("shape", sorted(TABLES))
@every_metric
def test_odd_tables_are_measured_or_skipped(name, shape):
    """Constant, all-missing, crowded, short and narrow tables, compared with themselves."""
    table = TABLES[shape]()
    metric, half = registry.find("metric", name)(), len(table) // 2
    comparison = Comparison(
        table.head(half), table, table.take(np.arange(half, len(table))), against={"itself": table.head(half)}
    )
    if needs_met(metric, comparison):
        assert_complete(name, metric.measure(comparison, Context(streams=Streams(3))))


@every_metric
def test_a_metric_says_what_it_is(name):
    method = registry.find("metric", name)
    assert isinstance(method.info, MetricInfo)
    assert is_dataclass(method)
    assert method.__dataclass_params__.frozen
    assert all(field.kw_only for field in fields(method))
    assert "?" in method.info.question
    assert method.info.source
    assert method.info.measures
    assert len(set(method.info.measures)) == len(method.info.measures)
    assert inspect.getdoc(method)
    assert inspect.getdoc(method.measure)
    assert inspect.getdoc(inspect.getmodule(method))


def test_no_two_metrics_measure_under_one_name():
    measures = [measure for name in NAMES for measure in registry.find("metric", name).info.measures]
    assert len(set(measures)) == len(measures)

"""UNDECIDED names the rows that would decide: true by simulation, of the kind that is short, none where none would."""

import re

import numpy as np
import pyarrow as pa
import pytest
from planted_tables import PEOPLE, people, with_column

from synthwright import registry
from synthwright.engines.context import Context
from synthwright.evaluation._statistics.intervals import wilson
from synthwright.evaluation.comparison import PARTS, Comparison
from synthwright.evaluation.fidelity.column_shapes import ColumnShapes
from synthwright.evaluation.measurement import Estimate, Measurement
from synthwright.gates.gate import Gate, GateSet
from synthwright.gates.judging import judge
from synthwright.gates.rows_needed import Limits, Sizes, factor_needed
from synthwright.seeding import Streams

ROLES = PEOPLE.with_target("member").with_sensitive(["city"])

NAMED = re.compile(r"[Aa]bout ([\d,]+)")
MORE = Gate(gate="g", metric="fidelity.validity", at_most=0.05)
COPIES = Gate(gate="g", metric="fidelity.validity", at_most=0.01, fails_above=0.001)
LESS = Gate(gate="g", metric="fidelity.validity", at_least=0.8)


def share(hits, rows):
    return Measurement(
        metric="fidelity.validity", estimate=wilson(hits, rows), better="lower", n_real=rows, n_synthetic=rows
    )


def named(sentence):
    return [int(number.replace(",", "")) for number in NAMED.findall(sentence)]


@pytest.mark.parametrize(
    ("gate", "truth"),
    [
        (MORE, 0.02),
        (MORE, 0.03),
        (MORE, 0.07),
        (COPIES, 0.0),
        (COPIES, 0.003),
        (COPIES, 0.01),
        (LESS, 0.76),
        (LESS, 0.85),
    ],
)
def test_with_the_named_rows_at_least_four_in_five_verdicts_decide(gate, truth):
    """300 rows leave it open; as many as the sentence names decide, whichever end it is. 300 trials each."""
    rng = np.random.default_rng(7)
    decided = []
    for _ in range(300):
        first = gate.judge(share(rng.binomial(300, truth), 300))
        if first.verdict == "UNDECIDED":
            rows = named(first.sentence)[0]
            decided.append(gate.judge(share(rng.binomial(rows, truth), rows)).verdict != "UNDECIDED")
    assert len(decided) > 30
    assert np.mean(decided) >= 0.8


def faulty(rows, seed):
    """A tenth of the cells of one column at train's far end: an excess of about .02 in the mean."""
    table = people(rows, seed)
    ages = table.numbers("age").copy()
    ages[: rows // 8] = 90
    return with_column(table, "age", pa.array(ages.astype(np.int64)))


def shapes(train, synthetic, holdout, seed):
    comparison = Comparison(people(train, 10_000 + seed), faulty(synthetic, seed), people(holdout, 20_000 + seed), seed)
    found = ColumnShapes().measure(comparison, Context(streams=Streams(0)))
    sizes = Sizes(rows={part: comparison.rows(part) for part in comparison.parts}, rests_on=PARTS)
    return next(one for one in found if one.metric == "fidelity.column_shapes"), sizes


def test_the_excess_of_a_real_metric_is_decided_by_as_many_times_the_rows_as_are_named():
    """Mean distance of columns, 40 tables of 400, 300 and 200 rows with a fault: all three grow."""
    gate = Gate(gate="g", metric="fidelity.column_shapes", of="excess", at_most=0.04)
    decided = []
    for seed in range(40):
        first = gate.judge(*shapes(400, 300, 200, seed))
        if first.verdict == "UNDECIDED":
            sizes = [
                int(number.replace(",", ""))
                for number in re.findall(r"([\d,]+) (?:train|synthetic|holdout)", first.sentence)
            ]
            assert len(sizes) == 3, first.sentence
            decided.append(gate.judge(*shapes(*sizes, 1_000 + seed)).verdict != "UNDECIDED")
    assert len(decided) >= 15
    assert np.mean(decided) >= 0.8


ALONE = [
    name for name in registry.names("metric", default=True) if len(registry.find("metric", name).info.rests_on) == 1
]


@pytest.mark.parametrize("name", ALONE)
def test_intervals_that_rest_on_one_kind_of_rows_get_narrower_with_it(name):
    """Half as wide with four times as many, on average over three tables; a quarter less is asked."""
    metric, widths = registry.find("metric", name)(), []
    for times in (1, 4):
        sizes = {part: 250 * (times if part in metric.info.rests_on else 1) for part in PARTS}
        total = 0.0
        for seed in range(3):
            parts = [people(rows, 10 * seed + at).with_schema(ROLES) for at, rows in enumerate(sizes.values())]
            found = metric.measure(Comparison(*parts, seed), Context(streams=Streams(0)))
            one = next(one for one in found if one.metric == metric.info.measures[0])
            interval = one.excess if name in {"diversity.clipped_coverage", "privacy.near_copies"} else one.estimate
            total += interval.high - interval.low
        widths.append(total)
    assert widths[1] < 0.75 * widths[0]


def test_the_factor_by_hand():
    """Half-width 1.96 (spread 1), bound 2.8 above: the value that will be seen, N(0, 1 + 1/f), must be below
    2.8 - 1.96/sqrt(f). f = 1: P(N(0, 2) < .84) = .72; f = 1.345: P(N(0, 1.7435) < 1.110) = .7997, and .0003 fail.
    """
    limits = Limits(at_least=-np.inf, at_most=2.8, lowest=-np.inf, highest=2.8)
    assert factor_needed(Estimate(0.0, -1.96, 1.96), limits) == pytest.approx(1.345, abs=0.01)


def test_a_value_on_the_bound_needs_many_rows_and_one_between_two_ends_gets_no_promise():
    on = Limits(at_least=-np.inf, at_most=0.1, lowest=-np.inf, highest=0.1)
    assert factor_needed(Estimate(0.1, 0.05, 0.15), on) > 40
    gap = Limits(at_least=-np.inf, at_most=0.1, lowest=-np.inf, highest=0.5)
    assert factor_needed(Estimate(0.3, 0.25, 0.35), gap) is None
    gate = Gate(gate="g", metric="fidelity.validity", at_most=0.1, fails_above=0.5)
    found = Measurement(
        metric="fidelity.validity", estimate=Estimate(0.3, 0.25, 0.35), better="lower", n_real=10, n_synthetic=10
    )
    assert "No number of rows that one could bring would decide it" in gate.judge(found).sentence
    assert factor_needed(Estimate.exact(0.3), gap) is None


def told(sizes, *, of="excess", ours=0.02, theirs=0.02, metric="fidelity.column_shapes", sampled=False):
    """The sentence of an undecided gate whose estimate and ceiling have these half-widths."""
    one = Measurement(
        metric=metric,
        estimate=Estimate(0.05, 0.05 - ours, 0.05 + ours),
        holdout=Estimate(0.04, 0.04 - theirs, 0.04 + theirs),
        excess=Estimate(0.01, 0.01 - np.hypot(ours, theirs), 0.01 + np.hypot(ours, theirs)),
        better="lower",
        n_real=1_000,
        n_synthetic=1_000,
        sampled=sampled,
    )
    measured = type("Measured", (), {"measurements": (one,), "skipped": ()})()
    gates = GateSet(name="x", gates=(Gate(gate="g", metric=metric, of=of, at_most=0.03 if of == "excess" else 0.06),))
    return judge(measured, gates, declared=["holdout", "target"], sizes=sizes).gates[0].sentence


SIZES = {"train": 2_000, "synthetic": 1_000, "holdout": 500}


def test_the_kinds_of_rows_that_the_figure_rests_on_are_named():
    """All three for a distance of tables that is held against a ceiling, each as many times."""
    found = re.search(
        r"([\d.]+) times as many rows would decide it: ([\d,]+) train, ([\d,]+) synthetic and ([\d,]+) holdout",
        told(SIZES),
    )
    times, train, synthetic, holdout = (float(number.replace(",", "")) for number in found.groups())
    assert (train, synthetic, holdout) == pytest.approx((2_000 * times, 1_000 * times, 500 * times), rel=0.1)
    assert "rows of each kind would decide it" in told(None)


def test_a_score_is_as_sure_as_its_test_rows_are_many():
    sentence = told(SIZES, of="estimate", metric="utility.relative")
    assert "holdout rows would decide it (there are 500): it is the holdout that is short." in sentence
    assert "synthetic rows would decide it (there are 1,000)." in told(SIZES, of="estimate", metric="privacy.dcr_share")


def test_what_is_measured_without_a_holdout_needs_none():
    assert "holdout" not in told(SIZES, of="estimate", metric="fidelity.correlations.worst_loss")


def test_a_sample_of_the_rows_is_widened_by_exact():
    sentence = told({**SIZES, "synthetic": 90_000}, sampled=True)
    assert "It looked at 1,000 synthetic rows" in sentence
    assert "`--exact` takes all 90,000 there are" in sentence


def test_what_nobody_asked_for_is_told_without_advice_on_the_method():
    gates = GateSet(name="x", gates=(Gate(gate="g", metric="fidelity.validity", at_most=0, advice="Try harder."),))
    empty = type("Measured", (), {"measurements": (), "skipped": ()})()
    sentence = judge(empty, gates, declared=[]).gates[0].sentence
    assert sentence.endswith("is unknown: it was not measured. Ask for `fidelity.validity`, too.")


def test_exact_is_not_offered_where_all_synthetic_rows_were_looked_at():
    """Only train was sampled: as many rows as the holdout has."""
    assert "`--exact`" not in told({**SIZES, "synthetic": 1_000}, sampled=True)

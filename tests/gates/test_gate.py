"""Bounds on intervals: PASS, FAIL and UNDECIDED, and the sentences that say so."""

from dataclasses import replace

import pytest

from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.gates.asked import MIX_RATIO
from synthwright.gates.gate import Gate, GateSet
from synthwright.gates.judging import judge


def measured(value, low, high, *, metric="fidelity.validity", excess=None, n=1_000):
    return Measurement(
        metric=metric, estimate=Estimate(value, low, high), better="lower", n_real=n, n_synthetic=n, excess=excess
    )


class Evaluated:
    def __init__(self, *measurements, skipped=()):
        self.measurements, self.skipped = measurements, tuple(skipped)


AT_MOST = Gate(gate="g", metric="fidelity.validity", at_most=0.1, advice="Try another method.")
AT_LEAST = Gate(gate="g", metric="fidelity.validity", at_least=0.9, advice="Try another method.")


@pytest.mark.parametrize(
    ("gate", "interval", "verdict"),
    [
        (AT_MOST, (0.05, 0.01, 0.10), "PASS"),
        (AT_MOST, (0.05, 0.01, 0.11), "UNDECIDED"),
        (AT_MOST, (0.20, 0.10, 0.30), "UNDECIDED"),
        (AT_MOST, (0.20, 0.11, 0.30), "FAIL"),
        (AT_LEAST, (0.95, 0.90, 0.99), "PASS"),
        (AT_LEAST, (0.95, 0.89, 0.99), "UNDECIDED"),
        (AT_LEAST, (0.80, 0.70, 0.89), "FAIL"),
    ],
)
def test_the_pessimistic_end_passes_and_the_optimistic_end_fails(gate, interval, verdict):
    assert gate.judge(measured(*interval)).verdict == verdict


def test_a_gate_between_two_bounds_fails_on_either_side():
    between = Gate(gate="share", metric="fidelity.validity", at_least=0.4, at_most=0.6)
    assert [between.judge(measured(x, x - 0.01, x + 0.01)).verdict for x in (0.3, 0.5, 0.7)] == ["FAIL", "PASS", "FAIL"]


COPIES = Gate(gate="copies", metric="privacy.exact_copies", at_most=0.005, fails_above=0.001)


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [((0.0, -0.001, 0.004), "PASS"), ((0.0, -0.01, 0.01), "UNDECIDED"), ((0.003, 0.002, 0.004), "FAIL")],
)
def test_a_gate_can_fail_on_less_than_it_has_to_rule_out_to_pass(interval, verdict):
    assert COPIES.judge(measured(*interval)).verdict == verdict


def test_the_excess_is_judged_where_the_gate_says_so():
    gate = Gate(gate="g", metric="fidelity.validity", of="excess", at_most=0.1)
    assert gate.judge(measured(0.9, 0.9, 0.9, excess=Estimate(0.0, -0.1, 0.05))).verdict == "PASS"
    assert gate.judge(measured(0.0, 0.0, 0.0)).verdict == "UNDECIDED", "no holdout, no ceiling, no verdict"
    assert gate.judge(measured(0.0, 0.0, 0.0)).sentence.endswith("as the holdout."), "what to bring, not what to change"


def test_a_sentence_has_the_figures_and_ends_with_what_to_try():
    sentence = AT_MOST.judge(measured(0.2, 0.11, 0.3)).sentence
    assert "0.2 (95 % interval 0.11 to 0.3)" in sentence
    assert sentence.endswith("Try another method.")


def test_a_skipped_metric_makes_its_gate_undecided_with_the_reason():
    verdict = judge(
        Evaluated(skipped=[Skipped("fidelity.validity", "the table is empty")]),
        GateSet(name="x", gates=(AT_MOST,)),
        declared=[],
    )
    assert verdict.overall == "UNDECIDED"
    assert "the table is empty" in verdict.gates[0].sentence


@pytest.mark.parametrize(
    ("values", "overall", "withheld"),
    [((0.0, 0.0), "PASS", False), ((0.0, 0.5), "FAIL", True), ((0.5, 0.0), "FAIL", True)],
)
def test_one_failing_blocking_gate_fails_all(values, overall, withheld):
    gates = GateSet(name="x", gates=(AT_MOST, Gate(gate="h", metric="fidelity.quality", at_most=0.1)))
    results = [
        measured(v, v, v, metric=m) for v, m in zip(values, ("fidelity.validity", "fidelity.quality"), strict=True)
    ]
    verdict = judge(Evaluated(*results), gates, declared=[])
    assert (verdict.overall, verdict.withheld) == (overall, withheld)


def test_a_gate_that_does_not_block_can_fail_without_harm():
    soft = GateSet(name="x", gates=(Gate(gate="g", metric="fidelity.validity", at_most=0.1, blocking=False),))
    verdict = judge(Evaluated(measured(0.5, 0.5, 0.5)), soft, declared=[])
    assert (verdict.gates[0].verdict, verdict.overall, verdict.withheld) == ("FAIL", "PASS", False)


@pytest.mark.parametrize(
    ("strict", "epsilon", "withheld"), [(False, None, False), (True, None, True), (False, 1.0, True)]
)
def test_undecided_is_withheld_where_the_preset_or_a_privacy_budget_asks(strict, epsilon, withheld):
    gates = GateSet(name="x", gates=(AT_MOST,), withhold_undecided=strict)
    verdict = judge(Evaluated(measured(0.05, 0.0, 0.2)), gates, declared=[], epsilon=epsilon)
    assert (verdict.overall, verdict.withheld) == ("UNDECIDED", withheld)


def test_a_gate_about_what_a_table_lacks_is_not_planned_but_one_that_nobody_asked_for_is_in_doubt():
    gates = GateSet(name="x", gates=(replace(AT_MOST, where_measured=True),))
    told = judge(Evaluated(skipped=[Skipped("fidelity.validity", "nothing is missing")]), gates, declared=[])
    assert (told.overall, told.gates, told.not_measured) == ("PASS", (), ())
    assert judge(Evaluated(), gates, declared=[]).overall == "UNDECIDED"
    assert judge(Evaluated(measured(0.5, 0.4, 0.6)), gates, declared=[]).overall == "FAIL"


@pytest.mark.parametrize(("where_measured", "results"), [(True, 0), (False, 1)])
def test_a_gate_on_a_mix_that_nobody_asked_for_is_left_out_only_if_it_says_so(where_measured, results):
    gate = Gate(gate="mostly real", metric=MIX_RATIO, at_most=5, where_measured=where_measured)
    told = judge(Evaluated(), GateSet(name="x", gates=(gate,)), declared=[])
    assert len(told.gates) == results
    assert all((one.verdict, "no mix was asked for" in one.sentence) == ("UNDECIDED", True) for one in told.gates)


def test_a_gate_without_its_inputs_is_listed_as_not_measured():
    gates = GateSet(name="x", gates=(Gate(gate="useful", metric="utility.tstr", at_least=0.9),))
    verdict = judge(Evaluated(), gates, declared=[])
    assert verdict.not_measured == ("useful",)
    assert verdict.gates == ()


def test_a_sentence_names_the_worst_parts_of_what_did_not_pass():
    gate = Gate(gate="g", metric="fidelity.column_shapes", at_most=0.1, worst_parts=2, advice="Look at them.")
    parts = {name: Estimate.exact(0.5) for name in ("age", "y" * 200, "sex")}
    bad = replace(measured(0.2, 0.11, 0.3), parts=parts)
    assert f"Worst: 'age', '{'y' * 60}…'. Look at them." in gate.judge(bad).sentence
    assert "age" not in gate.judge(replace(measured(0.0, 0.0, 0.0), parts=parts)).sentence

"""Every privacy figure with a gate has a word: low, medium or high."""

import json

import pytest

from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.suite import Evaluation
from synthwright.gates.gate import Gate, GateSet
from synthwright.gates.judging import judge
from synthwright.gates.presets import load_gates, preset_names
from synthwright.gates.verdict import highest
from synthwright.pipeline.verdict_file import read_verdict, verdict_json, write_verdict
from synthwright.provenance.data_card import data_card
from synthwright.provenance.facts import RunFacts
from synthwright.report.page import page

AREA, RATE = "privacy.membership", "privacy.membership.tpr"


def area(low, value, high, metric=AREA):
    return Measurement(
        metric=metric, estimate=Estimate(value, low, high), better="target", target=0.5, n_real=9, n_synthetic=9
    )


def gate(metric=AREA, name="mine"):
    return Gate(gate=name, metric=metric, at_most=0.55, blocking=False)


@pytest.mark.parametrize(
    ("ends", "word"), [((0.5, 0.51, 0.52), "low"), ((0.5, 0.54, 0.58), "medium"), ((0.6, 0.7, 0.8), "high")]
)
def test_the_word_follows_the_gate(ends, word):
    assert gate().judge(area(*ends)).risk == word


def test_other_figures_have_no_word():
    assert gate("fidelity.c2st").judge(area(0.6, 0.7, 0.8, "fidelity.c2st")).risk is None


def test_a_figure_that_was_skipped_is_a_medium_risk():
    verdict = judge(
        Evaluation((), (Skipped(AREA, "confounded"),)), GateSet(name="g", gates=(gate(),)), declared=["holdout"]
    )
    assert verdict.risks == {AREA: "medium"}
    assert "confounded" in verdict.gates[0].sentence


def test_of_several_gates_the_worst_word_counts():
    gates = GateSet(name="g", gates=(gate(), Gate(gate="stricter", metric=AREA, at_most=0.5)))
    verdict = judge(Evaluation((area(0.51, 0.52, 0.53),)), gates, declared=["holdout"])
    assert verdict.risks == {AREA: "high"}
    assert highest([None]) == "low"


def test_the_word_is_added_to_the_verdict_file_and_files_without_it_are_read(tmp_path):
    verdict = judge(Evaluation((area(0.6, 0.7, 0.8),)), GateSet(name="g", gates=(gate(),)), declared=["holdout"])
    value = verdict_json(verdict)
    assert value["gates"][0]["risk"] == "high"
    write_verdict(tmp_path / "verdict.json", verdict)
    assert read_verdict(tmp_path / "verdict.json") == verdict
    del value["gates"][0]["risk"]
    (tmp_path / "old.json").write_text(json.dumps(value), encoding="utf-8")
    assert read_verdict(tmp_path / "old.json") == verdict


def told():
    """The facts of an evaluation with one judged privacy figure and a textbook one."""
    measured = Evaluation((area(0.6, 0.7, 0.8), area(0.02, 0.05, 0.06, "privacy.textbook.below_own_5")))
    verdict = judge(measured, GateSet(name="g", gates=(gate(),)), declared=["holdout"])
    return RunFacts.of("x", measurements=measured.to_json_value(), verdict=verdict_json(verdict))


def test_the_data_card_and_the_report_say_the_word():
    assert told().risks == {AREA: "high"}
    assert "Membership AUC high" in data_card(told())
    assert "high risk" in page(told())


def test_the_report_shows_textbook_figures_apart_with_why_they_mislead():
    html = page(told())
    assert html.count("by construction") == 1
    assert "Share below the own 5th percentile" in html.partition("why they mislead")[2]


def test_presets_hold_membership_and_only_privacy_first_blocks_by_it():
    for name in preset_names():
        held = {one.metric: one for one in load_gates(name).gates if one.metric.startswith(AREA)}
        assert (held[AREA].at_most, held[RATE].at_most) == (0.55, 0.03)
        assert held[AREA].blocking == held[RATE].blocking == (name == "privacy-first")
        assert not any(one.metric.startswith("privacy.textbook") for one in load_gates(name).gates)

import json
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest
from planted_tables import CONTEXT, PEOPLE, people

from synthwright import registry
from synthwright.canonical import to_json
from synthwright.data.table import Table
from synthwright.errors import UnknownName
from synthwright.evaluation.alignment import align
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.fidelity.column_shapes import ColumnShapes
from synthwright.evaluation.fidelity.quality import Quality
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.evaluation.suite import Evaluation, default_metrics, evaluate

COMPARISON = Comparison(people(400, 0), people(300, 1), people(200, 2))


@dataclass(frozen=True, kw_only=True)
class Forgetful:
    info: ClassVar = MetricInfo(question="?", source="?", measures=("a.told", "a.forgotten"))

    def measure(self, comparison, context):
        return [Skipped("a.told", "there is nothing to see")]


@dataclass(frozen=True, kw_only=True)
class Needy:
    info: ClassVar = MetricInfo(question="?", source="?", measures=("a.one", "a.two"), needs=frozenset({"target"}))

    def measure(self, comparison, context):
        return [Skipped(name, "ran") for name in self.info.measures]


def test_no_metric_disappears():
    """Measured, skipped with a reason, or listed as not measured: a metric that forgets a measure is told on."""
    found = evaluate(COMPARISON, CONTEXT, [Forgetful(), Needy(), Quality()])
    assert {skip.metric for skip in found.skipped} == {"a.told", "a.forgotten"}
    assert found.not_measured == ("a.one", "a.two")
    assert "fidelity.quality" in found


def test_needs_are_met_by_roles_and_holdout():
    with_target = Table(PEOPLE.with_target("grade"), COMPARISON.train.data)
    ran = evaluate(Comparison(with_target, COMPARISON.synthetic), CONTEXT, [Needy()])
    assert [skip.reason for skip in ran.skipped] == ["ran", "ran"]
    holdout = replace(Needy.info, needs=frozenset({"holdout"}))

    class Ceiling(Needy):
        info = holdout

    assert evaluate(COMPARISON, CONTEXT, [Ceiling()]).not_measured == ()
    assert evaluate(Comparison(COMPARISON.train, COMPARISON.synthetic), CONTEXT, [Ceiling()]).not_measured


def test_a_measurement_is_found_by_name_and_others_say_why_not():
    found = evaluate(COMPARISON, CONTEXT, [Forgetful(), Needy(), Quality()])
    assert found["fidelity.quality"].metric == "fidelity.quality"
    with pytest.raises(UnknownName, match="nothing to see"):
        found["a.told"]
    with pytest.raises(UnknownName, match="not measured"):
        found["a.one"]
    with pytest.raises(UnknownName, match=r"Did you mean 'fidelity\.quality'"):
        found["fidelity.qualty"]


def test_measurements_have_the_published_json_form():
    one = Measurement(
        metric="a.b",
        estimate=Estimate(0.5, 0.25, 0.75),
        better="lower",
        n_real=4,
        n_synthetic=2,
        holdout=Estimate.exact(0.5),
        parts={"ä, ü": Estimate.exact(1.0)},
    )
    value = Evaluation((one,), (Skipped("a.c", "why"),), ("a.d",)).to_json_value()
    assert json.loads(to_json(value)) == {
        "measurements": [
            {
                "metric": "a.b",
                "value": 0.5,
                "low": 0.25,
                "high": 0.75,
                "confidence": 0.95,
                "better": "lower",
                "target": None,
                "holdout": {"value": 0.5, "low": 0.5, "high": 0.5},
                "baseline": None,
                "excess": None,
                "n_real": 4,
                "n_synthetic": 2,
                "sampled": False,
                "detectable": None,
                "parts": {"ä, ü": {"value": 1.0, "low": 1.0, "high": 1.0}},
            }
        ],
        "skipped": [{"metric": "a.c", "reason": "why"}],
        "not_measured": ["a.d"],
        "notes": [],
    }


def test_a_frame_has_one_row_per_metric():
    frame = evaluate(COMPARISON, CONTEXT, [Forgetful(), Needy(), ColumnShapes()]).to_pandas()
    assert set(frame.index) == {
        "fidelity.column_shapes",
        "fidelity.column_shapes.worst",
        "a.told",
        "a.forgotten",
        "a.one",
        "a.two",
    }
    assert frame.loc["a.told", "reason"] == "there is nothing to see"
    assert frame.loc["fidelity.column_shapes", "value"] > 0


def test_the_same_tables_give_the_same_bytes():
    counting = [metric for metric in default_metrics() if metric.info.cost == 0]
    first, again = (
        to_json(evaluate(align(people(300, 0), people(300, 1), people(100, 2)), CONTEXT, counting).to_json_value())
        for _ in range(2)
    )
    assert first == again


def test_default_metrics_are_all_registered_default_ones():
    assert {type(metric) for metric in default_metrics()} == {
        registry.find("metric", name) for name in registry.names("metric") if registry.find("metric", name).info.default
    }


def test_every_fidelity_measure_is_named_after_its_file():
    """So that a gate, a report and the registry speak of the same thing."""
    for name in registry.names("metric", area="fidelity"):
        measures = registry.find("metric", name).info.measures
        assert all(measure == name or measure.startswith(f"{name}.") for measure in measures)


def test_progress_is_told_once_per_metric():
    events = []
    evaluate(COMPARISON, replace(CONTEXT, progress=events.append), [Forgetful(), Quality()])
    assert [(event.done, event.total) for event in events] == [(0, 2), (1, 2), (2, 2)]

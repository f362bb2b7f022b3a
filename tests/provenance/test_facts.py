"""Facts of a run: read with care from files that anyone may have written."""

from __future__ import annotations

import pytest

from synthwright.canonical import to_json
from synthwright.errors import BadInput
from synthwright.evaluation.measurement import Estimate, Measurement
from synthwright.files import writing_folder
from synthwright.provenance import RunFacts
from synthwright.provenance.measured import measurement_from_json
from synthwright.provenance.text import clean_text


def written(measurement: Measurement) -> dict:
    """The form of measurements.json: the estimate's fields stand beside the name."""
    names = ("metric", "better", "target", "confidence", "n_real", "n_synthetic", "sampled", "detectable")
    return {
        **{name: getattr(measurement, name) for name in names},
        **{name: getattr(measurement.estimate, name) for name in ("value", "low", "high")},
        **{
            name: None
            if (part := getattr(measurement, name)) is None
            else {"value": part.value, "low": part.low, "high": part.high}
            for name in ("holdout", "baseline", "excess")
        },
        "parts": {
            name: {"value": part.value, "low": part.low, "high": part.high} for name, part in measurement.parts.items()
        },
    }


def test_a_measurement_comes_back_as_it_was_written():
    measurement = Measurement(
        metric="fidelity.c2st", estimate=Estimate(0.5, 0.4, 0.6), better="target", target=0.5, confidence=0.9,
        n_real=10, n_synthetic=20, sampled=True, detectable=0.1, holdout=Estimate.exact(0.5),
        excess=Estimate(0, -0.1, 0.1), parts={"age": Estimate(0.1, 0.0, 0.2)},
    )  # fmt: skip
    assert measurement_from_json(written(measurement)) == measurement


def test_name_and_value_are_enough():
    measurement = measurement_from_json({"metric": "a", "value": 2})
    assert measurement.estimate == Estimate(2.0, 2.0, 2.0)


@pytest.mark.parametrize("value", [None, "much", float("nan"), float("inf"), [1]])
def test_a_value_that_is_no_number_is_bad_input(value):
    with pytest.raises(BadInput, match=r"can't be read"):
        measurement_from_json({"metric": "a", "value": value})


def test_marks_that_mislead_the_eye_or_break_xml_are_replaced():
    assert clean_text("a\x00b\u202ec\ud800d\ne\tf\u00e9") == "a\ufffdb\ufffdc\ufffdd\ne\tf\u00e9"


def test_gates_that_decide_come_first():
    gates = [
        {"gate": name, "verdict": verdict, "blocking": blocking, "sentence": name}
        for name, verdict, blocking in (
            ("a", "PASS", True),
            ("b", "FAIL", False),
            ("c", "UNDECIDED", True),
            ("d", "FAIL", True),
        )
    ]
    facts = RunFacts.of(verdict={"overall": "FAIL", "gates": gates})
    assert [gate["gate"] for gate in facts.gates] == ["d", "b", "c", "a"]
    assert facts.reasons == ("d", "c")
    assert facts.withheld


def test_what_was_not_measured_is_named_once_whichever_file_says_so():
    facts = RunFacts.of(
        measurements={"not_measured": [{"metric": "utility.tstr", "reason": "no target"}, "x"]},
        verdict={"not_measured": ["x", "privacy"]},
    )
    assert [entry.metric for entry in facts.not_measured] == ["utility.tstr", "x", "privacy"]
    assert facts.not_measured[0].reason == "no target"


def test_sizes_come_from_whatever_file_has_them():
    entry = {"metric": "a", "value": 1, "n_real": 30, "n_synthetic": 40}
    inputs = [{"name": "holdout", "rows": 10}, {"name": "people.csv", "rows": 99}]
    facts = RunFacts.of(measurements={"measurements": [entry]}, record={"inputs": inputs})
    assert facts.sizes == {"holdout": 10, "train": 30, "synthetic": 40}


def test_a_folder_that_is_being_written_has_the_name_it_will_have(tmp_path):
    with writing_folder(tmp_path / "adult") as place:
        (place / "measurements.json").write_text("{}")
        assert RunFacts.load(place).name == "adult"
    assert RunFacts.load(tmp_path / "adult").name == "adult"


@pytest.mark.parametrize("content", ["[]", '"text"', "7", "null", '{"measurements": 3, "skipped": {}}'])
def test_files_of_another_shape_hold_no_facts(tmp_path, content):
    for name in ("measurements", "verdict", "record", "analysis"):
        (tmp_path / f"{name}.json").write_text(content)
    facts = RunFacts.load(tmp_path)
    assert facts.measurements == ()
    assert facts.overall is None


def test_a_folder_is_read_whole(tmp_path):
    (tmp_path / "measurements.json").write_text(to_json({"measurements": [{"metric": "a", "value": 1}]}))
    (tmp_path / "recipe.yaml").write_text("purpose: test\n")
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "views.json").write_text('{"sizes": {"train": 5}}')
    facts = RunFacts.load(tmp_path)
    assert facts.name == tmp_path.name
    assert facts.recipe == {"purpose": "test"}
    assert facts.sizes["train"] == 5
    assert facts.get("a") is not None
    assert facts.get("b") is None

"""A run on rows that a model made says so: in its record, on its card, in its files and by a gate that warns."""

import json

import pytest

from synthwright import files
from synthwright.data.lineage import Lineage, lineage_of
from synthwright.data.reading import read_table
from synthwright.errors import BadInput
from synthwright.generators.model import Model
from synthwright.pipeline.folder import RunFolder

GATES = """\
gates:
  - gate: learnt from real rows
    metric: lineage.depth
    of: value
    at_most: 1
    blocking: false
    advice: Fit on real rows.
"""
SAID = {"metrics": ["lineage.depth"]}


@pytest.fixture
def gates(tmp_path):
    files.write_text(tmp_path / "warn.yaml", GATES)
    return str(tmp_path / "warn.yaml")


def told(result):
    folder = RunFolder(result.folder)
    return json.loads(folder.record.read_text())["lineage"], folder.card.read_text()


def test_rows_of_rows_have_depth_two_everywhere_and_are_warned_of(quick_run, gates):
    first = quick_run("first", gates=gates, **SAID)
    lineage, card = told(first)
    assert lineage == {"depth": 1, "learnt_from": {"depth": 0, "share": 0.0}}
    assert "depth 1; synthetic share: 100 % of these rows, 0 % of those they were learnt from" in card
    assert [gate.verdict for gate in first.verdict.gates] == ["PASS"]

    for name, data in (("file", str(RunFolder(first.folder).synthetic)), ("memory", None)):
        second = quick_run(
            name, gates=gates, **SAID, **({"data": data} if data else {"tables": {"data": first.release}})
        )
        lineage, card = told(second)
        assert lineage == {"depth": 2, "learnt_from": {"depth": 1, "share": 1.0}}
        assert "depth 2; synthetic share: 100 % of these rows, 100 % of those they were learnt from" in card
        assert "1 advisory gate failed" in card
        assert "no more real than what was learnt from" in json.dumps(second.facts.record["notes"])
        assert second.verdict.overall == "PASS"
        assert [gate.verdict for gate in second.verdict.gates] == ["FAIL"]
        assert lineage_of(read_table(RunFolder(second.folder).synthetic)) == Lineage(2, 1.0)
        assert lineage_of(second.release).depth == 2
        assert Model.load(RunFolder(second.folder).model).depth == 2


def test_what_is_learnt_from_a_mix_says_how_much_of_it_was_synthetic(quick_run, gates):
    first = quick_run("first", gates=gates, **SAID)
    second = quick_run("second", data=str(RunFolder(first.folder).mixed), gates=gates, **SAID)
    lineage, card = told(second)
    assert lineage == {"depth": 2, "learnt_from": {"depth": 1, "share": 0.5}}
    assert "depth 2; synthetic share: 100 % of these rows, 50 % of those they were learnt from" in card


def test_synthetic_rows_are_no_holdout(quick_run, gates):
    first = quick_run("first", gates=gates, **SAID)
    with pytest.raises(BadInput, match="The holdout holds synthetic rows"):
        quick_run("second", holdout=str(RunFolder(first.folder).synthetic), gates=gates, **SAID)

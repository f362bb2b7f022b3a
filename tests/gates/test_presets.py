"""Gate sets from the package and from files, and what is said of a file that is none."""

import pytest

from synthwright.errors import BadInput, UnknownName
from synthwright.gates.asked import UNASKED
from synthwright.gates.judging import needs_of_measures
from synthwright.gates.presets import load_gates, preset_names

GOOD = """\
name: mine
withhold_undecided: true
gates:
  - gate: alike
    metric: fidelity.column_shapes
    of: excess
    at_most: 0.05
    fails_above: 0.02
    blocking: false
    worst_parts: 3
"""


def written(folder, text):
    place = folder / "gates.yaml"
    place.write_text(text, encoding="utf-8")
    return place


def test_there_are_three_presets():
    assert preset_names() == ["default", "privacy-first", "utility-first"]


@pytest.mark.parametrize("name", ["default", "privacy-first", "utility-first"])
def test_a_preset_holds_measures_that_exist_and_says_what_to_try(name):
    gates = load_gates(name)
    assert gates.name == name
    assert gates.withhold_undecided == (name == "privacy-first")
    for gate in gates.gates:
        assert gate.metric in needs_of_measures() or (gate.metric in UNASKED and gate.where_measured)
        assert gate.advice.endswith(".")
        assert gate.subject


def test_no_preset_lets_more_copies_pass_than_one_in_a_hundred():
    for name in preset_names():
        bounds = {gate.metric: gate for gate in load_gates(name).gates}
        for metric in ("privacy.exact_copies", "privacy.near_copies", "contamination.overlap"):
            assert bounds[metric].blocking
            assert bounds[metric].at_most <= 0.01
            assert bounds[metric].fails_above == (0 if metric == "privacy.exact_copies" else 0.001)


def test_a_file_is_read_as_it_stands(tmp_path):
    (gate,) = load_gates(written(tmp_path, GOOD)).gates
    assert (gate.gate, gate.of, gate.at_most, gate.fails_above) == ("alike", "excess", 0.05, 0.02)
    assert (gate.blocking, gate.worst_parts) == (False, 3)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("at_most: 0.05", "at_moost: 0.05", "line 7"),
        ("of: excess", "of: exces", "'excess'"),
        ("metric: fidelity.column_shapes", "metric: fidelity.colum_shapes", "fidelity.column_shapes"),
        ("at_most: 0.05", "at_most: much", "at_most can't be 'much'"),
        ("at_most: 0.05", "at_most: true", "at_most can't be 'True'"),
        ("at_most: 0.05", "at_most: .inf", "finite"),
        ("blocking: false", "blocking: 0", "blocking can't be '0'"),
        ("    at_most: 0.05\n", "", "at_most or at_least"),
        ("  - gate: alike\n    metric", "  - metric", "no gate"),
        ("withhold_undecided: true", "withhold_undecided: maybe", "true or false"),
        ("name: mine", "nome: mine", "'name'"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_place(tmp_path, old, new, told):
    with pytest.raises(BadInput) as caught:
        load_gates(written(tmp_path, GOOD.replace(old, new)))
    assert told in str(caught.value)


@pytest.mark.parametrize("text", ["", "gates: []", "gates: yes", "- gate: a", "gates: [1]"])
def test_what_is_no_gate_set_is_refused(tmp_path, text):
    with pytest.raises(BadInput):
        load_gates(written(tmp_path, text))


def test_two_gates_of_one_name_are_refused(tmp_path):
    entry = GOOD.partition("gates:\n")[2]
    with pytest.raises(BadInput, match="two gates called 'alike'"):
        load_gates(written(tmp_path, GOOD + entry))


def test_an_unknown_preset_is_told_the_nearest_one():
    with pytest.raises(UnknownName, match="privacy-first"):
        load_gates("privacy-frist")

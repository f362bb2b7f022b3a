"""The rule for other evaluators, by pencil, and the page that is made of its results."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from catalogue import ORACLES
from page import page
from ruling import Rule, ruling

ROOT = Path(__file__).parents[2]
COPIES = next(one for one in ORACLES if one.key == "03 1 % copies")
NONE = next(one for one in ORACLES if one.key == "15 train twice the holdout")
ODD = next(one for one in ORACLES if one.key == "17 odd columns")


def answer(value, *, area="copies", fault=None, lost=None):
    figures = {} if value is None else {"figure": {"area": area, "value": value, "raw": None, "fault": fault}}
    return {"figures": figures, "lost": lost or {}}


FRESH = [answer(0.99), answer(1.0), answer(0.98)]  # the range is .02: below .98 - .04 a figure says something


@pytest.mark.parametrize(("value", "finds"), [(0.93, True), (0.95, False), (1.0, False)])
def test_a_figure_finds_a_fault_below_the_worst_fresh_table_by_twice_their_range(value, finds):
    assert ruling(COPIES, answer(value), FRESH, FRESH).outcome == ("right" if finds else "wrong")
    assert ruling(NONE, answer(value), FRESH, FRESH).outcome == ("wrong" if finds else "right")


def test_a_figure_without_scatter_has_to_move_by_two_thousandths_of_its_scale():
    same = [answer(1.0)] * 3
    assert ruling(COPIES, answer(0.9985), same, same).outcome == "wrong"
    assert ruling(COPIES, answer(0.997), same, same).outcome == "right"


def test_what_the_tool_says_itself_goes_before_the_rule():
    assert ruling(COPIES, answer(1.0, fault=True), FRESH, FRESH).outcome == "right"
    assert ruling(COPIES, answer(0.1, fault=False), FRESH, FRESH).outcome == "wrong"


def test_figures_of_another_kind_do_not_count():
    assert ruling(COPIES, answer(0.1, area="columns"), FRESH, FRESH).outcome == "no statement"
    assert ruling(COPIES, answer(None, lost={"all": "ValueError: no"}), FRESH, FRESH).because == "ValueError: no"


def test_without_a_table_like_it_the_worst_quarter_of_the_scale_is_a_fault():
    alone = replace(NONE, reference=None)
    assert ruling(alone, answer(0.24), [], FRESH).outcome == "wrong"
    assert ruling(alone, answer(0.26), [], FRESH).outcome == "right"


def test_odd_tables_are_borne_refused_aloud_or_lost_without_a_word():
    assert ruling(ODD, answer(0.1), [], []).outcome == "right"
    assert ruling(ODD, answer(0.1, lost={"a": "ValueError: no rows"}), [], []).outcome == "no statement"
    assert ruling(ODD, answer(0.1, lost={"a": "the tool gives nan"}), [], []).outcome == "wrong"


def test_other_numbers_in_the_rule_give_other_words():
    assert ruling(COPIES, answer(0.95), FRESH, FRESH, Rule(ranges=1.0)).outcome == "right"
    assert ruling(COPIES, answer(0.93), FRESH, FRESH, Rule(ranges=3.0)).outcome == "wrong"


def test_the_page_is_made_of_the_results():
    results = json.loads((ROOT / "benchmarks" / "results" / "oracles.json").read_text(encoding="utf-8"))
    assert (ROOT / "docs" / "oracles.md").read_text(encoding="utf-8") == page(results)
    assert {(row["number"], row["name"]) for row in results["oracles"]} == {(one.number, one.name) for one in ORACLES}

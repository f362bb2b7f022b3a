"""The data card: verdict first, figures with intervals, nothing that breaks out of Markdown."""

from __future__ import annotations

import re

import pytest
import yaml

from synthwright.provenance import RunFacts, data_card

SENTENCE = "Pair trends is 0.1, which breaks the bound. Try more rows."


def facts(overall="PASS", **more) -> RunFacts:
    gate = {
        "gate": "pairs",
        "metric": "fidelity.pair_trends",
        "verdict": overall,
        "blocking": True,
        "sentence": SENTENCE,
    }
    measured = {
        "metric": "fidelity.c2st", "value": 0.52, "low": 0.51, "high": 0.53, "better": "target", "target": 0.5,
        "holdout": {"value": 0.5, "low": 0.49, "high": 0.51}, "n_real": 24_000, "n_synthetic": 32_561,
    }  # fmt: skip
    utility = {"metric": "utility.tstr", "value": 0.92, "better": "higher", "n_real": 24_000, "n_synthetic": 32_561}
    dcr = {"metric": "privacy.dcr_share", "value": 0.51, "better": "target", "target": 0.5}
    files = {
        "measurements": {
            "measurements": [measured, utility, dcr],
            "skipped": [{"metric": "diversity.density", "reason": "too few rows"}],
        },
        "verdict": {"overall": overall, "gates": [gate], "preset": "default"},
        "record": {
            "method": "tabular.honest_trees", "seed": 7, "command": "synthwright run adult.csv --seed 7",
            "inputs": [{"name": "train", "rows": 24_000, "digest": "ab" * 32}, {"name": "holdout", "rows": 8_000}],
            "digests": {"synthetic.parquet": "cd" * 32}, "left_out": {"notes": "free text"},
        },
        "recipe": {"data": "/home/ann/adult.csv", "license": "cc-by-4.0"},
        "analysis": {"target": "income", "kinds": {"income": "categorical", "age": "integer"}},
    }  # fmt: skip
    return RunFacts.of("adult", **{**files, **more})


def front(card: str) -> dict:
    return yaml.safe_load(card.removeprefix("---\n").partition("\n---\n")[0])


def body(card: str) -> str:
    return card.partition("\n---\n")[2].strip()


@pytest.mark.parametrize("overall", ["PASS", "FAIL", "UNDECIDED"])
def test_the_first_line_is_the_verdict(overall):
    assert body(data_card(facts(overall))).startswith(f"**{overall}.** ")


def test_doubt_stands_in_the_first_line_and_its_reason_below():
    lines = body(data_card(facts("UNDECIDED"))).splitlines()
    assert lines[0].endswith("1 could not be decided. The synthetic rows were released, with this doubt.")
    assert lines[2] == f"- {SENTENCE}"


def test_front_matter_is_what_hugging_face_reads():
    assert front(data_card(facts())) == {
        "pretty_name": "adult",
        "license": "cc-by-4.0",
        "annotations_creators": ["machine-generated"],
        "tags": ["synthetic", "tabular", "synthwright"],
        "size_categories": ["10K<n<100K"],
        "source_datasets": ["extended|adult.csv"],
        "task_categories": ["tabular-classification"],
        "configs": [{"config_name": "default", "data_files": "synthetic.parquet"}],
    }


def test_withheld_rows_are_not_offered_for_loading():
    assert "configs" not in front(data_card(facts("FAIL")))


def test_a_figure_has_its_interval_and_what_unseen_real_rows_score():
    card = data_card(facts())
    assert "| C2ST AUC | 0.5200 | 0.5100 to 0.5300 | 0.5000 | \u2013 | best at 0.5000 |" in card
    assert "| figure | value | interval | unseen real rows (ceiling) | no skill (floor) | better |" in card


def test_the_card_tells_how_to_make_the_rows_again():
    card = data_card(facts())
    assert "```\nsynthwright run adult.csv --seed 7\n```" in card
    assert "ab" * 32 in card
    assert "cd" * 32 in card


def test_gaps_are_told():
    card = data_card(facts())
    assert "- Skipped: `diversity.density`: too few rows" in card
    assert "- Left out: `notes`: free text" in card
    assert "similarity, not privacy" in card


def test_what_was_not_measured_is_told_once_with_the_inputs_it_lacked():
    """C2ST and utility were measured here, so a holdout and a target are there: neither is what was lacking."""
    measured = [{"metric": name, "value": 0.5, "better": "higher"} for name in ("fidelity.c2st", "utility.tstr")]
    gaps = {"measurements": measured, "not_measured": ["bias.outcomes", "bias.representation"]}
    told = data_card(facts(measurements=gaps, verdict={"overall": "PASS", "not_measured": ["no skew"]}))
    sentence = "Not measured: 2 figures need sensitive columns (`--sensitive`)"
    assert f"- {sentence}.\n" in told
    assert f"- {sentence}: `bias.outcomes`, `bias.representation`, `no skew`." in told


def test_purpose_and_reason_are_called_so():
    told = data_card(facts(recipe={"purpose": "teaching", "because": "real rows are secret"}))
    assert "\n\nPurpose: teaching\n\nBecause: real rows are secret\n" in told


def test_an_input_of_unknown_length_has_no_number_of_rows():
    record = {**facts().record, "inputs": [{"name": "data", "digest": "ef" * 32}]}
    assert f"| data | `{'ef' * 32}` |" in data_card(facts(record=record))


def test_no_banned_word_and_no_folder_of_the_machine_is_in_the_card():
    card = data_card(facts("FAIL"))
    assert not re.search(r"anonym|complian|zero risk|/home", card, re.IGNORECASE)


def test_hostile_names_stay_in_their_place():
    bad = "a`b|c\n# Title <script>\u202e---\n" + "x" * 100_000
    card = data_card(
        RunFacts.of(
            bad,
            measurements={
                "measurements": [{"metric": f"fidelity.{bad}", "value": 1}],
                "skipped": [{"metric": bad, "reason": bad}],
            },
            record={"method": bad, "seed": bad, "command": bad, "digests": {bad: bad}, "left_out": {bad: bad}},
            analysis={"target": bad, "kinds": {bad: "integer"}},
            recipe={"data": bad, "purpose": bad, "license": "mit\n---"},
        )
    )
    assert front(card)["license"] == "mit ---"
    assert "\n# Title" not in card
    assert "<script>" not in re.sub(r"```.*?```", "", body(card), flags=re.DOTALL)
    assert "\u202e" not in card
    assert len(card) < 10_000
    rows = [line for line in card.splitlines() if line.startswith("|")]
    assert all(len(re.findall(r"(?<!\\)\|", line)) in {3, 7} for line in rows)


def test_a_card_is_written_from_almost_nothing():
    card = data_card(RunFacts.of(measurements={"measurements": []}))
    assert body(card).startswith("**NOT JUDGED.** No gates were applied")
    assert "Nothing was measured." in card

"""Rounds of training on synthetic rows: what resamples itself loses variety, what keeps the real rows does not."""

import json

import numpy as np
import pandas as pd
import pytest
from truth import Truth, people

import synthwright as sw
from synthwright.cli.main import main
from synthwright.data.lineage import unmarked
from synthwright.errors import BadInput, SynthwrightError, UsageError
from synthwright.evaluation.alignment import align
from synthwright.evaluation.measurement import Estimate
from synthwright.evaluation.variety import variety_of
from synthwright.pipeline import memory as remembering

REAL, HOLDOUT = people(400, 1), people(400, 2)
BOOTSTRAP = "tabular.random_oversample"


def watched(data=REAL, **options):
    return sw.collapse_watch(
        data, **{"target": "won", "holdout": HOLDOUT, "method": BOOTSTRAP, "rounds": 4, "seeds": 2, **options}
    )


@pytest.fixture(scope="module")
def bootstrapped(tmp_path_factory):
    return watched(rounds=6, seeds=3, out=tmp_path_factory.mktemp("collapse") / "out")


def test_resampling_its_own_rows_loses_variety_and_keeping_the_real_ones_loses_far_less(bootstrapped):
    falls = {mode: {f.figure: f for f in bootstrapped.falls if f.mode == mode} for mode in bootstrapped.modes}
    lost, kept = falls["replace"], falls["accumulate"]
    assert lost["distinct"].lost
    assert lost["distinct"].first.value == pytest.approx(1 - np.exp(-1), abs=0.04)  # of a bootstrap sample
    assert lost["distinct"].last.value < 0.35
    assert lost["coverage"].change.high < 0
    assert bootstrapped.collapses("replace")
    for figure in ("distinct", "coverage"):
        assert abs(kept[figure].change.value) < abs(lost[figure].change.value) / 3
    start = "After 6 rounds, each learning from the rows of the one before alone, tabular.random_oversample has lost "
    assert bootstrapped.sentence.startswith(start)
    assert "After 6 rounds, with the real rows and all earlier rounds kept, tabular.random" in bootstrapped.sentence


def test_every_figure_of_every_round_is_told_beside_that_of_real_rows(bootstrapped):
    assert set(bootstrapped.real) == {"coverage", "distinct", "modes", "tails", "tstr"}
    told = {(one.mode, one.round, one.figure) for one in bootstrapped.points}
    assert len(told) == len(bootstrapped.points) == 2 * 6 * 5 == len(bootstrapped.to_pandas())
    assert bootstrapped.score == "auc"
    first = {one.figure: one for one in bootstrapped.points if one.round == 1 and one.mode == "replace"}
    again = {one.figure: one for one in bootstrapped.points if one.round == 1 and one.mode == "accumulate"}
    assert {name: one.estimate for name, one in first.items()} == {name: one.estimate for name, one in again.items()}
    assert all(one.change == Estimate.exact(0.0) for one in first.values())


@pytest.mark.parametrize("seed", [3, 30])
def test_a_method_that_draws_from_the_truth_is_not_said_to_collapse(seed):
    """5 % of such watches would say so; neither of these was chosen."""
    found = watched(people(400, seed), method=Truth(), seeds=3)
    assert not found.collapses("replace")
    assert not found.collapses("accumulate")
    assert "is not shown to have lost anything; most of all" in found.sentence


def test_what_speaks_of_no_cell_below_five_rows_loses_the_tails_round_by_round():
    found = watched(people(400, 5), method="tabular.independent", target=None, seeds=3, rounds=5, modes=("replace",))
    tails = next(fall for fall in found.falls if fall.figure == "tails")
    assert tails.lost
    assert tails.last.value < 0.75 < tails.first.value


def test_without_a_target_all_but_the_score_is_watched():
    found = watched(target=None, modes=("replace",), seeds=1, rounds=2)
    assert {one.figure for one in found.points} == {"coverage", "distinct", "modes", "tails"}
    assert found.score == ""
    assert found.modes == ("replace",)


def test_numbers_do_not_depend_on_workers_nor_on_further_rounds():
    one = watched(rounds=2, seeds=1)
    assert watched(rounds=2, seeds=1, workers=2).to_json_value() == one.to_json_value()
    longer = watched(rounds=3, seeds=1)
    assert [point for point in longer.points if point.round < 3] == list(one.points)


def test_a_round_that_nothing_can_be_learnt_from_ends_the_chain_with_a_word(monkeypatch):
    fits = []

    def fit(table, *rest):
        fits.append(len(table))
        if len(fits) == 3:
            raise BadInput("No column is left to learn from.")
        return kept(table, *rest)

    kept = remembering.fit_model
    monkeypatch.setattr(remembering, "fit_model", fit)
    found = watched(modes=("replace",), seeds=1, rounds=5)
    assert max(one.round for one in found.points) == 2
    assert found.ended == {"replace": "round 3 could not be learnt: No column is left to learn from."}
    assert found.collapses("replace")
    assert "It went no further: round 3 could not be learnt" in found.sentence
    assert fits == [400, 400, 400]


def test_rounds_learn_from_the_last_one_or_from_all(monkeypatch):
    seen = []
    kept = remembering.fit_model
    monkeypatch.setattr(remembering, "fit_model", lambda table, *rest: (seen.append(table), kept(table, *rest))[1])
    watched(modes=("accumulate",), seeds=1, rounds=3)
    assert [len(table) for table in seen] == [400, 800, 1200]
    assert all(table.data.slice(0, 400).equals(seen[0].data) for table in seen)


def test_labels_that_a_round_no_longer_shows_are_unknown_to_the_next(monkeypatch):
    few = REAL.assign(city=np.where(np.arange(400) < 6, "D", "A"))
    seen = []
    kept = remembering.fit_model
    monkeypatch.setattr(remembering, "fit_model", lambda table, *rest: (seen.append(table), kept(table, *rest))[1])
    watched(few, modes=("replace",), seeds=1, rounds=4, method="tabular.independent", seed=0)
    assert seen[0].schema["city"].categories == ("A", "D")
    assert {table.schema["city"].categories for table in seen} == {("A",), ("A", "D")}
    for table in seen[1:]:
        shown = table.data["city"].to_pylist().count("D")
        assert ("D" in table.schema["city"].categories) == (shown >= 5)


def test_synthetic_data_can_be_watched_but_are_no_holdout():
    made = sw.fit(REAL, method="tabular.independent").sample(400)
    assert watched(made, modes=("replace",), seeds=1, rounds=2).rows == 400
    assert watched(made, holdout=0.25, modes=("replace",), seeds=1, rounds=2).rows == 300
    with pytest.raises(BadInput, match="The holdout holds synthetic rows"):
        watched(holdout=made)


def test_tail_mass_is_that_of_train_where_rows_are_train_and_none_where_tails_are_cut():
    real, unseen = sw.read(REAL), sw.read(HOLDOUT)
    cut = REAL[(REAL["x"].abs() < 1.5) & (REAL["y"].abs() < 2) & (REAL["city"] != "D")]
    same, none = (variety_of(align(real, sw.read(rows), unseen), "a").made["tails"] for rows in (REAL, cut))
    assert same.value == pytest.approx(1.0)
    assert none.value == 0.0


def test_distinct_rows_are_counted_by_pencil():
    """Of 100 rows, 50 are one row and 50 differ: 51 of 100."""
    rows = pd.concat([REAL.head(1)] * 50 + [REAL.iloc[1:51]], ignore_index=True)
    found = variety_of(align(sw.read(REAL.head(100)), sw.read(rows), sw.read(HOLDOUT)), "a")
    assert found.made["distinct"].value == pytest.approx(0.51)
    assert found.real["distinct"].value == 1.0


def test_the_folder_holds_every_figure_and_a_page(bootstrapped, tmp_path):
    found = watched(modes=("replace",), seeds=1, rounds=2, out=tmp_path / "out")
    written = json.loads((tmp_path / "out" / "collapse.json").read_text())
    assert written["sentence"] == found.sentence
    assert written["collapses"] == {"replace": found.collapses()}
    assert len(written["points"]) == len(found.points)
    page = (tmp_path / "out" / "collapse.html").read_text()
    assert "<script" not in page
    assert page.count("<polyline") == 5
    with pytest.raises(UsageError, match="exists already"):
        watched(out=tmp_path / "out")


def test_the_verb_prints_every_figure_and_the_verdict(tmp_path, capsys):
    REAL.to_csv(tmp_path / "people.csv", index=False)
    call = ["collapse", str(tmp_path / "people.csv"), "--method", BOOTSTRAP, "--rounds", "2", "--seeds", "1"]
    assert main([*call, "--mode", "replace", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["collapses"].keys() == {"replace"}
    assert main([*call, "--target", "won", "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 1 + 5 + 2 * 2 * 5
    assert "After 2 rounds" in told.err
    assert (tmp_path / "out" / "collapse.html").is_file()
    assert main([*call, "--mode", "sometimes"]) == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"rounds": 1}, "1 is no number of rounds"),
        ({"rounds": 10_000}, "no number of rounds"),
        ({"seeds": 0}, "no number of seeds"),
        ({"modes": ("sometimes",)}, "no mode called 'sometimes'"),
        ({"modes": ()}, "no mode to watch"),
        ({"method": "tabular.nothing"}, "tabular.nothing"),
        ({"method": "rules.schema_sampler"}, "learns nothing from rows"),
        ({"target": "nobody"}, "nobody"),
        ({"data": REAL.head(5)}, "5 rows are too few"),
        ({"data": REAL, "holdout": REAL}, "The holdout shares rows with train"),
    ],
)
def test_bad_input_gets_one_clear_error_and_leaves_nothing(options, told, tmp_path):
    with pytest.raises(SynthwrightError, match=told):
        watched(**options, out=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_mark_is_taken_off_without_touching_a_cell():
    made = sw.fit(REAL, method="tabular.independent").sample(20)
    assert unmarked(made).origin is None
    assert unmarked(made).digest() == made.digest()

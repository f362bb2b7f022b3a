"""Which synthetic rows earn their place: what was damaged is named, and what is harmless is not."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

import synthwright as sw
from synthwright.cli.main import main
from synthwright.errors import BadInput, SynthwrightError, UsageError
from synthwright.evaluation.alignment import align
from synthwright.evaluation.slices import slices_of


def people(rows, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, rows))
    skill = x + 0.8 * y + rng.normal(size=rows)
    return pd.DataFrame(
        {
            "x": x.round(3),
            "y": y.round(3),
            "city": rng.choice(["A", "B", "C"], rows),
            "sex": rng.choice(["f", "m"], rows),
            "won": np.select([skill > 1.2, skill > -0.6], ["gold", "silver"], "none"),
        }
    )


def damaged(rows, seed):
    """Its gold rows lie where there is none."""
    made = people(rows, seed)
    gold = made["won"] == "gold"
    made.loc[gold, ["x", "y"]] = -made.loc[gold, ["x", "y"]].to_numpy()
    return made


TRAIN, HOLDOUT, MORE, BAD = people(300, 1), people(1_500, 2), people(600, 3), damaged(600, 4)
LINEAR = {"logistic": LogisticRegression()}


def asked(train=TRAIN, **options):
    options = {"target": "won", "holdout": HOLDOUT, "methods": (), "ratio": 2, "columns": ["city"], **options}
    return sw.ablate(train, **{"estimator": LINEAR, **options})


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    out = tmp_path_factory.mktemp("ablation") / "out"
    return asked(synthetic={"good": MORE, "bad": BAD}, sensitive=["sex"], out=out), out


def test_a_source_that_damages_one_class_is_named_with_that_class(both):
    found, _ = both
    named = [one.piece for one in found.harms]
    assert "bad" in named
    assert "bad, won = gold" in named
    assert "won = gold" in {one.where for one in found.hurts}
    assert found.gain.high < 0
    assert all(one.change.high < 0 for one in found.harms)
    told = found.sentence
    assert "Leave out the 300 rows of bad: they cost auc 0." in told
    assert "with bad, won = gold: they cost auc" in told
    assert "It hurts the class won = gold, whose error rises by 0." in told


def test_what_is_good_is_not_named_as_bad(both):
    found, _ = both
    assert not [one.piece for one in found.harms if one.piece.startswith("good")]
    assert {one.verdict for one in found.contributions if one.piece == "good"} <= {"helps", "not shown"}


def test_every_piece_and_place_is_told(both):
    found, _ = both
    pieces = {(one.kind, one.piece) for one in found.contributions}
    classes = {f"won = {name}" for name in ("gold", "silver", "none")}
    assert {name for kind, name in pieces if kind == "source"} == {"good", "bad"}
    assert {name for kind, name in pieces if kind == "class"} == classes
    assert {name for kind, name in pieces if kind == "class of a source"} == {
        f"{source}, {name}" for source in ("good", "bad") for name in classes
    }
    cities = {f"city = {name}" for name in "ABC"}
    assert {name for kind, name in pieces if kind == "region"} == cities
    places = {(one.kind, one.where) for one in found.places}
    assert {name for kind, name in places if kind == "group"} == {"sex=f", "sex=m"}
    assert {name for kind, name in places if kind == "region"} == cities
    assert sum(one.rows for one in found.places if one.kind == "class") == len(HOLDOUT)
    assert sum(one.rows for one in found.contributions if one.kind == "source") == 600


@pytest.mark.parametrize("seed", [10, 20, 30])
def test_harmless_rows_are_not_named(seed):
    """Further real rows from two sources: 5 % of such ablations would name one; none of these does."""
    found = asked(synthetic={"one": people(600, seed), "two": people(600, seed + 1)})
    assert found.harms == ()
    assert found.hurts == ()
    assert "No class, group or region of real rows is shown to be predicted worse." in found.sentences


def test_without_its_only_source_the_model_is_that_of_real_rows():
    found = asked(synthetic={"bad": BAD}, seeds=2)
    source = next(one for one in found.contributions if one.kind == "source")
    assert source.change == found.gain
    assert not [one for one in found.contributions if one.kind == "class of a source"]


def test_generators_are_fitted_to_train_and_numbers_do_not_depend_on_workers():
    options = {"methods": ("tabular.independent", "tabular.random_oversample"), "seeds": 2}
    found = asked(**options)
    assert {one.piece for one in found.contributions if one.kind == "source"} == set(options["methods"])
    assert asked(**options, workers=2).to_json_value() == found.to_json_value()
    assert "tabular.independent" in {one.piece for one in asked(methods=("tabular.independent",), seeds=4).harms}


def test_a_numeric_target_has_no_classes_and_its_errors_are_shares_of_the_variance():
    numbers = TRAIN.assign(won=TRAIN["x"] + TRAIN["y"])
    unseen = HOLDOUT.assign(won=HOLDOUT["x"] + HOLDOUT["y"])
    found = asked(
        numbers, holdout=unseen, synthetic={"bad": numbers.assign(won=0.0)}, seeds=2, estimator=None, columns=["x"]
    )
    assert found.score == "r2"
    assert {one.kind for one in found.contributions} == {"source", "region"}
    assert 0 < -found.gain.value < 1
    share = sum(one.change.value * one.rows for one in found.places) / sum(one.rows for one in found.places)
    assert share == pytest.approx(found.gain.value, abs=1e-6)


def test_a_learner_that_ignores_the_data_loses_nothing():
    found = asked(synthetic={"bad": BAD}, estimator=DummyClassifier(strategy="uniform", random_state=0), seeds=2)
    assert found.harms == found.helps == found.hurts == ()


def test_rows_of_the_holdout_are_refused_before_any_score():
    with pytest.raises(BadInput, match="leaky holds rows of the holdout: 300"):
        asked(synthetic={"leaky": pd.concat([MORE, HOLDOUT.head(300)])})


def test_slices_part_the_rows_and_draw_by_their_own_condition():
    numbers = TRAIN.assign(n=np.arange(300) % 50, gap=np.where(np.arange(300) % 3, 1.0, np.nan))
    real = sw.read(numbers, target="won")
    comparison = align(real, real, sw.read(HOLDOUT.assign(n=7, gap=1.0)))
    found = slices_of(comparison, ["x", "n", "city", "gap"])
    for name in ("x", "n", "city", "gap"):
        cut = [one for one in found if one.kind == "region" and one.words.startswith(name)]
        assert len(cut) >= 2
        assert (sum(one.of("train").astype(int) for one in cut) == 1).all(), name
        for one in cut:
            assert (one.where[0].holds(real) == one.of("train")).all(), one.words
    assert "gap missing" in {one.words for one in found}


def test_the_columns_that_tell_most_of_the_target_are_cut():
    noise = {f"n{at}": np.random.default_rng(at).integers(0, 3, 300) for at in range(8)}
    wider = {name: np.random.default_rng(0).integers(0, 3, len(HOLDOUT)) for name in noise}
    real = sw.read(TRAIN.assign(**noise), target="won")
    found = {
        one.words.split()[0]
        for one in slices_of(align(real, real, sw.read(HOLDOUT.assign(**wider))))
        if one.kind == "region"
    }
    assert {"x", "y"} <= found
    assert len(found) == 6


def test_the_folder_holds_every_figure_and_a_page(both):
    found, out = both
    written = json.loads((out / "ablation.json").read_text())
    assert written["sentences"] == found.sentences
    assert len(written["contributions"]) + len(written["places"]) == len(found.to_pandas())
    page = (out / "ablation.html").read_text()
    assert "<script" not in page
    assert found.sentences[1] in page
    with pytest.raises(UsageError, match="exists already"):
        asked(synthetic={"bad": BAD}, out=out)


def test_the_verb_prints_every_figure_and_every_sentence(tmp_path, capsys):
    for name, frame in (("real", TRAIN), ("bad", BAD), ("unseen", HOLDOUT)):
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    call = ["ablate", str(tmp_path / "real.csv"), "--target", "won", "--synthetic", str(tmp_path / "bad.csv")]
    call += ["--holdout", str(tmp_path / "unseen.csv"), "--columns", "city", "--seeds", "2"]
    assert main([*call, "--out", str(tmp_path / "out"), "--sensitive", "sex"]) == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 1 + (1 + 3 + 3) + (3 + 2 + 3)
    assert "All together, 1 rows per real row: auc" in told.err
    assert (tmp_path / "out" / "ablation.html").is_file()
    assert main([*call, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seeds"] == 2
    assert main([*call, "--columns", "nowhere"]) == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"target": None}, "No column has the role target"),
        ({}, "no method to ablate"),
        ({"methods": ("tabular.independent", "tabular.independent")}, "named twice"),
        ({"methods": ("tabular.independent",), "ratio": 0}, "0 is no ratio"),
        ({"methods": ("tabular.independent",), "ratio": float("nan")}, "no ratio"),
        ({"methods": ("tabular.independent",), "seeds": 0}, "no number of seeds"),
        ({"methods": ("tabular.independent",), "columns": ["nowhere"]}, "no column called 'nowhere'"),
        ({"methods": ("tabular.independent",), "columns": ["won"]}, "can't be cut by 'won'"),
        (
            {"methods": ("tabular.independent",), "estimator": {"a": LINEAR["logistic"], "b": DummyClassifier()}},
            "several",
        ),
        ({"synthetic": {"other": pd.DataFrame({"a": [1, 2, 3]})}}, "column"),
        ({"methods": ("tabular.independent",), "train": TRAIN.assign(won="gold")}, "one value"),
    ],
)
def test_bad_input_gets_one_clear_error_and_leaves_nothing(options, told, tmp_path):
    with pytest.raises(SynthwrightError, match=told):
        asked(**options, out=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []

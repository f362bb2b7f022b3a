"""Does synthetic data help? Known answers: more real rows do, duplicates and noise don't, the holdout is refused."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier

import synthwright as sw
from synthwright.errors import BadInput, SynthwrightError, UsageError
from synthwright.pipeline.gain.cells import Cell


def people(rows, seed):
    """A target that takes more than a few rows to learn: two numbers cross, a third and a label help."""
    rng = np.random.default_rng(seed)
    x, y, z = rng.normal(size=(3, rows))
    city = rng.choice(["A", "B", "C"], rows)
    skill = 1.5 * np.sign(x * y) + z + (city == "A")
    return pd.DataFrame(
        {
            "x": np.round(x, 3),
            "y": np.round(y, 3),
            "z": np.round(z, 3),
            "city": city,
            "won": np.where(skill + rng.normal(size=rows) > 0.5, "yes", "no"),
        }
    )


TRAIN, HOLDOUT, MORE = people(240, 1), people(1_500, 2), people(1_500, 3)


def asked(train=TRAIN, **options):
    options = {"target": "won", "holdout": HOLDOUT, "ratios": (1, 2), "seeds": 2, "methods": (), **options}
    return sw.gain(train, **options)


@pytest.fixture(scope="module")
def more():
    return asked(synthetic={"more real rows": MORE}, ratios=(1, 2, 5))


def test_further_real_rows_help_and_the_more_the_better(more):
    assert more.helps
    best = more.recommended
    assert (best.method, best.learner) == ("more real rows", "boosted")
    assert best.ratio >= 2
    assert 0 < best.low < best.gain < best.high
    cells = [row for row in more.rows if row.cell.arm == "more real rows"]
    gains = {row.cell.ratio: row.gain.value for row in cells if row.cell.learner == "boosted" and row.cell.real}
    assert gains[5.0] > gains[1.0] > 0
    assert more.sentence.startswith(f"Add {best.ratio:.3g} rows of more real rows per real row: +")


def test_the_gain_of_further_real_rows_is_that_of_the_learning_curve(more):
    """Training on both at once is what ratio 5 says, within its interval."""
    from synthwright.evaluation._learners.prediction import scored
    from synthwright.evaluation.alignment import align
    from synthwright.evaluation.bench import require_task
    from synthwright.evaluation.blends import LEARNERS, Blend, blend_predictions

    both = pd.concat([TRAIN, MORE.head(5 * len(TRAIN))])
    tables = [sw.read(frame, target="won") for frame in (both, both, HOLDOUT)]
    comparison = align(*tables)
    (said,) = blend_predictions(comparison, [(Blend(0.0), "boosted")], LEARNERS, 0)
    score = scored(comparison, require_task(comparison), said)["auc"].value
    row = next(row for row in more.rows if row.cell == Cell("more real rows", 5.0, True, "boosted"))
    assert row.score.low - 0.02 < score < row.score.high + 0.02


def test_rows_taken_twice_and_shuffled_targets_are_no_gain():
    again = pd.concat([TRAIN] * 3, ignore_index=True)
    dealt = MORE.assign(won=np.random.default_rng(0).permutation(MORE["won"]))
    for rows in (again, dealt):
        found = asked(synthetic={"nothing new": rows})
        assert not found.helps
        assert found.recommended.ratio == 0
        assert found.recommended.method is None
        assert found.sentence.startswith("Use real rows")


def test_a_learner_that_ignores_the_data_gains_nothing():
    found = asked(synthetic={"more real rows": MORE}, estimator={"ignores": DummyClassifier()})
    assert {row.gain.value for row in found.rows if row.cell.learner == "ignores"} == {0.0}


def test_rows_of_the_holdout_are_refused_before_any_score():
    leaky = pd.concat([MORE, HOLDOUT.head(300)], ignore_index=True)
    with pytest.raises(BadInput, match="leaky holds rows of the holdout: 300"):
        asked(synthetic={"leaky": leaky})


def test_balanced_classes_leave_nothing_to_balance():
    even = pd.concat([TRAIN[TRAIN["won"] == "no"].head(90), TRAIN[TRAIN["won"] == "yes"].head(90)])
    found = asked(even, methods=("tabular.random_oversample",), seeds=1)
    assert found.candidate is None
    assert found.recommended.ratio == 0
    assert "no method had rows to add" in found.sentence


@pytest.fixture(scope="module")
def methods():
    return asked(methods=("tabular.honest_trees", "tabular.smote_nc", "tabular.random_oversample"))


def test_methods_are_compared_with_and_without_real_rows_beside_controls(methods):
    told = {(row.cell.arm, row.cell.ratio, row.cell.real) for row in methods.rows}
    drawn = {("tabular.honest_trees", ratio, real) for ratio in (1.0, 2.0) for real in (True, False)}
    assert drawn <= told
    assert {("shuffled targets", 1.0, True)} <= told
    assert {arm for arm, *_ in told} >= {"tabular.smote_nc", "tabular.random_oversample"}
    assert {"real rows again", "real rows alone"} & {arm for arm, *_ in told}
    no, yes = (TRAIN["won"] == "no").sum(), (TRAIN["won"] == "yes").sum()
    ratio = next(ratio for arm, ratio, _ in told if arm == "tabular.smote_nc")
    assert ratio == pytest.approx(2 * max(no, yes) / len(TRAIN) - 1)


def test_shuffled_targets_do_harm(methods):
    harmed = [row.gain.value for row in methods.rows if row.cell.arm == "shuffled targets"]
    assert max(harmed) < 0.01


def test_numbers_do_not_depend_on_workers_nor_on_other_ratios():
    one = asked(methods=("tabular.independent",), ratios=(1,), seeds=1)
    two = asked(methods=("tabular.independent",), ratios=(1,), seeds=1, workers=2)
    assert one.to_json_value() == two.to_json_value()
    wider = asked(methods=("tabular.independent",), ratios=(1, 2), seeds=1)
    first = {row.cell: row.score for row in one.rows}
    assert all(row.score == first[row.cell] for row in wider.rows if row.cell in first)


def test_a_numeric_target_is_scored_by_r2():
    found = sw.gain(TRAIN.drop(columns="won"), target="z", methods=["tabular.independent"], ratios=(1,), seeds=1)
    assert found.score == "r2"
    assert not found.helps


def test_the_folder_holds_every_figure_and_a_page(tmp_path):
    found = asked(synthetic={"more real rows": MORE}, ratios=(1,), seeds=1, out=tmp_path / "gain")
    written = json.loads((tmp_path / "gain" / "gain.json").read_text())
    assert written["recommended"]["method"] == found.recommended.method
    assert len(written["cells"]) == len(found.rows) == len(found.to_pandas())
    page = (tmp_path / "gain" / "gain.html").read_text()
    assert found.sentence in page
    assert "<script" not in page
    assert "more real rows" in page
    with pytest.raises(UsageError, match="exists already"):
        asked(synthetic={"more real rows": MORE}, out=tmp_path / "gain")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"target": None, "methods": ("tabular.independent",)}, "No column has the role target"),
        ({"target": "nobody", "methods": ("tabular.independent",)}, "nobody"),
        ({"methods": ()}, "no method to try"),
        ({"methods": ("tabular.independent", "tabular.independent")}, "named twice"),
        ({"methods": ("tabular.nothing",)}, "tabular.nothing"),
        ({"methods": ("tabular.independent",), "ratios": (-1,)}, "-1 is no ratio"),
        ({"methods": ("tabular.independent",), "ratios": (float("nan"),)}, "no ratio"),
        ({"methods": ("tabular.independent",), "ratios": (1e6,)}, "no ratio"),
        ({"methods": ("tabular.independent",), "seeds": 0}, "no number of seeds"),
        ({"synthetic": {"other": pd.DataFrame({"a": [1, 2, 3]})}}, "column"),
        ({"methods": ("tabular.independent",), "estimator": 3}, "no estimator"),
        ({"methods": ("tabular.smote",)}, "smote_nc"),
    ],
)
def test_bad_input_gets_one_clear_error(options, told):
    with pytest.raises(SynthwrightError, match=told):
        asked(**options)

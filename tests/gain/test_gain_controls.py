"""Controls, other scores, classes and groups, and what a blend is worth in real rows and in money."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

import synthwright as sw
from synthwright.errors import UnknownName, UsageError
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.curves import Point
from synthwright.evaluation.measurement import Estimate
from synthwright.learning.boosting import Boosting
from synthwright.learning.estimators import Estimator, balanced
from synthwright.learning.linear import Linear
from synthwright.pipeline.gain.result import Recommended
from synthwright.pipeline.gain.worth import Prices, worth_of
from synthwright.seeding import Streams


def patients(rows, seed, share=0.05):
    """A rare class behind a line in two numbers; women and men."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, rows))
    cut = np.quantile(x + y, 1 - share)
    ill = x + y + 0.3 * rng.normal(size=rows) > cut
    return pd.DataFrame(
        {
            "x": x.round(3),
            "y": y.round(3),
            "sex": rng.choice(["f", "m"], rows),
            "ill": np.where(ill, "yes", "no"),
        }
    )


TRAIN, HOLDOUT = patients(600, 1), patients(3_000, 2, share=0.2)


def asked(train=TRAIN, **options):
    options = {"target": "ill", "holdout": HOLDOUT, "ratios": (1,), "seeds": 2, "learners": ("boosted",), **options}
    return sw.gain(train, **options)


@pytest.fixture(scope="module")
def starved():
    """Minority rows are 20 times rarer than they should be; real further ones are given."""
    world, more = patients(1_600, 3, share=0.2), patients(4_000, 4, share=0.2)
    ill = world[world["ill"] == "yes"]
    train = pd.concat([world[world["ill"] == "no"], ill.head(max(20, len(ill) // 20))], ignore_index=True)
    given = more[more["ill"] == "yes"].head(300)
    return asked(train, methods=(), synthetic={"further minority rows": given}, ratios=(0.1, 0.2), score="minority_f1")


def test_a_minority_that_was_starved_gains_by_further_rows_of_it(starved):
    assert starved.helps
    assert starved.recommended.method == "further minority rows"
    assert starved.recommended.low > 0.05
    chosen = next(one for one in starved.arms if one.row == starved.candidate)
    recall = next(part for part in chosen.parts if (part.name, part.score) == ("class yes", "recall"))
    assert recall.gain.low > 0.1
    assert set(starved.candidate.others) >= {"auc", "average_precision", "balanced_accuracy", "log_loss"}


def test_what_class_weights_give_stands_beside_the_recommendation(starved):
    told = {control.arm: control for control in starved.controls}
    assert set(told) >= {"class weights", "tabular.random_oversample"}
    weights = told["class weights"]
    assert weights.gain.value > 0  # they move where the rare class is called
    assert weights.lead.value == pytest.approx(starved.recommended.gain - weights.gain.value)
    text = " ".join(starved.notes)
    assert ("class weights gains" in text) == (weights.gain.low > 0 and weights.lead.low <= 0)


def test_a_gain_that_validation_rows_did_not_choose_is_told_and_not_recommended(starved):
    candidate = replace(starved.candidate, cell=replace(starved.candidate.cell, arm="another"))
    found = replace(starved, recommended=Recommended(None, 0.0, "boosted"), candidate=candidate)
    assert not found.helps
    assert any("further minority rows" in note and "did not choose" in note for note in found.notes)
    assert not any("did not choose" in note for note in starved.notes)


def test_controls_are_never_recommended_and_shuffled_targets_use_the_rows_of_the_first_method():
    found = asked(methods=("tabular.independent", "tabular.random_oversample"), score="balanced_accuracy")
    names = [row.cell.arm for row in found.rows]
    assert names.count("tabular.random_oversample") == 1  # asked for: a method, not a control
    assert not next(one for one in found.arms if one.row.cell.arm == "tabular.random_oversample").control
    assert "shuffled targets" in names
    assert found.candidate.cell.arm in {"tabular.independent", "tabular.random_oversample"}


def test_rows_without_a_label_are_no_class_to_be_balanced():
    lost = TRAIN.assign(ill=TRAIN["ill"].where(np.arange(len(TRAIN)) % 10 > 0))
    found = asked(lost, methods=("tabular.independent",), seeds=1)
    again = next(one.row for one in found.arms if one.row.cell.arm == "tabular.random_oversample")
    counts = lost["ill"].value_counts()
    assert again.cell.ratio == pytest.approx(2 * counts.max() / counts.sum() - 1)
    assert found.n_real == counts.sum()


def test_groups_of_sensitive_columns_gain_apart():
    found = asked(methods=("tabular.independent",), sensitive=("sex",))
    chosen = next(one for one in found.arms if one.row == found.candidate)
    assert {"sex=f", "sex=m", "class yes", "class no"} <= {part.name for part in chosen.parts}
    assert {part.score for part in chosen.parts if part.name == "sex=f"} == {"auc"}


def test_a_fall_of_the_loss_is_a_gain():
    more = patients(600, 5)
    by_loss = asked(methods=(), synthetic={"more": more}, score="log_loss")
    row = next(row for row in by_loss.rows if row.cell.arm == "more" and row.cell.real)
    base = by_loss.real["boosted"].score.value
    assert row.gain.value == pytest.approx(base - row.score.value)
    with pytest.raises(UnknownName, match="auc"):
        asked(methods=(), synthetic={"more": more}, score="ac")


def test_balanced_learners_give_rare_classes_their_weight():
    X, y = TRAIN[["x", "y"]].to_numpy(), (TRAIN["ill"] == "yes").to_numpy(dtype=int)
    fresh, mine = HOLDOUT[["x", "y"]].to_numpy(), Estimator(model=LogisticRegression())
    for learner in (Linear(), Boosting(trees=10), mine):
        plain, weighed = (one.classes(X, y, (), 0)(fresh)[:, 1].mean() for one in (learner, balanced(learner)))
        assert weighed > 1.5 * plain
    assert mine.model.class_weight is None
    assert balanced(Estimator(model=DummyClassifier())) is None
    few, many = int(y.sum()), int((1 - y).sum())
    copies = round(many / few)  # the weight of a rare row, by hand: as many rows of it
    again, labels = np.repeat(X, np.where(y, copies, 1), axis=0), np.repeat(y, np.where(y, copies, 1))
    weighed = Linear(balanced=True).classes(X, y, (), 0)
    drawn = Linear(penalty=2 * many / len(y)).classes(again, labels, (), 0)
    assert weighed(X) == pytest.approx(drawn(X), abs=0.02)


def curve(*scores):
    """Points of 0, 250, 500 and 1,000 rows without noise."""
    rows = [0, 250, 500, 1_000]
    return [Point(n, [Figure.sure(score)] * 2) for n, score in zip(rows, scores, strict=True)]


def test_worth_is_read_off_the_curve_and_beyond_it_along_its_last_doubling():
    """0.7, 0.8, 0.9: every doubling gains 0.1, so 0.95 are half a doubling more, and 0.8 are half the rows."""
    points, real = curve(0.5, 0.7, 0.8, 0.9), Figure.sure(0.9)

    def worth(score, **prices):
        return worth_of(points, real, [Figure.sure(score)] * 2, 2_000, Prices(**prices), Streams(0))

    assert worth(0.8).rows == Estimate(500.0, 500.0, 500.0)
    assert worth(0.9).rows.value == 1_000
    assert worth(0.95).rows.value == pytest.approx(1_000 * 2**0.5, rel=0.06)
    assert not worth(0.95).at_least
    assert worth(1.2).rows.value == 4_000
    assert worth(1.2).at_least
    assert worth(0.4).rows.value == 0
    saved = worth(0.95, label=2.0, row=0.01).saved
    assert saved.value == pytest.approx((worth(0.95).rows.value - 1_000) * 2 - 2_000 * 0.01)
    assert worth(0.95).saved is None


def test_worth_of_further_real_rows_is_as_many_real_rows():
    """200 real rows with as many further real ones are worth about 400, within the interval."""
    train, more = patients(400, 7, share=0.3), patients(400, 8, share=0.3)
    found = asked(train, methods=(), synthetic={"more": more}, seeds=3, label_cost=1.5, row_cost=0.5)
    chosen = next(one for one in found.arms if one.row.cell.arm == "more")
    assert chosen.worth.rows.low <= 800 <= chosen.worth.rows.high
    saved = chosen.worth.saved
    assert saved.low == pytest.approx((chosen.worth.rows.low - 400) * 1.5 - 400 * 0.5)
    assert any("real rows" in note and "in money" in note for note in found.notes)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"label_cost": -1.0}, "no price of a label"),
        ({"label_cost": float("nan")}, "no price of a label"),
        ({"row_cost": 0.1}, "says nothing by itself"),
        ({"learners": ("forest",)}, "no learner called 'forest'"),
        ({"learners": ()}, "no learner"),
        ({"sensitive": ("nobody",)}, "nobody"),
    ],
)
def test_bad_options_get_one_clear_error(options, told):
    with pytest.raises(UsageError, match=told):
        asked(methods=("tabular.independent",), **options)


def test_costs_are_told_beside_the_result_and_not_in_it():
    found = asked(methods=("tabular.gaussian_copula",), seeds=1)
    cost = found.costs["tabular.gaussian_copula"]
    assert cost.making > 0
    assert cost.training > 0
    assert found.costs["real rows again"].making < cost.making
    assert "cpu" not in str(found.to_json_value())
    for one in found.costs.values():
        assert one.share is None or one.share > 0

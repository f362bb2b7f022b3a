"""Six tables with known answers: unbalanced, in time, in groups, plenty of rows, a planted leak, nothing to learn."""

import numpy as np
import pandas as pd
import pytest

import synthwright as sw


def codes(advice, *severities):
    return {one.code for one in advice.findings if not severities or one.severity in severities}


def found(advice, code):
    (one,) = (one for one in advice.findings if one.code == code)
    return one


def unbalanced(rows=3_000, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, 4)).round(3)
    rare = rng.permutation(rows) < 0.03 * rows
    X[rare] += [1.2, 1.2, 0, 0]
    return pd.DataFrame(X, columns=list("abcd")).assign(sick=np.where(rare, "yes", "no"))


def students(schools=60, each=25, spread=0.6, seed=0):
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(schools), each)
    level = rng.normal(size=schools)[school] * spread
    effort = rng.normal(size=len(school)).round(2)
    mark = (level + 0.5 * effort + rng.normal(size=len(school))).round(2)
    return pd.DataFrame({"school": [f"S{at:03}" for at in school], "effort": effort, "mark": mark}), level


def plenty(rows=12_000, seed=0):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, rows)).round(3)
    return pd.DataFrame({"x": x, "y": y, "won": np.where(x + y + rng.normal(size=rows) > 0, "yes", "no")})


@pytest.fixture(scope="module")
def few_sick():
    return sw.advise(unbalanced(), target="sick")


def test_an_unbalanced_table_is_told_to_try_class_weights_before_rows_are_made(few_sick):
    one = found(few_sick, "classes.imbalance")
    assert one.severity == "warn"
    assert one.value.value == pytest.approx(0.03, abs=0.001)
    assert one.value.low < 0.03 < one.value.high
    weights, over, made = (
        next(at for at, step in enumerate(few_sick.conclusion.first) if step.startswith(word))
        for word in ("Class weights", "Over-sampling", "Generation")
    )
    assert 0 < weights < over < made == len(few_sick.conclusion.first) - 1
    assert few_sick.conclusion.ratio == 1
    assert codes(few_sick, "warn", "stop") == {"classes.imbalance"}


def test_a_table_in_the_order_of_time_is_told_that_rows_follow_one_another(beijing):
    advice = sw.advise(beijing)
    one = found(advice, "order.time")
    assert (one.severity, one.columns) == ("warn", ("datetime",))
    assert one.value.low > 0.1
    assert advice.conclusion.outlook == "unlikely"
    assert "follow one another in time" in advice.sentence
    assert advice.schema["datetime"].role == "time"


def test_pupils_of_one_school_are_found_to_be_alike():
    """Effects of schools with spread .6, noise 1, effort .5: two pupils of a school correlate .36 / 1.61 = .22."""
    table, _ = students()
    advice = sw.advise(table, target="mark")
    one = found(advice, "groups.rows")
    assert (one.severity, one.columns) == ("warn", ("school",))
    assert one.value.low < 0.36 / 1.61 < one.value.high
    assert advice.schema["school"].role == "group"
    assert "order.rows" not in codes(advice)  # neighbours are alike because of their school, which is told


def test_a_table_with_plenty_of_rows_is_told_that_more_would_not_help():
    advice = sw.advise(plenty(), target="won")
    assert advice.conclusion.outlook == "unlikely"
    assert found(advice, "learning.slope").value.high < 0.01
    assert not codes(advice, "warn", "stop")
    assert advice.conclusion.methods == ("tabular.honest_trees",)  # nothing to balance


def test_a_planted_leak_is_named_and_left_out_of_the_other_figures(adult):
    frame = adult.to_pandas()
    rng = np.random.default_rng(0)
    late = np.where(frame["income"] == ">50K", rng.integers(40, 100, len(frame)), rng.integers(0, 41, len(frame)))
    advice = sw.advise(frame.assign(review=late), target="income")
    one = found(advice, "leak.column")
    assert (one.severity, one.columns) == ("stop", ("review",))
    assert one.value.low > 0.98
    assert advice.conclusion.outlook == "not yet"
    assert "'review'" in advice.sentence
    assert "review" not in advice.schema
    plain = sw.advise(frame, target="income")
    assert found(advice, "learning.signal").value == found(plain, "learning.signal").value
    assert found(advice, "learning.signal").sentence.startswith("Without 'review' the ")
    assert not codes(plain, "stop")


def test_sixty_rows_without_signal_are_told_to_be_too_few_and_to_show_none():
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.normal(size=(60, 3)).round(2), columns=list("abc"))
    advice = sw.advise(frame.assign(won=rng.permutation(np.repeat(["no", "yes"], 30))), target="won")
    assert {"size.rows", "learning.no_signal", "classes.few"} <= codes(advice, "warn")
    assert advice.conclusion.outlook == "unlikely"
    assert "no signal is shown" in advice.sentence
    assert found(advice, "learning.no_signal").value.low <= 0.5


@pytest.mark.parametrize(
    ("frame", "method"),
    [
        (unbalanced(600), "tabular.smote"),
        (unbalanced(600).assign(town=lambda rows: np.where(rows["d"] > 0, "A", "B")), "tabular.smote_nc"),
        (unbalanced(600).assign(d=lambda rows: rows["d"].where(rows.index % 7 > 0)), "tabular.smote_nc"),
    ],
    ids=["numbers", "labels", "gaps"],
)
def test_the_methods_that_are_named_take_the_table(frame, method):
    advice = sw.advise(frame, target="sick")
    assert advice.conclusion.methods == (method, "tabular.honest_trees")
    for name in advice.conclusion.methods:
        assert len(sw.fit(frame, name, target="sick").sample(20, seed=0)) == 20

"""More rows where a model errs: the worst slice is found, gets its rows, and gains; what can't be drawn is told."""

import json

import numpy as np
import pytest
from oracle import Oracle, people

import synthwright as sw
from synthwright.cli.main import main
from synthwright.errors import BadInput, SynthwrightError
from synthwright.pipeline.focus import experiment, finding
from synthwright.report.focus_page import focus_page

TRAIN, HOLDOUT = people(900, 1), people(2_000, 2)
ONE_LEARNER = {"columns": ["city"], "target": "won", "holdout": HOLDOUT, "seeds": 3, "slices": 1}


def asked(train=TRAIN, **options):
    return sw.focus_errors(train, **{"method": Oracle(), **ONE_LEARNER, **options})


@pytest.fixture(scope="module")
def found():
    return asked()


def test_the_slice_with_a_rule_of_its_own_is_found_and_gains_more_than_anywhere(found):
    (worst,) = found.slices
    assert worst.where == "city = C"
    assert worst.excess.value > 0.1
    assert worst.asked == worst.drawn == 900
    assert worst.tested == (HOLDOUT["city"] == "C").sum()
    assert worst.focused.low > 0
    assert worst.beyond.value == pytest.approx(worst.focused.value - worst.uniform.value)
    assert worst.verdict == "better"
    assert found.helps
    assert "Where city = C" in found.sentences[0]
    assert "the focus helps there" in found.sentences[0]


def test_slices_are_found_without_a_look_at_the_holdout(monkeypatch):
    """Other holdout rows change no slice, and no error of one."""
    one, two = asked(seeds=2), asked(seeds=2, holdout=people(300, 9))
    assert [(one.where, one.excess) for one in one.slices] == [(one.where, one.excess) for one in two.slices]


def test_rows_drawn_for_a_slice_lie_in_it(monkeypatch):
    kept, seen = experiment.joined, []
    monkeypatch.setattr(experiment, "joined", lambda *args: (seen.append(args[2]), kept(*args))[1])
    asked(seeds=1)
    uniform, focused = seen[0]
    assert set(focused.data["city"].to_pylist()) == {"C"}
    assert len(uniform) == len(focused) == 900
    assert set(uniform.data["city"].to_pylist()) == {"A", "B", "C"}


def test_rows_are_shared_out_over_several_slices():
    assert experiment.shares(11, 3) == [4, 4, 3]
    found = asked(columns=["city", "x"], slices=3, seeds=2, ratio=0.5)
    assert 1 < len(found.slices) <= 3
    assert sum(one.asked for one in found.slices) == 450


def test_a_condition_that_is_hard_to_meet_ends_with_the_rows_that_were_found(monkeypatch):
    kept = experiment.Model.draw

    def few(self, n, **options):
        made = kept(self, n, **options)
        return made if options.get("given") is None else experiment_draw(made)

    class experiment_draw:  # noqa: N801  # as much of a Draw as is looked at
        def __init__(self, made):
            self.table = made.table.head(37)

    monkeypatch.setattr(experiment.Model, "draw", few)
    found = asked(seeds=2)
    (worst,) = found.slices
    assert (worst.asked, worst.drawn) == (900, 37)
    assert "37 rows drawn for it (of 900 asked for: more could not be found)" in found.sentence


def test_rows_that_never_occur_end_with_one_error(monkeypatch):
    def none(self, n, **options):
        raise BadInput("Never.")

    monkeypatch.setattr(experiment.Model, "draw", none)
    with pytest.raises(BadInput, match="No row of the worst slices could be drawn"):
        asked(seeds=1)


def test_a_slice_that_can_not_be_drawn_leaves_the_others_theirs(monkeypatch):
    kept = experiment.Model.draw

    def not_c(self, n, **options):
        if "'C'" in repr(options.get("given")):
            raise BadInput("Never.")
        return kept(self, n, **options)

    monkeypatch.setattr(experiment.Model, "draw", not_c)
    found = asked(seeds=2, slices=2, columns=["city", "x"])
    assert {one.where: one.drawn for one in found.slices}["city = C"] == 0
    assert sorted(one.drawn for one in found.slices) == [0, 450]


def test_the_folder_and_the_verb_tell_every_slice(tmp_path, capsys):
    TRAIN.to_csv(tmp_path / "real.csv", index=False)
    HOLDOUT.to_csv(tmp_path / "unseen.csv", index=False)
    call = ["ablate", str(tmp_path / "real.csv"), "--target", "won", "--holdout", str(tmp_path / "unseen.csv")]
    call += ["--focus", "errors", "--method", "tabular.bayes_network", "--columns", "city,x", "--seeds", "2"]
    assert main([*call, "--slices", "2", "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 3
    assert "On all of the holdout auc moves by" in told.err
    written = json.loads((tmp_path / "out" / "focus.json").read_text())
    page = (tmp_path / "out" / "focus.html").read_text()
    assert [one["where"] in page for one in written["slices"]] == [True, True]
    assert "<script" not in page
    assert main([*call, "--slices", "1", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["slices"]) == 1
    assert main([*call, "--method", "tabular.independent"]) == 2
    assert main([*call, "--synthetic", str(tmp_path / "real.csv")]) == 2
    assert main([*call[:5], "--focus", "fame"]) == 2
    assert "one method" in capsys.readouterr().err
    assert main([*call, "--out", str(tmp_path / "out")]) == 2


def test_where_nothing_is_worst_nothing_is_drawn(monkeypatch):
    """The city says nothing of the target: its slices are as good as each other."""
    plain = TRAIN.assign(city=np.random.default_rng(0).choice(["A", "B"], len(TRAIN)))
    monkeypatch.setattr(finding, "_SUPPORT", 10_000)
    found = asked(plain, holdout=HOLDOUT[HOLDOUT["city"] != "C"])
    assert found.slices == ()
    assert not found.helps
    assert "nothing to focus on" in found.sentence
    assert "nothing to focus on" in focus_page(json.loads(json.dumps(found.to_json_value())))


def test_a_slice_that_is_nearly_another_one_is_told_once():
    twin = TRAIN.assign(town=TRAIN["city"].str.lower())
    found = asked(twin, holdout=HOLDOUT.assign(town=HOLDOUT["city"].str.lower()), method="tabular.bayes_network",
                  columns=["city", "town"], slices=2, seeds=2)  # fmt: skip
    assert len(found.slices) == 1


def test_numbers_do_not_depend_on_workers(found):
    options = {"method": "tabular.bayes_network", "seeds": 2}
    one = asked(**options)
    assert asked(**options, workers=2).to_json_value() == one.to_json_value()
    assert len(found.to_pandas()) == len(found.slices)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"target": None}, "No column has the role target"),
        ({"ratio": -1}, "-1 is no ratio"),
        ({"slices": 0}, "0 is no number of slices"),
        ({"seeds": 0}, "no number of seeds"),
        ({"columns": ["nowhere"]}, "nowhere"),
        ({"columns": ["won"]}, "can't be cut by 'won'"),
        ({"method": "tabular.nothing"}, "tabular.nothing"),
        ({"holdout": TRAIN}, "shares rows with train"),
    ],
)
def test_bad_input_gets_one_clear_error(options, told):
    with pytest.raises(SynthwrightError, match=told):
        asked(**options)

"""The experiment takes any kind of records: short texts, with a learner of their own, go the same way as tables."""

import pytest
from notes import Notes, NotesSubject, written

from synthwright.engines.context import Context
from synthwright.errors import BadInput, UnknownName
from synthwright.pipeline.gain.arms import Arm
from synthwright.pipeline.gain.asking import gain_of
from synthwright.pipeline.gain.plan import Plan
from synthwright.pipeline.gain.store import Store
from synthwright.seeding import Streams

TRAIN, HOLDOUT, MORE = written(80, 1), written(600, 2), written(400, 3)


def asked(rows, **options):
    plan = Plan(
        arms=(Arm("elsewhere", "given", None, rows),), ratios=(1.0, 2.0, 5.0), learners={"words": None}, seeds=2, seed=0
    )
    return gain_of(NotesSubject(), TRAIN, HOLDOUT, plan, Context(streams=Streams(0)), **options)


def test_further_real_texts_help_and_texts_taken_twice_do_not():
    found = asked(MORE)
    assert found.helps
    assert (found.recommended.method, found.recommended.learner) == ("elsewhere", "words")
    assert 0 < found.recommended.low < found.recommended.gain
    assert found.n_real == 80
    assert not asked(TRAIN + TRAIN).helps


def test_texts_with_the_wrong_words_do_not_help():
    assert not asked(Notes(MORE.texts, tuple(not one for one in MORE.praise))).helps


def test_texts_of_the_holdout_are_refused_and_scores_have_names():
    with pytest.raises(BadInput, match="holds texts of the holdout"):
        asked(MORE + HOLDOUT.take(range(3)))
    with pytest.raises(UnknownName, match="average"):
        asked(MORE, score="average")


def test_what_was_trained_on_texts_is_kept_and_used_again(tmp_path, monkeypatch):
    monkeypatch.setattr("synthwright.pipeline.gain.keys.learner_key", lambda learner: "words")
    first = asked(MORE, store=Store(tmp_path)).to_json_value()

    def refuse(*_):
        raise AssertionError("trained again")

    monkeypatch.setattr(NotesSubject, "predicted", refuse)
    assert asked(MORE, store=Store(tmp_path)).to_json_value() == first

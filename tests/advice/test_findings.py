"""Each finding is there where its cause was planted, with the figure that was planted, and not without it."""

import json

import numpy as np
import pandas as pd
import pytest

import synthwright as sw
from synthwright.errors import BadInput, UnknownName
from synthwright.pipeline.advice.finding import SEVERITIES
from synthwright.pipeline.advice.groups import intraclass
from synthwright.pipeline.advice.learning import _shrinking


def people(rows=400, seed=0):
    """Two numbers and a label that know something of the target; nothing else is remarkable."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, rows)).round(3)
    town = rng.choice(["A", "B", "C"], rows)
    won = np.where(x + 0.5 * y + (town == "A") + rng.normal(size=rows) > 0.3, "yes", "no")
    return pd.DataFrame({"x": x, "y": y, "town": town, "won": won})


def said(frame, target="won"):
    return {one.code: one for one in sw.advise(frame, target=target).findings}


@pytest.fixture(scope="module")
def plain():
    return sw.advise(people(), target="won")


def test_a_clean_table_has_notes_only(plain):
    assert {one.severity for one in plain.findings} == {"note"}
    assert {one.code for one in plain.findings} >= {"size.rows", "classes.imbalance", "learning.signal"}


def test_every_finding_has_a_figure_a_sentence_and_what_to_do(plain):
    for one in plain.findings:
        assert one.value.low <= one.value.value <= one.value.high
        assert one.sentence.endswith(".")
        assert one.remedy.endswith(".")
        assert one.figure


def test_the_gravest_findings_come_first_and_twice_the_same_is_said():
    frame = people().assign(copy=lambda rows: (rows["won"] == "yes").astype(int))
    one, two = (sw.advise(frame, target="won").to_json_value() for _ in range(2))
    assert json.dumps(one) == json.dumps(two)
    order = [SEVERITIES.index(found["severity"]) for found in one["findings"]]
    assert order == sorted(order)
    assert one["findings"][0]["code"] == "leak.copy"


@pytest.mark.parametrize("made", [lambda won: (won == "yes").astype(int), lambda won: won.map({"yes": "Y", "no": "N"})])
def test_the_target_in_another_spelling_is_a_copy(made):
    one = said(people().assign(code=lambda rows: made(rows["won"])))["leak.copy"]
    assert one.columns == ("code",)
    assert one.value.value == 1


def test_a_number_in_other_units_is_a_copy_and_a_sum_is_a_rule():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 100, size=(300, 3)), columns=list("abc"))
    celsius = (frame["a"] + 0.3 * frame["b"] + rng.normal(size=300)).round(1)
    found = said(frame.assign(celsius=celsius, fahrenheit=celsius * 1.8 + 32), "celsius")
    assert found["leak.copy"].columns == ("fahrenheit",)
    found = said(frame.assign(total=frame["a"] + frame["b"] + frame["c"]), "total")
    assert set(found["leak.rule"].columns) == {"a", "b", "c"}


def test_a_column_on_which_nearly_all_skill_hangs_is_suspected_to_be_known_too_late():
    rng = np.random.default_rng(9)
    frame = people(1_000)
    frame["y"] = (frame["x"] / 2 + rng.normal(size=1_000)).round(3)
    frame["score"] = (frame["y"] * 3 + rng.normal(size=1_000) * 1.2).round(3)
    one = said(frame[["x", "town", "score"]].assign(late=frame["y"] * 3), "score")["leak.dominant"]
    assert one.columns == ("late",)
    assert one.severity == "warn"
    assert one.value.low > 0.3


def test_a_gap_that_hangs_on_the_target_is_told_with_both_shares():
    frame = people(2_000)
    rng = np.random.default_rng(1)
    gap = rng.random(2_000) < np.where(frame["won"] == "yes", 0.24, 0.12)
    one = said(frame.assign(y=frame["y"].where(~gap)))["gaps.telling"]
    assert one.columns == ("y",)
    assert one.severity == "note"
    share = (frame["won"] == "yes").mean()
    with_gap, without = (
        share * 0.24 / (share * 0.24 + (1 - share) * 0.12),
        share * 0.76 / (share * 0.76 + (1 - share) * 0.88),
    )
    sign = 1 if "= yes" in one.figure else -1
    assert one.value.low < sign * (with_gap - without) < one.value.high


def test_a_gap_that_knows_nothing_of_the_target_is_no_finding():
    rng = np.random.default_rng(1)
    frame = people(2_000)
    found = said(frame.assign(y=frame["y"].where(rng.random(2_000) > 0.2)))
    assert "gaps.telling" not in found
    assert found["gaps.share"].value.value == pytest.approx(0.2 / 4, abs=0.01)


def test_a_column_that_is_filled_in_for_one_outcome_only_is_a_leak_and_left_out():
    frame = people().assign(refund=lambda rows: rows["x"].abs().where(rows["won"] == "yes"))
    advice = sw.advise(frame, target="won")
    (one,) = (one for one in advice.findings if one.severity == "stop")
    assert (one.code, one.columns) == ("leak.gap", ("refund",))
    assert "refund" not in advice.schema


def test_copies_are_told_from_coincidences_of_few_values():
    frame = people()
    copied = said(pd.concat([frame, frame.head(100)], ignore_index=True))["repeats.rows"]
    assert copied.severity == "warn"
    assert copied.value.value == pytest.approx(0.2)
    coarse = said(pd.DataFrame({"town": frame["town"], "up": frame["x"] > 0, "won": frame["won"]}))
    assert coarse["repeats.rows"].severity == "note"
    assert "coarse table" in coarse["repeats.rows"].remedy


def test_conflicting_labels_are_counted():
    """40 rows stand there again with the other label: 80 rows have a twin, and 40 answers have to be wrong."""
    frame = people()
    turned = frame.head(40).assign(won=lambda rows: rows["won"].map({"yes": "no", "no": "yes"}))
    one = said(pd.concat([frame, turned], ignore_index=True))["repeats.conflicts"]
    assert one.value.value == pytest.approx(80 / 440)
    assert "wrong in 40 of them" in one.sentence
    assert one.severity == "warn"


def test_the_correlation_within_groups_is_that_of_the_analysis_of_variance():
    """Groups (1, 2), (3, 5), (8, 8) by hand: mean squares 18.5 and .8333, so (18.5 - .8333) / (18.5 + .8333)."""
    one = intraclass(np.array([1.0, 2, 3, 5, 8, 8]), np.array([0, 0, 1, 1, 2, 2]))
    between = (2 * (1.5 - 4.5) ** 2 + 2 * (4 - 4.5) ** 2 + 2 * (8 - 4.5) ** 2) / 2
    within = (0.5 + 2 + 0) / 3
    assert one.value == pytest.approx((between - within) / (between + within))
    assert one.low < one.value < one.high


def test_the_interval_of_the_correlation_within_groups_holds_it():
    """True correlation .2, 40 groups of 10; in 400 draws a 95 % interval misses more than 36 times once in 300."""
    rng = np.random.default_rng(0)
    codes, missed = np.repeat(np.arange(40), 10), 0
    for _ in range(400):
        one = intraclass(0.5 * rng.normal(size=40)[codes] + rng.normal(size=400), codes)
        missed += not one.low <= 0.2 <= one.high
    assert missed <= 36


def test_rows_in_the_order_of_a_slow_process_are_told_without_a_time_column():
    rng = np.random.default_rng(0)
    slow = np.convolve(rng.normal(size=1_020), np.ones(21) / 4.6, mode="valid").round(3)
    frame = pd.DataFrame({"x": rng.normal(size=1_000).round(3), "level": slow})
    one = said(frame, "level")["order.rows"]
    assert one.severity == "warn"
    assert one.value.low > 0.8
    assert "order.rows" not in said(frame.sample(frac=1, random_state=0), "level")


def test_rows_sorted_by_the_target_are_no_time_series():
    one = said(people().sort_values("won"))["order.sorted"]
    assert one.severity == "note"


def test_what_is_lost_on_later_rows_is_told():
    """The rule turns round in the last quarter: a model of the earlier rows is worse than none there."""
    frame = people(1_200)
    frame["won"] = np.where((frame["x"] > 0) ^ (np.arange(1_200) >= 900), "yes", "no")
    frame["day"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(1_200), unit="h")
    one = said(frame)["order.drift"]
    assert one.severity == "warn"
    assert one.value.low > 0.3
    assert sw.advise(frame, target="won").schema["day"].role == "time"


def test_a_date_of_birth_is_no_order_of_rows():
    frame = people()
    frame["birth_date"] = pd.Timestamp("1960-01-01") + pd.to_timedelta(np.argsort(frame["x"]) * 10, unit="D")
    assert not {one for one in said(frame) if one.startswith("order")}


def test_events_of_users_are_told_to_be_histories():
    rng = np.random.default_rng(0)
    frame = people(600).assign(user_id=rng.integers(1, 61, 600))
    frame["when"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 10**7, 600), unit="s")
    advice = sw.advise(frame, target="won")
    one = next(one for one in advice.findings if one.code == "kind.behaviour")
    assert one.value.value == pytest.approx(10)
    assert one.columns == ("user_id", "when")
    assert advice.conclusion.outlook == "unlikely"


def test_graded_lists_are_told_to_be_ranking():
    rng = np.random.default_rng(0)
    frame = people(600)[["x", "y"]].assign(query_id=np.repeat(np.arange(60), 10))
    frame["relevance"] = rng.integers(0, 5, 600)
    one = said(frame, "relevance")["kind.ranking"]
    assert one.value.value == pytest.approx(10)
    assert "NDCG" in one.remedy


def test_the_slice_that_is_left_to_chance_is_found():
    frame = people(2_000)
    rng = np.random.default_rng(3)
    clear = np.where(frame["x"] > 0, "yes", "no")
    odd = (frame["town"] == "C") & (frame["y"] > 0.8)
    frame["won"] = np.where(odd, rng.choice(["yes", "no"], 2_000), clear)
    one = next(one for one in sw.advise(frame, target="won").findings if one.code == "slices.error")
    assert set(one.columns) == {"town", "y"}
    assert "town = C" in one.sentence
    assert one.value.low > 0.3


def test_labels_that_hardly_any_row_has_are_counted():
    frame = people()
    frame.loc[:6, "town"] = "D"
    one = said(frame)["slices.labels"]
    assert one.value.value == pytest.approx(7 / 400)


def test_a_curve_that_halves_its_steps_is_seen_to():
    assert _shrinking(np.array([0.5, 0.7, 0.8, 0.85])) == 0.5
    assert _shrinking(np.array([0.5, 0.6, 0.7, 0.8])) == 0.99
    assert _shrinking(np.array([0.8, 0.79, 0.78, 0.77])) == 1  # nothing is assumed of a curve that falls


def test_without_a_target_only_structure_is_looked_at():
    advice = sw.advise(people())
    assert advice.target is None
    assert not [one for one in advice.findings if one.code.startswith(("learning", "leak", "classes"))]
    assert advice.conclusion.commands == ("synthwright advise DATA --target COLUMN",)
    assert "no target is named" in advice.sentence
    assert advice.not_looked_at[0].startswith("everything that needs a target")


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (["same"] * 300, "target.constant"),
        ([f"note {at} on what happened that day" for at in range(300)], "target.kind"),
        ([None] * 290 + ["yes", "no"] * 5, "target.unknown"),
        ([f"K{at % 150}" for at in range(1_500)], "target.classes"),
    ],
)
def test_a_target_that_nothing_can_be_predicted_from_is_said_to_be_one(target, code):
    frame = people(len(target)).assign(won=target)
    advice = sw.advise(frame, target="won")
    assert advice.findings[0].code == code
    assert advice.findings[0].severity == "stop"
    assert advice.conclusion.outlook == "not yet"


def test_odd_tables_are_advised_on_without_an_accident():
    frame = people()
    odd = {
        "only a target": frame[["won"]],
        "huge numbers": frame.assign(x=frame["x"] * 1e300, won=frame["y"] * 1e305),
        "tiny numbers": frame.assign(won=frame["y"] * 1e-300),
        "an empty column": frame.assign(none=np.nan),
        "one row per class": frame.assign(won=["a", "b"] + ["c"] * 398),
        "eight rows": frame.head(8),
        "thirty rows": frame.head(30),
        "rare labels only": frame.head(40).assign(town=[f"T{at}" for at in range(40)]),
    }
    for what, table in odd.items():
        advice = sw.advise(table, target="won")
        assert advice.sentence, what
        assert json.dumps(advice.to_json_value(), allow_nan=False), what
        assert str(advice), what


def test_a_table_without_rows_and_an_unknown_target_are_refused():
    for nothing in (people().head(0), sw.read(people(), target="won").head(0)):
        with pytest.raises(BadInput, match="no rows"):
            sw.advise(nothing, target="won")
    with pytest.raises(UnknownName, match="no column called 'lost'"):
        sw.advise(people(), target="lost")


def test_names_of_columns_do_not_break_the_text():
    frame = people().rename(columns={"x": "a\nb" * 50})
    text = str(sw.advise(frame, target="won"))
    assert "a\nb" not in text

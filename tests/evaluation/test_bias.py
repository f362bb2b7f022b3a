"""Sensitive groups: planted imbalances are seen, fresh rows are not accused, answers agree with a count by hand."""

import numpy as np
import pytest
from planted_groups import GROUPS, applicants
from planted_learnable import changed, said, told

import synthwright as sw
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, UsageError
from synthwright.evaluation._groups.sensitive import groupings
from synthwright.evaluation._learners.task import task_of
from synthwright.evaluation.bias.dependence import Dependence
from synthwright.evaluation.bias.disparities import Disparities
from synthwright.evaluation.bias.outcomes import Outcomes
from synthwright.evaluation.bias.representation import Representation
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.diversity.coverage import Coverage
from synthwright.evaluation.fairness_frame import fairness_frame
from synthwright.evaluation.fidelity.column_shapes import ColumnShapes
from synthwright.evaluation.measurement import Skipped
from synthwright.gates.presets import load_gates, preset_names

METRICS = [Representation(), Outcomes(), Dependence(), Disparities()]
TRAIN, FRESH, HOLDOUT = applicants(3_000, 1), applicants(3_000, 2), applicants(1_000, 3)


def small(sex, hired, age=None):
    columns = [
        Column(name="sex", kind="categorical", categories=("F", "M"), role="sensitive"),
        Column(name="hired", kind="categorical", categories=("no", "yes"), role="target"),
    ]
    return Table.of(Schema(tuple(columns)), {"sex": np.array(sex, np.int32), "hired": np.array(hired, np.int32)})


def divided(women, hired_women, men, hired_men):
    sex = np.repeat([0, 1], [women, men])
    hired = np.concatenate([np.arange(women) < hired_women, np.arange(men) < hired_men])
    return small(sex, hired)


def test_representation_by_hand():
    """Train: 60 women of 200. Made: 20 of 200. (20.5 / 200) / (60.5 / 200) = .339; men 180.5 / 140.5 = 1.285."""
    found = said(Representation(), divided(60, 15, 140, 70), divided(20, 5, 180, 90))["bias.representation"]
    assert found.estimate.value == pytest.approx(20.5 / 60.5)
    assert found.parts["sex=F"].value == pytest.approx(20.5 / 60.5)
    assert found.parts["sex=M"].value == pytest.approx(180.5 / 140.5)
    assert list(found.parts) == ["sex=F", "sex=M"]


def test_outcomes_by_hand():
    """Train: 15 of 60 and 70 of 140; made: 5 of 50 and 90 of 150. Gaps -.15 and .1, parity .5 against .25."""
    found = said(Outcomes(), divided(60, 15, 140, 70), divided(50, 5, 150, 90))
    assert found["bias.outcomes"].estimate.value == pytest.approx(0.15)
    assert {name: part.value for name, part in found["bias.outcomes"].parts.items()} == pytest.approx(
        {"sex=F": -0.15, "sex=M": 0.1}
    )
    parity = found["bias.outcomes.parity"]
    assert (parity.estimate.value, parity.target) == pytest.approx((0.5, 0.25))
    assert parity.parts["sex=M above sex=F"].value == pytest.approx(0.25)


def test_the_ceiling_of_gaps_is_brought_to_the_synthetic_size():
    """A holdout of 100 rows, gap .25, beside 200 train and 200 synthetic ones: sqrt(.01 / .015) of it."""
    tables = divided(60, 15, 140, 70), divided(60, 15, 140, 70), divided(30, 15, 70, 35)
    assert said(Outcomes(), *tables)["bias.outcomes"].holdout.value == pytest.approx(0.25 * np.sqrt(2 / 3))


def test_a_gap_that_other_columns_explain_is_no_dependence():
    """Being hired follows x, and x follows sex: rates differ by more than .1, within strata of the score by little."""
    outcomes, left = said(Outcomes(), TRAIN, FRESH, HOLDOUT), said(Dependence(), TRAIN, FRESH, HOLDOUT)
    assert outcomes["bias.outcomes.parity"].estimate.value > 0.1
    assert abs(left["bias.dependence.strongest"].parts["sex=M"].value) < 0.06


def test_a_direct_effect_added_to_the_rows_is_dependence():
    left = said(Dependence(), TRAIN, applicants(3_000, 2, gap=1.2), HOLDOUT)
    assert left["bias.dependence"].excess.low > 0.02
    assert left["bias.dependence"].parts["sex=M"].low > 0.1


def test_a_minority_made_five_times_too_rarely_is_flagged_while_overall_scores_stay_high():
    """Oracle 22."""
    made = applicants(3_000, 2, minority=0.016)
    found = said(Representation(), TRAIN, made, HOLDOUT)["bias.representation"]
    assert found.estimate.value == pytest.approx(0.2, abs=0.08)
    assert found.estimate.high < 0.8  # the gate's bound
    assert found.excess.high < -0.3
    assert "origin=c" in next(iter(found.parts))
    assert said(Coverage(), TRAIN, made, HOLDOUT)["diversity.coverage"].excess.low > -0.15  # its gate passes
    assert said(ColumnShapes(), TRAIN, made, HOLDOUT)["fidelity.column_shapes"].excess.high < 0.03


def test_a_model_of_skewed_rows_treats_groups_more_unequally():
    skewed = said(Disparities(), TRAIN, applicants(3_000, 2, gap=1.5), HOLDOUT)
    assert skewed["bias.disparities.demographic_parity"].excess.low > 0.05
    assert skewed["bias.disparities.equalized_odds"].excess.low > 0.0


def test_fresh_rows_are_not_accused():
    """25 tables of unequal sizes, 8 figures: with true coverage of .95, 6 misses of one figure happen once in 800."""
    misses, shares = {}, {}
    for seed in range(25):
        tables = [applicants(rows, 3 * seed + at) for at, rows in enumerate((600, 1_200, 400))]
        for metric in METRICS:
            for name, found in said(metric, *tables, seed=seed).items():
                misses[name] = misses.get(name, 0) + (not found.excess.low <= 0 <= found.excess.high)
                shares.setdefault(name, []).append(found.excess.value)
    assert max(misses.values()) < 6, misses
    assert len(misses) == 8
    for name, values in shares.items():
        assert abs(np.mean(values)) < 4 * np.std(values) / 5, name


def test_disparities_are_those_counted_from_the_answers():
    """Selection and error rates per group, and their largest differences, as fairlearn defines them."""
    comparison = Comparison(TRAIN, applicants(3_000, 2, gap=1.0), HOLDOUT)
    frame = fairness_frame(comparison)
    sex = frame.sensitive_features["sex"]
    by_sex = [sex == "F", sex == "M"]
    parity = {}
    for name, called in (("made", frame.y_pred), ("real", frame.y_pred_real)):
        rates = [called[group].mean() for group in by_sex]
        parity[name] = max(rates) - min(rates)
    found = said(Disparities(), TRAIN, applicants(3_000, 2, gap=1.0), HOLDOUT)["bias.disparities.demographic_parity"]
    assert found.parts["sex"].value == pytest.approx(parity["made"] - parity["real"])
    assert set(np.unique(frame.y_true)) == {0.0, 1.0}
    assert frame.positive == "yes"
    assert np.mean(frame.y_pred == frame.y_true) > 0.6
    assert len(frame.y_score) == len(HOLDOUT) == len(frame.sensitive_features["origin"])


def test_groups_below_fifty_train_rows_are_not_spoken_of():
    groups = groupings(Comparison(applicants(400, 1), FRESH))
    labels = [label for grouping in groups for label in grouping.labels]
    assert not any("origin=c" in label for label in labels)
    assert {"sex=F", "sex=M", "origin=a", "origin=b", "sex=F, origin=a"} <= set(labels)


def test_crossed_groups_hold_the_rows_that_are_in_both_the_missing_ones_too():
    sex, origin = (TRAIN.levels(name) for name in ("sex", "origin"))
    sex = np.where(np.arange(len(sex)) % 2 == 0, -1, sex).astype(np.int32)
    crossed = next(one for one in groupings(Comparison(changed(TRAIN, sex=sex), FRESH)) if len(one.columns) == 2)
    member = crossed.of("train")
    counted = np.bincount(member[member >= 0], minlength=len(crossed)).tolist()
    assert dict(zip(crossed.labels, counted, strict=True)) == {
        f"{one}, origin={other}": int(((sex == at) & (origin == place)).sum())
        for at, one in ((-1, "sex missing"), (0, "sex=F"), (1, "sex=M"))
        for place, other in enumerate("abc")
        if ((sex == at) & (origin == place)).sum() >= 50
    }


def test_three_sensitive_columns_are_crossed_two_by_two_and_all_at_once():
    codes = np.array(np.meshgrid(range(2), range(2), range(2), range(60))).reshape(4, -1)[:3].astype(np.int32)
    columns = [Column(name=name, kind="boolean", role="sensitive") for name in "abc"]
    cells = dict(zip("abc", codes, strict=True))
    table = Table.of(Schema((*columns, Column(name="x", kind="float"))), {**cells, "x": codes[0] * 1.0})
    found = groupings(Comparison(table, table))
    assert [one.columns for one in found] == [*map(tuple, ("a", "b", "c", "ab", "ac", "bc", "abc"))]
    assert len(found[-1]) == 8


def test_numbers_are_divided_at_quarters_and_named_without_values():
    age = np.random.default_rng(0).normal(40, 10, 400)
    schema = Schema((Column(name="age", kind="float", role="sensitive", missing=True), Column(name="x", kind="float")))
    table = Table.of(schema, {"age": np.where(np.arange(400) < 60, np.nan, age), "x": age})
    (grouping,) = groupings(Comparison(table, table))
    assert grouping.labels == ("age missing", "age 0 to 25 %", "age 25 to 50 %", "age 50 to 75 %", "age 75 to 100 %")
    assert np.bincount(grouping.of("train")).tolist() == [60, 85, 85, 85, 85]


def test_a_numeric_target_counts_in_standard_deviations():
    schema = Schema((GROUPS["sex"], Column(name="x", kind="float"), Column(name="pay", kind="float", role="target")))

    def paid(rows, seed, gap=0.0):
        rng = np.random.default_rng(seed)
        sex, x = (rng.random(rows) < 0.5).astype(np.int32), rng.normal(size=rows)
        return Table.of(schema, {"sex": sex, "x": x, "pay": 1_000 * (x + gap * sex + 0.1 * rng.normal(size=rows))})

    tables = paid(2_000, 1), paid(2_000, 2, gap=1.0), paid(1_000, 3)
    parity = said(Outcomes(), *tables)["bias.outcomes.parity"]
    assert abs(parity.estimate.value) == pytest.approx(1.0, abs=0.15)
    odds = told(Disparities(), *tables)["bias.disparities.equalized_odds"]
    assert isinstance(odds, Skipped)
    assert "no odds" in odds.reason


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: type(metric).__name__)
@pytest.mark.parametrize("rows", [1, 60])
def test_few_rows_give_a_reason_not_a_number(metric, rows):
    results = told(metric, applicants(rows, 1), applicants(rows, 2), applicants(rows, 3)).values()
    assert all(isinstance(one, Skipped) and one.reason for one in results)


def test_a_group_that_is_never_made_is_told_by_its_ratio():
    gone = changed(FRESH, origin=np.minimum(FRESH.levels("origin"), 1))
    found = said(Representation(), TRAIN, gone, HOLDOUT)["bias.representation"]
    assert found.estimate.high < 0.2
    assert said(Outcomes(), TRAIN, gone, HOLDOUT)["bias.outcomes"].estimate.value < 0.2


@pytest.mark.parametrize("preset", preset_names())
def test_bias_gates_warn_and_do_not_block(preset):
    bias = [gate for gate in load_gates(preset).gates if gate.metric.startswith("bias.")]
    assert {gate.metric for gate in bias} >= {"bias.representation", "bias.disparities.equalized_odds"}
    assert not any(gate.blocking for gate in bias)


def test_sensitive_columns_are_named_in_one_call():
    plain = [
        table.with_schema(Schema(tuple(Column(name=c.name, kind=c.kind, categories=c.categories) for c in GROUPS)))
        for table in (TRAIN, FRESH, HOLDOUT)
    ]
    train, fresh, holdout = (table.to_arrow() for table in plain)
    given = {"train": train, "synthetic": fresh, "holdout": holdout, "target": "hired"}
    report = sw.evaluate(**given, sensitive=["sex"], metrics=["bias.representation"])
    assert set(report["bias.representation"].parts) == {"sex=F", "sex=M"}
    assert "groups represented" in {gate.gate for gate in report.verdict.gates}
    assert len(report.fairness_frame().y_true) == len(task_of(report.comparison).y["holdout"])
    without = sw.evaluate(**given, metrics=["bias.representation"])
    assert "groups represented" in without.verdict.not_measured
    with pytest.raises(UsageError, match="role sensitive"):
        without.fairness_frame()
    with pytest.raises(BadInput, match="it has the role target"):
        sw.evaluate(**given, sensitive=["hired"], metrics=["bias.representation"])

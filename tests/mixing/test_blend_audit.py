"""Groups before and after a blend: rates by pencil, intervals that are paired, and warnings where a gap grew."""

from dataclasses import replace

import numpy as np
import pytest

import synthwright as sw
from synthwright.evaluation.alignment import align
from synthwright.evaluation.blend_audit import audit


def rows(counts, seed=0):
    """(group, rows, positives) as a table with a feature that tells nothing."""
    rng = np.random.default_rng(seed)
    group, won = [], []
    for name, n, positive in counts:
        group += [name] * n
        won += ["yes"] * positive + ["no"] * (n - positive)
    order = rng.permutation(len(group))
    table = sw.read(
        {"g": np.array(group)[order], "x": rng.normal(size=len(group)).round(3), "won": np.array(won)[order]},
        target="won",
    )
    return table.with_schema(table.schema.with_sensitive(["g"]))


def change(found, figure="outcome gap"):
    return next(one for one in found.changes if one.figure == figure)


REAL = rows([("a", 200, 100), ("b", 100, 10)])


def test_rates_of_a_mix_are_those_of_all_its_rows():
    """b: 10 of 100 and 0 of 100 are 10 of 200; a stays at a half. The gap was 0.4 and is 0.45."""
    found = audit(align(REAL, rows([("a", 10, 5), ("b", 100, 0)])))
    gap = change(found)
    assert (gap.before.value, gap.after.value) == (pytest.approx(0.4), pytest.approx(0.45))
    assert gap.change.value == pytest.approx(0.05)
    (even,) = found.evenness
    assert (even.before, even.after) == (0.5, round(200 / 210, 3))


def test_synthetic_rows_alone_count_alone():
    found = audit(align(REAL, rows([("a", 10, 5), ("b", 100, 40)])), with_real=False)
    assert change(found).after.value == pytest.approx(0.1)
    assert found.evenness[0].after == 0.1


def test_a_change_is_paired_over_the_real_rows():
    """Synthetic rows with the same rates: the gap is known to .1, its change to a few hundredths."""
    gap = change(audit(align(REAL, rows([("a", 20, 10), ("b", 120, 12)]))))
    assert gap.before.high - gap.before.low > 0.15
    assert gap.change.high - gap.change.low < 0.5 * (gap.before.high - gap.before.low)
    assert not gap.widened


def test_rows_that_widen_a_gap_are_found_out_and_told():
    """As many women as men, and none of the new ones has won."""
    made = sw.blend(REAL, rows([("b", 400, 0)]), balance="g", sensitive=["g"], short="return")
    assert made.told["lacking"] == {"g=b, won=yes": 10}
    told = " ".join(made.warnings)
    assert "Between the groups of g the gap of outcomes is larger than without synthetic rows: 0.4" in told
    assert "Balancing was to mend this" in told


def test_models_are_compared_on_the_holdout():
    """Synthetic rows in which nobody of b ever wins make a model select fewer of them."""
    rng = np.random.default_rng(0)

    def people(n, seed):
        draw = np.random.default_rng(seed)
        group, x = draw.choice(["a", "b"], n), draw.normal(size=n)
        won = np.where(x + draw.normal(0, 0.5, n) > 0, "yes", "no")
        return sw.read({"g": group, "x": x.round(3), "won": won}, target="won", schema=None)

    real, unseen = people(400, 1), people(1_000, 2)
    fake = people(1_200, 3).to_pandas()
    fake.loc[fake["g"] == "b", "won"] = "no"
    fake.loc[rng.permutation(len(fake))[:20], "won"] = "yes"
    made = sw.blend(real, fake, ratio=2, sensitive=["g"], holdout=unseen, short="return")
    found = {one["figure"]: one for one in made.told["audit"]["changes"]}
    assert set(found) == {"outcome gap", "demographic parity", "equalized odds", "calibration"}
    assert found["demographic parity"]["change"]["low"] > 0.05
    assert found["demographic parity"]["widened"]
    assert any("selection rates" in sentence for sentence in made.warnings)


def test_blends_that_change_nothing_are_seldom_warned_of():
    """Fresh rows of the same kind: of 60 audits at most 4 (2.5 % are expected; more than 4 come once in 60)."""

    def fresh(n, seed):
        rng = np.random.default_rng(seed)
        group = rng.choice(["a", "b", "c"], n)
        won = rng.random(n) < np.where(group == "a", 0.5, 0.3)
        return rows([(one, int((group == one).sum()), int(won[group == one].sum())) for one in "abc"], seed)

    warned = sum(
        any(one.widened for one in audit(align(fresh(400, 2 * seed), fresh(400, 2 * seed + 1))).changes)
        for seed in range(60)
    )
    assert warned <= 4


def test_tables_without_groups_say_so():
    real = REAL.with_schema(REAL.schema.with_target("won").replacing(replace(REAL.schema["g"], role="feature")))
    assert "audit" not in sw.blend(real, rows([("a", 100, 50), ("b", 100, 10)]), ratio=0.1).told
    few = sw.blend(REAL.head(60), rows([("a", 100, 50), ("b", 100, 10)]), ratio=0.1, sensitive=["g"])
    assert few.told["audit"]["reason"] == "no two groups of g have 50 rows of train each"

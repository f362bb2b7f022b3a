"""Rows chosen by weight are those that the weight is for, on tables in which it is known which these are."""

import numpy as np
import pytest

import synthwright as sw
from synthwright.canonical import to_json


def table(x, y, **more):
    return sw.read({"x": x.round(4), **{name: one.round(4) for name, one in more.items()}, "y": y}, target="y")


def yes(mask):
    return np.where(mask, "yes", "no")


def blended(real, pool, select, ratio=0.5):
    made = sw.blend(real, pool, ratio=ratio, select=select, seed=1)
    frame = made.to_pandas()
    return frame[frame["source"] != "real"], made.told


def test_density_takes_the_candidates_that_look_like_real_rows():
    """Half of the candidates are 3 standard deviations away: of an even choice half would be."""
    rng = np.random.default_rng(0)
    x, near, far = rng.normal(0, 1, 600), rng.normal(0, 1, 600), rng.normal(3, 1, 600)
    made = np.concatenate([near, far])
    real, pool = table(x, yes(rng.random(600) < 0.5)), table(made, yes(rng.random(1_200) < 0.5))
    rows, told = blended(real, pool, "density")
    assert rows["x"].mean() < 0.75
    assert blended(real, pool, "stratified")[0]["x"].mean() == pytest.approx(1.5, abs=0.35)
    assert told["selection"]["told_apart"] > 0.6
    assert told["selection"]["effective"] < 1_000
    assert "discriminator" in told["selection"]["sentence"]


def test_uncertainty_takes_rows_near_the_border_of_classes():
    rng = np.random.default_rng(1)
    x, made = rng.uniform(-3, 3, 800), rng.uniform(-3, 3, 1_600)
    real = table(x, yes(x + rng.logistic(0, 0.3, 800) > 0))
    rows, _ = blended(real, table(made, yes(made > 0)), "uncertainty")
    assert np.abs(rows["x"]).mean() < 1.1  # an even choice: 1.5


def test_minority_takes_rows_where_the_rare_class_lives():
    rng = np.random.default_rng(2)
    x, made = rng.uniform(-3, 3, 800), rng.uniform(-3, 3, 1_600)
    real = table(x, yes((x > 2) & (rng.random(800) < 0.6)))
    rows, _ = blended(real, table(made, yes(made > 2.4)), "minority")
    no = rows[rows["y"] == "no"]["x"]
    assert np.mean(no > 2) > 0.2  # an even choice among the frequent class: 0.07


@pytest.mark.parametrize("numeric", [False, True])
def test_hard_takes_rows_where_a_model_of_real_rows_errs(numeric):
    """Where z is above 0 the target is noise; elsewhere x decides it."""
    rng = np.random.default_rng(3)
    (x, z), (made, there) = rng.uniform(-3, 3, (2, 800)), rng.uniform(-3, 3, (2, 1_600))
    noise = rng.normal(0, 3, 800)
    y = np.where(z > 0, noise, x)
    real = table(x, y.round(3) if numeric else yes(y > 0), z=z)
    pool = table(made, made.round(3) if numeric else yes(made > 0), z=there)
    rows, told = blended(real, pool, "hard")
    assert np.mean(rows["z"] > 0) > 0.6
    assert told["selection"]["mean_error"] > 0.1


@pytest.mark.parametrize("select", ["density", "uncertainty", "minority", "hard"])
def test_counts_are_exact_and_choices_repeat_whatever_rows_are_chosen_by(select):
    rng = np.random.default_rng(4)
    x, made = rng.normal(size=100), rng.normal(size=300)
    real, pool = table(x, yes(rng.random(100) < 0.3)), table(made, yes(rng.random(300) < 0.5))
    one, two = (sw.blend(real, pool, ratio=1, select=select, seed=5) for _ in range(2))
    assert one.table.digest() == two.table.digest()
    assert to_json(one.told) == to_json(two.told)
    wanted = sum(value == "yes" for value in real.data["y"].to_pylist())
    (listed,) = one.told["groups"].values()
    assert {group["label"]: group["added"] for group in listed} == {"y=yes": wanted, "y=no": 100 - wanted}
    assert one.told["selection"]["by"] == select

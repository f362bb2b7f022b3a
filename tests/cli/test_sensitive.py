"""Sensitive columns named on the command line."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from synthwright.cli.main import app
from synthwright.cli.options import columns_of


@pytest.mark.parametrize(
    ("text", "names"), [(None, ()), ("sex", ("sex",)), ("sex, race,", ("sex", "race")), (" , ", ())]
)
def test_columns_are_separated_by_commas(text, names):
    assert columns_of(text) == names


def test_evaluate_compares_the_groups_of_the_columns_named(tmp_path):
    rng = np.random.default_rng(0)
    for name, share in (("train", 0.4), ("made", 0.1)):
        sex = np.where(rng.random(400) < share, "F", "M")
        rows = "\n".join(f"{one},{value:.3f}" for one, value in zip(sex, rng.normal(size=400), strict=True))
        (tmp_path / f"{name}.csv").write_text(f"sex,x\n{rows}\n", encoding="utf-8")
    files = ["--train", str(tmp_path / "train.csv"), "--synthetic", str(tmp_path / "made.csv")]
    told = CliRunner().invoke(
        app, ["evaluate", *files, "--sensitive", "sex", "--metric", "bias.representation", "--json"]
    )
    (found,) = json.loads(told.stdout)["measurements"]
    assert found["metric"] == "bias.representation"
    assert found["value"] < 0.4
    assert set(found["parts"]) == {"sex=F", "sex=M"}

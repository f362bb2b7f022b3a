"""`synthwright review`: a sheet out, verdicts in, one clear error for everything else."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest

from synthwright import files
from synthwright.pipeline.manifest import verify


@pytest.fixture
def run(call, here):
    """A run that waits for its review, in the folder `stays`."""
    rng, rows = np.random.default_rng(0), 400
    age = rng.integers(0, 90, rows)
    ward = np.where(age < 16, "children", np.where(rng.random(rows) < 0.5, "surgery", "maternity"))
    lines = [f"{one},{where},{nights}\n" for one, where, nights in zip(age, ward, rng.poisson(3, rows), strict=True)]
    files.write_text(here / "stays.csv", "age,ward,nights\n" + "".join(lines))
    said = call(
        "run", "stays.csv", "--target", "ward", "--method", "tabular.bayes_network", "--metric",
        "fidelity.column_shapes", "--gates", "loose.yaml", "--require-review", "--out", "stays",
    )  # fmt: skip
    assert said.code == 1
    assert "`synthwright review export stays`, then `synthwright review import stays FILE`" in said.err
    return here / "stays"


def fill(run, here, *, planted="bad"):
    key = json.loads(next((run / "private" / "review").glob("sheet-*.json")).read_text())
    lines = list(csv.reader(io.StringIO((here / "stays-review" / "verdicts.csv").read_text(encoding="utf-8-sig"))))
    for line in lines[1:]:
        line[1] = planted if key["rows"][int(line[0]) - 1]["kind"] == "planted" else "good"
    lines[1][2] = "=HYPERLINK()"
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(lines)
    files.write_text(here / "ann.csv", text.getvalue())


def test_a_reviewed_run_is_released_by_two_commands(call, here, run):
    said = call("review", "export", "stays")
    assert said.code == 0
    assert said.out.split() == ["stays-review/review.html", "stays-review/verdicts.csv"]
    assert "120 rows to judge, 24 of them wrong on purpose" in said.err
    fill(run, here)
    said = call("review", "import", "stays", "ann.csv")
    assert said.code == 0
    assert "24 of 24" in said.out
    assert "PASS" in said.err
    assert (run / "synthetic.parquet").is_file()
    assert verify(run) == []
    assert call("verify", "stays").code == 0


def test_json_says_what_was_found_and_the_code_that_rows_are_withheld(call, here, run):
    made = json.loads(call("review", "export", "stays", "--rows", "60", "--seed", "3", "--json").out)
    assert (made["rows"], made["planted"], made["good"]) == (60, 12, 0)
    fill(run, here, planted="good")
    said = call("review", "import", "stays", "ann.csv", "--json")
    found = json.loads(said.out)
    assert said.code == 1
    assert (found["verdict"], found["withheld"], found["bad_rate"]) == ("UNDECIDED", True, None)
    assert found["comments"][0]["text"] == "=HYPERLINK()"
    assert "The rows stay withheld" in said.err


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("review", "export", "nowhere"), 3, "no run to review"),
        (("review", "export", "stays", "--rows", "5"), 2, "30 to 5,000"),
        (("review", "export", "stays", "--out", "stays"), 2, "not empty"),
        (("review", "export", "stays", "--out", "stays/private/sheet"), 2, "inside the run"),
        (("review", "export", "stays", "--good", "people.csv"), 3, "does not have"),
        (("review", "import", "stays"), 2, "Missing argument"),
        (("review", "import", "stays", "none.csv"), 3, "no file none.csv"),
        (("review", "import", "stays", "people.csv"), 3, "no column called 'row'"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_error(call, here, run, arguments, code, told):
    said = call(*arguments)
    assert said.code == code
    assert told in said.err
    assert "Traceback" not in said.err
    assert not (here / "stays-review").exists()
    assert verify(run) == []


def test_the_group_and_its_verbs_have_help(call):
    assert "export" in call("review", "--help").out
    for verb in ("export", "import"):
        assert "DIR" in call("review", verb, "--help").out


def test_a_recipe_asks_for_a_review(call, here):
    files.write_text(here / "mine.yaml", "data: people.csv\nrequire_review: true\nmax_reject_rate: 0.2\n")
    assert "experts, who review a sample" in call("validate", "mine.yaml").out
    files.write_text(here / "mine.yaml", "data: people.csv\nrequire_review: maybe\nmax_reject_rate: 2\n")
    said = call("validate", "mine.yaml")
    assert said.code == 3
    assert "line 2" in said.err

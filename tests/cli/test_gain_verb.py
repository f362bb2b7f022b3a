"""`synthwright gain`: its options, its exit codes, and a page that is safe to open."""

import json

import pytest

ASKED = (
    "gain",
    "people.csv",
    "--target",
    "income",
    "--method",
    "tabular.independent",
    "--ratios",
    "0.5,1",
    "--seeds",
    "1",
)


def test_it_answers_as_data_and_in_a_folder_and_goes_on_there(call, here):
    first = call(*ASKED, "--learner", "linear", "--score", "balanced_accuracy", "--out", "gain", "--json")
    assert first.code == 0, first.err
    found = json.loads(first.out)
    assert found["score"] == "balanced_accuracy"
    assert set(found["real"]) == {"linear"}
    assert json.loads((here / "gain" / "gain.json").read_text()) == found
    again = call(*ASKED, "--learner", "linear", "--score", "average_precision", "--out", "gain", "--resume")
    assert again.code == 0, again.err
    assert "average_precision" in again.out
    assert "gain.html" in again.err
    assert json.loads((here / "gain" / "gain.json").read_text())["score"] == "average_precision"
    page = (here / "gain" / "gain.html").read_text()
    assert "rows added per real row" in page
    assert "class &lt;=50K" in page


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--resume",), 2, "--resume goes on in the folder of --out"),
        (("--learner", "forest"), 2, "no learner called 'forest'"),
        (("--learner", "none"), 2, "no learner"),
        (("--score", "nothing"), 2, "no score called 'nothing'"),
        (("--label-cost", "-1"), 2, "no price of a label"),
        (("--script", "no-such-program", "--learner", "none"), 3, "can't be started"),
        (("--script-timeout", "0", "--script", "x"), 2, "no time for a script"),
        (("--sensitive", "nobody"), 2, "nobody"),
        (("--group", "nobody"), 2, "nobody"),
        (("--method", "tabular.independent"), 2, "named twice"),
    ],
)
def test_each_problem_has_its_exit_code_one_message_and_leaves_nothing(call, here, options, code, told):
    before = sorted(path.name for path in here.iterdir())
    said = call(*ASKED, *options)
    assert said.code == code, said.err
    assert told in said.err
    assert "Traceback" not in said.err
    assert sorted(path.name for path in here.iterdir()) == before

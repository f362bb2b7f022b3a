"""`sample` under conditions: partial rows from a file, words for missing and present, and what was not found."""

import csv

import pytest

from synthwright.cli.main import main


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("conditions")
    rows = [
        ["age", "job", "pay"],
        *([20 + i % 40, "nurse" if i % 4 else "smith", "" if i % 5 == 0 else i % 7] for i in range(200)),
    ]
    with (folder / "people.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    assert (
        main(["fit", str(folder / "people.csv"), "--method", "tabular.bayes_network", "-o", str(folder / "model")]) == 0
    )
    return folder


def drawn(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_partial_rows_of_a_file_are_completed(model, tmp_path):
    (tmp_path / "rows.csv").write_text("age,job\n33,\n,smith\n41,nurse\n")
    out = tmp_path / "out.csv"
    assert main(["sample", str(model / "model"), "--given-file", str(tmp_path / "rows.csv"), "-o", str(out)]) == 0
    rows = drawn(out)
    assert [row["age"] for row in rows][::2] == ["33", "41"]
    assert [row["job"] for row in rows][1:] == ["smith", "nurse"]
    assert all(row["age"] and row["job"] for row in rows)


def test_words_say_missing_and_present(model, tmp_path):
    for word, gone in (("missing", True), ("present", False)):
        out = tmp_path / f"{word}.csv"
        assert main(["sample", str(model / "model"), "-n", "20", "--given", f"pay={word}", "-o", str(out)]) == 0
        assert all((row["pay"] == "") is gone for row in drawn(out))


@pytest.mark.parametrize(
    ("told", "code", "said"),
    [
        ([], 2, "how many rows"),
        (["--given-file", "nowhere.csv"], 2, "no file nowhere.csv"),
        (["-n", "3", "--given", "age=30.5"], 3, "30 and 31"),
        (["-n", "3", "--given", "age=30", "--short", "perhaps"], 2, "perhaps"),
    ],
)
def test_what_can_not_be_drawn_is_told(model, tmp_path, capsys, told, code, said):
    assert main(["sample", str(model / "model"), *told, "-o", str(tmp_path / "out.csv")]) == code
    assert said in capsys.readouterr().err

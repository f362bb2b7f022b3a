"""`synthwright oversample`: the real rows first, then new ones, as many as asked."""

from collections import Counter

import pytest

from synthwright.data.reading import read_table


def labels(path):
    return read_table(path).data["income"].to_pylist()


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_file_is_balanced(call, here, name):
    said = call("oversample", "people.csv", "--target", "income", "--set", "scale=std", "-o", name)
    assert said.code == 0, said.err
    before = labels("people.csv")
    after = labels(name)
    assert after[: len(before)] == before
    assert len(set(Counter(after).values())) == 1
    assert "the 400 real ones first" in said.err
    assert said.out == ""


def test_counts_and_ratios_can_be_asked_for(call, here):
    few, count = Counter(labels("people.csv")).most_common()[-1]
    base = ["oversample", "people.csv", "--target", "income", "--method", "tabular.noise"]
    assert call(*base, "--strategy", f"{few}={count + 9}", "-o", "a.csv").code == 0
    assert Counter(labels("a.csv"))[few] == count + 9
    assert call(*base, "--strategy", "0.5", "-o", "b.csv").code == 0
    found = Counter(labels("b.csv"))
    assert found[few] == int(0.5 * max(found.values()))


def test_one_seed_gives_the_same_bytes(call, here):
    for name, seed in (("a.parquet", 1), ("b.parquet", 1), ("c.parquet", 2)):
        call("oversample", "people.csv", "--target", "income", "--seed", seed, "-o", name)
    first, again, other = ((here / name).read_bytes() for name in ("a.parquet", "b.parquet", "c.parquet"))
    assert first == again != other


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--target", "incme"], 2, "Did you mean 'income'?"),
        (["--target", "age"], 3, "has one row"),
        (["--target", "income", "--method", "tabular.smote"], 3, "tabular.smote_nc"),
        (["--target", "income", "--method", "tabular.smot"], 2, "tabular.smote"),
        (["--target", "income", "--strategy", "most"], 2, "strategy"),
        (["--target", "income", "--strategy", "rich=9"], 2, "no class called 'rich'"),
        (["--target", "income", "--strategy", ">50K=many"], 2, "no number of rows"),
        (["--target", "income", "--set", "k_neighbors=4000"], 3, "k is larger than the class"),
    ],
)
def test_what_can_not_be_done_is_said_and_nothing_is_written(call, here, options, code, said):
    result = call("oversample", "people.csv", *options, "-o", "out.csv")
    assert result.code == code, result.err
    assert said in " ".join(result.err.split())
    assert not (here / "out.csv").exists()


def test_a_file_that_exists_is_left_alone(call, here):
    result = call("oversample", "people.csv", "--target", "income", "-o", "people.csv")
    assert result.code == 2
    assert "exists already" in result.err


def test_a_class_too_small_for_the_default_is_told_with_its_figure(call, here):
    rows = ["x,y", *(f"{at / 7:.3f},many" for at in range(40)), *(f"{at / 3:.3f},few" for at in range(4))]
    (here / "small.csv").write_text("\n".join(rows))
    result = call("oversample", "small.csv", "--target", "y", "-o", "out.csv")
    assert result.code == 0, result.err
    assert "'few' has 4 rows: 3 neighbours are used instead of 5" in " ".join(result.err.split())

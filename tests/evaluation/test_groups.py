"""Every group is compared with train's rows of that group; small groups are not blamed for being small."""

from dataclasses import replace

import numpy as np
import pytest
from planted_tables import measured_by, people, with_column

from synthwright.data.table import Table
from synthwright.evaluation._counts.marginals import marginals
from synthwright.evaluation._groups.grouping import groups_of, within
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.fidelity.column_shapes import ColumnShapes
from synthwright.evaluation.fidelity.groups import Groups
from synthwright.evaluation.measurement import Skipped


def sensitive(table, *names, role="sensitive"):
    return table.with_schema(table.schema.replacing(*(replace(table.schema[name], role=role) for name in names)))


def grouped(rows, seed, *names):
    return sensitive(people(rows, seed), *(names or ("grade", "member")))


def spoilt(table, hit):
    """`table` with the ages of the rows at `hit` put in another order among themselves, and 15 years added."""
    age = table.data["age"].to_numpy().copy()
    age[hit] = np.random.default_rng(0).permutation(age[hit]) + 15
    return with_column(table, "age", [age])


def test_groups_are_levels_and_their_pairs_with_support():
    comparison = Comparison(grouped(800, 1), grouped(800, 2), grouped(800, 3))
    names = [group.name for group in groups_of(comparison)]
    assert {"grade=low", "grade=middle", "grade=high", "member=True", "member=False"} <= set(names)
    assert "member=True, grade=high" in names
    assert all(len(group.rows["train"]) >= 50 for group in groups_of(comparison))
    few = Comparison(grouped(800, 1), grouped(60, 2), grouped(800, 3))
    assert all(len(group.rows["train"]) * 60 / 800 >= 50 for group in groups_of(few))


def test_numbers_make_quarters_of_train_and_missing_a_group_of_its_own():
    comparison = Comparison(grouped(1_000, 1, "income"), grouped(1_000, 2, "income"))
    sizes = [len(group.rows["train"]) for group in groups_of(comparison)]
    assert len(sizes) == 5
    assert sum(sizes) == 1_000
    assert max(sizes) < 300
    assert "income missing" in {group.name for group in groups_of(comparison)}


def test_a_group_is_compared_as_if_there_were_no_other():
    """Equal to the metric on the tables of that group alone, without the columns that make it."""
    tables = [grouped(600, seed, "member") for seed in (1, 2, 3)]
    comparison = Comparison(*tables)
    group = next(one for one in groups_of(comparison) if one.name == "member=True")
    alone = [
        table.take(np.flatnonzero(table.data["member"].to_numpy())).select([n for n in table.names if n != "member"])
        for table in tables
    ]
    expected = measured_by(ColumnShapes(), *alone)["fidelity.column_shapes"]
    trios = [one.shape for one in marginals(within(comparison, group))]
    assert np.mean([trio.synthetic.value for trio in trios]) == pytest.approx(expected.estimate.value, abs=1e-12)
    assert np.mean([trio.holdout.value for trio in trios]) == pytest.approx(expected.holdout.value, abs=1e-12)


def test_a_fault_in_one_small_group_is_seen_there_and_named_first():
    train, fresh, holdout = grouped(3_000, 1, "grade"), grouped(3_000, 2, "grade"), grouped(3_000, 3, "grade")
    hit = np.flatnonzero(np.array(fresh.data["grade"].to_pylist()) == "high")
    found = measured_by(Groups(), train, spoilt(fresh, hit), holdout)
    for measured in found.values():
        worst, part = next(iter(measured.parts.items()))
        assert worst == "grade=high"
        assert part.low > 0.03
        assert measured.excess.low > 0
        others = [one for name, one in measured.parts.items() if name != worst]
        assert all(one.low < 0.01 for one in others)


def test_fresh_rows_have_no_excess_in_groups_of_any_size():
    """14 tables, train 700, synthetic 1,500, holdout 250: a group of 60 holdout rows errs twice as much as train's."""
    excess = {name: [] for name in Groups.info.measures}
    for seed in range(14):
        tables = (grouped(rows, 3 * seed + at) for at, rows in enumerate((700, 1_500, 250)))
        for name, measured in measured_by(Groups(), *tables, seed=seed).items():
            excess[name].append(measured.excess.value)
            assert measured.holdout.value > 0.03
    for values in excess.values():
        assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(14)


def test_a_group_that_the_synthetic_table_lacks_errs_by_one():
    train, holdout = grouped(800, 1, "member"), grouped(800, 2, "member")
    fresh = grouped(800, 3, "member")
    gone = fresh.take(np.flatnonzero(~fresh.data["member"].to_numpy()))
    for tables in ((train, gone, holdout), (train, gone)):
        found = measured_by(Groups(), *tables)["fidelity.groups"]
        worst, part = next(iter(found.parts.items()))
        assert worst == "member=True"
        assert part.value > 0.9


def test_without_sensitive_columns_the_target_makes_the_groups():
    tables = [sensitive(people(600, seed), "grade", role="target") for seed in (1, 2, 3)]
    parts = measured_by(Groups(), *tables)["fidelity.groups"].parts
    assert set(parts) == {"grade=low", "grade=middle", "grade=high"}


def test_without_groups_it_says_why():
    for table, words in ((people(100, 1), "sensitive"), (grouped(40, 1, "grade"), "50 rows")):
        for result in Groups().measure(Comparison(table, table), None):
            assert isinstance(result, Skipped)
            assert words in result.reason


def test_with_one_column_beside_the_group_there_are_no_pairs():
    tables = [Table.select(grouped(400, seed, "member"), ["member", "age"]) for seed in (1, 2)]
    columns, together = Groups().measure(Comparison(*tables), None)
    assert columns.estimate.value >= 0
    assert isinstance(together, Skipped)

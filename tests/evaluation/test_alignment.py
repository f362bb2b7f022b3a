from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from planted_tables import PEOPLE, people, with_column

from synthwright.data.intake import SYNTHETIC_MARK
from synthwright.data.reading import read_table
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput
from synthwright.evaluation._aligning.overlap import shared_rows
from synthwright.evaluation.alignment import align

TRAIN, FRESH, HOLDOUT = people(600, 0), people(500, 1), people(300, 2)


def other(columns):
    """A table as another tool would write it: its own schema, inferred from its own values."""
    return read_table(pa.table(columns))


def disguised():
    """FRESH with other dtypes and another order of columns."""
    data = FRESH.data
    return {
        "grade": data["grade"].cast(pa.large_string()),
        "age": data["age"].cast(pa.float32()),
        "joined": data["joined"].cast(pa.string()),
        "city": data["city"].dictionary_encode(),
        "income": data["income"].cast(pa.string()),
        "member": pa.array(["True" if one else "False" for one in data["member"].to_pylist()]),
    }


def test_other_dtypes_and_column_order_change_nothing():
    plain = align(TRAIN, FRESH, HOLDOUT)
    odd = align(TRAIN, other(disguised()), HOLDOUT)
    assert odd.synthetic.names == TRAIN.names
    assert odd.synthetic.schema is odd.train.schema
    assert odd.synthetic.data.schema.types == TRAIN.data.schema.types
    for name in TRAIN.names:
        assert np.array_equal(odd.codes("synthetic").fine.column(name), plain.codes("synthetic").fine.column(name)), (
            name
        )


def test_missing_and_extra_columns_are_named():
    columns = {name: FRESH.data[name] for name in FRESH.names if name != "grade"} | {"wage": FRESH.data["income"]}
    with pytest.raises(BadInput, match=r"'grade'.*'wage'"):
        align(TRAIN, other(columns))


def test_an_extra_column_alone_is_refused():
    with pytest.raises(BadInput, match=r"Extra: 'wage'\."):
        align(TRAIN, other({name: FRESH.data[name] for name in FRESH.names} | {"wage": FRESH.data["income"]}))


def test_long_and_many_names_make_short_messages():
    columns = {f"{at}{'x' * 100_000}": pa.array([1.5, 2.5]) for at in range(20)}
    with pytest.raises(BadInput) as caught:
        align(TRAIN, other(columns))
    assert len(str(caught.value)) < 1_500
    assert "and 12 more" in str(caught.value)


def test_identifiers_may_be_left_out():
    schema = Schema((Column(name="id", kind="id"), *PEOPLE.columns), ("age >= 0",))
    train = Table(schema, TRAIN.data.add_column(0, "id", pa.array(range(600))))
    comparison = align(train, FRESH)
    assert comparison.train.names == PEOPLE.names
    assert comparison.schema.constraints == ("age >= 0",)
    assert align(train, train.take(np.arange(50))).train.names == schema.names


@pytest.mark.parametrize("empty", ["train", "synthetic", "holdout"])
def test_a_table_without_rows_is_refused(empty):
    tables = {"train": TRAIN, "synthetic": FRESH, "holdout": HOLDOUT}
    with pytest.raises(BadInput, match="no rows"):
        align(**{**tables, empty: tables[empty].head(0)})


def test_labels_that_train_lacks_stay_visible():
    """'town 0' is not 'city 0', however many there are; a reader is told before any figure."""
    cities = pa.array([city.replace("city", "town") for city in FRESH.data["city"].to_pylist()])
    comparison = align(TRAIN, with_column(FRESH, "city", cities))
    assert (comparison.codes("synthetic").fine.column("city") == comparison.cells("city").unseen).all()
    assert "100% of the cells hold labels that train does not have" in comparison.notes[0]


def test_fractions_in_a_column_of_integers_stay_visible():
    ages = pa.array(FRESH.numbers("age") + 0.5)
    assert align(TRAIN, with_column(FRESH, "age", ages)).synthetic.data["age"].type == pa.float64()


def test_numbers_where_train_has_text_and_text_where_train_has_numbers():
    """A label 1 stored as 1.0 by pandas is still 1; words among numbers are refused, with an example."""
    text = Schema((Column(name="code", kind="categorical", categories=("1", "20000000000")),))
    train = Table(text, pa.table({"code": ["1", "20000000000", "1"]}))
    floats = align(train, Table(text, pa.table({"code": pa.array([2e10, None, 1.0])})))
    assert floats.synthetic.data["code"].to_pylist() == ["20000000000", None, "1"]
    words = Table(text, pa.table({"code": ["True", "False"]}))
    assert align(words, Table(text, pa.table({"code": [False, True]}))).synthetic.data["code"].to_pylist() == [
        "False",
        "True",
    ]
    number = Schema((Column(name="code", kind="integer"),))
    words = Table(text, pa.table({"code": ["1", "many"]}))
    with pytest.raises(BadInput, match="many"):
        align(Table(number, pa.table({"code": [1, 2, 3]})), words)


def test_labels_stored_as_integers_meet_text_that_is_no_integer():
    codes = Schema((Column(name="code", kind="categorical", categories=(1, 2)),))
    train = Table(codes, pa.table({"code": [1, 2, 2]}))
    comparison = align(train, Table(codes, pa.table({"code": ["1", "unknown", "2"]})))
    assert comparison.codes("synthetic").fine.column("code").tolist() == [2, 3, 1]  # 2 is the more frequent label


def test_an_all_missing_column_fits_any_kind():
    nothing = with_column(FRESH, "age", pa.nulls(500, pa.string()))
    assert align(TRAIN, nothing).synthetic.data["age"].type == pa.int64()


def test_dates_that_are_none_are_refused():
    with pytest.raises(BadInput, match="no dates in column 'joined'"):
        align(TRAIN, with_column(FRESH, "joined", pa.array(range(500))))


def test_identifiers_alone_are_nothing_to_compare():
    schema = Schema((Column(name="id", kind="id"),))
    table = Table(schema, pa.table({"id": [1, 2]}))
    with pytest.raises(BadInput, match="nothing to compare"):
        align(table, table)


def test_a_holdout_that_shares_rows_with_train_is_refused_with_the_count():
    mixed = Table.concat([HOLDOUT, TRAIN.head(20)])
    with pytest.raises(BadInput, match="20 of its 320 rows"):
        align(TRAIN, FRESH, mixed)


def test_a_holdout_of_fresh_rows_is_accepted():
    assert align(TRAIN, FRESH, HOLDOUT).holdout is not None


def test_coincidence_between_rows_of_few_values_is_no_overlap():
    """Two coins have four rows: every holdout row is in train, and so is every train row's twin."""
    schema = Schema(tuple(Column(name=name, kind="categorical", categories=(0, 1)) for name in "ab"))

    def coins(rows, seed):
        a, b = np.random.default_rng(seed).integers(0, 2, (2, rows))
        return Table(schema, pa.table({"a": a, "b": b}))

    train, holdout = coins(500, 0), coins(200, 1)
    assert shared_rows(train, holdout) == (200, 500)
    assert align(train, coins(100, 2), holdout).holdout is not None


def test_innocent_holdouts_are_never_refused_where_rows_repeat():
    """100 tables in which about a third of rows has a twin: at one false alarm in a million, none."""
    schema = Schema((Column(name="n", kind="integer"),))
    for seed in range(100):
        draws = np.random.default_rng(seed).zipf(1.3, 900)
        numbers = Table(schema, pa.table({"n": np.minimum(draws, 10**6) + np.arange(900) % 3 * 10**7}))
        align(numbers.head(600), numbers.head(5), numbers.take(np.arange(600, 900)))


def test_a_holdout_with_our_mark_is_refused():
    marked = HOLDOUT.data.replace_schema_metadata({SYNTHETIC_MARK: b"{}"})
    with pytest.raises(BadInput, match="synthetic rows"):
        align(TRAIN, FRESH, Table(HOLDOUT.schema, marked))
    with pytest.raises(BadInput, match="synthetic rows"):
        align(TRAIN, FRESH, replace(HOLDOUT, origin=pa.table({"method": ["x"] * 300})))


def test_a_group_column_and_its_blocks_survive_alignment():
    schema = PEOPLE.replacing(replace(PEOPLE["city"], role="group"))
    comparison = align(Table(schema, TRAIN.data), FRESH)
    city = comparison.synthetic.data["city"].to_numpy(zero_copy_only=False)
    block = comparison.codes("synthetic").block
    assert all(len(set(block[city == name])) == 1 for name in set(city))

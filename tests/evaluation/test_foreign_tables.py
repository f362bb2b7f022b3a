"""Tables as other tools write them: what is certain is read in train's way and told, all else stays or is refused."""

from datetime import timedelta

import numpy as np
import pandas
import polars
import pyarrow as pa
import pytest
from hostile_comparisons import disguised, part, regrouped
from planted_tables import CONTEXT, people, with_column

from synthwright.data.intake import SYNTHETIC_MARK
from synthwright.data.reading import read_table
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput
from synthwright.evaluation._aligning.spelling import respelled, spelling_key
from synthwright.evaluation.alignment import align
from synthwright.evaluation.suite import evaluate

TRAIN, FRESH, HOLDOUT = people(300, 0), people(200, 1), people(100, 2)


def labelled(train, synthetic, *, kind="categorical", **settings):
    """What becomes of the labels `synthetic` in a column where train has `train`, and what is told."""
    column = Column(name="x", kind=kind, categories=tuple(dict.fromkeys(train)), **settings)
    values = pa.array(train)
    table = Table(Schema((column,)), pa.table({"x": values}))
    comparison = align(table, read_table(pa.table({"x": synthetic, "spare": pa.nulls(len(synthetic))})))
    return comparison.synthetic.data["x"].to_pylist(), [note for note in comparison.notes if "'x'" in note]


def dated(synthetic, train=None):
    """What becomes of `synthetic` in a column where train has a thousand days of 2021 to 2023, and what is told."""
    days = pa.array(np.arange(18_700, 19_700, dtype=np.int32)).cast(pa.date32()) if train is None else train
    schema = Schema((Column(name="x", kind="datetime", unit="day"),))
    comparison = align(Table(schema, pa.table({"x": days})), Table(schema, pa.table({"x": synthetic})))
    return comparison.synthetic.data["x"], comparison.notes


def test_a_careless_export_is_the_table_it_came_from():
    """Text everywhere, upper case, yes and no, German dates, row numbers, another order: every cell is as it was."""
    plain, careless = align(TRAIN, FRESH), align(TRAIN, disguised(FRESH))
    for name in TRAIN.names:
        assert careless.synthetic.data[name].equals(plain.synthetic.data[name]), name
    told = " ".join(careless.notes)
    for word in ("'Unnamed: 0'", "'Grade' as 'grade'", "'LOW' as 'low'", "%d.%m.%Y", "city", "'yes' as 'true'"):
        assert word in told, word
    assert "'age'" not in told, "storage alone is not told"


@pytest.mark.parametrize(
    "convert",
    [
        lambda frame: frame.convert_dtypes(),
        lambda frame: frame.convert_dtypes(dtype_backend="pyarrow"),
        lambda frame: frame.astype({"city": "category", "grade": "category", "age": "float64", "member": "int8"}),
        lambda frame: frame.astype({"age": "str", "member": "str", "income": "float32"}),
        lambda frame: frame.astype({"member": "object", "city": "object"}),
        lambda frame: polars.from_pandas(frame).with_columns(polars.col("city").cast(polars.Categorical)),
        lambda frame: frame.reset_index(),
        lambda frame: frame.sample(frac=1, random_state=0).reset_index(),
    ],
    ids=["nullable", "arrow", "categories", "text", "objects", "polars", "index column", "shuffled index column"],
)
def test_every_dtype_of_pandas_and_polars_gives_the_same_labels(convert):
    frame = FRESH.to_arrow().to_pandas()
    comparison = align(TRAIN, read_table(convert(frame)))
    for name in ("city", "grade", "member", "age"):
        ours = sorted(map(str, comparison.synthetic.data[name].to_pylist()))
        assert ours == sorted(map(str, FRESH.data[name].to_pylist())), name


@pytest.mark.parametrize(
    ("train", "synthetic", "read", "told"),
    [
        (["Male", "Female"] * 5, ["male", " FEMALE "], ["Male", "Female"], "2 labels read in train's spelling"),
        (["1", "2"] * 5, ["1.0", "2.0"], ["1", "2"], "'1.0' as '1'"),
        (["1", "2"] * 5, [1.0, None], ["1", None], None),
        (["01234", "99999"] * 5, [1234, 99999], ["01234", "99999"], "'1234' as '01234'"),
        (["True", "False"] * 5, [True, False], ["True", "False"], None),
        (["yes", "no"] * 5, [1, 0], ["yes", "no"], "'1' as 'yes'"),
        (["y", "n"] * 5, ["TRUE", "false"], ["y", "n"], "'TRUE' as 'y'"),
        (["yes", "no"] * 5, ["yes", "0"], ["yes", "no"], "'0' as 'no'"),
        ([1, 2] * 5, ["2", "1"], [2, 1], None),
        ([1, 2] * 5, ["2.0", "7"], [2, 7], None),
        ([1, 2] * 5, ["two", "1"], ["two", "1"], None),
        ([True, False] * 5, ["no", "yes"], [False, True], "'no' as 'false'"),
        ([True, False] * 5, [0.0, 1.0], [False, True], None),
        (["a", "b"] * 5, ["a", "nan"], ["a", None], "1 cell with 'nan' taken as missing"),
        (["a", "b"] * 5, ["a", "?"], ["a", "?"], None),
        (["a", "b", None] * 5, ["a", "?"], ["a", None], "1 cell with '?' taken as missing"),
        (["a", "?"] * 5, ["a", None], ["a", "?"], "1 missing cell taken for train's label '?'"),
    ],
)
def test_labels_in_another_spelling_are_trains_where_that_is_certain(train, synthetic, read, told):
    kind = "boolean" if isinstance(train[0], bool) else "categorical"
    cells, notes = labelled(train, synthetic, kind=kind)
    assert cells == read
    assert (told in " ".join(notes)) if told else not notes or "labels that train does not have" in notes[0]


@pytest.mark.parametrize(
    ("train", "synthetic"),
    [
        (["us", "US", "b"] * 5, ["Us", "b"]),  # two of train's could be meant
        (["Male", "b"] * 5, ["Male", "male"]),  # two of theirs would become one
        (["Male", "b"] * 5, ["MALE", "male"]),
        (["yes", "no", "maybe"] * 5, ["1", "0"]),  # a third answer: 1 and 0 may be anything
        (["yes", "no"] * 5, ["1", "2"]),
        (["yes", "no", "y"] * 5, ["1", "0"]),
    ],
)
def test_no_label_is_merged_with_another_one(train, synthetic):
    cells, _ = labelled(train, synthetic)
    assert cells == synthetic


def test_a_label_two_is_not_true():
    """Arrow would read any number but 0 as true; with a 2 among them, 1 and 0 may be codes of something else, too."""
    column = Column(name="x", kind="boolean")
    train = Table(Schema((column,)), pa.table({"x": [True, False] * 5}))
    comparison = align(train, Table(Schema((column,)), pa.table({"x": [2, 1, 0]})))
    assert comparison.synthetic.data["x"].to_pylist() == ["2", "1", "0"]
    assert comparison.synthetic.levels("x").tolist() == [2, 2, 2]
    assert (comparison.codes("synthetic").fine.column("x") == comparison.cells("x").unseen).all()
    assert "100%" in comparison.notes[0]


@pytest.mark.parametrize(
    ("kind", "labels", "theirs", "levels"),
    [("boolean", (False, True), ["TRUE", "perhaps"], [1, 2]), ("categorical", (0.5, 1.0), ["1.0", "x"], [1, 2])],
)
def test_known_labels_are_known_beside_unknown_ones_that_force_text(kind, labels, theirs, levels):
    column = Column(name="x", kind=kind, categories=None if kind == "boolean" else labels)
    train = Table(Schema((column,)), pa.table({"x": list(labels) * 5}))
    comparison = align(train, Table(Schema((column,)), pa.table({"x": theirs})))
    assert comparison.synthetic.levels("x").tolist() == levels
    unseen = comparison.cells("x").unseen
    assert (comparison.codes("synthetic").fine.column("x") == unseen).tolist() == [False, True]


def test_a_rare_label_of_train_is_in_no_note():
    _, notes = labelled(["common"] * 5 + ["Secret"] * 4, ["COMMON", "secret"])
    assert "'COMMON' as 'common'" in notes[0]
    assert "ecret" not in notes[0]


def test_spelling_keys_by_hand():
    pairs = {" Male": "male", "1.0": "1", "01": "1", "1e3": "1000", "0.50": "0.5", "-0.0": "0", "٣": "٣", "A  b": "a b"}
    assert {label: spelling_key(label) for label in pairs} == pairs
    assert spelling_key("9" * 60) != spelling_key("9" * 59 + "8")
    assert respelled(["x"], ["y"], missing=True) == {}


@pytest.mark.parametrize(
    ("cells", "numbers", "told"),
    [
        (["1.0", " 2 ", "3"], [1, 2, 3], None),
        (["1", "", None], [1, None, None], None),
        (["1", "NA", "nan"], [1, None, None], "taken as missing"),
        (["1,5", "2,25", "3"], [1.5, 2.25, 3.0], "decimal sign is a comma"),
        (["1,234.5", "12", "7"], [1234.5, 12.0, 7.0], "commas between thousands"),
        (["1,234,567", "1,234", "7"], [1_234_567, 1_234, 7], "commas between thousands"),
        ([True, False, None], [1, 0, None], None),
    ],
)
def test_numbers_as_text_are_numbers(cells, numbers, told):
    schema = Schema((Column(name="x", kind="integer"),))
    train = Table(schema, pa.table({"x": [1, 2, 3]}))
    comparison = align(train, Table(schema, pa.table({"x": cells})))
    assert comparison.synthetic.data["x"].to_pylist() == numbers
    assert (told in " ".join(comparison.notes)) if told else not comparison.notes


@pytest.mark.parametrize("cells", [["1,234", "5,678"], ["inf", "1"], ["yes", "no"], ["1", "about 2"]])
def test_numbers_that_are_not_certain_are_refused_with_what_to_write(cells):
    schema = Schema((Column(name="x", kind="integer"),))
    with pytest.raises(BadInput, match="no numbers in column 'x'") as caught:
        align(Table(schema, pa.table({"x": [1, 2, 3]})), Table(schema, pa.table({"x": cells})))
    assert "Write numbers" in caught.value.remedy


def test_yes_and_no_are_one_and_zero_where_train_has_nothing_else():
    schema = Schema((Column(name="x", kind="integer"),))
    train = Table(schema, pa.table({"x": [1, 0, 0]}))
    comparison = align(train, Table(schema, pa.table({"x": ["Yes", "no", "NA"]})))
    assert comparison.synthetic.data["x"].to_pylist() == [1, 0, None]
    assert "read as 1 and 0" in comparison.notes[0]


DAYS = [pandas.Timestamp("2022-03-14") + timedelta(days=at * 11) for at in range(20)]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([day.strftime("%Y-%m-%d") for day in DAYS], ""),
        ([day.strftime("%d.%m.%Y") for day in DAYS], "%d.%m.%Y"),
        ([day.strftime("%m/%d/%Y") for day in DAYS], "%m/%d/%Y"),
        ([day.strftime("%d/%m/%Y %H:%M") for day in DAYS], "%d/%m/%Y %H:%M"),
        ([day.strftime("%Y%m%d") for day in DAYS], "%Y%m%d"),
        ([day.strftime("%b %d, %Y") for day in DAYS], "%b %d, %Y"),
        (pa.array([day.value for day in DAYS]), "nanoseconds since 1970"),
        (pa.array([day.value // 10**9 for day in DAYS]), "numbers are read as seconds since 1970"),
        (pa.array([float(day.value // 10**6) for day in DAYS]), "milliseconds since 1970"),
        (pa.array([day.value // (86_400 * 10**9) for day in DAYS]), "days since 1970"),
        (pa.array([day.value // (86_400 * 10**9) + 25_569 for day in DAYS]), "Excel"),
        (pa.array([day.toordinal() for day in DAYS]), "Python"),
        (pa.array(DAYS, pa.timestamp("us")), ""),
        (pa.array(DAYS, pa.timestamp("ns", tz="UTC")), ""),
    ],
)
def test_dates_in_other_notations_and_clocks_are_the_same_days(cells, told):
    days, notes = dated(cells)
    assert days.to_pylist() == [day.date() for day in DAYS]
    assert told in " ".join(notes)
    assert bool(notes) == bool(told)


def test_day_and_month_that_could_be_mistaken_are_refused():
    with pytest.raises(BadInput, match="no dates"):
        dated(["03/04/2022", "05/06/2022"])
    days, _ = dated(["03/03/2022", "04/04/2022"])
    assert [day.isoformat() for day in days.to_pylist()] == ["2022-03-03", "2022-04-04"], "either way the same days"


def test_numbers_that_are_no_dates_of_this_time_are_refused():
    with pytest.raises(BadInput, match="no dates"):
        dated(pa.array([1, 2, 3]))


@pytest.mark.parametrize("name", ["capital.gain", "Capital_Gain", "CAPITAL GAIN"])
def test_columns_in_another_spelling_are_told_and_read(name):
    train = read_table(pa.table({"capital-gain": np.arange(30.0) / 7, "b": ["x", "y", "x"] * 10}))
    comparison = align(train, read_table(pa.table({"b": ["x", "y"], name: [1.5, 2.5]})))
    assert comparison.synthetic.data["capital-gain"].to_pylist() == [1.5, 2.5]
    assert f"{name!r} as 'capital-gain'" in comparison.notes[0]


def test_columns_of_which_two_could_be_meant_are_refused():
    train = read_table(pa.table({"a b": [1.5, 2.5], "c": [1.5, 2.5]}))
    with pytest.raises(BadInput, match=r"Missing: 'a b'. Extra: 'a_b', 'a\.b'"):
        align(train, read_table(pa.table({"a_b": [1.5, 2.5], "a.b": [1.5, 2.5], "c": [1.5, 2.5]})))


def test_an_extra_column_with_something_in_it_is_refused_and_the_remedy_says_drop():
    extra = Table(
        Schema((*FRESH.schema.columns, Column(name="weight", kind="float"))),
        FRESH.data.append_column("weight", pa.array(np.linspace(0.5, 1.5, len(FRESH)))),
    )
    with pytest.raises(BadInput, match="Extra: 'weight'") as caught:
        align(TRAIN, extra)
    assert caught.value.remedy.startswith("Drop the extra ones")


def test_identifiers_that_one_table_lacks_are_told():
    schema = Schema((Column(name="key", kind="id"), *TRAIN.schema.columns))
    train = Table(schema, TRAIN.data.add_column(0, "key", pa.array(range(300))))
    assert "'key'" in align(train, FRESH).notes[0]


def test_a_train_that_holds_our_synthetic_rows_is_told_not_refused():
    marked = Table(TRAIN.schema, TRAIN.data.replace_schema_metadata({SYNTHETIC_MARK: b"{}"}))
    comparison = align(marked, FRESH, HOLDOUT)
    assert len(comparison.notes) == 1
    assert "Train carries the mark" in comparison.notes[0]
    assert evaluate(comparison, CONTEXT, []).to_json_value()["notes"] == list(comparison.notes)
    assert align(TRAIN, FRESH, HOLDOUT).notes == ()


def test_groups_on_both_sides_of_the_split_are_told_with_their_number():
    notes = align(*(regrouped(part(rows, seed)) for seed, rows in enumerate((300, 300, 150)))).notes
    assert notes[0].startswith("10 of the holdout's 10 groups of 'unit' are in train, too (150 of its 150 rows)")
    apart = regrouped(part(150, 2))
    apart = with_column(apart, "unit", pa.array([f"other {at % 10}" for at in range(150)]))
    assert align(regrouped(part(300, 0)), regrouped(part(300, 1)), apart).notes == ()


def test_a_holdout_without_the_twins_that_train_has_is_told():
    """Half of train is one row; a split that keeps equal rows together leaves the holdout without it."""
    heaped = Table.concat([TRAIN.take(np.zeros(300, dtype=int)), TRAIN])
    notes = align(heaped, FRESH, HOLDOUT).notes
    assert "50% of train's rows have a twin in train" in notes[0]


@pytest.mark.parametrize("index", [[*range(10)], [*range(10, 0, -1)], [float(at) for at in range(10)]])
def test_row_numbers_of_short_tables_are_left_out_and_told(index):
    """Too few rows for the schema to call them identifiers."""
    train = read_table(pa.table({"b": ["x", "y"] * 15}))
    comparison = align(train, read_table(pa.table({"level_0": index, "b": ["x"] * 10})))
    assert "column 'level_0' is left out: it numbers the rows" in comparison.notes[0]
    with pytest.raises(BadInput, match="Extra: 'level_0'"):
        align(train, read_table(pa.table({"level_0": [*index[:-1], 77], "b": ["x"] * 10})))

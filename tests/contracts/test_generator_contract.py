"""What holds for every registered table generator; a new file in generators/ is covered at once."""

import inspect
from dataclasses import fields, is_dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from small_tables import TABLES, mixed

from synthwright import registry
from synthwright.canonical import to_json
from synthwright.data.predicates import OneOf, Range
from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.engines.context import Context
from synthwright.engines.engine import Processes, Serial
from synthwright.errors import BadInput
from synthwright.generators import rejection
from synthwright.generators.fitting import fit_model
from synthwright.generators.model import Model
from synthwright.generators.protocol import GeneratorInfo, Given
from synthwright.generators.settings import make_generator, settings_of
from synthwright.seeding import Streams

NAMES = registry.names("generator", kind="table")
TABLE_NAMES = sorted(TABLES)

every_method = pytest.mark.parametrize("name", NAMES)
INFO = {name: registry.find("generator", name).info for name in NAMES}


@cache
def table(shape):
    return TABLES[shape]()


def taken(name, real):
    """The columns of a table that the method takes: all, or only complete numbers and the target."""
    if INFO[name].takes == "mixed":
        return real
    return real.select([column.name for column in real.schema if fits(real, column)])


def fits(real, column):
    complete = column.is_numeric and not real.data[column.name].null_count
    return complete or column.kind == "id" or column.role == "target"


def can_take(name, shape):
    schema = taken(name, table(shape)).schema
    return any(one.is_modelled for one in schema) and (schema.target is not None or not INFO[name].needs_classes)


every_pair = pytest.mark.parametrize(
    ("name", "shape"), [(name, shape) for name in NAMES for shape in TABLE_NAMES if can_take(name, shape)]
)
# A method that needs no records can't know what their values were: it has the schema alone.
LEARNING = registry.names("generator", kind="table", needs_records=True)
every_mixed = pytest.mark.parametrize("name", [name for name in NAMES if INFO[name].takes == "mixed"])
every_learner_of_mixed = pytest.mark.parametrize("name", [name for name in LEARNING if INFO[name].takes == "mixed"])


@cache
def fitted(name, shape, seed=0):
    return fit_model(taken(name, table(shape)), quick(name), Context(streams=Streams(seed)))


def quick(name):
    return make_generator(name, INFO[name].quick)


def folder_bytes(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@every_pair
def test_one_seed_gives_one_dataset(name, shape):
    again = fit_model(taken(name, table(shape)), quick(name), Context(streams=Streams(0)))
    assert again.sample(200, seed=7).digest() == fitted(name, shape).sample(200, seed=7).digest()


@every_pair
def test_another_seed_gives_another_dataset(name, shape):
    model = fitted(name, shape)
    assert model.sample(200, seed=7).digest() != model.sample(200, seed=8).digest()


@every_pair
def test_the_first_rows_never_depend_on_how_many_are_drawn(name, shape):
    model = fitted(name, shape)
    whole = model.sample(2_000, seed=3)
    for k in (0, 1, 1_000):
        part = model.sample(k, seed=3)
        assert part.digest() == whole.head(k).digest()
        assert part.origin.equals(whole.head(k).origin)


@every_method
def test_a_stream_is_the_sample_in_blocks(name):
    model, n = fitted(name, "short"), BLOCK_ROWS + 700
    blocks = list(model.stream(n, seed=5))
    assert [len(block) for block in blocks] == [BLOCK_ROWS, 700]
    assert Table.concat(blocks).digest() == model.sample(n, seed=5).digest()
    assert blocks[1].digest() != blocks[0].head(700).digest()


@every_method
def test_workers_leave_every_cell_alone(name):
    """The whole way, fit and two blocks, with one process and with two."""
    n, apart = BLOCK_ROWS + 50, Context(streams=Streams(0), engine=Processes(2))
    alone = fitted(name, "short").sample(n, seed=5)
    together = fit_model(taken(name, table("short")), quick(name), apart).sample(n, seed=5, context=apart)
    assert together.digest() == alone.digest()
    assert together.origin.equals(alone.origin)


@every_pair
def test_a_loaded_model_draws_the_same_rows(name, shape, tmp_path):
    model = fitted(name, shape)
    model.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model")
    assert loaded.sample(300, seed=2).digest() == model.sample(300, seed=2).digest()
    assert (loaded.schema, loaded.settings, loaded.left_out) == (model.schema, model.settings, model.left_out)
    loaded.save(tmp_path / "again")
    assert folder_bytes(tmp_path / "again") == folder_bytes(tmp_path / "model")


@every_pair
def test_what_is_drawn_looks_like_what_came_in(name, shape):
    real, drawn = taken(name, table(shape)), fitted(name, shape).sample(500, seed=1)
    assert drawn.names == real.names
    assert len(drawn) == 500
    for column in real.schema:
        assert drawn.data[column.name].type == real.data[column.name].type
        present = drawn.data[column.name].drop_null()
        if not real.data[column.name].null_count:
            assert len(present) == 500, f"{column.name} is never missing"
        if column.is_numeric and column.bounds is not None:
            values = drawn.numbers(column.name)
            values = values[np.isfinite(values)]
            assert ((values >= column.bounds[0]) & (values <= column.bounds[1])).all()
            if column.step is not None:
                assert np.allclose(values / column.step, np.round(values / column.step), atol=1e-6)
        if column.is_discrete and not INFO[name].keeps_records:
            assert set(present.to_pylist()) <= set(column.categories or (False, True))


@every_mixed
def test_missing_cells_are_modelled(name):
    """A tenth of the incomes and a fifth of the birthdays are missing: in 2,000 rows neither none nor half of them."""
    drawn = fitted(name, "mixed").sample(2_000, seed=1)
    assert 40 < drawn.missing("income").sum() < 500
    assert 150 < drawn.missing("born").sum() < 800


@pytest.mark.parametrize("name", registry.names("generator", kind="table", keeps_records=False, needs_records=True))
def test_nothing_that_one_row_alone_has_is_emitted_or_saved(name, tmp_path):
    model = fitted(name, "crowded")
    drawn = model.sample(3_000, seed=1)
    assert not any("zanzibar" in shop for shop in drawn.data["shop"].to_pylist())
    assert max(drawn.numbers("spend")) < 900_000
    model.save(tmp_path / "model")
    saved = b"".join(folder_bytes(tmp_path / "model").values())
    for secret in (b"zanzibar", b"987654.25", b"98765425", np.float64(987_654.25).tobytes()):
        assert secret not in saved


@pytest.mark.parametrize("name", registry.names("generator", kind="table", keeps_records=False, needs_records=True))
def test_values_that_fewer_than_five_rows_have_are_not_remembered(name, tmp_path):
    model = fitted(name, "settled")
    assert model.sample(200, seed=1).missing("nearly").all()
    model.save(tmp_path / "model")
    assert b"123456.75" not in b"".join(folder_bytes(tmp_path / "model").values())


@every_learner_of_mixed
def test_settled_columns_keep_their_one_value(name):
    drawn = fitted(name, "settled").sample(50, seed=1)
    assert set(drawn.data["version"].to_pylist()) == {3}
    assert set(drawn.data["unit"].to_pylist()) == {"kg"}
    assert drawn.missing("gone").all()
    assert drawn.missing("empty").all()


@pytest.mark.parametrize("name", [name for name in LEARNING if can_take(name, "coded")])
def test_identifiers_are_made_up_and_unique_over_the_whole_draw(name):
    real, drawn = table("coded"), fitted(name, "coded").sample(BLOCK_ROWS + 100, seed=1)
    for column in ("code", "number", "card"):
        made = drawn.data[column].drop_null().to_pylist()
        assert len(set(made)) == len(made)
        assert not set(made) & set(real.data[column].to_pylist())
    assert 0.25 < drawn.missing("card").mean() < 0.42  # a third are missing


@every_method
def test_fixed_values_come_out_as_they_went_in(name):
    """Class counts, with a column that a method may not condition on by itself."""
    model = fitted(name, "mixed")
    names = [one for one in ("buys", "sex") if one in model.schema]
    fixed = mixed(90, seed=11).select(names)
    drawn = model.sample(90, seed=4, given=Given(fixed=fixed))
    assert drawn.select(names).digest() == fixed.digest()
    first = model.sample(30, seed=4, given=Given(fixed=fixed.head(30)))
    assert first.digest() == drawn.head(30).digest()


@every_method
def test_conditions_hold_in_every_row(name):
    model = fitted(name, "mixed")
    given = {"sex": "F", "age": (30, 60), "city": {"Lima", "Quito", "Osaka"}}
    given = {column: value for column, value in given.items() if column in model.schema}
    drawn = model.sample(60, seed=4, given=given)
    assert len(drawn) == 60
    told = (OneOf("sex", ("F",)), Range("age", 30, 60), OneOf("city", ("Lima", "Quito", "Osaka")))
    for predicate in (one for one in told if one.column in given):
        assert predicate.holds(drawn).all()
    assert model.sample(20, seed=4, given=given).digest() == drawn.head(20).digest()


@every_mixed
def test_a_missing_value_can_be_asked_for(name):
    drawn = fitted(name, "mixed").sample(25, seed=4, given={"income": None})
    assert drawn.missing("income").all()
    assert not drawn.missing("age").any()


def partial(name, n=60):
    """Rows of which some cells are known: a class or two, a level in two of three rows, a number in one of three."""
    rows, model = mixed(n, seed=11), fitted(name, "mixed")
    told = {}
    for column, every in (("buys", 1), ("grade", 3), ("smoker", 2), ("age", 3)):
        if column in model.schema and (column != "age" or INFO[name].conditions == "exact"):
            gone = (np.arange(n) % every == 0) & (every > 1)
            told[column] = pa.array(rows.data[column].to_pylist(), rows.data[column].type, mask=gone)
    return pa.table(told)


@every_method
def test_partial_rows_are_completed_row_by_row(name):
    model, rows = fitted(name, "mixed"), partial(name)
    if name in KEEPS_ROWS and "age" in rows.column_names:
        rows = rows.drop_columns(["age"])  # it only has the rows that it has
    drawn = model.sample(given=rows, seed=4)
    assert len(drawn) == 60
    for column in rows.column_names:
        there = np.asarray(rows[column].is_valid())
        assert drawn.data[column].filter(pa.array(there)).to_pylist() == rows[column].drop_null().to_pylist()
        assert not drawn.missing(column).any()
    again = model.sample(given=rows.slice(0, 25), seed=4)
    assert again.digest() == drawn.head(25).digest()


KEEPS_ROWS = {"tabular.random_oversample"}


class Backwards(Serial):
    """Blocks are drawn from the last to the first."""

    def stream(self, task, items):
        listed = list(items)
        found = {at: task(listed[at]) for at in reversed(range(len(listed)))}
        return iter([found[at] for at in range(len(listed))])


@every_method
def test_conditional_blocks_do_not_know_of_each_other(name):
    """Two blocks under a range, in either order; and the stream is the sample."""
    model, n = fitted(name, "mixed"), BLOCK_ROWS + 40
    given = {"age": (20, 70)}
    backwards = Context(streams=Streams(0), engine=Backwards())
    blocks = list(model.stream(n, seed=5, given=given))
    assert [len(block) for block in blocks] == [BLOCK_ROWS, 40]
    assert Range("age", 20, 70).holds(blocks[1]).all()
    assert Table.concat(blocks).digest() == model.sample(n, seed=5, given=given, context=backwards).digest()
    assert blocks[1].digest() != blocks[0].head(40).digest()


@every_mixed
def test_present_cells_can_be_asked_for(name):
    drawn = fitted(name, "mixed").sample(200, seed=4, given={"income": (None, None), "born": (None, None)})
    assert not drawn.missing("income").any()
    assert not drawn.missing("born").any()


@every_method
def test_what_is_not_found_is_counted_not_hidden(name, monkeypatch):
    """An age and a fee that hardly go together: an error with the count, or the rows there are."""
    monkeypatch.setattr(rejection, "FREE_CANDIDATES", 20_000)
    model = fitted(name, "mixed")
    given = {"age": 15, "fee": (99.9, 100)}
    given = {column: value for column, value in given.items() if column in model.schema}
    drawn = model.draw(5, seed=4, given=given, short="return")
    assert drawn.asked == 5
    assert drawn.found == len(drawn.table) == len(drawn.rows) <= 5
    assert 0 <= drawn.acceptance <= 1
    assert drawn.table.origin["record_id"].to_pylist() == list(range(drawn.found))
    if drawn.found < 5:
        with pytest.raises(BadInput, match=rf"{drawn.found} of 5 rows were found"):
            model.sample(5, seed=4, given=given)


@every_method
def test_the_reference_is_left_as_it_was(name):
    reference = taken(name, TABLES["short"]())
    before, schema = reference.digest(), reference.schema
    fit_model(reference, quick(name), Context(streams=Streams(1))).sample(10)
    assert (reference.digest(), reference.schema) == (before, schema)


@every_method
def test_global_random_numbers_are_neither_used_nor_moved(name):
    np.random.seed(1)  # noqa: NPY002  # the global generator is what must not be touched
    state = np.random.get_state()[1].copy()  # noqa: NPY002  # as above
    model = fit_model(taken(name, table("short")), quick(name), Context(streams=Streams(0)))
    first = model.sample(100).digest()
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002  # as above
    np.random.seed(2)  # noqa: NPY002  # as above
    again = fit_model(taken(name, table("short")), quick(name), Context(streams=Streams(0)))
    assert again.sample(100).digest() == first


@every_method
def test_every_record_knows_where_it_came_from(name):
    drawn = fitted(name, "short").sample(40, seed=1)
    assert drawn.origin["record_id"].to_pylist() == list(range(40))
    assert set(drawn.origin["method"].to_pylist()) == {name}
    assert set(drawn.origin["depth"].to_pylist()) == {1}
    assert pa.types.is_list(drawn.origin["parents"].type)


@every_method
def test_a_method_says_what_it_is(name):
    method, info = registry.find("generator", name), INFO[name]
    assert isinstance(info, GeneratorInfo)
    assert is_dataclass(method)
    assert method.__dataclass_params__.frozen
    assert all(field.kw_only for field in fields(method))
    assert info.summary.endswith(".")
    assert info.source
    assert inspect.getdoc(method)
    assert inspect.getdoc(method.fit)
    assert inspect.getdoc(inspect.getmodule(method))


@every_method
def test_settings_print_hash_and_come_back(name):
    generator = quick(name)
    assert make_generator(name, settings_of(generator)) == generator
    assert hash(generator) == hash(quick(name))
    assert to_json(settings_of(generator))
    assert repr(generator).startswith(type(generator).__name__)

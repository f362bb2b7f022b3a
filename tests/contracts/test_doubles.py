"""The grammar carries every kind of record: texts, images, entities, child rows, resumed training, exact counts."""

import numpy as np
import pyarrow as pa
import pytest
from doubles.class_sampler import ClassSampler
from doubles.entities import Children, Entities
from doubles.grammar import context, fit, stream, with_client
from doubles.image_stream import ImageStream
from doubles.scripted_text import Corpus, ScriptedClient, ScriptedText
from doubles.toy_trainer import ToyTrainer
from small_tables import mixed

from synthwright.data.schema import Column, Schema
from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.engines.context import Deadline
from synthwright.engines.engine import Processes
from synthwright.errors import BadInput
from synthwright.generators.fitting import fit_model
from synthwright.generators.model import Model
from synthwright.generators.oversampling import oversample
from synthwright.generators.protocol import Given

CORPUS = Corpus(("ham", "spam"), pa.table({"text": ["a", "b", "c"], "label": ["spam", "ham", "ham"]}))


def visits():
    columns = (
        Column(name="patient", kind="id", role="group"),
        Column(name="visit", kind="integer", bounds=(0, 60)),
        Column(name="pulse", kind="float", bounds=(0, 10), decimals=2),
    )
    patient = [f"p{i // 3}" for i in range(30)]
    data = {"patient": patient, "visit": [i % 3 for i in range(30)], "pulse": np.arange(30) / 3}
    return Table(Schema(columns), pa.table(data))


def payments():
    columns = (
        Column(name="account", kind="id", role="key"),
        Column(name="tier", kind="categorical", categories=("basic", "gold")),
        Column(name="amount", kind="float", bounds=(0, 10), decimals=2),
    )
    data = {"account": [f"a{i // 4}" for i in range(40)], "tier": ["basic", "gold"] * 20, "amount": np.arange(40) / 4}
    return Table(Schema(columns), pa.table(data))


def accounts(n):
    schema = payments().schema.select(["account", "tier"])
    data = {"account": [f"new-{i}" for i in range(n)], "tier": ["gold" if i % 2 else "basic" for i in range(n)]}
    return Table(schema, pa.table(data))


def saved_and_loaded(sampler, folder):
    folder.mkdir()
    sampler.save(folder)
    return type(sampler).load(folder)


def test_a_text_generator_asks_the_client_it_is_given(tmp_path):
    client = ScriptedClient()
    sampler = fit(ScriptedText(), CORPUS)
    (texts,) = stream(sampler, 8, seed=1, outside=with_client(client))
    (fewer,) = stream(saved_and_loaded(sampler, tmp_path / "s"), 5, seed=1, outside=with_client(client))
    assert client.asked == 13
    assert texts.take(np.arange(5)).digest() == fewer.digest()
    assert fewer.origin.equals(texts.origin.slice(0, 5))
    (other,) = stream(sampler, 8, seed=2, outside=with_client(client))
    assert other.digest() != texts.digest()


def test_an_image_stream_gives_blocks_on_the_fly(tmp_path):
    sampler = fit(ImageStream(side=3), None)
    blocks = stream(sampler, BLOCK_ROWS + 9, seed=1)
    assert [len(next(blocks)), (last := next(blocks)).pixels.shape] == [BLOCK_ROWS, (9, 3, 3)]
    *_, again = stream(saved_and_loaded(sampler, tmp_path / "s"), BLOCK_ROWS + 40, seed=1)
    assert again.take(np.arange(9)).digest() == last.digest()
    endless = stream(sampler, 10**12, seed=1)  # sixteen million blocks: only those that are looked at exist
    assert len(next(endless)) == BLOCK_ROWS


def test_images_do_not_depend_on_the_engine():
    sampler = fit(ImageStream(side=1), None)
    together = stream(sampler, BLOCK_ROWS + 5, seed=1, outside=context(engine=Processes(2)))
    alone = stream(sampler, BLOCK_ROWS + 5, seed=1)
    assert [block.digest() for block in together] == [block.digest() for block in alone]


def test_an_entity_has_several_rows_and_one_key(tmp_path):
    model = fit_model(visits(), Entities(), context())
    drawn = model.sample(20, seed=1)
    assert len(drawn) > 20
    assert len(set(drawn.data["patient"].to_pylist())) == 20
    fewer = model.sample(7, seed=1)
    assert fewer.digest() == drawn.head(len(fewer)).digest()
    assert drawn.origin["record_id"].to_pylist() == list(range(len(drawn)))
    model.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model", generator=Entities)
    assert loaded.sample(20, seed=1).digest() == drawn.digest()


def test_entities_keep_their_keys_apart_across_blocks():
    model = fit_model(visits(), Entities(), context())
    first, second = model.stream(BLOCK_ROWS + 3, seed=1)
    assert not set(first.data["patient"].to_pylist()) & set(second.data["patient"].to_pylist())
    assert second.origin["record_id"][0].as_py() == len(first)


def test_an_unconditional_entity_sampler_refuses_conditions():
    model = fit_model(visits(), Entities(), context())
    with pytest.raises(BadInput, match="whole entities"):
        model.sample(5, given={"visit": (1, 2)})


def test_children_belong_to_the_parents_they_were_drawn_for(tmp_path):
    model = fit_model(payments(), Children(), context())
    parents = accounts(12)
    drawn = model.sample(12, seed=1, given=Given(fixed=parents))
    tiers = dict(zip(*(parents.data[name].to_pylist() for name in parents.names), strict=True))
    assert set(drawn.data["account"].to_pylist()) == set(tiers)
    for row in drawn.data.to_pylist():
        assert tiers[row["account"]] == row["tier"]
    of = [int(parent) for (parent,) in drawn.origin["parents"].to_pylist()]
    assert [f"new-{i}" for i in of] == drawn.data["account"].to_pylist()
    model.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model", generator=Children)
    fewer = loaded.sample(5, seed=1, given=Given(fixed=accounts(5)))
    assert fewer.digest() == drawn.head(len(fewer)).digest()


class Killed(BaseException):
    pass


def test_training_killed_half_way_resumes_to_the_same_model(tmp_path):
    reference, whole = mixed(50).select(["age", "fee"]), ToyTrainer(epochs=6)

    def die(event):
        if event.done == 4:
            raise Killed

    with pytest.raises(Killed):
        fit_model(reference, whole, context(checkpoints=tmp_path, progress=die))
    told = []
    resumed = fit_model(reference, whole, context(checkpoints=tmp_path, progress=told.append))
    assert [event.done for event in told] == [5, 6]
    assert resumed.sample(50).digest() == fit_model(reference, whole, context()).sample(50).digest()


def test_training_stops_at_the_deadline():
    ticks = iter(range(100))
    deadline = Deadline(at=3, clock=lambda: next(ticks))
    told = []
    fit_model(mixed(50).select(["age"]), ToyTrainer(epochs=9), context(deadline=deadline, progress=told.append))
    assert [event.done for event in told] == [1, 2, 3]


def test_an_over_sampler_meets_class_counts_exactly():
    table = mixed(200)
    balanced = oversample(table, ClassSampler(), seed=1)
    assert balanced.head(200).digest() == table.digest()
    labels = balanced.data["buys"].to_pylist()
    assert labels.count(True) == labels.count(False)


def test_a_class_sampler_is_saved_and_loaded(tmp_path):
    model = fit_model(mixed(200), ClassSampler(), context())
    model.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model", generator=ClassSampler)
    assert loaded.sample(99, seed=3).digest() == model.sample(99, seed=3).digest()

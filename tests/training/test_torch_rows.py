"""Tables as tensors, batches through torch's loaders in any number of workers, and life without torch."""

import sys

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

import synthwright as sw
from synthwright.errors import BadInput, MissingExtra, UnknownName
from synthwright.training import Ramp, SourceAwareSampler, SourceBatches, SourceDataset


def rows(n, *, shift=0.0, source=None, **more):
    cells = {
        "age": [float(20 + at % 5) + shift for at in range(n)],
        "town": [("rome", "oslo")[at % 2] for at in range(n)],
        "won": [("no", "yes")[at % 3 == 0] for at in range(n)],
    }
    return sw.read(cells | ({} if source is None else {"source": source}) | more, target="won")


def test_rows_are_scaled_by_real_rows_alone_and_told_apart():
    """Real ages 20 to 24: mean 22, deviation sqrt(2); the synthetic ones, far off, are drawn in to 24."""
    mixed = SourceDataset(sw.read(_stacked(rows(30), rows(30, shift=500)), target="won"))
    assert mixed.source.tolist() == [False] * 30 + [True] * 30
    x, y, made = mixed[[0, 31]]
    assert x[:, 0].tolist() == pytest.approx([-(2**0.5), 2**0.5])
    assert x[:, 1:].tolist() == [[0, 1], [1, 0]]  # oslo, rome
    assert (y.tolist(), made.tolist()) == ([1, 0], [False, True])
    assert mixed.classes == ("no", "yes")
    assert mixed[0][0].tolist() == x[0].tolist()
    assert (mixed.x.dtype, mixed.y.dtype, len(mixed)) == (torch.float32, torch.int64, 60)


def _stacked(real, made):
    cells = [*real.to_arrow().to_pylist(), *made.to_arrow().to_pylist()]
    return [row | {"source": "real" if at < len(real) else "tabular.x"} for at, row in enumerate(cells)]


def test_two_tables_joined_are_the_same_as_one_with_a_column():
    real, made = rows(30), rows(30, shift=1)
    joined = SourceDataset.joined(real, made)
    mixed = SourceDataset(sw.read(_stacked(real, made), target="won"))
    for name in ("x", "y", "synthetic"):
        assert torch.equal(getattr(joined, name), getattr(mixed, name))
    assert SourceDataset.joined(made, real, like=joined).x[:30].equal(joined.x[30:])


def test_other_rows_are_encoded_as_those_that_are_trained_on():
    """A table with fewer classes and levels of its own has other codes; under the first one's schema it has not."""
    train = SourceDataset(rows(30))
    valid = SourceDataset(
        sw.read({"won": ["yes"] * 9, "age": [22.0] * 9, "town": ["rome"] * 9}, target="won"), like=train
    )
    assert valid.x[0].tolist() == [0, 0, 1]
    assert valid.y.tolist() == [1] * 9
    assert not valid.source.any()


def test_a_feature_called_source_stays_a_feature_where_sources_are_given():
    table = rows(30, source=["web", "shop"] * 15)
    data = SourceDataset(table, source=[False] * 15 + [True] * 15)
    assert data.x.shape == (30, 5)
    assert SourceDataset.joined(table, table).x.shape == (60, 5)
    with pytest.raises(BadInput, match="none is"):
        SourceDataset(table)
    assert not SourceDataset(table, like=data).source.any()


def test_what_a_run_adds_to_its_rows_is_no_feature():
    """`private/mixed.parquet` has source and depth, under other names where real rows have columns of these names."""
    real, made = [0.0] * 30, [1.0, 2.0] * 15
    added = {"synthwright_source": ["real"] * 30 + ["x"] * 30, "synthwright_depth": real + made}
    data = SourceDataset(rows(60, source=["web", "shop"] * 30, depth=[3.5, 0.0, 1.0] * 20, **added))
    assert data.schema.names == ("age", "town", "source", "depth", "won")
    assert data.source.tolist() == [False] * 30 + [True] * 30
    plain = SourceDataset(rows(60, source=["real"] * 30 + ["x"] * 30, depth=real + made))
    assert plain.schema.names == ("age", "town", "won")


def test_numbers_are_targets_too():
    data = SourceDataset(sw.read({"x": [1.5, 2, 3] * 9, "y": [0.25, 1, 7] * 9}, target="y"))
    assert (data.y.dtype, data.classes) == (torch.float32, ())
    assert data.y[:3].tolist() == [0.25, 1, 7]


@pytest.mark.parametrize(("workers", "whole"), [(0, True), (0, False), (2, True)])
def test_loaders_give_the_sampler_s_batches_in_any_number_of_workers(workers, whole):
    data = SourceDataset.joined(rows(30), rows(60))
    sampler = SourceAwareSampler(data.source, epochs=2, schedule=Ramp(), batch_size=8, seed=4)
    batches = SourceBatches(sampler)
    how = {"sampler": batches, "batch_size": None} if whole else {"batch_sampler": batches}
    how |= {"multiprocessing_context": "spawn", "persistent_workers": True} if workers else {}
    loader = DataLoader(data, num_workers=workers, **how)
    assert len(loader) == len(sampler) == 4
    for epoch in range(2):
        batches.set_epoch(epoch)
        for (x, y, made), wanted in zip(loader, sampler.batches(epoch), strict=True):
            for got, of in ((x, data.x), (y, data.y), (made, data.synthetic)):
                assert torch.equal(got, of[torch.from_numpy(wanted)])


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda: SourceDataset(sw.read({"x": [1.0, 2, 3] * 5})), BadInput, "no target"),
        (lambda: SourceDataset({"x": [1.0]}), BadInput, "dict is no Table"),
        (lambda: SourceDataset.joined(rows(30), np.ones((2, 2))), BadInput, "ndarray is no Table"),
        (lambda: SourceDataset(sw.read({"y": ["a", "b"] * 9}, target="y")), BadInput, "no columns to predict"),
        (lambda: SourceDataset(rows(9), source=[1] * 9), BadInput, "no real row"),
        (lambda: SourceDataset(rows(9), source=[1, 0]), BadInput, "2 sources belong to 9 rows"),
        (lambda: SourceDataset(rows(9), source="towm"), UnknownName, "Did you mean 'town'"),
        (
            lambda: SourceDataset(sw.read({"x": [1.0] * 12, "y": ["a", None, "b", "b"] * 3}, target="y")),
            BadInput,
            "missing, or no known class, in 6 rows",
        ),
        (
            lambda: SourceDataset(sw.read({"x": [1.0] * 9, "y": ["b"] * 9}, target="y"), like=SourceDataset(rows(30))),
            BadInput,
            "lacks columns",
        ),
    ],
)
def test_tables_that_can_t_be_trained_on_are_refused(call, kind, says):
    with pytest.raises(kind, match=says):
        call()


@pytest.mark.parametrize("name", ["SourceDataset", "SourceBatches", "L2SP"])
def test_without_torch_the_install_line_is_told(name, monkeypatch):
    from synthwright import training

    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "synthwright.training.torch_rows", raising=False)
    monkeypatch.delitem(vars(training), name, raising=False)
    with pytest.raises(MissingExtra, match=r'pip install "synthwright\[neural\]"'):
        getattr(training, name)(torch.nn.Linear(1, 1))


def test_importing_training_loads_nothing_heavy(subprocess_says):
    script = (
        "import sys, synthwright as sw; sw.training; sw.training.SourceMonitor(epochs=1); sw.training.Ramp; "
        "print([name for name in ('torch', 'sklearn', 'pandas', 'lightgbm') if name in sys.modules])"
    )
    assert subprocess_says(sys.executable, "-c", script) == "[]"


def test_same_seed_same_weights():
    """One thread, one plan: a training is repeated to the bit."""

    def trained():
        torch.manual_seed(0)
        data = SourceDataset.joined(rows(30), rows(60, shift=1))
        sampler = SourceAwareSampler(data.source, epochs=3, schedule=Ramp(), batch_size=8)
        model = torch.nn.Linear(3, 2)
        optimiser = torch.optim.SGD(model.parameters(), 0.1)
        for epoch in range(3):
            for at in sampler.batches(epoch):
                x, y, _ = data[at]
                optimiser.zero_grad()
                torch.nn.functional.cross_entropy(model(x), y).backward()
                optimiser.step()
        return model.weight.detach().numpy()

    assert np.array_equal(trained(), trained())

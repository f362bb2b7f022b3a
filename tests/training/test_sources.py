"""Which rows are synthetic, however it is written; weights and what they amount to."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import synthwright as sw
from synthwright.errors import BadInput, UnknownName, UsageError
from synthwright.training import effective_rows, effective_share, is_synthetic, source_weights

WORDS = ["real", "tabular.smote", "real", "lm.local"]
WANTED = [False, True, False, True]


@pytest.mark.parametrize(
    "source",
    [
        WORDS,
        np.array(WORDS),
        np.array(WORDS, dtype=object),
        pd.Series(WORDS),
        pd.Series(WORDS, dtype="category"),
        pl.Series(WORDS),
        pa.array(WORDS),
        pa.chunked_array([WORDS[:2], WORDS[2:]]),
        WANTED,
        [0, 1, 0, 1],
        np.array([0.0, 1.0, 0.0, 1.0]),
        pd.Series(WANTED, dtype=object),
        pd.DataFrame({"source": WORDS}),
        pl.DataFrame({"is_synthetic": WANTED}),
        pa.table({"x": [1, 2, 3, 4], "synthwright_source": WORDS}),
        sw.read({"x": [1.5, 2, 3, 4], "source": WORDS}),
    ],
    ids=lambda source: type(source).__name__,
)
def test_sources_are_read_from_whatever_holds_them(source):
    assert is_synthetic(source).tolist() == WANTED


def test_the_file_of_a_run_is_read_as_it_is(tmp_path):
    """`private/mixed.parquet`: all real rows, then all synthetic ones."""
    (tmp_path / "gates.yaml").write_text(GATE)
    rows = {"x": [float(at % 7) for at in range(60)], "y": ["a", "b"] * 30}
    run = {"method": "tabular.independent", "metrics": ["fidelity.column_shapes"], "gates": tmp_path / "gates.yaml"}
    sw.run(rows, out=tmp_path / "run", **run)
    told = is_synthetic(sw.read(str(tmp_path / "run" / "private" / "mixed.parquet")))
    assert 30 < len(told) - told.sum() < 60
    assert told.tolist() == sorted(told.tolist())


GATE = """\
name: loose
gates:
  - gate: shapes
    metric: fidelity.column_shapes
    at_most: 1
    subject: The column shape error
    advice: Try more rows.
"""


@pytest.mark.parametrize(
    ("source", "kind", "says"),
    [
        (["real", None], BadInput, "1 of 2 have no source; the first is row 1"),
        (np.array([1.0, np.nan]), BadInput, "are 0 and 1"),
        (pd.Series(["real", float("nan"), "x"]), BadInput, "1 of 3 have no source"),
        ([0, 2], BadInput, "There is a 2"),
        (["Real", "x"], BadInput, "others look like it"),
        (["train", "fake"], BadInput, "none is"),
        ([], BadInput, "not one value for each row"),
        ([[True]], BadInput, "not one value for each row"),
        ("real", BadInput, "str does not say"),
        (3, BadInput, "int does not say"),
        (["real", 1], BadInput, "mix words"),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), BadInput, "do not say"),
        (pa.table({"x": [1]}), BadInput, "No column says"),
    ],
)
def test_what_does_not_tell_is_refused(source, kind, says):
    with pytest.raises(kind, match=says):
        is_synthetic(source)


def test_an_unknown_column_names_the_closest():
    with pytest.raises(UnknownName, match="Did you mean 'origin'"):
        is_synthetic(pa.table({"origin": WORDS}), column="orgin")
    assert is_synthetic(pa.table({"origin": WORDS}), column="origin").tolist() == WANTED


def test_weights_give_the_share_and_keep_the_sum():
    """3 real rows, 1 synthetic, one half each: .5 for the real ones and 1.5 for the other, 3 in all."""
    weights = source_weights([0, 0, 0, 1], 0.5)
    assert weights.tolist() == [0.5, 0.5, 0.5, 1.5]
    assert effective_share([0, 0, 0, 1], weights) == 0.5
    assert source_weights([0, 0, 0, 1], 0.5, total=8).sum() == 8
    assert source_weights([1, 1], 1.0).tolist() == [1.0, 1.0]


def test_effective_rows_are_kishs():
    """Weights 1, 1, 2: (4)^2 / 6; one row that weighs all is one row; a scale changes nothing."""
    assert effective_rows([1, 1, 2]) == pytest.approx(16 / 6)
    assert effective_rows([0, 0, 5]) == 1
    assert effective_rows([1e200, 1e200, 2e200]) == pytest.approx(16 / 6)


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: source_weights([0, 1], 1.1), UsageError),
        (lambda: source_weights([0, 1], 0.5, total=0), UsageError),
        (lambda: source_weights([1, 1], 0.5), BadInput),
        (lambda: source_weights([0, 0], 0.5), BadInput),
        (lambda: effective_rows([1, -1]), BadInput),
        (lambda: effective_rows([0, 0]), BadInput),
        (lambda: effective_share([0, 1], [1.0]), BadInput),
    ],
)
def test_weights_that_mean_nothing_are_refused(call, kind):
    with pytest.raises(kind):
        call()

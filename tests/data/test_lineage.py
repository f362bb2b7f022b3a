"""How far rows are from real ones is carried by tables and files, and no file can make it less."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import synthwright as sw
from synthwright.data.intake import LINEAGE_KEYS, SYNTHETIC_MARK
from synthwright.data.lineage import REAL, Lineage, lineage_of
from synthwright.data.reading import is_marked, read_table
from synthwright.data.writing import write_table

FRAME = pd.DataFrame({"x": np.arange(400) % 7, "y": np.arange(400) % 5})


def drawn(table):
    return sw.fit(table, method="tabular.independent").sample(50)


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_depth_grows_by_one_with_every_model_through_files_too(tmp_path, ending):
    table = read_table(FRAME)
    assert lineage_of(table) == REAL
    for depth in (1, 2, 3):
        made = drawn(table)
        assert lineage_of(made) == Lineage(depth, 1.0)
        path = tmp_path / f"{depth}.{ending}"
        write_table(made, path)
        table = read_table(path)
        assert table.origin is None
        assert is_marked(table)
        assert lineage_of(table) == Lineage(depth, 1.0)


def test_a_file_written_again_keeps_its_depth(tmp_path):
    write_table(drawn(drawn(read_table(FRAME))), tmp_path / "one.parquet")
    write_table(read_table(tmp_path / "one.parquet"), tmp_path / "two.parquet")
    assert lineage_of(read_table(tmp_path / "two.parquet")).depth == 2
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


@pytest.mark.parametrize(
    ("depth", "share", "told"),
    [
        (None, None, Lineage(1, 1.0)),
        (b"4", b"0.25", Lineage(4, 0.25)),
        (b"0", b"-1", Lineage(1, 0.0)),
        (b"-7", b"7", Lineage(1, 1.0)),
        (b"1e99", b"nan", Lineage(127, 1.0)),
        (b"nan", b"inf", Lineage(1, 1.0)),
        (b"\xff\xfe", b"", Lineage(1, 1.0)),
        (b"9" * 100_000, b"x" * 100_000, Lineage(1, 1.0)),
    ],
)
def test_whatever_a_marked_file_says_it_is_synthetic(tmp_path, depth, share, told):
    said = dict(zip(LINEAGE_KEYS, (depth, share), strict=True))
    metadata = {SYNTHETIC_MARK: b"synthetic", **{key: value for key, value in said.items() if value is not None}}
    path = tmp_path / "x.parquet"
    pq.write_table(pa.Table.from_pandas(FRAME, preserve_index=False).replace_schema_metadata(metadata), path)
    assert lineage_of(read_table(path)) == told


def test_a_depth_without_the_mark_says_nothing(tmp_path):
    path = tmp_path / "x.parquet"
    table = pa.Table.from_pandas(FRAME, preserve_index=False)
    pq.write_table(table.replace_schema_metadata(dict.fromkeys(LINEAGE_KEYS, b"2")), path)
    assert lineage_of(read_table(path)) == REAL

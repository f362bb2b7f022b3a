"""CSV and TSV files as columns of text: delimiter, encoding and header found, every fault named with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from synthwright.data.decoding import read_bytes, to_utf8
from synthwright.errors import BadInput, shorten

__all__ = ["read_delimited", "sniff_delimiter"]

_DELIMITERS = ",;\t|"
_LINES = 50  # of a file are looked at to find its delimiter
_BLOCK = 1 << 24  # bytes: rows with long texts fit, threads still have work
_HUGE = (1 << 31) - 1  # bytes: Arrow's largest block, for a row longer than _BLOCK


def read_delimited(path: Path) -> tuple[pa.Table, str]:
    """All cells as strings, empty ones as missing, and the delimiter; types are found by `text_cells`.

    Raises
    ------
    BadInput
        The file is empty, binary, ragged, or its header has empty or repeated names.
    """
    content, _ = to_utf8(read_bytes(path), name=path.name)
    content = content if content.endswith((b"\n", b"\r")) else content + b"\n"
    delimiter = sniff_delimiter(content, tabs_first=".tsv" in path.name.lower())
    names = header(content, delimiter, path.name)
    return _parse(content, names, delimiter, path.name), delimiter


def sniff_delimiter(content: bytes, *, tabs_first: bool = False) -> str:
    """The delimiter that cuts the first lines into the same number of fields, most fields first; ``","`` for none."""
    start = content[:1_000_000].decode(errors="replace")
    candidates = "\t,;|" if tabs_first else _DELIMITERS

    def score(delimiter: str) -> tuple[float, int]:
        reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
        rows = [row for row, _ in zip(_calm(reader), range(_LINES), strict=False) if row]
        width = len(rows[0]) if rows else 0
        whole = rows[:-1] if len(rows) > 2 and len(start) < len(content) else rows  # the last line may be cut
        return (sum(len(row) == width for row in whole) / max(1, len(whole)), width) if width > 1 else (0.0, 1)

    best = max(candidates, key=score)
    return best if score(best)[1] > 1 else ","


def header(content: bytes, delimiter: str, name: str) -> list[str]:
    """The column names in the first line that is not blank.

    Raises
    ------
    BadInput
        A name is empty or occurs twice.
    """
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
    names = next((row for row in _calm(csv.reader(text, delimiter=delimiter)) if row), [])
    check_names(names, where=f"the header of {name}")
    return names


def check_names(names: list[str], *, where: str) -> None:
    """Every name says something and occurs once; raises `BadInput` otherwise."""
    empty = [position for position, name in enumerate(names, start=1) if not name.strip()]
    if empty:
        raise BadInput(
            f"Column {empty[0]} has no name in {where}.",
            evidence=f"{len(empty)} of {len(names)} names are empty.",
            remedy="Name every column; if this is a pandas index, write the file with index=False.",
        )
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if name in seen:
            raise BadInput(
                f"Two columns are called {shorten(name)!r} in {where}.",
                evidence=f"Columns {seen[name]} and {position}.",
                remedy="Give every column a name of its own; if the file has no header line, add one.",
            )
        seen[name] = position


def _parse(content: bytes, names: list[str], delimiter: str, name: str) -> pa.Table:
    keys = [f"c{position}" for position in range(len(names))]
    convert = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(keys, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )

    def read(block: int, *, threads: bool) -> pa.Table:
        return arrow_csv.read_csv(
            pa.BufferReader(content),
            read_options=arrow_csv.ReadOptions(
                column_names=keys, skip_rows_after_names=1, block_size=block, use_threads=threads
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in content),
            convert_options=convert,
        )

    try:
        table = read(_BLOCK, threads=True)
    except pa.ArrowInvalid:
        try:  # once more in one thread and one block: rows of any length fit, and faults carry their row number
            table = read(_HUGE, threads=False)
        except pa.ArrowInvalid as error:
            raise BadInput(
                f"{name} can't be read as a table with {len(names)} columns.",
                evidence=shorten(str(error), 300),
                remedy=f"Columns are separated by {delimiter!r}; every row needs as many cells as the header "
                "(row 1), and cells that contain the separator stand in quotes.",
            ) from error
    if content.count(b'"') % 2 and _runs_on(table):
        raise BadInput(
            f"{name} ends inside a quoted cell.",
            evidence=f"Row {table.num_rows + 1} opens a quote that is never closed.",
            remedy='Close the quote; a quote that belongs to the text is written "".',
        )
    return table.rename_columns(names)


def _runs_on(table: pa.Table) -> bool:
    """True if a cell of the last row holds a line end, as a cell does that was never closed."""
    return any(
        "\n" in (cell or "") for row in table.slice(max(0, table.num_rows - 1)).to_pylist() for cell in row.values()
    )


def _calm(rows: Iterable[list[str]]) -> Iterable[list[str]]:
    """`rows` until Python's csv module meets something it can't read, such as a field over its limit."""
    try:
        yield from rows
    except csv.Error:
        return

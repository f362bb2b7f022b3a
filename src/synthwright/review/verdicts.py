"""Verdicts as people hand them in: read from any spreadsheet's CSV, refused where they could mean something else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from synthwright.data.decoding import read_bytes, to_utf8
from synthwright.data.delimited import sniff_delimiter
from synthwright.errors import BadInput, shorten
from synthwright.review.numbers import row_numbers
from synthwright.review.sheet import ReviewKey

__all__ = ["Answers", "Word", "read_answers", "sheet_of"]

Word = Literal["good", "bad", "unsure"]

_LARGEST = 64 * 1024 * 1024  # bytes
_WORDS: dict[str, Word] = {
    **dict.fromkeys(("good", "g", "ok", "okay", "fine", "plausible", "accept", "accepted", "right", "correct"), "good"),
    **dict.fromkeys(("bad", "b", "reject", "rejected", "wrong", "implausible", "incorrect"), "bad"),
    **dict.fromkeys(("unsure", "u", "?", "notsure", "unclear", "maybe", "dontknow", "undecided"), "unsure"),
}
_FOREIGN = ((b"PK\x03\x04", "an Excel workbook"), (b"\xd0\xcf\x11\xe0", "an old Excel workbook"))


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What one reviewer said: a word for each row of the sheet (counted from 0) that has one, and comments."""

    reviewer: str
    words: dict[int, Word] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    row: str
    verdict: str
    comment: str
    reviewer: str
    sheet: str


def sheet_of(paths: Sequence[Path]) -> str:
    """The sheet that the files name; raises `BadInput` unless it is one and the same."""
    named = {line.sheet.strip(): path for path in paths for line in _lines(path) if line.sheet.strip()}
    if len(named) != 1:
        where = ", ".join(shorten(path.name) for path in paths)
        raise BadInput(
            f"It can't be told which review sheet {where} answers.",
            evidence=f"They name {', '.join(map(shorten, sorted(named)[:5]))}." if named else "No line names a sheet.",
            remedy="Fill in the CSV that `synthwright review export` wrote, with its column `sheet`; "
            "answers to several sheets are imported one after the other.",
        )
    return next(iter(named))


def read_answers(paths: Sequence[Path], key: ReviewKey) -> list[Answers]:
    """What each reviewer said in the files; a reviewer without a name is called after the file.

    Case, blanks, delimiters, encodings, row numbers that a spreadsheet turned into dates, lines in any order and
    missing ones don't matter. Two verdicts of one reviewer on one row are unsure unless they agree.

    Raises
    ------
    BadInput
        A file is no such table, names rows that the sheet does not have, or holds words that are no verdict.
    """
    found: dict[str, Answers] = {}
    for path in paths:
        lines = [line for line in _lines(path) if line.verdict.strip() or line.comment.strip()]
        rows = row_numbers([line.row for line in lines], len(key.rows))
        _require_known(path, lines, rows, len(key.rows))
        for line, row in zip(lines, rows, strict=True):
            name = " ".join(line.reviewer.split()) or path.stem
            answers = found.setdefault(name.casefold(), Answers(reviewer=shorten(name)))
            _add(answers, (row or 0) - 1, line)
    if not any(answers.words for answers in found.values()):
        raise BadInput(
            f"There is no verdict in {', '.join(shorten(path.name) for path in paths)}.",
            evidence="The column `verdict` is empty in every line.",
            remedy="Write good, bad or unsure into it, row by row.",
        )
    return [answers for _, answers in sorted(found.items()) if answers.words]


def _add(answers: Answers, row: int, line: _Line) -> None:
    word = _word(line.verdict)
    if word is not None:
        answers.words[row] = word if answers.words.get(row, word) == word else "unsure"
    if comment := " ".join(line.comment.split()):
        earlier = answers.comments.get(row)
        answers.comments[row] = shorten(comment if earlier in (None, comment) else f"{earlier} / {comment}", 2_000)


def _word(text: str) -> Word | None:
    """The verdict that `text` is; ``None`` where it is empty or no verdict."""
    return _WORDS.get("".join(text.casefold().split()).replace("'", "").replace("\u2019", "").strip('.!,;:"*_-'))


def _require_known(path: Path, lines: Sequence[_Line], rows: Sequence[int | None], most: int) -> None:
    outside = [line for line, row in zip(lines, rows, strict=True) if row is None]
    if outside:
        raise BadInput(
            f"{shorten(path.name)} speaks of rows that the sheet does not have.",
            evidence=_told((line.number, line.row) for line in outside),
            remedy=f"The sheet has the rows 1 to {most}; write their numbers into the column `row`.",
        )
    odd = [line for line in lines if line.verdict.strip() and _word(line.verdict) is None]
    if odd:
        raise BadInput(
            f"{shorten(path.name)} holds words that are no verdict.",
            evidence=_told((line.number, line.verdict) for line in odd),
            remedy="Write good, bad or unsure; leave the cell empty where nobody has looked.",
        )


def _told(found: Iterable[tuple[int, str]]) -> str:
    every = list(found)
    more = f" and {len(every) - 5} more" if len(every) > 5 else ""
    return ", ".join(f"line {number}: {shorten(text)!r}" for number, text in every[:5]) + more


def _lines(path: Path) -> Iterator[_Line]:
    """The lines of the file that are not blank, with the cells that count."""
    content = _text(path)
    if content.casefold().startswith("sep="):  # a line for Excel alone
        content = content.partition("\n")[2]
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=sniff_delimiter(content.encode()))
    places: dict[str, int] | None = None
    try:
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if places is None:
                places = _places(path, cells)
                continue
            told = {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
            yield _Line(
                rows.line_num, *(told.get(name, "") for name in ("row", "verdict", "comment", "reviewer", "sheet"))
            )
    except csv.Error as error:
        raise BadInput(
            f"{shorten(path.name)} can't be read as CSV.",
            evidence=f"Line {rows.line_num}: {error}.",
            remedy="Save the sheet as CSV (UTF-8) once more.",
        ) from error


def _text(path: Path) -> str:
    if not path.is_file():
        raise BadInput(f"There is no file {shorten(str(path), 200)}.", remedy="Check the name.")
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise BadInput(f"{shorten(path.name)} is too large to be a list of verdicts.", evidence=f"{size:,} bytes.")
        content = read_bytes(path)
    except OSError as error:
        raise BadInput(f"{shorten(path.name)} can't be opened.", evidence=str(error)) from error
    for magic, what in _FOREIGN:
        if content.startswith(magic):
            raise BadInput(f"{shorten(path.name)} is {what}.", remedy="Save the sheet as CSV (UTF-8).")
    return to_utf8(content, name=shorten(path.name))[0].decode()


def _places(path: Path, names: Sequence[str]) -> dict[str, int]:
    """Where the columns that count stand; raises `BadInput` if one that is needed does not."""
    places: dict[str, int] = {}
    for at, name in enumerate(names):
        places.setdefault(name.strip().casefold(), at)
    lacking = [name for name in ("row", "verdict", "sheet") if name not in places]
    if lacking:
        raise BadInput(
            f"{shorten(path.name)} has no column called {lacking[0]!r}.",
            evidence=f"Its columns: {', '.join(map(shorten, list(names)[:6]))}.",
            remedy="Fill in the CSV that `synthwright review export` wrote: it has the columns row, verdict and sheet.",
        )
    return places

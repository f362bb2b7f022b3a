"""Personal data of a table: whose each column is, of which locale, and which pairs of names are real."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa

from synthwright.data.code_space import clear_remainder
from synthwright.data.columns import positions_in
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.data.word_lists import locale_of, pools_of
from synthwright.generators.personal_pattern import DEFAULT_LOCALE, PersonalPattern

__all__ = ["learn_personal"]

_NAMES = ("name", "first_name", "last_name")
_OF_PERSONS = frozenset({*_NAMES, "email", "username"})
_WORDS = re.compile(
    r"e[-_ ]?mail|mail|user|login|full|first|last|given|family|fore|sur|vor|nach|name|prenom|nom|address|adresse",
    re.IGNORECASE,
)
_FEWEST_CHOICES = 4  # family names left to choose from for every first name, when real pairs are kept clear of


def learn_personal(reference: Table, made_up: Sequence[str], gaps: Collection[str]) -> dict[str, PersonalPattern]:
    """How each of the columns `made_up` comes about; the missing share of those in `gaps` is left to the method.

    Raises
    ------
    UnknownName
        A column has a locale that there is not.
    """
    columns = [reference.schema[name] for name in made_up]
    whose = _whose(columns)
    found = {}
    for column in columns:
        person = whose[column.name]
        together = [one for one in columns if whose[one.name] == person]
        names = [one for one in together if one.content in _NAMES]
        speaking = sorted(names, key=lambda one: (one.source != "declared", _NAMES.index(str(one.content)))) or [column]
        locale = locale_of(speaking[0].locale or DEFAULT_LOCALE)
        cells = reference.data[column.name]
        found[column.name] = PersonalPattern.learn(
            column,
            cells,
            missing=0.0 if column.name in gaps else round(cells.null_count / max(1, len(cells)), 3),
            person=person,
            locale=locale,
            pairs=_pairs(reference, together, locale),
        )
    return found


def _whose(columns: list[Column]) -> dict[str, str]:
    """The person of each column: one for all, unless a content comes twice, such as a patient's and a doctor's name.

    Then what a column's name says beside its content tells them apart. Columns of nobody are their own.
    """
    of_persons = [column for column in columns if column.content in _OF_PERSONS]
    several = len({column.content for column in of_persons}) < len(of_persons)
    found = {column.name: f"column {column.name}" for column in columns}
    for column in of_persons:
        found[column.name] = f"person {_WORDS.sub('', column.name).strip(' _-.').casefold() if several else ''}"
    return found


def _pairs(reference: Table, together: list[Column], locale: str) -> tuple[int, int]:
    """Modulus and remainder of pairs (first name, family name) that are nobody's here; (1, 0) without room."""
    pools = pools_of(locale)
    first, last = _cells(reference, together, locale)
    at, after = positions_in(first, pools.first.cast(pa.string())), positions_in(last, pools.last.cast(pa.string()))
    known = (at >= 0) & (at < len(pools.first)) & (after >= 0) & (after < len(pools.last))
    taken = np.unique(at[known].astype(np.uint64) * np.uint64(len(pools.last)) + after[known].astype(np.uint64))
    modulus, remainder = clear_remainder(taken)
    least = min(pools.last_women, len(pools.last) - pools.last_women) or len(pools.last)
    return (modulus, remainder) if modulus * _FEWEST_CHOICES <= least else (1, 0)


def _cells(reference: Table, together: list[Column], locale: str) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """First and family names of every row, from their own columns or out of full names."""
    by_content = {column.content: reference.data[column.name].cast(pa.string()) for column in reversed(together)}
    if "first_name" in by_content and "last_name" in by_content:
        return by_content["first_name"], by_content["last_name"]
    if "name" not in by_content:
        return pa.chunked_array([pa.array([], pa.string())]), pa.chunked_array([pa.array([], pa.string())])
    family_first = pools_of(locale).family_first
    both = [_parted(text, family_first) for text in by_content["name"].to_pylist() if text]
    firsts, lasts = zip(*both, strict=True) if both else ((), ())
    return pa.chunked_array([pa.array(firsts, pa.string())]), pa.chunked_array([pa.array(lasts, pa.string())])


def _parted(text: str, family_first: bool) -> tuple[str, str]:
    last, comma, first = (part.strip() for part in text.partition(","))
    if comma:
        return first, last
    begin, _, end = text.partition(" ") if family_first else text.rpartition(" ")
    return (end, begin) if family_first else (begin, end)

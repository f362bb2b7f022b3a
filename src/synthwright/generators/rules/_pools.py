"""Names, streets, cities and phone numbers of a locale: the word lists of mimesis, drawn from by index.

The lists are data files of the package `mimesis` (MIT); none of its classes or random numbers are used, so what is
drawn depends on our streams and on the lists alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pyarrow as pa

from synthwright.errors import MissingExtra, UnknownName

__all__ = ["Pools", "pools_of", "slug"]

_NO_BLANK = ("ja", "ko", "zh")  # written without a blank between names
_FAMILY_FIRST = (*_NO_BLANK, "hu")
_PLAIN_PHONE = ("### ### ####",)
_LOCALE = re.compile(r"[a-z]{2}(-[a-z]{2})?")


@dataclass(frozen=True, eq=False)
class Pools:
    """The word lists of one locale. First names come as women's, then men's; family names may differ by gender too."""

    first: pa.Array
    last: pa.Array
    women: int
    last_women: int  # of the family names; those of men follow. 0: one list for all
    first_slugs: pa.Array
    last_slugs: pa.Array
    family_first: bool
    blank: str
    cities: pa.Array
    streets: pa.Array
    street_types: pa.Array
    address: str
    postal_codes: str
    phones: tuple[str, ...]
    company_types: pa.Array


@lru_cache(maxsize=8)
def pools_of(locale: str) -> Pools:
    """The word lists of `locale` (``de``, ``en-gb``, also ``de_DE``).

    Raises
    ------
    UnknownName
        There is no such locale.
    MissingExtra
        The package mimesis is not installed.
    """
    folder = _folder()
    known = sorted(
        one.name for one in folder.iterdir() if _LOCALE.fullmatch(one.name) and (one / "person.json").is_file()
    )
    name = locale.strip().lower().replace("_", "-")
    if name not in known:
        name = name.partition("-")[0] if _LOCALE.fullmatch(name) else ""
    if name not in known:
        raise UnknownName.among("locale", locale, known, listing=f"Known: {', '.join(known)}.")
    person, address, finance = (_merged(folder, name, subject) for subject in ("person", "address", "finance"))
    women, men = (_words(person["names"][gender]) for gender in ("female", "male"))
    surnames = person["surnames"]
    by_gender = isinstance(surnames, Mapping)
    lasts = [_words(surnames[gender]) for gender in ("female", "male")] if by_gender else [_words(surnames), []]
    language = name.partition("-")[0]
    types = (finance.get("company") or {}).get("type") or ["Ltd."]
    short = types.get("abbr") if isinstance(types, Mapping) else types
    street = address.get("street") or {}
    return Pools(
        first=pa.array(women + men),
        last=pa.array(lasts[0] + lasts[1]),
        women=len(women),
        last_women=len(lasts[0]) if by_gender else 0,
        first_slugs=pa.array([slug(one) for one in women + men]),
        last_slugs=pa.array([slug(one) for one in lasts[0] + lasts[1]]),
        family_first=language in _FAMILY_FIRST,
        blank="" if language in _NO_BLANK else " ",
        cities=pa.array(_words(address.get("city") or ["Springfield"])),
        streets=pa.array(_words(street.get("name") or ["Main"])),
        street_types=pa.array(_words(street.get("suffix") or [""])),
        address=str(address.get("address_fmt") or "{st_num} {st_name}"),
        postal_codes=str(address.get("postal_code_fmt") or "#####"),
        phones=tuple(person.get("telephone_fmt") or _PLAIN_PHONE),
        company_types=pa.array(_words(short or ["Ltd."])),
    )


def slug(text: str) -> str:
    """`text` in the letters of an e-mail address; ``user`` if nothing of it is left."""
    plain = normalize("NFKD", text.lower().replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    return re.sub(r"[^a-z0-9]+", "", plain) or "user"


def _folder() -> Path:
    found = find_spec("mimesis")
    if found is None or found.origin is None:
        raise MissingExtra(
            "Names, addresses, e-mails and phone numbers need the package mimesis.",
            remedy="Install it: pip install mimesis",
        )
    return Path(found.origin).parent / "datasets"


def _merged(folder: Path, name: str, subject: str) -> dict[str, Any]:
    """What the language says, and over it what the region says."""
    merged: dict[str, Any] = {}
    for one in dict.fromkeys((name.partition("-")[0], name)):
        path = folder / one / f"{subject}.json"
        if path.is_file():
            merged |= json.loads(path.read_text(encoding="utf-8"))
    return merged


def _words(words: Iterable[Any]) -> list[str]:
    """Each word once, in an order that does not depend on the file's."""
    return sorted({str(word) for word in words})

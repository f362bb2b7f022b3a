"""Names, streets, cities and phone numbers of a locale: the word lists of mimesis, drawn from by index.

The lists are data files of the package `mimesis` (MIT); none of its classes or random numbers are used, so what is
drawn depends on our streams and on the lists alone.
"""

# ruff: noqa: RUF001  # letters of other alphabets are what these tables are about

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
import pyarrow.compute as pc

from synthwright.errors import MissingExtra, UnknownName

__all__ = ["HOUSES", "MAIL_DOMAINS", "Pools", "lists_of", "locale_names", "locale_of", "pools_of", "slug"]

HOUSES = 180  # house numbers in a made-up street
MAIL_DOMAINS = ("example.com", "example.org", "example.net")  # RFC 2606: no mail ever reaches anybody there
_NO_BLANK = ("ja", "ko", "zh")  # written without a blank between names
_FAMILY_FIRST = (*_NO_BLANK, "hu")
_PLAIN_PHONE = ("### ### ####",)
_LOCALE = re.compile(r"[a-z]{2}(-[a-z]{2})?")


def _letters(text: str) -> dict[int, str]:
    """``a:b`` pairs as a table for `str.translate`."""
    return {ord(entry[0]): entry[2:] for entry in text.split(" ")}


# Letters that have no Latin one inside them, as passports and addresses write them (ISO 9 and ELOT 743, simplified).
_LATIN = _letters(
    "ß:ss ø:o ł:l đ:d ı:i æ:ae œ:oe þ:th ð:d а:a б:b в:v г:g д:d е:e ё:e ж:zh з:z и:i й:i к:k л:l м:m н:n о:o п:p "
    "р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ш:sh щ:shch ы:y ь: ъ: э:e ю:yu я:ya і:i ї:i є:ie ґ:g ә:a ғ:g қ:q ң:n ө:o "
    "ұ:u ү:u һ:h α:a ά:a β:v γ:g δ:d ε:e έ:e ζ:z η:i ή:i θ:th ι:i ί:i κ:k λ:l μ:m ν:n ξ:x ο:o ό:o π:p ρ:r σ:s ς:s "
    "τ:t υ:y ύ:y φ:f χ:ch ψ:ps ω:o ώ:o"
)


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

    def address_line(self, house: pa.Array, street: pa.Array, kind: pa.Array) -> pa.Array:
        """Streets with house numbers (texts all), in the order of the locale."""
        pieces, parts, end = {"st_num": house, "st_name": street, "st_sfx": kind}, [], 0
        for found in re.finditer(r"\{(\w*)\}", self.address):
            parts += [pa.scalar(self.address[end : found.start()]), pieces.get(found[1], house)]
            end = found.end()
        return pc.binary_join_element_wise(*parts, pa.scalar(self.address[end:]), "")


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
    name = locale_of(locale)
    person, address, finance = (lists_of(name, subject) for subject in ("person", "address", "finance"))
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


@lru_cache(maxsize=1)
def locale_names() -> tuple[str, ...]:
    """The locales that have names, in alphabetical order. Raises `MissingExtra` without mimesis."""
    folders = (one for one in _folder().iterdir() if _LOCALE.fullmatch(one.name))
    return tuple(sorted(one.name for one in folders if (one / "person.json").is_file()))


def locale_of(locale: str) -> str:
    """The name of the lists for `locale` as people write it: ``de_DE`` and ``DE`` are ``de``.

    Raises
    ------
    UnknownName
        There is no such locale.
    """
    known, name = locale_names(), locale.strip().lower().replace("_", "-")
    if name not in known:
        name = name.partition("-")[0] if _LOCALE.fullmatch(name) else ""
    if name not in known:
        raise UnknownName.among("locale", locale, known, listing=f"Known: {', '.join(known)}.")
    return name


def lists_of(locale: str, subject: str) -> dict[str, Any]:
    """The lists of a subject (``person``, ``address``, ``finance``): what the language says, and over it the region."""
    merged: dict[str, Any] = {}
    for one in dict.fromkeys((locale.partition("-")[0], locale)):
        path = _folder() / one / f"{subject}.json"
        if path.is_file():
            merged |= json.loads(path.read_text(encoding="utf-8"))
    return merged


def slug(text: str) -> str:
    """`text` in the letters of an e-mail address; ``user`` if nothing of it is left."""
    plain = normalize("NFKD", text.lower().translate(_LATIN))
    return re.sub(r"[^a-z0-9]+", "", plain) or "user"


def _folder() -> Path:
    found = find_spec("mimesis")
    if found is None or found.origin is None:
        raise MissingExtra(
            "Names, addresses, e-mails and phone numbers need the package mimesis.",
            remedy="Install it: pip install mimesis",
        )
    return Path(found.origin).parent / "datasets"


def _words(words: Iterable[Any]) -> list[str]:
    """Each word once, in an order that does not depend on the file's."""
    return sorted({str(word) for word in words})

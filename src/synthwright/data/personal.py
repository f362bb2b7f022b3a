"""Personal data in a column of texts: recognised by what the cells hold first, by the column's name second.

Word lists know a part of all names only: of family names about half the people, of their spellings fewer. So the bars
below are shares of the different values, lower where the column's name says the same as its cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from synthwright.data.contents import (
    COUNTRY_CODES,
    NAMED,
    TOP_DOMAINS,
    is_company,
    is_email,
    is_ip,
    is_phone,
    is_street,
    is_url,
)
from synthwright.data.known_names import KnownNames, known_names
from synthwright.data.schema import Content
from synthwright.errors import MissingExtra

__all__ = ["CALLED", "DIRECT", "Found", "recognise"]

CALLED: dict[Content, str] = {
    "name": "names of people",
    "first_name": "first names",
    "last_name": "family names",
    "email": "e-mail addresses",
    "phone": "phone numbers",
    "username": "user names",
    "url": "web addresses",
    "ip": "IP addresses",
    "company": "companies",
    "street": "streets with house numbers",
    "city": "cities",
    "address": "postal addresses",
}
"""Contents as a person calls them."""

DIRECT: frozenset[Content] = frozenset({"email", "phone", "ip", "street", "address"})
"""Contents that lead to one person or household however many rows share them: always made up."""

_FORM = 0.95  # of the values have the form of an e-mail address, a phone number, …: a few are mistyped
_FEWEST = 5  # different values under which only e-mail addresses and the like are looked for
_ENOUGH = 20  # different words under which a list of words says nothing without the column's name
_BARS: dict[Content, tuple[float, float]] = {  # share of known words, without and with the column's name
    "name": (0.5, 0.2),
    "first_name": (0.8, 0.4),
    "last_name": (0.7, 0.15),
    "city": (0.7, 0.3),
    "company": (0.6, 0.3),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a column holds, of which locale as far as it shows, and the sentence that says why."""

    content: Content
    locale: str
    reason: str


def recognise(name: str, texts: Sequence[str]) -> Found | None:
    """What personal data the different values `texts` of the column `name` are; ``None`` if they are none.

    Words that could be first names as well as cities are taken for what the column's name says; without it, for
    neither.
    """
    if not texts:
        return None
    forms: list[tuple[Content, Callable[[str], bool]]] = [
        ("email", is_email),
        ("url", is_url),
        ("ip", is_ip),
        ("phone", partial(is_phone, named=_named(name, "phone"))),
    ]
    for content, test in forms:
        hits = sum(map(test, texts))
        if hits >= _FORM * len(texts):
            return _told(content, hits, len(texts), _LOCALES[content](texts) if content in _LOCALES else "")
    if len(texts) < _FEWEST:
        return None
    streets = sum(map(is_street, texts))
    if streets >= (0.5 if _named(name, "street") else 0.8) * len(texts):
        whole = sum("," in text or "\n" in text for text in texts) >= 0.8 * len(texts)
        return _told("address" if whole else "street", streets, len(texts), "")
    if _named(name, "username") and all(" " not in text for text in texts):
        return Found("username", "", f"The name says {CALLED['username']}.")
    return _words(name, texts)


def _words(name: str, texts: Sequence[str]) -> Found | None:
    """Names, companies and cities: what word lists and legal forms know."""
    companies = sum(map(is_company, texts)) / len(texts)
    if companies >= _bar(name, "company", len(texts)):
        return _told("company", round(companies * len(texts)), len(texts), "")
    plain = [text.strip().casefold() for text in texts]
    if sum(any(letter.isdigit() for letter in text) for text in plain) > 0.05 * len(plain):
        return None
    try:
        known = known_names()
    except MissingExtra:  # reading a table needs no word lists; making names up says what to install
        return None
    share, locale = known.people(list(texts))
    if share >= _bar(name, "name", len(texts)):
        return _told("name", round(share * len(texts)), len(texts), locale)
    return _single(name, plain, known)


def _single(name: str, plain: list[str], known: KnownNames) -> Found | None:
    shares: dict[Content, tuple[float, str]] = {
        "first_name": known.share(plain, known.first),
        "last_name": known.share(plain, known.last),
        "city": known.share(plain, known.city),
    }
    passed = [content for content, (share, _) in shares.items() if share >= _bar(name, content, len(plain))]
    spoken = [content for content in passed if _named(name, content)]
    best = max(spoken or passed, key=lambda content: shares[content][0], default=None)
    if best is None or (not spoken and _rivals(shares, best)):
        return None
    return _told(best, round(shares[best][0] * len(plain)), len(plain), shares[best][1])


def _rivals(shares: dict[Content, tuple[float, str]], best: Content) -> bool:
    """True where another list knows almost as many of the words: Madison is a city, a first and a family name."""
    return any(share > 0.6 * shares[best][0] for other, (share, _) in shares.items() if other != best)


def _bar(name: str, content: Content, n: int) -> float:
    alone, named = _BARS[content]
    if _named(name, content):
        return named
    return alone if n >= _ENOUGH else 2.0


def _named(name: str, content: Content) -> bool:
    return content in NAMED and bool(NAMED[content].search(name))


def _told(content: Content, hits: int, n: int, locale: str) -> Found:
    share = "100%" if hits >= n else f"{hits / n:.0%}"
    how = "are known" if content in {"name", "first_name", "last_name", "city"} else "have the form of"
    where = f" (locale {locale})" if locale else ""
    return Found(content, locale, f"{share} of the values {how} {CALLED[content]}{where}.")


def _of_phones(texts: Sequence[str]) -> str:
    """The locale of the country code that most numbers begin with."""
    codes: Counter[str] = Counter()
    for text in texts:
        digits = "".join(letter for letter in text if letter.isdigit())
        if text.startswith(("+", "00")):
            digits = digits.removeprefix("00")
            codes.update([next((digits[:k] for k in (3, 2, 1) if digits[:k] in COUNTRY_CODES), "")])
    code, hits = (codes.most_common(1) or [("", 0)])[0]
    return COUNTRY_CODES.get(code, "") if hits > len(texts) / 2 else ""


def _of_domains(texts: Sequence[str]) -> str:
    """The locale of the country whose top-level domain most addresses end with."""
    ends = Counter(text.rstrip("/").partition("://")[2].partition("/")[0] or text for text in texts)
    tops = Counter(one.rpartition(".")[2].casefold() for one in ends.elements())
    top, hits = (tops.most_common(1) or [("", 0)])[0]
    return TOP_DOMAINS.get(top, "") if hits > len(texts) / 2 else ""


_LOCALES: dict[Content, Callable[[Sequence[str]], str]] = {
    "email": _of_domains,
    "url": _of_domains,
    "phone": _of_phones,
}

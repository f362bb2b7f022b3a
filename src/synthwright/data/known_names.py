"""Which words are first names, family names or cities, and in which locales: the word lists turned round."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from synthwright.data.word_lists import lists_of, locale_names

__all__ = ["KnownNames", "known_names"]

_TITLES = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|dr|prof|sir|herr|frau|monsieur|madame|mme|m|sr|sra|ing)\.?\s+)+", re.IGNORECASE
)
_SUFFIX = re.compile(r",?\s+(?:jr|sr|ii|iii|iv|phd|md)\.?$", re.IGNORECASE)
_WHOLE = re.compile(r"[^\W\d_][^\d_@/\\:;#*<>{}\[\]]{1,60}")
_WITHOUT_BLANK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,6}")
_LITTLE = frozenset(
    re.findall(r"\S+", "the a an of and in to at on for with is are my your no & und der das le la les")
)
_PREFERRED = ("en", "de", "fr", "es", "it")  # among locales that know equally many of the names


@dataclass(frozen=True, eq=False)
class KnownNames:
    """For every word in small letters, the locales whose lists have it, as bits in the order of `locales`."""

    locales: tuple[str, ...]
    first: Mapping[str, int]
    last: Mapping[str, int]
    city: Mapping[str, int]

    def share(self, words: Iterable[str], what: Mapping[str, int]) -> tuple[float, str]:
        """The share of `words` (in small letters) that the best locale's list has, and that locale."""
        return self._best([what.get(word, 0) for word in words])

    def people(self, texts: Iterable[str]) -> tuple[float, str]:
        """The share of `texts` that are full names with a known first name, and the locale that knows most.

        Both orders count, with a comma or without; titles and suffixes are looked through.
        """
        return self._best([self._person(text) for text in texts])

    def _person(self, text: str) -> int:
        if _WITHOUT_BLANK.fullmatch(text):
            found = 0
            for at in range(1, len(text)):
                found |= self.last.get(text[:at], 0) & self.first.get(text[at:], 0)
            return found
        plain = _SUFFIX.sub("", _TITLES.sub("", text.strip()))
        if not _WHOLE.fullmatch(plain):
            return 0
        family, comma, given = plain.partition(",")
        words = (f"{given} {family}" if comma else plain).casefold().split()
        if not 2 <= len(words) <= 4 or not _LITTLE.isdisjoint(words):
            return 0
        first, last = (self.first.get(words[at], 0) for at in (0, -1))
        either = first | (self.last.get(words[0], 0) & last)
        return either & (self.last.get(words[-1], 0) | self.last.get(words[0], 0)) or either  # who knows both names

    def _best(self, masks: list[int]) -> tuple[float, str]:
        """Among equally good locales a preferred one, then the first by name."""
        hits: Counter[str] = Counter()
        for mask, count in Counter(masks).items():
            hits.update({name: count for at, name in enumerate(self.locales) if mask >> at & 1})
        if not hits:
            return 0.0, ""

        def rank(name: str) -> tuple[int, int, str]:
            return -hits[name], _PREFERRED.index(name) if name in _PREFERRED else len(_PREFERRED), name

        best = min(hits, key=rank)
        return hits[best] / len(masks), best


@lru_cache(maxsize=1)
def known_names() -> KnownNames:
    """All lists, read once. Raises `MissingExtra` where they are not installed."""
    lists: tuple[dict[str, int], ...] = ({}, {}, {})
    for at, locale in enumerate(locale_names()):
        person, address = (lists_of(locale, subject) for subject in ("person", "address"))
        found = (_flat(person.get("names")), _flat(person.get("surnames")), _flat(address.get("city")))
        for into, words in zip(lists, found, strict=True):
            for word in map(str.casefold, words):
                into[word] = into.get(word, 0) | 1 << at
    return KnownNames(locale_names(), *lists)


def _flat(words: Any) -> list[str]:
    """The words of a list, or of the lists by gender."""
    several = words.values() if isinstance(words, Mapping) else [words or []]
    return [str(word) for one in several for word in one]

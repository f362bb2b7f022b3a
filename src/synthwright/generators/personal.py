"""Personal data made up: names, addresses, phone numbers and accounts of a locale, one person per row.

Row i is person number i (or one of as many persons as the training rows had, where values repeat). All columns of a
person take from that number, so an e-mail address is of the name beside it. What is drawn comes from word lists that
know nothing of the data; what could name somebody (addresses on the net, phone numbers, user names) keeps clear of the
real values by arithmetic, as identifiers do.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.hashing import mix
from synthwright.data.identifiers import codes_of
from synthwright.data.permutation import permuted
from synthwright.data.schema import Content
from synthwright.data.table import BLOCK_ROWS
from synthwright.data.word_lists import HOUSES, MAIL_DOMAINS, Pools, pools_of
from synthwright.generators.personal_pattern import OFFICE_NETWORK, OFFICE_SIZE, PersonalPattern
from synthwright.seeding import Streams

__all__ = ["Persons", "made_up"]

_LETTERS = {"#": string.digits, "@": string.ascii_uppercase}


def made_up(patterns: Mapping[str, PersonalPattern], index: int, n: int, streams: Streams) -> dict[str, pa.Array]:
    """The texts of block `index` for each column; the first k never depend on `n`.

    Where one column of a person has a value of its own in every row, every row has a person of its own.
    """
    rows = np.arange(index * BLOCK_ROWS, index * BLOCK_ROWS + n, dtype=np.uint64)
    made = {}
    for name, one in patterns.items():
        group = [other for other in patterns.values() if other.person == one.person]
        key = int(streams.at(one.person).rng().integers(0, 2**63))
        values = 0 if any(other.values == 0 for other in group) else max(other.values for other in group)
        numbers = rows if values == 0 else mix(mix(rows) ^ np.uint64(key)) % np.uint64(values)
        texts = Persons(numbers, key, one.locale, one.pairs).values(one)
        if one.missing:
            salted = mix(rows + np.uint64(streams.at("missing", name).integer()))
            gone = salted < np.uint64(min(int(one.missing * 2.0**64), 2**64 - 1))
            texts = pc.if_else(pa.array(gone), pa.scalar(None, texts.type), texts)
        made[name] = texts
    return made


@dataclass(frozen=True, eq=False)
class Persons:
    """The people (or companies, cities, …) with these `numbers` (uint64); `key` says which of all possible ones."""

    numbers: np.ndarray
    key: int
    locale: str
    pairs: tuple[int, int] = (1, 0)

    def values(self, one: PersonalPattern) -> pa.Array:
        """The texts of one column; none is missing."""
        makers: Mapping[Content, Callable[[PersonalPattern], pa.Array]] = {
            "name": self._name,
            "first_name": lambda _: self._of(self.pools.first, self._firsts),
            "last_name": lambda _: self._of(self.pools.last, self._lasts),
            "email": self._email,
            "phone": lambda one: codes_of(one.codes, self.numbers, self.key),
            "username": lambda one: _joined("", self._slug("first", 1), self._slug("last"), self._clear(one)),
            "url": lambda one: _joined("", pa.scalar("https://www.example.com/"), self._slug("last"), self._clear(one)),
            "ip": self._ip,
            "company": lambda _: _joined(" ", self._of(self.pools.last, self._lasts), self._pick("company_types")),
            "street": lambda _: self._street(),
            "city": lambda _: self._pick("cities"),
            "address": lambda _: _joined(", ", self._street(), _joined(" ", self._postal(), self._pick("cities"))),
        }
        made = makers[one.content](one)
        return pc.utf8_upper(made) if one.capitals else made

    @cached_property
    def pools(self) -> Pools:
        """The word lists of the locale."""
        return pools_of(self.locale)

    @cached_property
    def _firsts(self) -> np.ndarray:
        return self._hash("first") % np.uint64(len(self.pools.first))

    @cached_property
    def _lasts(self) -> np.ndarray:
        """Family names: of the first name's gender where they differ, and such that no real pair comes out.

        The number of a pair is ``first * (number of family names) + last``; made-up ones have a remainder of their own.
        """
        total, women = len(self.pools.last), self.pools.last_women
        theirs = self._firsts < np.uint64(self.pools.women)
        begin = np.where(theirs, 0, women).astype(np.uint64)
        count = np.where(theirs, women, total - women).astype(np.uint64) if women else np.uint64(total)
        modulus, remainder = (np.uint64(one) for one in self.pairs)
        fixed = (self._firsts * np.uint64(total) + begin) % modulus
        ahead = (remainder + modulus - fixed) % modulus
        choices = (count - np.uint64(1) - ahead) // modulus + np.uint64(1)
        return np.asarray(begin + ahead + modulus * (self._hash("last") % choices))

    def _name(self, one: PersonalPattern) -> pa.Array:
        first, last = self._of(self.pools.first, self._firsts), self._of(self.pools.last, self._lasts)
        if one.comma:
            return _joined(", ", last, first)
        return _joined(self.pools.blank, *((last, first) if self.pools.family_first else (first, last)))

    def _email(self, one: PersonalPattern) -> pa.Array:
        local = _joined("", _joined(".", self._slug("first"), self._slug("last")), self._clear(one))
        domains = pa.array(MAIL_DOMAINS).take(pa.array(self._hash("domain") % np.uint64(len(MAIL_DOMAINS))))
        return _joined("@", local, domains)

    def _ip(self, one: PersonalPattern) -> pa.Array:
        if one.codes.spaces:
            return codes_of(one.codes, self.numbers, self.key)
        room = max(1, (OFFICE_SIZE - 1 - one.remainder) // one.modulus + 1)
        drawn = permuted(self.numbers % np.uint64(room), room, self.key)
        address = np.uint64(OFFICE_NETWORK) + np.uint64(one.remainder) + np.uint64(one.modulus) * drawn
        octets = [((address >> np.uint64(shift)) & np.uint64(255)).astype(np.int64) for shift in (24, 16, 8, 0)]
        return _joined(".", *(pa.array(part).cast(pa.string()) for part in octets))

    def _street(self) -> pa.Array:
        house = pa.array((self._hash("house") % np.uint64(HOUSES)).astype(np.int64) + 1).cast(pa.string())
        return self.pools.address_line(house, self._pick("streets"), self._pick("street_types"))

    def _postal(self) -> pa.Array:
        parts: list[pa.Array] = [pa.nulls(len(self.numbers), pa.string()).fill_null("")]
        for at, sign in enumerate(self.pools.postal_codes):
            letters = pa.array(list(_LETTERS.get(sign, sign)))
            parts.append(self._of(letters, self._hash(f"postal {at}") % np.uint64(len(letters))))
        return _joined("", *parts)

    def _clear(self, one: PersonalPattern) -> pa.Array:
        """The person's number as no real address or user name ends."""
        counted = np.uint64(one.remainder) + np.uint64(one.modulus) * (self.numbers + np.uint64(1))
        return pa.array(counted).cast(pa.string())

    def _slug(self, which: str, letters: int | None = None) -> pa.Array:
        words, at = (self.pools.first_slugs, self._firsts) if which == "first" else (self.pools.last_slugs, self._lasts)
        return self._of(words if letters is None else pc.utf8_slice_codeunits(words, 0, letters), at)

    def _pick(self, which: str) -> pa.Array:
        pool: pa.Array = getattr(self.pools, which)
        return self._of(pool, self._hash(which) % np.uint64(len(pool)))

    def _of(self, pool: pa.Array, at: np.ndarray) -> pa.Array:
        return pool.take(pa.array(at))

    def _hash(self, what: str) -> np.ndarray:
        """Numbers that look drawn: one for each person and use."""
        salt = np.uint64(int.from_bytes(what.encode()[:8].ljust(8, b"\0"), "little") ^ len(what))
        return mix(mix(self.numbers + np.uint64(self.key % 2**62)) ^ salt)


def _joined(between: str, *parts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*parts, between)

"""How a column of personal data is made up: what is learnt of it, and nothing more."""

from __future__ import annotations

import ipaddress
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.code_learning import spaces_like
from synthwright.data.code_space import Space, clear_remainder, spaces_beside
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.identifiers import Pattern, pattern_from_text, pattern_to_text
from synthwright.data.schema import CONTENTS, Column, Content
from synthwright.data.word_lists import MAIL_DOMAINS, locale_of, pools_of
from synthwright.errors import BadInput, SynthwrightError, shorten

__all__ = ["DEFAULT_LOCALE", "OFFICE_NETWORK", "OFFICE_SIZE", "PersonalPattern"]

DEFAULT_LOCALE = "en"
OFFICE_NETWORK = 10 << 24  # 10.0.0.0/8: never routed on the internet (RFC 1918)
OFFICE_SIZE = 1 << 24
_NUMBER_AT_END = re.compile(r"(\d{1,15})(?:@.*)?/?$")
_DOCUMENTED = (*"2001:0db8:", *(one for _ in range(5) for one in ("0123456789abcdef",) * 4 + (":",)), *("0000"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalPattern:
    """What is known of a column: content, locale, how many different values it had (0: every row its own), its form.

    Columns of one `person` share their row's person. Numbers in accounts are ``remainder + modulus * k``, which no real
    account ends with; `pairs` say the same of first and family names together, where there is room; `codes` are
    phone numbers. `missing` is the share of empty cells where no method learns them.
    """

    content: Content
    locale: str = DEFAULT_LOCALE
    person: str = ""
    values: int = 0
    missing: float = 0.0
    comma: bool = False
    capitals: bool = False
    modulus: int = 1
    remainder: int = 0
    pairs: tuple[int, int] = (1, 0)
    codes: Pattern = Pattern()

    @classmethod
    def learn(
        cls, column: Column, cells: pa.ChunkedArray, *, missing: float, person: str, locale: str, pairs: tuple[int, int]
    ) -> Self:
        """What `cells` show. The number of different values is kept to two digits; their text is not kept."""
        if column.content is None:
            raise BadInput(f"Column {shorten(column.name)!r} has no content.")
        known = pc.unique(cells.cast(pa.string()).drop_null()).to_pylist() if len(cells) else []
        modulus, remainder = clear_remainder(_numbers(column.content, known))
        unique = column.kind == "id" or len(known) < MINIMUM_ROWS
        return cls(
            content=column.content,
            locale=locale,
            person=person,
            pairs=pairs,
            values=0 if unique else _two_digits(len(known)),
            missing=missing,
            comma=_mostly(known, lambda text: ", " in text),
            capitals=column.content not in {"email", "url", "username", "ip"} and _mostly(known, str.isupper),
            modulus=modulus,
            remainder=remainder,
            codes=_codes(column.content, locale, known),
        )

    def state(self) -> dict[str, Any]:
        """All of it as JSON types."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "codes"}
        return {
            **fields,
            "pairs": list(self.pairs),
            "codes": pattern_to_text(self.codes) if self.codes != Pattern() else "",
        }

    @classmethod
    def from_state(cls, state: Any) -> Self:
        """Read back `state`; raises `BadInput` for anything else."""
        try:
            fields: Mapping[str, Any] = dict(state)
            codes = pattern_from_text(fields["codes"]) if fields["codes"] else Pattern()
            one = cls(**{**fields, "codes": codes, "pairs": tuple(fields["pairs"])})
            numbers = (*(fields[name] for name in ("values", "modulus", "remainder")), *fields["pairs"])
            sound = (
                fields["content"] in CONTENTS
                and locale_of(fields["locale"]) == fields["locale"]
                and isinstance(fields["person"], str)
                and all(type(number) is int and 0 <= number < 2**60 for number in numbers)
                and one.remainder < one.modulus <= 2**32
                and len(fields["pairs"]) == 2
                and one.pairs[1] < one.pairs[0] <= 2**20
                and type(fields["missing"]) in {int, float}
                and 0 <= one.missing <= 1
                and all(isinstance(fields[flag], bool) for flag in ("comma", "capitals"))
            )
        except (TypeError, KeyError, ValueError, AttributeError, SynthwrightError) as error:
            raise BadInput("How personal data are made up can't be read.", evidence=str(error)[:200]) from error
        if not sound or (one.content == "phone" and codes == Pattern()):
            raise BadInput("How personal data are made up makes no sense.", evidence=str(state)[:200])
        return one


def _codes(content: Content, locale: str, known: list[str]) -> Pattern:
    if content == "phone":
        if len(known) >= MINIMUM_ROWS:
            return Pattern(spaces=spaces_like(known))
        mask = pools_of(locale).phones[0]
        return Pattern(spaces=(Space(tuple(string.digits if sign == "#" else sign for sign in mask), 1, 0),))
    if content == "ip" and _mostly(known, lambda text: ":" in text):
        return Pattern(spaces=spaces_beside(known, _DOCUMENTED))
    return Pattern()


def _numbers(content: Content, known: list[str]) -> np.ndarray:
    """The numbers that no made-up value may have: those at the end of real accounts, addresses of the same network."""
    found: set[int] = set()
    for text in known:
        if content == "ip":
            number = _address(text) - OFFICE_NETWORK
            if 0 <= number < OFFICE_SIZE:
                found.add(number)
            continue
        ours = content in {"username", "url"} or text.rpartition("@")[2].casefold() in MAIL_DOMAINS
        if ours and (at_end := _NUMBER_AT_END.search(text)):
            found.add(int(at_end[1]))
    return np.array(sorted(found), dtype=np.uint64)


def _address(text: str) -> int:
    try:
        return int(ipaddress.IPv4Address(text))
    except ValueError:
        return -1


def _mostly(known: list[str], test: Callable[[str], bool]) -> bool:
    return len(known) >= MINIMUM_ROWS and sum(map(test, known)) > len(known) / 2


def _two_digits(number: int) -> int:
    """`number` to two significant digits: how many people there were, not exactly."""
    scale = int("1".ljust(len(str(number)) - 1, "0"))
    return max(1, round(number / scale) * scale)

"""From real codes to the codes that may be given out in their place: versions, dates, check digits, then shapes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from synthwright.data.check_digits import Scheme, obeyed
from synthwright.data.code_shape import LONGEST, email_shape, is_ulid, is_uuid, shape_of, uuid_shape
from synthwright.data.code_space import Space, spaces_beside, spaces_within
from synthwright.data.code_stamps import Stamp, stamps_in, time_stamp
from synthwright.data.grid import MINIMUM_ROWS

__all__ = ["spaces_like"]

_DIGITS = frozenset("0123456789")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_UUID_TIME = (*range(8), *range(9, 13))  # of version 7: 48 bits of milliseconds (RFC 9562, 5.7)


def spaces_like(texts: Iterable[str], *, integers: bool = False) -> tuple[Space, ...]:
    """Spaces of codes like `texts` with none of them; `integers` have no leading zero.

    Kept are the versions of UUIDs, the years of dates and times inside codes, check digits, the length that is
    commonest and what all codes share.
    """
    known = sorted(set(texts))
    if shape := email_shape(known):
        return spaces_beside(known, shape)
    if is_uuid(known):
        shape, version = uuid_shape(known)
        form = "UUID" if shape[0][-1] == "F" else "uuid"
        cased = [text.upper() if form == "UUID" else text.lower() for text in known]
        stamp = time_stamp(form, _UUID_TIME, cased) if version == "7" else None
        return spaces_beside(cased, _unstamped(shape, stamp), () if stamp is None else (stamp,))
    if is_ulid(known):
        stamp = time_stamp("ulid", tuple(range(10)), known)
        return spaces_beside(known, _unstamped(("01234567", *(_CROCKFORD,) * 25), stamp), (stamp,) if stamp else ())
    length = Counter(len(text) for text in known if len(text) <= LONGEST).most_common(1)
    same = [text for text in known if length and len(text) == length[0][0]]
    if (found := obeyed(same)) and len(same) >= 0.9 * len(known):
        return _checked(known, same, *found, integers=integers)
    shape = shape_of(known, integers=integers)
    stamps = () if integers else tuple(_dated(known, shape))
    for stamp in stamps:
        shape = _unstamped(shape, stamp)
    return spaces_beside(known, shape, stamps)


def _checked(
    known: list[str], same: list[str], scheme: Scheme, counted: tuple[int, ...], *, integers: bool
) -> tuple[Space, ...]:
    """Codes of the shape of `same` (of the commonest country, for accounts), with check digits filled in."""
    if scheme.name == "iban":
        country = Counter(text[:2] for text in same).most_common(1)[0][0]
        same = [text for text in same if text[:2] == country]
    shape = list(shape_of(same if len(same) >= MINIMUM_ROWS else known, integers=integers))
    for place in counted:  # a place that all codes share stays; others are widened to what the rule allows
        if len(shape[place]) > 1:
            shape[place] = "".join(letter for letter in shape[place] if letter in scheme.letters) or "0123456789"
    space = Space(tuple(shape), 1, 0, (), scheme.name, counted)
    for place in (*space.checks, *space.slack):
        shape[place] = "0"
    return spaces_within(known, replace(space, places=tuple(shape)))


def _dated(known: list[str], shape: tuple[str, ...]) -> list[Stamp]:
    """Dates in codes; places that all codes share belong to none, unless between two that differ."""
    outside = frozenset(at for at, letters in enumerate(shape) if not _DIGITS.issuperset(letters) and letters != "-")
    fitting = [text for text in known if len(text) == len(shape)]
    return stamps_in(fitting, len(shape), outside) if len(fitting) >= 0.9 * len(known) else []


def _unstamped(shape: tuple[str, ...], stamp: Stamp | None) -> tuple[str, ...]:
    """`shape` with one sign at the places of a stamp, which are written by it."""
    places = set() if stamp is None else set(stamp.at)
    return tuple("0" if at in places else letters for at, letters in enumerate(shape))

"""Personal data across the columns of one table: what one column is says what its neighbours are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from synthwright.data.kinds import Guess

__all__ = ["locale_among", "together"]

_PERSON = frozenset({"name", "first_name", "last_name", "email", "phone", "username", "address", "street"})
_NAMES = frozenset({"first_name", "last_name", "name"})
_DEFAULT = "en"


def together(guesses: Mapping[str, Guess]) -> dict[str, Guess]:
    """The guesses, with names made up wherever another column is of a person and made up too.

    A first name that many share leads to nobody; beside a made-up e-mail address it is part of a person, and has to
    go with it.
    """
    persons = {name for name, one in guesses.items() if one.made_up and one.found and one.found.content in _PERSON}
    if not persons and sum(_is_name(one) for one in guesses.values()) < 2:
        return dict(guesses)
    return {name: _made_up(one) if _is_name(one) else one for name, one in guesses.items()}


def locale_among(guesses: Iterable[Guess]) -> str:
    """The locale that most recognised columns speak for; English where none says anything."""
    found = Counter(one.found.locale for one in guesses if one.found is not None and one.found.locale)
    return min(found, key=lambda name: (-found[name], name)) if found else _DEFAULT


def _is_name(guess: Guess) -> bool:
    return guess.found is not None and guess.found.content in _NAMES


def _made_up(guess: Guess) -> Guess:
    if guess.made_up or guess.found is None:
        return guess
    return replace(
        guess,
        kind="text",
        reason=f"{guess.found.reason} New ones are made up, as other columns of a person's are.",
        made_up=True,
    )

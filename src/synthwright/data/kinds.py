"""Which kind a column is, with the reason in one sentence: exact counts, samples only for the look of text."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.domains import categories_of_values
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.personal import DIRECT, Found, recognise
from synthwright.data.schema import Kind, Scalar
from synthwright.data.text_cells import spread

__all__ = ["Guess", "guess_kind", "is_prose"]

_EXACT_INTEGERS = 2**53  # float64, and with it every method, tells neighbouring integers apart up to here
_UNIQUE = 0.99  # of the values, for "almost every value is unique": a few repeated exports do not make a key a category
_FEW = 20  # rows under which uniqueness says nothing
_CLASSES = 20  # whole numbers at most for a target to be classes rather than a quantity
_WORTH_TELLING = 0.01  # of the rows with a value that is not listed
_SAMPLE = 5_000  # texts are looked at to tell codes from sentences
_SHARED = 0.9  # of the rows have a value that 5 rows share: then names of people are learnt as categories
_VALUES = 2_000  # different texts are looked at to recognise personal data
_CODE = re.compile(r"[^\s]{1,64}")
_NAMED_ID = re.compile(r"(^|[\W_])(id|uid|uuid|guid|key|index|idx|nr|no|num|number|ssn|iban)$", re.IGNORECASE)
_CAMEL_ID = re.compile(r"[a-z](Id|ID|Key|Nr|No|UUID)$")
_OTHER_DATE = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2,4}")
_OTHER_DATE_HINT = " They look like dates: written as 2024-05-31 they would be modelled as dates."
_SENTENCE_WORDS = 5.0  # words, or
_SENTENCE_LENGTH = 60.0  # characters on average, beyond which many different texts are prose


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind and the sentence that says why; `found` is personal data that the values look like.

    `made_up` is true where they are going to be made up for that reason.
    """

    kind: Kind
    reason: str
    found: Found | None = None
    made_up: bool = False


def guess_kind(name: str, values: pa.ChunkedArray, *, is_target: bool = False) -> Guess:
    """The kind of the column `name`; a whole-numbered target with few values is categorical (classification)."""
    kind = values.type
    present = values.drop_null()
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    textual = len(present) > 0 and (pa.types.is_string(plain) or pa.types.is_large_string(plain))
    if textual and not is_target and not (pa.types.is_dictionary(kind) and kind.ordered):
        guess = _personal(name, present)
        if guess is not None and (guess.made_up or not pa.types.is_dictionary(kind)):
            return guess
    if pa.types.is_dictionary(kind):
        levels = "ordinal" if kind.ordered else "categorical"
        return Guess(levels, f"Stored as {'an ordered' if kind.ordered else 'a'} category.")  # type: ignore[arg-type]  # two kinds
    if pa.types.is_boolean(kind):
        return Guess("boolean", "True or false.")
    if pa.types.is_temporal(kind):
        return Guess("datetime", f"Dates ({kind}).")
    if len(present) == 0:
        if pa.types.is_integer(kind):
            return Guess("integer", "Every value is missing.")
        return Guess("categorical" if not pa.types.is_floating(kind) else "float", "Every value is missing.")
    if textual:
        return _text(present)
    if is_target and (classes := _few_whole(present)):
        return Guess("categorical", f"The target has {classes} different whole numbers: taken as classes.")
    if pa.types.is_integer(kind):
        return _integer(name, present)
    if pa.types.is_decimal(kind):
        return Guess("float" if kind.scale > 0 else "integer", f"Decimal numbers ({kind}).")
    return Guess("float", "Numbers.")


def _personal(name: str, present: pa.ChunkedArray) -> Guess | None:
    """Personal data, if the texts are any: made up, unless most rows have one that 5 rows share and it leads to nobody.

    `None` where nothing is recognised.
    """
    plain = decoded(present)
    values = pc.unique(plain)
    found = recognise(name, spread(values, _VALUES).to_pylist())
    if found is None:
        return None
    _, distinct, rows = categories_of_values(plain)
    if rows >= _SHARED * len(plain) and found.content not in DIRECT:
        guess = _text(plain)
        told = f"{guess.reason} {found.reason} Write `kind: text` and `content: {found.content}` to have them made up."
        return Guess(guess.kind, told, found)
    unique = len(plain) >= _FEW and distinct >= _UNIQUE * len(plain)
    often = "Almost every value is unique" if unique else f"{distinct:,} different values"
    return Guess("id" if unique else "text", f"{found.reason} {often}; new ones are made up.", found, made_up=True)


def _few_whole(present: pa.ChunkedArray) -> int:
    """How many different whole numbers there are; 0 if too many, too thinly spread, or not whole."""
    if pa.types.is_decimal(present.type):
        return 0
    distinct = pc.unique(present)
    whole = pa.types.is_integer(present.type) or np.array_equal(np.round(distinct.to_numpy()), distinct.to_numpy())
    return len(distinct) if whole and len(distinct) <= min(_CLASSES, max(2, len(present) // 2)) else 0


def _integer(name: str, present: pa.ChunkedArray) -> Guess:
    ends = pc.min_max(present).as_py()
    distinct = pc.count_distinct(present).as_py()
    unique = len(present) >= _FEW and distinct >= _UNIQUE * len(present)
    if max(abs(ends["min"]), abs(ends["max"])) > _EXACT_INTEGERS:
        if distinct >= _UNIQUE * len(present):
            return Guess("id", "Integers beyond 2^53, almost all different: a code, not a quantity.")
        return Guess("categorical", "Integers beyond 2^53: codes, not quantities.")
    if unique and distinct == len(present):
        numbers = present.to_numpy()
        steps = np.diff(numbers.astype(np.int64))
        if np.all(steps == steps[0]):
            return Guess("id", f"Every value is unique and they go up by {steps[0]}: row numbers.")
        if np.all(np.diff(np.sort(numbers)) == np.diff(np.sort(numbers))[0]):
            return Guess("id", "Every value is unique and together they leave no gap: row numbers in another order.")
        if np.all(steps > 0):
            return Guess("id", "Every value is unique and larger than the one before: row numbers.")
    if unique and (_NAMED_ID.search(name) or _CAMEL_ID.search(name)):
        return Guess("id", "Almost every value is unique and the name says identifier.")
    return Guess("integer", "Whole numbers.")


def _text(present: pa.ChunkedArray) -> Guess:
    listed, distinct, rows = categories_of_values(present)
    texts = spread(present, _SAMPLE).to_pylist()
    if len(present) >= _FEW and distinct >= _UNIQUE * len(present) and (what := _code(texts)):
        return Guess("id", f"Almost every value is unique and looks like {what}.")
    hint = _OTHER_DATE_HINT if sum(bool(_OTHER_DATE.match(text)) for text in texts) >= 0.95 * len(texts) else ""
    return _words(listed, distinct, rows, len(present), texts, hint)


def is_prose(texts: list[str], distinct: int, n: int) -> bool:
    """True for a sample of `texts` that are long on average, `distinct` different ones in `n` rows."""
    words = float(np.mean([text.count(" ") + 1 for text in texts]))
    length = float(np.mean([len(text) for text in texts]))
    return (words >= _SENTENCE_WORDS or length >= _SENTENCE_LENGTH) and distinct > max(50, n // 20)


def _words(listed: tuple[Scalar, ...], distinct: int, rows: int, n: int, texts: list[str], hint: str) -> Guess:
    """Free text or categories: by length, and by how many of the `n` rows have a value that 5 rows share."""
    if is_prose(texts, distinct, n):
        words = float(np.mean([text.count(" ") + 1 for text in texts]))
        return Guess("text", f"{distinct:,} different texts of {words:.0f} words on average: free text.")
    if rows < n / 2 and distinct > min(_CLASSES, n // 2):
        told = f"{distinct:,} different values; fewer than half of the rows have one that {MINIMUM_ROWS} rows share."
        return Guess("text", told + hint)
    told = f"Text with {distinct:,} different value{'s' * (distinct != 1)}"
    if not listed:
        told += (
            f", none in {MINIMUM_ROWS} rows: none is listed; list them in the schema (source: declared) if they may be "
            "published"
        )
    elif len(listed) < distinct:
        rare, share = distinct - len(listed), (n - rows) / n
        told += f"; the {rare:,} in fewer than {MINIMUM_ROWS} rows {'is' if rare == 1 else 'are'} not listed"
        if share >= _WORTH_TELLING and n - rows >= MINIMUM_ROWS:
            told += f", and listed ones stand in for them in {share:.0%} of the rows"
    return Guess("categorical", f"{told}.{hint}")


def _code(texts: list[str]) -> str:
    """What kind of code the texts are; empty if they are none."""
    if not all(_CODE.fullmatch(text) for text in texts):
        return ""
    lengths = {len(text) for text in texts}
    if lengths == {36} and all(text.count("-") == 4 for text in texts):
        return "UUIDs"
    if len(lengths) == 1:
        return f"codes of {lengths.pop()} characters"
    with_digits = sum(any(letter.isdigit() for letter in text) for text in texts)
    return "codes" if with_digits >= 0.9 * len(texts) else ""

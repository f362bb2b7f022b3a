"""Made-up identifiers look like the real ones, are unique, and none of the real ones is among them."""

from __future__ import annotations

import json
import random
import uuid

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from synthwright.data.identifiers import Pattern, draw, learn_pattern, pattern_from_text, pattern_to_text
from synthwright.errors import BadInput
from synthwright.seeding import Streams

RANDOM = random.Random(5)  # noqa: S311  # test data
SETS = {
    "row numbers": list(range(1, 1001)),
    "row numbers with gaps": sorted(RANDOM.sample(range(50_000), 1000)),
    "even steps": list(range(1000, 3000, 10)),
    "eight digits": RANDOM.sample(range(10**7, 10**8), 1000),
    "dense five digits": [f"{n:05d}" for n in RANDOM.sample(range(10**5), 30_000)],
    "UUIDs": [str(uuid.UUID(int=RANDOM.getrandbits(128), version=4)) for _ in range(500)],
    "capital UUIDs": [str(uuid.UUID(int=RANDOM.getrandbits(128), version=4)).upper() for _ in range(500)],
    "prefix and padded number": [f"CUST-{n:06d}" for n in range(1, 500)],
    "prefix and number": [f"C{n}" for n in range(1, 500)],
    "tail numbers": [
        f"N{RANDOM.randrange(100, 999)}{RANDOM.choice('ABC')}{RANDOM.choice('XYZ')}{n}" for n in range(200)
    ],
    "e-mail addresses": [f"joe{n}@bank{n % 7}.org" for n in range(100)],
    "six short codes": ["a1", "b2", "c3", "d4", "e5", "f6"],
    "three letters": ["JFK", "LAX", "ORD", "MUC", "TXL"],
    "19 digits": [RANDOM.randrange(2**60, 2**62) for _ in range(100)],
    "hexadecimal": [f"{RANDOM.getrandbits(64):016x}" for _ in range(200)],
    "negative": [-n for n in RANDOM.sample(range(10**6), 99)],
    "cyrillic": [f"Д{n:03d}ж" for n in RANDOM.sample(range(1000), 50)],
    "names": ["Ann Lee", "Bo Ek", "Cyd Ray", "Dora Ng", "Eve Low", "Fay Ott"],
    "very long": [f"{n:0100d}x" for n in RANDOM.sample(range(10**9), 20)],
}
STREAMS = Streams(1).at("identifiers", "id")


def arrow(values):
    return pa.chunked_array([pa.array(values)])


@pytest.mark.parametrize("what", SETS)
def test_made_up_identifiers_are_unique_new_and_the_same_each_time(what):
    values = SETS[what]
    pattern = learn_pattern(arrow(values))
    assert pattern_from_text(pattern_to_text(pattern)) == pattern
    made = [cell for block in range(3) for cell in draw(pattern, block, 65_536, STREAMS).to_pylist()]
    assert len(set(made)) == len(made)
    assert not set(made) & {str(value) for value in values}
    assert draw(pattern, 1, 5, STREAMS).to_pylist() == made[65_536 : 65_536 + 5]


@pytest.mark.parametrize("what", ["row numbers", "eight digits", "19 digits", "negative"])
def test_made_up_integers_fit_their_type_and_do_not_lose_digits(what):
    pattern = learn_pattern(arrow(SETS[what]))
    made = draw(pattern, 0, 1000, STREAMS)
    assert made.cast(pa.int64()).cast(pa.string()).equals(made)


def test_the_form_is_kept():
    def first(what):
        return draw(learn_pattern(arrow(SETS[what])), 0, 1000, STREAMS).to_pylist()

    assert first("row numbers")[:3] == ["1101", "1102", "1103"]
    assert first("prefix and padded number")[:2] == ["CUST-000501", "CUST-000502"]
    assert all(text.startswith("N") and text.isalnum() for text in first("tail numbers"))
    assert all(text.endswith("@example.com") for text in first("e-mail addresses"))
    assert all(uuid.UUID(text).version == 4 and uuid.UUID(text).variant == uuid.RFC_4122 for text in first("UUIDs"))
    assert all(text == text.upper() for text in first("capital UUIDs"))
    assert {len(text) for text in first("eight digits")} == {8}
    assert {len(text) for text in first("hexadecimal")} == {16}


def test_another_seed_gives_other_codes():
    pattern = learn_pattern(arrow(SETS["eight digits"]))
    first, second = (draw(pattern, 0, 100, Streams(seed)).to_pylist() for seed in (1, 2))
    assert first != second


def test_only_what_all_rows_share_is_stored():
    """A prefix of 9 in 10 rows, a domain, a name: nothing of it is in the stored pattern."""
    texts = [f"{'ACME' if n % 10 else 'BETA'}-{RANDOM.randrange(10**6):06d}" for n in range(100)]
    stored = pattern_to_text(learn_pattern(arrow(texts)))
    assert "A" not in json.loads(stored)["spaces"][0]["places"]
    assert "-" in json.loads(stored)["spaces"][0]["places"]
    assert "bank" not in pattern_to_text(learn_pattern(arrow(SETS["e-mail addresses"])))
    for what, values in SETS.items():
        stored = pattern_to_text(learn_pattern(arrow(values)))
        assert not any(f'"{value}"' in stored for value in values), what


def test_fewer_than_5_identifiers_say_nothing():
    assert learn_pattern(arrow(["secret-1", "secret-2"])) == Pattern(step=1)


def test_the_share_of_missing_is_kept():
    pattern = learn_pattern(arrow([f"A{n:03d}" if n % 4 else None for n in range(400)]))
    missing = draw(pattern, 0, 20_000, STREAMS).null_count
    assert abs(missing / 20_000 - 0.25) < 5 * np.sqrt(0.25 * 0.75 / 20_000)


@settings(max_examples=80, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=30, unique=True))
def test_no_text_is_ever_given_out_again(texts):
    made = draw(learn_pattern(arrow(texts)), 0, 300, STREAMS).to_pylist()
    assert len(set(made)) == 300
    assert len(texts) < 5 or not set(made) & set(texts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"missing": 2}',
        "[" * 10_000,
        pattern_to_text(Pattern(step=0)),
        '{"spaces": [{"places": 3}]}',
    ],
)
def test_a_hostile_pattern_is_refused(text):
    with pytest.raises(BadInput, match="pattern"):
        pattern_from_text(text)

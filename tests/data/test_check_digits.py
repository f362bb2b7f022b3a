"""Check digits are recognised by test and filled in, dates inside codes stay dates, and versions of UUIDs are kept."""

from __future__ import annotations

import datetime as dt
import random
import re
import uuid

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.check_digits import SCHEMES, letters_for, obeyed, values_of
from synthwright.data.code_space import Space, spaces_within
from synthwright.data.identifiers import draw, learn_pattern, pattern_from_text, pattern_to_text
from synthwright.errors import BadInput
from synthwright.seeding import Streams

RANDOM = random.Random(8)  # noqa: S311  # test data
STREAMS = Streams(3).at("identifiers", "id")
PUBLISHED = {  # from the standards themselves, or the page that explains each
    "luhn": ["4539578763621486", "79927398713", "490154203237518"],
    "gs1": ["4006381333931", "9783161484100", "036000291452", "96385074"],
    "isbn": ["0306406152", "080442957X", "03785955"],
    "iban": ["DE89370400440532013000", "GB82WEST12345698765432", "FR1420041010050500013M02606"],
    "vin": ["1M8GDM9AXKP042788", "11111111111111111"],
    "mod 11,10": ["69435151530", "86095742719"],
    "verhoeff": ["2363"],
    "nhs": ["9434765919"],
    "bsn": ["111222333", "123456782"],
    "cpf": ["11144477735", "52998224725"],
    "dni": ["12345678Z"],
    "pesel": ["44051401359", "02070803628"],
    "aba": ["111000025", "021000021"],
}
LENGTHS = {"luhn": 16, "gs1": 13, "isbn": 10, "iban": 22, "vin": 17, "mod 11,10": 11, "verhoeff": 12, "nhs": 10}
LENGTHS |= {"bsn": 9, "cpf": 11, "dni": 9, "pesel": 11, "aba": 9}


def numbers(text):
    return values_of(np.array([text]).view("U1").reshape(1, -1))


def valid_codes(name, n=300, seed=0):
    """Codes that obey the rule and are drawn at random otherwise."""
    rng, scheme, length = np.random.default_rng(seed), SCHEMES[name], LENGTHS[name]
    drawn = rng.integers(0, 10, (4 * n, length))
    if name == "iban":
        drawn[:, :2] = [13, 14]  # DE
    found = scheme.fill(drawn)
    good = (found >= 0).all(axis=1)
    drawn[:, list(scheme.places(length))] = found
    return sorted({"".join(row) for row in letters_for(drawn[good][:n])})


def learnt(values):
    return learn_pattern(pa.chunked_array([pa.array(values)]))


def made_from(values, n=3_000):
    return draw(learnt(values), 0, n, STREAMS).to_pylist()


CODES = {
    **{name: valid_codes(name) for name in SCHEMES},
    "dated": [f"R202{at % 3}{1 + at % 9:02}{1 + at % 27:02}-{at:03d}" for at in range(400)],
    "years": [f"{2021 + at % 2}-{at * 7919 % 10**6:06d}" for at in range(200)],
    "timed": [str(uuid.uuid1()) for _ in range(50)],
}


@pytest.mark.parametrize("name", CODES)
def test_a_pattern_of_codes_reads_back_as_it_was_written(name):
    pattern = learnt(CODES[name])
    assert pattern_from_text(pattern_to_text(pattern)) == pattern


@pytest.mark.parametrize("name", SCHEMES)
def test_published_codes_hold_and_one_digit_off_does_not(name):
    for text in PUBLISHED[name]:
        assert SCHEMES[name].holds(numbers(text)).all(), text
        wrong = text[:5] + str((int(text[5]) + 1) % 10) + text[6:] if text[5:6].isdigit() else "5" + text[1:]
        assert not SCHEMES[name].holds(numbers(wrong)).any() or name == "verhoeff", wrong


@pytest.mark.parametrize("name", SCHEMES)
def test_made_up_codes_obey_the_rule_of_the_real_ones_are_unique_and_new(name):
    real = valid_codes(name)
    assert obeyed(real)[0].name == name
    made = made_from(real)
    assert len(set(made)) == len(made)
    assert not set(made) & set(real)
    assert all(SCHEMES[name].holds(numbers(text)).all() for text in made[:300])
    assert made_from(real, 10) == made[:10]


def test_codes_in_groups_and_as_integers_keep_their_form_and_rule():
    cards = [f"4{text[1:4]} {text[4:8]} {text[8:12]} " for text in valid_codes("luhn")]
    cards = [card + _checked(card) for card in cards]
    for text in made_from(cards, 200):
        assert re.fullmatch(r"4\d{3} \d{4} \d{4} \d{4}", text)
        assert SCHEMES["luhn"].holds(numbers(text.replace(" ", ""))).all()
    made = made_from([int(text) for text in valid_codes("gs1") if text[0] != "0"], 200)
    assert all(SCHEMES["gs1"].holds(numbers(text)).all() for text in made)


def _checked(card):
    digits = numbers(card.replace(" ", "") + "0000")
    return "".join(str(one) for one in (*digits[0, -4:-1], SCHEMES["luhn"].fill(digits)[0, 0]))


def test_false_alarms_are_below_1_in_1_000():
    """8 random codes obey one of at most 6 rules of their length with a chance of 6e-8: 1,000 tries find none."""
    for _ in range(1_000):
        length = RANDOM.choice([8, 9, 10, 11, 12, 13, 15, 16])
        codes = [f"{RANDOM.randrange(10**length):0{length}d}" for _ in range(8)]
        assert obeyed(codes) is None
    assert obeyed(valid_codes("luhn")[:7]) is None


def test_a_mistyped_code_in_two_hundred_does_not_hide_the_rule():
    real = valid_codes("luhn", 200)
    real[7] = real[7][:-1] + str((int(real[7][-1]) + 1) % 10)
    assert obeyed(real)[0].name == "luhn"
    real[8:16] = [text[:-1] + str((int(text[-1]) + 1) % 10) for text in real[8:16]]
    assert obeyed(real) is None


def test_codes_that_cannot_grow_longer_end_with_one_error():
    pattern = learn_pattern(pa.chunked_array([pa.array(valid_codes("aba", 300))]))
    room = sum(space.capacity for space in pattern.spaces)
    assert room >= 50 * 300
    few = pattern_to_text(pattern).replace(f'"modulus": {pattern.spaces[0].modulus}', '"modulus": 99999989')
    with pytest.raises(BadInput, match="too few for the rows asked for"):
        draw(pattern_from_text(few), 0, 65_536, STREAMS)


def test_spaces_of_one_length_never_hold_a_known_code_even_where_half_of_all_are_taken():
    every = [f"{n:04d}" for n in range(10_000)]
    known = sorted(RANDOM.sample(every, 3_000))
    spaces = spaces_within(known, Space(("0123456789",) * 4, 1, 0))
    given = [
        code for space in spaces for code in space.codes(np.arange(space.capacity, dtype=np.uint64), 5).to_pylist()
    ]
    assert len(given) == len(set(given)) > 20
    assert not set(given) & set(known)


def test_dates_inside_codes_stay_dates_of_the_same_years():
    days = [dt.date(2021, 2, 1) + dt.timedelta(days=RANDOM.randrange(700)) for _ in range(400)]
    for form, pattern in (("%Y%m%d", r"R(\d{8})-\d{3}"), ("%Y-%m-%d", r"R(\d{4}-\d\d-\d\d)-\d{3}")):
        made = made_from([f"R{day:{form}}-{RANDOM.randrange(1000):03d}" for day in days])
        found = [dt.datetime.strptime(re.fullmatch(pattern, text)[1], form) for text in made]  # noqa: DTZ007
        assert {day.year for day in found} == {2021, 2022}
    made = made_from([f"{day.year}/{RANDOM.randrange(10**5):05d}" for day in days])
    assert {text[:4] for text in made} == {"2021", "2022"}


def test_a_year_that_fewer_than_5_codes_have_is_not_told():
    years = [1999, *[2021, 2022] * 100]
    made = made_from([f"{year}-{RANDOM.randrange(10**6):06d}" for year in years])
    assert {text[:4] for text in made} == {"2021", "2022"}


def test_versions_of_uuids_and_the_years_of_timed_ones_are_kept():
    assert {uuid.UUID(text).version for text in made_from([str(uuid.uuid1()) for _ in range(50)])} == {1}
    start = int(dt.datetime(2024, 3, 1, tzinfo=dt.UTC).timestamp() * 1000)

    def timed(ticks):
        free = f"{RANDOM.getrandbits(76):019x}"
        return str(uuid.UUID(f"{ticks:012x}7{free[:3]}a{free[3:18]}"))

    made = made_from([timed(start + RANDOM.randrange(10**9)) for _ in range(200)])
    assert {uuid.UUID(text).version for text in made} == {7}
    years = {dt.datetime.fromtimestamp(int(text[:8] + text[9:13], 16) / 1000, dt.UTC).year for text in made}
    assert years == {2024}
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    made = made_from(["01HR" + "".join(RANDOM.choices(digits, k=22)) for _ in range(200)])
    assert all(re.fullmatch(f"01[{digits}]{{24}}", text) for text in made)
    assert {text[:2] for text in made} == {"01"}


@pytest.mark.parametrize(
    "spaces",
    [
        '[{"places": ["0"], "modulus": 1, "remainder": 0, "check": "nosuch", "counted": [0]}]',
        '[{"places": ["01", "01"], "modulus": 1, "remainder": 0, "check": "luhn", "counted": [0, 9]}]',
        '[{"places": ["01", "01"], "modulus": 1, "remainder": 0, "stamps": [[[0, 1], "%Y", 1, 9999999]]}]',
        '[{"places": ["01", "01"], "modulus": 1, "remainder": 0, "stamps": [[[0, 7], "%Y", 1, 2]]}]',
        '[{"places": ["é0"'
        + ', "01"' * 7
        + '], "modulus": 1, "remainder": 0, "check": "gs1", "counted": [0, 1, 2, 3, 4, 5, 6, 7]}]',
    ],
)
def test_hostile_spaces_are_refused(spaces):
    text = f'{{"missing": 0, "start": 1, "step": 0, "prefix": "", "width": 0, "spaces": {spaces}}}'
    with pytest.raises(BadInput, match="pattern"):
        pattern_from_text(text)

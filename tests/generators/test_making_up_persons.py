"""Personal data are made up around every method: one person per row, nobody real, missing where rows say so."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import synthwright as sw
from synthwright.data.contents import is_email, is_ip, is_phone, is_url
from synthwright.data.word_lists import pools_of, slug
from synthwright.errors import BadInput, UnknownName
from synthwright.generators.around import Around

N = 400


def people(locale="de", n=N, seed=1):
    rng, pools = np.random.default_rng(seed), pools_of(locale)
    first = pools.first.take(rng.integers(0, len(pools.first), n)).to_pylist()
    last = pools.last.take(rng.integers(0, len(pools.last), n)).to_pylist()
    age = rng.integers(18, 80, n)
    mails = [f"{slug(a)}.{slug(b)}{i}" for i, (a, b) in enumerate(zip(first, last, strict=True))]
    return pd.DataFrame(
        {
            "first_name": first,
            "last_name": last,
            "name": [f"{a} {b}" for a, b in zip(first, last, strict=True)],
            "email": [f"{mail}@example.com" if age[i] < 60 else None for i, mail in enumerate(mails)],
            "phone": [f"+49 30 {rng.integers(10**6, 10**7)}" for _ in range(n)],
            "ip": [f"10.{rng.integers(256)}.{rng.integers(256)}.{rng.integers(256)}" for _ in range(n)],
            "site": [f"https://www.example.com/{slug(b)}{i}" for i, b in enumerate(last)],
            "user_name": [f"{slug(a)[:1]}{slug(b)}{i}" for i, (a, b) in enumerate(zip(first, last, strict=True))],
            "age": age,
        }
    )


@pytest.fixture(scope="module")
def real():
    return people()


@pytest.fixture(scope="module")
def model(real):
    return sw.fit(sw.read(real), "tabular.bayes_network", seed=0)


@pytest.fixture(scope="module")
def made(model):
    return model.sample(2_000, seed=1).to_pandas()


def test_every_column_comes_back_in_its_form(made):
    assert list(made) == list(people(n=20))
    for name, test in (("email", is_email), ("ip", is_ip), ("site", is_url)):
        assert made[name].dropna().map(test).all()
    assert made["phone"].map(lambda text: is_phone(text, named=False)).all()
    assert made["phone"].str.fullmatch(r"\+49 30 \d{7}").all()


def test_no_value_that_could_name_somebody_is_real(real, made):
    for name in ("name", "email", "phone", "ip", "site", "user_name"):
        assert not set(made[name].dropna()) & set(real[name].dropna()), name
    pairs = [set(zip(frame["first_name"], frame["last_name"], strict=True)) for frame in (real, made)]
    assert not pairs[0] & pairs[1]


def test_unique_columns_stay_unique_over_blocks(model):
    made = model.sample(70_000, seed=1).to_pandas()
    for name in ("email", "phone", "user_name", "site"):
        assert made[name].dropna().is_unique, name


def test_one_row_is_one_person(made):
    assert (made["name"] == made["first_name"] + " " + made["last_name"]).all()
    told = made.dropna()
    begin = [f"{slug(a)}.{slug(b)}" for a, b in zip(told["first_name"], told["last_name"], strict=True)]
    assert all(mail.startswith(start) for mail, start in zip(told["email"], begin, strict=True))
    assert all(re.search(r"@example\.(com|org|net)$", mail) for mail in told["email"])


def test_where_a_cell_is_missing_is_learnt(made):
    """Nobody of 60 and more has an e-mail address: 5 standard errors of 2,000 rows are 6 in 100."""
    old = made["age"] >= 62  # cells of ages may straddle 60
    assert made["email"].isna()[old].mean() > 0.9
    assert made["email"].isna()[made["age"] < 58].mean() < 0.1


def test_the_same_seed_gives_the_same_people_and_the_first_never_depend_on_how_many(model, made, tmp_path):
    assert model.sample(50, seed=1).to_pandas().equals(made.head(50))
    assert not model.sample(50, seed=2).to_pandas()["name"].equals(made["name"].head(50))
    model.save(tmp_path / "model")
    assert sw.load(tmp_path / "model").sample(50, seed=1).to_pandas().equals(made.head(50))


def test_values_that_repeat_repeat_about_as_often():
    mails = [f"u{n % 60}@mail.org" for n in range(600)]
    model = sw.fit(sw.read(pd.DataFrame({"mail": mails, "x": range(0, 1800, 3), "y": [1, 2] * 300})), seed=0)
    made = model.sample(600, seed=1).to_pandas()["mail"]
    assert 50 <= made.nunique() <= 60
    assert not set(made) & set(mails)


def test_a_patient_and_a_doctor_are_two_people():
    both = people(n=100)
    frame = pd.DataFrame({"patient_name": both["name"], "doctor_name": both["name"].to_numpy()[::-1], "x": both["age"]})
    made = sw.fit(sw.read(frame), "tabular.independent", seed=0).sample(100, seed=1).to_pandas()
    assert (made["patient_name"] == made["doctor_name"]).mean() < 0.1


def test_the_locale_of_the_schema_is_followed_and_an_unknown_one_refused(real):
    table = sw.read(real)
    french = table.schema.replacing(sw.Column(name="name", kind="text", content="name", locale="fr_FR"))
    model = sw.fit(table.with_schema(french), "tabular.independent", seed=0)
    pools = pools_of("fr")
    known = set(pools.last.to_pylist())
    made = model.sample(200, seed=1).to_pandas()
    assert made["name"].map(lambda text: any(text.endswith(last) for last in known)).mean() > 0.9
    odd = table.schema.replacing(sw.Column(name="name", kind="text", content="name", locale="klingon"))
    with pytest.raises(UnknownName, match="locale called 'klingon'"):
        sw.fit(table.with_schema(odd), "tabular.independent", seed=0)


def test_a_schema_alone_gives_personal_data():
    schema = {
        "columns": {
            "who": {"kind": "text", "content": "name", "locale": "fr"},
            "mail": {"kind": "id", "content": "email", "locale": "fr"},
            "phone": {"kind": "text", "content": "phone", "locale": "fr"},
            "x": {"kind": "integer", "bounds": [0, 9]},
        }
    }
    made = sw.sample(schema, 100, seed=1).to_pandas()
    assert made["mail"].is_unique
    assert made["mail"].map(is_email).all()
    assert made["phone"].str.fullmatch(r"\d{10}").all()


def test_free_text_that_is_none_of_it_is_left_out_with_a_word(real):
    notes = [f"the {n} quick brown foxes jump over {n} lazy dogs" for n in range(len(real))]
    model = sw.fit(sw.read(real.assign(notes=notes)), "tabular.independent", seed=0)
    assert set(model.left_out) == {"notes"}


@pytest.mark.parametrize(
    "change",
    [
        {"content": "shoe"},
        {"locale": "xx"},
        {"modulus": 0},
        {"pairs": [1, 2]},
        {"pairs": [2**40, 1]},
        {"values": "many"},
        {"missing": 2},
        {"codes": "{}"},
        {"comma": 1},
    ],
)
def test_a_hostile_model_is_refused(model, change):
    state = model.around.state()
    state["personal"]["name"] = {**state["personal"]["name"], **change}
    with pytest.raises(BadInput):
        Around.from_state(model.schema, state)

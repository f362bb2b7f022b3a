"""Personal data are recognised by what the cells hold, and what is no personal data is left alone."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.inference import infer_schema
from synthwright.data.schema import CONTENTS, Column, Schema
from synthwright.data.schema_fields import schema_from_yaml
from synthwright.data.schema_file import schema_from_json, schema_to_json, schema_to_yaml
from synthwright.data.word_lists import pools_of
from synthwright.errors import BadInput, UnknownName

RNG = np.random.default_rng(2)
N = 300


def words(pool, n=N):
    return pool.take(pa.array(RNG.integers(0, len(pool), n))).to_pylist()


EN, DE, JA = pools_of("en"), pools_of("de"), pools_of("ja")
FIRST, LAST = words(EN.first), words(EN.last)
SETS = {  # column name that says nothing, values, content, locale
    "full names": ([f"{a} {b}" for a, b in zip(FIRST, LAST, strict=True)], "name", "en"),
    "names turned round": ([f"{b}, {a}" for a, b in zip(FIRST, LAST, strict=True)], "name", "en"),
    "names with titles": ([f"Dr. {a} {b}" for a, b in zip(FIRST, LAST, strict=True)], "name", "en"),
    "german names": ([f"{a} {b}" for a, b in zip(words(DE.first), words(DE.last), strict=True)], "name", "de"),
    "japanese names": ([b + a for a, b in zip(words(JA.first), words(JA.last), strict=True)], "name", "ja"),
    "e-mails": ([f"{a[0]}{n}@mail.fr" for n, a in enumerate(FIRST)], "email", "fr"),
    "phones": ([f"+49 30 {RNG.integers(10**6, 10**7)}" for _ in FIRST], "phone", "de"),
    "american phones": ([f"({n % 800 + 200}) 555-{n:04d}" for n in range(N)], "phone", "en"),
    "web addresses": ([f"https://a{n}.org/x" for n in range(N)], "url", "en"),
    "ip addresses": ([f"192.168.{n % 250}.{n // 250}" for n in range(N)], "ip", "en"),
    "new ip addresses": ([f"2001:db8::{n:x}" for n in range(N)], "ip", "en"),
    "streets": ([f"{n} {b} Street" for n, b in enumerate(LAST)], "street", "en"),
    "addresses": ([f"{b}str. {n}, {10000 + n} Bonn" for n, b in enumerate(LAST)], "address", "en"),
    "companies": ([f"{b} {n} Ltd." for n, b in enumerate(LAST)], "company", "en"),
}
OTHERS = {
    "states": ["Georgia", "Virginia", "Washington", "Montana", "Nevada", "Ohio"] * 50,
    "months": ["April", "May", "June", "July", "August", "March"] * 50,
    "products": [f"{a} {b}" for a in ("Red", "Blue", "Green", "Dark") for b in ("Chair", "Table", "Lamp")] * 20,
    "airports": [f"{b} Municipal Airport" for b in LAST],
    "titles of films": [f"The {b} of {a}" for a, b in zip(FIRST, LAST, strict=True)],
    "codes": [f"A{n:04d}" for n in range(N)],
    "dates": [f"{n % 28 + 1:02d}.{n % 12 + 1:02d}.2024" for n in range(N)],
    "versions": [f"1.{n}.0.4000" for n in range(N)],
    "species": ["Canada goose", "Rock pigeon", "European starling", "Mourning dove", "Red-tailed hawk"] * 60,
}


def schema_of(values, name="v", **others):
    return infer_schema(pa.table({name: values, **others}))


@pytest.mark.parametrize("what", SETS)
def test_personal_data_are_recognised_by_their_cells_with_a_reason(what):
    values, content, locale = SETS[what]
    found = schema_of(values)["v"]
    assert (found.content, found.locale) == (content, locale)
    assert found.kind in {"id", "text"}
    assert "made up" in found.reason


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_no_personal_data_is_left_alone(what):
    assert schema_of(OTHERS[what])["v"].content is None


@pytest.mark.parametrize("name", ["surname", "last_name", "Nachname"])
def test_the_name_of_the_column_lowers_the_bar(name):
    """A third of the family names is known: too few by themselves, enough beside the name."""
    values = [word if n % 3 == 0 else f"{word}xq" for n, word in enumerate(LAST)]
    assert schema_of(values)["v"].content is None
    assert schema_of(values, name)[name].content == "last_name"


def test_first_names_that_many_share_are_made_up_beside_a_person_only():
    firsts = ["Anna", "Peter", "Paul", "Maria", "Julia", "Thomas"] * 50
    assert schema_of(firsts, "first_name")["first_name"].kind == "categorical"
    assert "content: first_name" in schema_of(firsts, "first_name")["first_name"].reason
    beside = schema_of(firsts, "first_name", mail=SETS["e-mails"][0])["first_name"]
    assert (beside.kind, beside.content) == ("text", "first_name")


def test_names_stay_categories_only_where_nine_in_ten_rows_share_theirs():
    shared = [f"{a} Weber" for a in ("Anna", "Peter", "Paul", "Maria", "Julia")] * 50
    assert schema_of(shared, "doctor name")["doctor name"].kind == "categorical"
    rare = [f"{a} {b}" for a, b in zip(FIRST[:40], LAST[:40], strict=True)]
    assert schema_of(shared + rare, "doctor name")["doctor name"].kind == "text"


def test_addresses_on_the_net_are_made_up_however_many_rows_share_them():
    shared = [f"desk{n % 3}@firm.com" for n in range(N)]
    assert (schema_of(shared)["v"].kind, schema_of(shared)["v"].content) == ("text", "email")
    assert schema_of(pa.array(shared).dictionary_encode())["v"].content == "email"


def test_the_target_is_never_taken_for_personal_data():
    assert infer_schema(pa.table({"v": SETS["full names"][0]}), target="v")["v"].content is None


def test_content_and_locale_go_through_the_schema_file():
    schema = Schema((Column(name="who", kind="id", content="name", locale="de_DE", source="declared"),))
    text = schema_to_yaml(schema)
    assert "content: name" in text
    assert schema_from_yaml(text, name="s.yaml") == schema
    assert schema_from_json(schema_to_json(schema)) == schema


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("{kind: text, content: e-mail}", "Did you mean 'email'"),
        ("{kind: text, content: shoe}", "Known: name, first_name"),
        ("{kind: categorical, content: name}", "kind: text"),
        ("{kind: text, content: name, locale: xx}", "there is no locale 'xx'"),
        ("{kind: text, locale: de}", "Add `content:`"),
        ("{kind: text, content: name, locale: 5}", "locale is no text"),
        ("{kind: text, content: [name]}", "does not exist"),
    ],
)
def test_a_wrong_content_or_locale_is_told_with_its_line(block, told):
    with pytest.raises(BadInput, match=r"s\.yaml, line 2") as caught:
        schema_from_yaml(f"columns:\n  who: {block}\n", name="s.yaml")
    assert told in str(caught.value)


def test_a_column_that_is_learnt_has_no_content():
    with pytest.raises(BadInput, match="kind categorical has the content name"):
        Column(name="who", kind="categorical", content="name")
    with pytest.raises(UnknownName, match="content"):
        Column(name="who", kind="text", content="shoe")
    assert all(Column(name="who", kind="text", content=content).content for content in CONTENTS)

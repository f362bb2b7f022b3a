"""Texts drawn from the families of a schema: codes, counters, templates, and what a locale's word lists give."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.code_patterns import CodePattern
from synthwright.data.dependence import PLACEHOLDER
from synthwright.data.distributions import Distribution
from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.data.word_lists import HOUSES, MAIL_DOMAINS, Pools, pools_of
from synthwright.errors import BadInput
from synthwright.seeding import Streams

__all__ = ["address_of", "as_texts", "draw_texts", "email_of", "filled", "require_kept", "sequence"]

_LETTER_AND_DIGIT = {"@": "?", "#": "#"}  # mimesis' masks to ours


def draw_texts(distribution: Distribution, streams: Streams, index: int, n: int, locale: str) -> pa.Array:
    """`n` texts of block `index`, of a family that depends on no other column."""
    family = distribution.family
    if family == "constant":
        return pa.array([distribution.get("constant")] * n, pa.string())
    if family == "sequence":
        return sequence(distribution, index, n)
    if family == "pattern":
        return CodePattern.of(distribution).draw(streams, n)
    pools = pools_of(distribution.get("locale") or locale)
    match family:
        case "name" | "first_name" | "last_name":
            return _names(pools, streams, n, family)
        case "email":
            return _emails(distribution, _names(pools, streams, n, "email"), streams, index, n)
        case "company":
            return _joined(_picked(pools.last, streams.at("owner"), n), _picked(pools.company_types, streams, n))
        case "city":
            return _picked(pools.cities, streams, n)
        case "phone":
            return _masked(pools.phones, streams, n)
    street = address_of(pools, streams, n)
    if family == "street":
        return street
    postal = _masked((pools.postal_codes,), streams.at("postal"), n)
    return pc.binary_join_element_wise(street, _joined(postal, _picked(pools.cities, streams.at("city"), n)), ", ")


def require_kept(streams: Streams) -> None:
    """Every row drawn is kept; raises `BadInput` where rows are drawn and rejected: they would use keys up twice."""
    if "candidates" in streams.path:
        raise BadInput(
            "Its values can't be kept unique while rows are drawn and rejected.",
            remedy="Give single values of columns that depend on no other as conditions.",
        )


def sequence(distribution: Distribution, index: int, n: int) -> pa.Array:
    """The counter's texts in block `index`."""
    start, step = int(distribution.get("start", 1)), int(distribution.get("step", 1))
    rows = np.arange(index * BLOCK_ROWS, index * BLOCK_ROWS + n, dtype=np.int64)
    numbers = pa.array(start + rows * step).cast(pa.string())
    width = int(distribution.get("width", 0))
    padded = pc.utf8_lpad(numbers, width=width, padding="0") if width else numbers
    return pc.binary_join_element_wise(distribution.get("prefix", ""), padded, "")


def filled(distribution: Distribution, table: Table) -> pa.Array:
    """The template with the cells of `table` in place of the columns that it names."""
    template, parts, end = str(distribution.get("template")), [], 0
    for found in PLACEHOLDER.finditer(template):
        parts += [pa.scalar(template[end : found.start()]), as_texts(table, found[1])]
        end = found.end()
    parts.append(pa.scalar(template[end:]))
    if not any(isinstance(part, pa.Array) for part in parts):
        parts.append(pa.array([""] * len(table), pa.string()))
    text = pc.binary_join_element_wise(*parts, "")
    return pc.utf8_lower(text) if distribution.get("lower") else text


def email_of(distribution: Distribution, table: Table, streams: Streams, index: int, rows: np.ndarray) -> pa.Array:
    """Addresses made from the names in a column."""
    plain = pc.utf8_normalize(pc.utf8_lower(as_texts(table, distribution.get("of"))), form="NFKD")
    dotted = pc.replace_substring_regex(plain, r"[ ._-]+", ".")
    slugs = pc.utf8_trim(pc.replace_substring_regex(dotted, r"[^a-z0-9.]+", ""), ".")
    slugs = pc.if_else(pc.equal(slugs, ""), "user", slugs)
    return _addressed(distribution, slugs, streams, index, rows)


def as_texts(table: Table, name: str) -> pa.Array:
    """A column's cells as text."""
    return table.data[name].combine_chunks().cast(pa.string())


def address_of(pools: Pools, streams: Streams, n: int) -> pa.Array:
    """Streets with house numbers, in the locale's order."""
    return pools.address_line(
        pa.array(streams.at("house").rng().integers(1, HOUSES + 1, n)).cast(pa.string()),
        _picked(pools.streets, streams.at("street"), n),
        _picked(pools.street_types, streams.at("suffix"), n),
    )


def _names(pools: Pools, streams: Streams, n: int, family: str) -> pa.Array:
    """First names, family names or both; a gender's family names go with its first names."""
    draws = streams.rng().random(n), streams.at("last").rng().random(n)
    firsts = (draws[0] * len(pools.first)).astype(np.int64)
    if pools.last_women:
        women, men = pools.last_women, len(pools.last) - pools.last_women
        lasts = np.where(firsts < pools.women, draws[1] * women, women + draws[1] * men).astype(np.int64)
    else:
        lasts = (draws[1] * len(pools.last)).astype(np.int64)
    slugs = family == "email"
    first = (pools.first_slugs if slugs else pools.first).take(pa.array(firsts))
    last = (pools.last_slugs if slugs else pools.last).take(pa.array(lasts))
    if family in {"first_name", "last_name"}:
        return first if family == "first_name" else last
    if slugs:
        return pc.binary_join_element_wise(first, last, ".")
    both = (last, first) if pools.family_first else (first, last)
    return pc.binary_join_element_wise(*both, pools.blank)


def _emails(distribution: Distribution, slugs: pa.Array, streams: Streams, index: int, n: int) -> pa.Array:
    return _addressed(distribution, slugs, streams, index, np.arange(n))


def _addressed(distribution: Distribution, slugs: pa.Array, streams: Streams, index: int, rows: np.ndarray) -> pa.Array:
    top = int(rows[-1]) + 1 if len(rows) else 0
    if distribution.get("unique"):
        require_kept(streams)
        numbers = rows + index * BLOCK_ROWS + 1
    else:
        numbers = streams.at("number").rng().integers(1, 1_000, top)[rows]
    which = streams.at("domain").rng().integers(0, len(MAIL_DOMAINS), top)[rows]
    ends = pa.array(MAIL_DOMAINS).take(pa.array(which))
    local = pc.binary_join_element_wise(slugs, pa.array(numbers).cast(pa.string()), "")
    return pc.binary_join_element_wise(local, ends, "@")


def _masked(masks: tuple[str, ...], streams: Streams, n: int) -> pa.Array:
    """Codes of one of several masks; at most 16 of them, so that a locale with hundreds costs no more."""
    few = masks[:: max(1, len(masks) // 16)][:16]
    chosen = streams.at("mask").rng().integers(0, len(few), n)
    codes = [
        CodePattern.of(Distribution("pattern", (("mask", _mask(mask)),))).draw(streams.at("mask", at), n)
        for at, mask in enumerate(few)
    ]
    return pc.choose(pa.array(chosen), *codes)


def _mask(mask: str) -> str:
    """The mask of mimesis as one of ours: @ is a letter, # a digit, everything else itself."""
    return "".join(_LETTER_AND_DIGIT.get(letter, f"\\{letter}") for letter in mask)


def _picked(pool: pa.Array, streams: Streams, n: int) -> pa.Array:
    return pool.take(pa.array(streams.rng().integers(0, len(pool), n)))


def _joined(one: pa.Array, two: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(one, two, " ")

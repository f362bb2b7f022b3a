"""Numbers as people write them: currency, per cent and units, thousands apart, decimal commas, debts in brackets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from synthwright.errors import BadInput

__all__ = ["NumberForm", "number_form"]

_CURRENCY = r"[$€£¥₹₽₩₺฿]|US\$|R\$|A\$|C\$|USD|EUR|GBP|CHF|JPY|CAD|AUD|INR|SEK|NOK|DKK|PLN|CZK|Rs\.?|kr\.?|zł|Kč|Fr\."
# A letter right behind digits is a unit only if it is one of these: "12 A" may be amperes, "12A" is a seat.
_UNIT = (
    r"%|‰|°C|°F|°|kg|mg|g|lbs?|oz|t|km/h|kmh|mph|km|cm|mm|mi|m|ft|in|kWh|kW|W|kB|KB|MB|GB|TB|px|ms|sec|s|mins?|hrs?|h|x"
)
_GROUPS = ",.'\u2019 \u00a0\u202f"
_CELL = re.compile(
    rf"(?P<open>\(?)(?P<minus>-?)(?P<prefix>(?:(?:{_CURRENCY})[ \u00a0]?)?)(?P<inner>-?)"
    rf"(?P<body>\d(?:[\d{_GROUPS}]*\d)?)"
    rf"(?P<suffix>(?:[ \u00a0]?(?:{_CURRENCY}|{_UNIT})|[ \u00a0][^\W\d_]{{1,12}})?)(?P<close>\)?)"
)
_MOST_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class NumberForm:
    """How the numbers of a column are written; reading and writing are each other's inverse.

    `negative` shows where the sign stands: ``"-$5"``, ``"$-5"`` or ``"($5)"``. `decimals` is ``None`` where numbers
    are written with as many as they need.
    """

    prefix: str
    suffix: str
    group: str
    point: str
    decimals: int | None
    negative: str

    @property
    def told(self) -> str:
        """The form in words, for the reason of a column."""
        parts = [f"written with {self.prefix.strip() or self.suffix.strip()!r}"] if self.prefix or self.suffix else []
        parts += [f"thousands set apart by {self.group!r}"] if self.group else []
        parts += ["the decimal sign is a comma"] if self.point == "," else []
        return ", ".join(parts)

    @property
    def pattern(self) -> str:
        """The regular expression that every cell of this form matches as a whole."""
        grouped = rf"\d{{1,3}}(?:{re.escape(self.group)}\d{{3}})+|\d+" if self.group else r"\d+"
        number = rf"(?:{grouped})(?:{re.escape(self.point)}\d+)?" if self.point else f"(?:{grouped})"
        prefix, suffix = re.escape(self.prefix), re.escape(self.suffix)
        if self.negative == "($5)":
            return rf"^(?:{prefix}{number}{suffix}|\({prefix}{number}{suffix}\))$"
        return rf"^-?{prefix}{number}{suffix}$" if self.negative == "-$5" else rf"^{prefix}-?{number}{suffix}$"

    def read(self, cells: pa.ChunkedArray) -> pa.ChunkedArray:
        """The cells, all of which match `pattern`, as plain decimal numbers in text."""
        minus = pc.match_substring_regex(cells, r"^\(|^[^0-9]*-")
        for gone in (self.prefix, self.suffix, self.group, "(", ")", "-"):
            cells = pc.replace_substring(cells, gone, "") if gone else cells
        if self.point == ",":
            cells = pc.replace_substring(cells, ",", ".")
        return pc.if_else(minus, pc.binary_join_element_wise("-", cells, ""), cells)

    def write(self, numbers: pa.ChunkedArray) -> pa.ChunkedArray:
        """`numbers` as text in this form; missing stays missing."""
        if self.decimals is not None and not pa.types.is_integer(numbers.type):
            text = numbers.cast(pa.decimal128(38, self.decimals), safe=False).cast(pa.string())
        else:
            text = numbers.cast(pa.string())
        minus = pc.starts_with(text, "-")
        text = pc.replace_substring(text, "-", "", max_replacements=1)
        whole, fraction = _split(text)
        if self.group:
            whole = _grouped(whole, self.group)
        text = pc.binary_join_element_wise(whole, pc.replace_substring(fraction, ".", self.point or "."), "")
        if self.negative == "$-5":
            text = pc.if_else(minus, pc.binary_join_element_wise("-", text, ""), text)
        text = pc.binary_join_element_wise(self.prefix, text, self.suffix, "")
        if self.negative == "-$5":
            return pc.if_else(minus, pc.binary_join_element_wise("-", text, ""), text)
        return (
            pc.if_else(minus, pc.binary_join_element_wise("(", text, ")", ""), text) if "(" in self.negative else text
        )

    def with_decimals(self, decimals: int | None) -> Self:
        """The same form with this number of decimals; ``None``: as many as a number needs."""
        return replace(self, decimals=decimals if decimals is None or decimals <= _MOST_DECIMALS else None)

    def to_text(self) -> str:
        """The form as one line, which `from_text` reads."""
        return json.dumps(astuple(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read back `to_text`; raises `BadInput` for anything else."""
        try:
            found: list[Any] = json.loads(text)
            prefix, suffix, group, point, decimals, negative = found
        except (ValueError, TypeError) as error:
            raise BadInput("The saved form of numbers can't be read.", evidence=str(error)[:200]) from error
        sound = all(isinstance(one, str) and len(one) <= 20 for one in (prefix, suffix, group, point, negative))
        if not sound or not (decimals is None or (isinstance(decimals, int) and 0 <= decimals <= _MOST_DECIMALS)):
            raise BadInput("The saved form of numbers is none.", evidence=text[:200])
        return cls(prefix, suffix, group, point, decimals, negative)


def number_form(cells: Iterable[str], *, comma: bool) -> NumberForm | None:
    """The form that `cells` share; ``None`` if they are no numbers, or plain ones. `comma`: it may be the decimal sign.

    One comma before three digits sets thousands apart (``1,234``), except where `comma` and no cell has two of them.
    """
    found = [_CELL.fullmatch(cell) for cell in cells]
    if not found or not all(found):
        return None
    matches = [match for match in found if match is not None]
    affixes = {(match["prefix"], match["suffix"]) for match in matches}
    negatives = {_negative(match) for match in matches} - {""}
    if len(affixes) > 1 or len(negatives) > 1 or "wrong" in negatives:
        return None
    prefix, suffix = affixes.pop()
    bodies = [match["body"] for match in matches]
    signs = _signs(bodies, comma=comma)
    if signs is None:
        return None
    group, point = signs
    if not (prefix or suffix or group or (comma and point == ",")):
        return None  # plain numbers; or pairs such as "1,2"
    decimals = {len(body.rpartition(point)[2]) if point and point in body else 0 for body in bodies}
    fixed = decimals.pop() if len(decimals) == 1 else None
    if max([*decimals, fixed or 0]) > _MOST_DECIMALS:
        return None
    return NumberForm(prefix, suffix, group, point, fixed, negatives.pop() if negatives else "-$5")


def _negative(match: re.Match[str]) -> str:
    if match["open"] or match["close"]:
        return "($5)" if match["open"] and match["close"] and not (match["minus"] or match["inner"]) else "wrong"
    if match["minus"] and match["inner"]:
        return "wrong"
    return "-$5" if match["minus"] else "$-5" * bool(match["inner"])


def _signs(bodies: list[str], *, comma: bool) -> tuple[str, str] | None:
    """What sets thousands apart, and the decimal sign; both may be nothing. ``None`` if they contradict each other."""
    others = {letter for body in bodies for letter in body if not letter.isdigit()}
    groups = others - {",", "."}
    if len(groups) > 1 or (groups and len(others) > 2):
        return None
    if groups:
        group, point = groups.pop(), next(iter(others & {",", "."}), "")
    elif others == {",", "."}:
        both = [body for body in bodies if "," in body and "." in body]
        last = {max((",", "."), key=body.rfind) for body in both}
        if len(last) != 1:
            return None
        point = last.pop()
        group = "," if point == "." else "."
    elif others:
        sign = others.pop()
        inside = [body for body in bodies if sign in body]
        twice = any(body.count(sign) > 1 for body in inside)
        thousands = all(re.fullmatch(rf"\d{{1,3}}({re.escape(sign)}\d{{3}})+", body) for body in inside)
        group, point = (sign, "") if twice or (thousands and sign == "," and not comma) else ("", sign)
    else:
        return "", ""
    shape = NumberForm("", "", group, point, None, "-$5").pattern
    return (group, point) if all(re.match(shape, body) for body in bodies) else None


def _split(text: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """What stands before the decimal point, and the rest with the point."""
    return pc.replace_substring_regex(text, r"[.eE].*$", ""), pc.replace_substring_regex(text, r"^\d+", "")


def _grouped(whole: pa.ChunkedArray, sign: str) -> pa.ChunkedArray:
    """Digits in threes from the right."""
    at = re.escape(sign)
    longest = int(pc.max(pc.utf8_length(whole)).as_py() or 0)
    for _ in range((longest - 1) // 3):
        whole = pc.replace_substring_regex(whole, rf"^(\d+)(\d{{3}})((?:{at}\d{{3}})*)$", rf"\1{sign}\2\3")
    return whole

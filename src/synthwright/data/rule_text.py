"""From the text of a rule to its tree: a small parser of our own; nothing in a rule is ever run as code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from synthwright.data.rule_tree import (
    Among,
    Arithmetic,
    Combined,
    Compared,
    Given,
    Joined,
    Literally,
    Matched,
    Named,
    Negated,
    Node,
    OneHot,
    Unique,
    Unset,
)
from synthwright.errors import BadInput, shorten

__all__ = ["KEYWORDS", "LONGEST_RULE", "parse", "rule_error"]

LONGEST_RULE = 2_000  # characters: what a person can still check by eye
_DEEPEST = 40  # brackets, signs and words within one another
KEYWORDS = frozenset({"when", "then", "and", "or", "not", "in", "is", "missing", "true", "false"})
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<quoted>`(?:[^`]|``)+`)
    |(?P<word>[^\W\d]\w*)
    |(?P<sign><=|>=|==|!=|<>|[-+*/()<>,=])
    )""",
    re.VERBOSE,
)
_GROUPS = ("unique", "one_hot", "combinations")  # about columns together; such names are still good for columns
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


def rule_error(text: str, at: int, what: str, remedy: str, evidence: str = "") -> BadInput:
    """The complaint about the character at position `at` (from 1) of the rule `text`."""
    return BadInput(f"Rule {shorten(text, 120)!r}, position {at}: {what}.", evidence=evidence, remedy=remedy)


def parse(text: str) -> Node:
    """The tree of a rule: ``a <= b``, ``total == net + tax``, ``when age < 18 then not (married)``.

    Raises
    ------
    BadInput
        It is no rule; the position is named.
    """
    if len(text) > LONGEST_RULE:
        raise rule_error(text, LONGEST_RULE + 1, f"a rule has at most {LONGEST_RULE:,} characters", "Split it.")
    parser = _Parser(text, _tokens(text))
    tree = parser.rule()
    if parser.kind != "end":
        raise parser.wrong("nothing can follow here", "Join conditions with `and` or `or`.")
    return tree


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: str
    at: int


def _tokens(text: str) -> list[_Token]:
    tokens, start = [], 0
    end = len(text.rstrip())
    while start < end:
        found = _TOKEN.match(text, start)
        if found is None or found.lastgroup is None:
            start += len(text[start:]) - len(text[start:].lstrip())
            what = f"{text[start]!r} does not belong in a rule"
            raise rule_error(text, start + 1, what, "Quote texts as 'so' and unusual column names as `so`.")
        kind, value = found.lastgroup, found[found.lastgroup]
        if kind in {"text", "quoted"}:
            value = value[1:-1].replace(value[0] * 2, value[0])
        elif kind == "word" and value in KEYWORDS:
            kind = "sign"
        tokens.append(_Token(kind, value, found.start(found.lastgroup) + 1))
        start = found.end()
    return [*tokens, _Token("end", "", len(text) + 1)]


@dataclass(slots=True)
class _Parser:
    """Recursive descent: each method reads one kind of phrase and leaves the next token in front."""

    text: str
    tokens: list[_Token]
    next: int = 0
    depth: int = field(default=0)

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    @property
    def kind(self) -> str:
        return self.token.kind

    def wrong(self, what: str, remedy: str) -> BadInput:
        return rule_error(self.text, self.token.at, what, remedy)

    def sees(self, *signs: str) -> bool:
        return self.kind == "sign" and self.token.value in signs

    def take(self) -> _Token:
        token = self.token
        self.next += 1
        return token

    def need(self, sign: str, after: str) -> _Token:
        if not self.sees(sign):
            raise self.wrong(f"`{sign}` is missing after {after}", f"Write `{sign}` here.")
        return self.take()

    def rule(self) -> Node:
        if not self.sees("when"):
            return self.either()
        at = self.take().at
        condition = self.either()
        self.need("then", "the condition")
        return Given(condition, self.either(), at)

    def either(self) -> Node:
        node = self.both()
        while self.sees("or"):
            at = self.take().at
            node = Joined("or", node, self.both(), at)
        return node

    def both(self) -> Node:
        node = self.negation()
        while self.sees("and"):
            at = self.take().at
            node = Joined("and", node, self.negation(), at)
        return node

    def negation(self) -> Node:
        if not self.sees("not"):
            return self.comparison()
        at = self.deeper().at
        node: Node = Negated(self.negation(), at)
        self.depth -= 1
        return node

    def comparison(self) -> Node:
        if self.kind == "word" and self.token.value in _GROUPS and self.tokens[self.next + 1].value == "(":
            return self.group()
        left = self.sum()
        if self.sees("in", "not") or self.matches():
            at = self.token.at
            turned = self.sees("not") and bool(self.take())
            if self.matches():
                matched = self.matched(left)
                return Negated(matched, at) if turned else matched
            self.need("in", "`not`" if turned else "the value")
            among = Among(left, self.listed(), at)
            return Negated(among, at) if turned else among
        if self.sees("is"):
            return self.unset(left)
        links: list[Node] = []
        while self.sees(*_COMPARISONS, "=", "<>"):
            sign = self.take()
            if sign.value in {"=", "<>"}:
                meant = "==" if sign.value == "=" else "!="
                raise rule_error(self.text, sign.at, f"`{sign.value}` is no comparison", f"Write `{meant}`.")
            right = self.sum()
            links.append(Compared(sign.value, left, right, sign.at))  # type: ignore[arg-type]  # one of _COMPARISONS
            left = right
        if not links:
            return left
        node = links[0]
        for link in links[1:]:  # 0 <= a <= b says both
            node = Joined("and", node, link, link.at)
        return node

    def unset(self, left: Node) -> Node:
        at = self.take().at
        turned = self.sees("not") and bool(self.take())
        self.need("missing", "`is not`" if turned else "`is`")
        if not isinstance(left, Named):
            raise rule_error(self.text, at, "only a column can be missing", "Write `column is missing`.")
        return Negated(Unset(left, at), at) if turned else Unset(left, at)

    def matches(self) -> bool:
        return self.kind == "word" and self.token.value == "matches"

    def matched(self, left: Node) -> Node:
        at = self.take().at
        if not isinstance(left, Named):
            raise rule_error(self.text, at, "only a column matches a pattern", "Write `column matches '[A-Z]+'`.")
        if self.kind != "text":
            raise self.wrong("the pattern is missing", "Write it as a quoted text: `code matches '[A-Z]{2}[0-9]+'`.")
        return Matched(left, self.take().value, at)

    def group(self) -> Node:
        word = self.take()
        self.need("(", f"`{word.value}`")
        columns = [self.named()]
        while self.sees(","):
            self.take()
            columns.append(self.named())
        self.need(")", "the columns")
        if word.value == "unique":
            return Unique(tuple(columns), word.at)
        if word.value == "one_hot":
            return OneHot(tuple(columns), word.at)
        if not self.sees("in"):
            return Combined(tuple(columns), (), word.at)
        self.take()
        self.need("(", "`in`")
        values = [self.listed("`(`")]
        while self.sees(","):
            self.take()
            values.append(self.listed("`,`"))
        self.need(")", "the list")
        return Combined(tuple(columns), tuple(values), word.at)

    def named(self) -> Named:
        if self.kind not in {"word", "quoted"}:
            raise self.wrong("a column is missing", "Write column names with commas between: `unique(a, b)`.")
        token = self.take()
        return Named(token.value, token.at)

    def listed(self, after: str = "`in`") -> tuple[Literally, ...]:
        self.need("(", after)
        values = []
        while True:
            node = self.unary()
            if not isinstance(node, Literally):
                raise self.wrong("a list holds numbers and quoted texts", "Write ('a', 'b') or (1, 2).")
            values.append(node)
            if not self.sees(","):
                break
            self.take()
        self.need(")", "the list")
        return tuple(values)

    def sum(self) -> Node:
        node = self.product()
        while self.sees("+", "-"):
            sign = self.take()
            node = Arithmetic(sign.value, node, self.product(), sign.at)  # type: ignore[arg-type]  # + or -
        return node

    def product(self) -> Node:
        node = self.unary()
        while self.sees("*", "/"):
            sign = self.take()
            node = Arithmetic(sign.value, node, self.unary(), sign.at)  # type: ignore[arg-type]  # * or /
        return node

    def unary(self) -> Node:
        if not self.sees("-"):
            return self.single()
        at = self.deeper().at
        node = self.unary()
        self.depth -= 1
        if isinstance(node, Literally) and isinstance(node.value, float):
            return Literally(-node.value, at)
        return Arithmetic("-", Literally(0.0, at), node, at)

    def single(self) -> Node:
        token = self.token
        if self.sees("("):
            self.deeper()
            node = self.either()
            self.need(")", "the bracket's content")
            self.depth -= 1
            return node
        if token.kind == "number":
            return Literally(float(self.take().value), token.at)
        if token.kind == "text":
            return Literally(self.take().value, token.at)
        if token.kind in {"word", "quoted"}:
            return Named(self.take().value, token.at)
        if self.sees("true", "false"):
            return Literally(self.take().value == "true", token.at)
        what = "the rule ends too early" if token.kind == "end" else f"a value is missing before {token.value!r}"
        raise self.wrong(what, "A value is a column, a number or a quoted text; `quote` columns called as a keyword.")

    def deeper(self) -> _Token:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.wrong(f"more than {_DEEPEST} brackets within one another", "Write it as several rules.")
        return self.take()

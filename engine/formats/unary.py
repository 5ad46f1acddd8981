"""Unary tests: what the cells of open decision tables say, written in two dialects and read.

Read are literals, lists, ranges, comparisons, `not(...)`, and those joined by `and`, `or`, `in`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from engine.errors import TongbaoError
from engine.formats.table import NO_END, both, either, spans, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from engine.formats.table import Column, Kind, Spans, Test

Dialect = Literal["feel", "zen"]
ANY: Mapping[Dialect, str] = {"feel": "-", "zen": ""}
LONGEST, DEEPEST = 4_000, 20
"""Signs of a cell, and tests within tests."""
ACCEPTED = (
    "`-` or nothing, a text in quotes, a number, `true`, `false`, `date('YYYY-MM-DD')`, "
    "a comparison (`< 5`, `>= 5`, `!= 5`), a range (`[1..5)`), a list of these with commas, "
    "`not(...)` of one, `and` and `or` between them"
)  # fmt: skip
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<number>-?(?:\d[\d_]*)(?:\.\d+)?(?![\w])|-?\.\d+)
    |(?P<mark>\.\.|<=|>=|!=|==|[<>=()\[\],])
    |(?P<word>[A-Za-z_]+))""",
    re.VERBOSE | re.ASCII,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t"}


class UnsupportedCellError(TongbaoError):
    """A cell that says more than is read."""


# -- writing -----------------------------------------------------------------------------------


def written(test: Test | None, column: Column, dialect: Dialect) -> str:
    """A test as the text of a cell; None is what everything passes."""
    if test is None:
        return ANY[dialect]
    if isinstance(test, frozenset):
        codes = [one for one in column.values if one in test]
        return ", ".join(codes if column.kind == "boolean" else map(quoted, codes))

    def end(unit: int) -> str:
        return ending(unit, column)

    return ", ".join(_range(low, high, column, end) for low, high in test)


def _range(low: int, high: int, column: Column, end: Callable[[int], str]) -> str:
    # An end at a bound of the column is none: what lies beyond does not occur.
    low = -NO_END if low <= column.bounds[0] else low
    high = NO_END if high >= column.bounds[1] else high
    if low + 1 == high:
        return end(low)
    if low == -NO_END:
        return f"< {end(high)}"
    return f">= {end(low)}" if high == NO_END else f"[{end(low)}..{end(high)})"


def ending(unit: int, column: Column) -> str:
    """A number or a day of a column as a literal."""
    if column.kind == "date":
        return f'date("{date.fromordinal(unit).isoformat()}")'
    return f"{Decimal(unit).scaleb(-column.decimals):f}"


def quoted(text: str) -> str:
    """A text as a literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


# -- reading -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Value:
    """A literal: its kind, and its value as text, as an exact number or as a day."""

    kind: Kind
    value: str | Decimal | int


@dataclass(frozen=True)
class Compared:
    """A comparison with a literal; a range is two of them that both hold."""

    operator: str
    value: Value


@dataclass(frozen=True)
class Joined:
    """Tests of which all hold, or any."""

    all: bool
    parts: tuple[Parsed, ...]


@dataclass(frozen=True)
class Opposite:
    """A test that does not hold."""

    part: Parsed


Parsed = Compared | Joined | Opposite


def parsed(text: str) -> Parsed | None:
    """What a cell says; None where everything passes. Raises UnsupportedCellError."""
    stripped = text.strip()
    if stripped in ("", "-"):
        return None
    if len(stripped) > LONGEST:
        raise UnsupportedCellError(f"it is longer than {LONGEST:,} signs")
    return _Parser(stripped).cell()


def values_in(test: Parsed | None) -> Iterator[Value]:
    """Every literal a cell holds."""
    if isinstance(test, Compared):
        yield test.value
    elif isinstance(test, Opposite):
        yield from values_in(test.part)
    elif isinstance(test, Joined):
        for part in test.parts:
            yield from values_in(part)


def allowed_by(said: Parsed, column: Column) -> Test:
    """A cell as a test of its column. Raises UnsupportedCellError where it does not fit."""
    if isinstance(said, Opposite):
        return without(column.whole, allowed_by(said.part, column))
    if isinstance(said, Joined):
        first, *others = [allowed_by(part, column) for part in said.parts]
        for other in others:
            first = both(first, other) if said.all else either(first, other)
        return first
    if said.value.kind != column.kind:
        raise UnsupportedCellError(f"a {said.value.kind} in a column of kind {column.kind}")
    if column.kind in ("text", "boolean"):
        one: Test = frozenset({str(said.value.value)})
        if said.operator == "=":
            return both(column.whole, one)
        if said.operator == "!=":
            return without(column.whole, one)
        raise UnsupportedCellError(
            f"`{said.operator}` needs an order, and a {column.kind} has none"
        )
    return both(column.whole, _compared(said, column))


def passes(said: Parsed | None, value: Value) -> bool:
    """Whether a literal passes a cell."""
    if said is None:
        return True
    if isinstance(said, Opposite):
        return not passes(said.part, value)
    if isinstance(said, Joined):
        return (all if said.all else any)(passes(part, value) for part in said.parts)
    mine, other = value.value, said.value.value
    if said.operator in ("=", "!="):
        same = value.kind == said.value.kind and mine == other
        return same == (said.operator == "=")
    if isinstance(mine, str) or isinstance(other, str):
        raise UnsupportedCellError(f"`{said.operator}` needs an order, and a {value.kind} has none")
    return {"<": mine < other, "<=": mine <= other, ">": mine > other, ">=": mine >= other}[
        said.operator
    ]


def _compared(said: Compared, column: Column) -> Spans:
    unit = _unit(said.value, column)
    ranges = {
        "=": [(unit, unit + 1)], "!=": [(-NO_END, unit), (unit + 1, NO_END)],
        "<": [(-NO_END, unit)], "<=": [(-NO_END, unit + 1)],
        ">": [(unit + 1, NO_END)], ">=": [(unit, NO_END)],
    }  # fmt: skip
    return spans(ranges[said.operator])


def _unit(value: Value, column: Column) -> int:
    if isinstance(value.value, Decimal):
        return int(value.value.scaleb(column.decimals))
    return int(value.value)


def literal(text: str) -> Value | None:
    """A text as one literal; None where it is none."""
    try:
        said = parsed(text)
    except UnsupportedCellError:
        return None
    return said.value if isinstance(said, Compared) and said.operator == "=" else None


class _Parser:
    """Reads one cell from its tokens."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = self.depth = 0

    def cell(self) -> Parsed:
        found = self._list()
        if self._kind():
            raise UnsupportedCellError(f"`{self._text()}` is not read there")
        return found

    def _kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def _text(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self, *texts: str) -> bool:
        """Take the next token where it is one of some marks or words."""
        if self._kind() in ("mark", "word") and self._text() in texts:
            self.at += 1
            return True
        return False

    def _want(self, *texts: str) -> str:
        found = self._text()
        if not self._take(*texts):
            listed = " or ".join(f"`{one}`" for one in texts)
            raise UnsupportedCellError(
                f"{listed} is expected" + (f", not `{found}`" if found else "")
            )
        return found

    def _list(self) -> Parsed:
        parts = [self._conjunction()]
        while self._take(",", "or"):
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else Joined(all=False, parts=tuple(parts))

    def _conjunction(self) -> Parsed:
        parts = [self._test()]
        while self._take("and"):
            parts.append(self._test())
        return parts[0] if len(parts) == 1 else Joined(all=True, parts=tuple(parts))

    def _test(self) -> Parsed:
        if self._take("not"):
            if self._take("in"):
                self._want("[")
                return Opposite(self._bracketed("["))
            self._want("(")
            self.depth += 1
            if self.depth > DEEPEST:
                raise UnsupportedCellError(f"more than {DEEPEST} tests within tests")
            part = self._list()
            self._want(")")
            self.depth -= 1
            return Opposite(part)
        if self._take("in"):
            return self._bracketed(self._want("[", "(", "]"))
        for operator in ("<=", ">=", "!=", "==", "<", ">", "="):
            if self._take(operator):
                return Compared("=" if operator == "==" else operator, self._literal())
        for opening in ("[", "(", "]"):
            if self._take(opening):
                return self._bracketed(opening)
        return Compared("=", self._literal())

    def _bracketed(self, opening: str) -> Parsed:
        """A range, or a list in brackets."""
        low = self._literal()
        if self._take(".."):
            high = self._literal()
            closing = self._want("]", ")", "[")
            if "text" in (low.kind, high.kind) or "boolean" in (low.kind, high.kind):
                raise UnsupportedCellError("a range of texts or truths")
            first = Compared(">=" if opening == "[" else ">", low)
            return Joined(all=True, parts=(first, Compared("<=" if closing == "]" else "<", high)))
        parts = [Compared("=", low)]
        while self._take(","):
            parts.append(Compared("=", self._literal()))
        self._want(")" if opening == "(" else "]")
        return Joined(all=False, parts=tuple(parts))

    def _literal(self) -> Value:
        kind, text = self._kind(), self._text()
        self.at += 1
        if kind == "text":
            return Value("text", unquoted(text))
        if kind == "number":
            return Value("number", Decimal(text.replace("_", "")))
        if kind == "word" and text in ("true", "false"):
            return Value("boolean", text)
        if kind == "word" and text in ("date", "d"):
            return self._day()
        shown = f"`{text}`" if text else "the end"
        raise UnsupportedCellError(
            f"{shown} stands where a text, a number, a truth or a day should"
        )

    def _day(self) -> Value:
        self._want("(")
        kind, text = self._kind(), self._text()
        self.at += 1
        self._want(")")
        try:
            day = date.fromisoformat(unquoted(text)) if kind == "text" else None
        except ValueError:
            day = None
        if day is None:
            raise UnsupportedCellError(f"{text} is not a day")
        return Value("date", day.toordinal())


def unquoted(text: str) -> str:
    """The text that a literal in quotes stands for."""
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), text[1:-1])


def _tokens(text: str) -> Sequence[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        if not text[at:].strip():
            break
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise UnsupportedCellError(f"`{text[at:].strip()[:20]}` is not read")
        out.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    return out

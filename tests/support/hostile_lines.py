"""Random lines of cases over a vocabulary: right, partial, and wrong in every way known."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.library import Library
    from engine.vocabulary import Fact

IDS = (
    '"c1"',
    '"孩子-1"',
    '""',
    '"a\\nb"',
    '"\\u5b69"',
    "null",
    "7",
    '"\U0001f476"',
    '"\x7f"',
    "[]",
)
EXTRA = (
    ('"x_a"', "1"), ('"x_备注"', '"市区"'), ('"x_b"', "-0"), ('"x_c"', "1.50"), ('"x_d"', "1e3"),
    ('"x_e"', "0.0000001"), ('"x_f"', "true"), ('"x_g"', "null"), ('"x_h"', '{"k": [1]}'),
    ('"x_i"', '"\\t"'), ('"x_"', "12345678901234567890"), ('"x_j"', "-0.0"), ('"x_a"', "2"),
    ('"x_\\u0061"', "3"), ('"x_k"', "0.000001"), ('"x_l"', "-12"), ('"x_m"', "01"),
)  # fmt: skip
WRONG = (
    "true", "false", "null", "-1", "0", "1", "1.0", "1e0", "5.7", '"5"', "[]", "{}", "NaN", "-",
    '""', "99999999999999999999", '"2015-02-30"', '"2015-02"', '"2015"', "tru", '"440300', "0.005",
    "00", "-0", '"深圳市 "', '"\\u0034"', "1.", ".5", '"2024-02-29"', '"1890-01-01"', "Infinity",
    '"2015-02-03x"', "1 2",
)  # fmt: skip
PLACES = ('"440300"', '"深圳市"', '"310000"', '"320000"', '"441900"', '"000000"', '"100000"',
          '"Shenzhen"', '" 深圳市 "', '"440305"', '"nowhere"')  # fmt: skip
BROKEN = (
    b"", b"   ", b"\r", b"null", b"[1]", b"{", b"}", b"{}", b'{"id": "a"', b'{"id": "a"} x',
    b'{"id": "\xff"}', b'{"x_a": "\xed\xa0\x80"}', b'{"id": "\xc3"}', b"\x00",
    b'{"x_\xc0\x80": 1}', b"\xef\xbb\xbf{}",
    b'{"id": "a",}', b'{"id" "a"}', b'{"id": "a" "b": 1}', b"{'id': 1}", b'{"nothing": 1}',
    b'{"id": "a", "id": "b"}', b'{"topics": []}', b'{"as_of": "2026-02"}', b'{"as_of": null}',
    b'{"as_of": "2100-01-01"}', b'{"id": "a\x01"}', b'{"' + b"k" * 300 + b'": 1}',
    b'{"x_a":"\xf4\x90\x80\x80"}',
)  # fmt: skip
FEW_DAYS = 1000
TEXTS = ("\x7f", "\u0080", "\u07ff", "\u0800", "\u0fff", "\u1000", "\ucfff", "\ud7ff", "\ue000",
         "\uffff", "\U00010000", "\U0003ffff", "\U00040000", "\U0010ffff")  # fmt: skip
NO_TEXTS = (
    b"\x80", b"\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xc2", b"\xc2\x7f", b"\xc2\xc0", b"\xdf\xff",
    b"\xe0\x9f\xbf", b"\xe1\x80", b"\xe1\x80\x7f", b"\xe1\x80\xc0", b"\xe1\x7f\x80",
    b"\xe1\xc0\x80",
    b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf0\x8f\xbf\xbf", b"\xf1\x80\x80", b"\xf1\x80\x80\x7f",
    b"\xf1\x80\xc0\x80", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xff", b"\xe1", b"\xf1",
    b"\x1f", b"\x00",
)  # fmt: skip
NUMBERS = ("0", "-0.0", "9", "10", "-1", "0.0", "0.5", "-0.5", "0.000001", "999999999999999",
           "123456789.012345", "-99999999999999.9")  # fmt: skip
ODD_NUMBERS = (
    "-0", "00", "01", "-01", "+1", "1.", ".5", "-", "--1", "1e3", "1E3", "1.0e1", "1.5.5",
    "0.0000001", "1000000000000000", "9007199254740993", "18446744073709551616", "1" * 40,
    "123456789.0123456", "1234567890123456.5", "1_0", "0x1", "1a", "truth", "nul", "falsy", "NaN",
)  # fmt: skip
YEARS = (1, 1899, 1900, 1901, 1989, 1990, 2000, 2023, 2024, 2099, 2100, 9999)


def right(library: Library) -> Iterator[bytes]:
    """Lines that are right and have nothing unusual, at every limit of what is allowed."""
    for fact in library.vocabulary.facts.values():
        for value in _values(fact, inside=True):
            yield b'{"id": "c", "%s": %s}' % (fact.id.encode(), value.encode())
    for text in TEXTS:
        for before in range(9):
            some = ("a" * before + text + "b").encode()
            yield b'{"id": "%s", "x_%s": "%s"}' % (some, some, some)
    for number in (*NUMBERS, "true", "false", "null"):
        yield b'{"x_a":%s ,\t"x_b" : %s}\r' % (number.encode(), number.encode())
    yield b"{%s}" % b", ".join(b'"x_%d": %d' % (i, i) for i in range(32))
    yield b'{"x_": 1, "x_a": 2, "x_aa": 3, "x_ab": 4, "x_b": 5}'


def wrong(library: Library) -> Iterator[bytes]:
    """Lines that are wrong or unusual, each by one thing only."""
    for fact in library.vocabulary.facts.values():
        name, values = fact.id.encode(), [*_values(fact, inside=False), *WRONG]
        for value in (*values, *(ODD_NUMBERS if fact.type in {"integer", "decimal"} else ())):
            yield b'{"id": "c", "%s": %s}' % (name, value.encode())
        some = next(_values(fact, inside=True)).encode()
        yield b'{"%s": %s, "id": "c", "%s": %s}' % (name, some, name, some)
        yield b'{"%s": null, "id": "c", "%s": %s}' % (name, name, some)
        yield b'{"%s": %s, "id": "c", "%sx": %s}' % (name, some, name, some)
        yield b'{"%s": %s, "id": "c", "%s": %s}' % (name, some, name[:-1], some)
    for text in NO_TEXTS:
        for before in range(9):
            some = b"a" * before + text
            for after in (b"", b"b", b"b" * 9):
                yield b'{"id": "%s"}' % (some + after)
            yield b'{"x_%s": 1}' % some
            yield b'{"x_a": "%s"}' % some
    for number in ODD_NUMBERS:
        yield b'{"id": "c", "x_a": %s}' % number.encode()
    for (one, first), (other, second) in product(EXTRA, EXTRA):
        yield f"{{{one}: {first}, {other}: {second}}}".encode()
    yield b"{%s}" % b", ".join(b'"x_%d": %d' % (i % 32, i) for i in range(33))
    yield b"{%s}" % b", ".join(b'"x_%d": %d' % (i, i) for i in range(33))
    yield from BROKEN
    for end in (b"}", b"}}", b",}", b"} ,", b"", b" x}", b'"}', b"]"):
        yield b'{"id": "c", "x_a": 1' + end


def _values(fact: Fact, *, inside: bool) -> Iterator[str]:
    """Values at the limits of a fact as they stand in JSON, inside of them or beyond."""
    if fact.type in {"bool", "enum", "place"}:
        some = {"bool": ["true", "false"], "place": [PLACES[0]]}.get(fact.type)
        codes = [json.dumps(one) for one in fact.codes] if some is None else some
        yield from codes if inside else [codes[0][:-1], codes[0] + "x", codes[0].upper()]
        return
    low, high = fact.bounds()
    decimals = fact.decimals if fact.type == "decimal" else 0
    if fact.type == "date":
        for day in (low, low + 1, high - 1, high) if inside else (low - 1, high + 1):
            yield json.dumps(date.fromordinal(day).isoformat())
        return
    for number in (low, low + 1, high - 1, high) if inside else (low - 1, high + 1, -high - 1):
        yield f"{Decimal(number).scaleb(-decimals):f}"
    if inside and fact.type == "decimal":
        yield from ("1", "1.5", "1.50")
    elif not inside:
        yield from ("1." + "0" * (decimals + 1), "1." + "0" * decimals + "1")


def days(library: Library) -> Iterator[bytes]:
    """Lines with every shape of a day, in the calendar and not."""
    fact = next(one for one in library.vocabulary.facts.values() if one.type == "date")
    for year in YEARS:
        for month, day in product(range(14), (0, 1, 28, 29, 30, 31, 32)):
            yield b'{"%s": "%04d-%02d-%02d"}' % (fact.id.encode(), year, month, day)
    for text in (
        "2024-1-01",
        "2024/01/01",
        "2024-01-01T",
        "2024-0a-01",
        "2024-01-0:",
        "2024-0:-01",
    ):
        yield b'{"%s": "%s"}' % (fact.id.encode(), text.encode())
        yield b'{"%s": "%s}' % (fact.id.encode(), text.encode())


class Lines:
    """A source of lines, the same for the same seed."""

    def __init__(self, library: Library, seed: int, places: Sequence[str] = PLACES) -> None:
        self.library, self.random, self.places = library, random.Random(seed), places

    def text(self, count: int, wrong: float = 0.02) -> bytes:
        """So many lines."""
        return b"".join(self.line(wrong) for _ in range(count))

    def line(self, wrong: float) -> bytes:
        """One line with its end; `wrong` is how often something in it is."""
        pick = self.random
        end = b"\r\n" if pick.random() < wrong else b"\n"
        if pick.random() < wrong:
            return pick.choice(BROKEN) + end
        facts = list(self.library.vocabulary.facts.values())
        if pick.random() < 0.7:
            pick.shuffle(facts)
        share = pick.choice((0.1, 0.5, 0.9, 1.0))
        members = [(json.dumps(fact.id), self.value(fact, wrong)) for fact in facts
                   if pick.random() < (0.95 if fact.type == "place" else share)]  # fmt: skip
        if pick.random() < 0.3:
            members.insert(pick.randrange(len(members) + 1), ('"as_of"', self.day((2015, 2035))))
        if pick.random() < 0.9:
            members.insert(0, ('"id"', pick.choice(IDS) if pick.random() < wrong * 5 else '"c"'))
        for _ in range(pick.choice((0, 0, 1, 3))):
            members.insert(pick.randrange(len(members) + 1), pick.choice(EXTRA))
        if pick.random() < wrong / 2 and members:
            members.append(pick.choice(members))
        colon, comma = pick.choice(((":", ","), (": ", ", "), (" :\t", " , ")))
        text = "{" + comma.join(key + colon + value for key, value in members) + "}"
        return text.encode() + end

    def value(self, fact: Fact, wrong: float) -> str:  # noqa: PLR0911 - one a type
        """A value of a fact as it stands in JSON, now and then none of it."""
        pick = self.random
        if pick.random() < wrong / 4:
            return pick.choice(WRONG)
        if pick.random() < 0.03:
            return "null"
        if fact.type == "bool":
            return pick.choice(("true", "false"))
        if fact.type == "enum":
            return json.dumps(pick.choice(fact.codes))
        if fact.type == "place":
            return pick.choice(self.places[:5] if pick.random() > wrong else self.places)
        low, high = fact.bounds()
        if fact.type == "date" and high - low < FEW_DAYS:
            return json.dumps(date.fromordinal(pick.randint(low, high)).isoformat())
        if fact.type == "date":
            first, last = date.fromordinal(low).year, date.fromordinal(high).year
            return self.day((max(first, 2005), min(last, 2030)), low, high)
        number = pick.choice((low, high, pick.randint(low, high), min(high, low + 5)))
        if fact.type == "integer":
            return str(number)
        return str(Decimal(number).scaleb(-fact.decimals)).replace("E+", "e")

    def day(self, years: tuple[int, int], low: int = 1, high: int = 3_000_000) -> str:
        """A day, often at the end of a month or next to a birthday, now and then a month."""
        pick = self.random
        first = date(pick.randint(*years), pick.randint(1, 12), 1)
        day = first + timedelta(pick.choice((-1, 0, 14, pick.randint(0, 30))))
        day = date.fromordinal(min(max(day.toordinal(), low), high))
        text = day.isoformat()
        return json.dumps(text[:7] if pick.random() < 0.01 else text)

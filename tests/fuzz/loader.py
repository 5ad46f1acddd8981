"""What must hold of any bytes laid among good rulesets as a file, and where to begin with them.

Either a library comes of it or a RulesetError that tells faults, each with its file and in words
that a terminal prints as they stand; never anything else. What a library answers is answered.
"""

from __future__ import annotations

import random
import re
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from engine.checker import Checker
from engine.errors import RulesetError
from engine.library import Library
from tests.fuzz.run import flipped
from tests.support.folders import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DAY = date(2026, 3, 1)
GOOD = ROOT / "tests" / "rulesets" / "good"
BROKEN = ROOT / "tests" / "rulesets" / "broken"
_CASES: tuple[dict[str, object], ...] = (
    {}, {"region": "440300", "birth_date": "2018-01-20", "visit_date": "2026-02-01"},
)  # fmt: skip
_WORD = re.compile(r"\w[\w.-]*|[^\w\s]|\s+")
_ODD = (
    "&a", "*a", "!!python/object:os.system", "<<: *a", "---\n", "...\n", "? a\n: b\n", "|\n  a\n",
    ">-\n", "~", "null", "true", "1e9", ".inf", ".nan", "0x1F", "1_000", "9" * 30, "-0.0",
    "99999999999999999.9", "2026-02-30", "{}", "[]", "[" * 50, "{a: " * 50, "\t", "# c", '"\\x07"',
    "'", '"', "\u2028", "\x85", "\ufeff", "\x1b[2J", "%YAML 1.1\n", "0001-01-01", "9999-12-31",
    "440300", "100000", "999999", "[a, b]", "{zh: 甲, en: a}", "not", "all", "any", "{lt: 0}",
)  # fmt: skip


class Target:
    """The ruleset loader, over the good rulesets of the tests."""

    def __init__(self, scratch: Path) -> None:
        self._folder = scratch / "rulesets"
        shutil.copytree(GOOD, self._folder)
        self._names = sorted(one.relative_to(GOOD).as_posix() for one in GOOD.rglob("*.yaml"))
        self._names.append("extra.yaml")
        self._before = ""
        self._texts = [one.decode("utf-8", "replace") for one in self.corpus()]
        self._words = sorted({word for text in self._texts for word in _WORD.findall(text)})

    def corpus(self) -> Sequence[bytes]:
        """Each good file, and each that the tests know to be broken; the first byte names it."""
        found = [bytes([at]) + (GOOD / name).read_bytes()
                 for at, name in enumerate(self._names) if (GOOD / name).exists()]  # fmt: skip
        for path in sorted(BROKEN.rglob("*.yaml")):
            if path.name != "expected.yaml":
                name = "/".join(path.relative_to(BROKEN).parts[1:])
                at = self._names.index(name) if name in self._names else len(self._names) - 1
                found.append(bytes([at]) + path.read_bytes())
        return found

    def mutated(self, data: bytes, pick: random.Random) -> bytes:
        """One with a word, a line, a block or a byte changed."""
        head, body = data[:1] or b"\x00", data[1:]
        if pick.random() < 0.15:
            return head + flipped(body, pick)
        what: Callable[[str, random.Random], str] = pick.choice(
            (self._word, self._word, _lines, _lines, self._grafted, _indented)
        )
        text = body.decode("utf-8", "surrogateescape")
        return head + what(text, pick).encode("utf-8", "surrogateescape")

    def hold(self, data: bytes) -> None:
        """Raises where a law does not hold of an input."""
        name = self._names[data[0] % len(self._names)] if data else self._names[-1]
        if self._before and self._before != name:
            self._restore(self._before)
        self._before = name
        (self._folder / name).write_bytes(data[1:])
        try:
            checker = Checker(Library.load(self._folder), compare=False)
            for case in _CASES:
                result = checker.check(case, DAY)
                assert bool(result.decisions) != bool(result.faults) or not checker.library.topics
        except RulesetError as error:
            _told(error)

    def _restore(self, name: str) -> None:
        if (GOOD / name).exists():
            shutil.copyfile(GOOD / name, self._folder / name)
        else:
            (self._folder / name).unlink(missing_ok=True)

    def _word(self, text: str, pick: random.Random) -> str:
        words = _WORD.findall(text)
        if not words:
            return pick.choice(_ODD)
        at = pick.randrange(len(words))
        words[at] = pick.choice((pick.choice(self._words), pick.choice(_ODD), "", words[at] * 2))
        return "".join(words)

    def _grafted(self, text: str, pick: random.Random) -> str:
        """Some lines of another file."""
        lines = pick.choice(self._texts).splitlines(keepends=True) or [""]
        first = pick.randrange(len(lines))
        into = text.splitlines(keepends=True)
        at = pick.randrange(len(into) + 1)
        into[at:at] = lines[first : first + pick.randrange(1, 12)]
        return "".join(into)


def _lines(text: str, pick: random.Random) -> str:
    """Lines taken out, doubled or moved."""
    lines = text.splitlines(keepends=True) or [""]
    at, many, what = pick.randrange(len(lines)), pick.randrange(1, 6), pick.randrange(3)
    some = lines[at : at + many]
    if what != 1:
        del lines[at : at + many]
    if what > 0:
        to = pick.randrange(len(lines) + 1)
        lines[to:to] = some
    return "".join(lines)


def _indented(text: str, pick: random.Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = pick.randrange(len(lines))
    lines[at] = " " * pick.randrange(8) + lines[at].lstrip(" ")
    return "".join(lines)


def _told(error: RulesetError) -> None:
    assert error.faults
    for fault in error.faults:
        assert fault.place.file
        assert fault.message
        shown = fault.render()
        assert all(char.isprintable() or char == "\n" for char in shown) or any(
            ord(char) > 0x2FF for char in shown if not char.isprintable()
        )

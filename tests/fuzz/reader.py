"""What must hold of any bytes given to the batch check as a file, and where to begin with them.

One result a case, each a line of JSON with an answer or an error; no exception but InputError, told
in the summary; the brief check gives the same bytes with the scanner and without; its ids and
errors are those of the full check.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import zlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.pipeline import run_brief
from engine.batch.run import run
from engine.checker import Checker
from tests.fuzz.run import flipped
from tests.support.folders import RULESETS
from tests.support.hostile_lines import BROKEN, EXTRA, IDS, ODD_NUMBERS, PLACES, WRONG, Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.result import CaseResult

DAY = date(2026, 1, 5)
_MOST_UNPACKED = 1 << 20
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9.eE+]+|[\[\]{},:]|\s+|\w+|.', re.DOTALL)
_VALUES = (
    *WRONG, *ODD_NUMBERS, *PLACES, *IDS, *(value for _, value in EXTRA),
    "1e999999999", "-1e-999999999", "1e1000000000000000000", "9" * 1001, "0." + "9" * 999,
    '"\\ud800"', '"\\u0000"', '"2015-01-01"', '"=1+1"', "[" * 65 + "]" * 65, "[" * 3000,
    '{"id": "a", "id": "b"}', '"\\u202e"',
)  # fmt: skip
_BYTES = (
    b"\r", b"\r\n", b"\n\n", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\x1f\x8b",
    b"\xc2\x85", b"\xe2\x80\xa8", b"\x1a", b"[", b"]", b",", b"[[", b"{", b"}", b'"', b"\\",
    b"PAR1", b"{}\n" * 40, b"x" * 300, b" " * 70_000,
)  # fmt: skip


class Target:
    """The case reader, before a small library."""

    def __init__(self, scratch: Path) -> None:
        self._checker = Checker.load(RULESETS, compare=False)
        self._folder = scratch
        facts = self._checker.library.vocabulary.facts
        self._keys = [b'"%s"' % one.encode() for one in (*facts, "id", "as_of", "topics", "x_a")]
        values = Lines(self._checker.library, 7)
        self._values = [one.encode() for one in _VALUES]
        self._values += [values.value(fact, 0).encode() for fact in facts.values() for _ in "abc"]

    def corpus(self) -> Sequence[bytes]:
        """Lines right and wrong, an array, objects over lines, and the same packed."""
        lines = Lines(self._checker.library, 3)
        some = [lines.text(6, wrong) for wrong in (0, 0, 0.2, 1)]
        good = [{"id": f"c{at}", "region": "440300", "x_a": [at, "\\"]} for at in range(4)]
        whole = [json.dumps(good, indent=1), json.dumps(good), json.dumps(good[0], indent=2)]
        some += [one.encode() for one in whole]
        some += [b"", b"\n", b"\n".join(BROKEN), b"[]", b"[,]", b'{"id": "a"}\r{"id": "b"}\n']
        some += [b"id,region,x_a\na,440300,1\n", b"\xff\xfe{\x00}\x00"]
        packed = [gzip.compress(one, mtime=0) for one in some[:6]]
        table = b'id,region,x_a\na,440300,"1\n2"\nb,x\n"c"d,\n'
        found = [b"\0" + one for one in (*some, *packed, packed[0][:-9])]
        return [*found, b"\1" + table, b"\1" + some[0], b"\2" + some[4]]

    def mutated(self, data: bytes, pick: random.Random) -> bytes:
        """One with a token, a line or a byte changed; what is packed is changed inside."""
        head, body = data[:1] or b"\x00", data[1:]
        if body.startswith(b"\x1f\x8b") and pick.random() < 0.9:
            try:
                inner = gzip.GzipFile(fileobj=io.BytesIO(body)).read(_MOST_UNPACKED)
            except (OSError, EOFError, zlib.error):
                return head + flipped(body, pick)
            return head + gzip.compress(self._changed(inner, pick), 1, mtime=0)
        if pick.random() < 0.02:
            return bytes([pick.randrange(3)]) + body
        if pick.random() < 0.02:
            return head + gzip.compress(body, 1, mtime=0)
        return head + self._changed(body, pick)

    def hold(self, data: bytes) -> None:
        """Raises where a law does not hold of an input; its first byte says what it is called."""
        name = ("cases.jsonl", "cases.csv", "cases.json")[data[0] % 3] if data else "cases.jsonl"
        path = self._folder / name
        path.write_bytes(data[1:])
        full, told = self._full(str(path))
        brief, cut = self._brief(str(path), compiled=True, chunk=1 << 20)
        for compiled, chunk in ((False, 1 << 20), (True, 300)):
            other, also = self._brief(str(path), compiled=compiled, chunk=chunk)
            assert len(also) == len(cut)
            # Of a packed file that is damaged, the more is read the less is asked for at once.
            assert _begins_alike(other, brief) if cut else other == brief, (compiled, chunk)
        assert len(cut) == len(told)
        shown = [json.loads(line, parse_constant=_refused) for line in brief.splitlines()]
        assert len(shown) == len(full) or cut
        for one, whole in zip(shown, full, strict=False):
            assert one["id"] == whole["id"]
            assert one.get("error") == whole.get("error")

    def _full(self, path: str) -> tuple[list[dict[str, object]], list[str]]:
        out: list[dict[str, object]] = []

        def write(line: str, result: CaseResult) -> None:
            assert "\n" not in line
            line.encode()
            found = json.loads(line, parse_constant=_refused)
            assert ("error" in found) != ("decisions" in found)
            assert found["line"] == result.line
            out.append(found)

        summary = run(self._checker, [path], write, DAY)
        assert summary.cases == summary.results == len(out)
        return out, summary.broken

    def _brief(self, path: str, *, compiled: bool, chunk: int) -> tuple[bytes, list[str]]:
        out = bytearray()
        summary = run_brief(self._checker, [path], out.extend, DAY, compiled=compiled, chunk=chunk)
        assert summary.cases == summary.results == out.count(b"\n")
        return bytes(out), summary.broken

    def _changed(self, body: bytes, pick: random.Random) -> bytes:
        what: Callable[[bytes, random.Random], bytes] = pick.choice(
            (self._token, self._token, self._token, self._line, flipped, _inserted)
        )
        return what(body, pick)

    def _token(self, body: bytes, pick: random.Random) -> bytes:
        """A value or a key replaced by another, taken out, or given twice."""
        tokens = _TOKEN.findall(body)
        if not tokens:
            return pick.choice(self._values)
        at = pick.randrange(len(tokens))
        with_ = pick.choice((self._keys, self._values, self._values, tokens))
        tokens[at : at + pick.randrange(3)] = [pick.choice(with_)] * pick.choice((0, 1, 1, 1, 2))
        return b"".join(tokens)

    def _line(self, body: bytes, pick: random.Random) -> bytes:
        """A line moved, doubled, taken out or made of new members."""
        lines = body.splitlines(keepends=True) or [b""]
        at = pick.randrange(len(lines))
        what = pick.randrange(4)
        if what == 0:
            lines.insert(pick.randrange(len(lines)), lines.pop(at))
        elif what == 1:
            lines[at:at] = lines[at : at + pick.randrange(1, 4)]
        elif what == 2:
            del lines[at]
        else:
            members = (
                pick.choice(self._keys) + b":" + pick.choice(self._values)
                for _ in range(pick.randrange(40))
            )
            lines.insert(at, b"{" + b",".join(members) + b"}" + pick.choice((b"\n", b"\r\n", b"")))
        return b"".join(lines)


def _begins_alike(one: bytes, other: bytes) -> bool:
    return one.startswith(other) or other.startswith(one)


def _inserted(body: bytes, pick: random.Random) -> bytes:
    at = pick.randrange(len(body) + 1)
    return body[:at] + pick.choice(_BYTES) + body[at:]


def _refused(text: str) -> object:
    raise ValueError(f"{text} is not JSON")

"""Outputs of the small rulesets to browse: made by the real batch from drawn cases."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from engine.batch.encoding import Brief, encode
from engine.batch.index import Index, index_of
from engine.batch.indexing import write_index
from engine.batch.run import run
from engine.result import CaseResult
from tests.support.demo import AS_OF
from tests.support.screen import checker
from tui.browse.session import Opened
from tui.browse.store import Store

FULL, BRIEF = "full", "brief"
_DRAWN: dict[str, tuple[object, ...]] = {
    "region": ("440300", "440100", "320500", None),
    "birth_date": ("2012-03-02", "2020-05-01", "2011-01-01", "2008-05"),
    "institution_kind": ("centre", "hospital", "hospital", "hospital", "castle"),
    "institution_level": (1, 2, 3),
    "emergency": (True, False),
    "bill_yuan": (12, 3000, 12, "much"),
}


def cases(count: int, seed: int = 1, ids: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Cases with some facts left out, some wrong."""
    chance = Random(seed)
    out: list[dict[str, Any]] = []
    for number in range(count):
        one: dict[str, Any] = {"id": ids[number] if number < len(ids) else f"HZ-{number:06}"}
        one |= {fact: chance.choice(values) for fact, values in _DRAWN.items()
                if chance.random() < 0.9}  # fmt: skip
        out.append(one)
    return out


def written(path: Path, given: list[dict[str, Any]]) -> Path:
    """A file of cases, one a line."""
    path.write_text("".join(json.dumps(one) + "\n" for one in given), "utf-8")
    return path


@cache
def decided(count: int, seed: int, form: str, ids: tuple[str, ...], folder: Path) -> tuple[
    tuple[str, CaseResult], ...
]:  # fmt: skip
    """The results of drawn cases: each as its line and as an object."""
    found: list[tuple[str, CaseResult]] = []

    def write(text: str, result: CaseResult) -> None:
        found.append((encode(Brief(result)) if form == BRIEF else text, result))

    source = written(folder / "cases.jsonl", cases(count, seed, ids))
    run(checker(), [str(source)], write, AS_OF)
    return tuple(found)


def output(  # noqa: PLR0913 - what an output is made of
    folder: Path, count: int = 60, form: str = FULL, *, seed: int = 1,
    ids: tuple[str, ...] = (), name: str = "out.jsonl",
) -> Path:  # fmt: skip
    """An output of so many results."""
    path = folder / name
    lines = [text + "\n" for text, _ in decided(count, seed, form, ids, folder)]
    path.write_bytes("".join(lines).encode())
    return path


def indexed(path: Path) -> Opened:
    """An output, opened over the small rulesets."""
    library = checker().library
    write_index(path, index_of(path), library.decisions)
    opened = Opened(path)
    opened.store = Store(path, Index(index_of(path), path), library)
    opened.rows = range(len(opened.store))
    return opened

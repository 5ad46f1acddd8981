"""What a report on a change of rules says, in words and numbers, before it takes a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.analysis.direction import Direction


@dataclass(frozen=True)
class Cited:
    """A source in words, with the address people can open, if there is one."""

    text: str
    short: str
    """Its title, clause and grade alone."""
    address: str = ""


@dataclass(frozen=True)
class RuleTold:
    """A rule in words: what it comes to and why, the rest label by label, its sources apart."""

    anchor: str
    number: int
    """Under which it stands among the rules in full."""
    id: str
    conclusion: str
    because: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    sources: tuple[Cited, ...]


@dataclass(frozen=True)
class Answer:
    """What a side answers: its verdict, in words, and the whole of it."""

    verdict: str
    words: str
    text: str
    rules: tuple[RuleTold, ...] = ()


@dataclass(frozen=True)
class Group:
    """One change: for whom, from what to what, and one family as an example."""

    direction: Direction
    share: str
    who: tuple[str, ...]
    before: Answer
    after: Answer
    papers: tuple[tuple[str, str], ...]
    """Papers that come and go, each list below its label."""
    family: tuple[str, ...] = ()
    """One family in words: its facts, and what of them is other on either side."""


@dataclass(frozen=True)
class Grid:
    """A table of numbers: the heads of its columns, and rows that begin with a label."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Question:
    """One decision on both sides, in one place."""

    id: str
    title: str
    sentence: str
    matrix: Grid | None = None
    shared: str = ""
    groups: tuple[Group, ...] = ()
    worst: Direction | None = None


@dataclass(frozen=True)
class Place:
    """The questions of one pair of places whose answers differ."""

    name: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Counted:
    """What becomes of the cases of a file in one decision."""

    title: str
    sentence: str
    changes: Grid
    places: Grid


@dataclass(frozen=True)
class CaseFile:
    """What becomes of the cases of a file."""

    intro: tuple[str, ...]
    errors: Grid | None
    decisions: tuple[Counted, ...]


@dataclass(frozen=True)
class Report:
    """The whole report."""

    title: str
    sides: tuple[tuple[str, str], ...]
    intro: str
    short: tuple[str, ...]
    """What changes, a sentence a question, with the place where there are several."""
    places: Sequence[Place]
    unchanged: str
    cases: CaseFile | None
    coming: tuple[tuple[str, tuple[str, ...]], ...]
    """Rules and sources that are new, gone or other, each list below its label."""
    rules: tuple[RuleTold, ...]
    gaps: tuple[str, ...]
    """What the comparison does not cover."""

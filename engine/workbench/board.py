"""The board: everything that is known of a folder of rulesets after one look, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from engine.analysis.difference import Reply
    from engine.analysis.finding import Finding
    from engine.fault import Fault

Stage = Literal["examples", "classes", "moved", "coverage", "proof", "mutants"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""The stages of the work on a decision, in the order in which they are done.

A look does what it can of the first three; what is left of them and of the others is pending.
"""


@dataclass(frozen=True)
class Row:
    """One decision: how much of it is written, tried, answered and noticed.

    What is None has not been judged yet.
    """

    topic: str
    decision: str
    files: tuple[str, ...]
    """The files that declare it and those with rules or examples of it, by name in the folder."""
    rules: int = 0
    conditions: int = 0
    """The tests in the conditions of its rules."""
    examples_passed: int = 0
    """Those that are known to come out as expected, of all that expect an answer of it."""
    examples: int = 0
    classes_answered: int | None = None
    classes: int | None = None
    """The classes some case can lie in, under each distinct set of rules in force."""
    shown: int | None = None
    showable: int | None = None
    """Of the tests that can decide both ways, those that two examples show to do so."""
    killed: int | None = None
    mutants: int | None = None
    """The mutants that examples notice, of those that are rulesets of another meaning."""
    survivors: tuple[Surviving, ...] = ()
    sources: int = 0
    """The sources its rules cite."""
    stale_sources: int = 0
    """Those of them of grade D: nobody could verify what they say."""
    findings: tuple[Finding, ...] = ()
    """Classes without an answer; once its proof is done, all that `verify` finds."""


@dataclass(frozen=True)
class Surviving:
    """A mutant that no example notices: what was altered, and where it stands."""

    kind: str
    entry: str
    file: str
    line: int
    before: str
    after: str


@dataclass(frozen=True)
class Failing:
    """One thing an example expects that came out differently."""

    topic: str
    decision: str
    example: str
    file: str
    line: int
    key: str
    """What is expected: `verdict`, `outcome`, ...; `error` where the case could not be decided."""
    expected: object
    got: object
    rules: tuple[str, ...] = ()
    """The rules that decided."""
    case: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Moved:
    """The classes of a decision that had one answer and have another, in one place."""

    decision: str
    then: Reply
    now: Reply
    classes: int
    examples: tuple[Mapping[str, object], ...] = ()
    """Cases in some of the classes, as a person would write them."""
    region: str = ""
    """The code of the place whose rules are meant; the nation's where only its own hold."""
    day: date | None = None
    """The first day looked at on which it is so; today's comes first."""
    rules_then: tuple[str, ...] = ()
    rules_now: tuple[str, ...] = ()


@dataclass(frozen=True)
class Board:
    """What is known after one look.

    While the files have faults, everything else is as it was when they last had none.
    """

    number: int
    at: datetime | None = None
    """When the look was taken, by the clock of who took it."""
    changed: tuple[str, ...] = ()
    """The files saved, added or removed since the look before, by name in the folder."""
    faults: tuple[Fault, ...] = ()
    more_faults: int = 0
    """How many faults there are beyond those told."""
    rows: tuple[Row, ...] = ()
    failing: tuple[Failing, ...] = ()
    moved: tuple[Moved, ...] = ()
    since: str = "start"
    """What `moved` compares with: `HEAD` and the commit, else `start`; `before` if it was given."""
    pending: frozenset[Stage] = frozenset()
    """The stages that are not done for every decision."""
    seconds: float = 0.0
    """How long the look took."""

    @property
    def well(self) -> bool:
        """Whether neither a fault, nor a failing example, nor a finding is known."""
        return not (self.faults or self.failing or any(one.findings for one in self.rows))

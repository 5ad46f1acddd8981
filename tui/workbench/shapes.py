"""What the pages of the workbench show: plain, localized, safe strings, and where each leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tui.speaker import Frame
from tui.text.safe import safe

if TYPE_CHECKING:
    from pathlib import Path

    from tui.rules_pages.reading import RuleView
    from tui.views.why import WhyView

NOWHERE = ("", "")
BETWEEN = "\t"
"""What stands between the parts of what a page is about."""
ENDED = "ended"
"""Of a process beside that is there no more, and has not said why."""
_LONGEST_NAME = 24


def named(folder: Path) -> str:
    """A folder as it stands on the pages about it."""
    return safe(folder.absolute().name or folder, _LONGEST_NAME)


@dataclass(frozen=True)
class Figure:
    """A figure in its column: as short as it is of use, and whole where there is room."""

    short: str
    full: str = ""
    said: str = ""
    """In words, where the sign alone would not do."""


@dataclass(frozen=True)
class Spot:
    """A line of a file, by its name in the folder, and the column where it is known."""

    file: str
    line: int
    column: int = 0


@dataclass(frozen=True)
class Quoted:
    """A line as it stands in a file, parted where it is meant."""

    number: int
    before: str
    after: str = ""
    meant: bool = False
    """Whether a caret stands below the first character of `after`."""


@dataclass(frozen=True)
class Line:
    """One row: what it says, the figures beside it, what stands below it, where it leads."""

    key: str
    """What it stays itself by, from look to look."""
    text: str
    mark: str = ""
    """The sign before it: `holds`, `fails`, `notice`, or a verdict."""
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()
    quoted: Quoted | None = None
    opens: tuple[str, str] = NOWHERE
    """The page it opens, and what that is about."""
    spot: Spot | None = None
    """Where to edit."""
    decision: str = ""
    """The decision whose sources are shown."""


@dataclass(frozen=True)
class Part:
    """Rows below a heading."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Matrix:
    """Counts of what one thing became: a row for each `then`, a column for each `now`."""

    corner: str
    then: tuple[str, ...]
    now: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class ListView:
    """A page of rows to choose from."""

    frame: Frame
    heading: str
    mark: str = ""
    """The sign before the heading."""
    told: tuple[str, ...] = ()
    """What stands between the heading and the rows."""
    columns: tuple[str, ...] = ()
    """The titles of the figures, the most important first."""
    parts: tuple[Part, ...] = ()
    matrix: Matrix | None = None
    number: int = 0
    """Of which look it is."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every row."""
        return tuple(line for part in self.parts for line in part.lines)


@dataclass(frozen=True)
class ExcerptView:
    """A piece of a file round one line, and what is wrong there."""

    frame: Frame
    heading: str
    message: str
    help: str
    spot: Spot
    lines: tuple[Quoted, ...]
    gone: str = ""
    """Why nothing of the file is shown."""
    mended: bool = False
    """Whether what was wrong there is no more."""


@dataclass(frozen=True)
class ReasonsView:
    """Why an answer came out, beside what was expected or came out before."""

    heading: str
    told: tuple[str, ...]
    why: WhyView | None
    """None where it cannot be said; then `told` says why."""


@dataclass(frozen=True)
class WhyPageView:
    """The page of one outline, or of two side by side."""

    frame: Frame
    heading: str
    told: tuple[str, ...]
    reasons: tuple[ReasonsView, ...]


@dataclass(frozen=True)
class RulePageView:
    """One rule, whole, with the examples that rest on it."""

    frame: Frame
    rule: RuleView
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Trouble:
    """A page that could not be made, and why."""

    why: str


View: TypeAlias = Trouble | ListView | ExcerptView | WhyPageView | RulePageView

"""What is done around each case of a run: the map before it, ids and counts after it.

A run asks `passed` and calls `begin` for each input, `before` and `after` for each case, and
`close` at the end. One that takes many cases at once calls `mapped` and `mended` for each, and
`take` for their ids.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, Any

from engine.batch.identities import duplicate_id
from engine.batch.inputs import START, Place
from engine.batch.reader import Item
from engine.batch.resume import Progress
from engine.batch.summary import Summary
from engine.batch.tally import Tally, record
from engine.case import carried
from engine.errors import CaseError
from engine.result import CaseResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.batch.identities import Duplicate, Identities, Words
    from engine.batch.mapping import CaseMap
    from engine.batch.privacy import Privacy
    from engine.library import Library

_AT_ONCE = 1000


@dataclass(frozen=True)
class Spot:
    """A line of an input, which is named where there are several."""

    line: int
    file: str | None = None

    def __str__(self) -> str:
        return f"line {self.line}" + (f" of {self.file}" if self.file else "")


@dataclass
class Attended:
    """The map, the index of ids and the counts of one run; what is None is not done.

    With `unique_ids` a case with an id that came before is an error.
    """

    library: Library
    mapping: CaseMap | None = None
    identities: Identities | None = None
    unique_ids: bool = False
    privacy: Privacy | None = None
    tally: Tally | None = None
    earlier: Summary = field(default_factory=Summary)
    """What an earlier run that this one goes on with came to."""
    step: Callable[[Summary, IO[bytes], Callable[[], Place]], None] | None = None
    """Called when results were written; tells how much of this input they answer."""
    glance: Privacy | None = None
    """Where nobody asked to look at all cases: looks at the first ones of each input."""
    _gone_on: Place = START
    _passed: int = 0
    _line: int = 0
    _number: int = 0
    _cases: int = 0
    _starts: list[int] = field(default_factory=list)
    _names: list[str] = field(default_factory=list)
    _ids: list[bytes] = field(default_factory=list)
    _lines: list[int] = field(default_factory=list)
    _earlier: int | None = None

    # -- going on with an earlier run ----------------------------------------------------------

    def progress(self, summary: Summary, place: Place) -> Progress:
        """What is to be kept, so that a later run can go on behind a place in this input."""
        self.close()
        counts = {
            "summary": summary.dump(),
            "tally": self.tally.dump() if self.tally is not None else None,
            "starts": self._starts,
            "names": self._names,
            "last": self._line,
            "here": place.cases,
            "private": self.privacy.counts if self.privacy is not None else None,
        }
        return Progress(self._number, place.offset, place.line, summary.cases, counts)

    def go_on(self, progress: Progress) -> None:
        """Go on behind what an earlier run has answered."""
        counts: Mapping[str, Any] = progress.counts
        self.earlier = Summary.load(counts["summary"])
        if counts["tally"] is not None:
            self.tally = Tally.load(counts["tally"])
        if self.privacy is not None and counts["private"] is not None:
            self.privacy.merge(counts["private"])
        self._starts, self._line = list(counts["starts"]), counts["last"]
        self._names = list(counts["names"])
        self._passed = progress.file
        self._gone_on = Place(progress.offset, progress.line, counts["here"])

    def passed(self, number: int) -> bool:
        """Whether an earlier run was done with this input."""
        return number < self._passed

    def begin(self, number: int, name: str) -> Place:
        """An input begins; the place in it behind which it is to be read.

        Lines are counted on from those of the inputs before.
        """
        place = self._gone_on if number == self._passed else START
        if place == START:
            self._starts.append(self._line)
            self._names.append(name)
        self._number, self._cases = number, place.cases
        return place

    # -- case by case --------------------------------------------------------------------------

    def before(self, item: Item) -> Item:
        """The case to decide, mapped."""
        self._cases += 1
        self._line = self._starts[-1] + item.line
        if self.privacy is not None:
            self.privacy.look(item.data)
        mapped = self.mapped(item)
        self._earlier = None
        if self.identities is not None:
            identity = carried(mapped.data)[0] if mapped.id is None else mapped.id
            if identity is not None:
                self._take(self.identities, identity)
        return mapped

    def after(self, item: Item, mapped: Item, result: CaseResult) -> CaseResult:
        """The result of the case as it goes out, counted."""
        result = self.mended(item, mapped, result)
        if self._earlier is not None:
            result = self.repeated(item, result, self._earlier)
        if self.tally is not None:
            record(self.tally, self.library, mapped.data, result)
        return result

    def wrote(self, summary: Summary, stream: IO[bytes], line: int) -> None:
        """The result of the case on a line was written."""

        def place() -> Place:
            # To tell the form of an input, its reader may have gone past the first case.
            return Place(stream.tell() if self._cases > 1 else 0, line, self._cases)

        self.reached(summary, stream, place)

    def reached(self, summary: Summary, stream: IO[bytes], place: Callable[[], Place]) -> None:
        """Results were written; `place` tells how much of this input they answer."""
        if self.step is not None:
            self.step(summary, stream, place)

    def close(self) -> None:
        """Count the ids that have not been counted yet."""
        if self.identities is not None and self._ids:
            self.identities.add(self._ids, self._lines)
            self._ids, self._lines = [], []

    # -- many at once --------------------------------------------------------------------------

    def mapped(self, item: Item) -> Item:
        """The case as it is to be decided."""
        if self.mapping is None or item.faults:
            return item
        try:
            return replace(item, data=self.mapping.apply(item.data))
        except CaseError as error:
            return Item(item.line, faults=error.faults, id=self.mapping.identity(item.data))

    def mended(self, item: Item, mapped: Item, result: CaseResult) -> CaseResult:
        """The result of a case that was mapped; its errors name the columns that came in."""
        if self.mapping is not None and result.faults:
            faults = self.mapping.located(result.faults, item.data) if not mapped.faults else (
                result.faults)  # fmt: skip
            result = replace(result, faults=faults)
            if mapped.faults and not item.faults:
                result = replace(result, extra=carried(item.data)[1])
        return result

    def take(self, hashes: Words, lines: Words, cases: int, last: int) -> list[Duplicate]:
        """Count so many cases, up to a line of this input, and the ids that some of them have."""
        start = self._starts[-1]
        self._line = start + last
        self._cases += cases
        if self.identities is None:
            return []
        return self.identities.add_hashes(hashes, lines + lines.dtype.type(start))

    def repeated(self, item: Item, result: CaseResult, first: int) -> CaseResult:
        """The result of a case whose id came before, on this line of all inputs."""
        spot = self.spot(first)
        here = spot.file == self._names[-1]
        fault = duplicate_id(str(Spot(spot.line) if here else spot))
        if self.mapping is not None:
            (fault,) = self.mapping.located([fault], item.data)
        return CaseResult(result.id, result.as_of, faults=(*result.faults, fault),
                          line=result.line, extra=result.extra)  # fmt: skip

    # -- afterwards ----------------------------------------------------------------------------

    def spot(self, line: int) -> Spot:
        """A line counted over all inputs, as a person finds it."""
        at = bisect_right(self._starts, line - 1) - 1
        name = self._names[at] if len(self._names) > 1 else None
        return Spot(line - self._starts[at], name)

    @property
    def cases(self) -> int:
        """How many cases of this input were taken."""
        return self._cases

    @property
    def number(self) -> int:
        """Which of the inputs is being read."""
        return self._number

    @property
    def listed(self) -> list[tuple[Spot, list[Spot]]]:
        """Where ids come that come again, and where they do; the first ones that were found."""
        found = self.identities.listed if self.identities is not None else {}
        return [(self.spot(first), [*map(self.spot, later)]) for first, later in found.items()]

    def _take(self, identities: Identities, identity: str) -> None:
        self._ids.append(identity.encode("utf-8", "surrogatepass"))
        self._lines.append(self._line)
        if self.unique_ids or len(self._ids) == _AT_ONCE:
            found = identities.add(self._ids, self._lines)
            self._ids, self._lines = [], []
            if self.unique_ids and found:
                self._earlier = found[0].first_line

"""What is done around each case of a run: the map before it, ids and counts after it.

A run calls `begin` for each input, `before` and `after` for each case, and `close` at the end.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING

from engine.batch.identities import duplicate_id
from engine.batch.reader import Item
from engine.batch.summary import Summary
from engine.batch.tally import Tally, record
from engine.case import carried
from engine.errors import CaseError
from engine.result import CaseResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.batch.identities import Identities
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

    With `unique_ids` a case with an id that came before is an error. The first `answered` cases
    were answered by an earlier run: they pass `before` for their ids, and `after` must not see
    them.
    """

    library: Library
    mapping: CaseMap | None = None
    identities: Identities | None = None
    unique_ids: bool = False
    privacy: Privacy | None = None
    tally: Tally | None = None
    answered: int = 0
    earlier: Summary = field(default_factory=Summary)
    """What the earlier run came to as far as it got."""
    step: Callable[[Summary, IO[bytes]], None] | None = None
    """Called after each case whose result was written."""
    _cases: int = 0
    _line: int = 0
    _starts: list[int] = field(default_factory=list)
    _names: list[str] = field(default_factory=list)
    _ids: list[bytes] = field(default_factory=list)
    _lines: list[int] = field(default_factory=list)
    _earlier: int | None = None

    def begin(self, name: str) -> None:
        """An input begins; lines are counted on from those before."""
        self._starts.append(self._line)
        self._names.append(name)

    def before(self, item: Item) -> tuple[Item, bool]:
        """The case to decide, mapped; and whether an earlier run has answered it."""
        self._cases += 1
        self._line = self._starts[-1] + item.line
        if self.privacy is not None:
            self.privacy.look(item.data)
        mapped = self._mapped(item)
        self._earlier = None
        if self.identities is not None:
            identity = mapped.id or carried(mapped.data)[0]
            if identity is not None:
                self._take(self.identities, identity)
        return mapped, self._cases <= self.answered

    def after(self, item: Item, mapped: Item, result: CaseResult) -> CaseResult:
        """The result of the case as it goes out, counted."""
        if self.mapping is not None and result.faults:
            faults = self.mapping.located(result.faults, item.data) if not mapped.faults else (
                result.faults)  # fmt: skip
            result = replace(result, faults=faults)
            if mapped.faults and not item.faults:
                result = replace(result, extra=carried(item.data)[1])
        if self._earlier is not None:
            spot = self.spot(self._earlier)
            here = spot.file == self._names[-1]
            fault = duplicate_id(str(Spot(spot.line) if here else spot))
            if self.mapping is not None:
                (fault,) = self.mapping.located([fault], item.data)
            result = CaseResult(result.id, result.as_of, faults=(*result.faults, fault),
                                line=result.line, extra=result.extra)  # fmt: skip
        if self.tally is not None:
            record(self.tally, self.library, mapped.data, result)
        return result

    def wrote(self, summary: Summary, stream: IO[bytes]) -> None:
        """The result of the case was written."""
        if self.step is not None:
            self.step(summary, stream)

    def close(self) -> None:
        """Count the ids that have not been counted yet."""
        if self.identities is not None and self._ids:
            self.identities.add(self._ids, self._lines)
            self._ids, self._lines = [], []

    def spot(self, line: int) -> Spot:
        """A line counted over all inputs, as a person finds it."""
        at = bisect_right(self._starts, line - 1) - 1
        name = self._names[at] if len(self._names) > 1 else None
        return Spot(line - self._starts[at], name)

    @property
    def inputs(self) -> int:
        """How many inputs have begun."""
        return len(self._starts)

    @property
    def listed(self) -> list[tuple[Spot, list[Spot]]]:
        """Where ids come that come again, and where they do; the first ones that were found."""
        found = self.identities.listed if self.identities is not None else {}
        return [(self.spot(first), [*map(self.spot, later)]) for first, later in found.items()]

    def _mapped(self, item: Item) -> Item:
        if self.mapping is None or item.faults:
            return item
        try:
            return replace(item, data=self.mapping.apply(item.data))
        except CaseError as error:
            return Item(item.line, faults=error.faults, id=self.mapping.identity(item.data))

    def _take(self, identities: Identities, identity: str) -> None:
        self._ids.append(identity.encode("utf-8", "surrogatepass"))
        self._lines.append(self._line)
        if self.unique_ids or len(self._ids) == _AT_ONCE:
            found = identities.add(self._ids, self._lines)
            self._ids, self._lines = [], []
            if self.unique_ids and found:
                self._earlier = found[0].first_line

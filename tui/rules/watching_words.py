"""A board in lines: what is wrong, what has changed, then how far each decision is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.workbench.board import STAGES
from engine.workbench.rows import UNVERIFIED
from tui.rules.differing import said
from tui.rules.document import Column, Table, as_text
from tui.rules.trying import differs
from tui.rules.verifying import FindingWords
from tui.rules.words import RuleWords
from tui.text.safe import inert, safe
from tui.text.width import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.analysis.finding import Finding
    from engine.workbench.board import Board, Failing, Moved, Row, Surviving
    from engine.workbench.workbench import Workbench
    from tui.locale import Locale

WAYS = ((20, False), (10, False), (6, False), (4, False), (3, False), (3, True), (1, True))
"""So many things of a kind are listed, and whether in a line each: less where it would not fit."""
_CHANGED = 3
_PENDING = "..."
_INSET = "    "


def fitting(
    board: Board, bench: Workbench, locale: Locale, width: int, height: int
) -> list[str]:  # fmt: skip
    """The lines of a board, as many of each list as fit; the last ones stay in sight."""
    found: list[str] = []
    for most, brief in WAYS:
        found = [*_Telling(board, bench, locale, width, most, brief=brief).lines()]
        if sum(max(1, -(-cell_len(one) // width)) for one in found) <= height:
            break
    return found


@dataclass(frozen=True)
class _Sum:
    """Some of all, added up over decisions; None where some of them are not judged yet."""

    some: int | None
    every: int | None

    @classmethod
    def of(cls, pairs: Iterable[tuple[int | None, int | None]]) -> _Sum:
        known = [(one, other) for one, other in pairs if one is not None and other is not None]
        if len(known) < len([*pairs]):
            return cls(None, None)
        return cls(sum(one for one, _ in known), sum(other for _, other in known))

    def __str__(self) -> str:
        return _PENDING if self.every is None else f"{self.some:,}/{self.every:,}"


class _Telling:
    """One board in words, with at most so many things of each list."""

    def __init__(  # noqa: PLR0913 - a board, and how it is told
        self, board: Board, bench: Workbench, locale: Locale, width: int, most: int, *, brief: bool
    ) -> None:  # fmt: skip
        self.board, self.t, self.width, self.most = board, locale, width, most
        self.lines_each = 1 if brief else None
        self.library, self.topic = bench.library, bench.topic
        self.words = RuleWords(bench.library, locale) if bench.library else None
        self.then = RuleWords(bench.before, locale) if bench.before else None
        self.near = [one for one in board.rows if self.topic or {*one.files} & {*board.changed}]

    def lines(self) -> Iterator[str]:
        """All of it; while files are at fault nothing else, for it is of the rules before."""
        yield self._heading()
        if self.board.faults:
            yield from self._faults()
            yield from self._apart()
            yield self.t("watch.while_faults")
            return
        yield from self._list("failing", map(self._failing, self.board.failing))
        found = [one for row in self.board.rows for one in row.findings]
        yield from self._list("findings", map(self._finding, found))
        yield from self._moved()
        survivors = [one for row in self.near for one in row.survivors]
        yield from self._list("survivors", ([self._survivor(one)] for one in survivors))
        if self.board.rows:
            yield from self._apart()
            yield from as_text([self._table()], self.width).splitlines()
        yield from self._apart()
        yield self._summary()

    def _apart(self) -> Sequence[str]:
        """An empty line, where there is room for one."""
        return () if self.lines_each else ("",)

    def _heading(self) -> str:
        """When, which look, and the files saved before it."""
        board, t = self.board, self.t
        time = board.at.strftime("%H:%M:%S") if board.at else ""
        names = t("result.listed").join(map(safe, board.changed[:_CHANGED]))
        rest = len(board.changed) - _CHANGED
        if rest > 0:
            names = t("watch.and_more", names=names, n=rest)
        return t("watch.looked", time=time, n=board.number, files=names).rstrip()

    def _faults(self) -> Iterator[str]:
        """Those in the files saved last first: many others may follow from them."""
        order = sorted(self.board.faults, key=lambda one: one.place.file not in self.board.changed)
        faults = [inert(one.render()).splitlines() for one in order]
        yield from self._list("faults", faults, self.board.more_faults)

    def _list(self, kind: str, found: Iterable[Sequence[str]], more: int = 0) -> Iterator[str]:
        """How many there are, the first of them, and how many are left out."""
        every = [*found]
        if not every:
            return
        yield from self._apart()
        yield self.t.count(f"watch.{kind}", len(every) + more)
        for one in every[: self.most]:
            yield from one[: self.lines_each]
        left = len(every) + more - self.most
        if left > 0:
            yield _INSET + self.t("watch.left_out", n=left)

    def _failing(self, one: Failing) -> list[str]:
        key = "" if one.key == "error" else f"{one.decision}.{one.key}"
        place = f"{safe(one.file)}:{one.line}"
        lines = [differs(self.t, place, one.example, key, one.expected, one.got)]
        if one.rules:
            rules = self.t("result.listed").join(one.rules)
            lines.append(_INSET + self.t("watch.decided_by", rules=rules))
        return lines

    def _finding(self, one: Finding) -> list[str]:
        assert self.library is not None  # noqa: S101 - there are rows only where there are rules
        return [*FindingWords(self.library, self.t).lines(one)]

    def _survivor(self, one: Surviving) -> str:
        key = "rules.mutants.changed" if one.after else "rules.mutants.left_out"
        return self.t(
            key, place=f"{safe(one.file)}:{one.line}", entry=one.entry,
            kind=self.t(f"rules.mutants.kind.{one.kind}"),
            before=safe(one.before), after=safe(one.after),
        )  # fmt: skip

    # -- what has another answer -----------------------------------------------------------------

    def _moved(self) -> Iterator[str]:
        """The changes of each decision, those of all places together."""
        groups: dict[tuple[str, str, str], list[Moved]] = {}
        for one in self.board.moved:
            groups.setdefault((one.decision, *self._answers(one)), []).append(one)
        counted = {key: sum(one.classes for one in mine) for key, mine in groups.items()}
        if counted:
            yield from self._apart()
            yield self.t.count("watch.moved", sum(counted.values()), since=self._since())
        order = sorted(groups, key=lambda key: -counted[key])
        for key in order[: self.most]:
            yield from [*self._change(key, counted[key], groups[key])][: self.lines_each]
        if len(order) > self.most:
            yield _INSET + self.t("watch.left_out", n=len(order) - self.most)

    def _answers(self, one: Moved) -> tuple[str, str]:
        if self.then is None or self.words is None:
            return one.then.verdict, one.now.verdict
        then = said(self.then, one.decision, one.then)
        now = said(self.words, one.decision, one.now)
        if then != now:
            return then, now
        values = [{each.name: each.written for each in reply.figures}
                  for reply in (one.then, one.now)]  # fmt: skip
        names = [self.t(f"rules.row.{name}") for name in (values[0] | values[1])
                 if values[0].get(name) != values[1].get(name)]  # fmt: skip
        return then, self.t("watch.same_but", names=self.t("result.listed").join(names))

    def _change(
        self, key: tuple[str, str, str], classes: int, mine: Sequence[Moved]
    ) -> Iterator[str]:
        """For how many and where, then both answers and the rules they are by."""
        t, (decision, then, now) = self.t, key
        names = dict.fromkeys(
            self.words.place_name(one.region) if self.words else one.region for one in mine
        )
        places = t("result.listed").join([*names][:_CHANGED])
        if len(names) > _CHANGED:
            places = t("watch.and_more", names=places, n=len(names) - _CHANGED)
        days = [one.day for one in mine if one.day is not None]
        rules = dict.fromkeys(rule for one in mine for rule in (*one.rules_then, *one.rules_now))
        yield t(
            "watch.change", decision=decision, classes=t.count("diff.classes", classes),
            places=places, day=min(days) if days else "",
        )  # fmt: skip
        yield _INSET + t("watch.row", name=t("diff.row.was"), text=then)
        yield _INSET + t("watch.row", name=t("diff.row.is"), text=now)
        if rules:
            text = t("result.listed").join([*rules][:_CHANGED])
            yield _INSET + t("watch.row", name=t("diff.row.rules"), text=text)

    def _since(self) -> str:
        name, _, commit = self.board.since.partition(" ")
        return self.t(f"watch.since.{name}", commit=safe(commit))

    # -- how far it is written -------------------------------------------------------------------

    def _table(self) -> Table:
        t = self.t
        names = ("decision", "examples", "classes", "shown", "mutants", "findings", "sources")
        columns = [Column(t(f"watch.column.{name}"), right=name != "decision") for name in names]
        columns[0] = Column(t("watch.column.decision"), loose="cut")
        return Table(tuple(columns), tuple(self._rows()))

    def _rows(self) -> Iterator[tuple[str, ...]]:
        """Topics; the decisions of those that were saved, or of the only one."""
        topics: dict[str, list[Row]] = {}
        for one in self.board.rows:
            topics.setdefault(one.topic, []).append(one)
        for topic, rows in topics.items():
            near = any(one in self.near for one in rows)
            if self.near and not near and self.lines_each:
                continue  # there is room for what was saved alone
            yield self._row(topic, rows)
            if near:
                yield from (self._row(f"  {one.decision}", [one]) for one in rows)

    def _row(self, name: str, rows: Sequence[Row]) -> tuple[str, ...]:
        sources, stale = self._sources(rows)
        found = sum(len(one.findings) for one in rows)
        return (
            name,
            str(_Sum.of([self._tried(one) for one in rows])),
            self._answered(_Sum.of([(one.classes_answered, one.classes) for one in rows])),
            str(_Sum.of([(one.shown, one.showable) for one in rows])),
            str(_Sum.of([(one.killed, one.mutants) for one in rows])),
            str(found) if found or "proof" not in self.board.pending else _PENDING,
            self.t("watch.stale", n=sources, stale=stale) if stale else str(sources),
        )

    def _tried(self, one: Row) -> tuple[int | None, int | None]:
        """The examples that come out as expected, of all; None until every one was tried."""
        failed = {each.example for each in self.board.failing if each.decision == one.decision}
        if one.examples_passed + len(failed) < one.examples:
            return None, None
        return one.examples_passed, one.examples

    def _answered(self, found: _Sum) -> str:
        """How many classes there are, or how many of them lack an answer."""
        if found.some is None or found.every is None:
            return _PENDING
        lacking = found.every - found.some
        return self.t("watch.lacking", n=f"{lacking:,}") if lacking else f"{found.every:,}"

    def _sources(self, rows: Sequence[Row]) -> tuple[int, int]:
        """How many sources the rules of some decisions cite together, and how many unverified."""
        if len(rows) == 1 or self.library is None:
            return rows[0].sources, rows[0].stale_sources
        known = self.library
        cited = {one.source for row in rows if row.decision in known.decisions
                 for rule in known.rules_of(row.decision) for one in rule.sources}  # fmt: skip
        return len(cited), sum(known.sources[one].authority == UNVERIFIED for one in cited)

    def _summary(self) -> str:
        """How it stands, and what is still at work."""
        t, board = self.t, self.board
        counts = {
            "failing": len(board.failing),
            "findings": sum(len(one.findings) for one in board.rows),
        }
        told = [t.count(f"watch.{name}", n) for name, n in counts.items() if n]
        text = t("watch.joined").join(told) or t("watch.well" if not board.pending
                                                 else "watch.well_so_far")  # fmt: skip
        if not board.pending:
            return t("watch.done", text=text)
        stages = [t(f"watch.stage.{one}") for one in STAGES if one in board.pending]
        return t("watch.working", text=text, stages=t("result.listed").join(stages))

"""The board of a folder of rulesets in words: faults, failing examples, then every decision."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tui.rules.words import RuleWords
from tui.speaker import Frame
from tui.text.safe import safe
from tui.workbench.shapes import BETWEEN, Figure, Line, ListView, Part, Quoted, Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from engine.fault import Fault
    from engine.library import Library
    from engine.workbench.board import Board, Failing, Row
    from tui.locale import Locale
    from tui.text.glyphs import Glyphs

T = TypeVar("T")
_LONGEST_LINE = 500
_MOST = 60
_PENDING = "..."
_WHOLE = 100


@dataclass(frozen=True)
class Told:
    """What there is to put into words: the board, the rules now and before, and how to say it."""

    board: Board
    library: Library | None
    before: Library | None
    folder: str
    locale: Locale
    glyphs: Glyphs


class Wording:
    """Puts a board into words."""

    def __init__(self, told: Told) -> None:
        self.told, self.board, self.t = told, told.board, told.locale
        self.library = told.library
        self.words = RuleWords(told.library, told.locale) if told.library is not None else None

    def frame(self, status: str = "") -> Frame:
        """What stands above and below a page of the workbench."""
        t, board = self.t, self.board
        title = t("workbench.title", folder=self.told.folder)
        state = self._short()
        if board.at is None:
            return Frame(title, state, status)
        time = board.at.strftime("%H:%M:%S")
        key = "saved" if board.changed else "looked"
        return Frame(title, t(f"workbench.{key}", time=time, state=state), status)

    def view(self) -> ListView:
        """The page of the whole board."""
        t, board = self.t, self.board
        parts = [self._faults(), self._failing(), *self._topics()]
        told = []
        if board.faults and board.rows:
            told.append(t("workbench.before_faults"))
        if not board.faults and not board.rows:
            told.append(t("workbench.nothing"))
        return ListView(
            self.frame(self._status()), self._summary(), "holds" if board.well else "fails",
            tuple(told), self.columns(), tuple(part for part in parts if part.lines),
            number=board.number,
        )  # fmt: skip

    def columns(self) -> tuple[str, ...]:
        """The titles of the figures of a decision, the most important first."""
        names = ("examples", "mutants", "answered", "shown", "sources", "conditions")
        return tuple(self.t(f"workbench.column.{name}") for name in names)

    # -- how it stands ---------------------------------------------------------------------------

    def _counts(self) -> list[str]:
        board, t = self.board, self.t
        found = sum(len(one.findings) for one in board.rows)
        counts = {
            "faults": len(board.faults) + board.more_faults,
            "failing": len({one.example for one in board.failing}), "findings": found,
        }  # fmt: skip
        return [t.count(f"workbench.{name}", n) for name, n in counts.items() if n]

    def _short(self) -> str:
        """How it stands, in a few words."""
        counts = self._counts()
        if counts:
            return counts[0]
        return self.t("workbench.so_far" if self.board.pending else "workbench.well")

    def _summary(self) -> str:
        t, board = self.t, self.board
        counts = self._counts()
        if counts:
            return t("workbench.joined").join(counts)
        examples = sum(one.examples for one in board.rows)
        key = "workbench.all_so_far" if board.pending else "workbench.all_well"
        return t(key, decisions=len(board.rows), examples=f"{examples:,}")

    def _status(self) -> str:
        t, board = self.t, self.board
        if board.faults:
            return t("workbench.mend")
        if board.pending:
            listed = [t(f"workbench.stage.{one}") for one in sorted(board.pending)]
            return t("workbench.working", stages=t("result.listed").join(listed))
        classes = sum(one.classes for one in board.moved)
        if classes:
            return t.count("workbench.changed_since", classes, since=self.since())
        return t("workbench.unmoved", since=self.since())

    def since(self) -> str:
        """What the answers are compared with."""
        name, _, commit = self.board.since.partition(" ")
        key = f"workbench.since.{name}"
        return self.t(key, commit=safe(commit)) if key in self.t else safe(self.board.since)

    # -- faults ----------------------------------------------------------------------------------

    def _faults(self) -> Part:
        board = self.board
        return self.part("faults", board.faults, fault_line, board.more_faults)

    def part(
        self, name: str, things: Sequence[T], line: Callable[[T], Line], more: int = 0
    ) -> Part:  # fmt: skip
        """The first of some things, and how many more there are: nobody reads a thousand."""
        t = self.t
        heading, more = t(f"workbench.part.{name}"), more + max(0, len(things) - _MOST)
        if more:
            heading = t("workbench.more", text=heading, n=f"{more:,}")
        return Part(heading, tuple(map(line, things[:_MOST])))

    # -- examples --------------------------------------------------------------------------------

    def _failing(self) -> Part:
        return self.failing(self.board.failing)

    def failing(self, failing: Sequence[Failing]) -> Part:
        """The examples that came out differently, each answer once."""
        answers: dict[tuple[str, str], list[Failing]] = {}
        for one in failing:
            answers.setdefault((one.example, one.decision), []).append(one)
        return self.part("failing", tuple(answers.values()), self._differing)

    def _differing(self, several: Sequence[Failing]) -> Line:
        """An example: what was expected, what came, and by which rules."""
        t, one = self.t, several[0]
        notes = [*map(self.came, several), *self._rules(one.rules)]
        about = BETWEEN.join((one.example, one.decision))
        text = self.example(one.example)
        if one.decision:
            question = self.question(one.decision)
            text = t("workbench.example", question=question, title=text)
        return Line(
            f"failing{BETWEEN}{about}", text, "fails", notes=tuple(notes),
            opens=("bench_why", about), spot=Spot(one.file, one.line), decision=one.decision,
        )  # fmt: skip

    def came(self, one: Failing) -> str:
        """What an example expects, and what came."""
        t = self.t
        if one.key == "error":
            return t("workbench.undecidable", why=safe(one.got))
        expected, got = (self._value(one, value) for value in (one.expected, one.got))
        plain = f"workbench.key.{one.key}"
        name = "" if one.key in ("verdict", "outcome") else t(plain) if plain in t else one.key
        if name:
            return t("workbench.came_of", what=name, expected=expected, got=got)
        return t("workbench.came", expected=expected, got=got)

    def _value(self, one: Failing, value: object) -> str:
        """An expected or found value of a key of an example."""
        t, words = self.t, self.words
        if value is None or value == []:
            return t("workbench.none")
        if one.key in ("verdict", "evidence") and f"{one.key}.{value}" in t:
            return t(f"{one.key}.{value}")
        known = self.library.decisions.get(one.decision) if self.library is not None else None
        if one.key == "outcome" and known is not None and words is not None:
            return t("rules.quoted", value=words.title(known.id, str(value)))
        if one.key == "missing" and words is not None and isinstance(value, list):
            return t("result.listed").join(words.label(str(name)) for name in value)
        return safe(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))

    def _rules(self, names: Sequence[str]) -> Iterator[str]:
        """The rules that decided, each with its reason."""
        for name in names:
            rule = self.library.rules.get(name) if self.library is not None else None
            if rule is None or self.words is None:
                yield self.t("workbench.by_rule", rule=safe(name))
            else:
                because = self.words.say(rule.because)
                yield self.t("workbench.by_rule_because", rule=safe(name), because=because)

    def example(self, name: str) -> str:
        """The title of an example."""
        known = self.library.examples.get(name) if self.library is not None else None
        return self.words.say(known.title) if known is not None and self.words else safe(name)

    def question(self, decision: str) -> str:
        """The question a decision answers."""
        known = self.library.decisions.get(decision) if self.library is not None else None
        if known is None or self.words is None:
            return safe(decision)
        return self.words.say(known.question)

    # -- decisions -------------------------------------------------------------------------------

    def _topics(self) -> Iterator[Part]:
        rows: dict[str, list[Row]] = {}
        for one in self.board.rows:
            rows.setdefault(one.topic, []).append(one)
        for topic, mine in rows.items():
            known = self.library.topics.get(topic) if self.library is not None else None
            title = self.words.say(known.title) if known is not None and self.words else safe(topic)
            yield Part(title, tuple(map(self.row, mine)))

    def row(self, one: Row) -> Line:
        """A decision with its figures."""
        t = self.t
        failing = any(each.decision == one.decision for each in self.board.failing)
        wanting = one.stale_sources or one.survivors or _short_of(one.classes_answered, one.classes)
        mark = "fails" if failing or one.findings else "notice" if wanting else "holds"
        notes = [t.count("workbench.findings", len(one.findings))] if one.findings else []
        spot = Spot(one.files[0], 1) if one.files else None
        return Line(
            f"decision{BETWEEN}{one.decision}", self.question(one.decision), mark,
            tuple(self.figures(one)), tuple(notes), opens=("bench_decision", one.decision),
            spot=spot, decision=one.decision,
        )  # fmt: skip

    def figures(self, one: Row) -> Iterator[Figure]:
        """The figures of a decision, in the order of the columns."""
        t = self.t
        yield self._figure(None if self._untried(one) else one.examples_passed, one.examples)
        yield self._figure(one.killed, one.mutants)
        yield self._figure(one.classes_answered, one.classes, share=True)
        yield self._figure(one.shown, one.showable)
        stale = one.stale_sources
        marked = f"{one.sources} {self.told.glyphs.notice}{stale}" if stale else str(one.sources)
        spoken = t("workbench.stale", n=one.sources, stale=stale) if stale else ""
        yield Figure(marked, said=spoken)
        yield Figure(str(one.conditions))

    def _untried(self, one: Row) -> bool:
        """Whether some of the examples have not been tried yet."""
        failing = {each.example for each in self.board.failing if each.decision == one.decision}
        tried = one.examples_passed + len(failing)
        return "examples" in self.board.pending and tried < one.examples

    def _figure(self, some: int | None, every: int | None, *, share: bool = False) -> Figure:
        """Some of all; of many only the share, which is whole only where nothing is left out."""
        if some is None or every is None:
            return Figure(_PENDING, said=self.t("workbench.pending"))
        full = f"{some:,}/{every:,}"
        if not share:
            return Figure(full)
        return Figure(f"{_WHOLE * some // every if every else _WHOLE}%", full)


def fault_line(one: Fault) -> Line:
    """A fault with the line it stands on."""
    at = one.place
    where = f"{safe(at.file)}:{at.line}:{at.column}"
    about = BETWEEN.join((at.file, str(at.line), str(at.column)))
    quoted = None
    if one.source_line.strip():
        quoted = parted(at.line, one.source_line, at.column)
    notes = (safe(one.help),) if one.help else ()
    return Line(
        f"fault{BETWEEN}{about}{BETWEEN}{one.message}", f"{where}  {safe(one.message)}", "fails",
        notes=notes, quoted=quoted, opens=("bench_file", about),
        spot=Spot(at.file, at.line, at.column),
    )  # fmt: skip


def parted(number: int, text: str, column: int = 0) -> Quoted:
    """A line of a file as it may be shown, with the caret where `column` is given."""
    at = max(0, column - 1)
    before, after = text[:at][-_LONGEST_LINE:], text[at:][:_LONGEST_LINE]
    first, second = (safe(one).replace("\n", " ") for one in (before, after))
    return Quoted(number, first, second, column > 0)


def _short_of(some: int | None, every: int | None) -> bool:
    return some is not None and every is not None and some < every

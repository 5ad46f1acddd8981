"""Registers in a scanner's context what the lines met need: places, periods, tables, answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.batch import scanner
from engine.batch.axes import Axes, Partial
from engine.batch.encoding import answer_text
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from ctypes import CDLL
    from datetime import date

    from engine.adjudication import Resolution
    from engine.axis import Interval
    from engine.batch.outcomes import Decider
    from engine.batch.tabulated import Tabulated
    from engine.program import Selection
    from engine.vocabulary import Fact

MAX_WORDS = 50_000
MAX_SELECTIONS = 20_000
MAX_TABLES = 4_000
MAX_HELD = 32 << 20
Label = tuple[object, ...]
_UNDECIDED: Label = ("undecided", None, ())


class FullError(Exception):
    """A context holds all it may: it is to be made anew."""


@dataclass(frozen=True)
class Answer:
    """What a number stands for in a decision's answers."""

    verdict: str
    outcome: str | None


class Registry:
    """What one context holds; the decisions and programs behind it are the decider's."""

    def __init__(
        self, found: CDLL, decider: Decider, as_of: date, names: Sequence[str] | None = None
    ) -> None:
        self.decider, self.library = decider, decider.checker.library
        self.names = tuple(decider.names if names is None else names)
        facts = self.library.vocabulary.facts
        self.slots = {name: slot for slot, name in enumerate([*facts, AS_OF, "id"])}
        self.context = scanner.Context(found, len(self.slots), len(self.names))
        self.places: list[str] = []
        self._axes = Axes(self.context, self.library.vocabulary, self.slots, self.places, as_of)
        self.answers: list[dict[Label, int]] = [{} for _ in self.names]
        self.meant: list[list[Answer]] = [[] for _ in self.names]
        self.tables: list[Tabulated] = []
        self._number: dict[tuple[str, Selection], int] = {}
        self._place: dict[str, int] = {}
        self._words = self._held = 0
        self._selections: list[tuple[int, dict[str, str], list[tuple[str, list[Interval]]]]] = []
        self._agreed: list[np.ndarray[tuple[int], np.dtype[np.uint8]]] = []
        for fact in facts.values():
            self._register_fact(fact)
        self._register_key(AS_OF, scanner.DAY, FIRST_DAY, LAST_DAY)
        self._register_key("id", scanner.ID)
        self.context.call("day", as_of.toordinal())
        for number, name in enumerate(self.names):
            self._register_decision(number, name)

    # -- before the first line -----------------------------------------------------------------

    def _register_key(
        self, name: str, kind: int, low: int = 0, high: int = 0, decimals: int = 0
    ) -> None:
        text = name.encode()
        self.context.call("key", self.slots[name], kind, text, len(text), low, high, decimals)

    def _register_fact(self, fact: Fact) -> None:
        kind = {"bool": scanner.BOOL, "enum": scanner.CODED, "date": scanner.DATE,
                "place": scanner.PLACE}.get(fact.type, scanner.NUMBER)  # fmt: skip
        decimals = fact.decimals if fact.type == "decimal" else 0
        self._register_key(fact.id, kind, *fact.bounds(), decimals)
        if fact.type == "enum":
            for code, value in enumerate(fact.codes):
                text = value.encode()
                self.context.call("word", self.slots[fact.id], text, len(text), code)

    def _register_decision(self, number: int, name: str) -> None:
        chain = [self.library.decisions[one] for one in self.library.upstream(name)]
        places = list(dict.fromkeys(one.region for one in chain))
        dates = list(dict.fromkeys(one.date for one in chain))
        slots = [[self.slots[one] for one in facts] for facts in (places, dates)]
        self.context.call(
            "decision", number, len(places), scanner.ints(slots[0]), len(dates),
            scanner.ints(slots[1]), int(self._collected(name)),
        )  # fmt: skip
        self._answer(number, _UNDECIDED)

    def _collected(self, name: str) -> bool:
        """Whether an answer may hang on more than the classes that are open."""
        return self.library.decisions[name].hit_policy == "collect"

    def _answer(self, number: int, label: Label) -> int:
        """The number of an answer, and before it that of its verdict alone."""
        known = self.answers[number]
        if label in known:
            return known[label]
        verdict, outcome = str(label[0]), label[1]
        assert outcome is None or isinstance(outcome, str)  # noqa: S101 - so are labels made
        alone: Label = (verdict,)
        if label != _UNDECIDED and alone not in known:
            known[alone] = self._registered(number, alone, Answer(verdict, None), 0)
            self.context.call("widen", number, known[alone], known[alone])
        wide = known.get(alone, 0)
        known[label] = self._registered(number, label, Answer(verdict, outcome), wide)
        return known[label]

    def column(self, decision: str, answer: Answer, label: Label) -> str:  # noqa: ARG002 - others tell more
        """How an answer stands in a line, after another one."""
        return answer_text(decision, answer.verdict, answer.outcome)

    def _registered(self, number: int, label: Label, answer: Answer, wide: int) -> int:
        text = self.column(self.names[number], answer, label).encode()
        self.meant[number].append(answer)
        return self.context.call("answer", number, text, len(text), wide)

    # -- as lines need it ----------------------------------------------------------------------

    def learn_places(self, values: Mapping[str, object]) -> bool:
        """Register the names of places that stand in a line; whether there was a new one."""
        known = self._words
        for key, value in values.items():
            fact = self.library.vocabulary.facts.get(key)
            if fact is None or fact.type != "place" or not isinstance(value, str):
                continue
            code = self.library.places.resolve(value)
            if value in self._place or code in (None, self.library.places.nation):
                continue
            if self._words >= MAX_WORDS:
                raise FullError
            if not value.isprintable() or {*value} & {*'"\\'}:
                continue
            text = value.encode()
            number = self.places.index(code) if code in self.places else len(self.places)
            if number == len(self.places):
                self.places.append(str(code))
            self.context.call("word", -1, text, len(text), number)
            self._place[value] = number
            self._words += 1
        return self._words > known

    def provide(self, status: int, line: bytes) -> bool:
        """Register what the scan lacks; False where the line is to be decided another way."""
        need = self.context.need
        if status == scanner.SELECTION:
            self._select(need)
        elif status == scanner.READINGS:
            self._read(*need)
        elif status == scanner.CELLS:
            at, position, known, *values = need
            cells = self._axes.open(self.tables[at], position, known, values)
            self.context.call("keep", status, _signed(cells))
        else:
            number = -1 - need[0]
            answer = self._decide(number, line)
            if answer is None:
                return False
            self.context.call("keep", status, answer)
        return True

    def _decide(self, number: int, line: bytes) -> int | None:
        """The number of the answer to a decision for a line; None where it has an error."""
        answer = self.decider.decide_line(line, self.names[number])
        return None if answer is None else self._answer(number, (*answer, ()))

    def _select(self, need: list[int]) -> None:
        if len(self._selections) >= MAX_SELECTIONS:
            raise FullError
        number, *values = need
        name = self.names[number]
        chain = [self.library.decisions[one] for one in self.library.upstream(name)]
        facts = list(dict.fromkeys(one.region for one in chain))
        places = {fact: self.places[value] for fact, value in zip(facts, values, strict=True)
                  if value >= 0}  # fmt: skip
        case = Partial(None, self.decider.as_of, places=places)
        lacking = self.decider.checker.lacking_places(name, case)
        periods: dict[str, set[Interval]] = {}
        if not lacking:
            for one in self.decider.checker.selections(name, case):
                for fact, period in one.periods:
                    periods.setdefault(fact, set()).add(period)
        options = [(fact, sorted(spans)) for fact, spans in periods.items()]
        cuts = [[first for first, _ in spans[1:]] for _, spans in options]
        self.context.call(
            "selection", number, scanner.longs(values), 0 if lacking else -1, len(options),
            scanner.ints([len(one) for one in cuts]),
            scanner.longs([cut for one in cuts for cut in one]),
        )  # fmt: skip
        self._selections.append((number, places, options))

    def _read(self, number: int, selection: int, which: int) -> None:
        _, places, options = self._selections[selection]
        name, rest, intervals = self.names[number], which, {}
        for fact, spans in reversed(options):
            rest, picked = divmod(rest, len(spans) + 1)
            if picked < len(spans):
                intervals[fact] = spans[picked]
        case = Partial(None, self.decider.as_of, places=places, intervals=intervals)
        tables = self._readings(name, self.decider.checker.selections(name, case))
        self.context.call("readings", selection, which, len(tables), scanner.ints(tables))

    def _readings(self, name: str, selections: Sequence[Selection]) -> list[int]:
        """The tables of the choices of rules in force that a case may fall in."""
        tables = [self._table(name, one) for one in selections]
        # With one that is too large the scanner has no use for the others.
        return tables if min(tables, default=0) >= 0 else [-1]

    def _table(self, name: str, selection: Selection) -> int:
        """The number of a table, registered now or before; below 0 where it is too large."""
        key = name, selection
        if key not in self._number:
            if len(self.tables) >= MAX_TABLES or self._held > MAX_HELD:
                self.decider.forget()
                raise FullError
            table = self.decider.tabulated(name, selection)
            self._number[key] = -1 if table is None else self._register_table(table)
        return self._number[key]

    def _register_table(self, table: Tabulated) -> int:
        number = self.names.index(table.decision)
        collect = self._collected(table.decision)
        answers = [scanner.FAULT if one is None else self._answer(number, _label(one, collect))
                   for one in table.found]  # fmt: skip
        at = self.context.call(
            "table", len(table.axes), self.context.lend(table.class_of), len(answers),
            scanner.ints(answers),
        )  # fmt: skip
        self.tables.append(table)
        self._held += table.class_of.nbytes
        self._agreed.append(np.zeros(len(answers), dtype=np.uint8))
        self._axes.register(at, table)
        return at

    # -- afterwards ----------------------------------------------------------------------------

    def compare(self) -> None:
        """Let the inference engine decide each class met and not yet compared."""
        if not self.context.fresh():
            return
        for number, table in enumerate(self.tables):
            done = self._agreed[number]
            met = self.context.met(number, len(done))
            new = np.flatnonzero(met > done)
            done[new] = 1
            if len(new):
                self.decider.compare(table, (table.cells(int(one)) for one in new))

    def close(self) -> None:
        """Free the context."""
        self.context.close()

    def given(self) -> Iterator[tuple[str, Answer, int]]:
        """The answers the scanner itself has given since this was last asked, and how often."""
        for number, answer, count in self.context.given():
            yield self.names[number], self.meant[number][answer], count


def _label(found: Resolution, collect: bool) -> Label:  # noqa: FBT001 - of one decision
    if collect:
        items = tuple((name, what.outcome) for name, what in found.items)
        return found.verdict, found.outcome, found.sides, items
    return found.verdict, found.outcome, found.sides


def _signed(mask: int) -> int:
    return mask - (1 << 64) if mask >> 63 else mask

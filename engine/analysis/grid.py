"""How the answer to a decision goes with two or three facts, the others being the usual ones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations, product
from typing import TYPE_CHECKING

from engine.analysis.bands import bands
from engine.case import read_case
from engine.errors import InputError
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from engine.analysis.bands import Band
    from engine.checker import Checker
    from engine.program import Program
    from engine.result import DecisionResult
    from engine.vocabulary import Vocabulary

MAX_CELLS = 4_000
MAX_ASSUMED = 20
MAX_TRIED = 6


@dataclass(frozen=True)
class Cell:
    """What a case comes to: a verdict and, where there is one, the outcome."""

    verdict: str
    outcome: str | None
    sides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """The bands its facts lie in, one a fact, and a cell a column; None where none can be."""

    bands: tuple[Band, ...]
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Grid:
    """The answers to a decision by the facts of its rows and that of its columns."""

    decision: str
    region: str
    day: date
    columns: tuple[Band, ...]
    rows: tuple[Row, ...]
    given: Mapping[str, object]
    """The other facts, as they were taken to be."""


def grid(  # noqa: PLR0913 - what is drawn, and what of the case is fixed
    checker: Checker, decision: str, *, region: str, day: date, rows: Sequence[str], column: str,
    given: Mapping[str, object],
) -> Grid:  # fmt: skip
    """The answers to a decision by some facts, in a place on a day.

    A further fact that an answer needs is taken to be what is most likely, and told in `given`.
    Raises InputError where the rules do not look at a fact, or where there are too many answers.
    """
    return _Drawing(checker, decision, region, day, tuple(rows), column, dict(given)).drawn()


class _Drawing:
    def __init__(  # noqa: PLR0913, PLR0917 - as `grid`
        self, checker: Checker, decision: str, region: str, day: date, rows: tuple[str, ...],
        column: str, given: dict[str, object],
    ) -> None:  # fmt: skip
        self.checker, self.decision, self.region, self.day = checker, decision, region, day
        self.facts, self.column, self.given = rows, column, given
        library = checker.library
        fact = library.decisions[decision].region
        self.fixed: dict[str, object] = {"as_of": day.isoformat(), fact: region}
        self.dates = {library.decisions[one].date for one in library.upstream(decision)} - {AS_OF}

    def drawn(self) -> Grid:
        program = self.program()
        self.columns = bands(program, self.column, self.day, self.fixed)
        self.bands = [bands(program, name, self.day, self.fixed) for name in self.facts]
        self.varied = {fact for some in (*self.bands, self.columns) for band in some
                       for fact, _ in band.case}  # fmt: skip
        count = len(self.columns)
        for one in self.bands:
            count *= len(one)
        if count > MAX_CELLS:
            raise InputError(f"{count:,} answers are too many for a picture: name fewer facts")
        found = self._decided()
        for _ in range(MAX_ASSUMED):
            fact = self._lacking(found.values())
            if fact is None:
                break
            self.given[fact] = self._usual(fact)
            found = self._decided()
        cells = {key: None if one is None else Cell(one.verdict, one.outcome, one.sides)
                 for key, one in found.items()}  # fmt: skip
        columns, cells = self._merged_columns(cells)
        rows = tuple(self._rows((), cells))
        return Grid(self.decision, self.region, self.day, columns, rows, self.given)

    def program(self) -> Program:
        """The rules in force of the decision and what it builds on, compiled."""
        case = read_case(self.fixed, self.checker.library, self.day)
        selections = self.checker.selections(self.decision, case)
        return self.checker.program(self.decision, selections[-1])

    def _decided(self) -> dict[tuple[Band, ...], DecisionResult | None]:
        """What each combination of bands comes to; None where no case has it."""
        found: dict[tuple[Band, ...], DecisionResult | None] = {}
        for key in product(*self.bands, self.columns):
            own = {fact: value for band in key for fact, value in band.case}
            case = {**self.fixed, **self.given, **own}
            result = self.checker.check(case, self.day, decisions=[self.decision])
            if result.faults and any(one.code != "contradiction" for one in result.faults):
                raise InputError(str(result.faults[0].message))
            found[key] = None if result.faults else result.decisions[self.decision]
        return found

    def _lacking(self, results: Iterable[DecisionResult | None]) -> str | None:
        """A fact that an answer still lacks, and that has a usual value."""
        for one in results:
            if one is None or (one.outcome is not None or one.sides):
                continue
            for fact in one.missing:
                known = fact in self.given or fact in self.varied or fact in self.fixed
                if not known and (fact in self.dates or self._listed(fact)):
                    return fact
        return None

    def _listed(self, fact: str) -> bool:
        return self.checker.library.vocabulary.facts[fact].type not in ("date", "place")

    def _usual(self, name: str) -> object:
        """The most likely value of a fact; of a number the least, of those alike the first.

        A day that tells which rules are in force is the day the picture is drawn for.
        """
        if name in self.dates:
            return self.day.isoformat()
        fact = self.checker.library.vocabulary.facts[name]
        if not fact.codes:
            low, _ = fact.bounds()
            return low // 10**fact.decimals if fact.type == "decimal" else low
        weights = fact.likelihood or {}
        best = max(fact.codes, key=lambda code: weights.get(code, 0 if weights else 1))
        return best == "true" if fact.type == "bool" else best

    def _merged_columns(
        self, cells: dict[tuple[Band, ...], Cell | None]
    ) -> tuple[tuple[Band, ...], dict[tuple[Band, ...], Cell | None]]:
        """Columns beside each other that agree in every row, as one."""
        groups: list[list[Band]] = []
        every = list(product(*self.bands))
        for band in self.columns:
            same = groups and all(cells[*key, groups[-1][0]] == cells[*key, band] for key in every)
            if same:
                groups[-1].append(band)
            else:
                groups.append([band])
        merged = {}
        for group in groups:
            one = group[0]
            for other in group[1:]:
                one = one.with_(other)
            merged[one] = group[0]
        return tuple(merged), {(*key, one): cells[*key, first]
                               for key in every for one, first in merged.items()}  # fmt: skip

    def _rows(
        self, prefix: tuple[Band, ...], cells: Mapping[tuple[Band, ...], Cell | None]
    ) -> Iterator[Row]:
        """Rows over the facts after `prefix`; bands under which everything is alike are one."""
        if len(prefix) == len(self.facts):
            mine = tuple(one for key, one in cells.items() if key[:-1] == prefix)
            if any(mine):
                yield Row((), mine)
            return
        together: list[tuple[Band, tuple[Row, ...]]] = []
        for band in self.bands[len(prefix)]:
            below = tuple(self._rows((*prefix, band), cells))
            if not below:
                continue
            at = self._alike(together, band, below)
            if at is None:
                together.append((band, below))
            else:
                together[at] = together[at][0].with_(band), below
        for band, below in together:
            for row in below:
                yield Row((band, *row.bands), row.cells)

    def _alike(
        self, together: Sequence[tuple[Band, tuple[Row, ...]]], band: Band, below: tuple[Row, ...]
    ) -> int | None:
        """Which of those before a band may be one with it: numbers only their neighbour."""
        for at in range(len(together) - 1, -1, -1):
            if together[at][1] == below:
                return at
            if not band.values:
                return None
        return None


def telling(checker: Checker, decision: str, region: str, day: date) -> tuple[tuple[str, ...], str]:
    """The facts to draw a decision by where nobody names any: those of the rows, and the columns'.

    Those two by which most answers differ; of several a number goes across. Raises InputError
    where the rules tell fewer than two facts apart.
    """
    drawing = _Drawing(checker, decision, region, day, (), AS_OF, {})
    program = drawing.program()
    vocabulary = checker.library.vocabulary
    inputs = [name for one in program.chain(decision)
              for name in checker.library.decisions[one].inputs]  # fmt: skip
    told = [name for name in inputs if _drawn(vocabulary, name)
            and len(bands(program, name, day, drawing.fixed)) > 1]  # fmt: skip
    told = list(dict.fromkeys(told))[:MAX_TRIED]
    numbers = {name for name in told
               if not bands(program, name, day, drawing.fixed)[0].values}  # fmt: skip
    pairs = [(row, column) for row, column in permutations(told, 2)
             if column in numbers or row not in numbers]  # fmt: skip
    if not pairs:
        raise InputError(f"the rules of `{decision}` in force there look at no two facts")

    def squares(pair: tuple[str, str]) -> tuple[int, int, bool]:
        found = grid(checker, decision, region=region, day=day, rows=pair[:1], column=pair[1],
                     given={})  # fmt: skip
        both = min(len(found.rows), len(found.columns))
        return both, len(found.rows) * len(found.columns), pair[1] in numbers

    row, column = max(pairs, key=squares)
    return (row,), column


def _drawn(vocabulary: Vocabulary, name: str) -> bool:
    """Whether the values of a fact stand in an order or a list: not so with days and places."""
    if name in vocabulary.derived:
        return vocabulary.derived[name].compare is None
    return vocabulary.facts[name].type not in ("date", "place")

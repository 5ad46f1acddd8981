"""One case: a flat object of facts, read strictly, with every fault found told at once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from engine.calendar import FIRST_DAY, LAST_DAY
from engine.errors import CaseError, CaseFault, pointer
from engine.fault import did_you_mean
from engine.vocabulary import AS_OF, NumberDomain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.axis import Interval
    from engine.errors import Code
    from engine.library import Library
    from engine.vocabulary import Fact

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)
_DECEMBER = 12
_SHOWN = 60
_EXTRA = "x_"
_HUGE = 10**40
MAX_FAULTS = 100
MAX_KEPT = 1 << 14
"""So many values of a fact are kept as they were read."""
Shape = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Case:
    """What is known of one child: intervals of coded facts, codes of places, and what was given."""

    id: str | None
    as_of: date
    topics: tuple[str, ...] | None = None
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, object] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)

    def interval(self, fact: str) -> Interval | None:
        """First and last integer the fact may have; None when nothing is known of it."""
        if fact == AS_OF:
            return self.as_of.toordinal(), self.as_of.toordinal()
        return self.intervals.get(fact)

    def place(self, fact: str) -> str | None:
        """The code of a place fact, None when it is not known."""
        return self.places.get(fact)

    def pinned(self, fact: str) -> bool:
        """Whether nothing more can be said about a fact."""
        interval = self.interval(fact)
        return fact in self.places or (interval is not None and interval[0] == interval[1])

    def on(self, day: date) -> Case:
        """The same case counted from another day."""
        return replace(self, as_of=day)

    @cached_property
    def shape(self) -> Shape:
        """Which facts are given, known at all, and known to no more than an interval."""
        loose = tuple([fact for fact, (low, high) in self.intervals.items() if low != high])
        return tuple(self.given), tuple(self.intervals), tuple(self.places), loose


def read_case(data: object, library: Library, default_as_of: date) -> Case:
    """Read one decoded JSON object as a case.

    Raises CaseError with every fault: unknown keys, wrong types, values outside their domain.
    """
    return CaseReader(library).read(data, default_as_of)


def carried(data: object) -> tuple[str | None, Mapping[str, object]]:
    """What a result takes over of a case, even of one with faults: its id and its `x_` keys."""
    if not isinstance(data, dict):
        return None, {}
    identity = data.get("id")
    extra = {key: value for key, value in data.items() if str(key).startswith(_EXTRA)}
    return identity if isinstance(identity, str) else None, extra


class _Column(dict[type, dict[Any, Any]]):
    """What the values of a fact were read as, by type: 1 and true are equal, and not the same."""

    def __init__(self, fact: Fact) -> None:
        super().__init__({str: {}, bool: {}, int: {}})
        self.fact = fact


class CaseReader:
    """Reads cases; what a text, number or place was read as is kept for those that follow."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._faults: list[CaseFault] = []
        self._columns = {key: _Column(fact) for key, fact in library.vocabulary.facts.items()}
        self._named_extra = any(fact.startswith(_EXTRA) for fact in self._columns)

    def read(self, data: object, default_as_of: date) -> Case:
        """One decoded JSON object as a case.

        Raises CaseError with every fault, as `read_case` does.
        """
        if not isinstance(data, dict):
            found = _name_of(data)
            message = f"a case is an object (found: {found})"
            raise CaseError([CaseFault("not_an_object", "", message)])
        self._faults = []
        case = self._read(data, default_as_of)
        if len(self._faults) > MAX_FAULTS:
            more = CaseFault("more", "", f"and {len(self._faults) - MAX_FAULTS} faults more")
            raise CaseError([*self._faults[:MAX_FAULTS], more])
        if self._faults:
            raise CaseError(self._faults)
        return case

    def _refuse(
        self, code: Code, key: str | tuple[str | int, ...], message: str, allowed: str | None = None
    ) -> None:
        keys = (key,) if isinstance(key, str) else key
        self._faults.append(CaseFault(code, pointer(*keys), message, allowed))

    def _read(self, data: Mapping[str, Any], default_as_of: date) -> Case:
        intervals: dict[str, Interval] = {}
        places: dict[str, str] = {}
        given: dict[str, object] = {}
        carries, columns = self._named_extra, self._columns
        for key, value in data.items():
            column = columns.get(key)
            if column is not None:
                given[key] = value
                if value is None:
                    continue
                kept = column.get(type(value))
                coded = None if kept is None else kept.get(value)
                if coded is None:
                    coded = self._coded(column.fact, value, kept)
                    if coded is None:
                        continue
                if isinstance(coded, str):
                    places[key] = coded
                else:
                    intervals[key] = coded
            elif str(key).startswith(_EXTRA):
                carries = True
            elif key not in ("id", AS_OF, "topics"):
                self._unknown(str(key))
        return Case(
            self._identity(data.get("id")), self._as_of(data.get(AS_OF), default_as_of),
            self._topics(data.get("topics")), intervals, places, given,
            carried(data)[1] if carries else {},
        )  # fmt: skip

    def _coded(
        self, fact: Fact, value: object, kept: dict[Any, Any] | None
    ) -> Interval | str | None:
        """What a value is read as, which is kept; None where it is refused.

        An interval, or the code of a place.
        """
        coded = self._place(fact, value) if fact.type == "place" else self._interval(fact, value)
        short = not isinstance(value, str) or len(value) <= _SHOWN
        if kept is not None and coded is not None and short:
            if len(kept) >= MAX_KEPT:
                kept.clear()
            kept[value] = coded
        return coded

    def _unknown(self, key: str) -> None:
        help_ = ""
        if key in self.library.vocabulary.derived:
            raw = ", ".join(self.library.vocabulary.raw_facts(key))
            help_ = f"it is worked out from {raw}, not given"
        elif len(key) <= _SHOWN and len(self._faults) < MAX_FAULTS:
            help_ = _meant(key, (*self.library.vocabulary.facts, "id", AS_OF, "topics"))
        self._refuse("unknown_key", key, f"unknown key `{key[:_SHOWN]}`", help_ or None)

    def _identity(self, value: object) -> str | None:
        if value is None or isinstance(value, str):
            return value
        self._refuse("wrong_type", "id", f"`id` is text (found: {_name_of(value)})", "text")
        return None

    def _as_of(self, value: object, default: date) -> date:
        if value is None:
            return default
        interval = self._day(AS_OF, value, (FIRST_DAY, LAST_DAY), whole=True)
        return date.fromordinal(interval[0]) if interval else default

    def _topics(self, value: object) -> tuple[str, ...] | None:
        if value is None:
            return None
        known = ", ".join(self.library.topics)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self._refuse("wrong_type", "topics", "`topics` is a list of topic ids", known)
            return None
        if not value:
            self._refuse("outside_domain", "topics", "`topics` names no topic", known)
        for index, one in enumerate(value):
            if one not in self.library.topics:
                self._refuse(
                    "unknown_value", ("topics", index), f"unknown topic `{one[:_SHOWN]}`", known
                )
        return tuple(value)

    def _place(self, fact: Fact, value: object) -> str | None:
        key = fact.id
        allowed = "a six-digit code (GB/T 2260) or an official name"
        if not isinstance(value, str):
            self._refuse("wrong_type", key, f"a place is text (found: {_name_of(value)})", allowed)
            return None
        code = self.library.places.resolve(value)
        if code is None or code == self.library.places.nation:
            self._refuse("unknown_place", key, f"no place `{value[:_SHOWN]}` is known", allowed)
            return None
        return code

    def _interval(self, fact: Fact, value: object) -> Interval | None:
        if isinstance(fact.domain, NumberDomain):
            return self._number(fact, fact.domain, value)
        if fact.type == "date":
            return self._day(fact.id, value, fact.bounds(), whole=False)
        if fact.type == "bool":
            if isinstance(value, bool):
                return int(value), int(value)
            self._refuse("wrong_type", fact.id, f"found {_name_of(value)}", "true or false")
        else:
            if isinstance(value, str) and value in fact.codes:
                index = fact.codes.index(value)
                return index, index
            code: Code = "unknown_value" if isinstance(value, str) else "wrong_type"
            self._refuse(code, fact.id, f"found {_name_of(value)}", ", ".join(fact.codes))
        return None

    def _number(self, fact: Fact, domain: NumberDomain, value: object) -> Interval | None:
        whole = fact.type == "integer"
        allowed = "a whole number" if whole else f"a number with at most {fact.decimals} decimals"
        allowed += f" from {domain.min} to {domain.max}"
        if isinstance(value, float) and math.isfinite(value):
            value = Decimal(repr(value))
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self._refuse("wrong_type", fact.id, f"found {_name_of(value)}", allowed)
            return None
        low, high = fact.bounds()
        # Compared before scaling, so that a huge exponent costs nothing.
        if domain.min <= value <= domain.max:
            try:
                scaled = fact.scaled(value)
            except ValueError:
                scaled = low - 1
            if low <= scaled <= high:
                return scaled, scaled
        self._refuse("outside_domain", fact.id, f"found {_name_of(value)}", allowed)
        return None

    def _day(self, key: str, value: object, bounds: Interval, *, whole: bool) -> Interval | None:
        first, last = (date.fromordinal(one).isoformat() for one in bounds)
        form = "YYYY-MM-DD" if whole else "YYYY-MM-DD, or YYYY-MM or YYYY when no more is known,"
        allowed = f"{form} from {first} to {last}"
        match = _DATE.match(value) if isinstance(value, str) else None
        if match is None or (whole and not match[3]):
            code: Code = "not_a_date" if isinstance(value, str) else "wrong_type"
            self._refuse(code, key, f"found {_name_of(value)}", allowed)
            return None
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            low = date(year or 0, 1 if month is None else month, 1 if day is None else day)
            high = low if day else _last_day(low, whole_year=month is None)
        except (ValueError, OverflowError):
            self._refuse("not_a_date", key, f"there is no day {value}", allowed)
            return None
        interval = max(low.toordinal(), bounds[0]), min(high.toordinal(), bounds[1])
        if interval[0] > interval[1]:
            self._refuse("outside_domain", key, f"found {value}", allowed)
            return None
        return interval


@lru_cache(1024)
def _meant(key: str, names: tuple[str, ...]) -> str:
    """What a key may stand for: in a batch the same wrong key stands in every case."""
    return did_you_mean(key, names, "key")


def _last_day(first: date, *, whole_year: bool) -> date:
    if whole_year:
        return date(first.year, _DECEMBER, 31)
    if first.month == _DECEMBER:
        return date(first.year, _DECEMBER, 31)
    return date(first.year, first.month + 1, 1) - timedelta(1)


def _name_of(value: object) -> str:
    """A value as an error shows it: its type, and its text when short."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal | float):
        huge = isinstance(value, int) and abs(value) >= _HUGE
        return "a huge number" if huge else str(value)[:_SHOWN]
    if isinstance(value, str):
        return f'"{value[:_SHOWN]}"'
    return "a list" if isinstance(value, list) else "an object"

"""Sets of classes in words: what a box asks of each fact, said the way conditions are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.condition import FactTest, Not
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.analysis.boxes import Box, Part
    from engine.coding import Span
    from engine.vocabulary import Vocabulary
    from tui.rules.words import RuleWords


def in_words(words: RuleWords, box: Box) -> str:
    """A box in one line; the empty one is every case."""
    return joined(words, box) or words.locale("rules.always")


def joined(words: RuleWords, parts: Iterable[Part]) -> str:
    """Some parts of a box, all of which hold, in one line."""
    return words.locale("rules.box_and").join(part_in_words(words, part) for part in parts)


def described(words: RuleWords, boxes: Sequence[Box], shared: Sequence[Part] = ()) -> list[str]:
    """Who lies in any of some boxes, without the parts that were said before of all of them.

    A box alone is a line; of several what they share comes first, then a line for each.
    """
    t, own = words.locale, [without(box, shared) for box in boxes]
    if len(own) == 1:
        return [in_words(words, own[0])]
    alike = common(own)
    key = "diff.and_one_of" if alike else "diff.one_of"
    return [t(key, parts=joined(words, alike)),
            *(in_words(words, without(box, alike)) for box in own)]  # fmt: skip


def common(boxes: Iterable[Box]) -> tuple[Part, ...]:
    """The parts that every box has."""
    first, *others = [*boxes] or [()]
    return tuple(part for part in first if all(part in box for box in others))


def without(box: Box, parts: Sequence[Part]) -> Box:
    """A box without some of its parts."""
    return tuple(part for part in box if part not in parts)


def part_in_words(words: RuleWords, part: Part) -> str:
    """What a box asks of one fact."""
    if part.values:
        return words.phrase(_choice(words.library.vocabulary, part))
    tests = [_test(part.fact, **_ends(words.library.vocabulary, part.fact, span))
             for span in part.spans]  # fmt: skip
    return words.locale("rules.or").join(words.phrase(test) for test in tests)


def _choice(vocabulary: Vocabulary, part: Part) -> FactTest | Not:
    """The values allowed, or those that are not where these are fewer."""
    fact = vocabulary.facts.get(part.fact)
    if fact is not None and fact.type == "bool":
        return _test(part.fact, **{"in": [one == "true" for one in part.values]})
    known = fact.codes if fact is not None else vocabulary.derived[part.fact].values or ()
    others = [one for one in known if one not in part.values]
    if 0 < len(others) < len(part.values):
        return Not.model_validate({"not": _test(part.fact, **{"in": others})})
    return _test(part.fact, **{"in": list(part.values)})


def _ends(vocabulary: Vocabulary, name: str, span: Span) -> dict[str, Any]:
    """The operator and constants of a test that holds within a span; ends a fact has are ends."""
    fact = vocabulary.facts.get(name)
    low, high = span.low, span.high
    if fact is not None and fact.type != "date":
        first, last = fact.bounds()
        # The last of what can be is said as such: "is 0", not "is less than 1".
        low = first if low is None and high == first + 1 else low
        high = last + 1 if high is None and low == last else high

    def shown(code: int) -> object:
        if name == AS_OF or (fact is not None and fact.type == "date"):
            return date.fromordinal(code).isoformat()
        if fact is not None and fact.type == "decimal":
            return Decimal(code).scaleb(-fact.decimals)
        return code

    if low is None or high is None:
        return {"gte": shown(low)} if low is not None else {"lt": shown(high or 0)}
    if high == low + 1:
        return {"equals": shown(low)}
    return {"between": [shown(low), shown(high - 1)]}


def _test(fact: str, **test: object) -> FactTest:
    return FactTest.model_validate({"fact": fact, **test})

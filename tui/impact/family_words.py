"""One family in words: its facts, and what of them is other on the other side."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from engine.condition import FactTest
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.analysis.family import Family
    from tui.rules.words import RuleWords


def family_words(family: Family, before: RuleWords, after: RuleWords) -> Iterator[str]:
    """The facts alike on both sides in a line; then those that are not, a line a side."""
    t, one, other = before.locale, family.before, family.after
    alike = {key: value for key, value in one.items() if other.get(key) == value}
    if alike:
        yield _listed(before, alike)
    for label, words, facts in (("before", before, one), ("after", after, other)):
        own = {key: value for key, value in facts.items() if key not in alike}
        if own:
            text = t("impact.on_side", side=t(f"diff.row.{label}"), facts=_listed(words, own))
            yield text


def _listed(words: RuleWords, facts: Mapping[str, object]) -> str:
    known = words.library.vocabulary.facts
    # The day counted from goes with other days, the places stand first.
    order = sorted(
        facts, key=lambda key: (key != AS_OF, key in known and known[key].type != "place")
    )
    return words.locale("rules.box_and").join(_fact(words, key, facts[key]) for key in order)


def _fact(words: RuleWords, key: str, value: object) -> str:
    known = words.library.vocabulary.facts.get(key)
    if known is not None and known.type == "place":
        name = words.place_name(str(value))
        return words.locale("impact.placed", fact=words.label(key), place=name)
    # A case may give a decimal as a float, a rule may not.
    exact = Decimal(str(value)) if isinstance(value, float) else value
    return words.phrase(FactTest.model_validate({"fact": key, "equals": exact}))

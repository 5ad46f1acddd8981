"""What a comparison of rules does not cover, said so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.batch.transitions import Transitions
    from tui.rules.sides import Found, Plan
    from tui.rules.words import RuleWords

_UNSURE = ("unclear", "disputed", "no_rule", "tie")


def gaps(
    plan: Plan, found: Sequence[Found], cases: Transitions | None, words: RuleWords
) -> Iterator[str]:
    """A sentence for each thing the comparison leaves out or leaves open."""
    t, library = words.locale, words.library
    listed = t("result.listed")
    chains = [library.decisions[name] for one in plan.decisions for name in library.upstream(one)]
    selecting = dict.fromkeys(fact for one in chains for fact in (one.region, one.date))
    yield t("impact.gap.selecting", facts=listed.join(map(words.label, selecting)))
    yield t("impact.gap.people")
    yield t("impact.gap.open")
    yield t("impact.gap.wording")
    unsure = Counter[str]()
    for comparison in (one for each in found for one in each.comparisons):
        for change in comparison.changes:
            unsure[change.after.verdict] += change.classes
        unsure.update(dict(comparison.kept))
    if any(unsure[one] for one in _UNSURE):
        shown = [t("impact.way", way=t(f"diff.{one}" if one in ("no_rule", "tie") else
                                       f"verdict.{one}"), n=f"{unsure[one]:,}")
                 for one in _UNSURE if unsure[one]]  # fmt: skip
        yield t("impact.gap.unsure", kinds=t("impact.joint").join(shown))
    rest = sum(change.rest for each in found for one in each.comparisons for change in one.changes)
    if rest:
        yield t.count("impact.gap.rest", rest)
    for status in ("only_before", "only_after", "apart"):
        names = dict.fromkeys(one.decision for each in found for one in each.comparisons
                              if one.status == status)  # fmt: skip
        if names:
            yield t(f"impact.gap.{status}", questions=_questions(words, names))
    for status, lone, version in (("lone_before", plan.lone[0], plan.both.before),
                                  ("lone_after", plan.lone[1], plan.both.after)):  # fmt: skip
        if lone:
            told = [words.say(version.decisions[one].question) for one in lone]
            yield t(f"impact.gap.{status}", questions=listed.join(told))
    if cases is not None:
        yield t("impact.gap.cases")


def _questions(words: RuleWords, names: Iterable[str]) -> str:
    told = [words.say(words.library.decisions[one].question) for one in names]
    return words.locale("result.listed").join(told)

"""Says what the examples show of the rules, and what they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.condition import FactTest, leaves
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.analysis.coverage import Coverage, RuleTest
    from tui.rules.words import RuleWords


class Covered:
    """A coverage and its words."""

    def __init__(self, words: RuleWords, found: Coverage) -> None:
        self.words, self.locale, self.found = words, words.locale, found
        self.rules = [one for one in found.rules if not found.shown.get(one)]
        self.outcomes = [one for one, examples in found.outcomes.items() if not examples]
        self.tests = [one for one, shown in found.tests.items() if not shown]

    def counts(self) -> dict[str, tuple[int, int]]:
        """Of each kind how many are shown, and of how many."""
        found = self.found
        classes = found.classes.values()
        return {
            "rules": (len(found.rules) - len(self.rules), len(found.rules)),
            "outcomes": (len(found.outcomes) - len(self.outcomes), len(found.outcomes)),
            "classes": (sum(met for met, _ in classes), sum(every for _, every in classes)),
            "tests": (len(found.tests) - len(self.tests), len(found.tests)),
        }

    def lines(self, *, verbose: bool) -> list[str]:
        """The shares; with `verbose` what lacks as well."""
        lines = [
            self.locale(
                f"rules.coverage.{kind}", shown=shown, every=every, share=share(shown, every)
            )
            for kind, (shown, every) in self.counts().items()
        ]
        return [*lines, *self._lacking()] if verbose else lines

    def as_data(self) -> dict[str, object]:
        """The same for machines."""
        counts = {kind: {"shown": shown, "of": every}
                  for kind, (shown, every) in self.counts().items()}  # fmt: skip
        return {
            **counts,
            "classes_by_decision": {
                name: {"shown": met, "of": every}
                for name, (met, every) in self.found.classes.items()
            },
            "lacking": {
                "rules": self.rules,
                "outcomes": [{"decision": name, "outcome": one} for name, one in self.outcomes],
                "tests": [
                    {"rule": one.rule, "place": self._place(one), "test": self._shown(one)}
                    for one in self.tests
                ],
            },
        }

    def _lacking(self) -> Iterator[str]:
        t = self.locale
        authored = self.words.library.authored
        for one in self.rules:
            place = authored.origins["rules", one].place
            yield t("rules.coverage.no_rule", place=f"{place.file}:{place.line}", rule=one)
        for decision, outcome in self.outcomes:
            yield t("rules.coverage.no_outcome", decision=decision, outcome=outcome)
        for test in self.tests:
            yield t(
                "rules.coverage.no_pair",
                place=self._place(test), rule=test.rule, test=self._shown(test),
            )  # fmt: skip
        for name, (met, every) in self.found.classes.items():
            yield t("rules.coverage.of_decision", decision=name, shown=met, every=every)

    def _place(self, test: RuleTest) -> str:
        origin = self.words.library.authored.origins["rules", test.rule]
        place = origin.file.place((*origin.path, "when", *test.path))
        return f"{place.file}:{place.line}"

    def _shown(self, test: RuleTest) -> str:
        rule = self.words.library.rules[test.rule]
        leaf = next(one for path, one in leaves(rule.when) if path == test.path)
        return self.words.phrase(leaf, rule) if isinstance(leaf, FactTest) else safe(leaf.decision)


def share(shown: int, every: int) -> str:
    """A share in per cent, never rounded up to all."""
    return f"{int(1000 * shown / every) / 10 if every else 100.0:.1f} %"

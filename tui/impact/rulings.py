"""The rules behind answers in words, each once, with their sources and the way to these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.analysis.turnover import behind
from tui.impact.model import Cited, RuleTold
from tui.rules.showing import conclusion, statements
from tui.text.safe import safe

if TYPE_CHECKING:
    from engine.analysis.difference import Side
    from engine.analysis.versions import Versions
    from engine.ruleset import Rule, Source
    from engine.scalars import Citation
    from tui.rules.words import RuleWords

_WEB = ("http://", "https://")


class Rulings:
    """Tells rules of both sides; those alike on both are told once."""

    def __init__(self, both: Versions, before: RuleWords, after: RuleWords) -> None:
        self._both, self._words = both, (before, after)
        self.told: dict[str, RuleTold] = {}
        """Every rule told so far, by its anchor."""

    def rule(self, name: str, side: Side, *, after: bool) -> RuleTold:
        """A rule as a side has it."""
        anchor = f"rule-{name}"
        if not self._alike(name):
            anchor += "-after" if after else "-before"
        if anchor not in self.told:
            self.told[anchor] = self._told(anchor, self._words[after], side, name)
        return self.told[anchor]

    def _alike(self, name: str) -> bool:
        one, other = (words.library.rules.get(name) for words in self._words)
        return one is None or other is None or one == other

    def _told(self, anchor: str, words: RuleWords, side: Side, name: str) -> RuleTold:
        rule: Rule = words.library.rules[name]
        # The reason stands below the conclusion, the sources below all.
        apart = {words.locale(f"rules.row.{key}") for key in ("then", "because", "sources")}
        rows = tuple((label, texts) for label, texts in statements(words, rule, ids=False)
                     if texts and label not in apart)  # fmt: skip
        return RuleTold(
            anchor, len(self.told) + 1, name,
            conclusion(words, rule, ids=False), words.say(rule.because), rows,
            tuple(_cited(words, one) for one in behind(words.library, side, rule)),
        )  # fmt: skip

    def source(self, words: RuleWords, name: str) -> str:
        """A source in short: its title, its grade and when it was checked."""
        t, source = words.locale, words.library.sources[name]
        grade = t("rules.labelled", text=words.grade(source.authority), note=source.authority)
        title, checked = words.say(source.title), source.checked.isoformat()
        return t("impact.source", title=title, grade=grade, checked=checked)


def _cited(words: RuleWords, citation: Citation) -> Cited:
    source = words.library.sources[citation.source]
    short = words.locale("rules.labelled", text=words.cited(citation),
                         note=words.grade(source.authority))  # fmt: skip
    return Cited(words.source(citation), short, address(source))


def address(source: Source) -> str:
    """Where a source can be opened; none where only a copy elsewhere was seen."""
    shown = source.address or ""
    return safe(shown) if shown.startswith(_WEB) and source.host != "mirror" else ""

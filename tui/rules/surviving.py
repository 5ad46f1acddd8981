"""Says which mutants of the rules the examples notice, and in which classes the others differ."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from engine.analysis.drafts import drafts
from engine.analysis.mutants import KINDS, mutants
from engine.analysis.mutation import FATES, Judge
from tui.rules.covering import share
from tui.rules.drafting import changed, class_in_words

if TYPE_CHECKING:
    from engine.analysis.drafts import Draft, Drafts
    from engine.analysis.mutation import Judged, Score
    from tui.rules.words import RuleWords


def survivors(words: RuleWords, topic: str | None) -> Survived:
    """The mutants of a topic (else of all), judged, and a case for each that survives."""
    judge = Judge(words.library, mutants(words.library, topic))
    score = judge.score()
    return Survived(words, score, drafts(judge, score.survivors))


class Survived:
    """The fates of mutants, and a case for each survivor, in words."""

    def __init__(self, words: RuleWords, score: Score, drafts: Drafts) -> None:
        self.words, self.locale = words, words.locale
        self.score, self.drafts = score, drafts

    def lines(self) -> list[str]:
        """The score, the counts of each kind, and the survivors by class."""
        t, score = self.locale, self.score
        told = score.counts["killed"]
        lines = [t(
            "rules.mutants.counts", every=len(score.judged),
            score=share(told, told + score.counts["survived"]), **self._counts(score.judged),
        )]  # fmt: skip
        for kind in KINDS:
            mine = [one for one in score.judged if one.mutant.kind == kind]
            if mine:
                name = t(f"rules.mutants.kind.{kind}")
                lines.append(t("rules.mutants.of_kind", kind=name, **self._counts(mine)))
        for draft in self.drafts.drafts:
            lines += ["", self._class(draft), *self._changes(draft.survivors)]
        if self.drafts.caseless:
            lines += ["", t("rules.mutants.caseless"), *self._changes(self.drafts.caseless)]
        return lines

    def as_data(self) -> dict[str, object]:
        """The same for machines."""
        return {
            "score": self.score.share,
            **self._counts(self.score.judged),
            "survivors": [
                {**self._data(one), "decision": draft.decision,
                 "class": class_in_words(self.words, draft), "case": draft.case}
                for draft in self.drafts.drafts for one in draft.survivors
            ] + [{**self._data(one), "decision": one.decision, "class": None, "case": None}
                 for one in self.drafts.caseless],
        }  # fmt: skip

    def _counts(self, judged: list[Judged]) -> dict[str, int]:
        found = Counter[str](one.fate for one in judged)
        return {fate: found[fate] for fate in FATES}

    def _class(self, draft: Draft) -> str:
        words = class_in_words(self.words, draft)
        return self.locale("rules.mutants.class", decision=draft.decision, words=words)

    def _changes(self, judged: tuple[Judged, ...]) -> list[str]:
        library = self.words.library
        return [f"    {changed(library, one.mutant, self.locale)}" for one in judged]

    def _data(self, one: Judged) -> dict[str, object]:
        place = one.mutant.place(self.words.library)
        return {
            "kind": one.mutant.kind, "entry": one.mutant.key, "file": place.file,
            "line": place.line, "before": one.mutant.before, "after": one.mutant.after or None,
        }  # fmt: skip

"""The explanation of a case as a document: for each decision the answer, why, and what else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.vocabulary import NumberDomain
from tui.explain.speaking import Speaking, speaker
from tui.explain.telling import Telling
from tui.rules.document import Heading, Paragraph, Rows
from tui.text.safe import safe

if TYPE_CHECKING:
    from engine.checker import Checker
    from engine.errors import CaseFault
    from engine.explanation.explain import Explanation
    from engine.vocabulary import Fact
    from tui.explain.telling import Row
    from tui.locale import Locale
    from tui.rules.document import Block

_FOUND = "found "
"""How the engine begins what it says of a value that does not fit."""


def document(checker: Checker, told_: Explanation, t: Locale) -> list[Block]:
    """The explanation of one case."""
    result, case = told_.result, told_.case
    name = safe(result.id) if result.id is not None else t("explain.unnamed")
    blocks: list[Block] = [Heading(1, t("explain.title", id=name))]
    if result.as_of is not None:
        blocks.append(Paragraph(t("app.as_of", date=result.as_of.isoformat())))
    if result.faults or case is None:
        blocks.append(Paragraph(t("explain.not_decided")))
        return [*blocks, Rows(tuple(_fault(checker, one, t) for one in result.faults))]
    for decision, one in told_.decisions.items():
        say = Speaking(speaker(checker, case, decision, t), case, decision)
        telling = Telling(say, one, told_.decisions)
        blocks.append(Heading(2, telling.say.question(decision)))
        blocks.append(Rows(tuple(row for row in telling.rows() if row[1])))
    return blocks


def _fault(checker: Checker, fault: CaseFault, t: Locale) -> Row:
    """What is wrong with a case: the fact, what was found, what is allowed."""
    vocabulary = checker.library.vocabulary
    if fault.constraint is not None:
        because = safe(t.of(vocabulary.constraints[fault.constraint].because))
        lines = [t("explain.contradiction", because=because)]
        names = [name for name in fault.facts if name in vocabulary.facts]
        facts = t("result.listed").join(_named(vocabulary.facts[one], t) for one in names)
        lines += [t("explain.at_odds", facts=facts)] if facts else []
        return t("explain.fault.contradiction"), tuple(lines)
    key = fault.field.removeprefix("/")
    fact = vocabulary.facts.get(key)
    where = _named(fact, t) if fact else safe(key) or t("explain.whole_case")
    code = f"explain.fault.{fault.code}"
    what = t(code) if code in t else safe(fault.code)
    message = safe(fault.message)
    if message.startswith(_FOUND):
        message = t("explain.found_value", value=message.removeprefix(_FOUND))
    lines = [t("explain.found", where=where, what=message)]
    allowed = _hint(fact, t) if fact else safe(fault.allowed) if fault.allowed else ""
    return what, (*lines, *([t("explain.allowed", allowed=allowed)] if allowed else ()))


def _named(fact: Fact, t: Locale) -> str:
    """A fact by its label and the key it has in a case."""
    return t("rules.labelled", text=safe(t.of(fact.label)), note=safe(fact.id))


def _hint(fact: Fact, t: Locale) -> str:
    """What may be written for a fact in a case."""
    if fact.values:
        choices = (t("rules.labelled", text=safe(name), note=safe(t.of(words)))
                   for name, words in fact.values.items())  # fmt: skip
        return t("result.listed").join(choices)
    if isinstance(fact.domain, NumberDomain):
        low, high = fact.domain.min, fact.domain.max
        kind = "number" if fact.type == "integer" else "decimal"
        return t(f"question.{kind}_hint", min=low, max=high, decimals=fact.decimals)
    return t(f"explain.hint.{fact.type}", domain=fact.domain or "")

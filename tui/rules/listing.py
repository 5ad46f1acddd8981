"""What there is: topics, questions and places, with counts of rules, sources and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.calendar import FIRST_DAY, LAST_DAY
from tui.rules.document import Column, Heading, Paragraph, Table

if TYPE_CHECKING:
    from engine.ruleset import Topic
    from tui.rules.document import Block
    from tui.rules.words import RuleWords


def listing(words: RuleWords) -> list[Block]:
    """Every topic with its questions and its places."""
    library, t = words.library, words.locale
    counted = t(
        "rules.counted",
        topics=len(library.topics), decisions=len(library.decisions), rules=len(library.rules),
        sources=len(library.sources), examples=len(library.examples),
    )  # fmt: skip
    blocks: list[Block] = [Heading(1, t("rules.heading")), Paragraph(counted)]
    for topic in library.topics.values():
        blocks += [
            Heading(2, t("rules.titled", title=words.say(topic.title), id=topic.id)),
            Paragraph(words.say(topic.about)),
            _decisions(words, topic),
            _places(words, topic),
        ]
    return blocks


def _decisions(words: RuleWords, topic: Topic) -> Table:
    library, t = words.library, words.locale
    columns = (
        Column(t("rules.column.question"), loose="wrap"),
        Column(t("rules.column.decision")),
        Column(t("rules.column.rules"), right=True),
    )
    rules = [rule.decision for rule in library.rules.values()]
    rows = [
        (words.say(library.decisions[name].question), name, str(rules.count(name)))
        for name in topic.decisions
    ]
    return Table(columns, tuple(rows))


def _places(words: RuleWords, topic: Topic) -> Table:
    library, t = words.library, words.locale
    columns = (
        Column(t("rules.column.place"), loose="wrap"),
        Column(t("rules.column.rules"), right=True),
        Column(t("rules.column.sources"), right=True),
        Column(t("rules.column.examples"), right=True),
        Column(t("rules.column.period")),
    )
    heads = library.authored.heads
    examples = [
        heads[library.authored.origins["examples", name].file.name] for name in library.examples
    ]
    codes = {head.region for head in heads.values() if head.topic == topic.id}
    rows = []
    for code in sorted(codes):
        rules = [
            one for one in library.rules.values() if (one.topic, one.region) == (topic.id, code)
        ]
        values = [
            one for one in library.authored.values.values()
            if one.region == code and library.parameters[one.parameter].topic == topic.id
        ]  # fmt: skip
        cited = {one.source for rule in rules for one in (*rule.sources, *rule.see_also)}
        cited |= {one.source for value in values for one in value.sources}
        periods = [*(rule.in_force for rule in rules), *(value.in_force for value in values)]
        spans = [one.days(FIRST_DAY, LAST_DAY) for one in periods]
        period = words.days((min(s[0] for s in spans), max(s[1] for s in spans))) if spans else ""
        mine = sum((head.topic, head.region) == (topic.id, code) for head in examples)
        name = t("rules.titled", title=words.place_name(code), id=code)
        rows.append((name, str(len(rules)), str(len(cited)), str(mine), period))
    return Table(columns, tuple(rows))

"""The rules of a topic in words: by question, place and date, each with what stands behind it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from engine.calendar import FIRST_DAY, LAST_DAY
from tui.rules.document import Column, Heading, Paragraph, Rows, Table
from tui.text.safe import safe
from tui.verdicts import verdict_words

if TYPE_CHECKING:
    from engine.ruleset import ParameterValue, Rule, Topic
    from tui.rules.document import Block
    from tui.rules.words import RuleWords


def showing(words: RuleWords, topic: Topic) -> list[Block]:
    """The rules of a topic, as far as they hold in the place and on the day of `words`."""
    t = words.locale
    rules = [rule for rule in words.library.rules.values()
             if rule.topic == topic.id and holds(words, rule)]  # fmt: skip
    scope = t(
        "rules.scope",
        place=words.place_name(words.place) if words.place else t("rules.every_place"),
        date=words.day.isoformat() if words.day else t("rules.every_day"),
        n=len(rules),
    )
    blocks: list[Block] = [
        Heading(1, t("rules.titled", title=words.say(topic.title), id=topic.id)),
        Paragraph(words.say(topic.about)),
        Paragraph(scope),
    ]
    if not rules:
        blocks.append(Paragraph(t("rules.nothing")))
    for name in topic.decisions:
        mine = sorted((rule for rule in rules if rule.decision == name), key=place_and_date)
        question = words.say(words.library.decisions[name].question)
        if mine:
            blocks.append(Heading(2, t("rules.titled", title=question, id=name)))
        for _, group in groupby(mine, key=place_and_date):
            together = list(group)
            place, period = words.place_name(together[0].region), words.period(together[0].in_force)
            blocks.append(Heading(3, t("rules.placed", place=place, period=period)))
            for rule in together:
                blocks += [Heading(4, rule.id), Rows(statements(words, rule))]
    return [*blocks, *_parameters(words, topic), *_sources(words, rules)]


def holds(words: RuleWords, rule: Rule | ParameterValue) -> bool:
    """Whether something holds in the place and on the day asked for."""
    first, last = rule.in_force.days(FIRST_DAY, LAST_DAY)
    day = words.day.toordinal() if words.day else None
    if day is not None and not first <= day <= last:
        return False
    return words.place is None or words.library.places.applies(rule.region, words.place)


def place_and_date(rule: Rule | ParameterValue) -> tuple[str, tuple[int, int]]:
    """The order rules are shown in: those of one place together, the earliest first."""
    return rule.region, rule.in_force.days(FIRST_DAY, LAST_DAY)


def statements(
    words: RuleWords, rule: Rule, *, ids: bool = True
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """All there is to say of a rule, each below its label; without ids for who reads no files."""
    library, t = words.library, words.locale
    then = rule.then
    outcome = library.decisions[rule.decision].outcomes.get(then.outcome or "")

    def worked_out(name: str) -> tuple[str, ...]:
        value = getattr(then, name) or (getattr(outcome, name) if outcome else None)
        return (words.value(value, rule),) if value is not None else ()

    overridden = [one.id for one in library.rules.values() if rule.id in one.overrides]
    rows = {
        "when": words.condition(rule),
        "then": (conclusion(words, rule, ids=ids),),
        "value": worked_out("value"),
        "from": worked_out("from_"),
        "until": worked_out("until"),
        "because": (words.say(rule.because),),
        "sources": tuple(map(words.source, rule.sources)),
        "see_also": tuple(map(words.source, rule.see_also)),
        "in_force": (words.period(rule.in_force),),
        "overrides": tuple(_other(words, name, ids=ids) for name in rule.overrides),
        "overridden": tuple(_other(words, name, ids=ids) for name in overridden),
        "disputed": _disputes(words, rule, ids=ids),
        "rejected": _rejections(words, rule, ids=ids),
    }
    return tuple((t(f"rules.row.{key}"), texts) for key, texts in rows.items())


def conclusion(words: RuleWords, rule: Rule, *, ids: bool = True) -> str:
    """What a rule concludes: the verdict and the title, or the papers."""
    t, then = words.locale, rule.then
    if then.outcome is not None:
        decision = words.library.decisions[rule.decision]
        outcome = decision.outcomes[then.outcome]
        # Beside its id an outcome is for authors, who know the verdicts by their usual words.
        verdict = t(f"verdict.{outcome.verdict}")
        verdict = verdict if ids else verdict_words(t, decision, outcome.verdict)
        key = "rules.outcome" if ids else "rules.worded.outcome"
        return t(key, verdict=verdict, title=words.say(outcome.title), id=then.outcome)
    key = "needs" if then.needs else "waives"
    return t(f"rules.{key}", titles=words.documents(then.needs or then.waives))


def _other(words: RuleWords, name: str, *, ids: bool) -> str:
    other = words.library.rules[name]
    because = words.say(other.because)
    if not ids:
        told = conclusion(words, other, ids=False)
        return words.locale("rules.worded.other_rule", conclusion=told, because=because)
    return words.locale("rules.other_rule", rule=name, because=because)


def _disputes(words: RuleWords, rule: Rule, *, ids: bool) -> tuple[str, ...]:
    """With which rules this one is disputed, why, and what is safer."""
    lines = []
    for dispute in words.library.disputes.values():
        for name in dispute.between if rule.id in dispute.between else ():
            if name != rule.id:
                other = words.library.rules[name]
                lines.append(
                    words.locale(
                        "rules.dispute" if ids else "rules.worded.dispute",
                        rule=name,
                        title=words.title(other.decision, other.then.outcome),
                        because=words.say(dispute.because),
                        safer=words.title(rule.decision, dispute.safer),
                    )
                )
    return tuple(lines)


def _rejections(words: RuleWords, rule: Rule, *, ids: bool) -> tuple[str, ...]:
    """The claims this rule states that the ledger rejects, why, and the better sources."""
    t, lines = words.locale, []
    for claim in words.library.claims.values():
        if claim.status == "rejected" and rule.id in claim.rules:
            key = "rules.rejection" if ids else "rules.worded.rejection"
            line = t(key, claim=claim.id, because=words.say(claim.because))
            titles = [words.say(words.library.sources[name].title) for name in claim.better]
            if titles:
                line = t("rules.better", text=line, titles=t("result.listed").join(titles))
            lines.append(line)
    return tuple(lines)


def _parameters(words: RuleWords, topic: Topic) -> list[Block]:
    """The numbers that depend on place and date, with their sources."""
    library, t = words.library, words.locale
    values = [
        one
        for one in library.authored.values.values()
        if library.parameters[one.parameter].topic == topic.id and holds(words, one)
    ]
    columns = (
        Column(t("rules.column.parameter"), loose="wrap"),
        Column(t("rules.column.value")),
        Column(t("rules.column.place")),
        Column(t("rules.column.period")),
    )
    rows = []
    for value in sorted(values, key=lambda one: (one.parameter, *place_and_date(one))):
        parameter = library.parameters[value.parameter]
        cited = t("result.listed").join(
            words.say(library.sources[one.source].title) for one in value.sources
        )
        rows.append(
            (
                t("rules.labelled", text=words.say(parameter.label), note=cited),
                words.with_unit(value.value, parameter.unit),
                words.place_name(value.region),
                words.period(value.in_force),
            )
        )
    if not rows:
        return []
    return [Heading(2, t("rules.parameters")), Table(columns, tuple(rows))]


def _sources(words: RuleWords, rules: list[Rule]) -> list[Block]:
    """Every source cited by the rules, with its date of issue and its address."""
    t = words.locale
    cited = dict.fromkeys(one.source for rule in rules for one in (*rule.sources, *rule.see_also))
    rows = []
    for name in cited:
        source = words.library.sources[name]
        texts = [words.say(source.title)]
        if source.issued:
            texts[0] = t("rules.issued", title=texts[0], date=safe(source.issued))
        if source.host == "mirror":
            texts.append(t("result.mirror"))
        elif source.address:
            texts.append(t("result.address", address=safe(source.address)))
        rows.append((source.authority, tuple(texts)))
    return [Heading(2, t("rules.addresses")), Rows(tuple(rows))] if rows else []

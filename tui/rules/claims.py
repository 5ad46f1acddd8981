"""The ledger of the articles' claims: counts, then each claim, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.ledger import PARTS, Part, Tally, tallies, total
from engine.ruleset import CLAIM_STATUSES
from tui.rules.document import Column, Heading, Paragraph, Table

if TYPE_CHECKING:
    from engine.library import Library
    from engine.ruleset import Claim
    from tui.rules.document import Block
    from tui.rules.words import RuleWords


def ledger(words: RuleWords) -> list[Block]:
    """The counts of the main text and of the sidebars, then every claim in a line."""
    t, every = words.locale, tallies(words.library)
    blocks: list[Block] = [
        Heading(1, t("rules.claims.heading")),
        Paragraph(t("rules.claims.intro")),
    ]
    shown = [part for part in PARTS if any(one.part == part for one in every)]
    for part in shown:
        name = t(f"rules.claims.{part}")
        blocks += [Heading(2, t("rules.claims.counts", part=name)), _counts(words, every, part)]
    for part in shown:
        name = t(f"rules.claims.{part}")
        numbers = [number for one in every if one.part == part for number in one.numbers]
        blocks += [Heading(2, t("rules.claims.list", part=name)), _claims(words, numbers)]
    return blocks


def _counts(words: RuleWords, every: list[Tally], part: Part) -> Table:
    t = words.locale
    columns = (
        Column(t("rules.column.article"), loose="wrap"),
        Column(t("rules.column.numbered"), right=True),
        *(Column(t(f"rules.claims.status.{status}"), right=True) for status in CLAIM_STATUSES),
        Column(t("rules.column.missing"), right=True),
    )
    rows = []
    for one in (*(one for one in every if one.part == part), total(every, part)):
        source = words.library.sources.get(one.article)
        title = words.say(source.title) if source else t("rules.total")
        numbers = (len(one.numbers), *one.counts.values(), len(one.missing))
        rows.append((title, *map(str, numbers)))
    return Table(columns, tuple(rows))


def _claims(words: RuleWords, numbers: list[str]) -> Table:
    t = words.locale
    columns = (
        Column(t("rules.column.claim")),
        Column(t("rules.column.status")),
        Column(t("rules.column.says"), loose="cut"),
    )
    rows = []
    for number in numbers:
        claim = words.library.claims.get(number)
        if claim is None:
            rows.append((number, t("rules.claims.missing"), ""))
        else:
            rows.append((number, _status(words, claim), words.say(claim.says)))
    return Table(columns, tuple(rows))


def _status(words: RuleWords, claim: Claim) -> str:
    t = words.locale
    status = t(f"rules.claims.status.{claim.status}")
    if claim.reason is None:
        return status
    reason = t(f"rules.claims.reason.{claim.reason}")
    return t("rules.claims.reasoned", status=status, reason=reason)


def as_data(library: Library) -> dict[str, object]:
    """The ledger as JSON data: counts an article and part, and every claim with its reasons."""
    every = tallies(library)
    claims = [
        {
            "id": number,
            "part": one.part,
            **(
                library.claims[number].model_dump(mode="json", exclude_defaults=True)
                if number in library.claims
                else {"article": one.article, "status": None}
            ),
        }
        for one in every
        for number in one.numbers
    ]
    return {
        "articles": [{"article": one.article, **_numbers(one)} for one in every],
        "total": [_numbers(total(every, part)) for part in PARTS],
        "claims": claims,
    }


def _numbers(one: Tally) -> dict[str, object]:
    ended: dict[str, object] = {status: one.counts[status] for status in CLAIM_STATUSES}
    return {
        "part": one.part, "claims": len(one.numbers), **ended, "missing": len(one.missing)
    }  # fmt: skip

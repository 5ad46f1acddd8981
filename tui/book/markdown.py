"""The rule book as Markdown: the same pages, with pictures as Mermaid text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.book.contents import place_page, topic_page
from tui.pictures.mermaid import mermaid
from tui.rules.claims import ledger
from tui.rules.document import Heading, Paragraph, Rows, as_markdown
from tui.rules.showing import statements
from tui.text.markdown import escaped
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.ruleset import Topic
    from tui.book.contents import Contents
    from tui.pictures.model import Picture
    from tui.rules.document import Block

ENDING = ".md"


def book(contents: Contents) -> Iterator[tuple[str, str]]:
    """Every file of the book: its name and what is in it."""
    t, words, library = contents.t, contents.words, contents.library
    parts = [as_markdown([Heading(1, t("book.title")),
                          Paragraph(t("book.made", date=t.day(contents.day))),
                          Paragraph(t("app.disclaimer"))])]  # fmt: skip
    for topic in library.topics.values():
        title = words.say(topic.title)
        links = [_link(topic_page(topic.id), title)]
        links += [f"  {_link(place_page(topic.id, one), words.place_name(one))}"
                  for one in contents.places(topic)]  # fmt: skip
        parts.append("\n".join(links) + "\n")
    ways = [_link("sources", t("book.sources")), _link("claims", t("book.claims"))]
    parts.append("\n".join(ways))
    yield "README" + ENDING, "\n".join(parts) + "\n"
    for topic in library.topics.values():
        yield topic_page(topic.id) + ENDING, _topic(contents, topic)
        for place in contents.places(topic):
            yield place_page(topic.id, place) + ENDING, _place(contents, topic, place)
    yield "sources" + ENDING, _sources(contents)
    yield "claims" + ENDING, as_markdown(ledger(words))


def _link(page: str, text: str) -> str:
    return f"- [{escaped(text)}]({page}{ENDING})"


def _drawn(picture: Picture) -> str:
    return f"\n```mermaid\n{mermaid(picture)}```\n"


def _topic(contents: Contents, topic: Topic) -> str:
    words = contents.words
    blocks: list[Block] = [Heading(1, words.say(topic.title)), Paragraph(words.say(topic.about))]
    places = [_link(place_page(topic.id, one), words.place_name(one))
              for one in contents.places(topic)]  # fmt: skip
    listed = "\n".join(places)
    pictures = "".join(map(_drawn, contents.of_topic(topic)))
    return f"{as_markdown(blocks)}\n{listed}\n{pictures}"


def _place(contents: Contents, topic: Topic, place: str) -> str:
    words, t = contents.words, contents.t
    name = words.place_name(place)
    title = t("book.placed", topic=words.say(topic.title), place=name)
    parts = [as_markdown([Heading(1, title)]), *map(_drawn, contents.pictures(topic, place))]
    for decision, rules in contents.rules(topic, place).items():
        question = words.say(contents.library.decisions[decision].question)
        blocks: list[Block] = [Heading(2, question)]
        for rule in rules:
            blocks += [Heading(3, rule.id), Rows(statements(words, rule))]
        parts.append(as_markdown(blocks))
    return "\n".join(parts)


def _sources(contents: Contents) -> str:
    words, t = contents.words, contents.t
    blocks: list[Block] = [Heading(1, t("book.sources")), Paragraph(t("book.grades"))]
    for one in contents.library.sources.values():
        grade = t("rules.labelled", text=words.grade(one.authority), note=one.authority)
        rows = (
            (t("book.body"), (words.say(one.body),) if one.body else ()),
            (t("book.number"), (safe(one.number),) if one.number else ()),
            (t("book.issued"), (safe(one.issued),) if one.issued else ()),
            (t("book.grade"), (grade,)),
            (t("book.checked"), (one.checked.isoformat(),)),
            (t("book.looked"), (words.say(one.looked),) if one.looked else ()),
            (t("book.address"), (safe(one.address),) if one.address else ()),
        )
        blocks += [Heading(2, words.say(one.title)), Rows(rows)]
    return as_markdown(blocks)

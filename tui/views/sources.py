"""The view model of the sources page: every source of a result, and what it is cited for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.result import EVIDENCE
from tui.text.safe import safe
from tui.views.result import cited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.speaker import Frame, Speaker
    from tui.views.result_words import Cited

Row = tuple[str, str]


@dataclass(frozen=True)
class SourceView:
    """One source: its mark and title, what is known of it, and what it is cited for."""

    mark: str
    title: str
    rows: tuple[Row, ...]
    uses: tuple[str, ...]


@dataclass(frozen=True)
class SourcesView:
    """The page of sources."""

    frame: Frame
    heading: str
    hint: str
    sources: tuple[SourceView, ...]


def sources_view(say: Speaker) -> SourcesView:
    """The sources of the present result, those of what was not followed and of disputes too."""
    t = say.locale
    found = tuple(_source(say, one) for one in cited(say, say.journey.asking.result()).cited())
    hint = t("sources.hint") if found else t("sources.none")
    return SourcesView(say.frame(t("app.disclaimer")), t("sources.heading"), hint, found)


def _source(say: Speaker, one: Cited) -> SourceView:
    source = say.library.sources[one.source]
    rows = tuple((say.locale(f"sources.{name}"), value) for name, value in _rows(say, one) if value)
    uses = tuple(
        say.locale(f"sources.use.{use}", question=say.words(say.library.decisions[key].question))
        for use, key in one.uses
    )
    return SourceView(one.mark, say.words(source.title), rows, uses)


def _rows(say: Speaker, one: Cited) -> Iterator[Row]:
    """What is known of a source; what is empty is left out."""
    t, source = say.locale, say.library.sources[one.source]
    yield "number", safe(source.number) if source.number else ""
    yield "clause", t("result.listed").join(one.clauses)
    yield "body", say.words(source.body) if source.body else ""
    yield "issued", say.date(str(source.issued)) if source.issued else ""
    grade = EVIDENCE[source.authority]
    meaning = t(f"evidence.meaning.{grade}")
    yield "grade", t("help.meaning", word=t(f"evidence.{grade}"), meaning=meaning)
    yield "looked", say.words(source.looked) if source.looked else ""
    yield "checked", t.day(source.checked)
    if source.host == "mirror":
        yield "address", t("result.mirror")
    elif source.address:
        yield "address", safe(source.address)

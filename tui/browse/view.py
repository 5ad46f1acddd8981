"""View models of the results: the table of cases, the groups by reason, the totals."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tui.browse import words
from tui.browse.filter import Filter, FilterError, plain, read, select
from tui.browse.shapes import Bar, Column, TableView
from tui.text.safe import safe
from tui.text.width import cell_len
from tui.views.help import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.batch.index import Codes
    from tui.browse.session import Opened, Rows
    from tui.browse.store import Given, Selected, Store
    from tui.locale import Locale
    from tui.speaker import Frame, Speaker

_ID_ROOM = 20
_TITLE_ROOM = 28
_LOOKED_AT = 50


@dataclass(frozen=True)
class Group:
    """Lines with one reason: how many, and the filter that keeps them alone."""

    words: str
    verdict: str
    count: int
    term: str


@dataclass(frozen=True)
class BrowseView:
    """The page of an output, but for its rows."""

    frame: Frame
    name: str
    prompt: str
    hint: str
    total: int


def browse_view(say: Speaker, opened: Opened) -> BrowseView:
    """The page of an output."""
    t = say.locale
    return BrowseView(
        frame=say.frame_of_a_batch(), name=safe(opened.path.name, 60),
        prompt=t("browse.filter.prompt"), hint=t("browse.filter.hint"),
        total=len(opened.store) if opened.store else 0,
    )  # fmt: skip


@dataclass(frozen=True)
class Filtered:
    """What a filter comes to: what it keeps, or what is wrong with it."""

    text: str
    wanted: Filter = field(default_factory=Filter)
    kept: Selected | None = None
    wrong: str = ""


def filtered(say: Speaker, opened: Opened, text: str) -> Filtered:
    """What a filter keeps of an output; nothing is changed by it."""
    store = opened.store
    if store is None:
        return Filtered(text)
    try:
        wanted = read(text, store, say.locale)
    except FilterError as error:
        return Filtered(text, wrong=safe(error))
    kept = select(store, wanted, lambda key, one: words.searched(say, key, one))
    return Filtered(text.strip(), wanted, kept)


def heading(say: Speaker, opened: Opened, view: BrowseView) -> str:
    """The line above the table: the file, and how many of its lines are shown."""
    kept = f"{len(opened.rows):,}"
    key = "browse.kept" if opened.text else "browse.all"
    return say.locale(key, name=view.name, n=kept, all=f"{view.total:,}")


def cases_table(say: Speaker, opened: Opened) -> TableView:
    """The lines a filter keeps: number, id, the answers."""
    t, store, rows = say.locale, opened.store, opened.rows
    if store is None:
        return TableView((), 0, lambda _row: ())
    number = max(cell_len(t("browse.column.row")), len(f"{len(store):,}"))
    short = max(cell_len(words.verdict(say, one)) for one in VERDICTS)
    others = [one for one in store.decisions if one != opened.wanted.decision]
    if not opened.wanted.decision:
        others = others[1:]
    columns = (
        Column(t("browse.column.row"), number, right=True),
        Column(t("browse.column.id"), _id_width(store, t)),
        Column(t("browse.column.verdict"), short),
        Column(t("browse.column.outcome"), _TITLE_ROOM, grows=True),
        *(Column(words.question(say, one), short) for one in others),
    )

    def cells(at: int) -> Sequence[str]:
        row = int(rows[at])
        lead = (f"{row + 1:,}", words.identity(store, row))
        code = store.error(row)
        if code:
            wrong = f"{say.glyphs.notice} {t('browse.wrong')}"
            return (*lead, wrong, words.error(say, code), *("" for _ in others))
        main = opened.wanted.decision or store.main(row)
        besides = (_short(say, store, row, one) if one != main else "" for one in others)
        return (*lead, *_answered(say, store, row, main), *besides)

    return TableView(columns, len(rows), cells)


def _id_width(store: Store, t: Locale) -> int:
    """Room for the ids, as far as the first of them tell."""
    some = (cell_len(words.identity(store, row)) for row in range(min(len(store), _LOOKED_AT)))
    return min(_ID_ROOM, max((cell_len(t("browse.column.id")), *some)))


def _answered(say: Speaker, store: Store, row: int, decision: str) -> tuple[str, str]:
    one = store.answer(row, decision) if decision else None
    if one is None:
        return "", ""
    return words.verdict(say, one.verdict), words.answer(say, decision, one)


def _short(say: Speaker, store: Store, row: int, decision: str) -> str:
    one = store.answer(row, decision)
    return words.verdict(say, one.verdict) if one else ""


def groups(say: Speaker, opened: Opened) -> tuple[Group, ...]:
    """The lines shown, by what decided them; the most frequent first."""
    store = opened.store
    if store is None:
        return ()
    names = (opened.wanted.decision,) if opened.wanted.decision else store.decisions
    counts: Counter[str] = Counter()
    first: dict[str, tuple[str, Given]] = {}
    left = np.ones(len(opened.rows), np.bool_)
    for name in names:
        codes = _of_rows(store.codes(name), opened.rows)
        for code, count in _counted(codes[left]):
            one = store.given[name][code - 1]
            key = plain(one.reason)
            counts[key] += count
            first.setdefault(key, (name, one))
        left &= codes == 0
    found = [
        Group(words.reason(say, *first[key]), words.verdict(say, first[key][1].verdict), count,
              _term(say.locale, "reason", key))
        for key, count in counts.items()
    ]  # fmt: skip
    wrong = f"{say.glyphs.notice} {say.locale('browse.wrong')}"
    for code, count in _counted(_of_rows(store.errors(), opened.rows)):
        kind = store.index.errors[code - 1]
        term = _term(say.locale, "error", plain(kind))
        found.append(Group(words.error(say, kind), wrong, count, term))
    return tuple(sorted(found, key=lambda one: -one.count))


def _term(t: Locale, key: str, value: str) -> str:
    named = f"{t(f'browse.filter.key.{key}')}={value}"
    return f'"{named}"' if any(sign in named for sign in ' "') else named


def _of_rows(codes: Codes, rows: Rows) -> Codes:
    return codes if isinstance(rows, range) else codes[rows]


def _counted(codes: Codes) -> list[tuple[int, int]]:
    """Every code but nought, with how often it comes."""
    found = np.bincount(codes) if len(codes) else np.zeros(1, np.int64)
    return [(code, count) for code, count in enumerate(found.tolist()) if code and count]


def groups_table(say: Speaker, found: Sequence[Group]) -> TableView:
    """The groups as a table."""
    t = say.locale
    number = max(len(f"{one.count:,}") for one in found) if found else 0
    short = max(cell_len(words.verdict(say, one)) for one in VERDICTS)
    counted = t("browse.column.count")
    columns = (
        Column(counted, max(number, cell_len(counted)), right=True),
        Column(t("browse.column.verdict"), short),
        Column(t("browse.column.reason"), _TITLE_ROOM, grows=True),
    )  # fmt: skip
    return TableView(columns, len(found), lambda at: (
        f"{found[at].count:,}", found[at].verdict, found[at].words))  # fmt: skip


def totals(say: Speaker, store: Store) -> list[tuple[str, list[Bar]]]:
    """For each decision its answers by verdict, the most frequent first."""
    told = []
    for name in store.decisions:
        counts: Counter[str] = Counter()
        for code, count in _counted(store.codes(name)):
            counts[store.given[name][code - 1].verdict] += count
        told.append((name, verdict_bars(say, counts, counts.total())))
    return told


def verdict_bars(say: Speaker, counts: Counter[str], whole: int) -> list[Bar]:
    """A bar for each verdict that occurs, in the order of the help."""
    known = [one for one in VERDICTS if counts[one]]
    return [
        Bar(say.glyphs.verdict(one), say.locale(f"browse.verdict.{one}"), counts[one], whole)
        for one in known
    ]


def failure_lines(say: Speaker, opened: Opened) -> tuple[str, ...]:
    """Why an output cannot be browsed: where, what stands there, what was expected."""
    t, failure = say.locale, opened.failure
    if failure is None:
        return ()
    name = safe(opened.path.name, 60)
    lines = [t(f"browse.failure.{failure.why}", name=name, about=safe(failure.about, 200))]
    if failure.line:
        lines.append(t("browse.failure.where", name=name, line=f"{failure.line:,}",
                       column=failure.column))  # fmt: skip
        lines.append(t("browse.failure.stands", text=safe(failure.text, 200)))
    if failure.why != "unreadable":
        lines.append(t("browse.failure.expected"))
    return tuple(lines)

"""Prints results where no page can be drawn: a summary, or the lines that a filter keeps."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from engine.batch.index import Index, StaleError, index_of
from engine.batch.indexing import NotResultsError, write_index
from engine.errors import RulesetError
from engine.library import Library
from tui import exit_codes, terminal
from tui.browse import view, words
from tui.browse.session import Opened, scratch, settle
from tui.browse.store import Store
from tui.journey import Journey
from tui.locale import Locale
from tui.speaker import Speaker
from tui.text.glyphs import ASCII
from tui.views.help import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from tui.browse.shapes import Bar

_REASONS = 10
# A screen reader would spell signs out; the words beside them say the same.
_SIGNS = replace(ASCII, **dict.fromkeys(VERDICTS, ""))


def run(output: Path, wanted: str, lang: str, as_of: date, *, raw: bool) -> int:
    """Print what an output comes to, or what a filter keeps of it; the exit code."""
    t = Locale(lang)
    try:
        library = Library.load()
    except RulesetError as error:
        return terminal.failed(error)
    say = Speaker(Journey(library, as_of, _nobody), t, _SIGNS)
    opened = Opened(output)
    try:
        _open(opened, library)
    except NotResultsError as error:
        opened.failure = error
        terminal.say("\n".join(view.failure_lines(say, opened)))
        return exit_codes.USAGE
    try:
        return _printed(say, opened, wanted, raw=raw)
    except BrokenPipeError:
        # Whoever read it has gone; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.USAGE
    finally:
        opened.close()


def _nobody(_topics: tuple[str, ...]) -> NoReturn:
    raise LookupError("nobody is asked here")


def _open(opened: Opened, library: Library) -> None:
    """Open the output; an index that is missing or stale is written first."""
    output = opened.path
    try:
        index = Index(index_of(output), output)
    except StaleError:
        built = scratch(output)
        try:
            write_index(output, built, library.decisions)
            index = Index(built, output)
            settle(built, output)
        except StaleError as error:
            raise NotResultsError("unreadable", about=str(error)) from error
        finally:
            built.unlink(missing_ok=True)
    opened.store = Store(output, index, library)


def _printed(say: Speaker, opened: Opened, wanted: str, *, raw: bool) -> int:
    found = view.filtered(say, opened, wanted)
    if found.wrong:
        terminal.say(f"tongbao: {found.wrong}")
        return exit_codes.USAGE
    opened.keep(found.text, found.wanted, found.kept)
    if raw:
        _raw(opened)
    else:
        lines = _kept(say, opened) if opened.text else _summary(say, opened)
        for line in lines:
            _print(line)
    sys.stdout.flush()
    return exit_codes.DONE


def _raw(opened: Opened) -> None:
    """The lines as they stand: data, not text for a terminal."""
    store = opened.store
    if store is not None:
        for row in opened.rows:
            sys.stdout.buffer.write(store.line(int(row)) + b"\n")
        sys.stdout.buffer.flush()


def _print(line: str) -> None:
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def _summary(say: Speaker, opened: Opened) -> Iterator[str]:
    """Totals by decision and verdict, the most frequent reasons, the errors."""
    t, store = say.locale, opened.store
    if store is None:
        return
    wrong = int((store.errors() != 0).sum())
    name = view.browse_view(say, opened).name
    yield t("browse.plain.heading", name=name, n=f"{len(store):,}", errors=f"{wrong:,}")
    for decision, bars in view.totals(say, store):
        yield t("browse.plain.decision", question=words.question(say, decision), id=decision)
        yield from (f"  {_counted(t, bar)}" for bar in bars)
    found = [one for one in view.groups(say, opened) if one.count][:_REASONS]
    if found:
        yield t("browse.plain.reasons", n=len(found))
        for one in found:
            yield "  " + t("browse.plain.count", word=one.words, n=f"{one.count:,}",
                           percent=f"{one.count / len(store):.1%}")  # fmt: skip


def _counted(t: Locale, bar: Bar) -> str:
    share = f"{bar.share:.1%}"
    return t("browse.plain.count", word=bar.word, n=f"{bar.count:,}", percent=share)


def _kept(say: Speaker, opened: Opened) -> Iterator[str]:
    """What a filter keeps, a line each."""
    t, store = say.locale, opened.store
    if store is None:
        return
    yield t("browse.plain.kept", n=f"{len(opened.rows):,}", all=f"{len(store):,}")
    for at in opened.rows:
        row = int(at)
        code = store.error(row)
        told = [words.error(say, code)] if code else [
            t("browse.plain.answer", decision=name, verdict=words.verdict(say, one.verdict),
              title=words.answer(say, name, one))
            for name in store.decisions if (one := store.answer(row, name)) is not None
        ]  # fmt: skip
        listed = "; ".join(told)
        yield t("browse.plain.line", row=f"{row + 1:,}", id=words.identity(store, row),
                answers=listed)  # fmt: skip

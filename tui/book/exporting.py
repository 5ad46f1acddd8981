"""Writes the rule book into a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.checker import Checker
from engine.errors import InputError
from tui.book import html, markdown
from tui.book.contents import Contents

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from tui.locale import Locale

FORMS = {"html": html.book, "markdown": markdown.book}


def export(folder: Path, form: str, day: date, output: Path, t: Locale) -> str:
    """`rules export` to a book: the line that tells of the files written."""
    contents = Contents(Checker.load(folder, compare=False), t, day)
    size = count = 0
    try:
        output.mkdir(parents=True, exist_ok=True)
        for name, text in FORMS[form](contents):
            told = text.encode()
            (output / name).write_bytes(told)
            size, count = size + len(told), count + 1
    except OSError as error:
        raise InputError(f"cannot write {output}: {error.strerror}") from error
    return t("book.written", folder=output, files=count, kb=round(size / 1024)) + "\n"

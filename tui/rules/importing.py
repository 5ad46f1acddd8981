"""Makes a draft of a ruleset from a file of an open format of decision tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.clock import today
from engine.errors import InputError
from engine.formats.draft import Draft
from engine.formats.foreign import content
from engine.formats.importing import read
from engine.formats.understanding import Reader
from engine.formats.yaml_text import text_of
from engine.library import Library
from tui import terminal
from tui.locale import LANGUAGES, Locale
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Mapping


def import_(file: Path, output: Path | None, t: Locale) -> str:
    """`rules import`: write the draft, and say what it holds and what was left out."""
    folder = output or Path(f"{file.stem}-rulesets")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(t("formats.not_empty", folder=safe(folder)))
    places = Library.load(from_snapshot=True).places
    found = read(content(file), file.name)
    if not found.tables:
        raise InputError(t("formats.no_tables", file=safe(file)))
    tables = Reader(found).understood()
    draft = Draft(found, tables, _say, places.get(places.nation), today())
    _write(folder, draft.files(), t)
    # What was written is read again as any ruleset is: a draft with faults would be ours.
    Library.load(folder)
    for one in found.left_out:
        terminal.say(t("formats.left_out", what=safe(one)))
    rows = sum(len(table.rows) for table in tables.tables)
    told = t("formats.imported", folder=safe(folder), tables=len(tables.tables), rows=rows,
             facts=len(tables.facts))  # fmt: skip
    return told + "\n" + t("formats.verify", folder=safe(folder)) + "\n"


def _write(folder: Path, files: Mapping[str, object], t: Locale) -> None:
    head = "".join(f"# {line}\n" for line in t("formats.head").splitlines())
    try:
        for name, data in files.items():
            path = folder / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            assert isinstance(data, dict)  # noqa: S101 - every file holds a mapping
            path.write_text(head + text_of(data), "utf-8")
    except OSError as error:
        raise InputError(
            t("formats.cannot_write", folder=safe(folder), why=error.strerror)
        ) from error


def _say(key: str, /, **values: object) -> dict[str, str]:
    return {lang: Locale(lang)(f"formats.draft.{key}", **values) for lang in LANGUAGES}

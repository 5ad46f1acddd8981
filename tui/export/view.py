"""The view model of the export page: the formats, each with the path that will be written."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.export.delivery import FORMS, folder_of, free, name_of
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.desk import Desk
    from tui.speaker import Frame, Speaker


@dataclass(frozen=True)
class FormRow:
    """A format, and where its file will be."""

    form: str
    label: str
    note: str


@dataclass(frozen=True)
class ExportView:
    """The export page; `rows` tells the formats for a folder typed, or the present one."""

    frame: Frame
    heading: str
    hint: str
    rows: Callable[[str], tuple[FormRow, ...]]
    answers: dict[bool, str]
    elsewhere: str
    folder_hint: str
    copy: str
    """The words for what copies the text as well; a browser takes no text from a terminal."""


def export_view(say: Speaker, desk: Desk) -> ExportView:
    """The formats; in a browser the files are downloads and lie in no folder of ours."""
    from tui.export.data import days

    t = say.locale
    no_days = not days(desk, say)

    def rows(typed: str) -> tuple[FormRow, ...]:
        return tuple(_row(say, form, None if desk.web else folder_of(desk, typed), no_days=no_days)
                     for form in FORMS)  # fmt: skip

    return ExportView(
        frame=say.frame(),
        heading=t("export.heading"),
        hint=t("export.hint_web" if desk.web else "export.hint"),
        rows=rows,
        answers={True: t("export.with_answers"), False: t("export.without_answers")},
        elsewhere="" if desk.web else t("export.elsewhere"),
        folder_hint=t("export.folder_hint"),
        copy="" if desk.web else t("export.copy"),
    )


def _row(say: Speaker, form: str, folder: Path | None, *, no_days: bool) -> FormRow:
    t = say.locale
    name = name_of(say, form, titled=folder is None)
    note = name if folder is None else _path(folder, name)
    if form == "ics" and no_days:
        note = t("export.no_days")
    return FormRow(form, t(f"export.form.{form}"), note)


def _path(folder: Path, name: str) -> str:
    """The path that will be written, as far as it can be told."""
    if "\0" in os.fspath(folder):
        return safe(folder / name)
    return safe(free(folder, name))

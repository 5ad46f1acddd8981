"""Exporting in plain mode: the same formats and paths as the export page, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.export.delivery import Wish, delivered, write_new
from tui.export.view import export_view
from tui.plain.pages import Heard, picked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.desk import Desk
    from tui.export.view import ExportView
    from tui.plain.console import Console
    from tui.speaker import Speaker


class Exporting:
    """The talk about files, until the person goes back."""

    def __init__(self, desk: Desk, say: Speaker, console: Console) -> None:
        self.desk, self.say, self.console, self.t = desk, say, console, say.locale
        self.view: ExportView = export_view(say, desk)
        self.folder = ""
        self.answers = True

    def talk(self) -> Heard:
        """Make files until the person goes back or quits."""
        self.console.say(self.view.heading, *self._lines())
        while True:
            typed = self.console.ask(self._prompt())
            if typed.casefold() in ("", "b"):
                return Heard()
            if typed.casefold() == "q":
                return Heard(leaves=True)
            self._hear(typed)

    def _lines(self) -> Iterator[str]:
        t = self.t
        rows = [t("plain.noted", label=row.label, note=row.note)
                for row in self.view.rows(self.folder)]  # fmt: skip
        rows += [self.view.answers[self.answers], self.view.elsewhere]
        for number, text in enumerate(rows, 1):
            yield t("plain.numbered", n=number, text=text)

    def _prompt(self) -> str:
        t = self.t
        commands = [t("plain.command", key=t("plain.enter_or", key="b"), label=t("keys.back")),
                    t("plain.command", key="q", label=t("keys.quit"))]  # fmt: skip
        listed = t("plain.between").join(commands)
        return t("plain.prompt", ask=t("plain.ask.option"), commands=listed)

    def _hear(self, typed: str) -> None:
        forms = self.view.rows(self.folder)
        index = picked(typed, len(forms) + 2)
        if index is None:
            self.console.say(self.t("plain.bad.option", n=len(forms) + 2))
        elif index < len(forms):
            self._make(forms[index].form)
        elif index == len(forms):
            self.answers = not self.answers
            self.console.say(self.view.answers[self.answers])
        elif self._elsewhere():
            self.console.say(*self._lines())

    def _make(self, form: str) -> None:
        """Make a file; where the folder is at fault, ask for another, as often as one is named."""
        while True:
            wish = Wish(form, self.folder, self.answers)
            done = delivered(self.desk, self.say, wish, _deliver)
            self.console.say(done.text)
            if not done.elsewhere or not self._elsewhere():
                return

    def _elsewhere(self) -> bool:
        """Ask for a folder; whether one was named."""
        ask = self.t("plain.prompt", ask=self.view.elsewhere, commands=self.view.folder_hint)
        typed = self.console.ask(ask)
        self.folder = typed or self.folder
        return bool(typed)


def _deliver(name: str, content: bytes, folder: Path) -> str:
    return str(write_new(folder, name, content))

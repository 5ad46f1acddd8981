"""Words for sessions that are kept: what can be gone on with, what has changed, what failed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.system_errors import reason
from tui.text.safe import safe

if TYPE_CHECKING:
    from tui.desk import Desk, Left
    from tui.locale import Locale
    from tui.saving import UnusableError
    from tui.speaker import Frame, Speaker


@dataclass(frozen=True)
class ResumedView:
    """What a person should know before going on with an earlier session."""

    frame: Frame
    heading: str
    lines: tuple[str, ...]
    again: tuple[str, ...]
    onward: str


def left_label(say: Speaker, left: Left) -> str:
    """The line that offers an earlier session; no name and no answer stands in it."""
    t = say.locale
    answered = t.count("question.answered", len(left.saved.trail))
    label = t("saving.resume", topic=say.topic(left.saved.topic), answered=answered)
    notes = [t("saving.updated")] if left.updated else []
    if left.dropped.again:
        notes.append(t.count("saving.again", len(left.dropped.again)))
    if not notes:
        return label
    return t("plain.noted", label=label, note=t("saving.joined").join(notes))


def unusable_notice(t: Locale, unusable: UnusableError) -> str:
    """Why an earlier session is not offered, and where its file is now."""
    why = t(f"saving.unusable.{unusable.reason}")
    if unusable.aside is None:
        return t("saving.left_there", why=why, file=safe(unusable.where))
    return t("saving.kept_aside", why=why, file=safe(unusable.aside))


def privacy(desk: Desk | None, t: Locale) -> str:
    """Where the answers are, and how to get rid of them."""
    if desk is None or desk.store is None:
        return t("start.privacy")
    return t("saving.privacy", file=_short(desk.store.file))


def _short(path: Path) -> str:
    """A path with the sign for the home folder in place of it."""
    home = os.path.expanduser("~")  # noqa: PTH111 - unlike Path.home it never raises
    if home != "~" and path.is_relative_to(home):
        return safe(Path("~", path.relative_to(home)))
    return safe(path)


def resumed_view(say: Speaker, desk: Desk) -> ResumedView:
    """What has changed since the session gone on with was left; no lines when nothing has."""
    t, left = say.locale, desk.resumed
    lines: list[str] = []
    if left is None:
        return ResumedView(say.frame(), t("saving.heading"), (), (), t("saving.go_on"))
    if left.recounted:
        before, now = left.saved.as_of.isoformat(), say.journey.as_of.isoformat()
        lines.append(t("saving.recounted", before=before, now=now))
    if left.updated:
        lines.append(t("saving.rules_updated"))
    again = tuple(say.label(fact) for fact in left.dropped.again)
    if left.dropped.gone:
        lines.append(t.count("saving.gone", len(left.dropped.gone)))
    if again:
        lines.append(t.count("saving.to_answer", len(again)))
    return ResumedView(say.frame(), t("saving.heading"), tuple(lines), again, t("saving.go_on"))


def failed(error: OSError, t: Locale) -> str:
    """Why nothing is kept, and that the session goes on."""
    return t("saving.failed", why=reason(error, t))


def not_deleted(error: OSError, t: Locale) -> str:
    """Why what was kept is still there."""
    return t("saving.not_deleted", why=reason(error, t))

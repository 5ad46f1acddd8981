"""Makes the files a person asks for and puts them where they want them, overwriting none."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tui.system_errors import reason
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.desk import Desk
    from tui.speaker import Speaker

FORMS = {"html": "html", "text": "txt", "markdown": "md", "json": "json", "ics": "ics"}
"""What can be made, the most wanted first, and how the names of such files end."""
COPIED = "text"
"""What is copied to the clipboard."""
_ODD = re.compile(r"[^A-Za-z0-9_-]+")
_UNNAMEABLE = re.compile(r'[\\/:*?"<>|.\s\x00-\x1f]+')
_PRIVATE = 0o600


@dataclass(frozen=True)
class Wish:
    """What is to be made, and where it is to go; an empty folder is the present one."""

    form: str
    folder: str = ""
    answers: bool = True


@dataclass(frozen=True)
class Delivered:
    """What came of a wish, in words."""

    done: bool
    text: str
    elsewhere: bool = False
    """Whether another folder may help."""
    content: bytes = b""
    """What was written."""


def made(desk: Desk, say: Speaker, wish: Wish) -> bytes:
    """The file itself."""
    from tui.export import data, html, prose
    from tui.export.sheet import sheet

    t = say.locale
    told = sheet(say, desk.rules, answers=wish.answers)
    if wish.form == "ics":
        return data.ics(desk, say, told.made)
    if wish.form == "json":
        return data.json_text(desk, say, answers=wish.answers).encode()
    makers = {"html": html.page, "text": prose.text, "markdown": prose.markdown}
    # What is no Unicode has been made a mark by `safe` already.
    return makers[wish.form](told, t).encode()


def folder_of(desk: Desk, typed: str) -> Path:
    """The folder a person means; what they typed, or that of the program."""
    folder = Path(typed.strip()) if typed.strip() else desk.exports
    with suppress(OSError, RuntimeError):
        return folder.expanduser().absolute()
    return folder


def name_of(say: Speaker, form: str, *, titled: bool = False) -> str:
    """The name of a file: from the topic, or its title, and the day; from no answer."""
    if titled:
        topic = _UNNAMEABLE.sub("_", say.topic(say.journey.topic))
        day = say.journey.as_of.isoformat()
        return say.locale("export.file", topic=topic, date=day) + f".{FORMS[form]}"
    topic = _ODD.sub("_", say.journey.topic or "")
    return f"tongbao-{topic}-{say.journey.as_of.isoformat()}.{FORMS[form]}"


def free(folder: Path, name: str) -> Path:
    """A path that nothing has yet: with a number where the name is taken."""
    stem, _, end = name.rpartition(".")
    names = (name if n == 1 else f"{stem}-{n}.{end}" for n in count(1))
    return next(path for one in names if not os.path.lexists(path := folder / one))


def write_new(folder: Path, name: str, content: bytes) -> Path:
    """Write a file that was not there, for its owner alone; raises OSError and leaves nothing."""
    while True:
        path = free(folder, name)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        except FileExistsError:
            continue
        break
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    return path


def delivered(
    desk: Desk, say: Speaker, wish: Wish, deliver: Callable[[str, bytes, Path], str]
) -> Delivered:
    """Make a file and hand it over; what came of it in words."""
    from tui.export.data import days

    t = say.locale
    if wish.form == "ics" and not days(desk, say):
        return Delivered(done=False, text=t("export.no_days"))
    folder = folder_of(desk, wish.folder)
    content = made(desk, say, wish)
    try:
        where = deliver(name_of(say, wish.form, titled=desk.web), content, folder)
    except ValueError:
        # Only a folder's name can hold what no name may: a NUL.
        text = t("export.failed", folder=safe(folder), why=t("system.ENOENT"))
        return Delivered(done=False, text=text, elsewhere=True)
    except OSError as error:
        text = t("export.failed", folder=safe(folder), why=reason(error, t))
        return Delivered(done=False, text=text, elsewhere=True)
    if desk.web:
        return Delivered(done=True, text=t("export.downloaded", name=safe(where)))
    return Delivered(done=True, text=t("export.written", path=safe(where)), content=content)

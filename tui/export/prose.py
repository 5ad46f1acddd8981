"""The sheet for reading: as plain text of 80 cells a line, and as Markdown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.rules.document import WIDTH
from tui.text.markdown import escaped
from tui.text.width import cell_len
from tui.text.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.export.sheet import Box, Part, Section, Sheet
    from tui.locale import Locale

_INDENT = "  "


def text(sheet: Sheet, t: Locale) -> str:
    """The sheet in lines of at most 80 cells."""
    parts = [_headed_by(sheet.title, "="), *map(_lines, (sheet.context, sheet.notice))]
    for number, part in enumerate(sheet.parts, 1):
        parts.append(_headed_by(t("plain.numbered", n=number, text=part.question), "-"))
        parts.append(_lines(part.verdict, part.title, *part.when))
        parts += map(_indented, part.before)
        if part.papers:
            boxes = (_hung(_titled(box, t), f"{_INDENT}[{_mark(box)}] ") for box in part.papers)
            parts.append([part.papers_title, *(line for box in boxes for line in box)])
        parts += map(_indented, part.after)
    for section in filter(None, (sheet.sources, sheet.answers)):
        parts += [_headed_by(section.heading, "-"), _indented(replace(section, heading=""))]
    parts.append(_lines(sheet.disclaimer, sheet.made))
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _headed_by(heading: str, mark: str) -> list[str]:
    lines = _lines(heading)
    return [*lines, mark * max(map(cell_len, lines), default=1)]


def _lines(*texts: str) -> list[str]:
    return [line for one in texts if one for line in wrap(one, WIDTH)]


def _indented(section: Section) -> list[str]:
    """A heading and its statements; what belongs to one stands below it, further in."""
    found = _lines(section.heading)
    for number, line in enumerate(section.lines, 1):
        mark = f"{number}. " if section.ordered else "- "
        found += _hung(line.text, _INDENT + mark)
        for one in line.below:
            found += _hung(one, " " * (len(_INDENT) + len(mark)))
    return found


def _hung(foreign: str, lead: str) -> list[str]:
    """A text whose further lines hang below its first."""
    first, *others = wrap(foreign, WIDTH - len(lead))
    return [lead + first, *(" " * len(lead) + one for one in others)]


def _titled(box: Box, t: Locale) -> str:
    return t("rules.labelled", text=box.title, note=box.note) if box.note else box.title


def _mark(box: Box) -> str:
    return "x" if box.ticked else " "


def markdown(sheet: Sheet, t: Locale) -> str:
    """The sheet as Markdown; the papers are a task list."""
    parts = [f"# {escaped(sheet.title)}", escaped(sheet.context)]
    if sheet.notice:
        parts.append(f"**{escaped(sheet.notice)}**")
    for number, part in enumerate(sheet.parts, 1):
        parts.append(f"## {number}. {escaped(part.question)}")
        parts += _part(part, t)
    for section in filter(None, (sheet.sources, sheet.answers)):
        parts += [f"## {escaped(section.heading)}", "\n".join(_items(section))]
    parts += ["---", escaped(sheet.disclaimer), escaped(sheet.made)]
    return "\n\n".join(filter(None, parts)) + "\n"


def _part(part: Part, t: Locale) -> Iterator[str]:
    yield f"**{escaped(part.verdict)}**"
    yield escaped(part.title)
    yield "\n".join(f"- {escaped(one)}" for one in part.when)
    yield from _headed(part.before)
    if part.papers:
        yield f"### {escaped(part.papers_title)}"
        yield "\n".join(_task(box, t) for box in part.papers)
    yield from _headed(part.after)


def _headed(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        if section.heading:
            yield f"### {escaped(section.heading)}"
        yield "\n".join(_items(section))


def _items(section: Section) -> Iterator[str]:
    for number, line in enumerate(section.lines, 1):
        mark = f"{number}." if section.ordered else "-"
        yield f"{mark} {escaped(line.text)}"
        yield from (f"{' ' * len(mark)} - {escaped(one)}" for one in line.below)


def _task(box: Box, t: Locale) -> str:
    return f"- [{_mark(box)}] {escaped(_titled(box, t))}"

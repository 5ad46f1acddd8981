"""YAML text to plain data, with the place of every value and every fault told at once.

What is well formed is read without a look at places; they are worked out when one is asked for.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from sys import intern
from typing import TYPE_CHECKING, Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from engine.fault import Fault, Place, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Path = tuple[str | int, ...]

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+\Z")
_LONGEST_NUMBER = 18  # digits, so that every number fits 64 bits
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}
# What YAML takes for the end of a line, and the characters it does not allow at all.
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_ILLEGAL = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The C parser keeps up with large libraries; the Python one gives the same events without it.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass
class SourceFile:
    """A parsed file: its data, its lines, the place of each path, the faults of its syntax.

    `refused` holds the paths whose value is not in `data` because it was at fault itself.
    """

    name: str
    raw: bytes = b""
    data: Any = None
    faults: list[Fault] = field(default_factory=list)
    refused: set[Path] = field(default_factory=set)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return _BREAK.split(self.raw.removeprefix(BOM_UTF8).decode("utf-8", "replace"))

    @cached_property
    def places(self) -> dict[Path, Place]:
        """The place of each path."""
        return parse(self.name, self.raw, placed=True).places

    def known(self, path: Path) -> Path:
        """`path` without the parts that are not in the file."""
        at: Path = ()
        for part in path:
            if (*at, part) in self.places:
                at = (*at, part)
        return at

    def place(self, path: Path) -> Place:
        """The place of `path`, or of its nearest parent; parts not in the file are skipped."""
        return self.places.get(self.known(path), Place(self.name))

    def fault(self, path: Path, message: str, help_: str = "") -> Fault:
        """A fault at `path`, with the line it stands on."""
        return self.fault_at(self.place(path), message, help_)

    def fault_at(self, place: Place, message: str, help_: str = "") -> Fault:
        """A fault at `place`, with the line it stands on."""
        line = self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else ""
        return Fault(place, message, help_, line)


def parse(name: str, raw: bytes, *, placed: bool = False) -> SourceFile:
    """Parse `raw`; faults of syntax are in the result's `faults`, never raised.

    Without `placed`, the places in a file without such faults wait until they are asked for.
    """
    source = SourceFile(name, raw)
    if len(raw) > MAX_BYTES:
        source.places, source.raw = {}, b""
        source.faults.append(
            Fault(Place(name), f"file has {len(raw)} bytes", f"at most {MAX_BYTES} are read")
        )
        return source
    raw = raw.removeprefix(BOM_UTF8)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        source.places = {}
        place = _place_of(name, raw[: error.start].decode("utf-8"))
        help_ = "save it as UTF-8 and load it again"
        source.faults.append(source.fault_at(place, "file is not UTF-8", help_))
        return source
    illegal = _ILLEGAL.search(text)
    if illegal:
        source.places = {}
        place = _place_of(name, text[: illegal.start()])
        message = f"character U+{ord(illegal[0]):04X} is not allowed"
        source.faults.append(source.fault_at(place, message, "remove it"))
        return source
    if not placed:
        try:
            source.data = _plain_document(text)
        except (yaml.YAMLError, _OddError):
            # Read again below, to say what is wrong and where.
            pass
        else:
            return source
    source.places = {}
    try:
        source.data = _Builder(source, yaml.parse(text, Loader=_Loader)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        if place.line > len(source.lines):
            # The end of a text without a last line break is told as a line of its own.
            place = _place_of(name, text)
        source.faults.append(source.fault_at(place, *_unreadable(source, place, error)))
        source.data = None
    except _TooDeepError:
        source.data = None
    return source


def _place_of(name: str, before: str) -> Place:
    """The place just after the text `before`."""
    lines = _BREAK.split(before)
    return Place(name, len(lines), len(lines[-1]) + 1)


def _unreadable(source: SourceFile, place: Place, error: yaml.MarkedYAMLError) -> tuple[str, str]:
    """What stops YAML here, and what to do about the ways in which authors often trip."""
    line = source.lines[place.line - 1] if place.line <= len(source.lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "not readable as YAML: a tab indents this line", "indent with spaces"
    context = f" {error.context}" if error.context else ""
    message = f"not readable as YAML:{context} {error.problem or ''}".rstrip()
    if "mapping values are not allowed" in message or "flow" in message:
        return message, "a text holding `: `, ` #`, `,`, `?` or a bracket goes in double quotes"
    return message, ""


class _OddError(Exception):
    """The file holds something that is refused."""


def _plain_document(text: str) -> object:
    """What `_Builder` gives for a file that it has nothing against.

    Raises _OddError for a file that it has something against, YAMLError where it is no YAML.
    """
    parser = _Loader(text)
    try:
        following: Callable[[], Any] = parser.get_event
        data, documents = None, 0
        while type(event := following()) is not StreamEndEvent:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _OddError
            elif isinstance(event, NodeEvent):
                data = _plain(event, following, 0)
        return data
    finally:
        parser.dispose()


def _plain(event: Any, following: Callable[[], Any], depth: int) -> object:  # noqa: ANN401 - its stubs lack what events have
    """The value that starts with `event`."""
    kind = type(event)
    if depth > MAX_DEPTH or event.anchor is not None:  # an alias has one too
        raise _OddError
    if event.tag is not None:
        raise _OddError
    if kind is ScalarEvent:
        return event.value if event.style else _scalar(event.value, quoted_=False)
    if kind is SequenceStartEvent:
        entries: list[Any] = []
        while type(event := following()) is not SequenceEndEvent:
            entries.append(_plain(event, following, depth + 1))
        return entries
    found: dict[str, Any] = {}
    while type(event := following()) is not MappingEndEvent:
        if type(event) is not ScalarEvent or event.anchor is not None or event.tag is not None:
            raise _OddError
        key = intern(event.value)
        if key in found or (key == "<<" and not event.style):
            raise _OddError
        found[key] = _plain(following(), following, depth + 1)
    return found


class _TooDeepError(Exception):
    """The file is nested too deeply to go on."""


class _Builder:
    """Builds the data of one file from the parser's events, refusing what it must not hold."""

    def __init__(self, source: SourceFile, events: Iterator[Event]) -> None:
        self.source, self.events = source, events

    def document(self) -> object:
        """The data of the only document; None when the file is empty."""
        data, documents = None, 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(event, (), "a file holds one document", "remove this `---`")
                    return None
            elif isinstance(event, NodeEvent):
                data = self.build(event, (), 0)
        return data

    def refuse(self, event: Event, path: Path, message: str, help_: str = "") -> None:
        """Record a fault where `event` starts; the value at `path` is not to be trusted."""
        self.source.faults.append(self.source.fault_at(self.place(event), message, help_))
        self.source.refused.add(path)

    def place(self, event: Event) -> Place:
        """Where an event starts."""
        mark: Any = event.start_mark
        return Place(self.source.name, mark.line + 1, mark.column + 1)

    def build(self, event: Event, path: Path, depth: int) -> object:
        """The value that starts with `event`."""
        if path not in self.source.places:
            self.source.places[path] = self.place(event)
        if depth > MAX_DEPTH:
            self.refuse(event, path, "nested too deeply", f"at most {MAX_DEPTH} levels")
            raise _TooDeepError
        if isinstance(event, AliasEvent):
            self.refuse(event, path, "aliases are not allowed", "write the value out again")
            return None
        start: Any = event
        if start.anchor is not None:
            self.refuse(event, path, "anchors are not allowed", f"remove `&{start.anchor}`")
        if start.tag is not None:
            message = f"the tag {quoted(start.tag)} is not allowed"
            self.refuse(event, path, message, "write plain values without tags")
        if isinstance(event, MappingStartEvent):
            return self.mapping(path, depth)
        if isinstance(event, SequenceStartEvent):
            return self.sequence(path, depth)
        return _scalar(start.value, quoted_=bool(start.style))

    def sequence(self, path: Path, depth: int) -> list[Any]:
        """The entries up to the end of the list."""
        out: list[Any] = []
        while not isinstance(event := next(self.events), CollectionEndEvent):
            out.append(self.build(event, (*path, len(out)), depth + 1))
        return out

    def mapping(self, path: Path, depth: int) -> dict[str, Any]:
        """The entries up to the end of the mapping."""
        out: dict[str, Any] = {}
        while not isinstance(event := next(self.events), CollectionEndEvent):
            key = self.key(event, path, depth)
            if key is None:
                # What it holds is read all the same, for its own faults, and then dropped.
                self.build(next(self.events), (*path, "", len(self.source.places)), depth + 1)
            elif key in out:
                first = self.source.places[(*path, key)].line
                self.refuse_key(event, f"duplicate key {quoted(key)}",
                                f"it stands on line {first} already")  # fmt: skip
                self.build(next(self.events), (*path, "", len(self.source.places)), depth + 1)
            else:
                self.source.places[(*path, key)] = self.place(event)
                out[key] = self.build(next(self.events), (*path, key), depth + 1)
        return out

    def key(self, event: Event, path: Path, depth: int) -> str | None:
        """The text of a key; None where it is none and a fault has been recorded."""
        if not isinstance(event, ScalarEvent):
            if isinstance(event, CollectionStartEvent):
                self.build(event, (*path, "", len(self.source.places)), depth + 1)
            self.refuse_key(event, "a key must be plain text", "quote a text that holds brackets")
            return None
        if event.anchor is not None or event.tag is not None:
            self.refuse_key(event, "a key takes no anchor and no tag", "write plain text")
        if event.value == "<<" and not event.style:
            self.refuse(event, path, "merge keys are not allowed", "write the values out again")
            return None
        return str(event.value)

    def refuse_key(self, event: Event, message: str, help_: str) -> None:
        """Record a fault of a key; the mapping it stands in is still read."""
        self.source.faults.append(self.source.fault_at(self.place(event), message, help_))


def _scalar(text: str, *, quoted_: bool) -> object:
    if quoted_:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text) and len(text) <= _LONGEST_NUMBER:
        return int(text)
    if _DECIMAL.match(text) and len(text) <= _LONGEST_NUMBER:
        return Decimal(text)
    return text

"""iCalendar (RFC 5545): events in words as a file that any calendar takes in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

import icalendar

_PRODUCT = "-//tongbao//tongbao//EN"
_UID_DIGITS = 32
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# Nine in the morning a week before: an alarm at midnight wakes the house.
_REMINDER = timedelta(hours=9) - timedelta(days=7)


@dataclass(frozen=True)
class Event:
    """A day in words."""

    day: date
    title: str
    lines: tuple[str, ...] = ()
    key: str = ""
    """What tells it from the other events of its day; goes into its UID, so nothing personal."""
    remind: bool = False
    """Whether to ring a week before."""


def to_ics(events: Iterable[Event], as_of: date, name: str) -> bytes:
    """The events as an iCalendar file that is called `name`; the same bytes for the same input.

    Nothing in it says when or where it was made but `as_of`.
    """
    out = icalendar.Calendar()
    out.add("prodid", _PRODUCT)
    out.add("version", "2.0")
    out.add("x-wr-calname", _inert(name).replace("\n", " "))
    stamp = datetime.combine(as_of, time(), UTC)
    for one in events:
        out.add_component(_event(one, stamp))
    written: bytes = out.to_ical()
    return written


def _event(one: Event, stamp: datetime) -> icalendar.Event:
    event = icalendar.Event()
    digest = sha256(f"{one.day.isoformat()} {one.key}".encode()).hexdigest()[:_UID_DIGITS]
    event.add("uid", f"{digest}@tongbao")
    event.add("dtstamp", stamp)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    event.add("summary", _inert(one.title))
    if one.lines:
        event.add("description", _inert("\n".join(one.lines)))
    # A day to know of, not one on which a person is busy.
    event.add("transp", "TRANSPARENT")
    # One for a moment already past would ring at once.
    if one.remind and datetime.combine(one.day, time(), UTC) + _REMINDER > stamp:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _inert(one.title))
        alarm.add("trigger", _REMINDER)
        event.add_component(alarm)
    return event


def _inert(text: str) -> str:
    """A text that may stand in a property: no control but the end of a line, and Unicode only."""
    return _CONTROL.sub(" ", text).encode("utf-8", "replace").decode()

"""iCalendar files: what another program reads from them, and bytes that never differ."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from engine.explanation.ics import Event, to_ics
from tests.support.folders import ROOT

AS_OF = date(2026, 3, 1)
LONG = "孩子满 14 周岁；不能再绑定医院，要改绑社康中心，" * 8
EVENTS = [
    Event(
        date(2026, 3, 2), "满 14 周岁：「可以绑定吗？」的答案会变", (LONG, "a, b; c\\d"), "may_bind"
    ),
    Event(date(2026, 3, 2), "Last day", (), "filing_status:until", remind=True),
    Event(date(2026, 12, 31), LONG, ("One line",), "claim_deadline:until", remind=True),
]
MAKE = """
import sys
from datetime import date
sys.path.insert(0, "")
from tests.unit.engine.test_ics import AS_OF, EVENTS
from engine.explanation.ics import to_ics
sys.stdout.buffer.write(to_ics(EVENTS, AS_OF, "x"))
"""


def parsed(data: bytes) -> icalendar.Calendar:
    found = icalendar.Calendar.from_ical(data)
    assert isinstance(found, icalendar.Calendar)
    return found


def read(data: bytes) -> list[icalendar.Event]:
    return list(parsed(data).events)


def test_what_is_read_back_is_what_was_written() -> None:
    data = to_ics(EVENTS, AS_OF, "童保")
    assert parsed(data)["x-wr-calname"] == "童保"
    for event, found in zip(EVENTS, read(data), strict=True):
        assert found.start == event.day
        assert found.end == event.day + timedelta(days=1)
        assert found["summary"] == event.title
        assert found.get("description", "") == "\n".join(event.lines)
        assert found.stamp == datetime(2026, 3, 1, tzinfo=UTC)
        assert found["transp"] == "TRANSPARENT"


def test_the_form_of_rfc_5545() -> None:
    data = to_ics(EVENTS, AS_OF, "童保")
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode("utf-8")  # no character is cut in two
    assert {b"DTSTART;VALUE=DATE:20260302", b"DTEND;VALUE=DATE:20261231"} - set(lines) == {
        b"DTEND;VALUE=DATE:20261231"
    }
    assert b"DTSTAMP:20260301T000000Z" in lines
    assert {b"VERSION:2.0", b"BEGIN:VCALENDAR", b"END:VCALENDAR"} <= set(lines)


def test_a_deadline_rings_a_week_before_in_the_morning_if_that_is_still_to_come() -> None:
    alarms = [event.walk("VALARM") for event in read(to_ics(EVENTS, AS_OF, "x"))]
    assert [len(one) for one in alarms] == [0, 0, 1]
    (alarm,) = alarms[2]
    assert isinstance(alarm, icalendar.Alarm)
    rings = datetime.combine(date(2026, 12, 31), datetime.min.time()) + alarm.TRIGGER
    assert rings == datetime(2026, 12, 24, 9)  # noqa: DTZ001 - the local time of whoever reads it
    assert alarm["action"] == "DISPLAY"


def test_every_event_has_its_own_uid_and_keeps_it() -> None:
    uids = [str(event["uid"]) for event in read(to_ics(EVENTS, AS_OF, "x"))]
    assert len(set(uids)) == len(EVENTS)
    later = [str(event["uid"]) for event in read(to_ics(EVENTS, date(2026, 4, 1), "y"))]
    assert uids == later
    reworded = Event(EVENTS[0].day, "In English", ("words",), EVENTS[0].key)
    assert str(read(to_ics([reworded], AS_OF, "x"))[0]["uid"]) == uids[0]


def test_an_empty_calendar_is_one() -> None:
    assert read(to_ics([], AS_OF, "x")) == []


@pytest.mark.parametrize(
    ("zone", "seed"), [("Asia/Shanghai", "1"), ("America/Los_Angeles", "2"), ("UTC", "random")]
)
def test_the_bytes_are_the_same_anywhere(zone: str, seed: str) -> None:
    surroundings = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed}
    run = subprocess.run(
        [sys.executable, "-c", MAKE], cwd=ROOT, env=surroundings, capture_output=True, check=True
    )
    assert run.stdout == to_ics(EVENTS, AS_OF, "x")

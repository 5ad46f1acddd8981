"""The calendar in words: what a parent reads on the day, in both languages."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import icalendar
import pytest

from engine.case import read_case
from engine.checker import Checker
from engine.explanation.calendar import Entry, calendar
from engine.explanation.ics import Event
from tests.support import loaded
from tests.support.folders import ROOT
from tests.support.one_decision import checker, rule
from tui.explain.events import events, write_ics
from tui.locale import LANGUAGES, Locale
from tui.rules.words import RuleWords
from tui.text.safe import safe

SHIPPED = loaded.checker()
AS_OF = date(2026, 3, 1)
CHILD = {"id": "510000199901010000", "region": "440300", "scheme": "resident",
         "birth_date": "2012-03-02", "institution_kind": "general_hospital",
         "institution_level": 2, "in_city": True, "bound_community": 1, "bound_hospital": 0,
         "last_bound_on": "2020-01-01", "topics": ["hospital_binding"]}  # fmt: skip
STAY = {"region": "440300", "birth": "2012-05-06", "visit": "2026-02-10"}
MAKE = """
import sys
sys.path.insert(0, "")
from tests.unit.tui.test_events import written
sys.stdout.buffer.write(written("zh"))
"""


def told(one: Checker, data: dict[str, Any], lang: str, as_of: date = AS_OF) -> list[Event]:
    found: list[Entry] = calendar(one, read_case(data, one.library, as_of))
    return events(RuleWords(one.library, Locale(lang)), found)


def written(lang: str) -> bytes:
    stream = io.BytesIO()
    write_ics(stream, told(SHIPPED, CHILD, lang), AS_OF, Locale(lang))
    return stream.getvalue()


def test_the_14th_birthday_in_chinese() -> None:
    (event,) = told(SHIPPED, CHILD, "zh")
    assert event.day == date(2026, 3, 2)
    assert event.title.startswith("满 14 周岁：")
    assert not event.remind
    assert "原因：满 14 周岁" in event.lines
    decision = SHIPPED.library.decisions["may_bind"]
    start = event.lines.index(safe(decision.question.zh))
    assert event.lines[start + 1].startswith("之前：")
    title = safe(decision.outcomes["centre_instead"].title.zh)
    assert event.lines[start + 2] == f"从这天起：不可以：{title}"


def test_the_14th_birthday_in_english() -> None:
    (event,) = told(SHIPPED, CHILD, "en")
    assert event.title.startswith("turning 14: ")
    assert "Because: turning 14" in event.lines


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_deadline_says_its_answer_and_rings(lang: str, tmp_path: Path) -> None:
    until = {"outcome": "a", "until": {"date": "visit", "days": 60}}
    (event,) = told(checker(tmp_path, [rule("told", "always", until)]), STAY, lang)
    locale = Locale(lang)
    assert event.day == date(2026, 4, 11)
    assert event.remind
    assert any(locale.day(event.day) in line for line in event.lines)
    assert event.lines[-1] == locale("calendar.check_again")
    assert locale("verdict.stated") in event.lines[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_reason_and_day_has_words(lang: str, tmp_path: Path) -> None:
    """Months, days, a parameter, a group of places, rules, a range, a day that moves."""
    derived = {
        "lying_now": {"relation": {"of": "region", "to": "away", "group": "pair", "on": "as_of"}},
        "months_since": {
            "months_between": {"from": "visit", "to": "as_of", "short_month": "last_day"}
        },
    }
    values = [{"value": 14, "in_force": {"from": None, "to": "2026-12-31"}},
              {"value": 20, "in_force": {"from": "2027-01-01", "to": None}}]  # fmt: skip
    month = {"month_start": "as_of", "months": 1}
    spring = {"in_force": {"from": None, "to": "2026-03-31"}}
    rules = [
        rule("last", "always", {"outcome": "a", "from": {"range": [month, {**month, "months": 2}]},
                                "value": {"date": "visit", "years": 3}}),
        rule("near", {"fact": "lying_now", "equals": "same_group"}, "b", overrides=["last"],
             **spring),
        rule("sixth", {"fact": "months_since", "equals": 6}, "c", overrides=["last"]),
        rule("day", {"fact": "until_today", "equals": 99}, "b", overrides=["last"]),
        rule("grown", {"fact": "age_now", "gte": {"param": "limit"}}, "b",
             overrides=["last", "sixth", "day"],
             in_force={"from": "2026-12-01", "to": None}),
    ]  # fmt: skip
    one = checker(tmp_path, rules, derived, values)
    case = {"region": "110000", "away": "130100", "birth": "2012-05-06", "visit": "2026-02-10"}
    found = told(one, case, lang, date(2026, 2, 20))
    assert [event.day for event in found] == [
        date(2026, 2, 26),  # the group
        date(2026, 3, 1),  # when it holds if it is done today
        date(2026, 4, 1),  # the end of the group's rule
        date(2026, 5, 20), date(2026, 5, 21),  # the 99th day
        date(2026, 8, 10), date(2026, 9, 10),  # the seventh month
        date(2026, 12, 1), date(2027, 1, 1),  # 14 counts, then 20
        date(2029, 2, 10),  # the day the answer names
        date(2032, 5, 6),
    ]  # fmt: skip


def test_no_uid_hangs_on_words_or_on_who_the_child_is() -> None:
    (chinese,) = icalendar.Calendar.from_ical(written("zh")).walk("VEVENT")
    (english,) = icalendar.Calendar.from_ical(written("en")).walk("VEVENT")
    assert chinese["uid"] == english["uid"]
    assert chinese["summary"] != english["summary"]
    renamed = told(SHIPPED, {**CHILD, "id": "another"}, "zh")
    assert renamed == told(SHIPPED, CHILD, "zh")
    assert str(CHILD["id"]).encode() not in written("zh")


def test_to_a_path_and_to_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "calendar.ics"
    write_ics(path, told(SHIPPED, CHILD, "zh"), AS_OF, Locale("zh"))
    assert path.read_bytes() == written("zh")


def test_the_bytes_are_the_same_in_any_process() -> None:
    surroundings = {**os.environ, "TZ": "America/Los_Angeles", "PYTHONHASHSEED": "7"}
    run = subprocess.run(
        [sys.executable, "-c", MAKE], cwd=ROOT, env=surroundings, capture_output=True, check=True
    )
    assert run.stdout == written("zh")

"""The view models of the rules and of the palette: whole, of any shipped rule, and safe."""

from __future__ import annotations

from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import cast

import pytest

from tests.support import loaded
from tests.support.hostile import HOSTILE, poisoned
from tests.support.screen import desk as demo
from tests.support.screen import new_journey
from tui import keys
from tui.desk import Desk
from tui.locale import LANGUAGES, Locale, catalogue
from tui.palette import Palette
from tui.rules.showing import holds
from tui.rules_pages.asked import Asked
from tui.rules_pages.choosing import Choosing
from tui.rules_pages.proving import examples_of
from tui.rules_pages.reading import Reading
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE
from tui.text.safe import safe

DAY = date(2026, 3, 1)


@cache
def shipped() -> Desk:
    return Desk(loaded.checker(), DAY)


def _reading(desk: Desk, asked: Asked, lang: str = "zh") -> Reading:
    return Reading(Speaker(desk.journey, Locale(lang), UNICODE), desk, asked.about)


@pytest.mark.parametrize(
    "asked",
    [Asked("t"), Asked("t", "440300"), Asked("t", "440300", DAY), Asked("t", "1", DAY, "a/b c#0")],
)
def test_a_route_says_what_was_asked(asked: Asked) -> None:
    assert Asked.read(asked.about) == asked


def test_every_rule_in_force_is_listed_and_can_be_opened() -> None:
    desk = shipped()
    library = desk.library
    for topic in library.topics:
        regions = {one.region for one in library.rules.values() if one.topic == topic}
        for place in sorted(regions):
            reading = _reading(desk, Asked(topic, place, DAY), LANGUAGES[len(place) % 2])
            listed = {Asked.read(line.about).item for one in reading.sections for line in one.lines}
            there = {one.id for one in library.rules.values()
                     if one.topic == topic and holds(reading.words, one)}  # fmt: skip
            assert there <= listed
            assert {one for one in listed - there if "#" not in one} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rule_is_told_without_the_ids_of_others(lang: str) -> None:
    desk = shipped()
    for rule in list(desk.library.rules.values())[::7]:
        view = _reading(desk, Asked(rule.topic, rule.region, DAY, rule.id), lang).one()
        labels = [label for label, _ in view.rows]
        t = Locale(lang)
        for row in ("when", "because", "sources", "in_force"):
            assert t(f"rules.row.{row}") in labels
        told = " ".join(text for _, texts in view.rows[:-1] for text in texts)
        ids = {*rule.overrides, rule.then.outcome or rule.id, rule.id}
        assert not {one for one in ids if f"({one})" in told or f"（{one}）" in told}
        assert view.rows[-1][1] == (rule.id,)


def test_rejected_and_disputed_rules_say_so_where_they_are_listed() -> None:
    desk = shipped()
    reading = _reading(desk, Asked("hospital_binding", "440300", DAY))
    notes = {Asked.read(line.about).item: line.note
             for one in reading.sections for line in one.lines}  # fmt: skip
    disputed = {name for one in desk.library.disputes.values() for name in one.between}
    assert notes.keys() & desk.library.rejected
    assert notes.keys() & disputed
    for name, note in notes.items():
        if name in desk.library.rejected:
            assert note.startswith("【不采用】")
        elif name in disputed:
            assert note.startswith("【有争议】")
        else:
            assert not note.startswith("【")


def test_what_is_typed_is_found_in_conditions_and_sources() -> None:
    reading = _reading(shipped(), Asked("hospital_binding", "440300", DAY))
    total = sum(len(one.lines) for one in reading.sections)
    for text in ("三级 医院", "指南", "14"):
        found = sum(len(one.lines) for one in reading.find(text))
        assert 0 < found < total
    assert reading.find("  ") == reading.sections
    assert reading.find("指南 没有这个词") == ()


def test_the_examples_of_a_rule_rest_on_it() -> None:
    desk = shipped()
    rule = desk.library.rules["sz_new_centre"]
    found = examples_of(desk.checker, rule)
    assert found
    for example in found:
        answer = desk.checker.check(dict(example.case), DAY, [rule.topic])
        assert rule.id in answer.decisions[rule.decision].rules


def test_places_with_rules_of_their_own_come_first_after_the_nation() -> None:
    desk = shipped()
    choosing = Choosing(Speaker(desk.journey, Locale("zh"), UNICODE), Asked("filing").about)
    first, *others = choosing.places("")
    assert Asked.read(str(first.value)).place == desk.library.places.nation
    assert {one.note for one in others} == {"有当地规定"}
    notes = [one.note for one in choosing.places("州")]
    assert notes == sorted(notes, key=lambda one: one != "有当地规定")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_made_safe(text: str) -> None:
    journey = poisoned(new_journey(), text)
    fake = cast("SimpleNamespace", journey.library)
    fake.authored, fake.claims, fake.rejected = SimpleNamespace(values={}), {}, frozenset()
    fake.parameters = {}
    topic = next(iter(fake.topics))
    desk = demo(lambda: journey)
    reading = _reading(desk, Asked(topic, "440300", DAY))
    lines = [line for one in reading.sections for line in one.lines]
    assert lines
    for line in lines:
        view = _reading(desk, Asked.read(line.about)).one()
        for shown in (line.text, line.note, view.answer, *(x for _, xs in view.rows for x in xs)):
            assert not {char for char in shown.replace("\n", "") if safe(char) != char}


# -- the palette -------------------------------------------------------------------------------


def test_every_command_is_found_by_its_words_and_its_initials() -> None:
    desk = demo()
    for lang in LANGUAGES:
        say = Speaker(desk.journey, Locale(lang), UNICODE)
        for screen in keys.SCREENS:
            palette = Palette(say, desk, screen)
            for command in palette.commands:
                assert command.action or command.route
                assert command in palette.find(command.label)
            assert palette.find("") == palette.commands


def test_initials_have_a_letter_for_each_character() -> None:
    texts = catalogue("zh")
    for key, initials in texts.items():
        name = key.removeprefix("palette.initials.")
        if name == key or name in ("lang", "page_rules", "page_batch", "page_bench"):
            continue
        label = str(texts[f"keys.{name}"])
        letters = str(initials)
        assert letters.isascii()
        assert letters.isalpha()
        assert len(letters) == sum("\u4e00" <= one <= "\u9fff" for one in label), name


def test_every_command_of_a_page_has_initials() -> None:
    t = Locale("zh")
    names = {keys.named(key, screen, t) for screen, given in keys.SCREENS.items() for key in given}
    assert {one for one in names if f"palette.initials.{one}" not in t} == set()

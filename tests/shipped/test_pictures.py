"""Pictures of the shipped rules: what they show is what the checker answers; all can be read."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.cells import cell_len

from engine.analysis.bands import Band
from engine.analysis.grid import Grid, grid
from tests.support import loaded
from tui.locale import Locale
from tui.pictures.command import KINDS, drawn
from tui.pictures.mermaid import mermaid
from tui.pictures.svg import svg
from tui.pictures.terminal import text
from tui.rules.words import RuleWords

DAY = date(2026, 3, 1)
CHECKER = loaded.checker(compare=False)
LIBRARY = CHECKER.library
HINTS = {one.picture.decision: one.picture
         for one in LIBRARY.topics.values() if one.picture is not None}  # fmt: skip
DRAWN = [(name, place) for name in HINTS for place in sorted(LIBRARY.regions_of(name))
         if LIBRARY.places.pool(place) is not None]  # fmt: skip
DOCS = Path(__file__).parents[2] / "docs"
OLDEST = 30


def drawn_from(decision: str, place: str, day: date = DAY) -> Grid:
    hint = HINTS[decision]
    return grid(CHECKER, decision, region=place, day=day, rows=hint.rows,
                column=hint.columns, given=hint.given)  # fmt: skip


def value(band: Band, chance: random.Random) -> dict[str, object]:
    """Any value of a band, in the form a case has it."""
    fact = LIBRARY.vocabulary.facts.get(band.fact)
    if band.fact == "age_now" and band.case:
        high = OLDEST if band.high is None else band.high
        born = DAY.replace(year=DAY.year - chance.randint(band.low or 0, high))
        return {"birth_date": born.isoformat()}
    if fact is not None and band.values:
        chosen = chance.choice(band.values)
        return {band.fact: chosen == "true" if fact.type == "bool" else chosen}
    if fact is None or band.low is None or band.high is None:
        return dict(band.case)
    return {band.fact: chance.randint(band.low, band.high)}


@pytest.mark.parametrize(("decision", "place"), DRAWN)
def test_a_square_holds_for_everybody_of_its_row_and_column(decision: str, place: str) -> None:
    chance, found = random.Random(place), drawn_from(decision, place)
    selecting = LIBRARY.decisions[decision].region
    for row in found.rows:
        for column, cell in zip(found.columns, row.cells, strict=True):
            own = {key: one for band in (*row.bands, column)
                   for key, one in value(band, chance).items()}  # fmt: skip
            case = {selecting: place, **found.given, **own}
            result = CHECKER.check(case, DAY, decisions=[decision])
            if cell is None:
                assert {one.code for one in result.faults} == {"contradiction"}, case
            else:
                answer = result.decisions[decision]
                assert (answer.verdict, answer.outcome) == (cell.verdict, cell.outcome), case


def test_the_fourteenth_birthday_and_level_three_are_seen_at_once() -> None:
    found = drawn_from("may_bind", "440300")
    assert [(one.low, one.high) for one in found.columns] == [(0, 13), (14, None)]
    verdicts = [[one.verdict for one in row.cells if one] for row in found.rows]
    assert verdicts == [
        ["eligible", "eligible"],
        ["disputed", "not_eligible"],
        ["not_eligible", "not_eligible"],
        ["not_eligible", "not_eligible"],
    ]
    before = drawn_from("may_bind", "440300", date(2023, 9, 30))
    assert "eligible" in {row.cells[0].verdict for row in before.rows[1:] if row.cells[0]}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("topic", ["hospital_binding", "filing"])
def test_every_kind_is_drawn_in_every_form(topic: str, kind: str, lang: str) -> None:
    words = RuleWords(LIBRARY, Locale(lang))
    picture = drawn(words, CHECKER, LIBRARY.topics[topic].decisions, kind, "440300", DAY)
    assert max(map(cell_len, text(picture).splitlines())) <= 80
    root = ET.fromstring(svg(picture))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for rect in root.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(rect.attrib.get("x", 0)) + float(rect.attrib["width"]) <= width + 1
        assert float(rect.attrib.get("y", 0)) + float(rect.attrib["height"]) <= height + 1
    assert mermaid(picture).count('"') % 2 == 0


def test_the_picture_in_the_readme_is_the_one_drawn() -> None:
    words = RuleWords(LIBRARY, Locale("zh"))
    picture = drawn(words, CHECKER, ["may_bind"], "grid", "440300", DAY)
    assert (DOCS / "binding.svg").read_text("utf-8") == svg(picture) + "\n"

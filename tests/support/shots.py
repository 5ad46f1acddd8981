"""Draws every screen, with the shipped rules and in both languages, into a folder of SVG files.

Run by `make shots`. They are looked at, not kept.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

from engine.batch.run import run
from engine.checker import Checker
from tests.support.every_page import every_page
from tests.support.picture import AS_OF, tidy
from tests.support.screen import press, shown
from tui.app import TongbaoApp
from tui.desk import Desk
from tui.locale import LANGUAGES, Locale

CASES = Path(__file__).parents[2] / "docs" / "cases.jsonl"
FAMILIES: dict[str, dict[str, object]] = {
    "hospital_binding": {
        "region": "440300", "scheme": "resident", "in_city": True,
        "institution_kind": "general_hospital", "institution_level": 3,
        "birth_date": "2012-03-02", "bound_community": 0, "bound_hospital": 1,
    },
    "filing": {
        "region": "440300", "care_region": "110000", "visit_date": "2026-02-20",
        "emergency": False, "stay_kind": "temporary", "referral": False, "filed": "not_filed",
        "care_kind": "inpatient", "discharged": False, "networked_hospital": True,
        "item_listing": "in_list", "third_party_injury": "no_injury", "used_own_card": True,
    },
}  # fmt: skip
"""By topic, what a family answers; what is not listed it does not know."""


async def draw(folder: Path) -> list[Path]:
    """The files drawn."""
    drawn: list[Path] = []
    checker = Checker.load()
    with tempfile.TemporaryDirectory() as made, chdir(made):
        results = Path(made) / "results.jsonl"
        lines: list[str] = []
        run(checker, [str(CASES)], lambda text, _: lines.append(text + "\n"), AS_OF)
        results.write_text("".join(lines), "utf-8")
        for lang in LANGUAGES:
            for topic in FAMILIES:
                desk = desk_of(checker, topic)
                async with shown(TongbaoApp(desk, Locale(lang))) as (app, pilot):
                    async for page in every_page(app, pilot, results, CASES):
                        path = folder / f"{topic}.{page.replace(':', '-')}.{lang}.svg"
                        path.write_text(tidy(app.export_screenshot(title="tongbao")), "utf-8")
                        drawn.append(path)
                        if page == "result":
                            await press(pilot, "pagedown", "pagedown")
                            path = folder / f"{topic}.{page}-below.{lang}.svg"
                            path.write_text(tidy(app.export_screenshot(title="tongbao")), "utf-8")
                desk.batch.close()
    return drawn


def desk_of(checker: Checker, topic: str) -> Desk:
    """A desk on which a family has its result."""
    desk = Desk(checker, AS_OF, exports=Path("/home/me/papers"))
    journey = desk.journey
    journey.begin()
    journey.choose(topic)
    while journey.fact is not None:
        said = FAMILIES[topic].get(journey.fact)
        if journey.answer(said) is not None:  # type: ignore[arg-type] # they are answers
            journey.answer(None)
    journey.proceed()
    return desk


if __name__ == "__main__":
    into = Path(sys.argv[1])
    into.mkdir(parents=True, exist_ok=True)
    print(f"{len(asyncio.run(draw(into)))} files in {into}")  # noqa: T201 - for who runs it

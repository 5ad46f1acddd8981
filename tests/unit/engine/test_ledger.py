"""The ledger's counts: main text and sidebars apart, what has no entry as well."""

from __future__ import annotations

from engine.ledger import tallies, total
from tests.support import loaded
from tests.support.folders import ROOT

LIBRARY = loaded.library(ROOT / "tests" / "rulesets" / "good")


def test_tallies() -> None:
    found = {(one.article, one.part): one for one in tallies(LIBRARY)}
    assert list(found) == [
        ("article", "main"),
        ("article", "sidebar"),
        ("other_article", "sidebar"),
    ]
    main = found["article", "main"]
    assert main.numbers == ("S1-01", "S1-02a", "S1-03")
    assert main.counts == {"encoded": 1, "rejected": 1, "disputed": 1, "not_decidable": 0}
    assert main.missing == ()
    assert found["article", "sidebar"].missing == ("S1-09",)


def test_totals() -> None:
    every = tallies(LIBRARY)
    sidebars = total(every, "sidebar")
    assert sidebars.numbers == ("S1-09", "S1-04")
    assert sidebars.counts == {"encoded": 0, "rejected": 0, "disputed": 0, "not_decidable": 1}
    assert sidebars.missing == ("S1-09",)
    assert len(total(every, "main").numbers) == 3

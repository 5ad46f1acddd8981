"""Every theme can be read, and the verdicts be told apart: by colour, and without any.

Distances are CIE76; see `tests.support.colours`.
"""

from __future__ import annotations

import itertools
import math

import pytest
from textual.theme import Theme

from tests.support.colours import SEEING, contrast, lab
from tui.locale import LANGUAGES, Locale
from tui.text.glyphs import ASCII, UNICODE, Glyphs
from tui.theme import GROUNDS, TEXT_COLOURS, THEMES, VERDICT_COLOURS, following
from tui.views.help import VERDICTS

CONTRAST = 4.5
HIGH = 7.0
APART = 15.0
"""Any two colours of verdicts are at least so far apart, for everybody."""
YES_AND_NO = 30.0


def _apart(theme: Theme, one: str, other: str, seeing: str) -> float:
    first, second = (lab(getattr(theme, name), seeing) for name in (one, other))
    return math.dist(first, second)


def test_the_formulas_give_what_is_published() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert lab("#FFFFFF", "all") == pytest.approx((100, 0, 0), abs=0.02)
    assert lab("#FF0000", "all") == pytest.approx((53.24, 80.09, 67.20), abs=0.05)
    # Greys are seen as they are.
    assert lab("#808080", "deutan") == pytest.approx(lab("#808080", "all"), abs=0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXT_COLOURS)
def test_contrast(theme: Theme, ground: str, text: str) -> None:
    least = HIGH if theme.name.endswith("contrast") else CONTRAST
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= least


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("seeing", SEEING)
def test_the_colours_of_verdicts_stay_apart(theme: Theme, seeing: str) -> None:
    for one, other in itertools.combinations(VERDICT_COLOURS, 2):
        assert _apart(theme, one, other, seeing) >= APART, (one, other)
    assert _apart(theme, "success", "error", seeing) >= YES_AND_NO


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_verdicts_differ_without_colour(glyphs: Glyphs, lang: str) -> None:
    """In their words always; and in their signs wherever a yes could be read for a no."""
    t = Locale(lang)
    for one, other in itertools.combinations(VERDICTS, 2):
        assert t(f"verdict.{one}") != t(f"verdict.{other}")
    yes, no, doubt = ("eligible", "action_needed"), "not_eligible", ("unclear", "disputed")
    for one in yes:
        for other in (no, *doubt):
            assert glyphs.verdict(one) != glyphs.verdict(other)
    assert glyphs.verdict(no) not in {glyphs.verdict(one) for one in doubt}


def test_the_themes_follow_each_other_in_a_ring() -> None:
    names = [THEMES[0].name]
    while len(names) < 2 or names[-1] != names[0]:
        names.append(following(names[-1]))
    assert names[:-1] == [one.name for one in THEMES]

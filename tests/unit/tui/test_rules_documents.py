"""The documents on rules: as text within the columns, as Markdown, and in words by the letter."""

from __future__ import annotations

import json
from datetime import date

import pytest

from engine.checker import Checker
from engine.library import Library
from engine.words import Words
from tests.support import loaded
from tests.support.folders import ROOT, golden
from tests.support.folders import RULESETS as CLINIC
from tests.support.hostile import HOSTILE
from tui.locale import LANGUAGES, Locale
from tui.rules.claims import as_data, ledger
from tui.rules.document import (
    WIDTH,
    Block,
    Column,
    Heading,
    Paragraph,
    Rows,
    Table,
    as_markdown,
    as_text,
)
from tui.rules.listing import listing
from tui.rules.showing import showing
from tui.rules.trying import Tried
from tui.rules.words import RuleWords
from tui.text.safe import safe
from tui.text.width import cell_len

GOOD = ROOT / "tests" / "rulesets" / "good"
GOLDEN = ROOT / "tests" / "golden" / "rules"
LIBRARY = loaded.library(GOOD)
LATER = date(2026, 3, 1)


def documents(lang: str) -> dict[str, list[Block]]:
    words = RuleWords(LIBRARY, Locale(lang))
    topic = LIBRARY.topics["clinic"]
    there = RuleWords(LIBRARY, Locale(lang), "440300", LATER)
    clinic = Library.load(CLINIC)
    binding = RuleWords(clinic, Locale(lang))
    return {
        "list": listing(words),
        "show": showing(words, topic),
        "show_there_and_then": showing(there, topic),
        "show_binding": showing(binding, clinic.topics["clinic"]),
        "claims": ledger(words),
    }


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(documents("zh")))
def test_golden_text(name: str, lang: str) -> None:
    golden(GOLDEN / f"{name}.{lang}.txt", as_text(documents(lang)[name]))


@pytest.mark.parametrize("name", sorted(documents("zh")))
def test_golden_markdown(name: str) -> None:
    golden(GOLDEN / f"{name}.zh.md", as_markdown(documents("zh")[name]))


def test_golden_claims_as_data() -> None:
    text = json.dumps(as_data(LIBRARY), ensure_ascii=False, indent=2) + "\n"
    golden(GOLDEN / "claims.json", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_text_keeps_within_the_columns(lang: str) -> None:
    for blocks in documents(lang).values():
        lines = as_text(blocks).splitlines()
        assert [line for line in lines if cell_len(line) > WIDTH] == []
        assert [line for line in lines if line != line.rstrip()] == []


def test_every_rule_and_source_is_there() -> None:
    text = as_text(documents("en")["show"])
    assert [name for name in LIBRARY.rules if f"\n{name}\n" not in text] == []
    cited = {one.source for rule in LIBRARY.rules.values() for one in rule.sources}
    titles = [LIBRARY.sources[name].title.en for name in cited]
    assert [title for title in titles if title not in text] == []


def test_a_place_and_a_day_leave_out_what_does_not_hold() -> None:
    topic, english = LIBRARY.topics["clinic"], Locale("en")

    def shown(place: str | None, day: date | None) -> str:
        return as_text(showing(RuleWords(LIBRARY, english, place, day), topic))

    assert "sz_elsewhere" in shown("440300", LATER)
    assert "sz_elsewhere" in shown(None, LATER)
    assert "\nsz_elsewhere\n" not in shown("440300", date(2027, 1, 1))
    assert "\nsz_elsewhere\n" not in shown("110000", LATER)
    # The nation's value, and those of the places that have one of their own.
    child = "is less than {} years (age of an adult)"
    for place, age in (("120000", 14), ("440300", 16), ("110000", 15)):
        assert child.format(age) in " ".join(shown(place, LATER).split())
    assert child.format(18) in " ".join(shown("120000", date(2024, 5, 1)).split())
    assert "\ncn_at_home\n" not in shown(None, date(1999, 1, 1))
    clinic = Library.load(CLINIC)
    nothing = showing(RuleWords(clinic, english, None, date(1999, 1, 1)), clinic.topics["clinic"])
    assert as_text(nothing).endswith("\nNo rule fits this place and date.\n")


def test_examples_are_tried() -> None:
    tried = Tried(Checker(LIBRARY), Locale("en"), None)
    assert tried.well
    assert tried.lines() == ["2 examples tried, 3 answers compared; 0 examples failed."]
    tried = Tried(Checker.load(CLINIC), Locale("en"), "clinic")
    assert (tried.lines()[-1][:2], tried.well) == ("0 ", True)


class Poisoned(RuleWords):
    """Says the same hostile text wherever the library has words."""

    text = ""

    def say(self, words: Words | None) -> str:
        return safe(self.text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_break_neither_columns_nor_tables(text: str) -> None:
    words = Poisoned(LIBRARY, Locale("zh"))
    words.text = text
    for blocks in (listing(words), showing(words, LIBRARY.topics["clinic"]), ledger(words)):
        lines = as_text(blocks).split("\n")
        assert [line for line in lines if cell_len(line) > WIDTH] == []
        assert all(line.isprintable() for line in lines)
        tables = [block for block in blocks if isinstance(block, Table)]
        rows = as_markdown(tables).split("\n")
        assert len([row for row in rows if row]) == sum(len(one.rows) + 2 for one in tables)


def test_markdown_takes_no_marks_from_texts() -> None:
    blocks: list[Block] = [
        Heading(1, "h | h"),
        Paragraph("a_b *c* <d>"),
        Rows((("l", ()), ("m", ("n", "o")))),
    ]
    assert as_markdown(blocks) == ("# h \\| h\n\na\\_b \\*c\\* \\<d\\>\n\n- **m**\n  - n\n  - o\n")


def test_a_table_wraps_and_cuts_its_loose_columns() -> None:
    long = "孩子的医保卡" * 12
    wrapped = Table((Column("n", right=True), Column("t", loose="wrap")), (("1", long),))
    lines = as_text([wrapped]).splitlines()
    assert len(lines) == 4
    assert max(map(cell_len, lines)) <= WIDTH
    cut = Table((Column("n"), Column("t", loose="cut")), (("1", long),))
    assert as_text([cut]).splitlines()[2].endswith("..")

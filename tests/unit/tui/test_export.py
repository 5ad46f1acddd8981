"""The files made of a result: their bytes, what they must hold, and that no text breaks them."""

from __future__ import annotations

import json
import os
import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import icalendar
import pytest
from markdown_it import MarkdownIt

from engine.batch.encoding import encode
from engine.batch.reader import read_item
from engine.explanation.advice import with_words
from engine.verification.held import held
from engine.verification.joining import Joined
from engine.verification.verifier import Verifier
from tests.support.demo import AS_OF
from tests.support.folders import ROOT
from tests.support.hostile import HOSTILE, poisoned
from tests.support.screen import checker
from tui.desk import Desk
from tui.export import html, prose
from tui.export.delivery import FORMS, Wish, delivered, free, made, name_of, write_new
from tui.export.sheet import sheet
from tui.locale import Locale
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE
from tui.text.markdown import escaped
from tui.text.width import cell_len

if TYPE_CHECKING:
    from pathlib import Path

    from tui.journey import Answer

GOLDEN = ROOT / "tests" / "golden" / "export"
TOLD: dict[str, Answer] = {
    "region": "440300", "birth_date": "2012-03-02", "institution_kind": "hospital",
    "institution_level": 3, "emergency": True, "bill_yuan": "1200.50",
}  # fmt: skip
LANGUAGES = ("zh", "en")
# A calendar may break it over two lines.
HASH = re.compile(rb"\b(?:[0-9a-f](?:\r\n )?){15}[0-9a-f]\b")


PLANS = Desk(checker(), AS_OF)


def _desk(**told: Answer) -> Desk:
    """A desk at the result."""
    desk = Desk(checker(), AS_OF)
    desk._plans = PLANS._plans
    desk.journey.begin()
    desk.journey.choose("clinic")
    while desk.journey.fact:
        desk.journey.answer((TOLD | told)[desk.journey.fact])
    desk.journey.proceed()
    return desk


def _say(desk: Desk, lang: str = "zh") -> Speaker:
    return Speaker(desk.journey, Locale(lang), UNICODE)


def _made(form: str, lang: str = "zh", *, answers: bool = True, **told: Answer) -> bytes:
    desk = _desk(**told)
    desk.journey.tick("papers/card")
    return made(desk, _say(desk, lang), Wish(form, answers=answers))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_golden(form: str, lang: str) -> None:
    """The bytes equal the golden; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    # The rules' hash is their matter and changes with any of their words.
    found = HASH.sub(lambda one: re.sub(rb"[0-9a-f]", b"0", one[0]), _made(form, lang))
    path = GOLDEN / f"clinic.{lang}.{FORMS[form]}"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(found)
    assert found == path.read_bytes()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_each_says_by_what_and_on_whose_word(form: str, lang: str) -> None:
    desk = _desk()
    content = made(desk, _say(desk, lang), Wish(form)).replace(b"\r\n ", b"").decode()
    t = Locale(lang)
    receipt = desk.journey.asking.result().receipt or ""
    for text in (AS_OF.isoformat(), desk.rules, receipt, "0.1.0"):
        assert text in content or text.replace("-", "") in content, text
    disclaimer = t("app.disclaimer")
    folded = content.replace("\\;", ";").replace("\\,", ",").replace("\n", " ")
    assert disclaimer in folded or disclaimer in folded.replace("\\", "")
    source = checker().library.sources["bureau_reply"]
    assert source.title.get(lang) in content
    assert source.checked.isoformat() in content


@pytest.mark.parametrize("form", ["html", "text", "markdown", "json"])
def test_answers_are_left_out_on_demand(form: str) -> None:
    assert b"1200.5" in _made(form)
    assert b"1200.5" not in _made(form, answers=False)


def test_json_is_the_case_and_what_check_makes_of_it() -> None:
    desk = _desk()
    written = json.loads(made(desk, _say(desk), Wish("json")), parse_float=Decimal)
    result = checker().check(written["case"], AS_OF)
    expected = json.loads(encode(with_words(checker().library, result, "zh")), parse_float=Decimal)
    assert written["result"] == expected
    assert written["rules"] == desk.rules


def test_what_is_exported_with_the_answers_can_be_checked_by_its_receipt() -> None:
    desk = _desk()
    verifier = Verifier(checker().library)
    for answers, verdict in ((True, "same"), (False, "no_case")):
        content = made(desk, _say(desk), Wish("json", answers=answers))
        one = held(read_item(1, content), verifier.library.decisions)
        joined = Joined(one.case, "own") if one.case else None
        assert verifier.judge(one, joined).verdict == verdict


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_calendar_is_folded_by_octets_and_reads_back(lang: str) -> None:
    content = _made("ics", lang)
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode()
    events = list(icalendar.Calendar.from_ical(content).walk("VEVENT"))
    assert events
    t = Locale(lang)
    assert all(t("app.disclaimer") in str(one["description"]) for one in events)


def test_no_day_to_note_is_said_and_nothing_written(tmp_path: Path) -> None:
    desk = _desk(birth_date=None)
    done = delivered(desk, _say(desk), Wish("ics", str(tmp_path)), _deliver)
    assert not done.done
    assert not done.elsewhere
    assert list(tmp_path.iterdir()) == []


# -- no text breaks a file ---------------------------------------------------------------------


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "main",
    "section", "div", "ul", "ol", "li", "span", "footer",
}  # fmt: skip
DANGEROUS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
MORE = ["<script>alert(1)</script>", "</style><img src=x onerror=y>", "&lt;b&gt;", '" onload="x']


@pytest.mark.parametrize("text", [*HOSTILE, *MORE], ids=range(len(HOSTILE) + len(MORE)))
def test_hostile_texts_stay_text(text: str) -> None:
    desk = _desk()
    poisoned(desk.journey, text)
    told, t = sheet(_say(desk), desk.rules, answers=True), Locale("zh")
    for content in (prose.text(told, t), prose.markdown(told, t)):
        assert not DANGEROUS.search(content)
    assert max(map(cell_len, prose.text(told, t).split("\n"))) <= 80
    page = html.page(told, t)
    seen = _Seen()
    seen.feed(page)
    assert seen.tags <= TAGS
    assert seen.attributes <= {"class", "lang", "charset", "http-equiv", "content", "name"}
    assert not DANGEROUS.search(page)
    assert "&lt;script&gt;" in page or "<script>" not in text


def test_a_page_loads_nothing_and_allows_nothing() -> None:
    page = _made("html").decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src &#x27;none&#x27;; style-src &#x27;sha256-")
    for forbidden in ("<script", "<link", "<img", "url(", "@import", "src=", "href="):
        assert forbidden not in page
    colours = set(re.findall(r"#[0-9a-f]{3,6}\b", page))
    assert colours <= {"#fff", "#000", "#333", "#999"}, "black on white"


MARKS = [
    "# a", "## a", "- a", "+ a", "* a", "1. a", "12) a", "> a", "    code", "***", "---", "===",
    "`a`", "``` a", "~~a~~", "**a**", "_a_", "__a__", "[a](b)", "![a](b)", "<b>a</b>", "&amp;",
    "a\n===", "a\n---", "a | b", "\\# a", "\\", "a\\", "<http://x.invalid>", "[x]: y", "a  \nb",
    ":::", "$a$", "- [ ] a",
]  # fmt: skip


@pytest.mark.parametrize("text", [*MARKS, *HOSTILE, *MORE])
def test_markdown_shows_a_text_as_it_stands(text: str) -> None:
    plain = " ".join(text.split())
    if not plain or re.search("[\x00\ud800-\udfff]", plain):
        pytest.skip("`safe` has taken these before")
    for before in ("", "- ", "1. ", "## "):
        shown = MarkdownIt("gfm-like", {"linkify": False}).render(before + escaped(text))
        inner = re.sub(r"^\s*(<[a-z0-9]+>\s*)+|(\s*</[a-z0-9]+>)+\s*$", "", shown)
        seen = _Seen()
        seen.feed(inner)
        assert (seen.text.strip(), seen.tags) == (plain, set()), shown


def test_papers_are_boxes_to_tick() -> None:
    assert "- [x] " in _made("markdown").decode()
    assert "[x] " in _made("text").decode()
    assert '<span class="box">x</span>' in _made("html").decode()


# -- where they go -----------------------------------------------------------------------------


def _deliver(name: str, content: bytes, folder: Path) -> str:
    return str(write_new(folder, name, content))


@pytest.mark.parametrize("form", FORMS)
def test_a_name_tells_the_topic_and_the_day_and_nothing_else(form: str) -> None:
    assert name_of(_say(_desk()), form) == f"tongbao-clinic-2026-03-01.{FORMS[form]}"


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    desk = _desk()
    for _ in range(3):
        assert delivered(desk, _say(desk), Wish("text", str(tmp_path)), _deliver).done
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"tongbao-clinic-2026-03-01{end}.txt" for end in ("-2", "-3", "")]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_dangling_link_is_no_free_place(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "elsewhere")
    assert free(tmp_path, "a.txt") == tmp_path / "a-2.txt"


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    desk = _desk()
    done = delivered(desk, _say(desk), Wish("text", str(tmp_path)), _deliver)
    assert done.elsewhere
    assert "磁盘满了" in done.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["/proc/none", "nul\0", "x" * 300, "~nobody_at_all/x"])
def test_a_folder_that_cannot_be_is_said(folder: str) -> None:
    desk = _desk()
    done = delivered(desk, _say(desk), Wish("text", folder), _deliver)
    assert not done.done
    assert done.elsewhere
    assert done.text.startswith("写不进 ")

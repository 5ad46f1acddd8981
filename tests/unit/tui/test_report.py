"""The report: one page that loads nothing and runs nothing, whatever the cases hold."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from engine.batch.attended import Spot
from engine.batch.privacy import Privacy
from engine.batch.tally import Tally, record
from engine.checker import Checker
from engine.receipt import VERSION, library_hash
from tests.support import loaded
from tests.support.folders import RULESETS
from tests.support.hostile import HOSTILE
from tui.locale import LANGUAGES, Locale
from tui.report.figures import Figures
from tui.report.markup import element, text
from tui.report.page import page
from tui.report.style import SHEET

LIBRARY = loaded.library(RULESETS)
DAY = date(2026, 3, 1)
NUMBER = "11010519491231002X"
VOID = {"meta", "rect"}


def figures(*more: object) -> Figures:
    checker, tally, privacy = Checker(LIBRARY, compare=False), Tally(), Privacy()
    cases: list[object] = [
        {"id": f"c{at}", "region": "440300", "institution_kind": kind,
         "birth_date": f"20{at}-01-20"}
        for at in range(10, 24) for kind in ("centre", "hospital")
    ]  # fmt: skip
    cases += [{"id": "bad", "nothing": "a value"}, {"id": NUMBER, "nothing": 1}, *more]
    errors = 0
    for line, case in enumerate(cases, 1):
        privacy.look(case)
        result = replace(checker.check(case, DAY), line=line)
        record(tally, LIBRARY, case, result)
        errors += bool(result.faults)
    return Figures(
        len(cases), len(cases), errors, DAY, ["cases.jsonl"], library_hash(LIBRARY), VERSION,
        tally, compared=7, duplicates=2, listed=[(Spot(3), [Spot(5), Spot(9)])],
        private=privacy.found,
        broken=["in.gz breaks off"],
    )  # fmt: skip


class _Strict(HTMLParser):
    """Reads a page and refuses what is not closed, not known, or loads or runs anything."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: dict[str, int] = {}
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1
        assert tag not in {"script", "link", "img", "iframe", "object", "base", "form", "a"}
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"style", "src", "href", "xlink:href"}
            assert "javascript:" not in (value or "")
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "rect"
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parsed(html: str) -> _Strict:
    parser = _Strict()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_what_the_run_came_to(lang: str) -> None:
    found, t = figures(), Locale(lang)
    html = page(found, LIBRARY, t)
    parser = parsed(html)
    said = "\n".join(parser.text)
    for decision in found.tally.decisions:
        assert t.of(LIBRARY.decisions[decision].question) in said
    for rule in {rule for *_, rule in found.tally.reasons}:
        assert t.of(LIBRARY.rules[rule].because) in said
        assert t.of(LIBRARY.sources[LIBRARY.rules[rule].sources[0].source].title) in said
    for one in (found.rules, "in.gz breaks off", t("report.error.unknown_key"), "unknown_key",
                t("report.same"), *found.tally.receipts, t("app.disclaimer")):  # fmt: skip
        assert one in said
    assert parser.seen["svg"] > len(found.tally.decisions)
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in html


def test_no_value_and_no_identity_number_is_on_the_page() -> None:
    html = page(figures(), LIBRARY, Locale("en"))
    assert "a value" not in html
    assert NUMBER not in html
    assert "bad (line 29)" in html
    assert "line 30" in html


def test_the_policy_lets_in_our_style_sheet_only() -> None:
    html = page(figures(), LIBRARY, Locale("zh"))
    (sheet,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert sheet == SHEET
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    assert "default-src &#x27;none&#x27;" in policy
    assert f"sha256-{digest}" in policy
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert "//" not in html.replace("<!doctype", "")
    assert "@page{size:A4" in sheet


@pytest.mark.parametrize(
    "hostile", [*HOSTILE, "</style><script>alert(1)</script>", '"><img src=x>']
)
def test_foreign_text_stays_text(hostile: str) -> None:
    found = figures({"id": hostile, "x_姓名" + hostile: 1, "nothing": hostile}, {hostile: hostile})
    found = replace(found, inputs=[hostile], broken=[hostile])
    found.tally.error(hostile, hostile, 3)
    html = page(found, LIBRARY, Locale("en"))
    parsed(html)
    html.encode()
    assert "<script" not in html
    assert "<img" not in html


def test_a_run_without_cases_has_a_report_too() -> None:
    found = Figures(0, 0, 0, DAY, [], "0" * 16, VERSION)
    parsed(page(found, LIBRARY, Locale("zh")))
    assert found.to_json()["decisions"] == {}
    assert "duplicate_ids" not in found.to_json()


def test_a_count_that_differs_is_called_an_error() -> None:
    t = Locale("en")
    found = replace(figures(), results=1)
    assert t("report.differ") in page(found, LIBRARY, t)
    assert t("report.same") not in page(found, LIBRARY, t)


def test_the_summary_is_the_same_as_data() -> None:
    found = figures()
    data = json.loads(json.dumps(found.to_json(), ensure_ascii=False))
    assert (data["cases"], data["errors"], data["rules"]) == (30, 2, found.rules)
    assert data["duplicate_ids"] == {
        "cases": 2,
        "lines": [{"first": {"line": 3}, "later": [{"line": 5}, {"line": 9}]}],
    }
    for name, one in data["decisions"].items():
        assert one["verdicts"] == dict(found.tally.verdicts(name))
    assert data["private_columns"] == [{"column": "id", "cases": 1, "kept": True}]


def test_elements_escape_text_and_attributes() -> None:
    inner = element("b", "<&>")
    assert inner == "<b>&lt;&amp;&gt;</b>"
    assert element("p", inner, 3, title='"<') == '<p title="&quot;&lt;"><b>&lt;&amp;&gt;</b>3</p>'
    assert text("<b>") == "&lt;b&gt;"

"""The report on a change: its numbers add up, its families are real, foreign text stays text."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from engine.analysis.direction import DIRECTIONS, direction
from engine.analysis.family import Families
from engine.analysis.versions import versions
from engine.checker import Checker
from engine.errors import InputError
from tests.support import hostile
from tests.support.folders import ROOT, golden
from tui.impact import html, markdown
from tui.impact.model import Grid, Report
from tui.impact.telling import report
from tui.impact.writing import refuse_unknown_form, write
from tui.locale import LANGUAGES, Locale
from tui.rules.sides import Found, Plan, checkers, compared, decided, plan

GOOD = ROOT / "tests" / "rulesets" / "good"
GOLDEN = ROOT / "tests" / "golden" / "rules"
TODAY = date(2026, 3, 1)
EN = Locale("en")
TEXTS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><svg onload=x>",
    "| a | b |", "`code`", "[x](http://example.invalid)", "# heading", "\x1b[2J", "\u202egnol",
    "<http://example.invalid>", 'http://example.invalid/"onmouseover="x',
]  # fmt: skip
NUMBER = "11010519491231002X"


def planned(before: str, after: str, **asked: str) -> Plan:
    wanted = {"region": None, "topic": None, "decision": None, **asked}
    return plan((before, after), **wanted, as_of=None, today=TODAY, t=EN)


@pytest.fixture(scope="module")
def shenzhen() -> tuple[Plan, list[Found]]:
    """The change of October 2023: a yes that is doubtful now, and answers where there were none."""
    asked = planned("2023-09-30", "2023-10-01", region="440300", decision="may_bind")
    return asked, compared(asked)


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, list[Found]]:
    """A draft that makes a no of a yes."""
    folder = tmp_path_factory.mktemp("draft") / "next"
    shutil.copytree(GOOD, folder)
    file = folder / "clinic" / "100000-national.yaml"
    text = file.read_text("utf-8")
    for old, new in (("then: pays_part", "then: too_late"), ("then: may\n", "then: may_not\n")):
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    asked = planned(str(GOOD), str(folder), topic="clinic")
    # Where they lie is no part of what is compared.
    before, after = asked.asked
    asked = replace(asked, asked=(replace(before, folder="now"), replace(after, folder="next")))
    return asked, compared(asked)


def told(asked: Plan, found: list[Found], t: Locale = EN, file: Path | None = None) -> Report:
    with checkers(asked) as judging:
        cases = decided(asked, str(file), TODAY, judging) if file else None
        return report(asked, found, cases, judging, t)


def numbers(grid: Grid) -> list[list[int]]:
    return [[int(cell.replace(",", "") or 0) for cell in row[1:]] for row in grid.rows]


@pytest.mark.parametrize("name", ["shenzhen", "draft"])
def test_the_matrix_adds_up(name: str, request: pytest.FixtureRequest) -> None:
    asked, found = request.getfixturevalue(name)
    said = told(asked, found)
    pairs = [
        (question, one)
        for place, each in zip(said.places, [one for one in found if one.changed], strict=True)
        for question in place.questions if question.matrix
        for one in each.comparisons if one.decision == question.id
    ]  # fmt: skip
    assert pairs
    for question, one in pairs:
        assert question.matrix is not None
        *rows, totals = numbers(question.matrix)
        for *parts, whole in (*rows, totals):
            assert sum(parts) == whole
        assert [sum(column) for column in zip(*rows, strict=True)] == totals
        *ways, kept, whole = totals
        assert (sum(ways), kept + one.differing, whole) == (
            one.differing, one.classes, one.classes
        )  # fmt: skip
        assert len(question.groups) == len(one.changes)
        shares = [int(re.sub(r"\D", "", group.share)) for group in question.groups]
        assert sum(shares) == one.differing
        ranks = [DIRECTIONS.index(group.direction) for group in question.groups]
        assert ranks == sorted(ranks)


def test_what_takes_a_yes_away_comes_first(draft: tuple[Plan, list[Found]]) -> None:
    said = told(*draft)
    first = said.places[0].questions[0]
    assert (first.worst, first.groups[0].direction) == ("lost", "lost")
    every = [(a, b) for a in ("eligible", "action_needed") for b in ("eligible", "not_eligible")]
    assert {direction(*pair) for pair in every if pair[0] != pair[1]} == {"lost", "easier"}
    assert direction("unclear", "disputed") == "other"
    assert direction("not_eligible", "unclear") == "doubt"


def test_each_family_is_answered_as_told(shenzhen: tuple[Plan, list[Found]]) -> None:
    """Its two cases go through the whole checker, and are the same child but for the day."""
    asked, found = shenzhen
    with checkers(asked) as judging:
        families = Families(judging, asked.pairs[0])
        for change in found[0].comparisons[0].changes:
            family = families.of("may_bind", change)
            assert family is not None
            for case, reply in ((family.before, change.before), (family.after, change.after)):
                result = judging[0].check(dict(case), decisions=["may_bind"])
                answer = result.decisions["may_bind"]
                assert (answer.verdict, answer.outcome) == (reply.verdict, reply.outcome)
            different = {key for key in family.before if family.before[key] != family.after[key]}
            assert different <= {"as_of", "last_bound_on"}


def test_a_against_a() -> None:
    asked = planned(f"{GOOD}@440300@2026-03-01", str(GOOD), topic="clinic")
    found = compared(asked)
    said = told(asked, found)
    assert (said.short, [*said.places], said.rules) == ((), [], ())
    assert not any(texts for _, texts in said.coming)
    page = html.page(said, EN)
    assert EN("impact.nothing") in page
    assert EN("impact.nothing_comes") in page


def case_file(folder: Path) -> Path:
    """Cases of three places, one of them with an error, one with a number for an id."""
    path = folder / "cases.jsonl"
    facts = {"balance_yuan": 1, "bill_yuan": 2, "visit_date": "2026-01-01", "as_of": "2026-02-01"}
    places = ["120000"] * 5 + ["440300"] * 3 + ["\u5929\u6d25"]
    cases = [{"id": f"c{at}", "region": one, **facts} for at, one in enumerate(places)]
    cases += [{"id": NUMBER, "region": "110000", **facts}, {"id": "secret", "nope": 1}]
    cases += [{"id": TEXTS[0], "region": "110000", **facts}, {"id": "open"}]
    path.write_text("".join(json.dumps(one) + "\n" for one in cases), "utf-8")
    return path


def test_every_case_is_counted_once(draft: tuple[Plan, list[Found]], tmp_path: Path) -> None:
    asked, found = draft
    file = case_file(tmp_path)
    with checkers(asked) as judging:
        counted = decided(asked, str(file), TODAY, judging)
        one_by_one: dict[str, Counter[tuple[str, str]]] = {}
        for line in file.read_text("utf-8").splitlines():
            pair = [
                one.check(json.loads(line), TODAY, decisions=asked.decisions) for one in judging
            ]
            for name in pair[0].decisions:
                ways = one_by_one.setdefault(name, Counter())
                ways[pair[0].decisions[name].verdict, pair[1].decisions[name].verdict] += 1
        said = report(asked, found, counted, judging, EN)
    assert (counted.cases, counted.decided, counted.errors) == (13, 12, {"unknown_key": 1})
    for name, matrix in counted.decisions.items():
        verdicts = Counter[tuple[str, str]]()
        for (before, after), one in matrix.items():
            verdicts[before.verdict, after.verdict] += one.count
            assert one.places.total() == one.count
        assert verdicts == one_by_one[name]
        assert verdicts.total() == counted.decided
    assert said.cases is not None
    payment = next(one for one in said.cases.decisions if "11 of 12" in one.sentence)
    places = {row[0]: row[1:4] for row in payment.places.rows}
    assert places["Tianjin (120000)"] == ("6", "6", "100.0%")
    assert places[EN("report.no_place")] == ("1", "0", "0.0%")
    page = html.page(said, EN) + markdown.text(said, EN)
    assert "c0, c1, c2" in page
    # Ids and nothing else: no fact of a case, no id that says who the child is.
    assert not [one for one in (NUMBER, "secret", "nope", "2026-01-01") if one in page]


class _Strict(HTMLParser):
    """Reads a page and refuses what is not closed, or loads or runs anything."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "link", "img", "iframe", "object", "base", "form"}
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"style", "src"}
            if name == "href":
                assert tag == "a"
                assert (value or "").startswith(("#", "http://", "https://"))
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")
        if tag not in {"meta", "rect"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            assert self.open.pop() == tag


def strict(page: str) -> _Strict:
    parser = _Strict()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    assert len({*parser.ids}) == len(parser.ids)
    assert {one[1:] for one in parser.links if one.startswith("#")} <= {*parser.ids}
    return parser


def test_foreign_text_stays_text(draft: tuple[Plan, list[Found]], tmp_path: Path) -> None:
    poisoned = hostile.library(GOOD, TEXTS)
    asked = replace(draft[0], both=versions(poisoned, poisoned))
    file = tmp_path / "cases.jsonl"
    lines = [{"id": one, "region": "120000"} for one in TEXTS] + [{one: 1} for one in TEXTS]
    file.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
    said = told(asked, draft[1], file=file)
    page = html.page(said, EN)
    strict(page)
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "default-src &#x27;none&#x27;" in page
    # Within a line of text Markdown may mark nothing up but what is ours.
    for token in MarkdownIt("commonmark").enable("table").parse(markdown.text(said, EN)):
        kinds = {one.type for one in token.children or ()}
        assert kinds <= {"text", "softbreak", "strong_open", "strong_close", "text_special"}, token
        assert token.type not in {"html_block", "fence", "code_block", "blockquote_open"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["shenzhen", "draft"])
def test_goldens(name: str, lang: str, request: pytest.FixtureRequest) -> None:
    t = Locale(lang)
    asked, found = request.getfixturevalue(name)
    said = told(asked, found, t)
    golden(GOLDEN / f"impact_{name}.{lang}.md", markdown.text(said, t))
    page = html.page(said, t)
    parser = strict(page)
    web = [one for one in parser.links if not one.startswith("#")]
    assert all(one.startswith("http") for one in web)
    assert web
    assert "@page{size:A4" in page
    heads = re.findall(r"<h([1-6])", page)
    assert all(int(after) <= int(before) + 1 for before, after in pairwise(heads))


def test_files(draft: tuple[Plan, list[Found]], tmp_path: Path) -> None:
    for name in ("a.html", "a.MD"):
        refuse_unknown_form(name)
    with pytest.raises(InputError, match=r"\.html"):
        refuse_unknown_form("report.pdf")
    one = Checker(draft[0].both.own[0])
    lost = tmp_path / "none" / "a.md"
    with pytest.raises(InputError, match="cannot write the report"):
        write(str(lost), *draft, None, (one, one), EN)

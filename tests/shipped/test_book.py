"""The rule book of the shipped rules: whole, linked to the end, nothing of it from elsewhere."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from functools import cache
from html.parser import HTMLParser

import pytest

from tests.support import loaded
from tui.book import html, markdown
from tui.book.contents import Contents
from tui.locale import Locale

DAY = date(2026, 3, 1)
CHECKER = loaded.checker(compare=False)
LIBRARY = CHECKER.library
NEVER_CLOSED = {"meta", "input"}
LOADING = {"src", "srcset", "action", "background", "poster", "data", "style"}


@cache
def pages(lang: str = "zh") -> dict[str, str]:
    return dict(html.book(Contents(CHECKER, Locale(lang), DAY)))


class Read(HTMLParser):
    """A page as a browser reads it: ids, links, what is open, and what would load something."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids.update([given["id"] or ""] if "id" in given else [])
        self.links += [given["href"] or ""] if tag == "a" else []
        self.loads += [f"{tag} {name}" for name in given if name in LOADING or name[:2] == "on"]
        self.loads += [tag] if tag in ("link", "iframe", "object", "embed", "img", "base") else []
        if tag not in NEVER_CLOSED:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids.update(value or "" for name, value in attrs if name == "id")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


@cache
def read(lang: str = "zh") -> dict[str, Read]:
    return {name: Read(source) for name, source in pages(lang).items()}


def test_every_page_is_well_formed_and_loads_nothing() -> None:
    for name, page in read().items():
        assert (page.faults, page.open, page.loads) == ([], [], []), name
        assert "default-src &#x27;none&#x27;" in pages()[name]


def test_every_link_leads_to_what_is_there() -> None:
    for name, page in read().items():
        for link in page.links:
            if not link.startswith(("http://", "https://")):
                file, _, at = link.partition("#")
                assert file in read(), (name, link)
                assert not at or at in read()[file].ids, (name, link)


def test_every_rule_source_and_claim_stands_once_on_its_page() -> None:
    for rule in LIBRARY.rules.values():
        page = f"{rule.topic}-{rule.region}.html"
        assert read()[page].ids[f"rule-{rule.id}"] == 1
    ids = sum((page.ids for page in read().values()), Counter[str]())
    assert sum(one.startswith("rule-") for one in ids.elements()) == len(LIBRARY.rules)
    assert sum(one.startswith("source-") for one in ids.elements()) == len(LIBRARY.sources)
    assert sum(one.startswith("claim-") for one in ids.elements()) == len(LIBRARY.claims)


def test_the_search_holds_everything_and_ends_nowhere_early() -> None:
    found = re.search(r'<script type="application/json" id="index">(.*?)</script>',
                      pages()["index.html"], re.DOTALL)  # fmt: skip
    assert found is not None
    index = json.loads(found[1])
    assert "<" not in found[1]
    for page, _ in index:
        file, _, at = page.partition("#")
        assert not at or at in read()[file].ids
    assert len(index) > len(LIBRARY.rules) + len(LIBRARY.sources) + len(LIBRARY.claims)


def test_a_book_is_the_same_whenever_it_is_made() -> None:
    again = html.book(Contents(CHECKER, Locale("zh"), DAY))
    for _ in range(3):
        name, source = next(again)
        assert pages()[name] == source


def test_the_book_in_english_has_the_same_pages_and_its_own_words() -> None:
    contents = Contents(CHECKER, Locale("en"), DAY)
    name, source = next(html.book(contents))
    assert (name, 'lang="en"' in source) == ("index.html", True)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return dict(markdown.book(Contents(CHECKER, Locale("zh"), DAY)))


def test_the_markdown_has_the_same_pages_and_every_rule(texts: dict[str, str]) -> None:
    names = {name.removesuffix(".html") for name in pages()}
    assert {name.removesuffix(".md") for name in texts} == names - {"index"} | {"README"}
    for rule in LIBRARY.rules.values():
        lines = texts[f"{rule.topic}-{rule.region}.md"].splitlines()
        assert sum(line.replace("\\", "") == f"### {rule.id}" for line in lines) == 1
    for name, source in texts.items():
        for link in re.findall(r"^ *- \[[^\n]*\]\(([^)]*)\)$", source, re.MULTILINE):
            assert link in texts, (name, link)

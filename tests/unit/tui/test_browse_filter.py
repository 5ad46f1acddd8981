"""Filters and groups of an output, against the lines read one by one."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.results import BRIEF, FULL, indexed, output
from tests.support.screen import checker, new_journey
from tui.browse import view
from tui.browse.session import Opened
from tui.locale import Locale
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE

IDS = ("HZ-0*", "HZ-000?01", 'q"uote', "a b", "甲乙", "\\", "[red]x[/]")


def speaker(lang: str = "zh") -> Speaker:
    return Speaker(new_journey(), Locale(lang), UNICODE)


@pytest.fixture(scope="module", params=[FULL, BRIEF])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp(request.param)
    return indexed(output(folder, 120, request.param, ids=IDS))


def answer(line: dict[str, Any], name: str) -> tuple[str, str] | None:
    """Verdict and outcome of a line for a decision, read naively."""
    if "decisions" in line:
        one = line["decisions"].get(name)
        return one and (one["verdict"], one["outcome"] or "")
    given = line.get(name)
    if given is None:
        return None
    known = checker().library.decisions[name].outcomes.get(given)
    if known is not None:
        return known.verdict, given
    return ("unclear", given) if given == "not_covered" else (given, "")


def main(line: dict[str, Any]) -> tuple[str, str] | None:
    return answer(line, "may_bind")


def naive(opened: Opened, keeps: Callable[[dict[str, Any]], object]) -> list[int]:
    lines = opened.path.read_text("utf-8").splitlines()
    return [row for row, line in enumerate(lines) if keeps(json.loads(line))]


def kept(opened: Opened, text: str, lang: str = "zh") -> list[int]:
    found = view.filtered(speaker(lang), opened, text)
    assert not found.wrong
    opened.keep(found.text, found.wanted, found.kept)
    return [int(row) for row in opened.rows]


FILTERS: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("", lambda _: True),
    ("结果=不能", lambda one: (main(one) or ("",))[0] == "not_eligible"),
    ("verdict=not_eligible", lambda one: (main(one) or ("",))[0] == "not_eligible"),
    ("结果＝可以，不可以", lambda one: (main(one) or ("",))[0] in ("eligible", "not_eligible")),
    ("结果!=可以", lambda one: (main(one) or ("",))[0] != "eligible"),
    ("决定=emergency_covered 结果=没说清",
     lambda one: (answer(one, "emergency_covered") or ("",))[0] == "unclear"),
    ("决定=emergency", lambda one: answer(one, "emergency_covered")),
    ("错误", lambda one: "error" in one),
    ("error=unknown_value", lambda one: one.get("error", {}).get("code") == "unknown_value"),
    ("错误!=unknown_value", lambda one: one.get("error", {}).get("code") != "unknown_value"),
    ("outcome=bindable", lambda one: (main(one) or ("", ""))[1] == "bindable"),
    ("答案~社康", lambda one: (main(one) or ("", ""))[1] == "bindable"),
    ("编号=HZ-0000*", lambda one: fnmatch.fnmatchcase(one["id"], "HZ-0000*")),
    ("编号=*7", lambda one: one["id"].endswith("7")),
    ("编号=HZ-0000?1", lambda one: fnmatch.fnmatchcase(one["id"], "HZ-0000?1")),
    ('"编号=a b"', lambda one: one["id"] == "a b"),
    ("编号=甲?", lambda one: one["id"] == "甲乙"),
    ("编号=[red]*", lambda one: one["id"].startswith("[red]")),
    ("错误 编号=HZ-*", lambda one: "error" in one and one["id"].startswith("HZ-")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "keeps"), FILTERS, ids=[text for text, _ in FILTERS])
@pytest.mark.parametrize("few", [0, 20_000])
def test_a_filter_keeps_what_a_naive_reader_keeps(
    opened: Opened, text: str, keeps: Callable[[dict[str, Any]], object], few: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("tui.browse.filter._FEW", few)
    assert kept(opened, text) == naive(opened, keeps)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("text", "named"),
    [("颜色=红", "颜色"), ("结果=也许", "not_eligible"), ("结果=", "结果"), ("编号~x", "~"),
     ("决定=a", "may_bind"), ("决定=may_bind,papers", "="), ('编号="a', ""), ("hello", "hello")],
)  # fmt: skip
def test_what_cannot_be_read_is_said(opened: Opened, text: str, named: str, lang: str) -> None:
    found = view.filtered(speaker(lang), opened, text)
    assert found.wrong
    expected = {"结果": "verdict"}.get(named, named) if lang == "en" else named
    assert expected in found.wrong


@pytest.mark.parametrize("base", ["", "决定=emergency_covered", "编号=HZ-00*"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_groups_divide_the_rows_and_each_opens_to_its_own(
    opened: Opened, base: str, lang: str
) -> None:
    rows = kept(opened, base, lang)
    found = view.groups(speaker(lang), opened)
    assert sum(one.count for one in found) == len(rows)
    seen: list[int] = []
    for one in found:
        inside = kept(opened, f"{base} {one.term}".strip(), lang)
        assert len(inside) == one.count
        seen += inside
    assert sorted(seen) == rows

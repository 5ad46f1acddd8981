"""Texts that attack whoever reads the output: every way out shows them as text, or as data.

The pages of the interface and what it exports are poisoned in tests/unit/tui (test_views,
test_export, test_report), plain mode in tests/flows/test_plain_command.py; here are the commands.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import icalendar
import pyarrow.parquet as pq
import pytest
from markdown_it import MarkdownIt

from engine.batch.writing import defused
from engine.explanation.ics import Event, to_ics
from tests.support.compiled import compiled
from tests.support.folders import RULESETS, project_over
from tests.support.hostile import HOSTILE
from tui.rules.document import Block, Column, Heading, Paragraph, Rows, Table, as_markdown
from tui.text.safe import inert

TEXTS = [
    "<script>alert(1)</script>", *(one for one in HOSTILE if len(one) < 1000),
    '"><img src=x onerror=alert(1)>', "</style><svg onload=alert(1)>", "javascript:alert(1)",
    "=1+1", "+cmd|' /C calc'!A0", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＠SUM(1)",
    "# heading", "- item", "1. one", "> quote", "![x](http://example.invalid/x)", "`code`",
    "<http://example.invalid>", "~~gone~~", "&lt;b&gt;", "| a | b |", "***", "$x$", "../../etc/x",
    "/etc/passwd", "END:VEVENT\r\nBEGIN:VALARM", "a\\", "%s%n{0}", "CON", "x" * 900,
]  # fmt: skip
ODD_NAME = "\x1b]0;x\x07\u202e<img src=x onerror=y>=1+1 %s\x9b2J.jsonl"
DANGEROUS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
MARKUP = {
    "link_open", "image", "html_inline", "html_block", "code_inline", "code_block", "fence",
    "s_open", "blockquote_open", "hr", "em_open", "ordered_list_open",
}  # fmt: skip
DAY = ("--as-of", "2026-03-01", "--lang", "en")


def dangers(text: str) -> set[str]:
    """What a terminal might act on, or show in another order."""
    return {hex(ord(one)) for one in text if one != "\n" and unicodedata.category(one) in DANGEROUS}


def cases() -> list[dict[str, object]]:
    """Each text as an id, as what is carried, as a key that is unknown, and as a wrong value."""
    good = {"region": "440300", "birth_date": "2018-01-20"}
    found: list[dict[str, object]] = []
    for at, text in enumerate(TEXTS):
        found += [
            {"id": text, "x_" + text: text, **good},
            {"id": f"k{at}", text: text},
            {"id": text, "institution_kind": text, "region": text, "topics": [text]},
        ]
    return found


@dataclass(frozen=True)
class Way:
    """What a command wrote: on its streams and into its files."""

    code: int
    out: bytes
    err: str


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiled()
    project = project_over(RULESETS, tmp_path_factory.mktemp("project"))
    (project / ODD_NAME).write_text("".join(json.dumps(one) + "\n" for one in cases()), "utf-8")
    return project


def way(folder: Path, *args: str) -> Way:
    """Run a command; whatever it says on stderr must be inert."""
    env = {"PATH": os.environ["PATH"], "HOME": "/proc", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tui", *args], cwd=folder, env=env, capture_output=True, check=False
    )
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    assert dangers(said) == set()
    return Way(done.returncode, done.stdout, said)


def test_json_is_one_object_a_line_and_carries_what_came(folder: Path) -> None:
    for brief in ([], ["--outcomes"]):
        done = way(folder, "check", ODD_NAME, *brief, *DAY)
        assert done.code == 1
        lines = done.out.decode().split("\n")[:-1]
        assert not re.search(r"[\x00-\x1f]", "".join(lines))
        results = [json.loads(line) for line in lines]
        assert [one["id"] for one in results] == [one["id"] for one in cases()]
        for at, text in enumerate(TEXTS):
            assert results[3 * at]["x_" + text] == text
            assert results[3 * at + 1]["error"]["code"] == "unknown_key"
            assert len(results[3 * at + 2]["error"]["message"]) < 200


def test_tables_hold_no_formula_and_the_report_no_markup(folder: Path) -> None:
    before = {one.name for one in folder.iterdir()}
    done = way(folder, "check", ODD_NAME, "-o", "out.csv", "--report", "report.html", *DAY)
    assert done.code == 1
    with (folder / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(rows) == len(cases()) + 1
    for row, case in zip(rows[1:], cases(), strict=True):
        for cell in row:
            assert not cell.startswith(
                ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
            )
        text = str(case["id"]).encode("utf-8", "backslashreplace").decode()
        assert row[0] in (text, "'" + text)
    assert way(folder, "check", ODD_NAME, "--outcomes", "-o", "out.parquet", *DAY).code == 1
    assert pq.read_table(folder / "out.parquet").num_rows == len(cases())
    # Whatever the cases are called, no file is.
    made = {one.name for one in folder.iterdir()} - before
    assert made <= {"out.csv", "out.parquet", "report.html"}
    page = _Page()
    page.feed((folder / "report.html").read_text("utf-8"))
    page.close()
    assert page.policies == 1
    assert dangers(page.text) == set()
    assert "<script>alert(1)</script>" in page.text


class _Page(HTMLParser):
    """Refuses whatever could run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.policies = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {
            "script",
            "img",
            "iframe",
            "object",
            "embed",
            "a",
            "link",
            "base",
            "form",
        }
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"src", "href", "style", "action", "srcdoc", "xlink:href"}
            self.policies += value == "Content-Security-Policy"
            if name == "content" and "default-src" in (value or ""):
                assert "default-src 'none'" in (value or "")
                assert "unsafe" not in (value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_an_explanation_holds_no_control_and_no_markup(folder: Path, form: str) -> None:
    done = way(folder, "explain", ODD_NAME, "--decision", "may_bind", "--format", form, *DAY)
    assert done.code == 1
    text = done.out.decode()
    assert dangers(text) == set()
    if form == "markdown":
        kinds = markup(text)
        assert kinds.isdisjoint(MARKUP), kinds & MARKUP


def markup(text: str) -> set[str]:
    """The kinds of markup in a text, as a reader of Markdown finds them."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = reader.parse(text)
    return {one.type for token in tokens for one in (token, *(token.children or ()))}


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_document_in_markdown_is_marked_up_by_us_alone(text: str) -> None:
    blocks: list[Block] = [
        Heading(2, text), Paragraph(text), Rows(((text, (text,)), (text, (text, text)))),
        Table((Column(text), Column("b")), ((text, "1"), ("2", text))),
    ]  # fmt: skip
    written = as_markdown(blocks)
    assert markup(written).isdisjoint(MARKUP)
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    kinds = [one.type for one in reader.parse(written)]
    assert kinds.count("heading_open") <= 1
    assert kinds.count("tr_open") == 3
    assert kinds.count("td_open") == 4


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_calendar_has_no_more_lines_than_ours(text: str) -> None:
    event = Event(date(2026, 3, 1), text, (text, text), "key", remind=True)
    content = to_ics([event], date(2026, 1, 1), text)
    read = icalendar.Calendar.from_ical(content)
    assert [one.name for one in read.walk()] == ["VCALENDAR", "VEVENT", "VALARM"]
    assert sorted(read.walk("VEVENT")[0]) == sorted(
        ["UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "TRANSP"]
    )
    folded = content.replace(b"\r\n", b"")
    assert not re.search(rb"[\x00-\x1f\x7f]|\xc2[\x80-\x9f]", folded)


def test_what_is_browsed_is_inert(folder: Path) -> None:
    results = folder / "browsed.jsonl"
    assert way(folder, "check", ODD_NAME, "-o", str(results), *DAY).code == 1
    for asked in (("--plain",), ("--filter", "id=k1*")):
        shown = way(folder, "browse", str(results), *asked, *DAY)
        assert (shown.code, dangers(shown.out.decode())) == (0, set())


def test_names_that_are_no_files_are_said_without_harm(folder: Path) -> None:
    for args in (
        ("check", "no\x1b[2J\x9b31m\u202e.jsonl", "--map", "no\x1b[2J"),
        ("explain", "no\x1b]0;x\x07\x9b31m\u202e"),
    ):  # fmt: skip
        done = way(folder, *args)
        assert done.code == 2
        assert done.out == b""


def test_cells_and_lines() -> None:
    for text in TEXTS:
        stream = io.StringIO(newline="")
        csv.writer(stream).writerow([defused(text), "b"])
        assert dangers(inert(text)) == set()
    assert inert("孩子（14 岁）——“甲” a\n  b ü é") == "孩子（14 岁）——“甲” a\n  b ü é"

"""The workbench's view models and widgets: hostile texts, widths, the caret, editors."""

from __future__ import annotations

import os
import random
import signal
import time
from copy import copy
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from engine.fault import Fault, Place
from tests.support.benches import AT, CASE, CHANGED, FAILED, FAILING, FAULTY, FILE, here
from tests.support.demo import AS_OF, RULESETS
from tests.support.hostile import HOSTILE
from tests.support.screen import checker
from tui.locale import Locale
from tui.text.glyphs import ASCII, UNICODE
from tui.text.safe import safe
from tui.text.width import cell_len
from tui.widgets.board import Board
from tui.widgets.excerpt import CARET, Excerpt, window
from tui.workbench.beside import Beside
from tui.workbench.editing import command, edit
from tui.workbench.shapes import BETWEEN, ListView, Spot
from tui.workbench.wording import parted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.library import Library
    from engine.ruleset import Example
    from engine.workbench.board import Board as Laid
    from tui.workbench.shapes import View

PATIENCE = 30.0


def _texts(view: object) -> Iterator[str]:
    """Every text that is shown of a view: all but what the rows are known by and lead to."""
    if isinstance(view, str):
        yield view
    elif isinstance(view, tuple):
        for one in view:
            yield from _texts(one)
    elif is_dataclass(view) and not isinstance(view, Spot):
        for field in fields(view):
            if field.name not in ("key", "opens", "decision"):
                yield from _texts(getattr(view, field.name))


def _poisoned(text: str) -> Library:
    """The small rules with a hostile text wherever authors write one."""
    library, words = copy(checker().library), SimpleNamespace(get=lambda _: text)
    for name, keys in (("rules", ("because",)), ("decisions", ("question",)),
                       ("topics", ("title",)), ("sources", ("title", "body"))):  # fmt: skip
        table = {key: one.model_copy(update=dict.fromkeys(keys, words))
                 for key, one in getattr(library, name).items()}  # fmt: skip
        setattr(library, name, table)
    title = SimpleNamespace(title=words, cites=(), expect={}, case={})
    library.examples = {FAILING[0].example: cast("Example", title)}
    return library


def _pages(board: Laid, lang: str, library: Library) -> Iterator[View | None]:
    """Every page there is of a board, each opened from the one before."""
    bench = here(board, library=library)
    bench.poll()
    waiting: list[tuple[str, str]] = [("bench_moved", "")]
    first = bench.board(lang)
    yield first
    assert first is not None
    waiting += [line.opens for line in first.lines]
    waiting += [("bench_sources", line.decision) for line in first.lines if line.decision]
    seen: set[tuple[str, str]] = set()
    while waiting:
        page, about = waiting.pop()
        if (page, about) in seen or page in {one for one, _ in seen if one == "bench_rule"}:
            continue
        seen.add((page, about))
        view = bench.ask(page, about, lang)
        yield view
        if isinstance(view, ListView):
            waiting += [line.opens for line in view.lines if line.opens[0]]
    assert {page for page, _ in seen} >= {"bench_moved", "bench_decision", "bench_sources"}


@pytest.mark.parametrize("text", [one for one in HOSTILE if len(one) < 1000 or one.isascii()])
def test_hostile_texts_are_made_safe(text: str) -> None:
    """In a file's name, a fault and the line it stands on, what came, a case, a rule's id."""
    fault = Fault(Place(text, 3, 5), text, text, text)
    failing = replace(FAILING[0], file=text, got=text, rules=(text,),
                      case={**CASE, "institution_kind": text, text: text})  # fmt: skip
    row = FAILED.rows[0]
    survivor = replace(row.survivors[0], entry=text, before=text, after=text, file=text)
    moved = replace(CHANGED.moved[0], region="?", rules_now=(text,),
                    examples=({"region": text, "bill_yuan": text},))  # fmt: skip
    board = replace(
        FAILED, faults=(fault,), failing=(failing, replace(failing, key="error")),
        rows=(replace(row, survivors=(survivor,), files=(text,)), *FAILED.rows[1:]),
        moved=(moved,), since=f"HEAD {text}",
    )  # fmt: skip
    for view in _pages(board, "zh", _poisoned(text)):
        for shown in _texts(view):
            plain = shown.replace("\n", "").replace(UNICODE.dot, "")
            assert not {char for char in plain if safe(char) != char}


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("board", [FAULTY, FAILED], ids=["faulty", "failed"])
def test_a_list_fits_every_width_and_loses_no_figure(board: Laid, glyphs: object) -> None:
    bench = here(board, glyphs=glyphs)  # type: ignore[arg-type] # one of both
    bench.poll()
    for lang in ("zh", "en"):
        view = bench.board(lang)
        assert view is not None
        drawn = Board(view, bench.glyphs)
        for width in range(36, 130, 3):
            shown = drawn.laid_out(width)
            # The cursor's sign comes before what belongs to a row.
            edge = cell_len(bench.glyphs.cursor) + 1
            assert all(cell_len(one.text) + (edge if one.row >= 0 else 0) <= width for one in shown)
            assert {one.row for one in shown} == {-1, *range(len(view.lines))}
            if width < 50:
                continue
            text = "\n".join(one.text for one in shown)
            assert "3/4" in text
            assert "11/12" in text


def test_the_caret_stands_below_what_is_meant() -> None:
    chance = random.Random(7)
    for _ in range(100):
        text = "".join(chance.choice("ab {}:-儿童医保，") for _ in range(chance.randrange(1, 140)))
        column = chance.randrange(1, len(text) + 1)
        one = parted(chance.randrange(1, 2000), text, column)
        for width in (36, 60, 100):
            for lines in (window(one, width), Excerpt([one], UNICODE).lines(width)):
                assert all(cell_len(line) <= width for line in lines)
                at = next(n for n, line in enumerate(lines) if line.strip(" |") == CARET)
                left, meant = cell_len(lines[at]) - 1, text[column - 1]
                above = lines[at - 1]
                found = [char for n, char in enumerate(above) if cell_len(above[:n]) == left]
                assert found == [meant] or (meant == " " and not above[left:].strip())


def test_a_tab_before_the_caret_moves_it_with_the_text() -> None:
    (line, caret) = window(parted(3, "\tkey: value", 2), 60)
    assert line.index("key") == caret.index(CARET)


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("vim", ["vim", "+7", "/a b/c.yaml"]),
        ("/usr/bin/nano -w", ["/usr/bin/nano", "-w", "+7", "/a b/c.yaml"]),
        ("emacsclient -t", ["emacsclient", "-t", "+7", "/a b/c.yaml"]),
        ("code --wait", ["code", "--wait", "--goto", "/a b/c.yaml:7"]),
        ("hx", ["hx", "/a b/c.yaml:7"]),
        ("'my editor' -x", ["my editor", "-x", "/a b/c.yaml"]),
        ("vim; rm -rf /", ["vim;", "rm", "-rf", "/", "/a b/c.yaml"]),
        ("$(touch x)", ["$(touch", "x)", "/a b/c.yaml"]),
    ],
)
def test_an_editor_is_started_without_a_shell_at_the_line(editor: str, words: list[str]) -> None:
    assert command(editor, Path("/a b/c.yaml"), 7) == words


def test_why_an_editor_failed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    t, spot = Locale("en"), Spot(FILE, 3)
    monkeypatch.delenv("VISUAL", raising=False)
    for given, said in (("true", ""), ("false", "code 1"), ("no-such-editor", "no program"),
                        ("vim 'x", "make sense"), ("/etc", "open")):  # fmt: skip
        monkeypatch.setenv("EDITOR", given)
        assert said in edit(RULESETS, spot, t)
        assert bool(said) == bool(edit(RULESETS, spot, t))
    assert "no file" in edit(RULESETS, Spot("clinic/gone.yaml", 3), t)


def _until(bench: Beside, board: bool) -> None:
    end = time.monotonic() + PATIENCE
    while (bench.board("zh") is not None if board else bool(bench.failure)) is False:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_process_beside_answers_begins_anew_and_ends_with_the_interface() -> None:
    bench = Beside(RULESETS, None, AS_OF, UNICODE)
    try:
        _until(bench, board=True)
        view = bench.board("en")
        assert view is not None
        assert "May the child bind" in str(view.parts)
        decision = bench.ask("bench_decision", "may_bind", "en")
        assert isinstance(decision, ListView)
        assert "sz_big_under_14" in str(decision.parts)
        assert bench.ask("bench_rule", "no_such_rule", "en") is None
        # What cannot be asked is told, and the process goes on.
        assert "KeyError" in str(bench.ask("no_such_page", "", "en"))
        bench.rest(resting=True)
        assert isinstance(bench.ask("bench_moved", "", "zh"), ListView)
        os.kill(bench._process.pid, signal.SIGKILL)
        _until(bench, board=False)
        assert bench.ask("bench_moved", "", "zh") is None
        bench.again()
        assert isinstance(bench.ask("bench_moved", "", "zh"), ListView | None)
        assert not bench.failure
    finally:
        process = bench._process
        bench.close()
    assert process.returncode is not None


def test_files_outside_the_folder_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "secret.yaml").write_text("secret: 1\n")
    (tmp_path / "rules" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    bench = here(FAULTY, folder=tmp_path / "rules")
    bench.poll()
    for name in ("../secret.yaml", "link.yaml", str(tmp_path / "secret.yaml"), "gone.yaml"):
        view = bench.ask("bench_file", BETWEEN.join((name, "1", "0")), "zh")
        assert "secret: 1" not in str(view)


def test_of_a_thousand_failing_examples_the_first_are_listed_and_the_others_counted() -> None:
    many = tuple(replace(FAILING[0], example=f"one_{number}") for number in range(1000))
    bench = here(replace(FAILED, failing=many))
    bench.poll()
    view = bench.board("zh")
    assert view is not None
    assert "1000" in view.heading
    assert len(view.parts[0].lines) == 60
    assert "940" in view.parts[0].heading
    assert bench.ask("bench_why", BETWEEN.join(("one_999", "may_bind")), "zh") is not None


def test_the_clock_is_asked_at_each_look() -> None:
    bench = here(FAULTY)
    bench.poll()
    view = bench.board("zh")
    assert view is not None
    assert f"{AT:%H:%M:%S}" in view.frame.context

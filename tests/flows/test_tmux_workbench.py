"""The workbench in a real terminal, begun over broken files: the editor mends them, and it sees."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.flows.test_tmux import TMUX, Terminal
from tests.support.demo import RULESETS

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(
        TMUX is None, reason="tmux is not installed: the real terminal is not tried"
    ),
]
FILE = "clinic/440300-shenzhen.yaml"
# It mends the file, and leaves what it was started with.
EDITOR = """#!/bin/sh
echo "$1" "$2" >"$(dirname "$0")/started"
sed -i 's/fact: institution_kin,/fact: institution_kind,/' "$2"
"""


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    rules, editor = tmp_path / "rules", tmp_path / "vim"
    shutil.copytree(RULESETS, rules)
    broken = (rules / FILE).read_text("utf-8").replace("institution_kind,", "institution_kin,", 1)
    (rules / FILE).write_text(broken, "utf-8")
    editor.write_text(EDITOR)
    editor.chmod(0o755)
    program = f"-m tui rules --rulesets {rules} watch --screen --lang zh"
    found = Terminal(tmp_path, 80, 24, program=program, VISUAL=str(editor))
    yield found
    found.tmux("kill-server")


def test_the_editor_mends_what_the_page_points_at(terminal: Terminal, tmp_path: Path) -> None:
    terminal.wait_for("unknown fact `institution_kin`")
    terminal.keys("Enter")
    terminal.wait_for("❯  7 |")
    terminal.keys("e")
    terminal.wait_for("这一处已经改好了")
    assert (tmp_path / "started").read_text() == f"+7 {tmp_path / 'rules' / FILE}\n"
    terminal.keys("Escape")
    terminal.wait_for("孩子现在能绑定这家机构吗")
    # Begun without rules that are whole, there is nothing else to go back to.
    terminal.keys("Escape")
    terminal.wait_for("CODE=0")
    assert terminal.modes() == "0 0 1"

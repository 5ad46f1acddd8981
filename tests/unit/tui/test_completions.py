"""What completes the commands in a shell is what the commands are, and bash can run it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tui.cli import cli
from tui.completions import FILES, levels

SHIPPED = Path(__file__).parents[3] / "completions"


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_current(name: str) -> None:
    """`make completions` writes them anew."""
    assert (SHIPPED / name).read_text("utf-8") == FILES[name](cli)


def test_every_command_is_there() -> None:
    found = {one.path.strip(): {word.text for word in one.words} for one in levels(cli)}
    assert {"check", "rules", "--plain", "--fast"} <= found[""]
    assert {"show", "browse"} <= found["rules"]
    assert {"--region", "--as-of"} <= found["rules show"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["tongbao", "ru"], {"rules"}),
        (["tongbao", "rules", "br"], {"browse"}),
        (["tongbao", "--lang", "zh", "rules", "show", "--reg"], {"--region"}),
        (["tongbao", "check", "cases.jsonl", "--fail"], {"--fail-on"}),
        (["tongbao", "check", "x"], set()),
    ],
)
def test_bash_completes(typed: list[str], offered: set[str]) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    words = " ".join(f"'{one}'" for one in typed)
    script = (
        f"source '{SHIPPED / 'tongbao.bash'}'; COMP_WORDS=({words}); "
        f'COMP_CWORD={len(typed) - 1}; _tongbao; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    ran = subprocess.run([bash, "-uc", script], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) == offered


@pytest.mark.parametrize(("shell", "name"), [("zsh", "_tongbao"), ("fish", "tongbao.fish")])
def test_the_other_shells_can_read_theirs(shell: str, name: str) -> None:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"there is no {shell} here")
    subprocess.run([found, "-n", SHIPPED / name], check=True)

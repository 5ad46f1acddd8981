"""The commands on rules as a script meets them: streams, exit codes, forms, languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.folders import ROOT, project_over

GOOD = ROOT / "tests" / "rulesets" / "good"
TIMEOUT = 60


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_over(GOOD, tmp_path_factory.mktemp("project"))


def rules(project: Path, *args: str, **extra: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a command on rules."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "tui", *args], cwd=project, capture_output=True, timeout=TIMEOUT,
        env={**kept, "LC_ALL": "C.UTF-8", "PYTHONDEVMODE": "1", **extra}, check=False,
    )  # fmt: skip
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    assert "Warning" not in said, said
    return done.returncode, done.stdout.decode(), said


def test_data_on_stdout_and_nothing_else(project: Path) -> None:
    for command in (["list"], ["show", "clinic"], ["claims"], ["test"], ["verify", "clinic"]):
        code, out, said = rules(project, "rules", *command)
        assert (code, said) == (0, ""), command
        assert out.endswith("\n")


def test_forms(project: Path) -> None:
    for command in (["list"], ["show", "clinic"], ["claims"]):
        text = rules(project, "rules", *command)[1]
        markdown = rules(project, "rules", *command, "--format", "markdown")[1]
        assert markdown.startswith("# ")
        assert text.splitlines()[1].startswith("===")
    data = json.loads(rules(project, "rules", "claims", "--json")[1])
    assert [one["claims"] for one in data["total"]] == [3, 2]
    assert len(data["claims"]) == 5


def test_languages(project: Path) -> None:
    assert rules(project, "rules", "list", "--lang", "en")[1].startswith("The rules")
    assert rules(project, "--lang", "en", "rules", "list")[1].startswith("The rules")
    assert rules(project, "rules", "list", LC_ALL="en_US.UTF-8")[1].startswith("The rules")
    # Whatever the surroundings can show, data is UTF-8.
    assert rules(project, "rules", "list", PYTHONIOENCODING="ascii")[1].startswith("规则库")


def test_a_place_and_a_day(project: Path) -> None:
    show = ["rules", "show", "clinic", "--lang", "en"]
    named = rules(project, *show, "--region", "深圳", "--as-of", "2026-03-01")[1]
    assert "Place: 深圳市" not in named
    assert named == rules(project, *show, "--region", "440300", "--as-of", "2026-03-01")[1]
    assert named == rules(project, "--as-of", "2026-03-01", *show, "--region", "440300")[1]
    assert "\nsz_elsewhere\n" in named
    assert "\nsz_elsewhere\n" not in rules(project, *show, "--as-of", "2027-03-01")[1]


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["show", "nothing"], "clinic"),
        (["show", "clinic", "--region", "Atlantis"], "Atlantis"),
        (["test", "nothing"], "clinic"),
        (["show", "clinic", "--as-of", "2026-02-30"], "2026-02-30"),
        (["show"], "TOPIC"),
        (["claims", "--format", "html"], "markdown"),
    ],
)
def test_usage(project: Path, args: list[str], word: str) -> None:
    code, out, said = rules(project, "rules", *args)
    assert (code, out) == (2, "")
    assert word in said


def test_an_example_that_fails(tmp_path: Path) -> None:
    folder = project_over(GOOD, tmp_path)
    file = folder / "rulesets" / "clinic" / "440300-shenzhen.yaml"
    text = file.read_text("utf-8").replace("needed: [card]", "needed: [card, invoice]")
    file.write_text(text, "utf-8")
    line = next(n for n, one in enumerate(text.splitlines(), 1) if "needed:" in one)
    code, out, said = rules(folder, "rules", "test", "--lang", "en")
    assert (code, said) == (3, "")
    first, counts, *_ = out.splitlines()
    assert first == (
        f"clinic/440300-shenzhen.yaml:{line}: sz_no_filing, papers.needed: "
        'expected ["card", "invoice"], got ["card"]'
    )
    assert counts.endswith("1 examples failed.")


def test_a_broken_ruleset(tmp_path: Path) -> None:
    folder = project_over(GOOD, tmp_path)
    (folder / "rulesets" / "extra.yaml").write_text("fact: {}\n", "utf-8")
    for command in (["list"], ["show", "clinic"], ["claims"], ["test"], ["verify", "clinic"]):
        code, out, said = rules(folder, "rules", *command)
        assert (code, out) == (3, "")
        assert "did you mean `facts`" in said


def test_nobody_reads(project: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "rules", "show", "clinic"],
        cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(TIMEOUT) == 2

"""Changes modules of the engine in small ways and counts the changes that tests notice, by mutmut.

python -m tests.mutants [MODULE...]      some modules of the engine, by default those below

It works on a copy of the project: mutmut copies, changes and runs what lies around it. A test is
tried only on what it reaches. Afterwards the survivors are listed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
CORE = (
    "adjudication", "answering", "axis", "calendar", "case", "coding", "condition", "expression",
    "open_classes", "receipt", "settling", "values",
)  # fmt: skip
TESTS = (
    "tests/unit/engine", "tests/property/test_named_laws.py",
    "tests/property/test_evaluators_agree.py::test_every_class_of_a_random_chain",
    "tests/property/test_evaluators_agree.py::test_a_complete_case_through_a_random_chain",
    "tests/property/test_evaluators_agree.py::test_a_partial_case_is_what_its_completions_share",
)  # fmt: skip
COPIED = ("engine", "rulesets", "tests", "tui")
PYTEST = (
    '[tool.pytest.ini_options]\naddopts = ["--import-mode=importlib", "-p", "no:cacheprovider"]'
)


def prepare(folder: Path, modules: Sequence[str]) -> None:
    """Copy the project, and say what mutmut is to change and to run."""
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    (folder / "pyproject.toml").write_text(f'{PYTEST}\npythonpath = ["."]\n', "utf-8")
    options = {
        "source_paths": ["engine"],
        "only_mutate": [f"engine/{name}.py" for name in modules],
        "also_copy": ["rulesets", "tests", "tui"],
        "pytest_add_cli_args_test_selection": TESTS,
    }
    lines = [f"{name}=\n    " + "\n    ".join(values) for name, values in options.items()]
    (folder / "setup.cfg").write_text("[mutmut]\n" + "\n".join(lines) + "\n", "utf-8")


def main(arguments: Sequence[str]) -> int:
    """Change modules, and tell what was noticed."""
    modules = [*arguments] or [*CORE]
    mutmut = [sys.executable, "-m", "mutmut"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        prepare(folder, modules)
        done = subprocess.run([*mutmut, "run"], cwd=folder, stdout=sys.stderr, check=False)
        if done.returncode:
            return done.returncode
        told = subprocess.run([*mutmut, "results", "--all", "true"], cwd=folder, text=True,
                              capture_output=True, check=True).stdout  # fmt: skip
    counts: Counter[tuple[str, str]] = Counter()
    for line in told.splitlines():
        name, _, what = line.strip().rpartition(": ")
        if name:
            counts[name.split(".")[1], what] += 1
            if what != "killed":
                sys.stdout.write(f"{name}: {what}\n")
    for module in modules:
        mine = {what: count for (one, what), count in counts.items() if one == module}
        sys.stdout.write(f"{module}: {mine.get('killed', 0)} of {sum(mine.values())} killed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

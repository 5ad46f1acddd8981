"""Changes modules of the engine in small ways and counts the changes that tests notice.

python -m tests.mutants [MODULE...]      some modules of the engine, by default those below

Mutmut makes the mutants, in a copy of the project; `tests.support.mutant_runner` tries each with
the tests of its module that reach it. Those that nobody can notice, or need to, are explained in
`mutants_explained.txt`; they are told apart, and what else survives is listed. What mutmut does
not change: decorated functions (properties, what is cached), constants of modules and classes.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Reasons = dict[str, list[re.Pattern[str]]]

ROOT = Path(__file__).parents[1]
EXPLAINED = Path(__file__).with_name("mutants_explained.txt")
CLASS = "property/test_evaluators_agree.py::test_every_class_of_a_random_chain"
TESTS: Mapping[str, Sequence[str]] = {
    "adjudication": ["unit/engine/test_merged_sides.py"],
    "answering": [],
    "axis": [],
    "calendar": ["unit/engine/test_days.py"],
    "case": [],
    "coding": [],
    "condition": [],
    "decision_table": [],
    "expression": [],
    "inference": [],
    "lookup": [],
    "open_classes": [],
    "places": [],
    "program": ["unit/engine/test_open_classes.py", CLASS],
    "receipt": ["unit/engine/test_in_force.py"],
    "scalars": [],
    "settling": [],
    "values": [],
}
"""The modules that decide, and for each the tests beside its own (`unit/engine/test_MODULE.py`)."""
SLOW = ("unit/engine/test_case.py::test_so_many_faults_are_counted",)
"""They count what is big, and notice no more than others do."""
COPIED = ("engine", "rulesets", "tests", "tui")
SETTINGS = """[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "-p", "no:cacheprovider"]
pythonpath = ["."]
markers = ["slow", "terminal"]
[tool.mutmut]
source_paths = ["engine"]
"""


def explained() -> Reasons:
    """For each module what its mutants change that nobody need notice, for `*` those of any."""
    found: Reasons = {}
    for module, change in changes():
        found.setdefault(module, []).append(pattern(change))
    return found


def changes() -> Iterator[tuple[str, str]]:
    """What is explained: the module, and the lines before and after a change.

    A reason is a line with the module at its head; the lines after it, to an empty one, are
    changes.
    """
    module = ""
    for line in EXPLAINED.read_text("utf-8").splitlines():
        if line.startswith("["):
            module = line[1:].partition("]")[0]
        elif line and not line.startswith("#"):
            yield module, line


def pattern(change: str) -> re.Pattern[str]:
    """A change in which `…` stands for any text."""
    return re.compile(".*".join(map(re.escape, change.split("…"))))


def tried(module: str) -> list[tuple[str, str, str]] | None:
    """Each mutant of a module: its name, what became of it, what it changes; None without tests."""
    own = ROOT / "tests" / "unit" / "engine" / f"test_{module}.py"
    chosen = [*([f"unit/engine/{own.name}"] if own.exists() else []), *TESTS.get(module, [CLASS])]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in COPIED:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        (folder / "pyproject.toml").write_text(SETTINGS, "utf-8")
        arguments = [f"engine.{module}", *(f"tests/{one}" for one in chosen),
                     *(f"--deselect=tests/{one}" for one in SLOW)]  # fmt: skip
        done = subprocess.run([sys.executable, "-m", "tests.support.mutant_runner", *arguments],
                              cwd=folder, stdout=sys.stderr, check=False)  # fmt: skip
        if done.returncode:
            return None
        found: list[tuple[str, str, str]] = json.loads((folder / "found.json").read_text("utf-8"))
        return found


def main(arguments: Sequence[str]) -> int:
    """Change modules, and tell what was noticed."""
    known, code = explained(), 0
    heads = ("mutants", "killed", "explained", "survived", "killed of all", "of those unexplained")
    rows = [["module", *heads]]
    for module in arguments or TESTS:
        found = tried(module)
        if found is None:
            code = 1
            continue
        counts = judged(module, found, known)
        unexplained = max(1, len(found) - counts["explained"])
        rows.append([
            module, str(len(found)), *(str(counts[one]) for one in heads[1:4]),
            f"{counts['killed'] / len(found):.1%}", f"{counts['killed'] / unexplained:.1%}",
        ])  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [text.rjust(width) for text, width in zip(row, widths, strict=True)]
        sys.stdout.write("  ".join([row[0].ljust(widths[0]), *cells[1:]]) + "\n")
    return code


def judged(module: str, found: Sequence[tuple[str, str, str]], known: Reasons) -> Counter[str]:
    """How many were killed, are explained, or survived; the last are listed."""
    counts: Counter[str] = Counter()
    idle = {*known.get(module, ())}
    for name, what, change in found:
        reasons = {one for key in (module, "*") for one in known.get(key, ())
                   if one.fullmatch(change)}  # fmt: skip
        noticed = what in ("killed", "timeout")
        counts["killed" if noticed else "explained" if reasons else "survived"] += 1
        if not noticed:
            idle -= reasons
            if not reasons:
                sys.stdout.write(f"{name}: {what}: {change}\n")
    for one in idle:
        sys.stdout.write(f"{module}: explained, and no mutant is left of it: {one.pattern}\n")
    return counts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

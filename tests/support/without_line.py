"""Results of the batch check without what tells their place, to be held against those of Spark."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

_LINE = re.compile(r'^(\{"id": (?:null|"(?:[^"\\]|\\.)*")), "line": \d+')


def without_line(result: str) -> str:
    """A result as it is written where lines have no numbers."""
    return _LINE.sub(r"\1", result)


def checked(project: Path, cases: Path, *options: str) -> Counter[str]:
    """What `check` answers, each result as often as it comes."""
    command = [sys.executable, "-m", "tui", "check", str(cases), "--quiet", *options]
    done = subprocess.run(command, cwd=project, capture_output=True, check=False, timeout=100,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})  # fmt: skip
    assert done.returncode in {0, 1}, done.stderr.decode()
    return counted(done.stdout.decode().splitlines())


def counted(results: Iterable[str]) -> Counter[str]:
    """Each result, without its line, as often as it comes."""
    return Counter(map(without_line, results))

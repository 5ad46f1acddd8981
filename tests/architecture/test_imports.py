"""What starting up may load: import-linter sees what is written, not what is run when."""

import subprocess
import sys

import pytest

HEAVY = (
    "asyncio",
    "durable",
    "durable_rules_engine",
    "numpy",
    "pydantic",
    "rich",
    "textual",
    "yaml",
)


def loaded(statement: str) -> set[str]:
    """The heavy libraries that a fresh interpreter has loaded after this statement."""
    code = f"{statement}\nimport sys\nprint(*[name for name in {HEAVY} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize("module", ["engine", "tui", "tui.cli"])
def test_start_up_loads_nothing_heavy(module: str) -> None:
    assert loaded(f"import {module}") == set()


def test_heavy_libraries_are_seen_when_loaded() -> None:
    assert {"pydantic", "yaml"} <= loaded("import pydantic, yaml")

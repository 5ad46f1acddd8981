"""Runs the terminal interface over the small rulesets of the tests: what the tmux flows drive."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

from engine.checker import Checker
from tui.app import run
from tui.desk import Desk
from tui.saving import default_store

RULESETS = Path(__file__).parent / "rulesets"
AS_OF = date(2026, 3, 1)


def checker() -> Checker:
    """A checker over the small rulesets."""
    return Checker.load(RULESETS)


if __name__ == "__main__":
    lang = sys.argv[1] if len(sys.argv) > 1 else "zh"
    store = default_store() if "XDG_STATE_HOME" in os.environ else None
    sys.exit(run(Desk(checker(), AS_OF, store=store), lang=lang))

"""Where the tests find the project and the small rulesets."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
RULESETS = ROOT / "tests" / "support" / "rulesets"

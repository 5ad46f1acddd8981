"""The same input gives the same bytes, whatever the language, zone, seed, folder and file times."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.folders import ROOT

TIMEOUT = 300
RESULTS = 50
SCRIPT = """
import datetime, hashlib, pathlib, sys
from engine.batch.encoding import encode
from engine.checker import Checker
from engine.explanation.advice import with_words
from engine.receipt import library_hash
from engine.snapshot import path_of
from tui.locale import Locale
from tui.rules.document import as_text
from tui.rules.showing import showing
from tui.rules.words import RuleWords
folder = pathlib.Path(sys.argv[1])
checker = Checker.load(folder, compare=False, from_snapshot=sys.argv[2] == "kept")
library, day = checker.library, datetime.date(2026, 3, 1)
examples = list(library.examples.values())
for one in examples[:: len(examples) // 50]:
    result = checker.check(one.case, day, None, list(one.expect))
    sys.stdout.buffer.write(encode(with_words(library, result, "zh")).encode() + b"\\n")
words = RuleWords(library, Locale("zh"), "440300")
text = as_text(showing(words, library.topics["hospital_binding"]))
print(hashlib.sha256(text.encode()).hexdigest(), library_hash(library), path_of(folder).name)
"""
EAST = {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"}
WEST = {"PYTHONHASHSEED": "7", "TZ": "America/Los_Angeles", "LC_ALL": "C"}


def written(folder: Path, how: str, here: Path, surroundings: dict[str, str]) -> bytes:
    """What a new process writes in some surroundings: fifty results, the rules in words, hashes."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), how], cwd=here, capture_output=True,
        timeout=TIMEOUT, check=True, env={**kept, **surroundings, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return done.stdout


def test_other_surroundings_and_other_files_give_the_same_bytes(tmp_path: Path) -> None:
    """Also where the rulesets are a copy, made in another order and at another time, read anew."""
    for path in sorted((ROOT / "rulesets").rglob("*"), reverse=True):
        if path.is_file():
            copy = tmp_path / "copy" / path.relative_to(ROOT / "rulesets")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            os.utime(copy, (1, 1))
    here = written(ROOT / "rulesets", "kept", ROOT, WEST)
    assert here.count(b'"receipt": "') >= RESULTS
    assert written(tmp_path / "copy", "read", tmp_path, EAST) == here

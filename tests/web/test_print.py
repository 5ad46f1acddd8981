"""What a family takes to the counter is one sheet of paper."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support import loaded
from tests.support.shots import FAMILIES, desk_of
from tui.export.delivery import Wish, made
from tui.locale import LANGUAGES, Locale
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("topic", FAMILIES)
def test_a_result_prints_on_one_page(topic: str, lang: str, tmp_path: Path) -> None:
    desk = desk_of(loaded.checker(), topic)
    page, paper = tmp_path / "result.html", tmp_path / "result.pdf"
    page.write_bytes(made(desk, Speaker(desk.journey, Locale(lang), UNICODE), Wish("html")))
    subprocess.run(
        [os.environ.get("CHROMIUM", "chromium"), "--headless", "--no-sandbox", "--disable-gpu",
         "--no-pdf-header-footer", f"--user-data-dir={tmp_path}", f"--print-to-pdf={paper}",
         page.as_uri()],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes())) == 1

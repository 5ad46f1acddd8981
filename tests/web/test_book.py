"""The rule book in a real browser: its search, on a phone, and no request for anything else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.folders import ROOT
from tests.web.browser import Browser


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The folder of a rule book."""
    command = [sys.executable, "-m", "tui", "rules", "export", "--format", "html", "--lang", "zh",
               "--as-of", "2026-03-01", "-o", str(tmp_path)]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return tmp_path


@pytest.mark.asyncio
async def test_a_place_is_found_and_read_on_a_phone(browser: Browser, book: Path) -> None:
    tab = await browser.tab(tapped=False)
    await tab.call("Emulation.setDeviceMetricsOverride", width=360, height=800,
                   deviceScaleFactor=1, mobile=True)  # fmt: skip
    await tab.open((book / "index.html").as_uri())
    await tab.until("document.readyState == 'complete'")
    await tab.run("document.getElementById('search').focus()")
    await tab.compose("shen", "深圳")
    await tab.until("document.querySelectorAll('#found li').length > 5")
    assert "深圳" in await tab.run("document.querySelector('#found a').textContent")
    await tab.run("document.querySelector('#found a').click()")
    await tab.until("location.pathname.endsWith('-440300.html')")
    await tab.until("document.querySelectorAll('figure svg').length > 0")
    assert await tab.run("document.documentElement.scrollWidth <= innerWidth")
    assert all(one.startswith(book.as_uri()) for one in tab.requests), tab.requests

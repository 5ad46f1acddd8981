"""The report on a change of rules in a real browser: on a phone, on paper, and loading nothing."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.folders import ROOT
from tests.web.browser import Browser


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """What October 2023 changed in Shenzhen."""
    path = tmp_path / "report.html"
    asked = ["2023-09-30", "2023-10-01", "--region", "440300", "--decision", "may_bind"]
    told = ["--lang", "zh", "--report", str(path)]
    command = [sys.executable, "-m", "tui", "rules", "diff", *asked, *told]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return path


@pytest.mark.asyncio
async def test_a_committee_reads_it(browser: Browser, report: Path) -> None:
    tab = await browser.tab(tapped=False)
    await tab.call("Emulation.setDeviceMetricsOverride", width=360, height=800,
                   deviceScaleFactor=1, mobile=True)  # fmt: skip
    await tab.open(report.as_uri())
    await tab.until("document.readyState == 'complete'")
    assert await tab.run("document.documentElement.scrollWidth <= innerWidth")
    groups = await tab.run("document.querySelectorAll('article.doubt').length")
    assert groups == 3
    # The style sheet is let in by the page's own policy: the edge of such a change has its colour.
    edge = "getComputedStyle(document.querySelector('article.doubt')).borderLeftColor"
    assert await tab.run(edge) == "rgb(199, 138, 0)"
    await tab.run("document.querySelector('article a[href^=\"#rule-\"]').click()")
    assert await tab.run("document.querySelector(location.hash).tagName") == "ARTICLE"
    printed = await tab.call("Page.printToPDF", preferCSSPageSize=True)
    # Millimetres of A4 in points; the box of each page is written in them.
    assert b"/MediaBox [0 0 59" in base64.b64decode(printed["data"])
    assert all(one.startswith(report.as_uri()) for one in tab.requests), tab.requests
    assert not [one for one in tab.events if one["method"] == "Log.entryAdded"]

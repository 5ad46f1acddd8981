"""A family in front of a real browser: from the first key to the file on their own computer."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from urllib.parse import urlsplit

from tests.web.browser import Browser, Tab
from tests.web.conftest import Serve

READY = "!!document.querySelector('.xterm-helper-textarea')"
SHOWN = "document.body.dataset.state === 'shown'"


def arrived(folder: Path) -> list[Path]:
    """The files that are there, those under way left out."""
    return [one for one in folder.iterdir() if not one.name.endswith(".crdownload")]


async def downloaded(folder: Path, wait: float = 10.0) -> Path:
    """The file that arrives whole."""
    end = asyncio.get_running_loop().time() + wait
    while not (whole := arrived(folder)):
        assert asyncio.get_running_loop().time() < end, "no file"
        await asyncio.sleep(0.05)
    return whole[0]


async def to_result(tab: Tab) -> None:
    """Answer that all is unknown but the place, which an input method types."""
    await tab.shows("想查哪一件事")
    await tab.press("1", "Enter")
    await tab.shows("孩子在哪个城市参保")
    await tab.compose("s", "shen zhen", "深圳")
    await tab.shows("深圳市")
    await tab.press("Enter")
    await tab.shows("深圳")
    # The page of all answers sums them up.
    while not await tab.run("window.seen.includes('个回答')"):
        await tab.press("F4")
        await asyncio.sleep(0.3)
    await tab.run("window.seen = ''")
    await tab.press("Enter")
    await tab.shows("深圳市")


async def test_a_walk_in_chinese_from_the_first_key_to_the_file(
    serve: Serve, browser: Browser, pictures: Path
) -> None:
    served = serve()
    tab = await browser.tab()
    await tab.open(f"{served.url}/")
    # No click, and no waiting for the program either: there is but a page.
    await tab.until(READY)
    await tab.press("Enter")
    await to_result(tab)
    await tab.picture(pictures / "result.png")

    await tab.press("F6")
    await tab.shows("纯文字")
    await tab.picture(pictures / "walk.png")
    await tab.press("1")
    file = await downloaded(browser.downloads)
    assert file.name == "童保-绑定就诊机构-2026-03-01.html"
    page = file.read_text("utf-8")
    assert page.endswith("</html>\n")
    assert "深圳" in page
    await tab.shows("已交给浏览器下载")

    addresses = {urlsplit(one).netloc for one in tab.requests if not one.startswith("data:")}
    assert addresses == {urlsplit(served.url).netloc}
    faults = [one for one in tab.events if one["method"] == "Runtime.exceptionThrown"
              or (one["method"] == "Log.entryAdded"
                  and one["params"]["entry"]["level"] == "error")]  # fmt: skip
    assert faults == []


async def test_the_first_page_comes_soon_and_an_address_cannot_lead_elsewhere(
    serve: Serve, browser: Browser
) -> None:
    served = serve()
    tab = await browser.tab()
    # The terminal's script would fetch one and wait for a button at the other.
    await tab.open(f"{served.url}/?ping=http://elsewhere.example/&delay=1")
    await tab.until(SHOWN, 5.0)
    assert not [one for one in tab.requests if one.startswith("http://elsewhere.example")]


async def test_english_and_a_window_that_changes(serve: Serve, browser: Browser) -> None:
    served = serve("--lang", "en")
    tab = await browser.tab()
    await tab.open(f"{served.url}/")
    await tab.shows("children's medical insurance")
    await tab.call("Emulation.setDeviceMetricsOverride", width=600, height=500,
                   deviceScaleFactor=1, mobile=False)  # fmt: skip
    await tab.run("window.dispatchEvent(new Event('resize'))")
    await tab.press("F2")
    await tab.shows("少儿医保自查")


async def test_leaving_is_said_and_one_can_start_again(serve: Serve, browser: Browser) -> None:
    served = serve("--sessions", "1")
    tab = await browser.tab()
    await tab.open(f"{served.url}/")
    await tab.until(SHOWN)
    await tab.press("ArrowUp", "Enter")
    await tab.until("document.body.innerText.includes('已经退出。您的回答没有保存。')")
    await tab.until("document.body.innerText.includes('You have left.')")
    # The button has the keyboard, and the only place is free again.
    await tab.press("Enter")
    await tab.until(f"performance.now() < 9000 && {SHOWN}")


async def test_whoever_types_nothing_is_let_go(serve: Serve, browser: Browser) -> None:
    served = serve("--idle", "0.05")
    tab = await browser.tab()
    await tab.open(f"{served.url}/")
    await tab.until("document.body.dataset.state === 'idle'")
    assert "很久没有操作" in await tab.run("document.body.innerText")
    await served.empties()


async def test_the_one_too_many_reads_why(serve: Serve, browser: Browser, pictures: Path) -> None:
    served = serve("--sessions", "1")
    first, second = await browser.tab(), await browser.tab()
    await first.open(f"{served.url}/")
    await first.until(SHOWN)
    await second.open(f"{served.url}/")
    await second.until("document.body.dataset.state === 'full'")
    said = await second.run("document.body.innerText")
    assert "现在使用的人太多" in said
    assert "Too many people are using this now" in said
    await second.picture(pictures / "full.png")
    await browser.close(first)
    await served.empties()
    await second.press("Enter")
    await second.until(SHOWN)


async def test_no_session_kept_on_this_computer_is_offered(
    serve: Serve, browser: Browser, state: Path
) -> None:
    kept = state / "tongbao" / "session.json"
    kept.parent.mkdir(parents=True)
    session = {"version": 1, "as_of": "2026-03-01", "topic": "hospital_binding",
               "trail": ["region"], "answers": {"region": "440300"}, "ticks": [],
               "rules": "0"}  # fmt: skip
    kept.write_text(json.dumps(session), "utf-8")
    served = serve()
    tab = await browser.tab()
    await tab.open(f"{served.url}/")
    await tab.until("window.seen.includes('您的回答只留在')")
    assert "继续上次" not in await tab.run("window.seen")
    assert "批量" not in await tab.run("window.seen")
    assert json.loads(kept.read_text("utf-8")) == session


async def test_a_closed_tab_leaves_no_process(serve: Serve, browser: Browser) -> None:
    served = serve()
    tab = await browser.tab()
    await tab.open(f"{served.url}/")
    await tab.until(SHOWN)
    await served.has(1)
    await browser.close(tab)
    await served.empties(5.0)


async def test_a_tab_closed_within_a_second_leaves_no_process(
    serve: Serve, browser: Browser
) -> None:
    served = serve()
    for delay in (0.0, 0.2, 0.4, 0.8):
        tab = await browser.tab()
        await tab.open(f"{served.url}/")
        await tab.until("!!document.querySelector('.textual-terminal.-connected')")
        await served.has(1)
        await asyncio.sleep(delay)
        await browser.close(tab)
        await served.empties(5.0)

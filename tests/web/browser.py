"""Drives a real Chromium over its debugging protocol: keys, typed text, screenshots, requests."""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp

CODES = {"Enter": 13, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "F2": 113, "F4": 115, "F6": 117}
WAIT = 30.0
# What a terminal's text layer shows: our own tap on the bytes that the page was sent.
TAP = """
window.seen = "";
const Plain = WebSocket;
window.WebSocket = class extends Plain {
  constructor(...given) {
    super(...given);
    const reader = new TextDecoder();
    this.addEventListener("message", (event) => {
      if (typeof event.data !== "string")
        window.seen += reader.decode(event.data, { stream: true });
    });
  }
};
"""


class Tab:
    """One page of the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, target: str) -> None:
        self.target = target
        self.requests: list[str] = []
        self.events: list[dict[str, Any]] = []
        self._socket = socket
        self._number = 0
        self._awaited: dict[int, asyncio.Future[Any]] = {}
        self._pump = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            data = message.json()
            awaited = self._awaited.pop(data.get("id"), None)
            if awaited is not None and not awaited.done():
                awaited.set_result(data)
            elif data.get("method") in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                params = data["params"]
                self.requests.append(params.get("url") or params["request"]["url"])
            elif "method" in data:
                self.events.append(data)

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        answer = self._awaited[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        data: dict[str, Any] = await asyncio.wait_for(answer, WAIT)
        assert "error" not in data, (method, data)
        result: dict[str, Any] = data["result"]
        return result

    async def run(self, expression: str) -> Any:
        """The value of some JavaScript."""
        told = await self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        return told["result"].get("value")

    async def until(self, expression: str, wait: float = WAIT) -> None:
        """Wait until some JavaScript is true."""
        end = asyncio.get_running_loop().time() + wait
        while not await self.run(expression):
            said = await self.run("document.body?.innerText + (window.seen || '').slice(-3000)")
            assert asyncio.get_running_loop().time() < end, f"never: {expression}\n{said}"
            await asyncio.sleep(0.05)

    async def shows(self, text: str, wait: float = WAIT) -> None:
        """Wait until the terminal was sent this text, then forget what it was sent."""
        await self.until(f"window.seen.includes({text!r})", wait)
        await self.run("window.seen = ''")

    async def press(self, *keys: str) -> None:
        """Press keys: by name, or characters one by one."""
        for key in keys:
            code = CODES.get(key, 0)
            text = {"Enter": "\r"}.get(key, "" if code else key)
            pressed = {"key": key, "code": key, "windowsVirtualKeyCode": code}
            down = {"type": "keyDown", **pressed, **({"text": text} if text else {})}
            await self.call("Input.dispatchKeyEvent", **down)
            await self.call("Input.dispatchKeyEvent", type="keyUp", **pressed)

    async def compose(self, *stages: str) -> None:
        """Type as an input method does: some stages under way, then the last for good."""
        for stage in stages[:-1]:
            await self.call("Input.imeSetComposition", text=stage, selectionStart=len(stage),
                            selectionEnd=len(stage))  # fmt: skip
        await self.call("Input.insertText", text=stages[-1])

    async def picture(self, path: Path) -> None:
        shot = await self.call("Page.captureScreenshot", format="png")
        await asyncio.to_thread(path.write_bytes, base64.b64decode(shot["data"]))

    async def open(self, url: str) -> None:
        await self.call("Page.navigate", url=url)

    async def end(self) -> None:
        self._pump.cancel()
        await self._socket.close()


@dataclass
class Browser:
    """A browser with a profile of its own; where downloads go is `downloads`."""

    arguments: tuple[str, ...] = ()
    downloads: Path = field(init=False)

    async def __aenter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="tongbao-browser-"))
        self.downloads = self._folder / "downloads"
        self.downloads.mkdir()
        program = os.environ.get("CHROMIUM", "chromium")
        profile = self._folder / "profile"
        # Of no use to a test, and of other hosts: lists, updates, translation.
        quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update",
                 "--disable-sync", "--no-default-browser-check"]  # fmt: skip
        self._process = subprocess.Popen(  # noqa: ASYNC220 - starting it takes no time
            [program, "--headless=new", "--no-sandbox", "--remote-debugging-port=0",
             f"--user-data-dir={profile}", "--window-size=1000,760", *quiet, *self.arguments,
             "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._http = aiohttp.ClientSession(trust_env=False)
        self._port = await self._listening(profile / "DevToolsActivePort")
        self._tabs: list[Tab] = []
        return self

    async def _listening(self, told: Path) -> str:
        for _ in range(int(WAIT / 0.1)):
            with suppress(FileNotFoundError, IndexError):
                return (await asyncio.to_thread(told.read_text)).splitlines()[0]
            assert self._process.poll() is None, "the browser ended"
            await asyncio.sleep(0.1)
        raise AssertionError("the browser did not start")

    async def tab(self, *, tapped: bool = True) -> Tab:
        """A new tab; with `tapped` the page's own connection is listened to."""
        base = f"http://127.0.0.1:{self._port}/json"
        async with self._http.put(f"{base}/new?about:blank") as answer:
            made = await answer.json(content_type=None)
        address = made["webSocketDebuggerUrl"]
        tab = Tab(await self._http.ws_connect(address, max_msg_size=0), made["id"])
        self._tabs.append(tab)
        for domain in ("Page", "Network", "Runtime", "Log"):
            await tab.call(f"{domain}.enable")
        if tapped:
            await tab.call("Page.addScriptToEvaluateOnNewDocument", source=TAP)
        await tab.call("Browser.setDownloadBehavior", behavior="allow",
                       downloadPath=str(self.downloads))  # fmt: skip
        return tab

    async def close(self, tab: Tab) -> None:
        """Close a tab as its cross does."""
        async with self._http.get(f"http://127.0.0.1:{self._port}/json/close/{tab.target}"):
            pass

    async def __aexit__(self, *_error: object) -> None:
        for tab in self._tabs:
            await tab.end()
        await self._http.close()
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

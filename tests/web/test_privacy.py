"""What the server keeps and tells of its visitors: nothing."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.support.folders import ROOT
from tests.web.test_server import http

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.conftest import Serve

__all__ = ["http"]

OFFLINE = ROOT / "tests" / "support" / "offline"


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_a_visit_leaves_no_trace(
    http: aiohttp.ClientSession, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("PYTHONPATH", str(OFFLINE))
    monkeypatch.setenv("TONGBAO_TRIED", str(tmp_path / "tried"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    served = serve()
    for path, kept in (("/", "no-store"), ("/room", "no-store"), ("/download/x", "no-store"),
                       ("/nothing", "no-store"), ("/static/page.js", "no-cache")):  # fmt: skip
        async with http.get(f"{served.url}{path}") as answer:
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == kept
    async with http.ws_connect(f"{served.url}/ws", headers={"Origin": served.url}) as one:
        await one.receive_bytes(timeout=30)
        for key in ("\r", "1", "\r", "1", "\r", "2012-03-02", "\r"):
            await one.send_str(json.dumps(["stdin", key]))
            await asyncio.sleep(0.2)
    await served.empties()
    assert served.end() == 143
    assert served.process.stderr is not None
    # Where it listens and how to end it was said; of the visit nothing.
    assert served.process.stderr.read() == "按 Ctrl+C 停止\n"
    assert left_in(tmp_path) == []

"""What the server refuses and says, without a browser."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress

import aiohttp
import pytest
import pytest_asyncio

from tests.support.folders import ROOT
from tests.web.conftest import Serve, Served


@pytest_asyncio.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield session


async def refused(http: aiohttp.ClientSession, served: Served, origin: str | None) -> int:
    """The status with which a connection is refused."""
    headers = {"Origin": origin} if origin is not None else {}
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await http.ws_connect(f"{served.url}/ws", headers=headers)
    return int(caught.value.status)


async def test_foreign_pages_and_none_are_refused(
    http: aiohttp.ClientSession, serve: Serve
) -> None:
    served = serve()
    port = served.url.rpartition(":")[2]
    for origin in (None, "null", "", "http://evil.example", f"https://127.0.0.1:{port}",
                   "http://127.0.0.1", f"http://127.0.0.1.evil.example:{port}",
                   f"{served.url}/", f"http://evil.example:{port}"):  # fmt: skip
        assert await refused(http, served, origin) == 403
    for origin in (served.url, f"http://localhost:{port}"):
        async with http.ws_connect(f"{served.url}/ws", headers={"Origin": origin}):
            pass
    await served.empties()


async def test_a_public_address_admits_its_own_page_alone(
    http: aiohttp.ClientSession, serve: Serve
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    served = serve("--port", str(port), "--host", "0.0.0.0",
                   "--public-url", "https://Health.example/")  # fmt: skip
    assert served.url == "https://health.example"
    stderr = served.process.stderr
    assert stderr is not None
    assert "不用登录" in stderr.readline()
    served.url = f"http://127.0.0.1:{port}"
    assert await refused(http, served, served.url) == 403
    answer = http.ws_connect(f"{served.url}/ws", headers={"Origin": "https://health.example"})
    async with answer:
        pass
    async with http.get(served.url) as page:
        assert "wss://health.example" in page.headers["Content-Security-Policy"]


async def test_the_one_too_many_is_refused_in_both_languages(
    http: aiohttp.ClientSession, serve: Serve
) -> None:
    served = serve("--sessions", "2")
    ours = {"Origin": served.url}
    first = await http.ws_connect(f"{served.url}/ws", headers=ours)
    second = await http.ws_connect(f"{served.url}/ws", headers=ours)
    assert await refused(http, served, served.url) == 503
    async with http.get(f"{served.url}/room") as room:
        assert room.status == 503
        said = await room.text()
    assert "现在使用的人太多" in said
    assert "Too many people" in said
    await first.close()
    # A place is free when its process is gone, and who comes in between waits for that.
    third = await http.ws_connect(f"{served.url}/ws", headers=ours)
    for _ in range(100):
        # A connection stands a moment before its program does.
        if len(served.programs()) == 2:
            break
        await asyncio.sleep(0.05)
    assert len(served.programs()) == 2
    await second.close()
    await third.close()
    await served.empties()


async def test_one_address_takes_no_more_than_its_places(
    http: aiohttp.ClientSession, serve: Serve
) -> None:
    served = serve("--sessions", "3", "--per-address", "1", "--proxies", "1")

    def through(address: str) -> dict[str, str]:
        return {"Origin": served.url, "X-Forwarded-For": f"198.51.100.1, {address}"}

    first = await http.ws_connect(f"{served.url}/ws", headers=through("203.0.113.7"))
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await http.ws_connect(f"{served.url}/ws", headers=through("203.0.113.7"))
    assert caught.value.status == 503
    for address, status in (("203.0.113.7", 503), ("203.0.113.8", 204)):
        async with http.get(f"{served.url}/room", headers=through(address)) as room:
            assert room.status == status
    second = await http.ws_connect(f"{served.url}/ws", headers=through("203.0.113.8"))
    await first.close()
    again = await http.ws_connect(f"{served.url}/ws", headers=through("203.0.113.7"))
    await second.close()
    await again.close()
    await served.empties()


async def test_what_there_is_and_what_there_is_not(
    http: aiohttp.ClientSession, serve: Serve
) -> None:
    served = serve()
    found = {}
    for path in ("/", "/static/", "/static", "/static/..%2fserver.py", "/static/textual.js",
                 "/static/page.html", "/download/", "/download/x", "/room"):  # fmt: skip
        async with http.get(f"{served.url}{path}") as answer:
            found[path] = answer.status
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert found == {
        "/": 200, "/static/": 404, "/static": 404, "/static/..%2fserver.py": 404,
        "/static/textual.js": 200, "/static/page.html": 404, "/download/": 404,
        "/download/x": 404, "/room": 204,
    }  # fmt: skip


STRANGE = (
    "", "null", "[]", "{}", "7", '["resize",{}]', '["resize",{"width":Infinity,"height":1}]',
    '["stdin"', "[" * 60_000, '["resize",{"width":1e9,"height":-4}]', '["stdin","\\ud800"]',
    "x" * 100_000,
)  # fmt: skip


async def test_strange_messages_break_nothing(http: aiohttp.ClientSession, serve: Serve) -> None:
    served = serve("--sessions", "20")
    for message in STRANGE:
        async with http.ws_connect(f"{served.url}/ws", headers={"Origin": served.url}) as one:
            await one.send_str(message)
            await asyncio.sleep(0.1)
    await served.empties()
    async with http.ws_connect(f"{served.url}/ws", headers={"Origin": served.url}) as one:
        await one.send_str(STRANGE[-3])
        await one.send_str(STRANGE[-2])
        assert (await one.receive_bytes(timeout=15)).startswith(b"\x1b")
    assert served.end() == 143
    stderr = served.process.stderr
    assert stderr is not None
    assert stderr.read() == "按 Ctrl+C 停止\n"


async def flood(connection: aiohttp.ClientWebSocketResponse, text: str) -> None:
    """Send a text again and again."""
    for _ in range(400):
        await connection.send_str(text)
        await asyncio.sleep(0.005)


async def test_a_flood_of_keys_is_not_kept(http: aiohttp.ClientSession, serve: Serve) -> None:
    served = serve()
    async with http.ws_connect(f"{served.url}/ws", headers={"Origin": served.url}) as one:
        await served.has(1)
        (program,) = served.programs()
        os.kill(program, signal.SIGSTOP)
        text = json.dumps(["stdin", "x" * 60_000])
        with suppress(ConnectionError, aiohttp.ClientError):
            await flood(one, text)
        async with asyncio.timeout(60):
            async for _ in one:
                pass  # what was sent before the server closed the connection
    # A process that does not even run is ended by force.
    await served.empties()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130),
                                              (signal.SIGHUP, 143)])  # fmt: skip
async def test_a_signal_ends_everything(
    http: aiohttp.ClientSession, serve: Serve, number: signal.Signals, code: int
) -> None:
    served = serve()
    ours = {"Origin": served.url}
    connections = [await http.ws_connect(f"{served.url}/ws", headers=ours) for _ in range(2)]
    await served.has(2)
    assert served.end(number) == code
    assert served.programs() == set()
    for one in connections:
        await one.close()


async def test_no_program_outlives_a_server_that_was_killed(
    http: aiohttp.ClientSession, serve: Serve
) -> None:
    served = serve()
    one = await http.ws_connect(f"{served.url}/ws", headers={"Origin": served.url})
    await one.receive_bytes(timeout=15)
    await asyncio.sleep(0.5)
    await served.has(1)
    served.end(signal.SIGKILL)
    await served.empties()
    await one.close()


def said(*options: str) -> tuple[int, str]:
    """The exit code and what was said by a server that does not start."""
    command = [sys.executable, "-m", "tui", "web", "--lang", "en", *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert run.stdout == ""
    return run.returncode, run.stderr


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, text = said("--port", str(port))
    assert code == 2
    assert text == (
        f"Cannot serve at 127.0.0.1:{port}: another program uses it. "
        "Choose another port, for example: --port 8080\n"
    )


def test_other_computers_need_an_address() -> None:
    code, text = said("--host", "0.0.0.0")
    assert (code, text.count("\n")) == (2, 1)
    assert "--public-url https://" in text
    code, text = said("--public-url", "ftp://x")
    assert (code, text.count("\n")) == (2, 1)
    assert "not: ftp://x" in text


def test_without_the_extra() -> None:
    code = "import sys; sys.modules['aiohttp'] = None; from tui.cli import main; main()"
    command = [sys.executable, "-c", code, "web", "--lang", "en"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert "pip install 'tongbao[web]'" in run.stderr
    assert run.stderr.count("\n") == 1

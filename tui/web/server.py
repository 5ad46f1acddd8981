"""Serves the page, the terminal's script, and over web sockets a program for each visitor."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import time
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import textual_serve
from aiohttp import WSCloseCode, WSMsgType, web

from tui import exit_codes
from tui.locale import LANGUAGES, Locale
from tui.web.guard import Callers, Origins, Places
from tui.web.page import headers, page, text
from tui.web.session import GRACE, Meta, Session, UnreadError, command, environment

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Coroutine

_LARGEST = 64 * 1024
"""Bytes a browser may send at once: a pasted text."""
_HEARTBEAT = 20.0
_FAREWELL = 2.0
_ODD = (ValueError, TypeError, KeyError, OverflowError, RecursionError, UnreadError)
"""What comes of messages that no page of ours sends, or of a program that hangs."""
_FILES = 8
"""Files a visitor may have waiting to be downloaded."""
_STATICS = {
    "page.js": "text/javascript", "page.css": "text/css", "textual.js": "text/javascript",
    "xterm.css": "text/css", "RobotoMono.ttf": "font/ttf",
}  # fmt: skip
_BROUGHT = {"textual.js": "js/textual.js", "xterm.css": "css/xterm.css",
            "RobotoMono.ttf": "fonts/RobotoMono-VariableFont_wght.ttf"}  # fmt: skip
_SIGNALS = {signal.SIGINT: exit_codes.INTERRUPTED, signal.SIGTERM: exit_codes.TERMINATED,
            signal.SIGHUP: exit_codes.TERMINATED}  # fmt: skip


@dataclass(frozen=True)
class Serving:
    """How the interface is served."""

    origins: Origins
    lang: str
    sessions: int
    idle: float
    """Seconds after which a visitor who types nothing has left."""
    as_of: str | None = None
    per_address: int | None = None
    """Visitors at a time from one address; None for as many as there are places."""
    proxies: int = 0
    """Reverse proxies on this computer that a request comes through."""


@dataclass(frozen=True)
class _File:
    name: str
    mime: str
    data: bytes


class _Server:
    """What all visitors share."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.places = Places(serving.sessions)
        self.callers = Callers(serving.per_address, serving.proxies)
        self.files: dict[str, _File] = {}
        self.sockets: set[web.WebSocketResponse] = set()
        self.sessions: set[Session] = set()
        self._headers = headers(serving.origins)
        self._page = page(serving.lang)
        self._statics = {name: _static(name) for name in _STATICS}

    def application(self) -> web.Application:
        """The application with its few addresses."""
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_get("/", self._index)
        app.router.add_get("/room", self._room)
        app.router.add_get("/ws", self._visit)
        app.router.add_get("/static/{name}", self._static)
        app.router.add_get("/download/{key}", self._download)
        app.on_response_prepare.append(self._prepare)
        app.on_shutdown.append(self._shut)
        return app

    async def _prepare(self, _request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(self._headers)
        response.headers.setdefault("Cache-Control", "no-store")

    async def _shut(self, _app: web.Application) -> None:
        """Let every visitor's connection end, which ends the programs."""
        closing = [one.close(code=WSCloseCode.GOING_AWAY) for one in self.sockets]
        await asyncio.gather(*closing, return_exceptions=True)

    async def _index(self, _request: web.Request) -> web.Response:
        return web.Response(text=self._page, content_type="text/html")

    async def _room(self, request: web.Request) -> web.Response:
        """Whether there is a place: so the page can say why it was not let in."""
        full = self.places.full or self.callers.many(self._who(request))
        return self._full() if full else web.Response(status=204)

    def _who(self, request: web.Request) -> str:
        return self.callers.who(request.remote, request.headers.getall("X-Forwarded-For", ()))

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._statics:
            raise web.HTTPNotFound
        body, kind = self._statics[name], _STATICS[name]
        response = web.Response(body=body, content_type=kind, headers={"Cache-Control": "no-cache"})
        response.enable_compression()
        return response

    async def _download(self, request: web.Request) -> web.Response:
        """A file that was asked for, once."""
        file = self.files.pop(request.match_info["key"], None)
        if file is None:
            raise web.HTTPNotFound
        name = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        told = {"Content-Disposition": name}
        return web.Response(body=file.data, content_type=file.mime, headers=told)

    async def _visit(self, request: web.Request) -> web.StreamResponse:
        if not self.serving.origins.admit(request.headers.get("Origin")):
            return _refusal(403, "web.foreign")
        connection = web.WebSocketResponse(
            heartbeat=_HEARTBEAT, max_msg_size=_LARGEST, timeout=_FAREWELL
        )
        if not connection.can_prepare(request):
            raise web.HTTPBadRequest
        who = self._who(request)
        if not await self.callers.enter(who):
            return self._full()
        try:
            return await self._stay(request, connection)
        finally:
            self.callers.leave(who)

    async def _stay(
        self, request: web.Request, connection: web.WebSocketResponse
    ) -> web.StreamResponse:  # fmt: skip
        """Give a visitor a place, if there is one, as long as they stay."""
        if not await self.places.take():
            return self._full()
        visitor = _Visitor(self, connection)
        try:
            await connection.prepare(request)
            self.sockets.add(connection)
            await visitor.stay(_size(request.query))
        finally:
            self.sockets.discard(connection)
            self.places.leave()
            # Whatever becomes of this request, the program ends before its place is free.
            ending = asyncio.ensure_future(visitor.end())
            ending.add_done_callback(lambda _done: self.places.free())
            await asyncio.shield(ending)
        return connection

    def _full(self) -> web.Response:
        return _refusal(503, "web.page.full", {"Retry-After": "60"})


class _Visitor:
    """One connection and its program."""

    def __init__(self, server: _Server, connection: web.WebSocketResponse) -> None:
        self._server, self._connection = server, connection
        self._session: Session | None = None
        self._typed = time.monotonic()
        self._files: list[str] = []

    async def stay(self, size: tuple[int, int]) -> None:
        """Connect the browser with a program, until one of them ends or nobody types."""
        serving = self._server.serving
        self._session = session = await Session.start(
            command(serving.lang, serving.as_of), environment(os.environ, *size)
        )
        self._server.sessions.add(session)
        parts: dict[asyncio.Future[None], str] = {
            asyncio.ensure_future(session.pass_on(self._show, self._tell)): "ended",
            asyncio.ensure_future(self._receive(session)): "broken",
            asyncio.ensure_future(self._idle(serving.idle)): "idle",
        }
        done, rest = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for one in rest:
            one.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        first = done.pop()
        said = "broken" if first.exception() else parts[first]
        if said == "ended" and await session.code() == exit_codes.INTERNAL:
            said = "broken"
        with suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(self._connection.send_json(["ended", said]), _FAREWELL)

    async def end(self) -> None:
        """End the program and the connection, and forget the files."""
        for key in self._files:
            self._server.files.pop(key, None)
        if self._session is not None:
            stopping = asyncio.ensure_future(self._session.stop())
            with suppress(ConnectionError):
                await self._connection.close()
            await stopping
            self._server.sessions.discard(self._session)

    async def _show(self, data: bytes) -> None:
        await self._connection.send_bytes(data)

    async def _tell(self, meta: Meta) -> None:
        if meta["type"] != "file":
            return
        key = secrets.token_urlsafe(24)
        data = b64decode(str(meta["data"]))
        self._server.files[key] = _File(str(meta["name"]), str(meta["mime"]), data)
        self._files.append(key)
        if len(self._files) > _FILES:
            self._server.files.pop(self._files.pop(0), None)
        await self._connection.send_json(["download", f"download/{key}"])

    async def _receive(self, session: Session) -> None:
        """Pass on what the browser sends; what no page of ours sends ends the visit."""
        async for message in self._connection:
            if message.type is not WSMsgType.TEXT:
                return
            try:
                await self._heed(session, *message.json())
            except _ODD:
                return

    async def _heed(self, session: Session, kind: str, value: Any = None) -> None:  # noqa: ANN401 - of JSON
        """Do what the page says; that its window is the one looked at changes nothing."""
        if kind == "stdin":
            session.type(str(value))
            self._typed = time.monotonic()
        elif kind == "resize":
            session.resize(int(value["width"]), int(value["height"]))
        elif kind == "ping":
            await self._connection.send_json(["pong", str(value)])

    async def _idle(self, seconds: float) -> None:
        # No event: a timer anew for each key would be work for each key.
        while (left := self._typed + seconds - time.monotonic()) > 0:  # noqa: ASYNC110 - as said
            await asyncio.sleep(left)


def _static(name: str) -> bytes:
    if name in _BROUGHT:
        return files(textual_serve).joinpath("static", _BROUGHT[name]).read_bytes()
    return text(name).encode()


def _refusal(status: int, key: str, told: dict[str, str] | None = None) -> web.Response:
    """A sentence in every language, for whoever looks."""
    said = "\n".join(Locale(lang)(key) for lang in LANGUAGES)
    return web.Response(status=status, text=said + "\n", headers=told)


def _size(query: web.Request) -> tuple[int, int]:
    """The size of the window that the browser names, if it does."""
    try:
        return int(query["width"]), int(query["height"])
    except (KeyError, ValueError):
        return 80, 24


def serve(serving: Serving, listening: socket.socket, ready: Callable[[], None]) -> int:
    """Serve until a signal ends it; the exit code."""
    running: Coroutine[None, None, int] = _serve(serving, listening, ready)
    return asyncio.run(running)


async def _serve(serving: Serving, listening: socket.socket, ready: Callable[[], None]) -> int:
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()
    for received, code in _SIGNALS.items():
        loop.add_signal_handler(received, partial(_once, ended, code))
    server = _Server(serving)
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=GRACE * 2)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        ready()
        return await ended
    finally:
        await runner.cleanup()
        for session in server.sessions:
            session.kill()


def _once(ended: asyncio.Future[int], code: int) -> None:
    if not ended.done():
        ended.set_result(code)

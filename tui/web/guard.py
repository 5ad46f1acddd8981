"""Decides who may come in over the web: pages of which origin, and how many visitors at a time."""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_LOOPBACK = "localhost"
_MOMENT = 0.5
"""Seconds in which the server notices that somebody has left."""


class NotPublicError(ValueError):
    """An address that no browser could have the page from."""


@dataclass(frozen=True)
class Origins:
    """Where our own page can have come from, as browsers write it."""

    allowed: tuple[str, ...]

    def admit(self, origin: str | None) -> bool:
        """Whether a page of this origin may connect; a request that names none is no browser's."""
        return origin is not None and origin in self.allowed

    @property
    def sockets(self) -> tuple[str, ...]:
        """The same places for web sockets, as a content policy names them."""
        return tuple(f"ws{one.removeprefix('http')}" for one in self.allowed)


def origins(host: str, port: int, public_url: str | None = None) -> Origins:
    """The origins of our page; raises NotPublicError.

    Behind a loopback address people may have typed any of its names.
    """
    if public_url is not None:
        return Origins((public_origin(public_url),))
    names = dict.fromkeys((host, "127.0.0.1", _LOOPBACK))
    return Origins(tuple(_origin("http", name, port) for name in names))


def public_origin(url: str) -> str:
    """The origin of the address people type, as browsers write it; raises NotPublicError."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotPublicError(url) from error
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in _PORTS or not host or not plain:
        raise NotPublicError(url)
    try:
        # Browsers name a host that is not ASCII by its ASCII form.
        name = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise NotPublicError(url) from error
    return _origin(parts.scheme, name, port or _PORTS[parts.scheme])


def _origin(scheme: str, host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" + ("" if port == _PORTS[scheme] else f":{port}")


def loopback(host: str) -> bool:
    """Whether nobody but this computer can reach the address."""
    if host == _LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Places:
    """The places for visitors; one is free again when its process has ended, not before."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.taken = 0
        self.leaving = 0
        """How many of those taken will be free in a moment."""
        self._freed = asyncio.Event()

    @property
    def full(self) -> bool:
        """Whether nobody can come in, not even in a moment."""
        return self.taken - self.leaving >= self.limit

    async def take(self) -> bool:
        """Take a place, if need be once its last visitor's process has ended; False when full.

        Whoever loads the page again comes back before their old process has ended.
        """
        while self.taken >= self.limit:
            self._freed.clear()
            wait = _MOMENT if self.full else None
            with suppress(TimeoutError):
                await asyncio.wait_for(self._freed.wait(), wait)
            if self.full:
                return False
        self.taken += 1
        return True

    def leave(self) -> None:
        """Say that a place will be free in a moment; `free` must follow."""
        self.leaving += 1

    def free(self) -> None:
        """Give a place back that was left."""
        self.leaving -= 1
        self.taken -= 1
        self._freed.set()

"""Decides who may come in over the web: pages of which origin, and how many visitors at a time."""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

_PORTS = {"http": 80, "https": 443}
_LOOPBACK = "localhost"
_HOUSEHOLD = 64
"""Bits of an IPv6 address that tell one network from another."""
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


class Callers:
    """How many visitors each address has at a time.

    Behind `proxies` reverse proxies on this very computer every visitor would have its address:
    there the address counts that the outermost of them was asked from. From anywhere else what a
    request says of its address is worth nothing.
    """

    def __init__(self, limit: int | None, proxies: int = 0) -> None:
        self._limit, self._proxies = limit, proxies
        self._visitors: Counter[str] = Counter()
        self._left = asyncio.Event()

    def who(self, peer: str | None, forwarded: Iterable[str]) -> str:
        """The address of whoever asks, from the connection's and every X-Forwarded-For header."""
        named = [one.strip() for line in forwarded for one in line.split(",")]
        if self._proxies and loopback(peer or "") and len(named) >= self._proxies:
            peer = named[-self._proxies]
        return _network(peer or "")

    def many(self, who: str) -> bool:
        """Whether there are as many from the address as there may be."""
        return self._limit is not None and self._visitors[who] >= self._limit

    async def enter(self, who: str) -> bool:
        """Let one more in from the address, if there may be one more, now or in a moment.

        Whoever loads the page again comes back before it is noticed that they left.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOMENT):
                while self.many(who):
                    self._left.clear()
                    await self._left.wait()
        if self.many(who):
            return False
        self._visitors[who] += 1
        return True

    def leave(self, who: str) -> None:
        """One of those that entered has left."""
        self._visitors[who] -= 1
        if not self._visitors[who]:
            del self._visitors[who]
        self._left.set()


def _network(address: str) -> str:
    """What one household or office has: an address of IPv4, of IPv6 the network."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.IPv6Network((known, _HOUSEHOLD), strict=False))
    return str(known)


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

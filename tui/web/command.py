"""Runs `web`: checks what was asked, takes the port, says where the page is, and serves."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui import exit_codes, terminal
from tui.locale import Locale
from tui.system_errors import reason
from tui.text.safe import safe
from tui.web.guard import NotPublicError, loopback, origins

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Asked:
    """What the person who starts the server wants."""

    lang: str
    host: str
    port: int
    public_url: str | None
    sessions: int
    minutes: float
    as_of: date | None
    per_address: int | None = None
    proxies: int = 0


class _RefusedError(Exception):
    """It cannot be served like this; the message says why, and what to do."""


def run(asked: Asked) -> int:
    """Serve until it is ended; the exit code."""
    from engine.checker import Checker
    from engine.errors import InputError, RulesetError

    try:
        # Better told to who starts the server than to each visitor.
        Checker.load(from_snapshot=True)
        return _run(asked, Locale(asked.lang))
    except (RulesetError, InputError) as error:
        return terminal.failed(error)
    except _RefusedError as error:
        terminal.say(str(error))
        return exit_codes.USAGE


def _run(asked: Asked, t: Locale) -> int:
    try:
        from tui.web.server import Serving, serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("aiohttp", "textual_serve"):
            raise
        raise _RefusedError(t("web.not_installed")) from error
    if not loopback(asked.host) and asked.public_url is None:
        raise _RefusedError(t("web.public_url_needed", host=safe(asked.host)))
    with _listening(asked, t) as listening:
        port = listening.getsockname()[1]
        try:
            ours = origins(asked.host, port, asked.public_url)
        except NotPublicError as error:
            url = safe(asked.public_url or "")
            raise _RefusedError(t("web.public_url_odd", url=url)) from error

        def ready() -> None:
            terminal.say(t("web.serving", url=ours.allowed[0], n=asked.sessions))
            if asked.public_url is not None:
                at = f"{safe(asked.host)}:{port}"
                terminal.say(t("web.public", at=at, minutes=f"{asked.minutes:g}"))
            terminal.say(t("web.end"))

        day = asked.as_of.isoformat() if asked.as_of else None
        serving = Serving(
            ours, asked.lang, asked.sessions, asked.minutes * 60, day,
            asked.per_address, asked.proxies,
        )  # fmt: skip
        return serve(serving, listening, ready)


def _listening(asked: Asked, t: Locale) -> socket.socket:
    """The port, taken for us alone."""
    where = f"{safe(asked.host)}:{asked.port}"
    try:
        (family, *_, address), *_ = socket.getaddrinfo(
            asked.host, asked.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        return socket.create_server(address[:2], family=family)
    except (OSError, UnicodeError) as error:
        why = reason(error, t) if isinstance(error, OSError) else type(error).__name__
        raise _RefusedError(t("web.no_port", where=where, why=why)) from error

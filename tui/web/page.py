"""Makes the page a visitor's browser shows, in both languages, and what it may load."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from tui.locale import LANGUAGES, Locale

if TYPE_CHECKING:
    from tui.web.guard import Origins

MESSAGES = ("loading", "full", "ended", "idle", "broken", "lost", "no_script")
"""What the page can have to say, each a text below `web.page`."""


def page(lang: str) -> str:
    """The page; the language of the interface comes first."""
    locales = sorted((Locale(one) for one in LANGUAGES), key=lambda t: t.lang != lang)
    said = {one: "".join(_paragraph(t, one) for t in locales) for one in MESSAGES}
    return Template(text("page.html")).substitute(
        said, lang=locales[0].lang,
        title=escape(" / ".join(t("app.title") for t in locales)),
        again=escape(" / ".join(t("web.page.again") for t in locales)),
    )  # fmt: skip


def _paragraph(t: Locale, message: str) -> str:
    return f'<p lang="{t.lang}">{escape(t(f"web.page.{message}"))}</p>'


def text(name: str) -> str:
    """A file of the page that lies beside this module."""
    return files("tui.web").joinpath(name).read_text("utf-8")


def headers(origins: Origins) -> dict[str, str]:
    """What browsers are told with every response: to load nothing from elsewhere, above all."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        # The terminal writes its colours and widths into style elements of its own.
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self'",
        "img-src": "data:",
        "connect-src": " ".join(("'self'", *origins.sockets)),
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Server": "tongbao",
    }

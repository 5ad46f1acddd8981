"""HTML from elements: whatever is no markup already is text, and is escaped here and only here."""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape

from tui.text.safe import safe

_EMPTY = frozenset({"input", "meta", "path", "rect"})
"""Elements that hold nothing."""
_DRAWN = frozenset({"path", "rect"})
"""Those of them that are SVG, which also stands in files of its own."""


class Markup(str):
    """A text that is HTML already; made by this module only."""

    __slots__ = ()


def text(value: object) -> Markup:
    """A text as HTML shows it, whoever wrote it."""
    return Markup(escape(safe(value)))


def joined(*parts: Markup) -> Markup:
    """Parts one after another."""
    return Markup("".join(parts))


def element(name: str, /, *children: str | int, **attributes: str | int) -> Markup:
    """An element; `class_` stands for the attribute `class`, and `a_b` for `a-b`."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
                    for key, value in attributes.items())  # fmt: skip
    if name in _EMPTY:
        drawn = name in _DRAWN
        return Markup(f"<{name}{given}/>") if drawn else Markup(f"<{name}{given}>")
    inner = "".join(one if isinstance(one, Markup) else text(one) for one in children)
    return Markup(f"<{name}{given}>{inner}</{name}>")


def data(identity: str, found: object) -> Markup:
    """Data for a script of the same page; no text in it can end the element."""
    told = json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return element("script", Markup(told), type="application/json", id=identity)


def _hashed(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def document(title: str, sheet: str, body: Markup, lang: str, script: str = "") -> str:
    """A whole page with its style sheet: nothing is loaded, and no script runs but that given."""
    allowed = f"default-src 'none'; style-src {_hashed(sheet)}; base-uri 'none'; form-action 'none'"
    policy = f"{allowed}; script-src {_hashed(script)}" if script else allowed
    if script:
        inner = body.removesuffix("</body>")
        body = Markup(f"{inner}<script>{script}</script></body>")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="robots", content="noindex"),
        element("title", title),
        element("style", Markup(sheet)),
    )
    html = element("html", head, body, lang="zh-CN" if lang == "zh" else "en")
    return f"<!doctype html>\n{html}\n"

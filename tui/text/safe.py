"""The one door every foreign text passes before it may be drawn on a terminal.

`markup=False` is not enough: control codes in a name reach the terminal through every widget. What
comes out of `safe` holds no control, format or bidirectional character, and none of the common
signs whose width terminals disagree about.
"""

from __future__ import annotations

import unicodedata

LIMIT = 2000
_REPLACED = "?"
_KEPT = {"\n": "\n", "\t": "    ", "\x7f": "\u2421", "\u3000": "\u3000"}

# Signs of ambiguous width that texts often hold, and stand-ins whose width is certain.
_PLAIN = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u2013": "-",
        "\u2026": "...",
        "\u00b7": "\u2219",
        "\u00d7": "x",
        "\u2192": "->",
        "\u2264": "<=",
        "\u2265": ">=",
        "\u25cf": "\u2219",
        "\u2022": "\u2219",
    }
)
_QUOTES_WIDE = str.maketrans({"\u201c": "\u300c", "\u201d": "\u300d", "\u2014": "\uff0d"})
_QUOTES_NARROW = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2014": "-"})


def _one(char: str) -> str:
    """What is drawn in place of one character."""
    code = ord(char)
    if char in _KEPT:
        return _KEPT[char]
    if code < 0x20:  # noqa: PLR2004 - the C0 controls; shown as their pictures
        return chr(0x2400 + code)
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:  # noqa: PLR2004 - variation selectors
        return ""
    category = unicodedata.category(char)
    if category in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp"):
        return _REPLACED
    return {"Cf": "", "Zs": " "}.get(category, char)


def safe(text: object, limit: int = LIMIT) -> str:
    """`text` as it may be shown: inert, of certain width, and no longer than `limit`.

    For showing only: two different texts may look the same afterwards.
    """
    shown = str(text)
    if len(shown) > limit:
        shown = shown[:limit] + "..."
    if shown.isascii() and shown.isprintable():
        return shown
    wide = any(unicodedata.east_asian_width(char) in "WF" for char in shown)
    shown = shown.translate(_PLAIN).translate(_QUOTES_WIDE if wide else _QUOTES_NARROW)
    return "".join(map(_one, shown))

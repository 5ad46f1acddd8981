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
_CONTROLS, _PICTURES = range(0x20), 0x2400
"""The C0 controls, and where Unicode has their pictures."""
_VARIATION_SELECTORS = range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)


def _one(char: str) -> str:
    """What is drawn in place of one character."""
    code = ord(char)
    if char in _KEPT:
        return _KEPT[char]
    if code in _CONTROLS:
        return chr(_PICTURES + code)
    if any(code in some for some in _VARIATION_SELECTORS):
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


def each_safe(text: str) -> str:
    """`text` with one inert character in place of each, so that places in it stay the same."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_stand_in, text))


def _stand_in(char: str) -> str:
    """One inert character, for one that may be none, several or a new line."""
    if char.isprintable():
        return char
    return chr(_PICTURES + ord(char)) if ord(char) in _CONTROLS else _one(char) or _REPLACED


def inert(text: str) -> str:
    """`text` on the same lines, with nothing in it that a terminal would act on, and all else."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(char if char == "\n" or char.isprintable() else _one(char) for char in text)

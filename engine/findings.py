"""What pydantic finds wrong with an entry, in the words of the ruleset language."""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import Tag

from engine.fault import did_you_mean, quoted
from engine.scalars import REFUSED
from engine.words import Model, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]
_BOTH = "write {zh: ..., en: ...}"
_COMMA = 'a text holding a comma needs quotes: {zh: ..., en: "a, b"}'


def explain(
    item: ErrorDetails, model: type[Model], hidden: Collection[str]
) -> tuple[Path, str, str]:
    """The path below the entry, what is wrong there, and what to do.

    `hidden` are the keys of `model` that are not written in the entry itself.
    """
    loc, context = item["loc"], item.get("ctx", {})
    path = tuple(part for part in loc if not _is_mark(part)) + tuple(context.get("at", ()))
    kind, found = item["type"], item["input"]
    message, help_ = "", ""
    if kind == REFUSED:
        message, help_ = context["message"], context["help"]
    elif kind == "condition":
        message = str(item["msg"])
    elif kind in ("extra_forbidden", "missing"):
        message, help_ = _key(kind, loc, model, hidden)
    elif kind == "literal_error":
        words = context["expected"].replace(" or ", ", ").split(", ")
        message = f"{quoted(found) if _plain(found) else 'this'} is not allowed here"
        help_ = did_you_mean(str(found), [word.strip("'") for word in words])
    elif kind in _LIMITS:
        message = _LIMITS[kind](context)
    else:
        message, help_ = _type(kind, found, context)
    return path, message, help_


def _key(kind: str, loc: Path, model: type[Model], hidden: Collection[str]) -> tuple[str, str]:
    """Words for a key that is unknown or missing."""
    last, holder = str(loc[-1]), _model_at(model, loc[:-1])
    if kind == "missing":
        return f"`{last}` is missing", _BOTH if holder is Words else ""
    if holder is Words:
        return f"unknown key {quoted(last)}", _COMMA
    keys = [info.alias or name for name, info in holder.model_fields.items()] if holder else []
    allowed = [key for key in keys if len(loc) > 1 or key not in hidden]
    return f"unknown key {quoted(last)}", did_you_mean(last, allowed)


def _type(kind: str, found: object, context: dict[str, Any]) -> tuple[str, str]:
    """Words for a value of another type."""
    expected, help_ = _EXPECTED.get(kind, ("something else", ""))
    if kind == "model_type" and context.get("class_name") == "Words":
        expected, help_ = "a text in both languages", _BOTH
    if not _plain(found):
        return f"{expected} is expected here", ""
    return f"{expected} is expected here (found: {quoted(found)})", help_


_EXPECTED = {
    "string_type": ("a text", "put it in quotes"),
    "bool_type": ("`true` or `false`", "write it without quotes"),
    "int_type": ("a whole number", "write digits without quotes"),
    "list_type": ("a list", "write [...]"),
    "tuple_type": ("a list of two", "write [from, to]"),
    "dict_type": ("a mapping", ""),
    "model_type": ("a mapping", ""),
}
_LIMITS: dict[str, Callable[[dict[str, Any]], str]] = {
    "too_long": lambda context: f"at most {context['max_length']} entries are allowed here",
    "too_short": lambda context: f"at least {_entries(context['min_length'])} needed here",
    "string_too_short": lambda _context: "the text is empty",
    "greater_than_equal": lambda context: f"at least {context['ge']} is needed here",
    "less_than_equal": lambda context: f"at most {context['le']} is allowed here",
}


def _entries(count: int) -> str:
    return "one entry is" if count == 1 else f"{count} entries are"


def _plain(found: object) -> bool:
    """Whether a value is short enough to be shown in a message."""
    return not isinstance(found, dict | list | tuple)


def _is_mark(part: str | int) -> bool:
    """Whether a part of pydantic's location names a type, not something in the file."""
    return isinstance(part, str) and (part[:1], part[-1:]) in {("<", ">"), ("[", "]")}


def _model_at(model: type[Model], loc: Path) -> type[Model] | None:
    """The model that holds what stands at `loc`."""
    current: object = model
    for part in loc:
        current = _below(current, part)
    return _unwrapped(current)


def _below(annotation: object, part: str | int) -> object:
    """The annotation of `part` inside what `annotation` describes; None when there is none."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        tags = {one.tag for one in arguments[1:] if isinstance(one, Tag)}
        return arguments[0] if part in tags else _below(arguments[0], part)
    if origin in (Union, UnionType):
        return next((one for one in (_below(each, part) for each in arguments) if one), None)
    if origin in (list, tuple) and isinstance(part, int):
        return arguments[0]
    if origin is dict:
        return arguments[1]
    if isinstance(annotation, type) and issubclass(annotation, Model):
        fields = annotation.model_fields
        return next((i.annotation for name, i in fields.items() if part == (i.alias or name)), None)
    return None


def _unwrapped(annotation: object) -> type[Model] | None:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return annotation
    inner = get_args(annotation) if get_origin(annotation) in (Annotated, Union, UnionType) else ()
    return next((one for one in map(_unwrapped, inner) if one), None)

"""What a person types to narrow the results: terms with a key, all of which must hold.

The words of a language come from its locale; those of the other, and the ids, are understood too.
"""

from __future__ import annotations

import json
import re
import shlex
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tui.locale import LANGUAGES, Locale
from tui.text.safe import safe
from tui.views.help import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.browse.store import Given, Selected, Store

KEYS = ("verdict", "decision", "outcome", "reason", "id", "error")
_TERM = re.compile(r"(?P<key>[^=~!]+?)(?P<how>!=|=|~)(?P<value>.*)", re.DOTALL)
_BEGIN = b'{"id": "'
_FEW = 20_000
_LONGEST = 200
_OTHERS = "|,、，"
_ANY = rb'(?:[^"\\]|\\.)*'
_ONE = rb"(?:[\x00-\x21\x23-\x5b\x5d-\x7f]|\\.|[\xc2-\xf4][\x80-\xbf]+)"


class FilterError(Exception):
    """A filter that cannot be read, said in the language of the person: what to write instead."""


@dataclass(frozen=True)
class Term:
    """One condition: a key of `KEYS`, how it is compared (`=`, `!=`, `~`), with what."""

    key: str
    how: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Filter:
    """All terms must hold; `decision` is the one the others are about, empty for the main one."""

    terms: tuple[Term, ...] = ()
    decision: str = ""


def read(text: str, store: Store, t: Locale) -> Filter:
    """The filter a text means. Raises FilterError with what is wrong and what can be written."""
    try:
        # A Chinese input method writes full-width signs; apostrophes may stand in ids.
        lexer = shlex.shlex(unicodedata.normalize("NFKC", text), posix=True)
        lexer.whitespace_split, lexer.commenters, lexer.quotes = True, "", '"'
        words = list(lexer)
    except ValueError:
        raise FilterError(t("browse.filter.quote")) from None
    terms = [_term(word, store, t) for word in words]
    named = [one for one in terms if one.key == "decision"]
    if len(named) > 1 or any(len(one.values) > 1 or one.how != "=" for one in named):
        raise FilterError(t("browse.filter.one_decision"))
    rest = tuple(one for one in terms if one.key != "decision")
    return Filter(rest, named[0].values[0] if named else "")


def _term(word: str, store: Store, t: Locale) -> Term:
    found = _TERM.fullmatch(word)
    key = _key(found["key"] if found else word)
    if key is None or (found is None and key != "error"):
        raise FilterError(t("browse.filter.unknown_key", word=word, keys=_listed(t)))
    if found is None:
        return Term(key, "=", ())
    how, value = found["how"], found["value"].strip()
    if not value:
        raise FilterError(t("browse.filter.no_value", key=t(f"browse.filter.key.{key}")))
    if how == "~" and key not in ("reason", "outcome"):
        shown = t(f"browse.filter.key.{key}")
        raise FilterError(t("browse.filter.no_contains", key=shown))
    if how == "~" or key == "id":
        return Term(key, how, (value,))
    values = [one.strip() for one in re.split(f"[{re.escape(_OTHERS)}]", value) if one.strip()]
    return Term(key, how, tuple(_value(key, one, store, t) for one in values))


def _key(text: str) -> str | None:
    for key in KEYS:
        names = {key, *(Locale(lang)(f"browse.filter.key.{key}").casefold() for lang in LANGUAGES)}
        if text.strip().casefold() in names:
            return key
    return None


def _listed(t: Locale) -> str:
    return t("result.listed").join(t(f"browse.filter.key.{key}") for key in KEYS)


def _value(key: str, text: str, store: Store, t: Locale) -> str:
    """The id a value means; what none of them fits is an error that names those there are."""
    if key == "verdict":
        return _one_of(text, {one: _verdict_names(one) for one in VERDICTS}, t, key)
    if key == "decision":
        named = {one: _decision_names(store, one) for one in store.decisions}
        return _one_of(text, named, t, key)
    if key == "error":
        codes = map(plain, store.index.errors)
        named = {one: {Locale(lang)(f"report.error.{one}") for lang in LANGUAGES
                       if f"report.error.{one}" in t} for one in codes}  # fmt: skip
        return _one_of(text, named, t, key)
    return text


def _verdict_names(verdict: str) -> set[str]:
    names: set[str] = set()
    for lang in LANGUAGES:
        t = Locale(lang)
        names |= {t(f"verdict.{verdict}"), t(f"browse.verdict.{verdict}")}
        names |= set(t.items(f"browse.filter.verdict.{verdict}"))
    return names


def _decision_names(store: Store, decision: str) -> set[str]:
    known = store.library.decisions.get(decision)
    return {known.question.get(lang) for lang in LANGUAGES} if known else set()


def _one_of(text: str, named: dict[str, set[str]], t: Locale, key: str) -> str:
    wanted = text.casefold()
    for one, names in named.items():
        if wanted == one.casefold() or wanted in {name.casefold() for name in names}:
            return one
    some = [one for one, names in named.items()
            if any(wanted in name.casefold() for name in (one, *names))]  # fmt: skip
    if len(some) == 1:
        return some[0]
    there = [f"{t(f'browse.verdict.{one}')} ({one})" if key == "verdict" else one for one in named]
    shown = t(f"browse.filter.key.{key}")
    values = {"key": shown, "value": text, "there": t("result.listed").join(some or there)}
    raise FilterError(t("browse.filter.several" if some else "browse.filter.unknown", **values))


def plain(value: str) -> str:
    """A value of an output as it may stand in a filter, where it is drawn."""
    return safe(value, _LONGEST).replace("\n", " ")


def select(store: Store, wanted: Filter, texts: Callable[[str, Given], str]) -> Selected | None:
    """Which lines a filter keeps; None for all. `texts` gives the words of a reason to search."""
    if not wanted.terms and not wanted.decision:
        return None
    kept = np.ones(len(store), np.bool_)
    names: Sequence[str] = (wanted.decision,) if wanted.decision else store.decisions
    if wanted.decision:
        kept &= store.codes(wanted.decision) != 0
    # Ids are read from the lines themselves, so best of few.
    for term in sorted(wanted.terms, key=lambda one: one.key == "id"):
        if term.key == "error":
            found = _errors(store, term)
        elif term.key == "id":
            found = _ids(store, term.values[0], kept)
        else:
            found = _answers(store, names, term, texts)
        kept &= ~found if term.how == "!=" else found
    return kept


def _errors(store: Store, term: Term) -> Selected:
    codes = store.errors()
    if not term.values:
        return np.not_equal(codes, 0)
    kinds = enumerate(store.index.errors, 1)
    return np.isin(codes, [code for code, one in kinds if plain(one) in term.values])


def _answers(
    store: Store, names: Sequence[str], term: Term, texts: Callable[[str, Given], str]
) -> Selected:
    """The lines whose answer fits: to the decision named, else to the first each answers."""
    kept = np.zeros(len(store), np.bool_)
    open_ = np.ones(len(store), np.bool_)
    for name in names:
        fits = np.array([False, *(_fits(name, one, term, texts) for one in store.given[name])])
        codes = store.codes(name)
        kept |= open_ & fits[codes]
        open_ &= codes == 0
        if not open_.any():
            break
    return kept


def _fits(name: str, one: Given, term: Term, texts: Callable[[str, Given], str]) -> bool:
    if term.key == "verdict":
        return one.verdict in term.values
    if term.how == "~":
        return term.values[0].casefold() in texts(term.key, one).casefold() if name else False
    return plain(one.outcome if term.key == "outcome" else one.reason) in term.values


def _ids(store: Store, pattern: str, among: Selected) -> Selected:
    """The lines whose id fits a pattern in which * stands for any text and ? for any one sign."""
    kept = np.zeros(len(store), np.bool_)
    parts = re.split(r"([*?])", pattern)
    regex = b"".join(_ANY if one == "*" else _ONE if one == "?" else re.escape(_quoted(one))
                     for one in parts)  # fmt: skip
    fits = re.compile(rb'\{\s*"id"\s*:\s*"' + regex + b'"').match
    rows = np.flatnonzero(among)
    if len(rows) <= _FEW:
        kept[[row for row in rows.tolist() if fits(store.line(row))]] = True
        return kept
    # As check writes it, a line begins so; what others wrote is looked for more slowly.
    written = not len(store) or store.line(0).startswith(_BEGIN)
    needle = b"\n" + (_BEGIN + _quoted(parts[0]) if written else b"{")
    offsets: list[int] = []
    for start, text in store.pieces():
        # The line break before the first line stands in the piece before.
        joined = b"\n" + text
        at = joined.find(needle)
        while at >= 0:
            if fits(joined, at + 1):
                offsets.append(start + at)
            at = joined.find(needle, at + 1)
    if offsets:
        kept[store.index.rows_at(np.array(offsets, np.int64))] = True
    return kept


def _quoted(text: str) -> bytes:
    """A text as it stands in JSON."""
    try:
        return json.dumps(text, ensure_ascii=False)[1:-1].encode()
    except UnicodeEncodeError:
        return json.dumps(text)[1:-1].encode()

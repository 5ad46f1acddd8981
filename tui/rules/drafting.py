"""Drafts of examples as YAML: the case and where to look, and no expected outcome."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.analysis.mutants import altered_rules
from tui.locale import Locale
from tui.rules.box_words import in_words
from tui.rules.words import RuleWords
from tui.text.safe import safe

if TYPE_CHECKING:
    from engine.analysis.drafts import Draft, Drafts
    from engine.analysis.mutants import Mutant
    from engine.library import Library
    from engine.scalars import Citation


def as_yaml(library: Library, found: Drafts, locale: Locale) -> str:
    """The drafts as the `examples` of a file of rules; comments say what each is for."""
    titles = {lang: RuleWords(library, Locale(lang)) for lang in ("zh", "en")}
    lines = [f"# {line}" for line in locale("rules.mutants.drafts_head").splitlines()]
    lines.append("examples:")
    numbers: dict[str, int] = {}
    for draft in found.drafts:
        number = numbers[draft.decision] = numbers.get(draft.decision, 0) + 1
        lines += _entry(library, draft, f"draft_{draft.decision}_{number}", titles, locale)
    return "\n".join(lines) + "\n"


def _entry(
    library: Library, draft: Draft, name: str, titles: dict[str, RuleWords], locale: Locale
) -> Iterator[str]:  # fmt: skip
    words = {lang: class_in_words(one, draft) for lang, one in titles.items()}
    yield f"  - id: {name}"
    yield f"    title: {{zh: {_text(words['zh'])}, en: {_text(words['en'])}}}"
    yield f"    # {locale('rules.mutants.tells')}"
    yield from (f"    #   {changed(library, one.mutant, locale)}" for one in draft.survivors)
    cited = {(one.source, one.clause.zh): one for survivor in draft.survivors
             for one in citations(library, survivor.mutant)}  # fmt: skip
    yield "    cites:"
    for one in cited.values():
        clause = f"{{zh: {_text(one.clause.zh)}, en: {_text(one.clause.en)}}}"
        yield f"      - {{source: {one.source}, clause: {clause}}}"
    case = ", ".join(f"{key}: {json.dumps(value)}" for key, value in draft.case.items())
    yield f"    case: {{{case}}}"
    yield f"    # {locale('rules.mutants.expect', decision=draft.decision)}"


def class_in_words(words: RuleWords, draft: Draft) -> str:
    """The classes of a draft; the facts of its case where they are too many to tell apart."""
    selection = draft.survivors[0].selection
    region = selection.place(words.library.decisions[draft.decision].region)
    there = words.locale("rules.mutants.there", place=words.place_name(region))
    if draft.box is None:
        shown = ", ".join(f"{key} {safe(value)}" for key, value in draft.case.items())
    else:
        shown = in_words(words, draft.box)
    return there + shown


def changed(library: Library, mutant: Mutant, locale: Locale) -> str:
    """Where a survivor stands, and what it changes."""
    place = mutant.place(library)
    key = "rules.mutants.changed" if mutant.after else "rules.mutants.left_out"
    return locale(
        key, place=f"{place.file}:{place.line}", kind=locale(f"rules.mutants.kind.{mutant.kind}"),
        entry=mutant.key, before=safe(mutant.before), after=safe(mutant.after),
    )  # fmt: skip


def citations(library: Library, mutant: Mutant) -> list[Citation]:
    """The clauses that state what a mutant changes."""
    own = [one for rule in altered_rules(library, mutant) for one in rule.sources]
    return own if mutant.kind != "parameter" else [*mutant.changed.sources]


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

"""Rulesets of a stranger who means harm, each a folder that goes beyond one limit.

`python -m tests.support.hostile_rulesets FOLDER NAME...` builds each below FOLDER, loads it, asks
it a case and lets the inference engine look, in little memory and CPU time; a line of JSON each.
"""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Build = Callable[[Path], None]

MEMORY = 500 << 20
SECONDS = 20
TEXT = {"zh": "字", "en": "word"}
ALWAYS = {"from": None, "to": None}
CASE = {"region": "440300"}


# -- what a folder holds ------------------------------------------------------------------------


def fact(kind: str = "bool", **more: Any) -> dict[str, Any]:
    return {"type": kind, **dict.fromkeys(("label", "question", "help", "find_out"), TEXT), **more}


def rule(key: str, when: Any, then: Any = "a", **more: Any) -> dict[str, Any]:
    return {
        "id": key, "decision": "asked", "when": when, "then": then, "because": TEXT,
        "sources": [{"source": "s0", "clause": TEXT}], "in_force": ALWAYS, **more,
    }  # fmt: skip


def decision(inputs: list[str], **more: Any) -> dict[str, Any]:
    return {
        "question": TEXT, "hit_policy": "unique", "region": "region", "date": "as_of",
        "inputs": inputs, "outcomes": {one: {"verdict": "stated", "title": TEXT} for one in "ab"},
        **more,
    }  # fmt: skip


def ruleset(
    folder: Path, rules: list[dict[str, Any]], facts: dict[str, Any] | None = None,
    decisions: dict[str, Any] | None = None, **more: Any,
) -> None:  # fmt: skip
    """A ruleset that is whole but for what it is given."""
    facts = {"flag": fact()} if facts is None else facts
    decisions = {"asked": decision([*facts])} if decisions is None else decisions
    source = {"title": TEXT, "body": TEXT, "host": "original", "checked": "2026-01-01",
              "read": "whole", "authority": "A"}  # fmt: skip
    files: dict[str, Any] = {
        "regions": {"places": [
            {"code": "100000", "name": TEXT, "level": "nation"},
            {"code": "440300", "name": {"zh": "己", "en": "Ji"}, "level": "city", "pool": True},
            {"code": "900000", "name": {"zh": "外", "en": "out"}, "level": "abroad"}]},
        "sources": {"sources": {"s0": source}},
        "vocabulary": {"facts": {"region": fact("place"), **facts}},
        "topic": {"topic": "topic", "title": TEXT, "about": TEXT, "decisions": decisions},
        "national": {"topic": "topic", "region": "100000", "rules": rules}, **more,
    }  # fmt: skip
    for name, content in files.items():
        write(folder / f"{name}.yaml", content)


def write(path: Path, content: Any) -> None:
    text = content if isinstance(content, str | bytes) else json.dumps(content, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))


def good(folder: Path) -> None:
    ruleset(folder, [rule("r0", "always")])


def beside(text: str | bytes) -> Build:
    """A good ruleset with one more file."""

    def build(folder: Path) -> None:
        good(folder)
        write(folder / "more.yaml", text)

    return build


# -- attacks ------------------------------------------------------------------------------------


def outside(link: Callable[[Path, Path], None]) -> Build:
    """A good ruleset that leads to something beside it."""

    def build(folder: Path) -> None:
        good(folder)
        away = folder.parent / f"{folder.name}-away"
        write(away / "secret.yaml", "facts: {}\nsecret_word: 1\n")
        link(folder, away)

    return build


def many_files(folder: Path) -> None:
    good(folder)
    for number in range(2001):
        (folder / f"f{number}.yaml").write_bytes(b"facts: {}\n")


def deep_folders(folder: Path) -> None:
    good(folder)
    write(folder.joinpath(*["d"] * 200) / "more.yaml", "facts: {}\n")


def many_bytes(folder: Path) -> None:
    good(folder)
    text = b"# " + b"x" * 1_900_000 + b"\nfacts: {}\n"
    for number in range(40):
        (folder / f"f{number}.yaml").write_bytes(text)


def billion_classes(folder: Path) -> None:
    facts = {f"f{n}": fact("enum", values={f"v{m}": TEXT for m in range(10)}) for n in range(9)}
    rules = [rule(f"r{n}", {"fact": f"f{n}", "equals": f"v{m}"}) for n in range(9)
             for m in range(1)]  # fmt: skip
    rules += [rule(f"s{n}{m}", {"fact": f"f{n}", "equals": f"v{m}"}) for n in range(9)
              for m in range(1, 9)]  # fmt: skip
    ruleset(folder, [rule("base", "always"), *rules], facts)


def many_patterns(folder: Path) -> None:
    facts = {f"f{n}": fact() for n in range(16)}
    rules = [rule(f"r{n}", {"fact": f"f{n}", "equals": True}) for n in range(16)]
    ruleset(folder, [rule("base", "always"), *rules], facts)


def many_numbers(folder: Path) -> None:
    """Dates that hang together, cut into as many combinations as are allowed, and then more."""
    domain = {"from": "1990-01-01", "to": "2030-12-31"}
    names = ["d0", "d1", "d2"]
    facts = {name: fact("date", domain=domain) for name in names}
    derived = {f"g{i}{j}": {"label": TEXT, "days_between": {"from": f"d{i}", "to": f"d{j}"}}
               for i in range(3) for j in range(i + 1, 3)}  # fmt: skip
    rules = [rule(f"r{name}{n}", {"fact": name, "lt": n * 7}) for name in derived
             for n in range(57)]  # fmt: skip
    ruleset(folder, [rule("base", "always"), *rules], facts, {"asked": decision([*derived])})
    write(folder / "vocabulary.yaml", {"facts": {"region": fact("place"), **facts},
                                       "derived": derived})  # fmt: skip


def many_disputes(folder: Path) -> None:
    """Upstream decisions that can each hand down hundreds of disputes."""
    outcomes = [f"o{n}" for n in range(20)]
    facts = {f"f{n}": fact("enum", values={f"v{m}": TEXT for m in range(200)}) for n in range(3)}
    told = {one: {"verdict": "stated", "title": TEXT} for one in outcomes}
    decisions = {f"up{n}": decision([f"f{n}"], outcomes=told) for n in range(3)}
    decisions["asked"] = decision([], builds_on=[*decisions])
    rules, disputes = [rule("base", "always")], []
    pairs = [(i, j) for i in range(20) for j in range(i + 1, 20)]
    for n in range(3):
        for i, one in enumerate(outcomes):
            codes = [f"v{at}" for at, pair in enumerate(pairs) if i in pair]
            rules.append({**rule(f"u{n}x{i}", {"fact": f"f{n}", "in": codes}, one),
                          "decision": f"up{n}"})  # fmt: skip
        unused = [f"v{at}" for at in range(190, 200)]
        rules.append({**rule(f"u{n}base", {"fact": f"f{n}", "in": unused},
                             "o0"), "decision": f"up{n}"})  # fmt: skip
        disputes += [{"id": f"x{n}y{i}z{j}", "between": [f"u{n}x{i}", f"u{n}x{j}"],
                      "safer": f"o{i}", "because": TEXT} for i, j in pairs]  # fmt: skip
        rules.append(rule(f"d{n}", {"decision": f"up{n}", "in": outcomes[:3]}, "b",
                          overrides=["base"]))  # fmt: skip
    ruleset(folder, rules, facts, decisions,
            disputes={"topic": "topic", "region": "100000", "disputes": disputes})  # fmt: skip


def split(folder: Path, entries: list[dict[str, Any]], at_once: int = 8000) -> None:
    """Rules over several files of one region."""
    for at in range(0, len(entries), at_once):
        content = {"topic": "topic", "region": "100000", "rules": entries[at : at + at_once]}
        write(folder / f"part{at:07}.yaml", content)


def many_rules(folder: Path) -> None:
    ruleset(folder, [rule("base", "always")])
    split(folder, [rule(f"r{n}", "always") for n in range(24_001)])


def rules_of_one_decision(folder: Path) -> None:
    facts = {"f": fact("integer", domain={"min": 0, "max": 9000})}
    rules = [rule(f"r{n}", {"fact": "f", "equals": n}) for n in range(5000)]
    ruleset(folder, [rule("base", "always"), *rules], facts)


def many_tests(word: str) -> Build:
    def build(folder: Path) -> None:
        tests = '{"fact":"flag","equals":true},' * 19_999 + '{"fact":"flag","equals":true}'
        ruleset(folder, [rule("r0", {word: "HERE"})])
        text = (folder / "national.yaml").read_text("utf-8").replace('"HERE"', f"[{tests}]")
        write(folder / "national.yaml", text)

    return build


def many_alternatives(folder: Path) -> None:
    """The normal form of a conjunction of disjunctions has two to the 12th alternatives."""
    facts = {f"f{n}": fact() for n in range(13)}
    parts = [{"any": [{"fact": f"f{n}", "equals": True}, {"fact": f"f{n + 1}", "equals": True}]}
             for n in range(12)]  # fmt: skip
    ruleset(folder, [rule("r0", {"all": parts}), rule("r1", {"not": {"all": parts}}, "b")], facts)


def towers_of_not(folder: Path) -> None:
    """Conjunctions of disjunctions under eight times `not`, with alternatives beyond counting."""
    facts = {f"f{n}": fact() for n in range(16)}
    when: Any = {"any": [{"fact": f"f{n}", "equals": True} for n in (0, 5)]}
    for n in range(4):
        others = [{"any": [{"fact": f"f{(n + m) % 16}", "equals": True},
                           {"fact": f"f{(3 * n + m + 7) % 16}", "equals": False}]}
                  for m in range(5)]  # fmt: skip
        when = {"not": {"any": [{"not": one} for one in (when, *others)]}}
        when = {"not": {"not": {"any": [when, {"fact": f"f{n}", "equals": False}]}}}
    ruleset(folder, [rule("r0", when), rule("base", "always", "b", overrides=["r0"])], facts)


def chain(count: int, *, circle: bool) -> Build:
    def build(folder: Path) -> None:
        decisions = {f"d{n}": decision(["flag"], builds_on=[f"d{n - 1}"] if n else [])
                     for n in range(count)}  # fmt: skip
        if circle:
            decisions["d0"]["builds_on"] = [f"d{count - 1}"]
        rules = [{**rule("r0", "always"), "decision": f"d{count - 1}"}]
        ruleset(folder, rules, None, decisions)

    return build


def overrides(count: int, *, circle: bool) -> Build:
    def build(folder: Path) -> None:
        rules = [rule(f"r{n}", "always", overrides=[f"r{n - 1}"] if n else [])
                 for n in range(count)]  # fmt: skip
        if circle:
            rules[0]["overrides"] = [f"r{count - 1}"]
        ruleset(folder, rules)

    return build


def many_overrides(folder: Path) -> None:
    """Every rule is an exception to every one before it: paths between two are many."""
    rules = [rule(f"r{n}", "always", overrides=[f"r{m}" for m in range(n)]) for n in range(300)]
    ruleset(folder, rules)


def unknown_names(folder: Path) -> None:
    facts = {f"fact_number_{n}": fact() for n in range(1500)}
    rules = [rule(f"r{n}", {"fact": f"fact_numbre_{n}", "equals": True}) for n in range(150)]
    ruleset(folder, rules, facts, {"asked": decision(["fact_number_0"])})


def many_values(folder: Path) -> None:
    ruleset(folder, [rule("r0", "always")])
    sources = [{"source": "s0", "clause": TEXT}]
    write(folder / "values.yaml", {"topic": "topic", "region": "100000", "values": [
        {"parameter": "limit", "value": n, "sources": sources, "in_force": ALWAYS}
        for n in range(2_000)]})  # fmt: skip


def wide_constraint(folder: Path) -> None:
    """A constraint on more combinations than can be held."""
    facts = {f"f{n}": fact("enum", values={f"v{m}": TEXT for m in range(10)}) for n in range(9)}
    never = {"all": [{"fact": name, "equals": "v0"} for name in facts]}
    ruleset(folder, [rule("r0", {"fact": "f0", "equals": "v1"}), rule("base", "always", "b")],
            facts, {"asked": decision([*facts])}, constraints={"constraints": [
                {"id": "c0", "never": never, "because": TEXT}]})  # fmt: skip


def many_periods(folder: Path) -> None:
    """Rules in force on one day each: as many programs as days."""
    rules = [rule("base", "always", "b")]
    for n in range(1500):
        day = f"{1950 + n // 300}-{n // 25 % 12 + 1:02}-{n % 25 + 1:02}"
        rules.append(rule(f"r{n}", "always", in_force={"from": day, "to": day}, overrides=["base"]))
    ruleset(folder, rules)


def odd_fact(text: str) -> Build:
    """A good ruleset with a fact written in an odd way."""
    words = "label: {zh: a, en: b}, question: {zh: a, en: b}, help: {zh: a, en: b}"
    return beside(f"facts:\n  odd: {{{words}, find_out: {{zh: a, en: b}}, {text}}}\n")


def ids(text: str) -> Build:
    return beside(f"documents:\n  {json.dumps(text)}: {{title: {{zh: a, en: b}}, form: any}}\n")


LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))  # fmt: skip

ATTACKS: dict[str, tuple[Build, str]] = {
    # What YAML can do and rulesets may not.
    "anchor": (beside("facts: &a {}\n"), "anchors are not allowed"),
    "alias": (beside("facts: {}\ngroups: *a\n"), "aliases are not allowed"),
    "tag": (beside("facts: !!python/object/apply:os.system ['true']\n"), "tag"),
    "merge_key": (beside("facts: {<<: {a: 1}}\n"), "merge keys are not allowed"),
    "two_documents": (beside("facts: {}\n---\nfacts: {}\n"), "one document"),
    "billion_laughs": (beside(LAUGHS), "anchors are not allowed"),
    "directive": (beside("%TAG ! tag:example,2000:\n---\nfacts: !a {}\n"), "tag"),
    "class_key": (beside("__class__: {__init__: {__globals__: x}}\n"), "unknown key `__class__`"),
    "class_id": (ids("__class__"), "is not an id"),
    "climbing_id": (ids("../../etc/passwd"), "is not an id"),
    "markup_id": (ids("[link=http://x]a[/link]"), "is not an id"),
    "script_id": (ids("<script>alert(1)</script>"), "is not an id"),
    "newline_id": (ids("a\n"), "is not an id"),
    "long_id": (ids("a" * 65), "is not an id"),
    # What a folder can hold.
    "link_to_a_file": (outside(lambda at, away: (at / "l.yaml").symlink_to(away / "secret.yaml")),
                       "l.yaml:1:1: a link is not followed"),
    "link_to_a_folder": (outside(lambda at, away: (at / "sub").symlink_to(away)),
                         "sub:1:1: a link is not followed"),
    "link_to_itself": (outside(lambda at, _: (at / "again").symlink_to(at)),
                       "again:1:1: a link is not followed"),
    "link_to_zeros": (outside(lambda at, _: (at / "l.yaml").symlink_to("/dev/zero")),
                      "l.yaml:1:1: a link is not followed"),
    "link_to_nothing": (outside(lambda at, _: (at / "l.yaml").symlink_to("nowhere")),
                        "l.yaml:1:1: a link is not followed"),
    "pipe": (outside(lambda at, _: os.mkfifo(at / "p.yaml")), "p.yaml:1:1: this is no file"),
    "folder_named_like_a_file": (outside(lambda at, _: (at / "d.yaml").mkdir()),
                                 "d.yaml:1:1: this is no file"),
    "many_files": (many_files, "at most 2000 files are read"),
    "deep_folders": (deep_folders, "folders are nested too deeply"),
    "large_file": (beside(b"# " + b"x" * 2_000_000), "at most 2000000 are read"),
    "many_bytes": (many_bytes, "bytes together"),
    # What a text can hold.
    "nul": (beside("facts: {a\x00: 1}\n"), "character U+0000 is not allowed"),
    "escape": (beside("facts: {\x1b[2J: 1}\n"), "character U+001B is not allowed"),
    "escaped_escape": (beside('facts: {"\\e]0;owned\\a": 1}\n'), "a mapping is expected here"),
    "not_utf_8": (beside(b"facts: {\xff: 1}\n"), "file is not UTF-8"),
    "half_a_character": (beside("facts: {\ud800: 1}\n"), "file is not UTF-8"),
    "utf_16": (beside("facts: {}\n".encode("utf-16")), "file is not UTF-8"),
    "deep_lists": (beside("a: " + "[" * 500_000), "nested too deeply"),
    "deep_mappings": (beside("{a: " * 400_000), "nested too deeply"),
    "deep_blocks": (beside("- " * 500_000), "nested too deeply"),
    "deep_keys": (beside("? " * 500_000), "nested too deeply"),
    "long_text": (beside("facts: " + "x" * 1_900_000), "a mapping of ids is expected here"),
    "long_key": (beside("x" * 1_900_000 + ": 1\n"), "not readable as YAML"),
    "long_quoted_key": (beside(f"? '{'x' * 1_900_000}'\n: 1\n"), "unknown key"),
    "open_quote": (beside('facts: "' + "x\n\n" * 600_000), "not readable as YAML"),
    "unknown_keys": (beside("".join(f"keyy{n}: 1\n" for n in range(25_000))), "more faults"),
    "double_keys": (beside("facts: {}\n" * 25_000), "duplicate key"),
    "wrong_entries": (beside("facts:\n" + "".join(f"  f{n}: {{}}\n" for n in range(20_000))),
                      "more faults"),
    "long_number": (odd_fact("type: integer, domain: {min: 0, max: " + "9" * 100_000 + "}"),
                    "a number is expected here"),
    "large_number": (odd_fact("type: integer, domain: {min: 0, max: 999999999999999999}"),
                     "is too large"),
    "exponent": (odd_fact("type: decimal, domain: {min: 0, max: 1e999999999}"), "a number"),
    "infinity": (odd_fact("type: decimal, domain: {min: -.inf, max: .inf}"), "a number"),
    "far_date": (odd_fact("type: date, domain: {from: 99999-01-01, to: 9999-12-31}"), "date"),
    "date_zero": (odd_fact("type: date, domain: {from: 0000-00-00, to: 9999-12-31}"), "date"),
    "hidden_text": (odd_fact('type: "\\u202egnol\\e[2J\\u200b"'), "is not allowed here"),
    # What the rules can say.
    "billion_classes": (billion_classes, "1,000,000,000 classes"),
    "many_patterns": (many_patterns, "different sets of matching rules"),
    "many_numbers": (many_numbers, "combinations"),
    "many_disputes": (many_disputes, "9,261,000 classes"),
    "many_rules": (many_rules, "this file is not read any more"),
    "rules_of_one_decision": (rules_of_one_decision, "5,001 rules in force"),
    "many_tests_any": (many_tests("any"), "compares with 20,000 values"),
    "many_tests_all": (many_tests("all"), "compares with 20,000 values"),
    "many_alternatives": (many_alternatives, "too many alternatives"),
    "towers_of_not": (towers_of_not, "too many alternatives"),
    "chain_of_decisions": (chain(3_000, circle=False), "builds on a chain of 40 decisions"),
    "circle_of_decisions": (chain(3_000, circle=True), "decisions in a cycle: d0"),
    "chain_of_overrides": (overrides(1_000, circle=False), "1,000 rules in force"),
    "circle_of_overrides": (overrides(1_000, circle=True), "override each other in a circle"),
    "unknown_names": (unknown_names, "more faults"),
    "many_values": (many_values, "unknown parameter `limit`"),
    "wide_constraint": (wide_constraint, "1,000,000,000 combinations"),
}  # fmt: skip
HARMLESS: dict[str, Build] = {"many_overrides": many_overrides, "many_periods": many_periods}
"""Beyond no limit, and answered as fast as any."""


# -- trying them --------------------------------------------------------------------------------


def tried(folder: Path) -> dict[str, Any]:
    """What becomes of a folder: the error it is refused with, or that it is not."""
    from engine.checker import Checker
    from engine.errors import RulesetError
    from engine.library import Library

    try:
        checker = Checker(Library.load(folder))
        result = checker.check(CASE)
        for name in checker.library.decisions:
            checker.program(name, next(iter(checker.selections(name, _case(checker))))).engine  # noqa: B018
        checker.close()
    except RulesetError as error:
        told = str(error)
        return {"refused": True, "faults": len(error.faults), "message": told[:6000],
                "end": told[-100:]}  # fmt: skip
    return {"refused": False, "message": json.dumps(result.to_json(), ensure_ascii=False)[:300]}


def _case(checker: Any) -> Any:
    from engine.case import read_case

    return read_case(CASE, checker.library, checker.today)


def main(arguments: list[str]) -> None:
    """Try some in turn; one that takes too much ends the process."""
    import engine.checker
    import engine.inference  # noqa: F401 - what is loaded counts for nobody

    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    place = Path(arguments[0])
    for name in arguments[1:]:
        folder = place / name
        folder.mkdir(parents=True)
        (HARMLESS.get(name) or ATTACKS[name][0])(folder)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        before = sum(os.times()[:2])
        sys.stdout.write(json.dumps({"name": name}) + "\n")
        sys.stdout.flush()
        try:
            found = tried(folder)
        except BaseException as error:  # noqa: BLE001 - what it is, is what is asked
            found = {"refused": False, "message": f"{type(error).__name__}: {error}"[:500]}
        signal.setitimer(signal.ITIMER_PROF, 0)
        found["seconds"] = round(sum(os.times()[:2]) - before, 2)
        found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        sys.stdout.write(json.dumps({"name": name, **found}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

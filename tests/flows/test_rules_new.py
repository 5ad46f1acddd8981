"""`rules new` writes a file that loads and verifies as it is, and whose examples load when used."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.analysis.verification import verify
from engine.library import Library
from engine.loader import RULESETS
from tests.support import loaded
from tests.support.folders import ROOT
from tui.locale import LANGUAGES, Locale
from tui.rules.starting import Skeleton

GOOD = ROOT / "tests" / "rulesets" / "good"
LIBRARY = loaded.library()
# A city that no topic has a file for.
NINGBO = LIBRARY.places.get("330200")
TIMEOUT = 60


def text(topic: str, lang: str = "en") -> str:
    """What the file of a topic holds below its line for editors."""
    return Skeleton(LIBRARY, topic, NINGBO, Locale(lang)).text()


def with_files(folder: Path, texts: dict[str, str], sources: str = "") -> Library:
    """The shipped rules with a file more in each topic, and one of sources."""
    shutil.copytree(RULESETS, folder)
    for topic, one in texts.items():
        (folder / topic / "330200-ningbo.yaml").write_text(one, "utf-8")
    if sources:
        (folder / "sources" / "ningbo.yaml").write_text(sources, "utf-8")
    return Library.load(folder)


def test_every_topic_loads_and_verifies_as_it_is_written(tmp_path: Path) -> None:
    library = with_files(tmp_path / "rulesets", {topic: text(topic) for topic in LIBRARY.topics})
    heads = {head.topic for head in library.authored.heads.values() if head.region == NINGBO.code}
    assert heads == {*LIBRARY.topics}
    assert library.rules.keys() == LIBRARY.rules.keys()
    for topic in ("on_behalf", "adult_benefits"):
        assert not verify(library, topic).findings


def test_what_is_uncommented_loads(tmp_path: Path) -> None:
    """All rules, values and examples at once, with the source that they cite."""
    texts = {topic: text(topic) for topic in LIBRARY.topics}
    used = {topic: re.sub("^# ", "", one, flags=re.MULTILINE) for topic, one in texts.items()}
    source = "\n".join(re.findall("^##     (.*)", texts["filing"], re.MULTILINE))
    after = with_files(tmp_path / "rulesets", used, source)
    added = {after.rules[name].decision for name in after.rules.keys() - LIBRARY.rules.keys()}
    assert added == {*LIBRARY.decisions}
    tried = [after.examples[name] for name in after.examples.keys() - LIBRARY.examples.keys()]
    assert {name for one in tried for name in one.expect} == {*LIBRARY.decisions}
    more = len(after.authored.values) - len(LIBRARY.authored.values)
    assert more == len(LIBRARY.parameters)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("topic", LIBRARY.topics)
def test_all_that_can_be_said_is_named(topic: str, lang: str) -> None:
    written = text(topic, lang)
    for name in LIBRARY.topics[topic].decisions:
        decision = LIBRARY.decisions[name]
        assert decision.question.get(lang) in written
        for said in (*decision.outcomes, *decision.items, *decision.inputs):
            assert f"##   {said}: " in written, said
    for parameter in LIBRARY.parameters.values():
        assert (f"parameter: {parameter.id}\n" in written) == (parameter.topic == topic)


def run(folder: Path, *commands: list[str]) -> list[dict[str, str | int]]:
    """Each command on the rules in a folder: its exit code and what it wrote."""
    args = ["rules", "--rulesets", str(folder), "new"]
    (folder / "plan").write_text(json.dumps([{"args": [*args, *one]} for one in commands]))
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.commands", str(folder / "plan")], cwd=ROOT,
        capture_output=True, timeout=TIMEOUT, check=True,
    )  # fmt: skip
    found: list[dict[str, str | int]] = json.loads(done.stdout)
    return found


def test_the_command(tmp_path: Path) -> None:
    """Where it writes, and what it refuses: it overwrites nothing, and says what would do."""
    folder, own = tmp_path / "rulesets", tmp_path / "deep" / "own.yaml"
    shutil.copytree(GOOD, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    refused = {
        ("clinics", "Guangzhou"): "did you mean clinic?",
        ("clinic", "Guangzou"): "did you mean Guangzhou",
        ("clinic", "abroad"): "there is no place",
        ("clinic", "440305"): "name 440300 for rules of the whole city",
        ("clinic", "深圳"): "clinic/440300-shenzhen.yaml",
        ("clinic", "Shenzhen", "-o", str(own)): "clinic/440300-shenzhen.yaml",
        ("clinic", "440100"): "440100-guangzhou.yaml",
        ("clinic", "天津市", "-o", str(own)): str(own),
    }
    first, second, *others = run(
        folder, ["clinic", "Guangzhou", "--lang", "en"], ["clinic", "天津", "-o", str(own)],
        *([*one, "--lang", "en"] for one in refused),
    )  # fmt: skip
    there = folder / "clinic" / "440100-guangzhou.yaml"
    assert (first["code"], first["stdout"]) == (0, f"{there}\n")
    assert "rules verify clinic" in str(first["stderr"])
    assert (second["code"], second["stdout"]) == (0, f"{own}\n")
    for (command, told), done in zip(refused.items(), others, strict=True):
        assert (done["code"], done["stdout"]) == (2, ""), command
        assert told in str(done["stderr"]), command
    for path, lang in ((there, "en"), (own, "zh")):
        marker, _, named = path.read_text("utf-8").splitlines()[0].partition("$schema=")
        assert marker == "# yaml-language-server: "
        assert (path.parent / named).resolve() == RULESETS / "schema" / "ruleset.schema.json"
        assert Locale(lang)("starting.inputs") in path.read_text("utf-8")
    assert {path: path.read_bytes() for path in before} == before
    assert {*folder.rglob("*.yaml")} == {*before, there}
    assert Library.load(folder).rules.keys() == loaded.library(GOOD).rules.keys()

"""What a batch is proposed to answer, from what its first cases say."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import loaded
from tests.support.screen import new_journey
from tui.browse.topics import Topics, own_facts, read
from tui.locale import Locale
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE

if TYPE_CHECKING:
    from pathlib import Path

BINDING = {"region": "440300", "birth_date": "2012-03-02", "bound_hospital": 1}
AID = {"region": "440300", "payer_region": "440300", "relation": "grandparent"}


def topics(path: Path) -> Topics:
    say = Speaker(new_journey(), Locale("zh"), UNICODE)
    say.library = loaded.library()
    return Topics(say, str(path))


@pytest.mark.parametrize(
    ("cases", "proposed"),
    [
        ([BINDING], ("hospital_binding",)),
        ([{"region": "440300"}, BINDING, AID], ("hospital_binding", "family_mutual_aid")),
        ([BINDING | {"topics": ["filing"]}], ()),
        ([{"region": "440300"}, {"id": "a"}], ()),
        (["nonsense"], ()),
    ],
)
@pytest.mark.parametrize("form", ["lines", "array", "gzip"])
def test_what_the_cases_tell_of_is_proposed(
    form: str, cases: list[Any], proposed: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "cases.jsonl"
    text = json.dumps(cases) if form == "array" else "\n".join(map(json.dumps, cases))
    path.write_bytes(gzip.compress(text.encode()) if form == "gzip" else text.encode())
    assert topics(path).proposed() == proposed


def test_a_file_that_cannot_be_read_proposes_nothing(tmp_path: Path) -> None:
    assert topics(tmp_path / "nowhere").proposed() == ()
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08nonsense")
    assert topics(tmp_path / "broken.gz").proposed() == ()


def test_every_topic_has_facts_of_its_own() -> None:
    assert all(own_facts(loaded.library()).values())


def test_the_next_page_is_told_of_the_topics_and_of_any_file(tmp_path: Path) -> None:
    page = topics(tmp_path / "a file, of filing.jsonl")
    assert read(page.onward({"filing", "hospital_binding"})) == (
        ("hospital_binding", "filing"), page.source,
    )  # fmt: skip
    assert read(page.onward(())) == ((), page.source)

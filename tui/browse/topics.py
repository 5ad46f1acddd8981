"""Which topics a batch answers: those are proposed that its first cases tell something of."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from engine.batch.inputs import items_of
from engine.batch.reader import open_input
from engine.errors import TongbaoError
from tui.browse import files
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Collection

    from engine.library import Library
    from tui.speaker import Frame, Speaker

_LOOKED_AT = 100
"""So many cases at the beginning of a file tell what it is about."""
_BETWEEN, _AND = " ", ","
_OWN = "topics"


@dataclass(frozen=True)
class TopicRow:
    """A topic to tick."""

    id: str
    title: str
    about: str


class Topics:
    """The topics a file of cases may be checked for, in one language."""

    def __init__(self, say: Speaker, source: str) -> None:
        self.say, self.source = say, source

    @property
    def frame(self) -> Frame:
        """The frame of the page."""
        return self.say.frame_of_a_batch()

    @property
    def shown(self) -> str:
        """The file, as it may be shown."""
        return safe(self.source, 200)

    def rows(self) -> tuple[TopicRow, ...]:
        """Every topic."""
        words = self.say.words
        return tuple(TopicRow(one.id, words(one.title), words(one.about))
                     for one in self.say.library.topics.values())  # fmt: skip

    def proposed(self) -> tuple[str, ...]:
        """The topics to be ticked from the start; none where the cases name theirs."""
        told = _told(self.source, self.say.library)
        if _OWN in told:
            return ()
        return tuple(name for name, facts in own_facts(self.say.library).items() if facts & told)

    def onward(self, ticked: Collection[str]) -> str:
        """What the next page is about: the topics ticked and the file."""
        order = [one for one in self.say.library.topics if one in ticked]
        return f"{_AND.join(order)}{_BETWEEN}{self.source}"


def read(about: str) -> tuple[tuple[str, ...], str]:
    """The topics and the file that a page is about."""
    topics, _, source = about.partition(_BETWEEN)
    return tuple(filter(None, topics.split(_AND))), source


def own_facts(library: Library) -> dict[str, set[str]]:
    """For each topic the facts that no other topic looks at."""
    looked_at: dict[str, set[str]] = {}
    for name, topic in library.topics.items():
        decisions = [library.decisions[one] for key in topic.decisions
                     for one in library.upstream(key)]  # fmt: skip
        given = {fact for one in decisions for fact in (one.region, one.date, *one.inputs)}
        looked_at[name] = {raw for fact in given for raw in library.vocabulary.raw_facts(fact)}
    shared = Counter(fact for facts in looked_at.values() for fact in facts)
    return {name: {fact for fact in facts if shared[fact] == 1}
            for name, facts in looked_at.items()}  # fmt: skip


def _told(source: str, library: Library) -> set[str]:
    """What the first cases of a file say anything of; nothing where it cannot be read."""
    told: set[str] = set()
    name = str(files.typed(source))
    with suppress(TongbaoError, OSError), open_input(name) as stream:
        for item in islice(items_of(stream, name, library.vocabulary.facts), _LOOKED_AT):
            told |= _keys(item.data)
    return told


def _keys(data: object) -> set[str]:
    return {str(key) for key in data} if isinstance(data, dict) else set()

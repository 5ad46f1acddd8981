"""What a person wants, as messages from the screens to the app.

An intent knows the one call of the journey that fulfils it; the app applies it and shows what
follows. The other messages concern the app alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from tui.journey import Step

if TYPE_CHECKING:
    from tui.journey import Answer, Journey, Refusal
    from tui.route import Route


class Intent(Message):
    """Something that moves the journey."""

    def apply(self, journey: Journey) -> Refusal | None:
        """Do it; a refusal says why it was not done."""
        raise NotImplementedError


class Begin(Intent):
    """Leave the start page."""

    def apply(self, journey: Journey) -> None:
        journey.begin()


class Resume(Intent):
    """Go on with the topic begun before."""

    def apply(self, journey: Journey) -> None:
        journey.resume()


@dataclass
class Choose(Intent):
    """Choose a topic."""

    topic: str

    def apply(self, journey: Journey) -> None:
        journey.choose(self.topic)


@dataclass
class Reply(Intent):
    """Answer the question shown; None is "I don't know"."""

    value: Answer
    brisk: bool = False
    """Whether the last answer leads to the result at once."""

    def apply(self, journey: Journey) -> Refusal | None:
        refusal = journey.answer(self.value)
        if self.brisk and refusal is None and journey.step is Step.REVIEW:
            journey.proceed()
        return refusal


@dataclass
class Weighed(Message):
    """What the question shown may be answered with, the likeliest first."""

    fact: str
    answers: tuple[Answer, ...]


class Back(Intent):
    """Go one screen back."""

    def apply(self, journey: Journey) -> None:
        journey.back()


class ShowAnswers(Intent):
    """See the answers given."""

    def apply(self, journey: Journey) -> None:
        journey.review()


class Proceed(Intent):
    """Go on from the review."""

    def apply(self, journey: Journey) -> None:
        journey.proceed()


@dataclass
class Change(Intent):
    """Answer an earlier question again."""

    fact: str

    def apply(self, journey: Journey) -> None:
        journey.change(self.fact)


@dataclass
class Tick(Intent):
    """Tick a paper, or take the tick back; the page stays as it is."""

    paper: str

    def apply(self, journey: Journey) -> None:
        journey.tick(self.paper)


class TakeUp(Message):
    """Go on with the session that was kept."""


@dataclass
class Export(Message):
    """Make a file of the result."""

    form: str
    folder: str
    answers: bool


class SwitchLanguage(Message):
    """Show the same page in the other language."""


class Leave(Message, namespace="tongbao"):  # Textual's widgets handle another Leave
    """Quit the program."""


@dataclass
class Open(Message):
    """Lay a page over the present one."""

    route: Route


@dataclass
class Perform(Message):
    """Take away the palette and do what was chosen on it: an action, or another page."""

    action: str
    route: Route | None = None


class Close(Message):
    """Take away the page that lies on top."""


@dataclass
class Confirmed(Message):
    """The question whether to clear everything was answered."""

    yes: bool

"""The pages of plain mode: each says the lines of one view model and takes a typed line.

The questions, their order and their words are the journey's and the view models', the same that
the screens draw; here they become numbered lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tui.entry import Advice, read
from tui.explain.explainer import Explainer
from tui.plain.result import result_lines
from tui.text.safe import safe
from tui.text.width import cut
from tui.views.asking import review_view, start_view, topic_view
from tui.views.help import help_sections
from tui.views.question import list_options, question_view
from tui.views.result import result_view

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tui.desk import Desk
    from tui.journey import Answer
    from tui.speaker import Speaker
    from tui.views.asking import Option

SHOWN = 20
"""More matches than these are not listed."""
_QUOTED = 20
_ON = "g"
_COMMANDS = {
    "b": "keys.back",
    "w": "keys.why",
    "?": "keys.help",
    "a": "keys.answers",
    "c": "plain.change",
    "n": "plain.new",
    "t": "plain.another",
    "e": "keys.export",
    "i": "keys.what_if",
    "d": "keys.when",
    "s": "keys.sources",
    "l": "keys.lang",
    "q": "keys.quit",
}


@dataclass(frozen=True)
class Heard:
    """What a typed line led to: statements, then the page for where the journey stands."""

    said: tuple[str, ...] = ()
    stays: bool = False
    """Whether the page has been said already and only its prompt follows."""
    leaves: bool = False
    """Whether the person quits."""
    command: str = ""
    """A command the line stands for."""
    closes: bool = False
    """Whether the page that lies over the journey's is taken away."""
    lays: tuple[str, str] | None = None
    """The page to lay over the present one, and what it is about."""


class Page:
    """A page: its lines, the prompt below them, and what a typed line means."""

    kind: ClassVar[str]
    letters: str
    """The commands it has, besides what it takes itself."""
    asks: str
    about = ""
    """The decision it is about, where it is about one."""

    def __init__(self, say: Speaker) -> None:
        self.speaker = say
        self.t = say.locale

    def lines(self) -> Iterable[str]:
        """What it says."""
        raise NotImplementedError

    def take(self, text: str) -> Heard:
        """What a line that is no command means here."""
        raise NotImplementedError

    @property
    def prompt(self) -> str:
        """The line before the cursor: what to enter, and the commands."""
        commands = self.t("plain.between").join(self.commands())
        return self.t("plain.prompt", ask=self.asks, commands=commands)

    def commands(self) -> Iterator[str]:
        """The commands in words."""
        for letter in self.letters:
            own = f"{_COMMANDS[letter]}_{self.kind}"
            label = self.t(own if own in self.t else _COMMANDS[letter])
            yield self.t("plain.command", key=letter, label=label)

    def reasons(self) -> Iterable[str]:
        """Why it asks what it asks."""
        return ()

    def help(self) -> Iterator[str]:
        """Help on this page."""
        fact = self.speaker.journey.fact or ""
        for heading, rows in help_sections(self.speaker, self.kind, fact):
            yield heading
            for _, text in rows:
                yield text
        yield from self.commands()

    def numbered(self, options: Iterable[Option]) -> Iterator[str]:
        """Options with their numbers and notes."""
        for number, option in enumerate(options, 1):
            text = option.label
            if option.note:
                text = self.t("plain.noted", label=text, note=option.note)
            yield self.t("plain.numbered", n=number, text=text)

    def unclear(self, text: str) -> Heard:
        """The answer to a line that means nothing here."""
        quoted = cut(safe(text), _QUOTED)
        said = (self.t("plain.bad.command", text=quoted),) if quoted else ()
        return Heard(said, stays=True)


def picked(text: str, number: int) -> int | None:
    """The index that `text` picks of `number` things."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(number))):
        return None
    return int(text) - 1 if 1 <= int(text) <= number else None


class StartPage(Page):
    """The first page; Enter alone begins."""

    kind = "start"
    letters = "?lq"

    def __init__(self, say: Speaker, desk: Desk) -> None:
        super().__init__(say)
        self.view = start_view(say, desk)
        if desk.store is not None:
            self.letters = "n" + StartPage.letters
        self.asks = self.t("plain.ask.option_enter")

    def lines(self) -> Iterator[str]:
        yield self.view.frame.title
        yield self.view.frame.context
        yield self.view.heading
        yield self.view.notice
        yield from self.view.paragraphs
        yield from self.numbered(self.view.options)

    def take(self, text: str) -> Heard:
        journey = self.speaker.journey
        index = picked(text or "1", len(self.view.options))
        if index is None:
            return Heard((self.t("plain.bad.option", n=len(self.view.options)),))
        value = self.view.options[index].value
        if value == "begin":
            journey.begin()
        elif value == "resume":
            journey.resume()
        if value == "batch":
            return Heard((self.t("browse.plain.start"),), stays=True)
        if value == "rules":
            return Heard(lays=("rules", ""))
        commands = {"lang": "l", "quit": "q", "take_up": "take_up"}
        return Heard(command=commands.get(str(value), ""))


class TopicPage(Page):
    """The choice of a topic."""

    kind = "topic"
    letters = "b?lq"

    def __init__(self, say: Speaker) -> None:
        super().__init__(say)
        self.view = topic_view(say)
        self.asks = self.t("plain.ask.option")

    def lines(self) -> Iterator[str]:
        t = self.t
        yield self.view.heading
        for number, topic in enumerate(self.view.options, 1):
            text = t("result.answer_line", label=topic.label, value=topic.note)
            yield t("plain.numbered", n=number, text=text)

    def take(self, text: str) -> Heard:
        if not text:
            return Heard((self.view.empty,))
        index = picked(text, len(self.view.options))
        if index is None:
            return Heard((self.t("plain.bad.option", n=len(self.view.options)),))
        self.speaker.journey.choose(str(self.view.options[index].value))
        return Heard()


class QuestionPage(Page):
    """One question: options to number, a list to search, or a line to type."""

    kind = "question"
    letters = "bw?alq"

    def __init__(self, say: Speaker, fact: str) -> None:
        super().__init__(say)
        self.view = view = question_view(say, fact)
        self.found: Sequence[Option] = view.options[:SHOWN]
        # A number may be nought, so there the letter alone means "I don't know".
        self.unsure = "u" if view.kind == "number" else "0"
        asks = {"place": "search", "list": "search", "choice": "option"}
        self.asks = self.t(f"plain.ask.{asks.get(view.kind, view.kind)}")

    def lines(self) -> Iterator[str]:
        t, view = self.t, self.view
        yield view.notice
        yield self.heading()
        if view.hint:
            yield t("plain.hint", text=view.hint)
        yield view.format_hint
        if view.unit:
            yield t("plain.unit", unit=view.unit)
        yield from self.listed(view.options)
        yield t("plain.numbered", n=self.unsure, text=view.unsure.label)
        if view.answered:
            yield t("plain.present", value=self.said(view.answer))

    def listed(self, options: Sequence[Option]) -> Iterator[str]:
        """The first of the options, and how many more there are."""
        yield from self.numbered(options[:SHOWN])
        if len(options) > SHOWN:
            yield self.view.more.format(n=len(options) - SHOWN)

    def heading(self) -> str:
        """The question, and how many may follow."""
        t, view = self.t, self.view
        if self.speaker.journey.changing:
            return view.heading
        shown = {"number": view.number, "question": view.heading}
        if view.left is None:
            return t("plain.question", **shown)
        if not view.left:
            return t("plain.question_last", **shown)
        return t.count("plain.question_left", view.left, **shown)

    def said(self, value: object) -> str:
        """An answer in words."""
        return self.speaker.value(self.speaker.library.vocabulary.facts[self.view.fact], value)

    def reasons(self) -> Iterable[str]:
        return self.view.reasons

    def take(self, text: str) -> Heard:
        view = self.view
        unsure = self.t("question.unsure_short").casefold()
        if not text and view.answered:
            return self.give(view.answer)  # type: ignore[arg-type] # it was one
        if not text:
            return Heard((view.empty,))
        if text.casefold() in ("u", self.unsure, unsure):
            return self.give(None)
        if view.kind in ("date", "number"):
            return self._typed(text)
        return self._picked(text)

    def _typed(self, text: str) -> Heard:
        entry = read(self.speaker, self.view.fact, text)
        if isinstance(entry, Advice):
            return Heard((entry.message,))
        return self.give(entry.value, entry.echo)

    def _picked(self, text: str) -> Heard:
        index = picked(text, len(self.found))
        if index is not None:
            return self.give(self.found[index].value)
        if self.view.kind == "choice":
            return Heard((self.t("plain.bad.option_unsure", n=len(self.found)),))
        return self._search(text)

    def _search(self, text: str) -> Heard:
        """Take a code, or the only match of a name; else list the matches to pick from."""
        found = list_options(self.speaker, self.view.fact, text)
        named = self._named(text, found)
        if named is not None:
            return self.give(named)
        if not found:
            return Heard((self.view.no_match,))
        self.found = found[:SHOWN]
        return Heard(tuple(self.listed(found)), stays=True)

    def _named(self, text: str, found: Sequence[Option]) -> Answer:
        """What `text` names beyond doubt."""
        if self.view.kind != "place":
            return None
        places = self.speaker.library.places
        code = places.resolve(text)
        if code is None or code == places.nation:
            return None
        certain = text.isdigit() or [option.value for option in found] == [code]
        return code if certain else None

    def give(self, value: Answer, echo: str = "") -> Heard:
        """Give the answer and repeat it, or say why it is not taken."""
        t, say = self.t, self.speaker
        shown = echo or self.said(value)
        refusal = say.journey.answer(value)
        if refusal is not None:
            key = "error.clash" if refusal.clash else "error.refused"
            return Heard((t(key, message=say.fault(refusal.fault)),))
        return Heard((t("result.answer_line", label=say.label(self.view.fact), value=shown),))


class ReviewPage(Page):
    """The answers: a number changes one, Enter alone goes on."""

    kind = "review"
    letters = "b?lq"

    def __init__(self, say: Speaker) -> None:
        super().__init__(say)
        self.view = review_view(say)
        self.asks = self.t("plain.ask.review")

    def commands(self) -> Iterator[str]:
        shown = {"key": self.t("plain.enter_or", key=_ON), "label": self.view.onward}
        yield self.t("plain.command", **shown)
        yield from super().commands()

    def lines(self) -> Iterator[str]:
        t, view = self.t, self.view
        yield view.heading
        if not view.rows:
            yield view.hint
        for number, row in enumerate(view.rows, 1):
            text = t("result.answer_line", label=row.label, value=row.value)
            if row.note:
                text = t("plain.noted", label=text, note=row.note)
            yield t("plain.numbered", n=number, text=text)
        yield from view.dormant
        yield view.skipped

    def take(self, text: str) -> Heard:
        if text.casefold() in ("", _ON):
            self.speaker.journey.proceed()
            return Heard()
        index = picked(text, len(self.view.rows))
        if index is None:
            return self.unclear(text)
        self.speaker.journey.change(self.view.rows[index].fact)
        return Heard()


class ResultPage(Page):
    """The result."""

    kind = "result"
    letters = "widscntbe?lq"

    def __init__(self, say: Speaker, desk: Desk) -> None:
        super().__init__(say)
        self.view = result_view(say)
        no = [one.id for one in self.view.decisions if one.wants_ways]
        self.ways = Explainer.of(desk, say).ways(*no)
        self.asks = self.t("plain.ask.result")

    def lines(self) -> Iterator[str]:
        return result_lines(self.view, self.ways, self.t)

    def take(self, text: str) -> Heard:
        return self.unclear(text)

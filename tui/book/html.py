"""The rule book as HTML: a page a topic, one a topic and place, sources, claims, a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.calendar import FIRST_DAY, LAST_DAY
from engine.ledger import PARTS, tallies
from engine.ruleset import CLAIM_STATUSES
from tui.book.contents import place_page, topic_page
from tui.book.style import SCRIPT, SHEET
from tui.pictures.model import GridPicture
from tui.pictures.svg import svg
from tui.report.markup import Markup, data, document, element, joined
from tui.rules.showing import conclusion, statements
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.ruleset import Claim, Rule, Source, Topic
    from engine.scalars import Citation
    from tui.book.contents import Contents
    from tui.pictures.model import Picture

ENDING = ".html"
_WEB = ("http://", "https://")


def book(contents: Contents) -> Iterator[tuple[str, str]]:
    """Every file of the book: its name and what is in it."""
    drawn = _Book(contents)
    library = contents.library
    yield drawn.index()
    for topic in library.topics.values():
        yield drawn.topic(topic)
        for place in contents.places(topic):
            yield drawn.place(topic, place)
    yield drawn.sources()
    yield drawn.claims()


class _Book:
    def __init__(self, contents: Contents) -> None:
        self.contents, self.library, self.t = contents, contents.library, contents.t
        self.words = contents.words

    # -- pages ---------------------------------------------------------------------------------

    def index(self) -> tuple[str, str]:
        t, library = self.t, self.library
        counted = t("rules.counted", topics=len(library.topics), decisions=len(library.decisions),
                    rules=len(library.rules), sources=len(library.sources),
                    examples=len(library.examples))  # fmt: skip
        topics = []
        for topic in library.topics.values():
            name = self.link(topic_page(topic.id), self.words.say(topic.title))
            about = element("div", self.words.say(topic.about), class_="soft")
            places = [self.link(place_page(topic.id, one), self.words.place_name(one))
                      for one in self.contents.places(topic)]  # fmt: skip
            topics.append(element("li", name, about, element("nav", *places)))
        parts = [
            element("h1", t("book.title")),
            element("p", t("book.made", date=t.day(self.contents.day)), class_="soft"),
            element("p", counted), element("p", t("app.disclaimer")),
            element("h2", t("book.search")),
            element("input", id="search", type="search", aria_label=t("book.search"),
                    placeholder=t("book.search_for"), autocomplete="off"),
            element("p", "", id="count", data_words=t("book.found"), class_="soft",
                    aria_live="polite"),
            element("ul", id="found", class_="list"),
            element("h2", t("book.topics")), element("ul", *topics, class_="list"),
            data("index", self.searched()),
        ]  # fmt: skip
        return self.page("index", t("book.title"), parts, SCRIPT)

    def topic(self, topic: Topic) -> tuple[str, str]:
        t, title = self.t, self.words.say(topic.title)
        parts: list[Markup] = [element("h1", title), element("p", self.words.say(topic.about))]
        asked = [
            element("li", self.words.say(self.library.decisions[one].question), " ",
                    element("code", one), id=f"decision-{one}") for one in topic.decisions
        ]  # fmt: skip
        parts += [element("h2", t("book.questions")), element("ul", *asked, class_="list")]
        places = []
        for place in self.contents.places(topic):
            count = sum(map(len, self.contents.rules(topic, place).values()))
            name = self.link(place_page(topic.id, place), self.words.place_name(place))
            told = element("span", t.count("pictures.timeline.rules", count), class_="soft")
            places.append(element("li", name, " ", told))
        parts += [element("h2", t("book.places")), element("ul", *places, class_="list")]
        parts += [self.figure(one) for one in self.contents.of_topic(topic)]
        return self.page(topic_page(topic.id), title, parts)

    def place(self, topic: Topic, place: str) -> tuple[str, str]:
        t, name = self.t, self.words.place_name(place)
        title = t("book.placed", topic=self.words.say(topic.title), place=name)
        parts: list[Markup] = [element("h1", title), self.elsewhere(topic, place)]
        parts += [self.figure(one) for one in self.contents.pictures(topic, place)]
        for decision, rules in self.contents.rules(topic, place).items():
            parts.append(element("h2", self.words.say(self.library.decisions[decision].question)))
            parts += [self.rule(rule) for rule in rules]
        return self.page(place_page(topic.id, place), title, [*parts, *self.values(topic, place)])

    def elsewhere(self, topic: Topic, place: str) -> Markup:
        """The topic, and the same place in other topics."""
        mine = self.link(topic_page(topic.id), self.words.say(topic.title))
        others = [one for one in self.library.topics.values()
                  if one.id != topic.id and place in self.contents.places(one)]  # fmt: skip
        links = [self.link(place_page(one.id, place), self.words.say(one.title)) for one in others]
        return element("nav", mine, *links)

    def sources(self) -> tuple[str, str]:
        title = self.t("book.sources")
        parts = [element("h1", title), element("p", self.t("book.grades"), class_="soft")]
        parts += [self.source(one) for one in self.library.sources.values()]
        return self.page("sources", title, parts)

    def claims(self) -> tuple[str, str]:
        t, title = self.t, self.t("rules.claims.heading")
        parts = [element("h1", title), element("p", t("rules.claims.intro")), self.counts()]
        for part in PARTS:
            mine = [one for one in tallies(self.library) if one.part == part]
            numbers = [number for one in mine for number in one.numbers]
            if numbers:
                name = t(f"rules.claims.{part}")
                parts.append(element("h2", t("rules.claims.list", part=name)))
            parts += [self.claim(self.library.claims[one]) for one in numbers
                      if one in self.library.claims]  # fmt: skip
        return self.page("claims", title, parts)

    # -- parts ---------------------------------------------------------------------------------

    def page(
        self, name: str, title: str, parts: Sequence[Markup], script: str = ""
    ) -> tuple[str, str]:
        t = self.t
        ways = [self.link("index", t("book.start")), self.link("sources", t("book.sources")),
                self.link("claims", t("book.claims"))]  # fmt: skip
        foot = element("p", t("app.disclaimer"), class_="soft")
        body = element("body", element("nav", *ways), element("main", *parts), foot)
        return name + ENDING, document(title, SHEET, body, t.lang, script)

    def link(self, page: str, text: str, at: str = "") -> Markup:
        return element("a", text, href=page + ENDING + (f"#{at}" if at else ""))

    def figure(self, picture: Picture) -> Markup:
        fits = {"class_": "fits"} if isinstance(picture, GridPicture) else {}
        return element("figure", svg(picture), **fits)

    def rule(self, rule: Rule) -> Markup:
        t = self.t
        linked: dict[str, Sequence[Markup]] = {
            t("rules.row.sources"): [self.cited(one) for one in rule.sources],
            t("rules.row.see_also"): [self.cited(one) for one in rule.see_also],
            t("rules.row.overrides"): [self.other(one) for one in rule.overrides],
            t("rules.row.overridden"): [self.other(one.id) for one in self.library.rules.values()
                                        if rule.id in one.overrides],
        }  # fmt: skip
        rows: list[tuple[str, Sequence[str]]] = [
            (label, linked.get(label, texts)) for label, texts in statements(self.words, rule)
        ]
        claims = [self.link("claims", one.id, f"claim-{one.id}")
                  for one in self.contents.claimed.get(rule.id, ())]  # fmt: skip
        rows.append((t("book.claims"), claims))
        head = element("h4", conclusion(self.words, rule, ids=False))
        return element("article", head, self.rows(rows), element("code", rule.id),
                       id=f"rule-{rule.id}")  # fmt: skip

    def rows(self, rows: Iterable[tuple[str, Sequence[str]]]) -> Markup:
        return element("dl", *(
            joined(element("dt", label), element("dd", *(element("div", one) for one in texts)))
            for label, texts in rows if texts
        ))  # fmt: skip

    def cited(self, citation: Citation) -> Markup:
        return self.link("sources", self.words.source(citation), f"source-{citation.source}")

    def other(self, name: str) -> Markup:
        rule = self.library.rules[name]
        page = place_page(rule.topic, rule.region)
        place = self.words.place_name(rule.region)
        text = self.t("rules.labelled", text=self.contents.short(rule), note=place)
        return self.link(page, text, f"rule-{name}")

    def values(self, topic: Topic, place: str) -> Iterator[Markup]:
        t, found = self.t, [one for one in self.contents.values_of(topic) if one.region == place]
        if not found:
            return
        yield element("h2", t("rules.parameters"))
        shown = ("parameter", "value", "period")
        heads = [element("th", t(f"rules.column.{key}")) for key in shown]
        rows = []
        found.sort(key=lambda one: (one.parameter, one.in_force.days(FIRST_DAY, LAST_DAY)))
        for one in found:
            parameter = self.library.parameters[one.parameter]
            cited = [element("div", self.cited(citation)) for citation in one.sources]
            rows.append(element("tr", element("td", self.words.say(parameter.label), *cited),
                                element("td", self.words.with_unit(one.value, parameter.unit)),
                                element("td", self.words.period(one.in_force))))  # fmt: skip
        yield element("table", element("tr", *heads), *rows)

    def source(self, source: Source) -> Markup:
        t, words = self.t, self.words
        grade = t("rules.labelled", text=words.grade(source.authority), note=source.authority)
        address = source.address or ""
        web = address.startswith(_WEB) and source.host != "mirror"
        shown = element("a", address, href=address, rel="noreferrer") if web else safe(address)
        rows: list[tuple[str, Sequence[str]]] = [
            (t("book.body"), [words.say(source.body)] if source.body else []),
            (t("book.number"), [safe(source.number)] if source.number else []),
            (t("book.issued"), [safe(source.issued)] if source.issued else []),
            (t("book.grade"), [grade]),
            (t("book.checked"), [source.checked.isoformat()]),
            (t("book.looked"), [words.say(source.looked)] if source.looked else []),
            (t("book.address"), [shown] if address else []),
            (t("book.cited_by"), [self.other(one.id) for one in self.contents.citing[source.id]]),
        ]
        head = element("h4", words.say(source.title))
        return element("article", head, self.rows(rows), element("code", source.id),
                       id=f"source-{source.id}")  # fmt: skip

    def claim(self, claim: Claim) -> Markup:
        t = self.t
        better = [self.link("sources", self.words.say(self.library.sources[one].title),
                            f"source-{one}") for one in claim.better]  # fmt: skip
        reason = [t(f"rules.claims.reason.{claim.reason}")] if claim.reason else []
        rows: list[tuple[str, Sequence[str]]] = [
            (t("rules.column.status"), [t(f"rules.claims.status.{claim.status}"), *reason]),
            (t("rules.row.because"), [self.words.say(claim.because)] if claim.because else []),
            (t("book.better"), better),
            (t("book.rules"), [self.other(one) for one in claim.rules]),
        ]
        head = element("h4", claim.id, " ", self.words.say(claim.says))
        return element("article", head, self.rows(rows), id=f"claim-{claim.id}")

    def counts(self) -> Markup:
        t = self.t
        heads = ["rules.column.article", "rules.column.numbered",
                 *(f"rules.claims.status.{one}" for one in CLAIM_STATUSES)]  # fmt: skip
        rows = []
        for one in tallies(self.library):
            source = self.library.sources.get(one.article)
            named = self.words.say(source.title) if source else safe(one.article)
            name = t("rules.labelled", text=named, note=t(f"rules.claims.{one.part}"))
            cells = [name, str(len(one.numbers)), *(str(one.counts[key]) for key in CLAIM_STATUSES)]
            rows.append(element("tr", *(element("td", cell) for cell in cells)))
        return element("table", element("tr", *(element("th", t(one)) for one in heads)), *rows)

    def searched(self) -> list[list[str]]:
        """What the search looks through: a page and a text for each place, rule, source, claim."""
        say, library = self.words.say, self.library
        found = []
        for topic in library.topics.values():
            found += [
                [place_page(topic.id, one) + ENDING,
                 self.t("book.placed", topic=say(topic.title), place=self.words.place_name(one))]
                for one in self.contents.places(topic)
            ]  # fmt: skip
        for rule in library.rules.values():
            text = " / ".join((self.words.place_name(rule.region), self.contents.short(rule),
                               conclusion(self.words, rule, ids=False)))  # fmt: skip
            found.append([f"{place_page(rule.topic, rule.region)}{ENDING}#rule-{rule.id}", text])
        found += [[f"sources{ENDING}#source-{one.id}", say(one.title)]
                  for one in library.sources.values()]  # fmt: skip
        found += [[f"claims{ENDING}#claim-{one.id}", f"{one.id} {say(one.says)}"]
                  for one in library.claims.values()]  # fmt: skip
        return found

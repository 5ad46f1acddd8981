"""Graphs of the rules: what decisions need, how rules override each other, what is asked when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.analysis.bands import Band, bands, day_bands, place_bands
from engine.case import read_case
from engine.errors import CaseError
from engine.interview import Interview
from tui.pictures.grids import band_words
from tui.pictures.model import Edge, GraphPicture, Node

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.checker import Checker
    from engine.plan import Plan
    from engine.program import Program
    from engine.result import DecisionResult
    from engine.ruleset import Rule
    from engine.vocabulary import Fact
    from tui.rules.words import RuleWords

MAX_QUESTIONS = 300
"""So many states are looked at before a question map says that more follows."""


def requirements(words: RuleWords, decisions: Sequence[str]) -> GraphPicture:
    """The decision requirements graph: what each decision is worked out from."""
    library = words.library
    names = dict.fromkeys(one for name in decisions for one in library.upstream(name))
    nodes: dict[str, Node] = {}
    edges = []
    for name in names:
        decision = library.decisions[name]
        for fact in decision.inputs:
            nodes.setdefault(f"fact {fact}", Node(f"fact {fact}", words.label(fact), "fact"))
            edges.append(Edge(f"fact {fact}", name))
        edges += [Edge(one, name) for one in decision.builds_on]
        nodes[name] = Node(name, words.say(decision.question), "decision")
    topic = library.topics[library.decisions[decisions[0]].topic]
    title = words.locale("pictures.requirements.title", title=words.say(topic.title))
    about = words.locale("pictures.requirements.about")
    return GraphPicture(title, about, tuple(nodes.values()), tuple(edges), from_ends=True)


def overrides(words: RuleWords, decision: str, region: str, day: date) -> GraphPicture:
    """The rules of a decision in force, what each concludes, and which it is an exception to."""
    library, t = words.library, words.locale
    rules = library.in_force(decision, region, day.toordinal())
    there = {rule.id for rule in rules}
    authored = library.decisions[decision]
    nodes = [Node(rule.id, t("rules.labelled", text=words.say(rule.because), note=rule.id), "rule")
             for rule in rules]  # fmt: skip
    ends: dict[str, Node] = {}
    edges = []
    for rule in rules:
        for name, node in _concluded(words, rule):
            ends.setdefault(name, node)
            edges.append(Edge(rule.id, name))
        edges += [Edge(rule.id, other, t("pictures.rules.overrides"))
                  for other in rule.overrides if other in there]  # fmt: skip
    return GraphPicture(
        words.say(authored.question),
        t("pictures.about", place=words.place_name(region), date=t.day(day)),
        (*nodes, *ends.values()), tuple(edges), from_ends=True,
    )  # fmt: skip


def _concluded(words: RuleWords, rule: Rule) -> list[tuple[str, Node]]:
    then, outcomes = rule.then, words.library.decisions[rule.decision].outcomes
    if then.outcome is not None:
        outcome = outcomes[then.outcome]
        key = f"outcome {then.outcome}"
        return [(key, Node(key, words.say(outcome.title), "outcome", outcome.verdict))]
    kind = "needs" if then.needs else "waives"
    return [
        (f"{kind} {item}", Node(f"{kind} {item}",
                                words.locale(f"rules.{kind}", titles=words.documents([item])),
                                "outcome"))
        for item in then.needs or then.waives
    ]  # fmt: skip


def questions(
    words: RuleWords, checker: Checker, decisions: Sequence[str], region: str, day: date
) -> GraphPicture:
    """Which question follows which answer, to where the answers are known."""
    library, t = words.library, words.locale
    drawn = _Questions(words, checker, decisions, region, day)
    drawn.walk({library.decisions[name].region: region for name in decisions})
    title = t("pictures.questions.title", title=words.say(library.decisions[decisions[0]].question))
    about = t("pictures.about", place=words.place_name(region), date=t.day(day))
    # Found from the ends back: what is asked first was put last.
    nodes = tuple(reversed(drawn.nodes.values()))
    return GraphPicture(title, about, nodes, tuple(drawn.edges), from_ends=False)


class _Questions:
    """Walks an interview through all answers; where the same follows, there is one box."""

    def __init__(
        self, words: RuleWords, checker: Checker, decisions: Sequence[str], region: str, day: date
    ) -> None:
        self.words, self.checker, self.decisions, self.day = words, checker, tuple(decisions), day
        self.plans: dict[object, Plan] = {}
        self.topic = checker.library.decisions[decisions[0]].topic
        self.region = region
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.known: dict[object, str] = {}
        self.left = MAX_QUESTIONS

    def walk(self, answers: dict[str, object]) -> str:
        """The box for what follows some answers."""
        self.left -= 1
        if self.left < 0:
            return self.box(("more",), self.words.locale("pictures.questions.more"), "more")
        interview = Interview(self.checker, [self.topic], self.day, self.decisions, self.plans)
        try:
            for name, value in answers.items():
                interview.answer(name, value)
            asked = interview.question()
            if interview.contradiction() is not None:
                return ""
        except CaseError:
            return ""
        if asked is None:
            return self.end(interview.result().decisions)
        fact = asked.fact
        below: dict[str, list[Band]] = {}
        for band in self.options(fact, asked.decides, answers):
            box = self.walk({**answers, **dict(band.case)})
            if box:
                joined = below.setdefault(box, [])
                near = joined and not band.values and joined[-1].high == (band.low or 0) - 1
                joined[-1:] = [joined[-1].with_(band)] if near else [*joined[-1:], band]
        if len(below) == 1:
            # Whatever the answer, the same follows: the question is drawn for nothing.
            return next(iter(below))
        comma = self.words.locale("result.listed")
        told = tuple((box, comma.join(self.answer(fact, one) for one in some))
                     for box, some in below.items())  # fmt: skip
        text = self.words.say(fact.question)
        new = ("question", fact.id, told) not in self.known
        box = self.box(("question", fact.id, told), text, "question")
        if new:
            self.edges += [Edge(box, one, answer) for one, answer in told]
        return box

    def answer(self, fact: Fact, band: Band) -> str:
        """The words of an answer below its question, which says what it is about."""
        if fact.type == "place" and band.values:
            where = self.words.place_name(str(dict(band.case)[fact.id]))
            relation = self.words.locale(f"rules.relation.{band.values[0]}")
            return self.words.locale("pictures.such_as", text=relation, place=where)
        if fact.type == "bool" and band.values:
            told = [self.words.locale(f"pictures.{one}") for one in band.values]
            return self.words.locale("result.listed").join(told)
        return band_words(self.words, band)

    def options(
        self, fact: Fact, decides: Sequence[str], answers: dict[str, object]
    ) -> list[Band]:  # fmt: skip
        """The answers told apart; where none are, "not known" is the one there is."""
        case = read_case(answers, self.checker.library, self.day)
        best: list[Band] = []
        for name in decides:
            every = [self.checker.program(name, one) for one in self.checker.selections(name, case)]
            found: dict[object, Band] = {}
            for program in every if fact.type == "date" else every[-1:]:
                for band in self.bands_of(program, fact, answers):
                    found.setdefault((band.values, band.low, band.high, band.case), band)
            best = max(best, [one for one in found.values() if one.case], key=len)
        return best or [Band(fact.id, case=((fact.id, None),))]

    def bands_of(
        self, program: Program, fact: Fact, answers: dict[str, object]
    ) -> tuple[Band, ...]:  # fmt: skip
        if fact.type == "date":
            return day_bands(program, fact.id, self.day, answers)
        if fact.type == "place":
            return place_bands(program, fact.id, answers)
        return bands(program, fact.id, self.day)

    def end(self, results: Mapping[str, DecisionResult]) -> str:
        told, tones = [], []
        for name in self.decisions:
            one = results[name]
            outcome = self.words.library.decisions[name].outcomes.get(one.outcome or "")
            text = self.words.say(outcome.title) if outcome else ""
            told.append(text or self.words.locale(f"verdict.{one.verdict}"))
            tones.append(one.verdict)
        tone = tones[0] if len(set(tones)) == 1 else ""
        return self.box(("end", *told), " / ".join(told), "outcome", tone)

    def box(self, key: object, text: str, kind: str, tone: str = "") -> str:
        if key not in self.known:
            name = f"box{len(self.known)}"
            self.known[key] = name
            self.nodes[name] = Node(name, text, kind, tone)
        return self.known[key]

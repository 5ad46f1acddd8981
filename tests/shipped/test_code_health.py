"""The shipped rulesets are in good health: nothing lacks, nothing is idle, every rule is shown."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest

from engine.analysis.coverage import Coverage, coverage, reached, stated_and_rejected
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.condition import FactTest, ParameterRef, leaves
from engine.ledger import PARTS, tallies, total
from engine.ruleset import Answer, Rule, Then, parameters_of, value_facts, values_in
from engine.vocabulary import AS_OF
from engine.words import Model, Words
from tests.support import loaded
from tui.locale import LANGUAGES, Locale
from tui.text.width import cell_len
from tui.views.glossary import glossary

pytestmark = pytest.mark.slow
LIBRARY = loaded.library()
CHECKER = loaded.checker(compare=False)
LONGEST_QUESTION = 24
# English says in 120 letters what Chinese says in 80 characters at the most.
LONGEST_SENTENCE = {"zh": 80, "en": 120}
# Verdicts that send nobody away without a way on.
OPEN = ("not_eligible", "unclear")
CHINESE = re.compile("[\u4e00-\u9fff]")
LATIN = re.compile("[A-Za-z]")
SENTENCE_END = re.compile(r"(?<=[。！？])|(?<=[.!?]) ")
REGION_FILE = re.compile(r"(?P<topic>[a-z_]+)/(?P<code>\d{6})-[a-z]+(-[a-z]+)*\.yaml")
NUMBERS = [number for one in tallies(LIBRARY) for number in one.numbers]
MAIN = [number for one in tallies(LIBRARY) if one.part == "main" for number in one.numbers]
OUTCOMES = [(decision.id, outcome) for decision in LIBRARY.decisions.values()
            for outcome in (*decision.outcomes, *decision.items)]  # fmt: skip


@cache
def shown() -> Coverage:
    return coverage(CHECKER)


@cache
def comes_to(decision: str) -> tuple[set[str], list[str]]:
    return reached(LIBRARY, decision)


def days(rule: Rule) -> tuple[int, int]:
    return rule.in_force.days(FIRST_DAY, LAST_DAY)


def answers() -> Iterator[Answer | Then]:
    """Everything that tells a person what to do."""
    for decision in LIBRARY.decisions.values():
        yield from decision.outcomes.values()
    for rule in LIBRARY.rules.values():
        yield rule.then


# -- claims ------------------------------------------------------------------------------------


def test_the_claims_are_those_of_the_three_articles() -> None:
    numbered = {part: len(total(tallies(LIBRARY), part).numbers) for part in PARTS}
    assert numbered == {"main": 88, "sidebar": 102}
    assert set(LIBRARY.claims) <= set(NUMBERS)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_claim_ends_somewhere(number: str) -> None:
    assert number in LIBRARY.claims


@pytest.mark.parametrize("number", sorted(LIBRARY.claims))
def test_a_claim_names_what_its_end_asks_for(number: str) -> None:
    claim = LIBRARY.claims[number]
    assert claim.rules or claim.status not in ("encoded", "disputed")
    assert claim.better or claim.status != "rejected"


@pytest.mark.parametrize("number", [one for one in MAIN if one in LIBRARY.claims])
def test_a_main_claim_is_argued(number: str) -> None:
    assert LIBRARY.claims[number].because is not None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_term_of_the_glossary_is_used(lang: str) -> None:
    t, facts = Locale(lang), LIBRARY.vocabulary.facts.values()
    asked = [" ".join([one.question.get(lang), one.help.get(lang),
                       *(words.get(lang) for words in (one.values or {}).values())])
             for one in facts]  # fmt: skip
    told = [one.title.get(lang) for decision in LIBRARY.decisions.values()
            for one in decision.outcomes.values()]  # fmt: skip
    assert len(glossary(t, [*asked, *told])) == len(t.below("glossary.terms")) > 10
    assert max(len(glossary(t, [one])) for one in asked) <= 4


# -- rules -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(LIBRARY.rules))
def test_a_rule_has_sources_and_dates(name: str) -> None:
    rule = LIBRARY.rules[name]
    assert rule.sources
    assert rule.in_force.from_ is not None


@pytest.mark.parametrize("name", sorted(LIBRARY.rules))
def test_a_rule_is_shown_by_an_example(name: str) -> None:
    assert shown().shown.get(name), "no example in which it wins or dissents"


@pytest.mark.parametrize(
    "name", sorted(name for name, rule in LIBRARY.rules.items() if rule.when != "always")
)
def test_a_rule_has_a_near_miss(name: str) -> None:
    assert shown().missed.get(name), "no example one input away in which it does not match"


@pytest.mark.parametrize("decision", sorted(LIBRARY.decisions))
def test_no_rule_is_written_twice(decision: str) -> None:
    """On no day do two rules of a place have the same condition and conclude the same."""
    mine = [rule for rule in LIBRARY.rules.values() if rule.decision == decision]
    twice = [
        (one.id, other.id)
        for one, other in combinations(mine, 2)
        if (one.region, one.when, one.then) == (other.region, other.when, other.then)
        and days(one)[0] <= days(other)[1]
        and days(other)[0] <= days(one)[1]
    ]
    assert twice == []


@pytest.mark.parametrize(
    "name",
    sorted(
        rule.id
        for rule in LIBRARY.rules.values()
        # What the ledger rejects never speaks to a person.
        if rule.id not in LIBRARY.rejected
        and (found := LIBRARY.decisions[rule.decision].outcomes.get(rule.then.outcome or ""))
        and found.verdict in OPEN
    ),
)
def test_a_no_or_a_perhaps_is_not_the_end_of_the_way(name: str) -> None:
    rule = LIBRARY.rules[name]
    outcome = LIBRARY.decisions[rule.decision].outcomes[rule.then.outcome or ""]
    steps = outcome.next_steps if rule.then.next_steps is None else rule.then.next_steps
    ask = outcome.ask if rule.then.ask is None else rule.then.ask
    assert steps or ask


# -- decisions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", sorted(LIBRARY.decisions))
def test_every_class_has_one_answer(decision: str) -> None:
    assert comes_to(decision)[1] == []


@pytest.mark.parametrize(("decision", "outcome"), OUTCOMES)
def test_every_outcome_is_reached_or_rejected(decision: str, outcome: str) -> None:
    stated = comes_to(decision)[0] | stated_and_rejected(LIBRARY, decision)
    assert outcome in stated, "no class comes to it"


@pytest.mark.parametrize(("decision", "outcome"), OUTCOMES)
def test_every_outcome_comes_out_in_an_example(decision: str, outcome: str) -> None:
    # Not so those that only rules state whose claims the ledger rejects.
    examples = shown().outcomes.get((decision, outcome))
    assert examples is None or examples, "no example comes to it"


@pytest.mark.parametrize("decision", sorted(LIBRARY.decisions))
def test_there_is_no_gap_in_time(decision: str) -> None:
    days = LIBRARY.days(LIBRARY.decisions[decision].date)
    for region in {rule.region for rule in LIBRARY.rules.values() if rule.decision == decision}:
        segments = LIBRARY.segments([decision], [region], days)
        held = [bool(LIBRARY.in_force(decision, region, first)) for first, _ in segments]
        gaps = [segment for index, segment in enumerate(segments)
                if not held[index] and any(held[:index]) and any(held[index:])]  # fmt: skip
        assert gaps == [], region


@pytest.mark.parametrize("decision", sorted(LIBRARY.decisions))
def test_every_input_is_asked_about(decision: str) -> None:
    tested = {
        leaf.fact for rule in LIBRARY.rules.values() if rule.decision == decision
        for _, leaf in leaves(rule.when) if isinstance(leaf, FactTest)
    }  # fmt: skip
    assert [one for one in LIBRARY.decisions[decision].inputs if one not in tested] == []


# -- parameters --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(LIBRARY.authored.values))
def test_a_parameter_is_dated(key: str) -> None:
    assert LIBRARY.authored.values[key].in_force.from_ is not None


@pytest.mark.parametrize("name", sorted(LIBRARY.parameters))
def test_a_parameter_has_a_value_and_is_used(name: str) -> None:
    used = {one for rule in LIBRARY.rules.values() for one in parameters_of(rule)}
    for answer in answers():
        for value in values_in(answer):
            operands = (getattr(value, field) for field in type(value).model_fields)
            used |= {one.param for one in operands if isinstance(one, ParameterRef)}
    assert name in used
    assert any(value.parameter == name for value in LIBRARY.authored.values.values())


# -- what is declared is used ------------------------------------------------------------------


def cited() -> set[str]:
    found = {
        one.source for rule in LIBRARY.rules.values() for one in (*rule.sources, *rule.see_also)
    }
    found |= {one.source for value in LIBRARY.authored.values.values() for one in value.sources}
    found |= {one.source for group in LIBRARY.places.groups.values() for one in group.sources}
    found |= {one.source for example in LIBRARY.examples.values() for one in example.cites}
    return found | {
        one for claim in LIBRARY.claims.values() for one in (claim.article, *claim.better)
    }


def papers() -> set[str]:
    found = {one for document in LIBRARY.documents.values() for one in document.alternatives}
    found |= {one for decision in LIBRARY.decisions.values() for one in decision.items}
    return found | {one for answer in answers() for one in answer.documents or ()}


def ways() -> set[str]:
    return {one for answer in answers() for one in (*(answer.channels or ()), *(answer.ask or ()))}


def known() -> set[str]:
    vocabulary = LIBRARY.vocabulary
    found = {AS_OF} | {fact for answer in answers() for fact in value_facts(answer)}
    for decision in LIBRARY.decisions.values():
        found |= {decision.region, decision.date, *decision.inputs}
    for constraint in vocabulary.constraints.values():
        tests = (leaf for _, leaf in leaves(constraint.never) if isinstance(leaf, FactTest))
        found |= {test.fact for test in tests}
    return found | {raw for name in found for raw in
                    (vocabulary.raw_facts(name) if name in vocabulary.derived else ())}  # fmt: skip


@pytest.mark.parametrize("name", sorted(LIBRARY.sources))
def test_a_source_is_used(name: str) -> None:
    assert name in cited()


@pytest.mark.parametrize("name", sorted(LIBRARY.documents))
def test_a_document_is_used(name: str) -> None:
    assert name in papers()


@pytest.mark.parametrize("name", sorted(LIBRARY.channels))
def test_a_channel_is_used(name: str) -> None:
    assert name in ways()


@pytest.mark.parametrize("name", sorted({*LIBRARY.vocabulary.facts, *LIBRARY.vocabulary.derived}))
def test_a_fact_is_used(name: str) -> None:
    assert name in known()


# -- words -------------------------------------------------------------------------------------


def texts(what: object, path: str) -> Iterator[tuple[str, Words]]:
    """Every bilingual text inside a model, with where it stands."""
    if isinstance(what, Words):
        yield path, what
    elif isinstance(what, Model):
        for name in type(what).model_fields:
            yield from texts(getattr(what, name), f"{path}.{name}")
    elif isinstance(what, dict):
        for key, one in what.items():
            yield from texts(one, f"{path}.{key}")
    elif isinstance(what, list | tuple):
        for index, one in enumerate(what):
            yield from texts(one, f"{path}.{index}")


KINDS = ("facts", "derived", "constraints", "places", "groups", "sources", "documents", "channels",
         "claims", "topics", "decisions", "parameters", "values", "rules", "disputes",
         "examples")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_texts_are_in_both_languages_and_of_certain_width(kind: str) -> None:
    found = list(texts(getattr(LIBRARY.authored, kind), kind))
    assert found
    silent = [
        path
        for path, one in found
        if not (CHINESE.search(one.zh) or LATIN.search(one.zh)) or not LATIN.search(one.en)
    ]
    doubtful = [(path, char) for path, one in found for char in one.zh
                if unicodedata.east_asian_width(char) == "A"]  # fmt: skip
    assert (silent, doubtful) == ([], [])


@pytest.mark.parametrize("name", sorted(LIBRARY.vocabulary.facts))
def test_a_question_is_short(name: str) -> None:
    question = LIBRARY.vocabulary.facts[name].question
    assert len(question.zh) <= LONGEST_QUESTION, question.zh


# The usual words say that one may, that one may not yet, or that one may not.
YES_OR_NO = ("eligible", "action_needed", "not_eligible")
ASKS_WHETHER_ONE_MAY = {"zh": re.compile("能|可以"), "en": re.compile("^(May|Can|Does|Is) ")}


@pytest.mark.parametrize("name", sorted(LIBRARY.decisions))
def test_a_verdict_is_an_answer_to_its_question(name: str) -> None:
    decision = LIBRARY.decisions[name]
    given = {one.verdict for one in decision.outcomes.values()}.intersection(YES_OR_NO)
    for lang, asks in ASKS_WHETHER_ONE_MAY.items():
        usual = {one: Locale(lang)(f"verdict.{one}") for one in YES_OR_NO}
        own = {one: words.get(lang) for one, words in decision.verdicts.items()}
        assert asks.search(decision.question.get(lang)) or given <= own.keys(), decision.question
        said = [own.get(one, usual.get(one, one)) for one in given | own.keys()]
        assert len(set(said)) == len(said)
        assert max(map(cell_len, own.values()), default=0) <= max(map(cell_len, usual.values())) + 4


@pytest.mark.parametrize("decision", sorted(LIBRARY.decisions))
def test_titles_are_short_sentences(decision: str) -> None:
    long = [
        (name, sentence)
        for name, outcome in LIBRARY.decisions[decision].outcomes.items()
        for lang, longest in LONGEST_SENTENCE.items()
        for sentence in SENTENCE_END.split(outcome.title.get(lang))
        if len(sentence) > longest
    ]
    assert long == []


# -- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(LIBRARY.authored.heads))
def test_a_file_is_named_for_its_place(file: str) -> None:
    head = LIBRARY.authored.heads[file]
    named = REGION_FILE.fullmatch(file)
    assert named
    assert (named["topic"], named["code"]) == (head.topic, head.region)


def test_each_topic_has_one_file_a_place() -> None:
    places = Counter((head.topic, head.region) for head in LIBRARY.authored.heads.values())
    assert [place for place, number in places.items() if number > 1] == []

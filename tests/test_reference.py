"""The pages for data protection officers: they say what the definitions say, each law with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.program import ConditionNode, DecisionNode
from app.core.questions import Asked
from app.reference.pages import COMMAND, texts
from app.reference.words import anchor
from tests.shipped import shipped_catalogue
from tests.tiny import flag, tiny

ROOT = Path(__file__).parent.parent
CATALOGUE = shipped_catalogue()
PROGRAMS = [part.program for part in (CATALOGUE, CATALOGUE.organisations) if part]
FLAGS = [each.rule for program in PROGRAMS for each in program.flags]
OFFERS = [each.rule for program in PROGRAMS for each in program.offers.values()]
QUESTIONS = [each for program in PROGRAMS for each in program.questions.values()]
WRITTEN = texts(CATALOGUE)


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_page_is_as_the_definitions_have_it(name: str) -> None:
    kept = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert kept == WRITTEN[name], f"write it again: {COMMAND}"


def test_the_command_that_writes_the_pages_is_named_where_definitions_are_explained() -> None:
    assert COMMAND in (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8")


def test_every_flag_stands_in_the_table_by_source_and_on_the_page() -> None:
    page = WRITTEN["rules.md"]
    for rule in FLAGS:
        assert page.count(f"### {rule.id} {rule.title}\n") == 1
        assert page.count(f"| [{rule.id} ") == 1


def test_every_question_is_asked_once_on_the_page() -> None:
    short_names = re.findall(
        r"^- \*\*Short name:\*\* .* \(`([a-z0-9_.]+)`\)$", WRITTEN["questions.md"], re.MULTILINE
    )
    assert sorted(short_names) == sorted(question.id for question in QUESTIONS)


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_link_within_a_page_leads_to_a_heading(name: str) -> None:
    page = WRITTEN[name]
    headings = {anchor(each) for each in re.findall(r"^#+ (.*)$", page, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings


def test_a_rule_is_told_with_its_condition_its_source_and_its_examples() -> None:
    rule = flag(
        {"and": [{"===": [{"var": "a.kind"}, "big"]}, {"===": [{"var": "a.named"}, "yes"]}]},
        name="R1",
        source="The Act s.1",
        raised_by=[{"a.kind": "big", "a.named": "yes"}],
        not_by=[{"a.kind": "big", "a.named": "no"}],
    )
    questions: list[dict[str, Any]] = [
        {
            "id": "a.kind",
            "type": "choice",
            "ask": "Kind?",
            "options": {"big": "Big", "small": "Small"},
        },
        {"id": "a.named", "type": "yes_no", "ask": "Named?", "why": "Because | we ask."},
    ]
    catalogue = tiny(
        questions,
        {"flags": [rule], "offers": [{"id": "law.gateway_list", "title": "G", "entries": []}]},
    )
    page = texts(catalogue)["rules.md"]
    for said in (
        "| [R1 Title of R1](#r1-title-of-r1) | The Act s.1 | not yet confirmed by a DPO | – |",
        "- all of these hold:\n  - “Kind?” is “Big”\n  - “Named?” is “Yes”\n",
        "  - “Kind?” is “Big”; “Named?” is “No”\n",
    ):
        assert said in page
    assert "Because \\| we ask." in texts(catalogue)["questions.md"]


# Every statement of law has a source.

LAW = re.compile(
    r"\b(Art(icle)?s? \d|s\.\d|[Ss]ections? \d|Sch(edule)? \d|Act \d{4}|SI \d{4}|UK GDPR|Regulations \d{4})"
)


Stated = tuple[str, str, str | None]  # where it stands, what it says, its source


def joined(*said: str | None) -> str:
    return " ".join(each for each in said if each)


def of_rules() -> Iterator[Stated]:
    for rule in FLAGS:
        yield rule.id, joined(rule.title, rule.because, rule.harm), rule.source
    for node in (node for program in PROGRAMS for node in program.nodes.values()):
        if isinstance(node, ConditionNode):
            yield node.id, joined(node.rule.title, node.rule.because), node.rule.source
        if isinstance(node, DecisionNode):
            for outcome in node.rule.outcomes:
                source = outcome.source or node.rule.source
                yield f"{node.id} {outcome.code}", joined(outcome.label, outcome.text), source


def of_offers() -> Iterator[Stated]:
    for offer in OFFERS:
        for entry in offer.entries:
            bars = [unless.because for unless in entry.unless]
            said = (
                entry.title,
                entry.text,
                entry.because,
                entry.near_miss,
                entry.limits,
                entry.act,
            )
            yield f"{offer.id} {entry.code}", joined(*said, *bars), entry.source


def of_questions() -> Iterator[Stated]:
    for question in QUESTIONS:
        every: list[Asked] = [question, *question.columns]
        for asked in every:
            hints = [asked.option_hint(code) for code in asked.options]
            labels = [] if asked.options_from else list(asked.labels.values())
            said = joined(asked.ask, asked.hint, asked.guide, asked.why, *hints, *labels)
            # A column may rest on the source of its rows.
            yield f"{question.id} {asked.called}", said, asked.source or question.source


def stated() -> list[Stated]:
    return [*of_rules(), *of_offers(), *of_questions()]


def test_every_statement_of_law_has_a_source() -> None:
    assert [where for where, said, source in stated() if LAW.search(said) and not source] == []


def test_every_flag_and_everything_with_an_act_has_a_source() -> None:
    assert [rule.id for rule in FLAGS if not rule.source] == []
    entries = [entry for offer in OFFERS for entry in offer.entries]
    assert [entry.code for entry in entries if entry.act and not entry.source] == []


def test_what_states_no_source_claims_no_confirmation() -> None:
    entries = [entry for offer in OFFERS for entry in offer.entries]
    assert [rule.id for rule in FLAGS if rule.checked and not rule.source] == []
    assert [entry.code for entry in entries if entry.checked and not entry.source] == []

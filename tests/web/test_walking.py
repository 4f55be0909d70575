"""Walking a draft: the pages of a project, as any role, in no list; and a walk kept as an example."""

from __future__ import annotations

import re

import pytest

from app.actions.access.policy import SEES
from tests.web.conftest import Person

NOTHING, SAMPLE = "door:new", "sample:low_risk_contract"


def begin(someone: Person, name: str) -> str:
    """A draft; its address."""
    someone.be("editor").open("/definitions")
    return someone.post("/definitions/drafts", name=name).path


def walk(someone: Person, draft: str, start: str = SAMPLE, role: str = "lead") -> str:
    """A walk through a draft; its address."""
    someone.open(f"{draft}/preview")
    stage = "concept_review"
    return someone.post(f"{draft}/preview", role=role, start=start, stage=stage).path


@pytest.fixture
def draft(someone: Person) -> str:
    return begin(someone, "A draft to walk")


def test_a_walk_looks_like_a_project_and_says_that_it_is_none(someone: Person, draft: str) -> None:
    walk(someone, draft)

    assert "Low risk contract" in someone.page.text
    assert "Preview of a draft, as Project lead." in someone.page.html
    assert "Flags at a glance" in someone.page.text


@pytest.mark.parametrize("of", ["", "/report", "/documents/risk_report", "/history", "/route"])
def test_every_page_of_a_walk_is_marked(someone: Person, draft: str, of: str) -> None:
    there = walk(someone, draft)
    someone.open(there + of)

    assert "Nothing live is touched." in someone.page.html


def test_the_word_document_of_a_walk_can_be_had(someone: Person, draft: str) -> None:
    there = walk(someone, draft)
    answer = someone.client.get(f"{there}/documents/risk_report.docx")

    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"


def test_no_list_and_no_queue_knows_of_a_walk(someone: Person, draft: str) -> None:
    walk(someone, draft)
    for role in ("editor", "lead", "dpo"):
        someone.be(role)
        for path in ("/projects", "/queue"):
            someone.open(path)
            assert "WALK-" not in someone.page.html


@pytest.mark.parametrize("role", sorted(SEES))
def test_it_is_walked_in_every_role_that_sees_projects(
    someone: Person, draft: str, role: str
) -> None:
    there = walk(someone, draft, role=role)

    assert there.endswith(f".{role}")
    assert re.search(r"Preview of a draft, as [A-Z]", someone.page.html)


def test_answers_given_on_a_walk_are_kept_and_followed(someone: Person, draft: str) -> None:
    there = walk(someone, draft, start=NOTHING)
    page = f"{there}/idea/start"
    someone.open(page)
    someone.post(page, go="on", **{"project.title": "Walked through"})

    assert "Walked through" in someone.open(there).text


def test_what_a_draft_says_now_is_what_its_walk_shows(someone: Person, draft: str) -> None:
    there = walk(someone, draft, start=NOTHING)
    page = f"{there}/idea/start"
    someone.open(page)
    someone.open(f"{draft}/edit/question/project.title")
    someone.post(f"{draft}/edit/question/project.title", ask="What shall we call it?")

    assert "What shall we call it?" in someone.open(page).text


@pytest.mark.parametrize(
    "act", ["stages/concept_review/close", "stages/concept_review/advice", "colleague"]
)
def test_nothing_is_decided_or_sent_on_a_walk(someone: Person, draft: str, act: str) -> None:
    there = walk(someone, draft)
    answer = someone.client.post(
        f"{there}/{act}", data={"csrf_token": someone.page.read.hidden["csrf_token"][0]}
    )

    assert answer.status_code in (403, 404, 405)


def test_a_walk_is_its_beginners_own(someone: Person, draft: str) -> None:
    there = walk(someone, draft)
    for role in ("dpo", "lead"):
        someone.be(role)
        someone.open(there, status=404)


def test_a_walk_becomes_an_example_of_a_rule(someone: Person, draft: str) -> None:
    there = walk(someone, draft)
    reference = there.rsplit("/", 1)[1]
    someone.open(f"/definitions/walks/{reference}/example")
    rule = re.findall(
        r'name="rule" [^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="rule"', someone.page.html
    )
    first = next(each for pair in rule for each in pair if each)
    someone.post(f"/definitions/walks/{reference}/example", rule=first)

    assert f"Saved as an example of {first}." in someone.page.text
    assert "Not as it says" not in someone.page.text.replace("not as they say", "")


def test_answers_that_raise_a_rule_are_walked_from_the_bench(someone: Person, draft: str) -> None:
    someone.open(f"{draft}/bench?file=rules/legal.yaml&rule=R17")
    someone.follow("Walk answers that raise it")
    assert "Answers that raise R17" in someone.page.text
    stage = "dpia"
    someone.post(f"{draft}/preview", role="lead", start="example:R17", stage=stage)

    assert "Answers that raise R17" in someone.page.text


def test_a_project_page_of_a_walk_leads_nowhere_that_is_not_there(
    someone: Person, draft: str
) -> None:
    there = walk(someone, draft)
    ways = {
        each.url.split("#")[0] for each in someone.page.read.links if each.url.startswith(there)
    }
    amiss = [way for way in sorted(ways) if someone.client.get(way).status_code not in (200, 302)]

    assert not amiss

"""One stage: its task list, its answers to check, and its blank questions."""

import re

import pytest

from tests.web.conftest import Person

STAGES = {
    "FP-0001": ("idea", "concept_review", "statement_of_intent", "dpia", "sharing_agreement"),
    "FP-0003": ("idea", "concept_review", "short_record"),
}
EVERY = [(reference, stage) for reference, stages in STAGES.items() for stage in stages]
ROLES = ("lead", "ig_lead", "dpo", "signatory")


@pytest.mark.parametrize(("reference", "stage"), EVERY)
@pytest.mark.parametrize("page", ["", "/check", "/questions", "/questions?of=route"])
def test_every_page_of_every_stage_stands(
    someone: Person, reference: str, stage: str, page: str
) -> None:
    someone.open("/")
    someone.open(f"/projects/{reference}/stages/{stage}{page}")


@pytest.mark.parametrize("role", ROLES)
def test_the_task_list_is_read_by_everybody(someone: Person, role: str) -> None:
    someone.be(role)
    assert "questions are answered" in someone.open("/projects/FP-0001/stages/dpia").text


def test_a_task_list_says_what_is_done_what_waits_for_whom_and_what_stops(someone: Person) -> None:
    text = someone.open("/projects/FP-0001/stages/dpia").text
    for said in (
        "Complete",
        "With 1 other",
        "1 for the information security lead",
        "Stop",
        "1 flag",
    ):
        assert said in text, said


def test_sections_of_one_step_share_a_heading_and_thin_questionnaires_have_one(
    someone: Person,
) -> None:
    html = someone.open("/projects/FP-0001/stages/dpia").html
    headings = re.findall(r'<h2 class="govuk-heading-m">([^<]+)</h2>', html)
    assert "Ethics self-assessment" in headings
    assert (
        "Step 2: Nature of the processing, keeping it safe, scope, context and purpose" in headings
    )
    assert len(headings) == len({*headings})
    assert len(headings) < 12


def test_a_task_list_says_which_answers_came_along(someone: Person) -> None:
    assert re.search(
        r"\d+ answers came with you", someone.open("/projects/FP-0001/stages/dpia").text
    )


def test_a_later_stage_can_be_drafted_early(someone: Person) -> None:
    someone.open("/projects/FP-0001/stages/dpia")
    page = someone.follow("Start “Sharing agreement” early")
    assert page.path == "/projects/FP-0001/stages/sharing_agreement"
    assert page.find("Continue with")


def test_a_lead_is_sent_to_pages_that_are_theirs_only(someone: Person) -> None:
    someone.open("/projects/FP-0001/stages/dpia")
    assert not someone.page.find("Continue with")
    someone.be("ig_lead")
    someone.open("/projects/FP-0001/stages/dpia")
    page = someone.follow("Continue with")
    assert "for the information security lead" not in page.text


def test_a_stage_that_is_not_on_the_route_is_not_found(someone: Person) -> None:
    someone.open("/")
    for stage in ("urgent", "review", "nonsense"):
        someone.open(f"/projects/FP-0001/stages/{stage}", status=404)


# Check your answers


def test_answers_to_check_say_who_gave_them_when_and_what_was_flagged(someone: Person) -> None:
    page = someone.open("/projects/FP-0001/stages/concept_review/check")
    assert "The project lead, 23" in page.text or re.search(
        r"The project lead, \d+ \w+ 20\d\d", page.text
    )
    assert "#flag-" in page.html
    assert "With names, addresses or other details that point to a person" in page.text


def test_from_an_answer_one_comes_to_its_question(someone: Person) -> None:
    someone.open("/projects/FP-0001/stages/concept_review/check")
    page = someone.follow("Change Number of people")
    assert page.path == "/projects/FP-0001/concept_review/whose"
    assert 'id="subjects.count_band"' in page.html


def test_what_is_missing_stands_first_with_who_can_answer(someone: Person) -> None:
    text = someone.open("/projects/FP-0001/stages/dpia/check").text
    assert "answers still missing" in text
    assert "For the information governance lead" in text.split("Not answered yet")[1]


def test_rows_are_checked_one_by_one(someone: Person) -> None:
    text = someone.open("/projects/FP-0001/stages/idea/check").text
    assert "1. London Borough of Carnmere. Kind: London borough. " in text
    assert "5. Lantern Outreach. Kind: Charity or community group. " in text


# Blank questions


def test_blank_questions_hold_guidance_and_no_answer(someone: Person) -> None:
    text = someone.open("/projects/FP-0001/stages/concept_review/questions").text
    assert "About how many people?" in text
    assert "Why we ask." in text
    assert "Three boroughs bring together rent arrears" not in text


def test_blank_questions_leave_out_what_the_answers_rule_out(someone: Person) -> None:
    text = someone.open("/projects/FP-0003/stages/concept_review/questions?of=route").text
    assert "Why no full assessment is needed" in text
    assert "step 4" not in text.lower()


def test_no_id_or_operator_is_printed_with_a_blank_question(someone: Person) -> None:
    someone.open("/start/new")
    reference = someone.post("/start/new", **{"project.title": "Bins"}).path.split("/")[2]
    text = someone.open(f"/projects/{reference}/stages/concept_review/questions").text
    conditions = re.findall(r"Asked if [^.]*\.", text)
    assert conditions
    for said in conditions:
        assert not re.search(r"\b[a-z_]+\.[a-z_]+\b|===|\bvar\b", said), said

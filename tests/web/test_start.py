"""The start: doors, six quick answers, the likely route, and the record when someone is at risk."""

import re

import pytest

from tests.web.conftest import Person

QUICK = {
    "project.title": "Warm homes list",
    "data.personal": "yes",
    "data.identifiability": "direct",
    "subjects.count_band": "under_100",
}
HARMLESS = {**QUICK, "data.special": ["none"], "proc.uses": ["none"]}
WEIGHTY = {
    **QUICK,
    "data.special": ["health"],
    "subjects.count_band": "10000_to_99999",
    "proc.uses": ["decide"],
}
NOBODY = {
    "project.title": "Street lights",
    "data.personal": "no",
    "data.identifiability": "aggregate",
}


def begun(someone: Person, door: str, **answers: object) -> str:
    """Begin a project through a door; its reference."""
    someone.open("/")
    someone.open(f"/start/{door}")
    someone.post(f"/start/{door}", **answers)
    return someone.page.path.split("/")[2]


def test_the_start_page_asks_what_one_wants_and_shows_every_door(someone: Person) -> None:
    page = someone.open("/")
    for door in ("Start something new", "Change or renew", "Someone is at risk now", "Just check"):
        assert page.find(door), door


def test_the_start_page_leads_back_to_what_was_begun(someone: Person) -> None:
    begun(someone, "new", **HARMLESS)
    assert someone.open("/").find("Carry on with Warm homes list")


def test_no_more_than_six_questions_are_asked_before_the_route_is_shown(someone: Person) -> None:
    page = someone.open("/start/new")
    assert len(page.read.hidden["seen"]) <= 6


@pytest.mark.parametrize(
    ("answers", "route"),
    [
        pytest.param(HARMLESS, "Your likely route: low risk", id="low risk"),
        pytest.param(WEIGHTY, "Your route: full", id="full"),
        pytest.param(NOBODY, "Your route: no personal data", id="no personal data"),
        pytest.param(
            {"project.title": "Bins"},
            "this page shows the longest route it can be: full",
            id="a title: the longest it can be",
        ),
    ],
)
def test_the_quick_answers_lead_to_a_route(
    someone: Person, answers: dict[str, object], route: str
) -> None:
    begun(someone, "new", **answers)
    assert someone.page.path.endswith("/route")
    assert route in someone.page.text


def test_a_route_that_answers_can_still_change_is_marked_provisional(someone: Person) -> None:
    begun(someone, "new", **HARMLESS)
    assert "Provisional." in someone.page.text
    assert "Could change it" in someone.page.text


def test_the_route_says_who_is_needed_how_many_questions_and_which_documents(
    someone: Person,
) -> None:
    begun(someone, "new", **WEIGHTY)
    text = someone.page.text
    for word in ("Data protection officer", "Signatory", "questions for you", "Risk report"):
        assert word in text
    assert "“Kinds of use” includes" in text


def test_a_quick_answer_is_shown_again_on_its_own_page_and_not_asked_twice(someone: Person) -> None:
    reference = begun(someone, "new", **WEIGHTY)
    page = someone.open(f"/projects/{reference}/concept_review/about-people")
    assert "The project lead said “Yes”" in page.text


def test_a_quick_answer_that_cannot_be_read_is_kept_and_said(someone: Person) -> None:
    someone.open("/start/new")
    page = someone.post("/start/new", **{**HARMLESS, "project.title": "x" * 400})
    assert "needs another look" in page.text
    assert "x" * 400 in page.html


def test_without_a_title_it_is_asked_for_and_nothing_is_begun_or_lost(someone: Person) -> None:
    before = someone.open("/projects").text
    someone.open("/start/new")
    page = someone.post("/start/new", **{**WEIGHTY, "project.title": " "})
    assert page.path == "/start/new"
    assert page.find("Give it a title, so that you find it again")
    assert "What you typed is kept below." in page.text
    assert "We saved the rest" not in page.text
    for name, value in WEIGHTY.items():
        for each in value if isinstance(value, list) else [value]:
            assert name == "project.title" or re.search(
                rf'name="{name}"[^>]* value="{each}"[^>]* checked', page.html
            ), name
    assert someone.open("/projects").text == before
    someone.open("/start/new")
    assert someone.post("/start/new", **WEIGHTY).path.endswith("/route")


def test_the_answers_given_are_counted_without_what_the_door_says(someone: Person) -> None:
    begun(someone, "new", **NOBODY)
    assert f"You have given {len(NOBODY)} answers so far." in someone.page.text


def test_the_title_names_as_many_quick_answers_as_are_asked(someone: Person) -> None:
    page = someone.open("/start/new")
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six")
    assert f"{words[len(page.read.hidden['seen'])]} quick answers" in page.text


def test_leaving_and_coming_back_lands_on_the_next_unfinished_question(someone: Person) -> None:
    reference = begun(someone, "new", **HARMLESS)
    first = someone.follow("Start with the first question").path
    someone.open("/")
    assert someone.follow("Carry on with Warm homes list").path == first
    assert first.startswith(f"/projects/{reference}/")


def test_when_someone_is_at_risk_sharing_comes_first_and_the_record_opens_at_once(
    someone: Person,
) -> None:
    page = someone.open("/start/urgent")
    assert "Share what is necessary to keep them safe. You do not need to finish" in page.text
    page = someone.post("/start/urgent")
    assert page.path.endswith("/urgent/record")
    assert "Who was at risk" in page.text


def test_an_urgent_record_is_held_up_by_nothing(someone: Person) -> None:
    someone.open("/start/urgent")
    reference = someone.post("/start/urgent").path.split("/")[2]
    page = someone.open(f"/projects/{reference}")
    assert "Urgent route" in page.text
    assert "Stop:" not in page.text


def test_renewing_brings_back_what_was_said_last_time(someone: Person) -> None:
    someone.open("/start/change")
    page = someone.post("/start/change", earlier="FP-0001")
    reference = page.path.split("/")[2]
    assert reference != "FP-0001"
    assert "came back" in page.text
    table = someone.open(f"/projects/{reference}/stages/idea/check").text
    assert "Lantern Outreach" in table
    flows = someone.open(f"/projects/{reference}/stages/concept_review/check").text
    assert "Rent arrears and housing need of tenants. From: London Borough of Carnmere" in flows


def test_renewing_without_a_choice_says_so(someone: Person) -> None:
    someone.open("/start/change")
    assert "Choose a project" in someone.post("/start/change").text


def test_a_renewal_of_something_written_elsewhere_begins_with_the_quick_answers(
    someone: Person,
) -> None:
    someone.open("/start/change")
    someone.follow("begin with six quick answers")
    page = someone.post("/start/change?without=1", **HARMLESS)
    assert page.path.endswith("/route")


def test_a_door_that_is_not_there_is_not_found(someone: Person) -> None:
    someone.open("/start/window", status=404)


@pytest.mark.parametrize("path", ["/", "/start/new", "/start/signed", "/start/change?without=1"])
@pytest.mark.parametrize(("role", "begins"), [("lead", True), ("dpo", False), ("party", False)])
def test_who_begins_no_project_is_told_before_they_type_and_not_after(
    someone: Person, path: str, role: str, *, begins: bool
) -> None:
    page = someone.be(role).open(path)
    said = "A project lead, contributor or information governance lead begins a project."
    assert (said in page.text) is not begins
    assert ('name="go" value="on"' in page.html) is (begins and path != "/")

"""The queue as a page: what waits, whose it is, taking and giving work, and a deputy."""

from datetime import date, timedelta

import pytest

from app.web.reports.queue import due_words
from app.web.site import day_words, today
from tests.web.conftest import Person

TAKE, GIVE, BACK = "/queue/FP-0001/take", "/queue/FP-0001/give", "/queue/FP-0001/back"
DEPUTY = "The deputy data protection officer"


def test_work_is_taken_and_put_back_from_the_queue(someone: Person) -> None:
    someone.be("dpo").open("/queue")
    page = someone.post(TAKE)
    assert "FP-0001 is with you." in page.html
    mine = someone.follow("Mine 1").text
    assert "Put it back" in mine
    assert "FP-0001" in mine
    someone.open("/queue")
    page = someone.post(BACK)
    assert page.find("Mine") is None


def test_work_is_given_to_a_colleague_who_shares_the_queue(someone: Person) -> None:
    someone.be("dpo").open("/queue")
    someone.open(GIVE)
    page = someone.post(GIVE)
    assert page.find("Choose somebody")
    assert DEPUTY in page.text
    (whom,) = (each["value"] for each in page.read.inputs if each.get("name") == "to")
    page = someone.post(GIVE, to=whom)
    assert f"FP-0001 is with {DEPUTY}." in page.html
    assert page.find("Mine") is None


def test_whoever_is_alone_in_a_role_is_told_so(someone: Person) -> None:
    text = someone.be("lead").open(GIVE).text
    assert "Nobody else of your organisation is in your role here." in text


def test_a_deputy_covers_from_today_on_and_not_in_the_past(someone: Person) -> None:
    someone.be("dpo").open("/queue/cover")
    late = {"until-day": "1", "until-month": "1", "until-year": "2020"}
    page = someone.post("/queue/cover", **late)
    assert page.find("Choose somebody")
    assert page.find("Choose today or a later day")
    (whom,) = (each["value"] for each in page.read.inputs if each.get("name") == "to")
    day = today() + timedelta(7)
    until = {"until-day": f"{day.day}", "until-month": f"{day.month}", "until-year": f"{day.year}"}
    someone.post(TAKE)
    someone.open("/queue/cover")
    page = someone.post("/queue/cover", to=whom, **until)
    assert f"{DEPUTY} covers your queue until {day_words(day)}." in page.text
    assert "FP-0001" in someone.follow("Covered by a deputy 1").text
    someone.open("/queue/cover")
    page = someone.post("/queue/cover", end="on")
    assert page.find("Covered by a deputy") is None
    someone.post(BACK)


def test_another_organisations_work_is_not_there_to_take(someone: Person) -> None:
    someone.be("dpo").open("/queue")
    someone.post("/queue/FP-9999/take", 404)


def test_each_thing_leads_to_what_is_asked_and_to_the_report(someone: Person) -> None:
    page = someone.be("dpo").open("/queue")
    assert page.link("Write your advice") == "/projects/FP-0001/advice"
    assert page.link("One-page report Homelessness early help") == "/projects/FP-0001/report"
    assert "A stop" in page.text


DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (None, ""),
        (date(2026, 11, 24), ""),
        (date(2026, 11, 23), "in 3 days"),
        (date(2026, 11, 21), "in 1 day"),
        (date(2026, 11, 20), "today"),
        (date(2026, 11, 19), "1 day late"),
        (date(2026, 11, 1), "19 days late"),
    ],
)
def test_what_is_due_says_how_soon_in_words(by: date | None, said: str) -> None:
    assert due_words(by, DAY) == said


def test_a_project_without_flags_claims_no_open_checks(someone: Person) -> None:
    text = someone.be("dpo").open("/queue").text
    assert "Library newsletter" in text
    assert "None so far" in text
    assert "checks open" not in text

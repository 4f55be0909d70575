"""The page that says how long things take."""

from typing import Any

import pytest

from app.actions.timing import Open
from app.store.database import counting
from tests.shipped import shipped_catalogue
from tests.web.conftest import Person

AT: dict[str, Any] = {"reference": "FP-1", "title": "", "stage": "dpia", "days": 1.0}


def test_the_list_of_projects_leads_to_how_long_they_take(someone: Person) -> None:
    someone.open("/projects")
    text = someone.follow("How long it takes").text
    assert "Days in each stage" in text
    assert "Waiting for" in text
    assert "Concept review" in text


def test_where_the_time_goes_takes_three_statements_beside_who_is_here_and_the_newest_release(
    someone: Person,
) -> None:
    engine = someone.app.extensions["fingerpost"].engine
    someone.open("/projects/times")
    with counting(engine) as statements:
        someone.open("/projects/times")
    assert len(statements) == 5


def test_who_runs_the_service_learns_nothing_of_anybodys_projects(someone: Person) -> None:
    text = someone.be("editor").open("/projects/times").text
    assert "There is no project yet to learn from." in text


def test_it_says_whom_a_project_waits_for(someone: Person) -> None:
    at = "/projects/FP-0001/dpia/concerns/colleague"
    someone.open(at)
    someone.post(at, person="", to_whom="Somebody at the archive", note="")
    text = someone.open("/projects/times").text
    assert "still to come, passed to Somebody at the archive. Data protection officer" in text


@pytest.mark.parametrize(
    ("one", "words"),
    [
        ({"answers": 1}, "1 answer still to come"),
        ({"answers": 2, "passed": ("Ann", "Bo")}, "2 answers still to come, passed to Ann and Bo"),
        ({"passed": ("Ann",), "whom": ("lead",)}, "Project lead"),
        ({"answers": 2, "whom": ("dpo",)}, "2 answers still to come. Data protection officer"),
        (
            {"answers": 2, "whom": ("siro", "signatory")},
            "2 answers still to come. Senior information risk owner or signatory",
        ),
        ({"whom": ("signatory",), "unsigned": ("Ivermere",)}, "Signatory of Ivermere"),
    ],
)
def test_whom_it_waits_for_in_words(one: dict[str, Any], words: str) -> None:
    opened = Open(**{"answers": 0, "whom": (), **one}, **AT)
    assert opened.waits_for(shipped_catalogue().pipeline) == words


def test_after_the_advice_it_waits_for_whoever_decides(someone: Person) -> None:
    said = "Senior information risk owner or signatory"
    assert said not in someone.be("dpo").open("/projects/times").text
    someone.open("/projects/FP-0001/advice")
    someone.post("/projects/FP-0001/advice", advice="Go ahead.", proceed="conditions")
    someone.post(someone.page.path, read=["advice"])
    assert said in someone.open("/projects/times").text

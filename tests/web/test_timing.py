"""The page that says how long things take."""

from app.store.database import counting
from tests.web.conftest import Person


def test_the_list_of_projects_leads_to_how_long_they_take(someone: Person) -> None:
    someone.open("/projects")
    text = someone.follow("How long it takes").text
    assert "Days in each stage" in text
    assert "Waiting for" in text
    assert "Concept review" in text


def test_where_the_time_goes_takes_two_statements_beside_who_is_here_and_the_newest_release(
    someone: Person,
) -> None:
    engine = someone.app.extensions["fingerpost"].engine
    someone.open("/projects/times")
    with counting(engine) as statements:
        someone.open("/projects/times")
    assert len(statements) == 4


def test_who_runs_the_service_learns_nothing_of_anybodys_projects(someone: Person) -> None:
    text = someone.be("editor").open("/projects/times").text
    assert "There is no project yet to learn from." in text

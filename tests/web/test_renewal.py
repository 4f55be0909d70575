"""Renewing: everything comes back, page by page somebody says whether it is still true."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from app.store.database import write
from app.store.tables import project
from app.store.team import team
from tests.web.conftest import Person


def renewed(someone: Person) -> str:
    """Renew the first project from the start page; the reference of the new one."""
    someone.open("/start/change")
    page = someone.post("/start/change", earlier="FP-0001")
    return page.path.split("/")[2]


def test_a_renewal_leads_to_a_project_that_names_the_one_it_renews(someone: Person) -> None:
    reference = renewed(someone)
    assert reference != "FP-0001"
    assert "page by page" in someone.page.text
    assert someone.page.link("FP-0001 ") == "/projects/FP-0001"
    assert someone.open("/projects/FP-0001").link(f"{reference} ") == f"/projects/{reference}"
    earlier = someone.open("/projects/FP-0001/renew")
    assert earlier.link(f"{reference} ") == f"/projects/{reference}"


def test_a_project_names_its_renewal_to_nobody_who_does_not_see_it(someone: Person) -> None:
    reference = renewed(someone)
    with write(someone.app.extensions["fingerpost"].engine) as conn:
        renewal = select(project.c.id).where(project.c.reference == reference).scalar_subquery()
        conn.execute(
            update(team).where(team.c.project_id == renewal).values(left_at=datetime.now(UTC))
        )
    assert reference not in someone.open("/projects/FP-0001").html
    someone.be("dpo").open("/projects/FP-0001")
    assert someone.page.link(f"{reference} ") == f"/projects/{reference}"


def test_a_page_shows_what_was_said_and_one_button_confirms_it(someone: Person) -> None:
    reference = renewed(someone)
    page = someone.open(f"/projects/{reference}/idea/discover")
    assert "Is it still true?" in page.text
    assert page.read.hidden["again"]
    someone.post(f"/projects/{reference}/idea/discover", go="still")
    page = someone.open(f"/projects/{reference}/idea/discover")
    assert "again" not in page.read.hidden
    assert "Is it still true?" not in page.text
    told = someone.open(f"/projects/{reference}/history").text
    assert "confirmed" in told


def test_saving_without_the_button_confirms_nothing(someone: Person) -> None:
    reference = renewed(someone)
    someone.open(f"/projects/{reference}/idea/discover")
    someone.post(f"/projects/{reference}/idea/discover", go="on")
    assert someone.open(f"/projects/{reference}/idea/discover").read.hidden["again"]


def test_a_choice_of_law_is_told_of_and_not_made(someone: Person) -> None:
    reference = renewed(someone)
    page = someone.open(f"/projects/{reference}/legal_gateway/routes")
    assert "choose again, by the law as it is now" in page.text
    assert "again" not in page.read.hidden


def test_a_renewal_says_first_what_it_does(someone: Person) -> None:
    page = someone.open("/projects/FP-0001/renew")
    assert "Choices of law are made again" in page.text
    page = someone.post("/projects/FP-0001/renew")
    assert "came back" in page.text


def test_whoever_does_not_begin_projects_does_not_renew_one(someone: Person) -> None:
    someone.open("/projects/FP-0001/renew")
    someone.be("signatory")
    someone.open("/projects/FP-0001")
    someone.post("/projects/FP-0001/renew", status=403)

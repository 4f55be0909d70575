"""The library: a lead asks, another person agrees, others begin with the words and with nothing else."""

import json
from pathlib import Path

import pytest
from flask import Flask

from tests.web.conftest import Person, serve

LENT = "Warm words about why"
CANARY = "Quillwhistle"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Flask:
    """A product of their own: what a project says is changed."""
    return serve(tmp_path_factory.mktemp("library"), repository)


@pytest.fixture
def asked(someone: Person) -> Person:
    """Somebody who asked for the first project to be put in the library."""
    someone.be("lead").open("/projects/FP-0001/library")
    if "Ask for it to be published" not in someone.page.html:
        someone.post("/projects/FP-0001/library", go="out")
        someone.open("/projects/FP-0001/library")
    someone.post(
        "/projects/FP-0001/library",
        title="Early help",
        summary=LENT,
        words=["project_outcome", "project_effect"],
        go="ask",
    )
    assert "It waits for the yes" in someone.page.text
    return someone


@pytest.fixture
def published(asked: Person) -> Person:
    asked.be("ig_lead").open("/projects/FP-0001/library")
    page = asked.post("/projects/FP-0001/library", go="yes")
    assert "In the library." in page.text
    return asked


def test_nothing_is_in_the_library_before_a_second_person_agrees(asked: Person) -> None:
    assert LENT not in asked.open("/library").text
    asked.open("/library/FP-0001", status=404)
    asked.open("/projects/FP-0001/library")
    asked.post("/projects/FP-0001/library", status=403, go="yes")


def test_who_says_no_keeps_it_out(asked: Person) -> None:
    asked.be("ig_lead").open("/projects/FP-0001/library")
    assert "Not published" in asked.post("/projects/FP-0001/library", go="no").text
    asked.open("/library/FP-0001", status=404)


def test_what_is_published_is_found_by_words_purpose_and_kind(published: Person) -> None:
    for found in ("words=WARM+why", "kind=borough", "topic=homelessness", ""):
        assert LENT in published.open(f"/library?{found}").text, found
    for other in ("words=warm+cold", "kind=school", "topic=nothing"):
        assert LENT not in published.open(f"/library?{other}").text, other


def test_somebody_begins_with_the_words_and_confirms_them_page_by_page(published: Person) -> None:
    published.be("lead").open("/library/FP-0001")
    page = published.post("/library/FP-0001/begin")
    reference = page.path.split("/")[2]
    assert reference != "FP-0001"
    assert "Early help" in page.text
    start = published.open(f"/projects/{reference}/idea/motivate")
    assert "Is it still true?" in start.text


def test_no_choice_of_law_and_no_other_answer_comes_along(
    published: Person, product: Flask
) -> None:
    from sqlalchemy import select

    from app.store.database import read
    from app.store.tables import project, sheet

    published.be("lead").open("/library/FP-0001")
    reference = published.post("/library/FP-0001/begin").path.split("/")[2]
    with read(product.extensions["fingerpost"].engine) as conn:
        found = select(sheet.c.document).join(project, project.c.id == sheet.c.subject_id)
        document = json.loads(
            conn.execute(found.where(project.c.reference == reference)).scalar_one()
        )
    assert {"project.outcome", "project.effect"} <= set(document["entries"])
    assert set(document["entries"]) <= {
        "project.outcome",
        "project.effect",
        "project.title",
        "project.door",
        "risks.matrix",
    }
    assert sorted(document["again"]) == ["project.effect", "project.outcome"]


def test_what_is_said_later_stays_out_of_the_library(published: Person) -> None:
    lead = published.be("lead")
    lead.open("/projects/FP-0001/idea/motivate")
    lead.post("/projects/FP-0001/idea/motivate", **{"project.outcome": f"{CANARY} and its people"})
    assert CANARY not in lead.open("/library/FP-0001").text
    assert CANARY not in lead.open(f"/library?words={CANARY}").text.replace(f"{CANARY} ", "")


def test_what_is_taken_out_is_gone(published: Person) -> None:
    published.open("/projects/FP-0001/library")
    assert "Taken out" in published.post("/projects/FP-0001/library", go="out").text
    published.open("/library/FP-0001", status=404)
    assert LENT not in published.open("/library").text


def test_a_lead_who_leaves_the_form_blank_is_told_what_is_missing(someone: Person) -> None:
    page = someone.be("lead").open("/projects/FP-0002/library")
    if "Ask for it" in page.html:
        page = someone.post("/projects/FP-0002/library", go="ask", title="", summary="")
        assert "Enter a summary" in page.text
        assert "Choose at least one text to lend" in page.text


def test_beginning_with_it_sent_twice_begins_one(published: Person) -> None:
    published.be("lead").open("/library/FP-0001")
    data = {name: values[-1] for name, values in published.page.read.hidden.items()}
    sent = [published.client.post("/library/FP-0001/begin", data=data) for _ in range(2)]
    assert [each.status_code for each in sent] == [302, 302]
    assert sent[0].location == sent[1].location

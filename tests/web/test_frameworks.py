"""Other assessments on screen: one quiet line until somebody chooses one, then the way through it."""

from __future__ import annotations

import pytest

from tests.web.conftest import Person

TITLES = {
    "odi_sharing_risk": "Data sharing risk assessment",
    "odi_ethics_canvas": "Data ethics canvas",
    "data_ethics_framework": "Data and AI ethics framework",
    "algorithmic_transparency": "Algorithmic transparency record",
    "algorithmic_impact": "Algorithmic impact assessment",
}


@pytest.fixture
def place(someone: Person) -> str:
    """The address of a project that was just begun."""
    someone.open("/")
    someone.open("/start/new")
    answers = {"project.title": "Repairs sorted by a machine", "data.personal": "yes"}
    reference = someone.post("/start/new", **answers).path.split("/")[2]
    return f"/projects/{reference}"


def choose(someone: Person, place: str, *chosen: str) -> str:
    """Choose frameworks; the page this leads to."""
    someone.open(f"{place}/frameworks/choose")
    posted = someone.post(f"{place}/frameworks/choose", **{"frameworks.chosen": list(chosen)})
    return posted.path.removeprefix(f"{place}/")


@pytest.mark.parametrize("chosen", [(), ("none",)])
def test_a_task_list_gives_other_assessments_one_line_while_none_is_chosen(
    someone: Person, place: str, chosen: tuple[str, ...]
) -> None:
    if chosen:
        choose(someone, place, *chosen)
    page = someone.open(f"{place}/stages/concept_review")
    offered = [
        link.url
        for link in page.read.links
        if link.url.removeprefix(f"{place}/").split("/")[0] in {"frameworks", *TITLES}
    ]
    assert offered == [f"{place}/frameworks/choose"]


@pytest.mark.parametrize("view", ["", "/stages/concept_review/questions?of=route", "/route"])
def test_no_page_speaks_at_length_of_what_nobody_chose(
    someone: Person, place: str, view: str
) -> None:
    text = someone.open(f"{place}{view}").text
    assert "Does any part of it belong to somebody else?" not in text
    assert "How many points" not in text


@pytest.mark.parametrize("framework", TITLES)
def test_choosing_one_leads_to_its_first_page_and_offers_its_document(
    someone: Person, place: str, framework: str
) -> None:
    assert TITLES[framework] not in someone.open(place).text

    assert choose(someone, place, framework).startswith(f"{framework}/")
    assert TITLES[framework] in someone.open(place).text
    assert "Where this comes from" in someone.open(f"{place}/documents/{framework}").text


def test_the_end_of_one_leads_to_the_next_that_was_chosen_and_then_to_what_is_owed(
    someone: Person, place: str
) -> None:
    walked = [choose(someone, place, "odi_ethics_canvas", "algorithmic_impact")]
    for _ in range(5):
        posted = someone.post(f"{place}/{walked[-1]}")
        walked.append(posted.path.removeprefix(f"{place}/"))
    assert walked[:-1] == [
        "odi_ethics_canvas/known",
        "odi_ethics_canvas/boxes",
        "algorithmic_impact/phase",
        "algorithmic_impact/system",
        "algorithmic_impact/effects",
    ]
    assert walked[-1].startswith("concept_review/")


def test_taking_a_choice_back_takes_its_pages_away(someone: Person, place: str) -> None:
    choose(someone, place, "algorithmic_impact")
    choose(someone, place, "none")
    page = someone.open(f"{place}/algorithmic_impact/system")
    assert "do not lead to these questions" in page.text
    assert TITLES["algorithmic_impact"] not in someone.open(place).text

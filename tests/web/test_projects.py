"""Projects: the list, one project, its history, and leaving a page for a colleague."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.web import project_list
from app.web.site import Site
from tests.web.conftest import Person, statements

OF_DEMO = ("Homelessness early help", "Carnmere safeguarding hub", "Library newsletter")
ROLES = ("lead", "ig_lead", "dpo", "signatory")
PAGE = "/projects/FP-0001/concept_review/whose"


def engine_of(app: Flask) -> Site:
    site: Site = app.extensions["fingerpost"]
    return site


@pytest.fixture
def fresh(someone: Person) -> Callable[..., str]:
    """Begin a project through the quick answers; its reference."""

    def begin(**answers: object) -> str:
        someone.open("/start/new")
        someone.post("/start/new", **{"project.title": "Bins and benefits", **answers})
        return someone.page.path.split("/")[2]

    return begin


def test_the_list_shows_the_organisations_projects_with_stage_and_gravest_flag(
    someone: Person,
) -> None:
    page = someone.open("/projects")
    for title in OF_DEMO:
        assert page.find(title), title
    assert re.search(r"\d stops?", page.text)
    assert "DPIA" in page.text


def test_the_list_can_be_narrowed_to_a_stage(someone: Person) -> None:
    someone.open("/projects")
    page = someone.follow("DPIA (1)")
    assert page.find("Homelessness early help")
    assert not page.find("Library newsletter")


def test_a_long_list_says_that_it_shows_the_last_changed_of_all(
    someone: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project_list, "SHOWN", 1)
    text = someone.be("lead").open("/projects").text
    number = int(re.search(r"(\d+) projects of London Borough of Carnmere that you see", text)[1])  # type: ignore[index]

    assert number > 1
    assert f"All ({number})" in text
    assert "The 1 last changed are listed." in text
    assert someone.page.html.count("last changed first") == 1
    assert len([link for link in someone.page.read.links if "/projects/FP-" in link.url]) == 1


def test_a_list_evaluates_no_rule(someone: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    someone.open("/projects")

    def refuse(*_arguments: object) -> None:
        raise AssertionError("a list evaluated the answers of a project")

    monkeypatch.setattr("app.core.facts.facts", refuse)
    monkeypatch.setattr("app.actions.pages.look", refuse)
    assert someone.open("/projects").find("Homelessness early help")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("reference", ["FP-0001", "FP-0002", "FP-0003"])
def test_a_project_says_to_everybody_what_to_do_next(
    someone: Person, role: str, reference: str
) -> None:
    someone.be(role)
    page = someone.open(f"/projects/{reference}")
    said = page.text.split("What to do next", 1)[1].split("Flags at a glance")[0]
    assert len(said.split()) > 5
    assert page.html.count("fp-next") == 1


@pytest.mark.parametrize("role", ROLES)
def test_what_is_next_can_be_opened(someone: Person, role: str) -> None:
    someone.be(role)
    page = someone.open("/projects/FP-0001")
    block = page.html.split('class="fp-next"')[1].split("</section>")[0]
    address = block.split('href="')[1].split('"')[0]
    someone.open(address)


def test_a_project_takes_two_statements(someone: Person, product: Flask) -> None:
    someone.open("/projects/FP-0001")
    with statements(engine_of(product).engine) as sent:
        someone.open("/projects/FP-0001")
    assert len(sent) == 2, sent


def test_a_project_shows_its_stages_stops_organisations_documents_and_who_did_what(
    someone: Person,
) -> None:
    text = someone.open("/projects/FP-0001").text
    for said in (
        "3. Statement of intent ✓",
        "4. DPIA Now",
        "Stop: ",
        "You can go on drafting.",
        "Ask the ",
        "Northside ICB",
        "Data protection impact assessment",
        "The project lead answered",
    ):
        assert said in text, said


def test_what_waits_for_others_names_them(someone: Person) -> None:
    text = someone.open("/projects/FP-0001").text
    waiting = text.split("Waiting for other people")[1].split("In short")[0]
    assert "Information security lead" in waiting
    assert "The advice of the data protection officer" in waiting


def test_the_data_protection_officer_is_told_that_they_advise(someone: Person) -> None:
    someone.be("dpo")
    assert "You advise. You do not decide." in someone.open("/projects/FP-0001").text


def test_a_project_of_others_and_one_that_is_not_there_look_the_same(someone: Person) -> None:
    someone.open("/")
    assert "We cannot find that page" in someone.open("/projects/FP-9999", status=404).text


# Carrying on


def test_carrying_on_goes_to_the_first_page_that_is_mine(
    someone: Person, fresh: Callable[..., str]
) -> None:
    reference = fresh()
    page = someone.open(f"/projects/{reference}/continue")
    assert page.path.startswith(f"/projects/{reference}/idea/")
    someone.be("signatory")
    page = someone.open(f"/projects/{reference}/continue")
    assert page.path == f"/projects/{reference}"


# Leaving a page for a colleague


def test_a_page_left_for_a_colleague_is_shown_as_waiting_and_one_carries_on(
    someone: Person, fresh: Callable[..., str]
) -> None:
    reference = fresh()
    place = someone.open(f"/projects/{reference}/continue").path
    someone.follow("Pass this page or a question to somebody")
    page = someone.post(
        f"{place}/colleague", to_whom="Priya, benefits team", note="By Friday, please"
    )
    assert page.path != place
    assert page.path.startswith(f"/projects/{reference}/")
    assert "now waits for Priya, benefits team" in page.text
    project = someone.open(f"/projects/{reference}").text
    assert "Priya, benefits team" in project.split("Waiting for other people")[1]
    assert someone.open(f"/projects/{reference}/continue").path != place
    assert (
        "Passed to Priya, benefits team" in someone.open(f"/projects/{reference}/stages/idea").text
    )


def test_a_page_can_be_taken_back(someone: Person, fresh: Callable[..., str]) -> None:
    reference = fresh()
    place = someone.open(f"/projects/{reference}/continue").path
    someone.open(f"{place}/colleague")
    someone.post(f"{place}/colleague", to_whom="Priya")
    page = someone.open(f"{place}/colleague")
    assert "By Friday" not in page.text
    handover = page.html.split('name="handover" value="')[1].split('"')[0]
    assert "Taken back" in someone.post(f"{place}/colleague/take-back", handover=handover).text
    assert "Priya" not in someone.open(f"/projects/{reference}").text


def test_a_page_is_left_for_somebody(someone: Person) -> None:
    someone.open(f"{PAGE}/colleague")
    page = someone.post(f"{PAGE}/colleague", to_whom="  ", note="Please look at this")
    assert "Say who should answer it" in page.text
    assert "Please look at this" in page.html


def test_what_is_typed_for_a_colleague_is_never_markup(
    someone: Person, fresh: Callable[..., str]
) -> None:
    reference = fresh()
    place = someone.open(f"/projects/{reference}/continue").path
    someone.open(f"{place}/colleague")
    someone.post(f"{place}/colleague", to_whom="<script>alert(1)</script>")
    assert "<script>alert" not in someone.open(f"/projects/{reference}").html


def test_an_unasked_page_cannot_be_left_with_anybody(someone: Person) -> None:
    someone.open("/")
    someone.open("/projects/FP-0003/dpia/nothing/colleague", status=404)


# History


def test_the_history_tells_who_answered_what_and_who_closed_what(someone: Person) -> None:
    text = someone.open("/projects/FP-0001/history").text
    assert "The project lead, London Borough of Carnmere answered" in text
    assert "The signatory, London Borough of Carnmere closed Statement of intent." in text


def test_the_history_of_one_answer_holds_nothing_else(someone: Person) -> None:
    page = someone.open("/projects/FP-0001/history?of=data.special")
    assert page.find("Sensitive information")
    assert not page.find("Lantern Outreach")
    assert page.find("Everything")


def test_the_history_shows_what_an_answer_said_before(
    someone: Person, fresh: Callable[..., str]
) -> None:
    reference = fresh(**{"subjects.count_band": "under_100", "data.personal": "yes"})
    place = f"/projects/{reference}/concept_review/whose"
    page = someone.open(place)
    version = next(
        each for each in page.read.hidden["seen"] if each.startswith("subjects.count_band=")
    )
    someone.post(place, seen=[version], **{"subjects.count_band": "1000_to_9999"})
    page = someone.open(f"/projects/{reference}/history?of=subjects.count_band")
    assert "<del>Under 100</del>" in page.html
    assert "<ins>1,000 to 9,999</ins>" in page.html


def test_a_long_history_is_read_on(someone: Person) -> None:
    someone.open("/projects/FP-0001/history")
    first = someone.page.text
    assert someone.follow("What happened before that").text != first


# A route that is not settled


def test_the_stages_of_a_likely_route_are_shown_before_it_is_settled(
    someone: Person, fresh: Callable[..., str]
) -> None:
    reference = fresh(
        **{
            "data.personal": "yes",
            "data.identifiability": "direct",
            "data.special": ["none"],
            "subjects.count_band": "under_100",
            "proc.uses": ["none"],
        }
    )
    page = someone.open(f"/projects/{reference}")
    assert "Likely route: low risk" in page.text
    assert "3. Record and short agreement Later" in page.text
    assert not page.find("Record and short agreement")


def test_when_all_that_is_mine_is_left_with_others_it_says_whom_one_waits_for(
    someone: Person,
) -> None:
    someone.open("/start/urgent")
    place = someone.post("/start/urgent").path
    reference = place.split("/")[2]
    someone.open(f"{place}/colleague")
    someone.post(f"{place}/colleague", to_whom="Duty social worker")
    text = someone.open(f"/projects/{reference}").text
    assert "Answers are awaited from Duty social worker" in text


def test_a_supplier_that_follows_instructions_does_not_sign(someone: Person) -> None:
    page = someone.open("/projects/FP-0001")
    row = page.html[page.html.index(">Hosting supplier<") :]
    row = row[: row.index("</tr>")]
    assert "Does not sign this" in row
    assert "Not signed yet" not in row


def test_where_else_one_can_go_stands_in_groups(someone: Person) -> None:
    html = someone.open("/projects/FP-0001").html
    aside = html[html.index('<aside aria-label="About this project">') :]
    places = [
        aside.index(f">{title}</h2>") for title in ("This stage", "Working together", "The project")
    ]
    assert places == sorted(places)


def test_who_can_settle_a_stop_is_told_so_beside_what_is_theirs_to_answer(someone: Person) -> None:
    said = "A stop is yours too: “Confidence not met”."
    assert said not in someone.open("/projects/FP-0001").text
    someone.be("ig_lead")
    assert said in someone.open("/projects/FP-0001").text


@pytest.mark.parametrize(
    ("page", "shown", "not_shown"),
    [
        pytest.param(
            "dpia/register",
            ["Harm to people", "Rating", "Remaining risk"],
            "Risk to the organisation",
            id="risks",
        ),
        pytest.param(
            "dpia/lawful",
            ["Kind of organisation", "Lawful basis"],
            "Only this organisation",
            id="routes",
        ),
    ],
)
def test_a_list_of_rows_shows_what_was_filled_in_and_what_follows_from_it(
    someone: Person, page: str, shown: list[str], not_shown: str
) -> None:
    html = someone.open(f"/projects/FP-0001/{page}").html
    heads = re.findall(r'<th[^>]*scope="col"[^>]*>([^<]+)<', html)
    assert {*shown} <= {*heads}
    assert not_shown not in heads


def test_a_signature_that_nobody_waited_for_is_shown_as_waiting(someone: Person) -> None:
    page = someone.be("lead").open("/projects/FP-0001")
    assert re.search(
        r"\d+ signatures at “Statement of intent” Signatory of London Borough of Ivermere",
        page.text,
    )

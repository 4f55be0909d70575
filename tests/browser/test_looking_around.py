"""The pages beside the way: what anybody can open and read, in the states that a walk does not meet."""

import pytest

from tests.browser.conftest import Arrive
from tests.browser.looking import Looker
from tests.browser.person import SAVE, Person
from tests.browser.stages import CHECK, DPO, IG_LEAD, LEAD, SIGNATORY
from tests.browser.test_answering import open_page, open_stage

pytestmark = pytest.mark.browser
HUB, LINKING = "Carnmere safeguarding hub", "Homelessness early help"


def at_menu(person: Person, words: str) -> None:
    person.follow(words, person.page.get_by_role("navigation", name="Menu"))


def at_project(person: Person, project: str) -> None:
    at_menu(person, "Projects")
    person.follow(project)


def first(person: Person, words: str) -> None:
    """Follow the first of several links that begin with the same words."""
    link = person.page.get_by_role("main").get_by_role("link", name=words)
    assert link.count(), f"no link “{words}…” at {person.page.url}: {person.main_text[:2000]}"
    with person.moving():
        link.first.click()


def test_the_other_doors(arrive: Arrive, looker: Looker) -> None:
    person = arrive()
    person.follow("Someone is at risk now")
    person.press("Record what was shared")
    assert person.has_button(SAVE)
    at_menu(person, "Start")
    person.follow("Change or renew an agreement")
    person.press("Bring the answers back")
    person.page.get_by_role("radio").first.check()
    person.press("Bring the answers back")
    assert person.sees_text("came back. Go through them page by page")
    at_menu(person, "Start")
    person.follow("Just check something")
    assert looker.faults == []


def test_what_anybody_may_read(arrive: Arrive, looker: Looker) -> None:
    person = arrive()
    for footer in ("About Fingerpost", "Accessibility statement"):
        person.follow(footer)
    for persona in (IG_LEAD, DPO, SIGNATORY, LEAD):
        person.be(persona)
        at_menu(person, "My queue")
        person.look(persona)
    at_project(person, LINKING)
    for words in ("The whole history", "Why this route"):
        person.follow(words)
        at_project(person, LINKING)
    open_stage(person, "DPIA", LINKING)
    first(person, "Print these questions")
    person.page.go_back()
    first(person, "Give “")
    assert looker.faults == []


def test_organisations_their_records_and_what_a_party_takes(arrive: Arrive, looker: Looker) -> None:
    person = arrive()
    at_menu(person, "Organisations")
    person.follow("Add an organisation")
    person.press("Add this organisation")
    assert person.sees_text("Enter what it is called")
    at_menu(person, "Organisations")
    for name in ("Northside ICB", "Bridge Street Academy", "London Borough of Hartvale"):
        person.follow(name)
        person.look(name)
        at_menu(person, "Organisations")
    person.follow("London Borough of Hartvale")
    person.follow("The officers who advise")
    assert person.has_button(SAVE)
    at_project(person, LINKING)
    page = open_page(person, "Idea", "Who would take part?", LINKING)
    person.press("Add another organisation")
    page.get_by_label("What is it called?").fill("Capital Fire Service")
    person.press("Save this organisation")
    assert person.sees_text("Capital Fire Service's record")
    assert page.get_by_label("London Fire Brigade", exact=True).is_checked()
    person.look("taken")
    assert looker.faults == []


def test_what_each_person_does_with_a_flag(arrive: Arrive, looker: Looker) -> None:
    person = arrive()
    at_project(person, LINKING)
    person.follow("Open the risk report")
    for words in (
        "What would clear it",
        "Accept as a risk",
        "Join to another risk",
        "Dismiss with a reason",
    ):
        first(person, words)
        person.page.go_back()
    person.be(DPO)
    first(person, "Lift this stop with a reason")
    person.page.go_back()
    at_project(person, LINKING)
    open_stage(person, "DPIA", LINKING).follow("Close this stage")
    person.look("held up")
    at_project(person, HUB)
    person.be(SIGNATORY)
    open_stage(person, "Sharing agreement", HUB).follow("Signatures")
    person.look("before signing")
    assert looker.faults == []


def test_a_suggestion_is_accepted_with_one_button(arrive: Arrive, looker: Looker) -> None:
    person = arrive()
    person.be(IG_LEAD)
    page = open_page(person, "DPIA", "Review and publication", LINKING)
    use = page.get_by_role("button", name="Use “")
    words = use.first.inner_text().removeprefix("Use “").removesuffix("”")
    with person.moving():
        use.first.click()

    assert page.get_by_role("radio", name=words, exact=True).is_checked()
    assert looker.faults == []


def test_from_an_answer_to_change_it_and_back(arrive: Arrive, looker: Looker) -> None:
    person = arrive()
    open_stage(person, "Concept review", LINKING).follow(CHECK)
    first(person, "Change")
    assert person.has_button(SAVE)
    page = open_page(person, "Concept review", "What goes from whom to whom", LINKING)
    assert page.get_by_role("heading", name="Where the information goes").is_visible()
    first_row = page.get_by_role("button", name="Remove ").first
    with person.moving():
        first_row.click()
    assert person.heading.startswith("Remove ")
    assert looker.faults == []

"""People of three organisations bring one project to its advice, its adoption and its accepted risk."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import PATIENCE_MS
from tests.browser.looking import WIDE, Looker
from tests.browser.person import SAVE, Person
from tests.browser.stages import send_what_is_read
from tests.browser.test_looking_around import LINKING, at_menu, at_project, first
from tests.browser.together import (
    AT_IVERMERE,
    AT_NORTHSIDE,
    DPO,
    DPO_OF_IVERMERE,
    IVERMERE,
    LEAD,
    NORTHSIDE,
    SIRO,
    Come,
    Together,
    serve,
)

pytestmark = pytest.mark.browser
ALL_RIGHT = "Save, and all of it is right for us"
STOP = "Confidence not met"
CONFIDENCE = "How is a duty of confidence met when it gives the information?"
BY_AN_ACT = "An Act requires or permits it and lifts the duty"
ROUTE_ASKED = "Is the legal route that is proposed for it right?"
RIGHT, DIFFERS = "It is right for us", "Ours differs"
NOTE = "Our retention schedule keeps it for one year, not two."
SCHEDULE = {
    "Who takes requests from people?": "Information rights team",
    "Who is told about a breach, day and night?": "Duty officer",
    "Which roles may see it?": "Caseworkers of the team",
    "In which system is it kept?": "The case management system",
    "How long does the party keep it, and from when?": "Two years from the last contact",
    "Where is its privacy notice?": "On its website, under privacy",
    "What gives the signatory the authority to sign?": "The scheme of delegation",
}


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Together]:
    with serve(tmp_path_factory.mktemp("together")) as found:
        yield found


@pytest.fixture
def come(browser: Browser, together: Together, looker: Looker) -> Iterator[Come]:
    """Somebody opens the start page; each has a browser of their own, and comes back to it."""
    known: dict[str, Person] = {}

    def came(name: str) -> Person:
        if name not in known:
            context = browser.new_context(viewport=WIDE, locale="en-GB")
            context.set_default_timeout(PATIENCE_MS)
            context.add_cookies([together.cookie(name)])  # type: ignore[list-item]
            known[name] = Person(context.new_page(), looker)
            known[name].begin(together.url)
        return known[name]

    yield came
    for person in known.values():
        person.page.context.close()


def bring(lead: Person, organisation: str, contact: str) -> None:
    """On the page of the team: let an organisation take part, and add its contact."""
    lead.page.get_by_label("Let another organisation take part").select_option(label=organisation)
    lead.press("Let it take part")
    people = lead.page.get_by_label(f"Add somebody of {organisation}")
    people.select_option(label=f"{contact}, contact for projects led by others")
    lead.press(f"Add to the team for {organisation}")
    assert lead.sees_text(contact)


def read_stage(person: Person, stage: str) -> None:
    """From anywhere to the task list of a stage of the project."""
    at_project(person, LINKING)
    first(person, stage)


def draft(lead: Person) -> None:
    """The lead changes what the assessment says."""
    read_stage(lead, "4. DPIA")
    lead.follow("Is it needed, and is it in proportion?")
    text = lead.page.get_by_role("textbox").first
    text.fill("Without it a household is found too late. Nothing less was found to do the same.")
    lead.press(SAVE)


def fill_in(person: Person, route: str, schedule: dict[str, str]) -> None:
    """The contact of an organisation: yes to what others wrote, then what nobody else can say."""
    at_project(person, LINKING)
    person.follow("Fill in your part")
    person.follow("Say whether it is right Organisations")
    person.press(ALL_RIGHT)
    person.follow("Say whether it is right Positions of the parties")
    group = person.page.get_by_role("group", name=ROUTE_ASKED, exact=True)
    group.get_by_role("radio", name=route, exact=True).check()
    person.press(ALL_RIGHT)
    if route == DIFFERS:
        assert person.sees_text("This is yours now, as it was proposed.")
        person.page.get_by_role("textbox", name="What shall we call this route?").fill("Ours alone")
        meet_confidence(person)
    person.follow("Fill in Schedules")
    person.fill(schedule)
    person.press(SAVE)
    assert person.sees_text("All ")


def decide(person: Person, act: str, choice: str = "", words: str = "") -> None:
    """Do one of the acts that stand under decisions and advice."""
    at_project(person, LINKING)
    person.follow("Decisions and advice")
    person.follow(f"Do it now : {act}")
    if choice:
        person.page.get_by_role("radio", name=choice, exact=True).check()
    if words:
        person.page.get_by_role("textbox").first.fill(words)
    person.press(f"{act}: record it")


def test_three_organisations_bring_a_project_to_its_accepted_risk(
    come: Come, looker: Looker
) -> None:
    lead = come(LEAD)
    at_project(lead, LINKING)
    lead.follow("Team")
    bring(lead, IVERMERE, AT_IVERMERE)
    bring(lead, NORTHSIDE, AT_NORTHSIDE)
    draft(lead)

    fill_in(come(AT_IVERMERE), RIGHT, SCHEDULE)
    fill_in(come(AT_NORTHSIDE), DIFFERS, SCHEDULE)
    at_project(lead, LINKING)
    lead.follow("What each organisation adds")
    lead.look("two of them are done")
    done = lead.page.get_by_role("row", name=IVERMERE)
    assert "Nobody now" in done.inner_text()

    send_back(come(DPO))
    mend(lead)
    advise(come(DPO))

    officer = come(DPO_OF_IVERMERE)
    decide(officer, "Advice adopted by each organisation", "I adopt it with a note", NOTE)
    assert officer.sees_text(NOTE)
    senior = come(SIRO)
    decide(senior, "Remaining risk accepted")
    assert senior.sees_text(SIRO)
    assert not senior.has_link("Do it now : Remaining risk accepted")
    assert looker.faults == []


def send_back(officer: Person) -> None:
    """The data protection officer sends back what must be corrected first."""
    at_menu(officer, "My queue")
    officer.follow(f"Write your advice {LINKING}")
    group = officer.page.get_by_role("group", name=f"Your verdict : {STOP}")
    group.get_by_role("radio", name="Must correct before I advise").check()
    officer.press("Send back what has to change")
    officer.page.get_by_role("checkbox", name="I have read this").check()
    officer.press("Send back what is ticked")


def meet_confidence(person: Person) -> None:
    """On the page of a legal route: how the duty of confidence is met."""
    heading = person.heading
    group = person.page.get_by_role("group", name=CONFIDENCE)
    group.get_by_role("radio", name=BY_AN_ACT).check()
    save = SAVE if person.has_button(SAVE) else "Save this legal route"
    for _ in range(4):
        person.press(save)
        if person.heading != heading:
            return
        person.fill({})
    raise AssertionError(person.main_text)


def mend(lead: Person) -> None:
    """The lead finds it among their tasks, changes the answer behind it and says so."""
    read_stage(lead, "3. Statement of intent")
    lead.follow("The legal route of each kind of organisation")
    lead.press("Change ICB")
    meet_confidence(lead)
    at_project(lead, LINKING)
    back = lead.page.get_by_role("region", name="Sent back to you")
    with lead.moving():
        back.get_by_role("link").first.click()
    done = lead.page.get_by_role("textbox", name=f"What was done about {STOP}")
    done.fill("Health gives it under an Act that lifts the duty.")
    lead.press(f"It is done : {STOP}")
    lead.look("said to be done")


def advise(officer: Person) -> None:
    """The officer looks again at what changed since, is content, and advises."""
    at_menu(officer, "My queue")
    officer.follow(f"Only the changes {LINKING}")
    since = officer.page.get_by_role("region", name="Since you last looked").inner_text()
    assert BY_AN_ACT in since, since
    officer.press(f"I am content : {STOP}")
    for group in officer.page.get_by_role("group", name="Your verdict").all():
        group.get_by_role("radio", name="Improve").check()
    officer.page.get_by_role("textbox", name="Your advice as a whole").fill("Go ahead.")
    officer.page.get_by_role("radio", name="Yes, under conditions").check()
    officer.press("Read it once more and send")
    send_what_is_read(officer)
    assert officer.sees_text("Your advice is sent")

"""People of three organisations bring one project to its advice, its adoption and its accepted risk."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.actions.demonstration import HOME
from tests.browser.looking import Looker, open_window
from tests.browser.person import SAVE, Person
from tests.browser.stages import send_what_is_read
from tests.browser.test_looking_around import LINKING, at_menu, at_project, first
from tests.browser.together import (
    AT_IVERMERE,
    AT_NORTHSIDE,
    COLLEAGUE,
    DPO,
    DPO_OF_IVERMERE,
    IVERMERE,
    LEAD,
    NEWCOMER,
    NORTHSIDE,
    SIRO,
    Come,
    Together,
    serve,
)

pytestmark = pytest.mark.browser
ALL_RIGHT = "Save, and all of it is right for us"
PASSED = "From collecting to deleting"
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


@pytest.fixture
def together(tmp_path: Path) -> Iterator[Together]:
    with serve(tmp_path) as found:
        yield found


@pytest.fixture
def come(browser: Browser, together: Together, looker: Looker) -> Iterator[Come]:
    """Somebody opens the start page; each has a browser of their own, and comes back to it."""
    known: dict[str, Person] = {}

    def came(name: str) -> Person:
        if name not in known:
            context = open_window(browser)
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
    add(lead, organisation, f"{contact}, contact for projects led by others")


def add(lead: Person, organisation: str, member: str) -> None:
    """On the page of the team: add somebody."""
    people = lead.page.get_by_label(f"Add somebody of {organisation}")
    people.select_option(label=member)
    lead.press(f"Add to the team for {organisation}")
    assert lead.sees_text("is on the team, and can open the project.")


def pass_on(lead: Person, page: str, somebody: str) -> None:
    """The lead passes a page to somebody, with a day and a word."""
    read_stage(lead, "4. DPIA")
    lead.follow(page)
    lead.follow("Pass this page or a question to somebody")
    lead.page.get_by_label("Who should answer it?").select_option(label=somebody)
    for part, typed in (("Day", "1"), ("Month", "12"), ("Year", "2030")):
        lead.page.get_by_label(part, exact=True).fill(typed)
    lead.page.get_by_label("What should they know?").fill("You know the system.")
    lead.press("Pass it on and carry on")
    assert lead.sees_text("now waits for")


def answer_what_was_passed(colleague: Person, page: str) -> None:
    """Whoever it was passed to finds it on the start page, and answers it."""
    at_menu(colleague, "Start")
    first(colleague, page)
    colleague.fill({})
    colleague.press(SAVE)
    at_menu(colleague, "Start")
    assert not colleague.page.get_by_role("link", name=page).count()


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
    add(lead, HOME, f"{COLLEAGUE}, contributor")
    draft(lead)
    pass_on(lead, PASSED, f"{COLLEAGUE}, {HOME}")
    answer_what_was_passed(come(COLLEAGUE), PASSED)

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


# An officer who has not seen it before

PER_CLICK, PER_PAGE, PER_FLAG, PER_WORD = 3.0, 20.0, 30.0, 1.5
"""Seconds: to find and press something, to take a page in, to weigh a flag, and to type a word."""
BACK, ASKED, WHOLE = (
    "How it is deleted",
    "Say who deletes it at each organisation.",
    "Sound in the main.",
)


@dataclass
class Counted:
    """Somebody whose every click, page and word is counted."""

    person: Person
    chosen: int = 0
    words: int = 0

    def judge(self, matter: str, verdict: str) -> None:
        """Choose a verdict."""
        group = self.person.page.get_by_role("group", name=f"Your verdict : {matter}")
        group.get_by_role("radio", name=verdict).check()
        self.chosen += 1

    def write(self, label: str, text: str) -> None:
        """Write in a box, over what stands there."""
        self.person.page.get_by_role("textbox", name=label).fill(text)
        self.chosen += 1
        self.words += len(text.split())

    @property
    def clicks(self) -> int:
        """Links, buttons, options and boxes."""
        return self.person.clicks + self.chosen

    def seconds(self, flags: int) -> float:
        """How long that takes somebody who reads, aims and types as most people do."""
        pages = self.person.pages * PER_PAGE
        return self.clicks * PER_CLICK + pages + flags * PER_FLAG + self.words * PER_WORD


def test_an_officer_new_to_it_judges_sends_back_and_keeps_a_draft_within_five_minutes(
    come: Come, looker: Looker
) -> None:
    officer = come(NEWCOMER)
    counted = Counted(officer)
    at_menu(officer, "My queue")
    officer.follow(f"Write your advice {LINKING}")
    counted.judge(STOP, "Improve")
    counted.judge("Known faults in the information", "Acceptable")
    other = officer.page.get_by_label("Judge a section, or send a question back")
    other.select_option(label=BACK)
    counted.chosen += 1
    officer.press("Add it")
    counted.judge(BACK, "Must correct before I advise")
    counted.write(f"Your advice : {BACK}", ASKED)
    officer.press("Send back what has to change")
    officer.page.get_by_role("checkbox", name=f"I have read this : {BACK}").check()
    counted.chosen += 1
    officer.press("Send back what is ticked")
    assert officer.sees_text("Sent back: 1 matter.")
    counted.write("Your advice as a whole", WHOLE)
    officer.press("Keep as draft")
    assert officer.sees_text("Only you see it. Nothing was sent.")
    officer.look("kept as a draft")
    kept = officer.page.get_by_role("textbox", name="Your advice as a whole")
    assert kept.input_value() == WHOLE
    assert (counted.clicks, officer.pages, counted.words) == (13, 7, 11)
    assert counted.seconds(flags=2) <= 5 * 60
    assert looker.faults == []

"""The way of a project from the start page to its end, as one person after another walks it."""

from pathlib import Path

import docx

from tests.browser.person import Person

LEAD, IG_LEAD, DPO, SIGNATORY = "Project lead", "IG lead", "DPO", "Signatory"
SECURITY, PARTY = "Security lead", "Party contact"
CHECK = "Check your answers"
MEMBERS = (
    "The information security lead, information security lead",
    "The contact of a partner, contact for projects led by others",
)
"""Who sees a project only when they are on its team."""
MIN_WORDS = 6  # of a picture of flows: two organisations, what goes, how often, and a legend


def start_new(person: Person, door: str, route: str) -> None:
    """From the start page, by the likely route, to the first question."""
    show_route(person, door, route)
    person.follow("Start with the first question")


def show_route(person: Person, door: str, route: str) -> None:
    """From the start page, through the quick answers, to the likely route."""
    person.follow(door)
    person.fill(person.told.answers)
    person.look("filled")
    person.press("Show the likely route")
    assert route.lower() in person.heading.lower(), person.heading


def answer_stage(person: Person, people: tuple[str, ...] = ()) -> None:
    """Answer all of a stage, as the lead and then as others, until nothing is missing."""
    person.answer_on()
    assert person.heading == CHECK, person.heading
    for persona in people:
        person.be(persona)
        _go_on(person)
    person.be(LEAD)
    for _ in range(40):
        missing = (
            person.page.get_by_role("main")
            .get_by_role("list")
            .filter(has=person.page.get_by_role("link"))
        )
        if not person.sees_text("Not answered yet"):
            return
        with person.moving():
            missing.first.get_by_role("link").first.click()
        person.answer_page()
        person.answer_on()
    raise AssertionError(f"still missing: {person.main_text[:1500]}")


def _go_on(person: Person) -> None:
    """Press what "check your answers" offers first, while it leads to questions."""
    for _ in range(20):
        offered = person.page.get_by_role("link", name="Continue with ")
        if not offered.count():
            return
        with person.moving():
            offered.first.click()
        person.answer_on()


def close_stage(person: Person, persona: str) -> None:
    """From "check your answers": close the stage as the person whose act it is."""
    person.be(persona)
    person.follow("Close this stage")
    person.look("ready to close")
    assert person.has_button("Close this stage"), person.main_text[:3000]
    person.press("Close this stage")
    person.look("closed stage")


def sign_and_close(person: Person) -> None:
    """From "check your answers": read, sign, and close the stage, as the signatory."""
    person.be(SIGNATORY)
    person.follow("Read and sign")
    person.look("to sign")
    person.press("Sign")
    assert person.sees_text("Tick the box to say that you sign")
    person.page.get_by_role("checkbox").check()
    person.press("Sign")
    person.look("signed")
    assert person.has_button("Close this stage"), person.main_text[:3000]
    person.press("Close this stage")
    person.look("closed stage")


def go_on(person: Person) -> None:
    """From the project, as the lead, to the next unfinished question, or to the answers of the stage."""
    person.be(LEAD)
    person.follow("Continue" if person.has_link("Continue") else CHECK)


def add_to_team(person: Person) -> None:
    """As the lead: put those on the team who answer for it and would not see it otherwise."""
    to_project(person)
    person.follow("Team")
    for member in MEMBERS:
        people = person.page.get_by_label("Add somebody of London Borough of Carnmere")
        people.select_option(label=member)
        person.press("Add to the team for London Borough of Carnmere")
    to_project(person)


def to_project(person: Person) -> None:
    """From anywhere to the page of the project."""
    person.follow("Projects", person.page.get_by_role("navigation", name="Menu"))
    person.follow(str(person.told.of("What do you call it?")))


def accept_a_risk(person: Person) -> None:
    """Accept the first flag as a risk, give its measures an owner and a date, and come back."""
    to_project(person)
    person.follow("Open the risk report")
    person.look("with flags")
    drawn = person.page.get_by_role("img", name="Where the information goes").first
    assert drawn.is_visible()
    assert drawn.locator("text").count() > MIN_WORDS
    accept = person.page.get_by_role("link", name="Accept as a risk")
    assert accept.count(), person.main_text[:3000]
    with person.moving():
        accept.first.click()
    boxes = person.page.get_by_role("group", name="Which of these will you do?").get_by_role(
        "checkbox"
    )
    if boxes.count():
        boxes.first.check()
    person.fill({})
    person.press("Accept this risk")
    person.look("accepted")
    to_project(person)
    person.follow(CHECK)
    answer_stage(person)


def advise(person: Person) -> None:
    """As the data protection officer: write the advice; then back to the answers of the stage."""
    to_project(person)
    person.be(DPO)
    person.follow("Write your advice")
    # What was answered about the advice on the page of questions stands here already.
    whole = person.page.get_by_role("textbox", name="Your advice as a whole")
    whole.fill("")
    person.press("Read it once more and send")
    person.look("advice missing")
    whole.fill("Go ahead once each action has an owner.")
    person.press("Read it once more and send")
    person.look("advice to be read")
    send_what_is_read(person)
    person.look("advice sent")
    to_project(person)
    person.follow(CHECK)


def send_what_is_read(person: Person) -> None:
    """Tick each part as read, and send it."""
    for box in person.page.get_by_role("checkbox", name="I have read this").all():
        box.check()
    person.press("Send this advice")


def read_documents(person: Person, folder: Path) -> None:
    """Read each document of the project, and open it as Word does."""
    to_project(person)
    listed = person.page.get_by_role("region", name="Documents")
    titles = [each.inner_text() for each in listed.get_by_role("rowheader").all()]
    assert titles
    for title in titles:
        person.follow(f"Read {title}")
        assert person.sees_text(title)
        with person.page.expect_download() as download:
            person.page.get_by_role("link", name="Download for").click()
        person.clicks += 1
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        assert path.suffix == ".csv" or docx.Document(str(path)).paragraphs
        to_project(person)

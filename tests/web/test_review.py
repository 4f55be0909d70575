"""Judging, keeping a draft, sending it back or sending it, and what the project sees of it and when."""

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app.actions.actor import Actor
from app.actions.organisations import add_person, take_in
from app.store.database import write
from app.store.tables import organisation, project, project_party
from tests.web.conftest import Opened, Person, serve

AT = "/projects/FP-0001"
ADVICE, SEND = f"{AT}/advice", f"{AT}/advice/send"
STOP, FLAG, QUESTION = "R10", "R54", "nec.alternatives"
CANARY = "Canary-7741"
Fields = dict[str, Any]


@pytest.fixture
def product(tmp_path: Path, repository: Path) -> Flask:
    """A product of its own for each story."""
    return serve(tmp_path, repository)


def typed(page: Opened) -> Fields:
    """What the page of advice holds, as a browser would send it."""
    boxes = re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', page.html, re.DOTALL
    )
    return dict(boxes)


def keep(someone: Person, go: str = "keep", **fields: Any) -> Opened:
    page = someone.open(ADVICE)
    return someone.post(ADVICE, **{**typed(page), **fields, "go": go})


def verdict(about: str, code: str, text: str) -> Fields:
    return {f"verdict-{about}": code, f"advice-{about}": text}


def send_all(someone: Person, address: str) -> Opened:
    """Read each thing, tick it, and send it."""
    page = someone.open(address)
    read = re.findall(r'name="read" id="[^"]+" value="([^"]+)"', page.html)
    return someone.post(address, read=read, go="send")


def test_what_was_typed_is_kept_and_drafted_from_the_flag_and_its_measures(someone: Person) -> None:
    page = someone.be("dpo").open(ADVICE)
    assert "decisions only you can make" in page.text
    assert "Before it goes ahead: meet the duty of confidence; take legal advice." in page.html
    page = keep(someone, **verdict(STOP, "improve", f" {CANARY} <b>\n"), advice="Half a th")
    assert "Kept as a draft. Only you see it." in page.text
    assert f" {CANARY} &lt;b&gt;" in page.html
    assert "Half a th" in page.html
    assert re.search(rf'id="verdict-{STOP}-improve"[^>]* checked', page.html)
    assert f"{AT}/advice" in someone.open("/queue").html


def test_what_is_being_typed_is_kept_by_itself(someone: Person) -> None:
    page = someone.be("dpo").open(ADVICE)
    token = page.read.hidden["csrf_token"][0]
    address = re.search(r'data-autosave="([^"]+)"', page.html)
    assert address
    data = {"csrf_token": token, "advice": f"{CANARY} and", "other": QUESTION}
    answer = someone.client.post(address[1], data=data, headers={"Accept": "application/json"})
    assert set(answer.get_json()) == {"saved_at", "versions"}
    page = someone.open(ADVICE)
    assert f"{CANARY} and" in page.html
    assert f'id="{QUESTION}-title"' not in page.html


def test_nothing_is_sent_before_each_part_was_read_and_ticked(someone: Person) -> None:
    someone.be("dpo")
    said = {**verdict(STOP, "improve", "Say how."), "advice": "Go on.", "proceed": "conditions"}
    page = keep(someone, "send", **said)
    assert page.path == SEND
    assert "Say how." in page.text
    page = someone.post(SEND, read=[STOP], go="send")
    assert page.find("Read this and tick it")
    keep(someone, **{**said, "advice": "Stop."})
    someone.page = page
    page = someone.post(SEND, read=[STOP, "advice"], go="send")
    assert page.find("The draft was changed meanwhile. Read it again")
    assert someone.be("lead").open(ADVICE).text.count("No advice has been given yet") == 1
    someone.be("dpo")
    assert "Your advice is sent" in send_all(someone, SEND).text
    assert "Stop." in someone.be("lead").open(ADVICE).text


@pytest.mark.parametrize("go", ["send", "back"])
def test_what_is_missing_is_asked_for_and_what_was_typed_stays(someone: Person, go: str) -> None:
    someone.be("dpo")
    page = keep(someone, go, **verdict(STOP, "must_correct", " "), advice=" ")
    assert page.read.title.startswith("Error:")
    assert page.find("Say what has to change")
    assert bool(page.find("Write your advice as a whole")) == (go == "send")
    assert re.search(rf'id="verdict-{STOP}-must_correct"[^>]* checked', page.html)
    assert someone.open(SEND).path == ADVICE


def test_a_question_and_a_section_are_judged_as_well(someone: Person) -> None:
    someone.be("dpo")
    page = someone.open(ADVICE)
    section = re.search(r'<option value="(dpia:[\w-]+)">All of', page.html)
    assert section
    page = keep(someone, "add", other=QUESTION)
    assert f'id="{QUESTION}-title"' in page.html
    page = keep(someone, "add", other=section[1])
    assert f'id="{section[1]}-title"' in page.html
    keep(someone, "back", **verdict(section[1], "improve", "Say it more simply."))
    page = send_all(someone, f"{SEND}?only=back")
    assert "Sent back: 1 matter." in page.text
    assert "What you sent back" in page.text
    assert "Say it more simply." in someone.be("lead").open(f"{AT}/sent-back").text


def test_what_is_sent_back_is_a_task_of_the_lead_and_is_seen_again(someone: Person) -> None:
    someone.be("dpo")
    keep(someone, "add", other=QUESTION)
    keep(someone, "back", **verdict(QUESTION, "must_correct", "Name a less intrusive way."))
    send_all(someone, f"{SEND}?only=back")
    someone.be("lead")
    for where in (AT, f"{AT}/stages/dpia"):
        page = someone.open(where)
        assert "Name a less intrusive way." in page.text
    assert "1 thing was sent back to you." in page.text
    page = someone.follow("Must be corrected")
    assert page.path == f"{AT}/sent-back"
    assert f"#{QUESTION}" in page.html
    page = someone.post(page.path, about=QUESTION)
    assert page.find("Say in a few words what was done")
    page = someone.post(page.path, about=QUESTION, **{f"words-{QUESTION}": "Added <i>two</i>."})
    assert "They look at it again." in page.text
    assert "Added <i>two</i>." in page.text
    assert "Name a less intrusive way." not in someone.open(AT).text
    someone.be("signatory")
    held = someone.open(f"{AT}/stages/dpia/close").text
    assert "Not yet corrected: what was sent back" in held
    someone.be("dpo")
    assert "Look again" in someone.open("/queue").text
    page = someone.open(ADVICE)
    assert "Added <i>two</i>." in page.text
    someone.post(f"{AT}/sent-back/content", about=QUESTION)
    assert (
        "Not yet corrected: what was sent back" not in someone.open(f"{AT}/stages/dpia/close").text
    )
    someone.post(f"{AT}/sent-back/content", 404, about=QUESTION)


def test_an_officer_does_not_say_that_it_is_done_and_a_lead_is_not_content(someone: Person) -> None:
    someone.be("dpo")
    keep(someone, "add", other=QUESTION)
    keep(someone, "back", **verdict(QUESTION, "improve", "Shorter."))
    send_all(someone, f"{SEND}?only=back")
    said = {"about": QUESTION, f"words-{QUESTION}": "Done."}
    someone.post(f"{AT}/sent-back", 403, **said)
    someone.be("lead").open(f"{AT}/sent-back")
    someone.post(f"{AT}/sent-back/content", 403, about=QUESTION)
    someone.open(SEND, 403)
    someone.open(f"{AT}/sent-back")
    someone.post(f"{AT}/sent-back", 404, about="R999", **{"words-R999": "Done."})


def test_since_they_last_looked_a_reviewer_sees_answers_and_flags_in_one_list(
    someone: Person,
) -> None:
    someone.be("dpo")
    assert "Since you last looked" not in someone.open(ADVICE).text
    keep(someone)
    assert "No answer, flag or statement of law has changed." in someone.open(f"{AT}/report").text
    someone.be("lead").open(f"{AT}/idea/start")
    someone.post(f"{AT}/idea/start", **{"project.title": "A clearer name", "go": "on"})
    someone.be("dpo")
    for where in (ADVICE, f"{AT}/report"):
        page = someone.open(where)
        assert "Since you last looked, today" in page.text
        assert "A clearer name" in page.html.split("Since you last looked", 1)[1]
    assert "Since you last looked" not in someone.be("lead").open(f"{AT}/report").text


def test_a_draft_reaches_nobody_before_it_is_sent(someone: Person) -> None:
    """No page, list, file or email of anybody else holds a word of it."""
    someone.be("dpo")
    keep(
        someone,
        **verdict(STOP, "must_correct", f"{CANARY} one"),
        advice=f"{CANARY} two",
        proceed="no",
    )
    places = ["", "/advice", "/report", "/decisions", "/history", "/comments", "/sent-back"]
    places += ["/stages/dpia", "/stages/dpia/check", "/stages/dpia/close", "/dpia/advice"]
    people: list[str | Actor] = ["lead", "ig_lead", "party", "security", "signatory"]
    seen = 0
    for who in [*people, *_others(someone.app)]:
        _become(someone, who)
        for path in ("/queue", "/projects", "/projects/times", *(f"{AT}{each}" for each in places)):
            answer = someone.client.get(path)
            seen += answer.status_code == 200
            assert CANARY not in answer.get_data(as_text=True), (who, path)
        for output in ("dpia", "risk_report", "board_summary"):
            answer = someone.client.get(f"{AT}/documents/{output}.docx")
            if answer.status_code == 200:
                assert CANARY not in _inside(answer.data), (who, output)
                seen += 1
    assert seen > 120
    with someone.app.app_context():
        kept = someone.app.extensions["fingerpost"].engine
        with kept.connect() as conn:
            told = conn.exec_driver_sql("SELECT * FROM mail").all()
    assert CANARY not in repr(told)
    someone.be("dpo")
    send_all(someone, f"{SEND}?only=back")
    someone.be("lead")
    assert f"{CANARY} one" in someone.open(f"{AT}/sent-back").text
    assert f"{CANARY} two" not in someone.open(ADVICE).text


def test_measures_for_which_nobody_is_responsible_are_named_where_the_risk_is_accepted(
    someone: Person,
) -> None:
    someone.be("lead")
    page = someone.open(f"{AT}/flags/{FLAG}/accept")
    radios = re.findall(r'name="(risks[^"]+)" [^>]*value="([^"]+)"[^>]* checked', page.html)
    someone.post(f"{AT}/flags/{FLAG}/accept", **{**typed(page), **dict(radios)})
    someone.be("signatory")
    page = someone.open(f"{AT}/decisions/risk_accepted")
    assert "No organisation is named for the measures of:" in page.text


def test_an_officer_of_another_organisation_is_told_who_advises_first(someone: Person) -> None:
    first = "Somebody else advises first."
    assert first not in someone.be("dpo").open(ADVICE).text
    officer = next(each for each in _others(someone.app) if each.role == "dpo")
    _become(someone, officer)
    assert first in someone.open(ADVICE).text
    assert "London Borough of Carnmere, which leads, advises first." in someone.open(AT).text


def _others(app: Flask) -> list[Actor]:
    """People of another organisation that takes part, its data protection officer among them."""
    with write(app.extensions["fingerpost"].engine) as conn:
        name, at = "London Borough of Ivermere", datetime(2026, 11, 22, 9, tzinfo=UTC)
        where = select(organisation.c.id).where(organisation.c.name == name)
        id_ = conn.execute(where).scalar_one()
        subject = select(project.c.id).where(project.c.reference == "FP-0001")
        party = {"project_id": conn.execute(subject).scalar_one(), "organisation_id": id_}
        conn.execute(insert(project_party), {**party, "since": at})
        found = []
        for role in ("dpo", "ig_lead", "siro", "signatory"):
            person = add_person(conn, f"The other {role}", f"{role}@ivermere.example", at)
            take_in(conn, person, id_, role, at)
            found.append(Actor(person, f"The other {role}", role, id_, name))
    return found


def _become(someone: Person, who: str | Actor) -> None:
    if isinstance(who, str):
        someone.be(who)
        return
    with someone.client.session_transaction() as kept:
        kept["person"] = str(who.person_id)
        kept["organisation"] = str(who.organisation_id)
        kept["role"] = who.role


def _inside(word: bytes) -> str:
    with ZipFile(BytesIO(word)) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())

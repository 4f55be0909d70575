"""Accept, join, dismiss, lift, advise, close and sign: each by whose act it is, on their own copy."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.settings import Settings
from app.wsgi import create_app
from tests.web.conftest import Opened, Person

AT = "/projects/FP-0001"
Fields = dict[str, Any]
STOP = "R10"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Flask:
    """A product of our own: what is done here is seen by no other test."""
    database = tmp_path_factory.mktemp("acts") / "fingerpost.sqlite3"
    settings = Settings(
        secret_key="only-for-tests-0123456789-abcdefghijkl",  # noqa: S106
        fingerpost_content=repository,
        database_url=f"sqlite:///{database}",
        trusted_hosts=("localhost",),
    )
    app = create_app(settings, demonstration=True)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


def flags(someone: Person, reference: str = "FP-0001", show: str = "all") -> list[str]:
    """The flags shown whole."""
    html = someone.open(f"/projects/{reference}/report?show={show}").html
    return re.findall(r'<article class="fp-flag" id="flag-([^"]+)"', html)


def words(someone: Person, flag: str, show: str = "all") -> str:
    """What the report says of a flag."""
    html = someone.open(f"{AT}/report?show={show}").html
    article = html.split(f'id="flag-{flag}"', 1)[1].split("</article>", 1)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", article).split())


# Dismissing


def test_a_flag_is_dismissed_with_a_reason_that_the_report_shows(someone: Person) -> None:
    someone.be("lead")
    someone.open(f"{AT}/flags/R27/dismiss")
    someone.post(f"{AT}/flags/R27/dismiss", reason="<b>Every</b> child has an advocate.")
    assert "Dismissed. It comes back" in someone.page.text
    assert "R27" not in flags(someone)
    assert "Dismissed by The project lead" in words(someone, "R27", "answered")
    assert "&lt;b&gt;Every&lt;/b&gt; child has an advocate." in words(someone, "R27", "answered")
    document = someone.open(f"{AT}/documents/risk_report").text
    assert "<b>Every</b> child has an advocate." in document


def test_a_dismissal_without_a_reason_is_asked_for_one(someone: Person) -> None:
    someone.be("lead")
    someone.open(f"{AT}/flags/R96/dismiss")
    page = someone.post(f"{AT}/flags/R96/dismiss", reason="  ")
    assert page.read.title.startswith("Error:")
    assert page.find("Write a reason")
    assert "R96" in flags(someone)


def test_a_reason_that_is_too_long_is_kept_and_refused(someone: Person) -> None:
    someone.be("lead")
    someone.open(f"{AT}/flags/R96/dismiss")
    page = someone.post(f"{AT}/flags/R96/dismiss", reason="because " * 600)
    assert "Use 4,000 characters or fewer" in page.text
    assert "because because" in page.html


@pytest.mark.parametrize("role", ["lead", "ig_lead", "dpo", "signatory"])
def test_nobody_can_dismiss_a_stop(someone: Person, role: str) -> None:
    someone.be(role)
    page = someone.open(f"{AT}/flags/{STOP}/dismiss", 403)
    assert "A data protection officer can lift it" in page.text
    someone.open(f"{AT}/report")
    assert f"/flags/{STOP}/dismiss" not in someone.page.html


@pytest.mark.parametrize("role", ["dpo", "signatory"])
def test_who_does_not_run_the_project_cannot_dismiss_its_flags(someone: Person, role: str) -> None:
    someone.be(role)
    page = someone.open(f"{AT}/flags/R54/dismiss", 403)
    assert "project lead or the information governance lead dismisses" in page.text


def test_a_flag_that_is_not_raised_has_no_page(someone: Person) -> None:
    someone.be("lead")
    for act in ("dismiss", "lift", "accept", "join"):
        someone.open(f"{AT}/flags/R99999/{act}", 404)


# Accepting


def test_a_flag_is_accepted_as_a_filled_risk_with_measures_as_actions(someone: Person) -> None:
    someone.be("lead")
    before = _risks(someone)
    page = someone.open(f"{AT}/flags/R54/accept")
    typed = _proposed(page)
    assert {name.rpartition("/")[2] for name in typed} == {
        "title",
        "source",
        "likelihood",
        "severity",
    }
    measures = re.findall(r'name="measure" type="checkbox" value="(\w+)"', page.html)
    assert measures
    someone.post(f"{AT}/flags/R54/accept", **typed, measure=measures)
    assert someone.page.path == f"{AT}/actions"
    assert "give each an owner and a date" in someone.page.text
    assert _risks(someone) == before + 1
    assert "Accepted as" in words(someone, "R54")
    assert f"{AT}/flags/R54/accept" not in someone.page.html


def test_on_another_scale_the_rating_is_asked_afresh(someone: Person) -> None:
    someone.be("lead").open(f"{AT}/dpia/register")
    someone.post(f"{AT}/dpia/register", **{"risks.matrix": "cnil_4x4"})
    page = someone.open(f"{AT}/flags/R50/accept")
    asked = {name.rpartition("/")[2] for name in re.findall(r'name="(risks[^"]*)"', page.html)}
    assert asked == {"title", "source", "harm", "likelihood_four", "severity_four"}
    assert {name.rpartition("/")[2] for name in _proposed(page)} == {"title", "source"}
    someone.open(f"{AT}/dpia/register")
    someone.post(f"{AT}/dpia/register", **{"risks.matrix": "ico_3x3"})


def test_accepting_twice_makes_one_risk(someone: Person) -> None:
    someone.be("lead")
    page = someone.open(f"{AT}/flags/R40/accept")
    fields = _proposed(page)
    someone.post(f"{AT}/flags/R40/accept", **fields)
    once = _risks(someone)
    someone.page = page
    someone.post(f"{AT}/flags/R40/accept", **fields)
    assert _risks(someone) == once


def test_a_text_that_cannot_be_read_is_kept_with_its_error(someone: Person) -> None:
    someone.be("lead")
    page = someone.open(f"{AT}/flags/R50/accept")
    before = _risks(someone)
    someone.page = page
    fields: Fields = {name: "x" * 400 for name in _proposed(page) if name.endswith("/title")}
    page = someone.post(f"{AT}/flags/R50/accept", **fields)
    assert page.read.title.startswith("Error:")
    assert "x" * 400 in page.html
    assert _risks(someone) == before


def test_a_flag_joins_a_risk_and_adds_its_cause(someone: Person) -> None:
    someone.be("ig_lead")
    someone.open(f"{AT}/flags/R50/join")
    page = someone.post(f"{AT}/flags/R50/join")
    assert page.find("Choose the risk it belongs to")
    before = _risks(someone)
    someone.open(f"{AT}/flags/R50/join")
    someone.post(f"{AT}/flags/R50/join", risk="1")
    assert "Joined to the risk" in someone.page.text
    assert _risks(someone) == before
    assert "Accepted as" in words(someone, "R50")
    someone.open(f"{AT}/history?of=risks.register")
    assert "The information governance lead" in someone.page.text


def test_a_row_key_that_the_page_never_made_is_refused(someone: Person) -> None:
    someone.be("lead")
    page = someone.open(f"{AT}/flags/R50/accept")
    del page.read.hidden["row"]
    someone.client.get(f"{AT}/report")
    token = page.read.hidden["csrf_token"][0]
    answer = someone.client.post(
        f"{AT}/flags/R50/accept", data={"csrf_token": token, "row": "1/../../x"}
    )
    assert answer.status_code == 400


def _risks(someone: Person) -> int:
    html = someone.open(f"{AT}/report").html
    table = html.split("What reduces it</th>", 1)[1].split("</table>", 1)[0]
    return table.count('scope="row"')


INPUT = r'<input class="govuk-input[^>]* name="(risks.register/[^"]*)"[^>]*value="([^"]*)"'
TEXTAREA = r'<textarea[^>]* name="(risks.register/[^"]*)"[^>]*>\n([^<]*)</textarea>'
RADIO = r'name="(risks.register/[^"]*)" type="radio" value="(\w+)" checked'


def _proposed(page: Opened) -> Fields:
    """What the form proposes, by the names it posts."""
    return {
        name: unescape(value)
        for pattern in (INPUT, TEXTAREA, RADIO)
        for name, value in re.findall(pattern, page.html)
        if value
    }


# Advice


def test_a_dpo_advises_and_everybody_reads_it(someone: Person) -> None:
    someone.be("dpo")
    page = someone.open(f"{AT}/advice")
    assert "You advise. You do not decide." in page.text
    fields: Fields = {
        "advice": "Go ahead under two conditions.",
        "proceed": "conditions",
        f"verdict-{STOP}": "must_correct",
        f"advice-{STOP}": "Record how confidence is met.",
    }
    page = someone.post(f"{AT}/advice", **fields)
    assert page.path == f"{AT}/advice/send"
    someone.post(page.path, read=[STOP, "advice"])
    assert "Your advice is sent" in someone.page.text
    assert "It has answered the questions about advice too" in someone.page.text
    page = someone.open(f"{AT}/dpia/advice")
    assert "Go ahead under two conditions." in page.html
    assert re.search(r'value="conditions"[^>]* checked', page.html)
    someone.be("lead")
    page = someone.open(f"{AT}/advice")
    for said in (
        "Go ahead under two conditions.",
        "Must correct before I advise",
        "how confidence is met",
    ):
        assert said in page.text
    assert "Go ahead under two conditions." in someone.open(f"{AT}/documents/dpia").text


def test_advice_without_words_is_asked_for_them(someone: Person) -> None:
    someone.be("dpo")
    someone.open(f"{AT}/advice")
    fields: Fields = {"advice": "", f"verdict-{STOP}": "improve", f"advice-{STOP}": ""}
    page = someone.post(f"{AT}/advice", **fields)
    assert page.find("Write your advice as a whole")
    assert page.find("Say what has to change")
    assert page.find("Say whether your advice is to go ahead")


def test_only_a_dpo_gives_this_advice(someone: Person) -> None:
    someone.be("lead")
    page = someone.open(f"{AT}/advice")
    assert "<textarea" not in page.html
    someone.open("/queue")
    page = someone.post(f"{AT}/advice", 403, advice="I advise myself.")
    assert "The data protection officer gives this advice, not the project lead" in page.text


# Stages and signatures


def test_a_stage_says_what_holds_it_up_and_whose_act_closing_is(someone: Person) -> None:
    someone.be("lead")
    page = someone.open(f"{AT}/stages/dpia/close")
    assert "What holds it up" in page.text
    assert "The signatory of the organisation that leads closes this stage" in page.text
    assert "Not decided yet: “Measures approved” and “Remaining risk accepted”" in page.text
    assert "Close this stage" not in page.text


def test_closing_by_somebody_else_is_refused_with_whose_act_it_is(someone: Person) -> None:
    someone.be("lead")
    someone.open("/queue")
    page = someone.post(f"{AT}/stages/dpia/close", 403)
    assert "The signatory closes this stage, not the project lead" in page.text


def test_a_stage_that_is_held_up_is_not_closed(someone: Person) -> None:
    someone.be("signatory")
    someone.open("/queue")
    page = someone.post(f"{AT}/stages/dpia/close", 409)
    assert "Something still holds this stage up" in page.text


def test_a_later_stage_waits_for_the_one_before(someone: Person) -> None:
    someone.be("signatory")
    page = someone.open(f"{AT}/stages/sharing_agreement/close")
    assert "The stage “DPIA” comes first" in page.text


def test_a_stage_of_another_route_or_that_signs_nothing_has_no_page(someone: Person) -> None:
    someone.be("signatory")
    someone.open(f"{AT}/stages/short_record/close", 404)
    someone.open(f"{AT}/stages/dpia/sign", 404)


SIGNED = "/projects/FP-0002/stages/sharing_agreement"


def test_signing_covers_what_was_shown_and_then_the_stage_may_close(someone: Person) -> None:
    someone.be("lead")
    page = someone.open(f"{SIGNED}/sign")
    assert "signatory of each organisation signs" in page.text
    someone.open("/queue")
    assert "not the project lead" in someone.post(f"{SIGNED}/sign", 403, agree="yes").text

    someone.be("signatory")
    someone.open("/queue")
    assert "Something still holds" in someone.post(f"{SIGNED}/close", 409).text
    page = someone.open(f"{SIGNED}/sign")
    assert page.find("Read the document")
    refused = someone.post(f"{SIGNED}/sign")
    assert refused.find("Tick the box to say that you sign")
    refused = someone.post(f"{SIGNED}/sign", seal="0" * 64, agree="yes")
    assert "has changed since" in refused.text
    someone.open(f"{SIGNED}/sign")
    someone.post(f"{SIGNED}/sign", agree="yes")
    assert "Signed for London Borough of Carnmere" in someone.page.text
    assert "Not signed yet, and not bound before they sign" in someone.page.text
    someone.post(f"{SIGNED}/close")
    assert "Closed: Sharing agreement" in someone.page.text
    assert "Closed by The signatory" in someone.open(f"{SIGNED}/close").text


def test_the_short_route_signs_the_condensed_agreement(someone: Person) -> None:
    someone.be("signatory")
    page = someone.open("/projects/FP-0003/stages/short_record/sign")
    document = someone.open(page.link("Read the document"))
    assert document.read.headings[0][1] == "Condensed information sharing agreement"


def test_only_a_dpo_lifts_a_stop_and_every_document_prints_the_reason(someone: Person) -> None:
    someone.be("lead")
    page = someone.open(f"{AT}/flags/{STOP}/lift", 403)
    assert "The data protection officer lifts a stop, not the project lead" in page.text
    someone.be("dpo")
    someone.open(f"{AT}/flags/{STOP}/lift")
    someone.post(f"{AT}/flags/{STOP}/lift", reason="Section 251 support was granted.")
    assert "Lifted by The data protection officer" in words(someone, STOP, "answered")
    assert STOP not in flags(someone, show="stops")
    for output in ("risk_report", "dpia", "ethics", "statement_of_intent", "sharing_agreement"):
        document = someone.open(f"{AT}/documents/{output}").text
        assert "Section 251 support was granted." in document, output
    assert "Confidence not met" not in someone.open(f"{AT}/stages/dpia/close").text

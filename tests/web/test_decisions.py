"""The page of decisions and advice, and doing an act on it."""

from tests.web.conftest import Person

AT = "/projects/FP-0001/decisions"


def test_a_project_leads_to_its_decisions_and_each_says_whose_it_is(someone: Person) -> None:
    someone.be("lead").open("/projects/FP-0001")
    page = someone.follow("Decisions and advice")
    assert "Remaining risk accepted" in page.text
    assert "for each controller" in page.text
    assert "Do it now" not in page.text
    someone.open(f"{AT}/risk_accepted", 403)
    someone.open(f"{AT}/no_such_act", 404)


def test_what_has_to_come_first_is_said_and_not_offered(someone: Person) -> None:
    page = someone.be("signatory").open(AT)
    assert "The advice of the data protection officer comes first." in page.text
    someone.open(f"{AT}/advice_followed", 409)


def test_the_owner_of_the_review_has_to_be_named(someone: Person) -> None:
    someone.be("ig_lead").open(f"{AT}/review_owner")
    page = someone.post(f"{AT}/review_owner", words="")
    assert page.find("Say it in a few words")
    page = someone.post(f"{AT}/review_owner", words="The head of housing, <b>Carnmere</b>")
    assert "The head of housing, <b>Carnmere</b>" in page.text
    assert "<b>Carnmere" not in page.html


def test_whoever_accepts_the_risk_sees_what_is_only_theirs(someone: Person) -> None:
    page = someone.be("signatory").open(f"{AT}/risk_accepted")
    assert "Only yours: London Borough of Carnmere" in page.text
    assert "Legal routes" in page.text
    assert "Responsible party: London Borough of Carnmere." in page.text
    assert "No organisation is named" not in page.text
    page = someone.post(f"{AT}/risk_accepted", words="")
    assert "Do it again" in page.text
    assert "The signatory, London Borough of Carnmere" in page.text
    preview = someone.open("/projects/FP-0001/documents/dpia").text
    assert "Remaining risk accepted" in preview


def test_whoever_accepts_the_risk_has_the_risks_and_what_is_not_settled_before_them(
    someone: Person,
) -> None:
    page = someone.be("signatory").open(f"{AT}/risk_accepted").text
    assert "What remains after the measures" in page
    assert "1. The wrong household is called Medium Low" in page
    assert "Not settled yet Confidence not met" in page
    chosen = someone.open(f"{AT}/views_considered").text
    assert "What remains after the measures" not in chosen
    view = someone.be("ig_lead").open(f"{AT}/ethics_view").text
    assert "Tolerances reached People may be identified directly" in view


def test_the_advice_stands_among_the_acts_and_is_written_from_there(someone: Person) -> None:
    page = someone.be("dpo").open(AT)
    assert page.text.index("Advice of the data protection officer") < page.text.index(
        "Measures approved"
    )
    assert "Not given yet." in page.text
    assert someone.follow("Write your advice: Advice of the data protection officer").path == (
        "/projects/FP-0001/advice"
    )
    assert "Write your advice" not in someone.be("lead").open(AT).text

"""Comments as a page: who reads them is chosen before they are sent."""

import re

from tests.web.conftest import Person

AT = "/projects/FP-0001/comments"


def test_a_comment_is_not_sent_before_somebody_said_who_reads_it(someone: Person) -> None:
    someone.be("lead").open(AT)
    page = someone.post(AT, words="Is flow 4 needed?")
    assert page.find("Choose who will read it")
    assert "Is flow 4 needed?" in page.html
    page = someone.post(AT, words="Is flow 4 needed?", audience="ours")
    assert "Only your organisation reads it." in page.html
    assert "Is flow 4 needed?" in page.text
    assert "Only London Borough of Carnmere reads this" in page.text


def test_legal_advice_stays_in_the_organisation(someone: Person) -> None:
    someone.be("dpo").open(AT)
    page = someone.post(AT, words="Counsel says no.", audience="all", privileged="yes")
    assert page.find("What is privileged stays in your organisation")
    page = someone.post(AT, words="Counsel says no.", audience="ours", privileged="yes")
    assert "Privileged. Only London Borough of Carnmere reads this." in page.text


def test_a_question_waits_in_the_queue_of_whom_it_asks_until_it_is_settled(someone: Person) -> None:
    page = someone.be("lead").open(AT)
    whom = re.search(r'<option value="([^"]+)"[^>]*>The data protection officer', page.html)
    assert whom
    someone.post(AT, words="May we send arrears?", audience="all", **{"for": whom[1]})
    page = someone.be("dpo").open("/queue")
    assert "Questions for you" in page.text
    page = someone.follow("May we send arrears?")
    assert "Asks The data protection officer" in page.text
    comments = re.findall(r'name="comment" value="([^"]+)"', page.html)
    assert comments
    someone.post(f"{AT}/settled", comment=comments[-1])
    assert "Settled by The data protection officer" in someone.open(AT).text
    assert "Questions for you" not in someone.open("/queue").text


def test_words_are_shown_as_they_were_typed(someone: Person) -> None:
    someone.be("lead").open(AT)
    page = someone.post(AT, words="<script>alert(1)</script> & more", audience="ours")
    assert "<script>alert(1)</script> & more" in page.text
    assert "<script>alert" not in page.html


def test_a_page_of_questions_leads_to_what_was_said_about_it(someone: Person) -> None:
    someone.be("lead").open("/projects/FP-0001/concept_review/about-people")
    url = someone.page.link("Comments on this page")
    someone.open(url)
    someone.post(url, words="Who is missing here?", audience="all")
    assert "Who is missing here?" in someone.open(AT).text
    assert "Who is missing here?" in someone.open(url).text
    assert "Who is missing here?" not in someone.open(f"{AT}?about=R10").text
    someone.open(AT)
    assert someone.follow("“").path == "/projects/FP-0001/concept_review/about-people"


def test_what_is_not_there_is_not_settled(someone: Person) -> None:
    someone.be("lead").open(AT)
    someone.post(f"{AT}/settled", 404, comment="nothing")
    someone.open(AT)
    someone.post(f"{AT}/settled", 404, comment="00000000-0000-4000-8000-000000000000")

"""Comments as a page: who reads them is chosen before they are sent."""

import re
from html import unescape
from uuid import uuid4

from sqlalchemy import select

from app.store.accounts import mail
from app.store.database import read
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
    assert "Asked or said to you" in page.text
    page = someone.follow("May we send arrears?")
    assert "Asks The data protection officer" in page.text
    comments = re.findall(r'name="comment" value="([^"]+)"', page.html)
    assert comments
    someone.post(f"{AT}/settled", comment=comments[-1])
    assert "Settled by The data protection officer" in someone.open(AT).text
    # Tests share the product, and others may have said something to the same officer.
    assert "May we send arrears?" not in someone.open("/queue").text


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


def test_what_answers_no_comment_that_one_reads_is_not_said_to_anybody(someone: Person) -> None:
    someone.be("lead").open(AT)
    page = someone.post(AT, words="Whom shall we ask?", audience="ours")
    own = max(re.findall(r"answers=([0-9a-f-]{36})", page.html), key=page.html.rfind)
    someone.open(f"{AT}?answers={own}")
    someone.post(f"{AT}?answers={own}", words="Between us.", audience="ours")
    elsewhere = "/projects/FP-0002/comments"
    for address in (f"{elsewhere}?answers={own}", f"{AT}?answers={uuid4()}", f"{AT}?answers=x"):
        someone.open(AT)
        someone.post(address, 404, words="It would go astray.", audience="all")
        someone.open(address, 404)
    for path in (AT, elsewhere):
        assert "It would go astray." not in someone.open(path).text


def test_what_is_not_there_is_not_settled(someone: Person) -> None:
    someone.be("lead").open(AT)
    someone.post(f"{AT}/settled", 404, comment="nothing")
    someone.open(AT)
    someone.post(f"{AT}/settled", 404, comment="00000000-0000-4000-8000-000000000000")


DPO = "The data protection officer"


def letters(someone: Person) -> list[tuple[str, str]]:
    """To whom a mention was mailed, and what it says."""
    with read(someone.app.extensions["fingerpost"].engine) as conn:
        found = select(mail.c.recipient, mail.c.body).where(mail.c.letter == "mentioned")
        return [(row.recipient, row.body) for row in conn.execute(found)]


def test_whoever_is_mentioned_is_told_and_sees_it_marked_until_it_was_read(someone: Person) -> None:
    someone.be("lead").open(AT)
    before = len(letters(someone))
    words = f"A secret of ours, @{DPO}, is flow 9"
    page = someone.post(AT, words=words, audience="ours")
    assert f"{DPO} will be told." in page.html
    assert f'<strong class="fp-named">@{DPO}</strong>, is flow 9' in page.html
    ((whom, body),) = letters(someone)[before:]
    assert whom == "dpo@demo.invalid"
    assert "mentions you in a comment" in body
    assert "secret" not in body
    page = someone.be("dpo").open("/queue")
    assert "Mentions you" in page.text
    someone.follow("A secret of ours")
    assert f'<mark class="fp-named">@{DPO}</mark>' in someone.page.html
    assert "Mentions you." in someone.page.text
    thread = re.findall(r'name="read" value="([^"]+)"', someone.page.html)[-1]
    page = someone.post(f"{AT}/settled", read=thread)
    assert "It waits for you no longer." in page.html
    assert "A secret of ours" in page.text
    assert "A secret of ours" not in someone.open("/queue").text


def test_a_name_that_mentions_nobody_is_told_and_what_was_typed_stays(someone: Person) -> None:
    someone.be("lead").open(AT)
    before = len(letters(someone))
    page = someone.post(AT, words="@The data, is it?", audience="ours")
    assert page.find("“@The” names nobody who will read this. Write @")
    assert "@The data, is it?" in page.html
    assert len(letters(someone)) == before


def test_those_who_can_be_mentioned_stand_on_the_page_as_they_are_written(someone: Person) -> None:
    page = someone.be("lead").open(AT)
    names = [unescape(each) for each in re.findall(r'data-mention="([^"]+)"', page.html)]
    assert DPO in names
    assert "The LOTI editor" not in names
    assert len(names) == len(set(names))
    someone.post(AT, words=" ".join(f"@{each}" for each in names), audience="all")
    assert "needs another look" not in someone.page.text


def test_what_stands_around_a_mention_is_escaped(someone: Person) -> None:
    someone.be("lead").open(AT)
    page = someone.post(AT, words="<b>@The signatory<script>x</script>", audience="ours")
    named = (
        '&lt;b&gt;<strong class="fp-named">@The signatory</strong>&lt;script&gt;x&lt;/script&gt;'
    )
    assert named in page.html


def test_a_comment_is_about_one_question_and_leads_to_it(someone: Person) -> None:
    page = "/projects/FP-0001/concept_review/about-people"
    someone.be("lead").open(page)
    url = someone.page.link("Comments on this page")
    someone.open(url)
    question = re.search(r'<option value="(data\.[a-z_]+)"', someone.page.html)
    assert question
    someone.post(url, words="Is that all of them?", audience="all", question=question[1])
    assert "Is that all of them?" in someone.open(url).text
    on_it = someone.open(f"{AT}?about={question[1]}")
    assert "Comments on “" in on_it.text
    assert "Is that all of them?" in on_it.text
    assert on_it.link("Back to").startswith(page)
    assert "Is that all of them?" not in someone.open(f"{AT}?about=R10").text


def test_what_is_sent_twice_is_said_and_mailed_once(someone: Person) -> None:
    someone.be("lead").open(AT)
    hidden = {name: values[-1] for name, values in someone.page.read.hidden.items()}
    words = "Sent by a double click, @The data protection officer"
    data = {**hidden, "words": words, "audience": "all"}
    before = len(letters(someone))
    assert [someone.client.post(AT, data=data).status_code for _ in range(2)] == [302, 302]
    assert someone.open(AT).text.count("Sent by a double click") == 1
    assert len(letters(someone)) == before + 1

"""The risk report on screen: what stops, what is unknown, and from any flag the answer behind it."""

import re
from functools import partial

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.looking import open_window
from tests.web.conftest import Person

PROJECTS = ("FP-0001", "FP-0002", "FP-0003")
REPORT = "/projects/FP-0001/report"
A4_BELOW_ITS_MARGINS = 1047
A4_BETWEEN_ITS_MARGINS = 718


@pytest.mark.parametrize("reference", PROJECTS)
@pytest.mark.parametrize("role", ["lead", "ig_lead", "dpo", "signatory"])
def test_everybody_can_open_the_report_of_every_sample(
    someone: Person, reference: str, role: str
) -> None:
    someone.be(role)
    page = someone.open(f"/projects/{reference}/report")
    assert page.read.title.startswith("Risk report")
    assert "What happens next" in page.text


def test_the_report_says_on_which_release_and_answers_it_rests(someone: Person) -> None:
    assert re.search(
        r"Release 1 \([0-9a-f]{12}\)\. Content [0-9a-f]{12}\.", someone.open(REPORT).text
    )


def test_every_flag_shows_its_answers_with_who_gave_each_and_when(someone: Person) -> None:
    articles = someone.open(REPORT).html.split('<article class="fp-flag"')[1:]
    assert articles
    for article in articles:
        for words in ("Raised because", "Answers behind it", "Source", "Law confirmed"):
            assert words in article
        assert re.search(r"The [a-z ]+, \d+ \w+ 20\d\d", article)


def test_from_a_flag_one_click_leads_to_the_answer_and_one_to_its_history(someone: Person) -> None:
    links = someone.open(REPORT).read.links
    answers = [
        link.url for link in links if link.url.startswith("/projects/FP-0001/") and "#" in link.url
    ]
    pasts = [link.url for link in links if "/history?of=" in link.url]
    assert pasts
    for address in {*pasts[:3], *(url.split("#", maxsplit=1)[0] for url in answers[:6])}:
        someone.open(address)


@pytest.mark.parametrize(
    ("show", "every"),
    [("stops", "Stops"), ("high", "High"), ("tolerances", "Ethics"), ("medium", "Medium")],
)
def test_a_filter_shows_as_many_flags_as_it_says_and_lists_the_others(
    someone: Person, show: str, every: str
) -> None:
    someone.open(REPORT)
    link = someone.page.find(every)
    assert link
    number = int(link.words.rsplit(maxsplit=1)[1])
    page = someone.open(f"{REPORT}?show={show}")
    assert page.html.count('<article class="fp-flag"') == number
    everything = someone.open(REPORT).html.count('<article class="fp-flag"')
    if number < everything:
        assert f"{everything - number} more flag" in page.text


def test_a_filter_nobody_knows_shows_everything(someone: Person) -> None:
    everything = someone.open(REPORT).html.count('<article class="fp-flag"')
    assert (
        someone.open(f"{REPORT}?show=<script>").html.count('<article class="fp-flag"') == everything
    )


def test_a_lead_sees_the_open_questions_that_are_theirs_and_a_link_to_all(someone: Person) -> None:
    someone.be("lead")
    page = someone.open(REPORT)
    asked = _who_can_answer(page.html)
    assert asked <= {"You"}
    everybody = _who_can_answer(someone.open(page.link("Show all")).html)
    assert everybody - {"You"}


@pytest.mark.parametrize("role", ["lead", "party"])
def test_what_an_organisation_says_of_itself_is_asked_of_its_contact(
    someone: Person, role: str
) -> None:
    someone.be(role)
    row = someone.open(f"{REPORT}?of=everyone").html.split("Lantern Outreach: Which of these", 1)[1]
    who = "You" if role == "party" else "Contact of each organisation"
    assert who in row[: row.index("</tr>")]


def test_the_ethics_note_waits_for_no_answer_of_other_frameworks(someone: Person) -> None:
    page = someone.open(REPORT)
    assert "Overall ethics score" in page.text
    assert "No overall ethics score" not in page.text
    assert "3 in all" in page.text


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        pytest.param("R10", "It lifts no stop", id="stop"),
        pytest.param("R50", "accepted later, by each organisation", id="flag"),
    ],
)
def test_to_write_a_risk_down_is_not_to_accept_what_is_left(
    someone: Person, flag: str, said: str
) -> None:
    assert said in someone.open(f"/projects/FP-0001/flags/{flag}/accept").text


def test_a_legal_route_names_its_basis_with_its_article(someone: Person) -> None:
    text = someone.open(REPORT).text
    assert "Lawful basis: Public task, Article 6(1)(e)" in text
    assert "Lawful basis: Legitimate interests, Article 6(1)(f)" in text


def test_an_ig_lead_sees_the_open_questions_of_everybody(someone: Person) -> None:
    someone.be("ig_lead")
    page = someone.open(REPORT)
    assert re.search(r"[0-9]+ answers would settle [0-9]+ checks?", page.text)
    assert _who_can_answer(page.html)


def _who_can_answer(html: str) -> set[str]:
    return set(re.findall(r'data-label="Who can answer"><div>([^<]*)</div>', html))


def test_pictures_come_with_the_same_facts_as_a_table(someone: Person) -> None:
    html = someone.open(REPORT).html
    assert len(re.findall(r'<svg[^>]*role="img"', html)) >= 2
    assert "The 2 risks" in html
    assert "The 9 flows as a table" in html


def test_nothing_is_shown_of_a_project_of_others(someone: Person) -> None:
    someone.open("/")
    someone.open("/projects/FP-9999/report", 404)


def test_the_queue_names_the_act_that_is_this_persons(someone: Person) -> None:
    for role, words in (("dpo", "Write your advice"), ("signatory", "Read and sign")):
        someone.be(role)
        page = someone.open("/queue")
        someone.open(page.link(words))
    someone.be("editor")
    empty = someone.open("/queue").text
    assert empty.count("Nothing waits for you") == 1
    assert "A project comes here when its stage asks something of you." in empty
    assert "All 0" not in empty


@pytest.mark.browser
def test_the_top_of_the_report_fits_one_printed_page(someone: Person, browser: Browser) -> None:
    for reference in PROJECTS:
        someone.open("/")
        html = someone.open(f"/projects/{reference}/report").html
        page = open_window(browser).new_page()
        page.set_viewport_size({"width": A4_BETWEEN_ITS_MARGINS, "height": 1000})
        page.route("**/*", partial(_serve, someone, html))
        page.emulate_media(media="print")
        page.goto("http://localhost/report")
        bottom = page.locator(".fp-page").bounding_box()
        page.context.close()
        assert bottom
        assert bottom["y"] + bottom["height"] <= A4_BELOW_ITS_MARGINS, reference


def _serve(someone: Person, html: str, route: Route) -> None:
    """Answer the browser from the product, without a port."""
    path = route.request.url.replace("http://localhost", "")
    if path == "/report":
        route.fulfill(body=html, content_type="text/html")
        return
    with someone.client.get(path) as answer:
        route.fulfill(body=answer.data, content_type=answer.mimetype)


# The same words and counts wherever they stand


@pytest.mark.parametrize("output", ["dpia", "risk_report", "questions"])
def test_release_and_content_stand_once_above_a_document(someone: Person, output: str) -> None:
    page = someone.open(f"/projects/FP-0001/documents/{output}")
    hashes = re.findall(r"\b[0-9a-f]{64}\b", page.text)
    assert len(hashes) == 1
    assert page.text.count(hashes[0][:12]) == 1


@pytest.mark.parametrize("reference", PROJECTS)
def test_a_document_is_as_far_as_the_project_page_says(someone: Person, reference: str) -> None:
    project = someone.open(f"/projects/{reference}")
    documents = {
        link.url: link.words
        for link in project.read.links
        if re.fullmatch(rf"/projects/{reference}/documents/\w+", link.url)
    }
    assert documents
    for url in documents:
        text = someone.open(url).text
        said = re.search(r"((?:Draft|Early draft|Signed by)\b.*?)\. What nobody has answered", text)
        assert said, url
        assert said[1] in project.text, (url, said[1])


def test_dismissed_flags_are_counted_neither_on_the_project_nor_in_its_report(
    someone: Person,
) -> None:
    found = re.search(r"(\d+) other flags? raised", someone.open("/projects/FP-0001").text)
    report = someone.open(REPORT).text
    high = re.search(r"(\d+) other flags? rated high", report)
    rest = re.search(r"(\d+) other flags? (?!rated)", report)
    assert found
    assert high
    assert rest
    assert int(found[1]) == int(high[1]) + int(rest[1])


@pytest.mark.parametrize("role", ["lead", "ig_lead", "security", "dpo", "signatory"])
def test_what_happens_next_has_a_line_for_whoever_reads_it(someone: Person, role: str) -> None:
    someone.be(role)
    page = someone.open(REPORT)
    steps = page.html.split('id="next"', 1)[1].split("</ol>", 1)[0]
    mine = re.findall(r"<li>You: ([^<]+)</li>", steps)
    assert mine
    assert mine[0].startswith("nothing is yours") == (role == "lead")
    assert mine[-1].startswith("decide “Measures approved”") == (role == "signatory")


def test_words_of_the_trade_are_explained_where_they_first_stand(someone: Person) -> None:
    for path in ("/projects/FP-0001", REPORT):
        text = someone.open(path).text
        assert "A tolerance is an answer of the ethics self-assessment" in text
        assert re.search("A check is (open while|a rule that looks)", text)


def test_sources_of_what_is_offered_stand_behind_a_summary(someone: Person) -> None:
    offers = someone.open("/projects/FP-0001/idea/discover").html.split('class="fp-offer"')[1:]
    assert offers
    for part in offers:
        shown, _, folded = part.partition("<details")
        assert "Where each of these comes from" in folded
        assert "workshops, 2019" in folded
        assert "workshops, 2019" not in shown


@pytest.mark.parametrize("reference", ["FP-0001", "FP-0002", "FP-0003"])
def test_how_much_is_answered_is_one_number_everywhere(someone: Person, reference: str) -> None:
    someone.be("dpo")
    report = someone.open(f"/projects/{reference}/report").text
    found = re.search(r"(\d+) of (\d+) questions answered", report)
    assert found is not None
    listed = someone.open("/projects").text
    assert f"{found[0]}" in listed
    assert f"{found[1]} of {found[2]} answered" in someone.open("/queue").text
    assert found[0] in someone.be("lead").open("/").text

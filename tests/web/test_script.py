"""What the script does in a browser: it saves as one writes, and never loses what was typed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from app.web.controls import Conflict, Option, QuestionView, draw_question
from tests.browser.looking import open_window

pytestmark = pytest.mark.browser

SITE = "http://fingerpost.test"
SCRIPT = Path(__file__).parents[2] / "app" / "web" / "static" / "src" / "fingerpost.js"
YES_NO = (Option("yes", "Yes"), Option("no", "No"))
KINDS = (Option("health", "Health"), Option("race", "Race"), Option("none", "None of these"))
PERSONAL = QuestionView("data.personal", "radios", "Is it about people?", options=YES_NO)
SPECIAL = QuestionView(
    "data.special", "checkboxes", "Any of these?", options=KINDS, exclusive="none"
)
CHILDREN = QuestionView("data.children", "text", "Which children?")
# Long enough for what is typed to be sent, and too short for what was refused to be sent again.
PAUSE_MS = 2_000
PERIOD = QuestionView("ret.period", "number", "How long?")


@dataclass
class Site:
    """A server that answers saves as it is told and remembers what it was sent."""

    page: Page
    saves: list[dict[str, list[str]]] = field(default_factory=list)
    sent: list[dict[str, list[str]]] = field(default_factory=list)
    answers: list[dict[str, Any] | int] = field(default_factory=list)
    held: list[Route] = field(default_factory=list)
    hold: bool = False
    here: list[list[str]] = field(default_factory=list)
    """Who else is said to have the page open, each time it is asked; none: nobody is asked."""
    told: int = 0

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path == "/fingerpost.js":
            route.fulfill(content_type="text/javascript", path=SCRIPT)
        elif path == "/autosave":
            self.saves.append(read_form(route))
            if self.hold:
                self.held.append(route)
            else:
                self.reply(route)
        elif path == "/autohere":
            self.told += 1
            route.fulfill(json={"who": self.here.pop(0)} if self.here else {}, status=200)
        elif route.request.method == "POST":
            self.sent.append(read_form(route))
            route.fulfill(content_type="text/html", body="<title>Next page</title>")
        else:
            questions = "".join(map(draw_question, (PERSONAL, SPECIAL, PERIOD)))
            route.fulfill(
                content_type="text/html",
                body='<!doctype html><script type="module" src="/fingerpost.js"></script>'
                '<p id="saved" role="status"></p>'
                f"{'<p id=here></p>' if self.here else ''}"
                '<form id="answers" method="post" action="/page" enctype="multipart/form-data" '
                f'data-autosave="/autosave"><input type="hidden" name="csrf_token" value="t">{questions}<button name="go" value="on">Save and '
                "continue</button></form>",
            )

    def reply(self, route: Route) -> None:
        reply = self.answers.pop(0)
        if isinstance(reply, int):
            route.fulfill(status=reply, body="busy")
        else:
            route.fulfill(json=reply)

    def wait(self) -> None:
        """Let the time pass after which what was changed is sent: here it passes for nothing else."""
        self.page.clock.run_for(PAUSE_MS)

    def says(self, text: str) -> None:
        """Wait; then the page says this of saving."""
        self.wait()
        expect(self.page.get_by_role("status")).to_have_text(text)


def read_form(route: Route) -> dict[str, list[str]]:
    """Return the fields of a posted form, as a server would read them."""
    kind = route.request.headers["content-type"]
    body = route.request.post_data_buffer or b""
    message: Message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\n\n" + body)
    fields: dict[str, list[str]] = {}
    for part in message.get_payload():
        assert isinstance(part, Message)
        name = str(part.get_param("name", header="content-disposition"))
        fields.setdefault(name, []).append(str(part.get_payload()).strip())
    return fields


def saved(**more: Any) -> dict[str, Any]:
    return {"saved_at": "14:32", "versions": {}, **more}


@pytest.fixture
def site(browser: Browser) -> Iterator[Site]:
    context = open_window(browser)
    page = context.new_page()
    made = Site(page)
    page.clock.install(time=0)
    page.clock.pause_at(3_600)
    page.route(f"{SITE}/**", made.answer)
    page.goto(f"{SITE}/page")
    yield made
    context.close()


def test_a_change_is_saved_and_said_to_be(site: Site) -> None:
    site.answers = [saved(versions={"data.personal": 4})]
    site.page.get_by_label("Yes").check()

    site.says("Saved 14:32")
    assert site.saves[0]["data.personal"] == ["yes"]


def test_the_next_save_carries_the_version_returned(site: Site) -> None:
    site.answers = [saved(versions={"data.personal": 4}), saved(saved_at="14:33")]
    site.page.get_by_label("Yes").check()
    site.says("Saved 14:32")
    site.page.get_by_label("No", exact=True).check()

    site.says("Saved 14:33")
    assert site.saves[1]["seen"] == ["data.personal=4", "data.special=0", "ret.period=0"]


def test_a_question_that_is_asked_now_appears_in_its_place(site: Site) -> None:
    shown = ["data.personal", "data.children", "data.special", "ret.period"]
    site.answers = [saved(shown=shown, html={"data.children": str(draw_question(CHILDREN))})]
    site.page.get_by_label("Yes").check()
    site.wait()

    expect(site.page.get_by_label("Which children?")).to_be_visible()
    order = site.page.locator('[name="seen"]').evaluate_all("all => all.map(one => one.value)")
    assert order == [f"{address}=0" for address in shown]


def test_a_question_asked_no_longer_goes_is_not_posted_and_comes_back_as_it_was(
    site: Site,
) -> None:
    site.answers = [
        saved(),
        saved(saved_at="14:33", hidden=["ret.period"]),
        saved(saved_at="14:34", shown=["ret.period"]),
    ]
    site.page.get_by_label("How long?").fill("24")
    site.page.get_by_label("How long?").blur()
    site.says("Saved 14:32")
    site.page.get_by_label("No", exact=True).check()
    site.says("Saved 14:33")
    expect(site.page.get_by_label("How long?")).to_be_hidden()
    site.page.get_by_label("Yes").check()
    site.says("Saved 14:34")

    assert "ret.period" not in site.saves[2]
    assert site.saves[2]["seen"] == ["data.personal=0", "data.special=0"]
    expect(site.page.get_by_label("How long?")).to_have_value("24")


def test_what_cannot_be_saved_stays_and_is_sent_with_the_next_change(site: Site) -> None:
    site.answers = [503, saved()]
    site.page.get_by_label("How long?").fill("24")
    site.page.get_by_label("How long?").blur()
    site.says("Not saved. What you typed is still here")
    expect(site.page.get_by_label("How long?")).to_have_value("24")
    site.page.get_by_label("Yes").check()

    site.says("Saved 14:32")
    assert site.saves[1]["ret.period"] == ["24"]


def test_an_answer_that_cannot_be_read_is_said_where_it_stands_until_it_can(site: Site) -> None:
    versions = {"ret.period": 1}
    site.answers = [
        saved(versions=versions, errors={"ret.period": "Write whole months"}),
        saved(saved_at="14:33", versions=versions),
    ]
    box = site.page.get_by_label("How long?")
    box.fill("2 yrs")
    box.blur()
    site.says("Saved 14:32, except 1 answer")
    expect(box).to_have_accessible_description("Error: Write whole months")
    box.fill("24")
    box.blur()

    site.says("Saved 14:33")
    expect(box).to_have_accessible_description("")


def test_two_answers_to_one_question_are_both_shown_while_one_is_writing(site: Site) -> None:
    both = draw_question(
        QuestionView("ret.period", "number", "How long?", value="24", version=9,
                     conflict=Conflict("36", "IG lead", "14:31"))
    )  # fmt: skip
    site.answers = [
        saved(conflicts=["ret.period"], html={"ret.period": str(both)}, versions={"ret.period": 2}),
        saved(saved_at="14:33"),
    ]
    box = site.page.get_by_label("How long?")
    box.press_sequentially("2")
    site.says("Saved 14:32, except 1 answer")
    expect(site.page.get_by_text("36")).to_be_visible()
    expect(box).to_have_value("2")
    box.press_sequentially("4")

    site.says("Saved 14:33")
    assert site.saves[1]["ret.period"] == ["24"]
    assert "ret.period=9" in site.saves[1]["seen"]


def test_one_save_is_under_way_at_a_time_and_the_rest_follows(site: Site) -> None:
    site.hold = True
    site.answers = [saved(versions={"data.personal": 4}), saved(saved_at="14:33")]
    with site.page.expect_request(f"{SITE}/autosave"):
        site.page.get_by_label("Yes").check()
        site.wait()
    site.page.get_by_label("Health").check()
    site.page.clock.fast_forward(60_000)
    assert len(site.saves) == 1
    site.hold = False
    site.reply(site.held[0])

    expect(site.page.get_by_role("status")).to_have_text("Saved 14:32")
    site.says("Saved 14:33")
    assert site.saves[1]["data.special"] == ["health"]
    assert "data.personal=4" in site.saves[1]["seen"]


def test_the_button_waits_for_the_save_under_way_and_posts_its_version(site: Site) -> None:
    site.hold = True
    site.answers = [saved(versions={"data.personal": 4})]
    with site.page.expect_request(f"{SITE}/autosave"):
        site.page.get_by_label("Yes").check()
        site.wait()
    site.page.get_by_role("button", name="Save and continue").click()
    assert site.sent == []
    site.reply(site.held[0])

    expect(site.page).to_have_title("Next page")
    assert site.sent[0]["go"] == ["on"]
    assert "data.personal=4" in site.sent[0]["seen"]


def test_leaving_asks_first_only_while_something_is_not_saved(site: Site) -> None:
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    site.page.on("dialog", accept)
    site.answers = [saved(), 503]
    site.page.get_by_label("Yes").check()
    site.says("Saved 14:32")
    site.page.reload()
    assert asked == []
    site.page.get_by_label("Yes").check()
    site.says("Not saved. What you typed is still here")
    site.page.reload()

    assert asked == ["beforeunload"]


def test_none_of_these_unticks_the_others_and_they_untick_it(site: Site) -> None:
    site.answers = [saved()] * 9
    site.page.get_by_label("Health").check()
    site.page.get_by_label("None of these").check()
    expect(site.page.get_by_label("Health")).not_to_be_checked()
    site.page.get_by_label("Race").check()

    expect(site.page.get_by_label("None of these")).not_to_be_checked()


def test_who_else_has_the_page_open_is_said_and_asked_again_while_it_is_looked_at(
    site: Site,
) -> None:
    also = site.page.locator("#here")
    site.here = [["Ann", "Ben"], ["Ben"]]
    site.page.reload()
    expect(also).to_have_text("Also on this page now: Ann, Ben")
    site.page.clock.run_for(20_000)
    expect(also).to_have_text("Also on this page now: Ben")
    site.page.clock.run_for(20_000)
    expect(also).to_have_text("")
    assert site.told == 3


def test_a_page_without_a_place_for_it_asks_for_nobody(site: Site) -> None:
    site.page.clock.run_for(60_000)
    assert site.told == 0

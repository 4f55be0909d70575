"""Somebody at a browser: reads the words on the page, and uses nothing but its links, buttons and fields."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Locator, Page, Response

from tests.browser.answers import OPTIONAL, Told, Words
from tests.browser.looking import Looker, leading

SAVE = "Save and continue"
UNFINISHED = re.compile(r"\d to answer")
SOME_TEXT = "As the partners agreed in writing."
READ_QUESTIONS = """() => {
  const seen = (one) => one.checkVisibility() && !one.closest("[aria-hidden=true]");
  const words = (one) => one.innerText.replace(/\\s+/g, " ").trim();
  const found = [];
  for (const one of document.querySelectorAll("main form legend, main form label, main form h2")) {
    if (!seen(one)) continue;
    const around = one.closest("fieldset");
    if (one.tagName === "LABEL") {
      const field = one.control;
      if (around || !field || /radio|checkbox/.test(field.type)) continue;
      found.push({ ask: words(one), kind: field.tagName === "SELECT" ? "select" : "text",
        given: Boolean(field.value), number: field.inputMode === "numeric" || field.inputMode === "decimal",
        email: field.type });
    } else if (one.tagName === "LEGEND") {
      const inside = [...around.querySelectorAll("input")];
      const kind = inside[0]?.type === "radio" ? "radio" : inside[0]?.type === "checkbox" ? "checkbox" : "date";
      found.push({ ask: words(one), kind, number: false, email: "",
        given: inside.some((input) => kind === "date" ? input.value : input.checked) });
    } else {
      const group = one.parentElement;
      const add = [...group.querySelectorAll("button")].find((button) => /^Add an?(other)? /.test(words(button)));
      const none = group.querySelector("input[type=checkbox]")?.labels[0];
      if (add) found.push({ ask: words(one), kind: "rows", given: Boolean(group.querySelector("table")),
        number: false, email: "", add: words(add), none: none ? words(none) : "" });
    }
  }
  return found;
}"""


@dataclass(frozen=True)
class Ask:
    """A question as it stands on the page; `at` counts those of the same words."""

    ask: str
    kind: str
    given: bool
    number: bool
    email: str
    add: str = ""
    none: str = ""
    at: int = 0

    @property
    def words(self) -> str:
        """The question without "(optional)"."""
        return self.ask.removesuffix(OPTIONAL)

    @property
    def optional(self) -> bool:
        """Whether it may be left blank."""
        return self.ask.endswith(OPTIONAL)


@dataclass
class Person:
    """Somebody at a browser, with what they know of their project."""

    page: Page
    looker: Looker
    script: bool = True
    told: Told = field(default_factory=lambda: Told({}, {}))
    clicks: int = 0
    pages: int = 0
    answered: int = 0
    suggestions: int = 0
    unknown: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("response", self._heard)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def _heard(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status} {response.request.method} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"{message.text} at {self.page.url}")

    # Moving

    def begin(self, url: str) -> None:
        """Open the start page: the only address this person ever types."""
        self.page.goto(url, wait_until="domcontentloaded")
        self.pages += 1
        self.look()

    @contextmanager
    def moving(self) -> Iterator[None]:
        """A click that leads to a page; fails when the page is a fault."""
        before = self.page.url
        with leading(self.page):
            yield
        self.clicks += 1
        self.pages += 1
        assert not self.troubles, f"from {before} to {self.page.url}: {self.troubles}"
        self.look()

    def follow(self, words: str, within: Locator | None = None) -> None:
        """Follow a link by its words."""
        link = (within or self.page).get_by_role("link", name=words, exact=True)
        assert link.count(), f"no link “{words}” at {self.page.url}:\n{self.main_text[:3000]}"
        with self.moving():
            link.first.click()

    def press(self, words: str) -> None:
        """Press a button by its words."""
        button = self.page.get_by_role("button", name=words, exact=True)
        assert button.count(), f"no button “{words}” at {self.page.url}:\n{self.main_text[:3000]}"
        with self.moving():
            button.first.click()

    def be(self, persona: str) -> None:
        """Look at the product as somebody else, with the bar at the top."""
        self.press(persona)

    def look(self, label: str = "") -> None:
        """Look hard at the page."""
        self.looker.look(self.page, label, script=self.script)

    @property
    def heading(self) -> str:
        """The heading of the page."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def sees_text(self, words: str) -> bool:
        """Whether these words stand anywhere in the main part."""
        return words in self.main_text

    @property
    def main_text(self) -> str:
        """All words of the main part."""
        return self.page.get_by_role("main").inner_text()

    def has_button(self, words: str) -> bool:
        """Whether there is such a button."""
        return self.page.get_by_role("button", name=words, exact=True).count() > 0

    def has_link(self, words: str) -> bool:
        """Whether there is such a link."""
        return self.page.get_by_role("link", name=words, exact=True).count() > 0

    # Answering

    def questions(self) -> list[Ask]:
        """The questions that stand on the page."""
        times: Counter[str] = Counter()
        found = []
        for each in self.page.evaluate(READ_QUESTIONS):
            found.append(Ask(**each, at=times[each["ask"]]))
            times[each["ask"]] += 1
        return found

    def answer_page(self) -> None:
        """Answer what stands on a page of questions and save it, until it leads on."""
        for _ in range(8):
            here = self.page.url
            rows = self.fill(self.told.answers)
            if rows:
                self.add_rows(rows)
            self.finish_rows()
            self.press(SAVE)
            if self.page.url != here:
                return
        message = (
            f"{self.page.url} never leads on: {self.page.get_by_role('main').inner_text()[:600]}"
        )
        raise AssertionError(message)

    def fill(self, answers: Mapping[str, Words]) -> Ask | None:
        """Answer every blank question of the page; returns one whose rows are still to be told."""
        rows = None
        for each in self.questions():
            if each.given:
                continue
            if each.kind == "rows":
                if not self._none(each):
                    rows = rows or each
                continue
            words = answers.get(each.words)
            if words is None:
                if each.optional:
                    continue
                self.unknown.add(each.words)
            self.give(each, words)
        return rows

    def _none(self, each: Ask) -> bool:
        """Say that there are no rows, where none are known."""
        if self.told.rows.get(each.words):
            return False
        if each.none and not each.optional:
            self.page.get_by_role("checkbox", name=each.none, exact=True).check()
        return bool(each.none) or each.optional

    def give(self, each: Ask, words: Words | None) -> None:
        """Give one answer; something sensible where nothing is known."""
        self.answered += 1
        if each.kind == "radio":
            self._choose(each, str(words) if words is not None else None)
        elif each.kind == "checkbox":
            group = self._group(each)
            for label in words or (
                group.get_by_role("checkbox").last.evaluate("one => one.labels[0].innerText"),
            ):
                box = group.get_by_role("checkbox", name=label, exact=True)
                if not box.count():  # folded up, because it does not fit at first sight
                    group.locator("details:not([open]) > summary").first.click()
                box.check()
        elif each.kind == "date":
            for part, typed in zip(
                ("Day", "Month", "Year"), words or ("1", "2", "2027"), strict=True
            ):
                self._group(each).get_by_label(part, exact=True).fill(typed)
        elif each.kind == "select":
            box = self.page.get_by_label(each.ask, exact=True).nth(each.at)
            box.select_option(label=str(words)) if words else box.select_option(index=1)
        else:
            self.page.get_by_label(each.ask, exact=True).nth(each.at).fill(
                str(words or _some(each))
            )

    def _choose(self, each: Ask, words: str | None) -> None:
        group = self._group(each)
        if words is None:
            group.get_by_role("radio").first.check()
            return
        group.get_by_role("radio", name=words, exact=True).check()

    def _group(self, each: Ask) -> Locator:
        return self.page.get_by_role("group", name=each.ask, exact=True).nth(each.at)

    def add_rows(self, each: Ask) -> None:
        """Add every row of a question through its own page."""
        for row in self.told.rows.get(each.words) or [{}]:
            add = next(one.add for one in self.questions() if one.words == each.words)
            self.press(add)
            self.answer_row(row)

    def finish_rows(self) -> None:
        """Answer what is missing in rows that are there already."""
        for _ in range(20):
            unfinished = self.page.get_by_role("row").filter(has_text=UNFINISHED)
            if not unfinished.count():
                return
            with self.moving():
                unfinished.first.get_by_role("button", name="Change ").click()
            self.answer_row({})
        message = f"{self.page.url} is never finished: {self.main_text[:600]}"
        raise AssertionError(message)

    def answer_row(self, row: Mapping[str, Words]) -> None:
        """Answer a row and save it, until it leads back to its page."""
        for _ in range(10):
            save = self.page.get_by_role("button", name="Save this ").first.inner_text()
            self.fill(row)
            self.press(save)
            if self.has_button(SAVE):
                return
        message = (
            f"{self.page.url} never leads back: {self.page.get_by_role('main').inner_text()[:600]}"
        )
        raise AssertionError(message)

    def answer_on(self, limit: int = 60) -> None:
        """Answer page after page until there is no question page."""
        for _ in range(limit):
            if not self.has_button(SAVE):
                return
            self.answer_page()
        raise AssertionError(f"no end after {limit} pages, at {self.page.url}")


def _some(each: Ask) -> str:
    if each.number:
        return "3"
    if each.email == "email":
        return "someone@borough.example"
    return SOME_TEXT

"""What is wrong with a page for somebody who cannot see it well, or holds a small screen."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page, ViewportSize

# A save in the editor compiles all definitions, and beside other tests that takes its time.
PATIENCE_MS = 60_000
NARROW: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 900}
NO_SCRIPT = "Emulation.setScriptExecutionDisabled"
LEFT = "Execution context was destroyed"
READ_STATE = """() => {
  const says = (words) => document.body.innerText.includes(words);
  const main = document.querySelector("main");
  const fields = [...main.querySelectorAll("input, select, textarea")];
  const given = (one) => /radio|checkbox/.test(one.type) ? one.checked : one.type !== "hidden" && one.value;
  const states = {
    error: Boolean(main.querySelector("[role=alert], .govuk-error-summary")),
    conflict: says("Two answers to this question"),
    suggestion: says("Suggested answer:"),
    before: says("Answered before."),
    answered: fields.some(given),
    rows: Boolean(main.querySelector("form table")),
    notice: Boolean(main.querySelector(":scope > [role=status]")),
  };
  return Object.keys(states).filter((one) => states[one]);
}"""
READ_WIDTH = """() => {
  const wide = document.documentElement.scrollWidth;
  if (wide <= 320) return null;
  const out = [...document.querySelectorAll("main *, header *, footer *")]
    .filter((one) => one.getBoundingClientRect().right > 321)
    .map((one) => `${one.tagName.toLowerCase()}.${one.getAttribute("class") ?? ""}`);
  return `${wide} px: ${out.slice(0, 4).join(", ")}`;
}"""


def open_window(browser: Browser, *, script: bool = True) -> BrowserContext:
    """A browser of somebody's own, with as much patience as the machine may need."""
    window = browser.new_context(java_script_enabled=script, viewport=WIDE, locale="en-GB")
    window.set_default_timeout(PATIENCE_MS)
    return window


@contextmanager
def leading(page: Page) -> Iterator[None]:
    """An act that leads to a page: when it ends that page is there, not the one before.

    A click alone may end before what it asked for has begun, and what follows would overtake it.
    """
    with page.expect_navigation(wait_until="domcontentloaded"):
        yield


@dataclass
class Looker:
    """Looks once at every page in every state: with axe, and for scrolling sideways at 320 px."""

    seen: dict[str, int]
    faults: list[str] = field(default_factory=list)
    switches: dict[Page, CDPSession] = field(default_factory=dict)

    def look(self, page: Page, label: str = "", *, script: bool = True) -> None:
        """Look at a page, unless it has been looked at in this state."""
        while True:
            page.wait_for_load_state()
            try:
                return self._look(page, label, script=script)
            except Error as left:
                # A button that was pressed just before may only now lead to the page meant.
                if LEFT not in left.message:
                    raise

    def _look(self, page: Page, label: str, *, script: bool) -> None:
        states = page.evaluate(READ_STATE)
        without = "" if script else "without script"
        key = " ".join(filter(None, [pattern(page.url), *states, label, without]))
        if key not in self.seen:
            with nullcontext() if script else self._scripts_run(page):
                found = _axe(page)
            self.faults += [f"{key}: {fault}" for fault in (*found, *_reflow(page))]
        self.seen[key] = self.seen.get(key, 0) + 1

    @contextmanager
    def _scripts_run(self, page: Page) -> Iterator[None]:
        """Axe is a script itself: while it reads a page without scripts, it alone runs there."""
        if page not in self.switches:
            # It stays: a switch that is let go of would leave scripts running.
            self.switches[page] = page.context.new_cdp_session(page)
            # It does only what changes what it said itself.
            self.switches[page].send(NO_SCRIPT, {"value": True})
        try:
            self.switches[page].send(NO_SCRIPT, {"value": False})
            yield
        finally:
            self.switches[page].send(NO_SCRIPT, {"value": True})

    @property
    def pages(self) -> int:
        """How many addresses were looked at, rows and references aside."""
        return len({key.split(" ")[0] for key in self.seen})


def pattern(url: str) -> str:
    """An address without what differs from project to project and row to row."""
    path = re.sub(r"^https?://[^/]+", "", url).split("?")[0].split("#")[0]
    path = re.sub(r"FP-\d+", "FP", path)
    path = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "N", path)
    return re.sub(r"/(%2B|\+)?[0-9a-f]*\d[0-9a-f]*(?=/|$)", "/N", path)


def _axe(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found
    ]


def _reflow(page: Page) -> list[str]:
    page.set_viewport_size(NARROW)
    sideways = page.evaluate(READ_WIDTH)
    page.set_viewport_size(WIDE)
    return [f"scrolls sideways at 320 px: {sideways}"] if sideways else []

"""What stands around every page and is the same for many who see it: drawn once each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app, get_template_attribute, url_for
from markupsafe import Markup

from app.actions.access.roles import ADMINISTRATOR, SYSTEM
from app.actions.definitions.drafts import READERS
from app.web.first_screen import first_screen
from app.web.pages.place import OF_ORGANISATIONS
from app.web.site import Context, day_words

ORGANISATIONS = "organisations.ig_map"
DEFINITIONS = "editor.home"
OF_DEFINITIONS = ("editor", "releases", "changes")
PEOPLE = "account.people"
NAV = (
    ("Start", "start.home"),
    ("Projects", "projects.list_all"),
    ("My queue", "reports.queue"),
    ("Organisations", ORGANISATIONS),
)
ENTRIES = frozenset(endpoint for _, endpoint in NAV)
SECTIONS = {
    "start": "start.home",
    "about": "",
    "account": "",
    "organisations": ORGANISATIONS,
    OF_ORGANISATIONS: ORGANISATIONS,
    **dict.fromkeys(OF_DEFINITIONS, DEFINITIONS),
}
OF_THE_QUEUE = ("reports.give", "reports.cover")
FOOTER = (("About Fingerpost", "about.about"), ("Accessibility statement", "about.accessibility"))
RELEASES = ("Releases", "releases.list_all")

FRAMES = 512
"""How many frames are remembered: there are some for every role and entry of the menu."""


def drawn(part: str, *given: object) -> Markup:
    """One part of `_frame.html`."""
    html: Markup = get_template_attribute("_frame.html", part)(*given)
    return html


class Frame(NamedTuple):
    """What stands around a page, as HTML."""

    head: Markup
    brand: Markup
    menu: Markup
    footer: Markup


@lru_cache(maxsize=FRAMES)
def frame(
    _root: str, role: str | None, entry: str, release: str, at: datetime, *, demonstration: bool
) -> Frame:
    """The frame for a role (None: for anybody), with the entry of the menu under which one is.

    `_root`: where the site is mounted; `release`, `at`: the newest release and its time.
    """
    icon, style, script = map(_asset, ("fingerpost.svg", "fingerpost.css", "fingerpost.js"))
    shown = role is not None or demonstration
    entries = _menu(role or "", demonstration=demonstration) if shown else ()
    menu = [{**_link(*each), "current": each[1] == entry} for each in entries]
    links = [_link(*each) for each in (*FOOTER, *(() if role is None else (RELEASES,)))]
    line = f"Questions and rules: {release}, published {day_words(at)}."
    return Frame(
        head=drawn("head", icon, style, script),
        brand=drawn("brand", first_screen(role or ""), icon),
        menu=drawn("menu", menu),
        footer=drawn("footer", links, line),
    )


def entry_of(here: str) -> str:
    """The entry of the menu under which an endpoint is found."""
    if here in ENTRIES:
        return here
    if here in OF_THE_QUEUE:
        return "reports.queue"
    return SECTIONS.get(here.partition(".")[0], "projects.list_all")


def _link(label: str, endpoint: str) -> Context:
    return {"label": label, "url": url_for(endpoint)}


def _asset(name: str) -> str:
    asset: Any = current_app.jinja_env.globals["asset"]
    return str(asset(name))


def _menu(role: str, *, demonstration: bool) -> Iterator[tuple[str, str]]:
    yield from NAV
    if role in READERS:
        yield "Definitions", DEFINITIONS
    if role in (ADMINISTRATOR, SYSTEM) and not demonstration:
        yield "People", PEOPLE

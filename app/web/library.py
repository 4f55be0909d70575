"""The library: searching it, reading what a project lends, beginning with it, and lending one's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.errors import NotAllowed
from app.actions.library import (
    AGREES,
    LENDS,
    Entry,
    Lending,
    Lent,
    Search,
    answer_asked,
    ask_to_publish,
    begin_from,
    entry_of,
    lendable,
    open_entry,
    search_library,
    take_out,
)
from app.actions.pages import Looked, open_project
from app.core.questions import Asked, Column
from app.store.library import ASKED, PUBLISHED, REFUSED
from app.web.once import begin_once, key_of_form
from app.web.site import Context, day_words, now, on_project, reading, site, today, writing
from app.web.small_forms import Posted, draw_form, read_form, unreadable

library = Blueprint("library", __name__)

TITLE, SUMMARY, WORDS = "title", "summary", "words"
LONGEST = 1_000
LIBRARY = "Library"
NONE_CHOSEN = "Choose at least one text to lend"


@library.get("/library")
def search() -> str:
    """What other projects lend, by words, purpose and kind of organisation."""
    wanted = Search(
        request.args.get("words", "")[:200].strip(),
        request.args.get("topic", ""),
        request.args.get("kind", ""),
    )
    with reading() as (conn, _):
        everything = search_library(conn, Search())
        found = search_library(conn, wanted) if wanted != Search() else everything
    topics = {code: title for each in everything for code, title in each.topics.items()}
    kinds = _kinds()
    return render_template(
        "library.html",
        title=LIBRARY,
        lead="Projects that lend their wording: why they share, what good comes of it and how they"
        " keep harm small. Choices of law are never lent: you make your own.",
        words=wanted.words,
        selects=[
            _select("topic", "Purpose", topics, wanted.topic),
            _select("kind", "Kind of organisation", _there(kinds, everything), wanted.kind),
        ],
        entries=[_listed(each, kinds) for each in found],
        counted=_counted(len(found), wanted),
    )


def _kinds() -> dict[str, str]:
    """What kinds of organisation are called."""
    asked = site().catalogues.newest().catalogue.organisations
    if asked is None:
        return {}
    return dict(asked.program.questions[asked.pipeline.kind].labels)


def _there(kinds: dict[str, str], entries: Iterable[Entry]) -> dict[str, str]:
    """The kinds of which something is there."""
    there = {each.kind for each in entries}
    return {code: kinds.get(code, code) for code in [*kinds, *sorted(there)] if code in there}


def _select(name: str, label: str, options: dict[str, str], chosen: str) -> Context:
    entries = [("", "Any"), *options.items()]
    return {
        "name": name,
        "label": label,
        "options": [{"value": c, "text": t, "chosen": c == chosen} for c, t in entries],
    }


def _listed(each: Entry, kinds: dict[str, str]) -> Context:
    return {
        "title": each.title,
        "url": url_for("library.one", reference=each.reference),
        "text": each.summary,
        "about": f"{each.organisation} ({kinds.get(each.kind, each.kind).lower()})."
        f" Published {day_words(each.said_at or each.asked_at)}.",
        "topics": ", ".join(each.topics.values()),
    }


def _counted(number: int, wanted: Search) -> str:
    if not number and wanted == Search():
        return "Nothing is in the library yet. A project lead puts a project there."
    if not number:
        return "Nothing fits. Try fewer words."
    return "1 project" if number == 1 else f"{number} projects"


@library.get("/library/<reference>")
def one(reference: str) -> str:
    """What a project lends."""
    with reading() as (conn, _):
        entry = open_entry(conn, reference)
    asked = site().catalogues.newest().catalogue.program.questions
    return render_template(
        "library_entry.html",
        title=entry.title,
        caption=f"Lent by {entry.organisation}",
        crumbs=[{"label": LIBRARY, "url": url_for("library.search")}],
        summary=entry.summary,
        texts=[
            {"title": asked[id_].called if id_ in asked else id_, "text": text}
            for id_, text in entry.words.items()
        ],
        topics=", ".join(entry.topics.values()),
        action=url_for("library.begin", reference=reference),
        once=key_of_form(),
    )


@library.post("/library/<reference>/begin")
def begin(reference: str) -> Response:
    """Begin a project with what another lends."""
    with writing() as (conn, actor):
        made = begin_once(
            conn,
            actor,
            lambda id_: begin_from(conn, actor, site().catalogues, reference, now(), id_),
        )
    flash(
        "The words came along. Page by page, make them true of what you do, or say that they are."
    )
    return redirect(url_for("projects.one", reference=made))


# Lending one's own


@dataclass(frozen=True)
class Desk:
    """A project, how it stands to the library, and who looks at it."""

    looked: Looked
    entry: Entry | None
    actor: Actor
    texts: tuple[Lent, ...]

    @property
    def own(self) -> bool:
        """Whether the project is of this person's organisation."""
        return self.looked.opened.project.organisation_id == self.actor.organisation_id

    @property
    def state(self) -> str:
        """How it stands to the library."""
        return self.entry.state if self.entry else ""

    @property
    def asks(self) -> bool:
        """Whether this person may ask for it to be published now."""
        return self.own and self.actor.role == LENDS and self.state not in (ASKED, PUBLISHED)

    @property
    def answers(self) -> bool:
        """Whether this person's yes is waited for."""
        waits = self.entry is not None and self.state == ASKED
        others = self.entry is not None and self.entry.asked_by != self.actor.person_id
        return self.own and self.actor.role == AGREES and waits and others

    @property
    def takes_out(self) -> bool:
        """Whether this person may take it out."""
        return self.own and self.actor.role in (LENDS, AGREES) and self.state in (ASKED, PUBLISHED)


def lend(reference: str) -> Response | str:
    """Ask for a project to be put in the library, say yes or no to it, or take it out."""
    if request.method == "POST" and request.form.get("go") in SAID:
        return _say(reference, request.form["go"])
    with reading() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, reference, today())
        desk = Desk(looked, entry_of(conn, looked), actor, lendable(looked))
    if request.method == "POST" and not desk.own:
        raise NotAllowed("Only the organisation that leads a project lends its wording.")
    on_project(looked.opened.project)
    asked = _asked(desk)
    posted = read_form(asked)
    errors = unreadable(posted)
    if posted and not any(errors.values()):
        errors |= _blank(asked, posted)
    if posted and not any(errors.values()):
        return _ask(reference, posted)
    return _draw(desk, asked, posted, errors)


SAID = {"yes": "It is in the library.", "no": "It stays out of the library.", "out": "It is out."}


def _say(reference: str, said: str) -> Response:
    with writing() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, reference, today())
        if said == "out":
            take_out(conn, actor, looked, now())
        else:
            answer_asked(conn, actor, looked, said == "yes", now())
    flash(SAID[said])
    return redirect(url_for("projects.lend", reference=reference))


def _ask(reference: str, posted: Posted) -> Response:
    ticked = set(_values(posted[WORDS].reading.value))
    with writing() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, reference, today())
        lending = Lending(
            str(posted[TITLE].reading.value),
            str(posted[SUMMARY].reading.value),
            [each.id for each in lendable(looked) if _code(each) in ticked],
            now(),
        )
        ask_to_publish(conn, actor, looked, lending)
    flash("Asked. Nothing is in the library before your information governance lead says yes.")
    return redirect(url_for("projects.lend", reference=reference))


def _values(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else ()


def _code(text: Lent) -> str:
    """A text as an option of the form."""
    return text.id.replace(".", "_")


def _blank(asked: dict[str, Asked], posted: Posted) -> dict[str, str]:
    told = {TITLE: "Enter a title", SUMMARY: "Enter a summary", WORDS: NONE_CHOSEN}
    return {name: told[name] for name in asked if not posted[name].reading.value}


def _asked(desk: Desk) -> dict[str, Asked]:
    """What is asked of a lead who lends a project."""
    if not (desk.asks and desk.texts):
        return {}
    options = {_code(each): each.called for each in desk.texts}
    forms: tuple[dict[str, object], ...] = (
        {"id": TITLE, "type": "text", "ask": "What is it called in the library?"},
        {"id": SUMMARY, "type": "long_text", "ask": "What is it about, in a few sentences?"},
        {"id": WORDS, "type": "multi", "ask": "Which texts may others read and begin with?"},
    )
    more: dict[str, dict[str, object]] = {
        SUMMARY: {"max_length": LONGEST},
        WORDS: {"options": options},
    }
    return {
        str(form["id"]): Column.model_validate(form | more.get(str(form["id"]), {}))
        for form in forms
    }


def _values_at_first(desk: Desk) -> dict[str, str]:
    """What the form suggests before anybody typed: the project's own title."""
    return {TITLE: desk.looked.title}


def _draw(desk: Desk, asked: dict[str, Asked], posted: Posted, errors: dict[str, str]) -> str:
    reference, entry = desk.looked.opened.project.reference, desk.entry
    drawn = draw_form(asked, posted, errors, values=_values_at_first(desk))
    published = desk.state == PUBLISHED
    words = entry.words if entry else {}
    program = desk.looked.released.catalogue.program.questions
    shown = (
        [(program[id_].called if id_ in program else id_, text) for id_, text in words.items()]
        if words
        else [(each.called, each.text) for each in desk.texts]
    )
    return render_template(
        "lend.html",
        **drawn,
        title="Lend this project's wording",
        caption=f"{reference}. {desk.looked.title}",
        back={"label": "Back to the project", "url": url_for("projects.one", reference=reference)},
        action=url_for("projects.lend", reference=reference),
        state=_state(entry),
        entry={"title": entry.title, "summary": entry.summary} if entry and words else None,
        library_url=url_for("library.one", reference=reference) if published else "",
        texts=[{"title": title, "text": text} for title, text in shown],
        answers=desk.answers,
        takes_out=desk.takes_out,
        nothing=desk.asks and not desk.texts,
    )


def _state(entry: Entry | None) -> str:
    """How a project stands to the library, in a sentence."""
    if entry is None:
        return ""
    asked = f"{entry.asked_who} asked for it on {day_words(entry.asked_at)}."
    said = f"{entry.said_who}, {day_words(entry.said_at)}" if entry.said_at else ""
    return {
        ASKED: f"{asked} It waits for the yes of an information governance lead.",
        PUBLISHED: f"In the library. {asked} Agreed by {said}.",
        REFUSED: f"Not published: {said}.",
    }.get(entry.state, f"Taken out of the library: {said}.")


def ways(looked: Looked, role: str) -> list[tuple[str, str]]:
    """The link that leads here, for those who lend or agree."""
    if role not in (LENDS, AGREES) or not looked.released.catalogue.pipeline.reuse.wording:
        return []
    reference = looked.opened.project.reference
    return [("Lend its wording: library", url_for("projects.lend", reference=reference))]

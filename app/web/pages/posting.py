"""What was posted from a page: read by its questions and by nothing else, and saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from flask import abort, request
from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.answers import Also
from app.actions.organisation_sheets import (
    check_may_change,
    open_organisation,
    save_organisation_page,
)
from app.actions.pages import PageInput, Saved, Subject, open_project, save_page
from app.catalogue import Catalogue
from app.core.questions import Asked, Question, type_of
from app.core.sheet import Change, Unreadable
from app.web.forms import PageForm
from app.web.pages.place import Place, RowPlace
from app.web.site import now, on_project, reading, site, today, writing


def shown_release() -> UUID:
    """The release under which the page was shown."""
    try:
        return UUID(request.form.get("release", ""))
    except ValueError:
        abort(400, "The page did not say under which release it was shown. Open it again.")


def seen() -> dict[str, int]:
    """The addresses the page showed, with the versions of their answers."""
    found: dict[str, int] = {}
    for each in request.form.getlist("seen"):
        address, _, version = each.rpartition("=")
        if address and version.isdecimal():
            found[address] = int(version[:9])
    return found


STILL = "still"
"""The button that says that what came from an earlier project is still true."""

Follow = Callable[[Connection, Sequence[Change]], Also | None]
"""What follows from what was posted, looked up before anything is saved."""


def open_here(conn: Connection, actor: Actor, place: Place) -> Subject:
    """What the questions of a place are about. Raises NotFound, NotAllowed."""
    if not place.of_organisation:
        found = open_project(conn, actor, site().catalogues, place.reference, today())
        on_project(found.opened.project)
        return found
    looked = open_organisation(conn, actor, site().catalogues, place.reference, today())
    # Its pages are for answering; everybody may read what it says on its own page.
    check_may_change(looked.opened.organisation)
    return looked


def save_here(conn: Connection, actor: Actor, place: Place, page: PageInput) -> Saved:
    """Save a page where it belongs. Raises NotFound, NotAllowed, OutOfDate."""
    saving = save_organisation_page if place.of_organisation else save_page
    return saving(conn, actor, site().catalogues, place.reference, page)


def save_posted(
    place: Place,
    asked: Mapping[str, Asked],
    before: Iterable[Change] = (),
    follow: Follow | None = None,
    refused: Iterable[Unreadable] = (),
) -> tuple[Saved, Actor]:
    """Save what was posted of these addresses, and the suggestion that was accepted.

    `before`: what the page changes besides its answers; `follow`: what follows from them;
    `refused`: the files that are not taken.
    """
    changes, drafts = answers_posted(asked)
    changes[:0] = before
    drafts += refused
    still = (
        frozenset(request.form.getlist("again")) if request.form.get("go") == STILL else frozenset()
    )
    accepted = asked.get(request.form.get("accept", ""))
    with writing() as (conn, actor):
        if isinstance(accepted, Question):
            looked = open_here(conn, actor, place)
            changes = [change for change in changes if change.address != accepted.id]
            changes += _suggested(looked, accepted)
        also = follow(conn, changes) if follow else None
        confirmed = still.intersection(asked)
        posted = PageInput(place.where, shown_release(), now(), changes, drafts, also, confirmed)
        saved = save_here(conn, actor, place, posted)
    return saved, actor


def asked_here(place: Place) -> dict[str, Asked]:
    """What a page may post, by address."""
    return {q.id: q for q in place.questions(_catalogue(place)) if q.type != "file"}


def files_asked_here(place: Place) -> dict[str, Question]:
    """The questions of a page that a file answers: only the button brings files."""
    return {q.id: q for q in place.questions(_catalogue(place)) if q.type == "file"}


def asked_of(row: RowPlace) -> dict[str, Asked]:
    """What the page of a row may post, by address."""
    columns = row.rows(_catalogue(row.page)).columns
    return {f"{row.address}/{column.id}": column for column in columns if not column.derived}


def _catalogue(place: Place) -> Catalogue:
    """The catalogue under which the page was shown; a statement only when it is not known yet."""
    release_id = shown_release()
    known = site().catalogues.known(release_id)
    if known is None:
        with reading() as (conn, _):
            known = site().catalogues.of(conn, release_id)
    return (known.of_organisations if place.of_organisation else known).catalogue


def answers_posted(asked: Mapping[str, Asked]) -> tuple[list[Change], list[Unreadable]]:
    """The answers of the addresses that the page showed; what cannot be read is kept as it is."""
    versions = {address: version for address, version in seen().items() if address in asked}
    form = PageForm.of({address: asked[address] for address in versions})
    form.process(request.form)
    taken = request.form.get("take")
    changes, drafts = [], []
    for field in form.readings():
        if field.reading.error:
            drafts.append(Unreadable(field.name, field.raw, field.reading.error))
        elif field.name != taken:
            changes.append(Change(field.name, field.reading.value, versions[field.name]))
    return changes, drafts


def _suggested(looked: Subject, question: Question) -> list[Change]:
    """The answer that the rules suggest now."""
    suggestion = looked.suggestion(question)
    if suggestion is None:
        return []
    answer = type_of(question).from_file(question, suggestion.answer).value
    return [Change(question.id, answer, seen().get(question.id, 0))]

"""A party of a project, taken from its organisation's record: names to choose from, facts to confirm."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, request
from sqlalchemy import Connection

from app.actions.answers import Also
from app.actions.organisation_sheets import list_organisations, register_of
from app.actions.pages import Looked, Saved, Subject
from app.actions.parties import RECORDS, PartyRow
from app.catalogue import Catalogue
from app.core.questions import type_of
from app.core.sheet import Change
from app.core.wording import count
from app.web.controls import QuestionView
from app.web.pages.place import Place, RowPlace
from app.web.pages.posting import Follow, shown_release
from app.web.site import Context, day_words, site

HINT = "Choose it from the list, and what its record says is filled in when you save. Or type another name."
NEWER = "newer"
NEWER_NOTE = "Newer facts in its record"


def of_row(conn: Connection, looked: Subject, place: RowPlace) -> PartyRow | None:
    """The row as a party, with the organisations it may be taken from; None when it is none."""
    if not isinstance(looked, Looked) or not _is_party(looked.released.catalogue, place):
        return None
    return _party(conn, looked.released.catalogue, place)


def newer_rows(conn: Connection, looked: Subject, place: Place) -> frozenset[str]:
    """The rows of parties on a page whose record says something newer; seldom one statement more."""
    if not isinstance(looked, Looked) or looked.released.catalogue.organisations is None:
        return frozenset()
    catalogue, sheet = looked.released.catalogue, looked.opened.sheet
    id_ = catalogue.pipeline.names.parties
    if not any(question.id == id_ for question in place.questions(catalogue)):
        return frozenset()
    if not any(entry.where.startswith(RECORDS) for entry in sheet.entries.values()):
        return frozenset()
    question, register = catalogue.program.questions[id_], register_of(catalogue)
    known = list_organisations(conn)
    rows = (PartyRow(question, register, f"{id_}/{n}", known) for n in sheet.rows(id_))
    return frozenset(row.address for row in rows if row.newer(sheet))


def mark_newer(view: QuestionView, newer: frozenset[str]) -> QuestionView:
    """A table of rows that says which of them have newer facts in a record."""
    if not newer or not any(row.address in newer for row in view.rows):
        return view
    rows = (
        row._replace(note=f"{row.note}. {NEWER_NOTE}" if row.note else NEWER_NOTE)
        if row.address in newer
        else row
        for row in view.rows
    )
    return view._replace(rows=tuple(rows))


def follow(place: RowPlace) -> Follow | None:
    """What follows from saving a row: the facts of the organisation it names."""
    known = site().catalogues.known(shown_release())
    if place.page.of_organisation or known is None or not _is_party(known.catalogue, place):
        return None
    catalogue = known.catalogue

    def found(conn: Connection, changes: Sequence[Change]) -> Also:
        party = _party(conn, catalogue, place)
        return party.take_newer() if _takes_newer() else party.take_facts(changes)

    return found


def taken(saved: Saved, place: RowPlace) -> bool:
    """Whether this save took facts from a record; then they are shown to be confirmed."""
    sheet = saved.looked.opened.sheet
    came = [
        entry
        for address, entry in sheet.cells(place.address)
        if saved.merged.changed
        and entry.version == sheet.version
        and entry.where.startswith(RECORDS)
    ]
    if came:
        flash(f"{count(len(came), 'answer')} came from {came[0].by}. Look at them once.")
    return bool(came)


def offer_names(view: QuestionView, party: PartyRow) -> QuestionView:
    """The question that names the organisation, with those that have a record."""
    if view.address != party.name or not party.organisations:
        return view
    names = tuple(organisation.name for organisation in party.organisations)
    return view._replace(known=names, hint=f"{view.hint} {HINT}".strip())


def newer(looked: Subject, party: PartyRow) -> Context | None:
    """What the record says by now, when that is newer than the row; None when nothing is."""
    sheet = looked.opened.sheet
    source, found = party.taken_from(sheet), party.newer(sheet)
    if source is None or not found:
        return None
    return {
        "title": f"{source.name} has changed its record since",
        "facts": [
            {
                "label": each.column.called,
                "text": type_of(each.column).show(each.column, each.value),
                "when": day_words(each.at),
            }
            for each in found
        ],
        "button": "Save, and take the newer facts",
        "value": NEWER,
    }


def _takes_newer() -> bool:
    return request.form.get("go") == NEWER


def _is_party(catalogue: Catalogue, place: RowPlace) -> bool:
    return (
        catalogue.organisations is not None and place.question == catalogue.pipeline.names.parties
    )


def _party(conn: Connection, catalogue: Catalogue, place: RowPlace) -> PartyRow:
    question = catalogue.program.questions[place.question]
    register = register_of(catalogue)
    return PartyRow(question, register, place.address, list_organisations(conn))

"""One row of a rows question on a page of its own: added, changed, removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.errors import NotFound
from app.actions.pages import PageInput, Saved, Subject
from app.actions.parties import PartyRow
from app.core import logic
from app.core.program import ColumnNode, node_reads
from app.core.questions import Column, Question, row_label
from app.core.sheet import Change, Conflict
from app.web.asking import Asking, complaints
from app.web.controls import article, draw_question
from app.web.markdown import to_html
from app.web.pages import parties
from app.web.pages.place import Place, RowPlace, new_row, pages
from app.web.pages.posting import (
    asked_of,
    open_here,
    save_here,
    save_posted,
    seen,
    shown_release,
)
from app.web.site import now, reading, writing

ROW = "/<reference>/<questionnaire>/<page>/<question>/<row>"


@pages.get(ROW)
def row(reference: str, questionnaire: str, page: str, question: str, row: str) -> str:
    """One row of a rows question; "+key" begins a new one."""
    place = RowPlace(Place.here(reference, questionnaire, page), question, row)
    with reading() as (conn, actor):
        looked = open_here(conn, actor, place.page)
        party = parties.of_row(conn, looked, place)
    return _draw(looked, actor, place, (), party)


@pages.post(ROW)
def save_row(
    reference: str, questionnaire: str, page: str, question: str, row: str
) -> Response | str:
    """Save a row and go on, or stay where something needs another look."""
    place = RowPlace(Place.here(reference, questionnaire, page), question, row)
    # A row that is added stands, even with nothing in it yet.
    before = [Change(place.address, {"owner": None})] if place.new else []
    follow = parties.follow(place)
    saved, actor = save_posted(place.page, asked_of(place), before, follow)
    number = str(saved.merged.added.get(place.address, row))
    kept = RowPlace(place.page, question, number)
    if saved.merged.conflicts:
        return _draw(saved.looked, actor, kept, saved.merged.conflicts)
    return redirect(_after(saved, kept))


@pages.get(f"{ROW}/remove")
def remove(reference: str, questionnaire: str, page: str, question: str, row: str) -> str:
    """Ask before a row is removed."""
    place = RowPlace(Place.here(reference, questionnaire, page), question, row)
    with reading() as (conn, actor):
        looked = open_here(conn, actor, place.page)
    return _confirm_removal(looked, place)


@pages.post(f"{ROW}/remove")
def remove_row(reference: str, questionnaire: str, page: str, question: str, row: str) -> Response:
    """Remove a row, unless somebody changed it meanwhile."""
    place = RowPlace(Place.here(reference, questionnaire, page), question, row)
    asked_of(place)  # only a row of this page
    shown = request.form.get("seen", default=0, type=int)
    with writing() as (conn, actor):
        changes = [Change(place.address, None, shown)]
        posted = PageInput(place.page.where, shown_release(), now(), changes)
        saved = save_here(conn, actor, place.page, posted)
    if saved.merged.conflicts:
        flash("Somebody changed this row meanwhile. Look at it again before you remove it.")
        return redirect(place.url())
    flash("Removed. The history keeps what it said.")
    return redirect(place.page.url())


def _after(saved: Saved, place: RowPlace) -> str:
    drafts = saved.looked.opened.sheet.drafts
    go = request.form.get("go")
    if any(address.startswith(f"{place.address}/") for address in drafts):
        return place.url()
    if request.form.get("remove"):
        return place.url("remove")
    if parties.taken(saved, place):
        return place.url()
    if go == "on" and _appeared(saved.looked, place):
        return place.url()
    return new_row(place.page, place.question) if go == "another" else place.page.url()


def _appeared(looked: Subject, place: RowPlace) -> bool:
    """Whether the answers call for columns that the page did not show."""
    shown = {address.rpartition("/")[2] for address in seen()}
    columns = looked.facts.program.questions[place.question].columns
    return any(_owed(looked, place, column) and column.id not in shown for column in columns)


def _draw(
    looked: Subject,
    actor: Actor,
    place: RowPlace,
    clashes: Sequence[Conflict],
    party: PartyRow | None = None,
) -> str:
    question = place.rows(looked.released.catalogue)
    _, page = place.page.definition(looked.released.catalogue)
    row = {} if place.new else _row(looked, place)
    asking = Asking.of(looked, place.page.where, looked.person(actor), clashes)
    columns = _asked(looked, place, question.columns, row)
    views = [asking.column(question, column, place.number) for column in columns]
    if party is not None:
        views = [parties.offer_names(view, party) for view in views]
    label = row_label(question, row) if row else ""
    derived = [column for column in _results(looked, question) if column.id in row]
    name = question.row_name
    return render_template(
        "row.html",
        title=f"{name.capitalize()}: {label}" if label else f"Add {article(name)} {name}",
        caption=page.title,
        back={"label": f"Back to {page.title}", "url": place.page.url()},
        action=place.url(),
        autosave="",
        release=looked.released.release.id,
        row_name=name,
        row_address=place.address,
        why_html=to_html(question.why),
        asks=[draw_question(view) for view in views],
        errors=complaints(views),
        derived=[
            {"label": column.called, "text": asking.cell(question, column, row)}
            for column in derived
        ],
        newer=parties.newer(looked, party) if party is not None else None,
        remove=not place.new,
    )


def _results(looked: Subject, question: Question) -> Iterator[Column]:
    """The derived columns that say something of their own: no step towards another one."""
    nodes = looked.facts.program.nodes
    derived = [column for column in question.columns if column.derived]
    read = {name for each in derived for name in node_reads(nodes[f"{question.id}/{each.id}"])}
    return (column for column in derived if f"{question.id}/{column.id}" not in read)


def _asked(
    looked: Subject, place: RowPlace, columns: Iterable[Column], row: Mapping[str, Any]
) -> Iterator[Column]:
    """The columns that are asked of a row: of a new one, those asked of every row."""
    for column in columns:
        if place.new:
            asked = column.show_if is None and not column.derived
        else:
            asked = _owed(looked, place, column) or (column.id in row and not column.derived)
        if asked:
            yield column


def _owed(looked: Subject, place: RowPlace, column: Column) -> bool:
    """Whether a row lacks this answer, and nothing it depends on is still open."""
    facts = looked.facts
    if column.derived or f"{place.address}/{column.id}" not in facts.waiting:
        return False
    node = facts.program.nodes.get(f"{place.question}/{column.id}")
    reads = logic.reads(node.when) if isinstance(node, ColumnNode) else ()
    return not any(f"{place.address}/{name}" in facts.waiting for name in reads)


def _row(looked: Subject, place: RowPlace) -> Mapping[str, Any]:
    """A row that is there. Raises NotFound."""
    rows: Iterable[Mapping[str, Any]] = looked.facts.values.get(place.question, ())
    for row in rows:
        if str(row["id"]) == place.number:
            return row
    raise NotFound(place.address)


def _confirm_removal(looked: Subject, place: RowPlace) -> str:
    question = place.rows(looked.released.catalogue)
    _, page = place.page.definition(looked.released.catalogue)
    row = _row(looked, place)
    version = looked.opened.sheet.version_of(place.address)
    return render_template(
        "act.html",
        title=f"Remove {row_label(question, row)}?",
        caption=page.title,
        back={"label": "Back", "url": place.page.url()},
        text=f"This takes the {question.row_name} out of all documents."
        " The history keeps what it said.",
        asks=[],
        errors=[],
        action=place.url("remove"),
        hidden=[
            {"name": "release", "value": str(looked.released.release.id)},
            {"name": "seen", "value": str(version)},
        ],
        submit=f"Remove this {question.row_name}",
        grave=True,
    )

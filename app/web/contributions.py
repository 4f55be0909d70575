"""What an organisation adds to a project: all of it on one page, and its own rows to fill in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.access.policy import POLICY
from app.actions.actor import Actor
from app.actions.errors import NotFound
from app.actions.pages import Looked, Saved, open_project
from app.actions.together.contributing import Given, save_ours
from app.actions.together.contributions import (
    Cell,
    Contribution,
    Part,
    Source,
    contribution_of,
    names_party,
    own_columns,
    place_of_ours,
    proposals,
)
from app.catalogue import Catalogue
from app.core.questions import Asked, Column, Question, row_label
from app.core.sheet import NEW_ROW, Change, Conflict, read_address
from app.core.wording import count
from app.web.asking import Asking, complaints
from app.web.controls import QuestionView, draw_question
from app.web.markdown import to_html
from app.web.pages.posting import answers_posted, seen, shown_release
from app.web.site import Context, day_words, now, on_project, reading, site, today, writing

OURS = "/projects/<reference>/ours"
CONFIRM, PROPOSED, ALL = "confirm", "proposed", "all"
NOT_GIVEN = "Not given yet"
REMOVED_MEANWHILE = "Somebody removed this row meanwhile. The history keeps what it said."


# All of it


def ours(reference: str) -> str:
    """What the organisation of this person adds to a project: all of it, and where it came from."""
    with reading() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, reference, today())
    on_project(looked.opened.project)
    mine = contribution_of(looked, actor)
    return render_template(
        "ours.html",
        title=f"What {actor.organisation_name} adds",
        caption=looked.title,
        back=_to_project(reference),
        lead=_lead(mine) if mine else "",
        sections=[*_sections(looked, actor, mine, reference)] if mine else [],
        all_url=url_for("projects.contributions", reference=reference),
    )


def _to_project(reference: str) -> Context:
    return {"label": "Back to the project", "url": url_for("projects.one", reference=reference)}


def _lead(mine: Contribution) -> str:
    if not mine.asked:
        return "Nothing is asked of your organisation yet."
    if mine.complete:
        return f"All {mine.asked} answers are given. Change what is no longer true."
    waiting = sum(part.proposed for part in mine.due)
    said = f"{mine.given} of {count(mine.asked, 'answer')} given."
    if not waiting:
        return said
    verb = "was" if waiting == 1 else "were"
    return f"{said} {waiting} {verb} written for you by others: say whether they are right."


def _sections(
    looked: Looked, actor: Actor, mine: Contribution, reference: str
) -> Iterator[Context]:
    may = not POLICY["project.contribute"].refuses(actor.role)
    asking = Asking.of(looked, place_of_ours(actor.organisation_id), actor.role, ())
    for part in mine.parts:
        url = url_for("projects.our_rows", reference=reference, question=part.question.id)
        yield {
            "title": part.question.called,
            "about": f"{part.stage}. {_progress(part)}",
            "mark": "ok" if part.given == part.asked else "todo" if part.due else None,
            "rows": [*_rows(asking, part)],
            "url": url if may else None,
            "label": _label(part),
        }


def _progress(part: Part) -> str:
    if not part.asked:
        return "Nothing has to be said here."
    said = f"{part.given} of {part.asked} given."
    return said if part.due else f"{said} It is asked for later; you can begin early."


def _label(part: Part) -> str:
    if part.proposed:
        return "Say whether it is right"
    return "Change" if part.given == part.asked and part.asked else "Fill in"


def _rows(asking: Asking, part: Part) -> Iterator[Context]:
    """The rows of a part, each with its answers; one nameless row where there is but one."""
    rows = {int(row["id"]): row for row in part.rows}
    for number in dict.fromkeys(cell.row for cell in part.cells):
        cells = [cell for cell in part.cells if cell.row == number]
        row = rows.get(number, {}) if number else {}
        yield {
            "title": row_label(part.question, row) if len(part.rows) > 1 else "",
            "answers": [
                {
                    "name": cell.column.called,
                    "text": asking.cell(part.question, cell.column, row)
                    if cell.entry and cell.entry.value is not None
                    else NOT_GIVEN
                    if cell.counts
                    else "–",
                    "open": cell.counts and not cell.given,
                    "by": _by(cell),
                }
                for cell in cells
            ],
        }


def _by(cell: Cell) -> str:
    entry = cell.entry
    if entry is None or entry.value is None:
        return ""
    said = f"{entry.by}, {day_words(entry.at)}"
    match cell.source:
        case Source.RECORD:
            return f"From {said}"
        case Source.PROPOSED:
            return f"Written for you by {said}. Is it right?"
        case _:
            return said


# One question of it


def our_rows(reference: str, question: str) -> Response | str:
    """The rows of one question that belong to the organisation of this person, to fill in."""
    if request.method == "POST":
        return _save(reference, question)
    with reading() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, reference, today())
    on_project(looked.opened.project)
    return _draw(looked, actor, question, ())


def _save(reference: str, question: str) -> Response | str:
    with writing() as (conn, actor):
        catalogue = site().catalogues.of(conn, shown_release()).catalogue
        changes, drafts = answers_posted(_asked(catalogue, question))
        pressed = request.form.get(CONFIRM, "")
        confirm = request.form.getlist(PROPOSED) if pressed == ALL else [pressed]
        given = Given(
            question, shown_release(), now(), changes, drafts, frozenset(confirm), _removed()
        )
        saved = save_ours(conn, actor, site().catalogues, reference, given)
    looked = _looked(saved)
    if saved.merged.conflicts:
        on_project(looked.opened.project)
        return _draw(looked, actor, question, saved.merged.conflicts)
    return redirect(_after(looked, actor, question, saved))


def _looked(saved: Saved) -> Looked:
    if not isinstance(saved.looked, Looked):
        raise NotFound(OURS)
    return saved.looked


def _asked(catalogue: Catalogue, id_: str) -> dict[str, Asked]:
    """What the page of a question may post, by address: the columns that a party fills in, of any row."""
    question = _question(catalogue, id_)
    columns = {column.id: column for column in own_columns(catalogue.pipeline, question)}
    found: dict[str, Asked] = {}
    for address in seen():
        try:
            place = read_address(address)
        except ValueError:
            continue
        if place.question == id_ and place.column in columns:
            found[address] = columns[place.column]
    return found


def _question(catalogue: Catalogue, id_: str) -> Question:
    question = catalogue.program.questions.get(id_)
    if question is None or question.type != "rows":
        raise NotFound(id_)
    return question


def _removed() -> Change | None:
    """The row that is to be taken out, with the version that the page showed of it."""
    address, _, version = request.form.get("remove", "").rpartition("=")
    try:
        read_address(address)
    except ValueError:
        return None
    return Change(address, None, int(version[:9]) if version.isdecimal() else 0)


def _after(looked: Looked, actor: Actor, question: str, saved: Saved) -> str:
    """Where saving leads: the rows that were taken over; the same page; or all of it."""
    reference = looked.opened.project.reference
    here = url_for("projects.our_rows", reference=reference, question=question)
    taken = {read_address(each).question for each in saved.merged.added} - {question}
    if taken:
        flash("This is yours now, as it was proposed. Change what differs for you.")
        return url_for("projects.our_rows", reference=reference, question=min(taken))
    mine = contribution_of(looked, actor)
    part = next((p for p in mine.parts if p.question.id == question), None) if mine else None
    stays = request.form.get(CONFIRM, ALL) != ALL or "take" in request.form
    if part is not None and (stays or _look_again(looked, part)):
        return here
    return url_for("projects.ours", reference=reference)


def _look_again(looked: Looked, part: Part) -> bool:
    """Whether something typed could not be read, or an answer calls for another one."""
    shown = {address.rpartition("/")[2] for address in seen()}
    drafts = looked.opened.sheet.drafts
    rows = [f"{part.question.id}/{row['id']}/" for row in part.rows]
    unread = any(address.startswith(tuple(rows)) for address in drafts) if rows else False
    return unread or any(
        cell.source is Source.BLANK and cell.column.id not in shown for cell in part.cells
    )


def _draw(looked: Looked, actor: Actor, id_: str, clashes: Sequence[Conflict]) -> str:
    question = _question(looked.released.catalogue, id_)
    mine = contribution_of(looked, actor)
    if mine is None:
        raise NotFound(id_)
    part = mine.part(id_)
    asking = Asking.of(looked, place_of_ours(actor.organisation_id), actor.role, clashes)
    shown = {f"{id_}/{row['id']}" for row in part.rows}
    if any(read_address(clash.address).row_address not in shown for clash in clashes):
        flash(REMOVED_MEANWHILE)
    views = [*_views(asking, part)]
    reference = looked.opened.project.reference
    return render_template(
        "our_rows.html",
        title=question.called,
        caption=f"What {actor.organisation_name} adds. {looked.title}",
        back={
            "label": f"Back to what {actor.organisation_name} adds",
            "url": url_for("projects.ours", reference=reference),
        },
        action=url_for("projects.our_rows", reference=reference, question=id_),
        release=looked.released.release.id,
        why_html=to_html(question.why),
        groups=[*_groups(looked, mine, part, views, asking)],
        errors=complaints(view for _, view in views),
        proposed=[view.address for _, view in views if view.proposed],
        submit="Save and continue",
    )


def _views(asking: Asking, part: Part) -> Iterator[tuple[Cell, QuestionView]]:
    """The questions of a part as they stand on its page."""
    new = f"{NEW_ROW}{secrets.token_hex(4)}"
    for cell in part.cells:
        view = asking.column(part.question, cell.column, cell.row or new)
        view = view._replace(for_whom="", optional=view.optional and not cell.column.confirms)
        entry = cell.entry
        if cell.source is Source.PROPOSED and entry is not None and not view.conflict:
            told = f"{entry.by} wrote this for you on {day_words(entry.at)}."
            view = view._replace(note_before="", proposed=told)
        yield cell, view


def _groups(
    looked: Looked,
    mine: Contribution,
    part: Part,
    views: Iterable[tuple[Cell, QuestionView]],
    asking: Asking,
) -> Iterator[Context]:
    rows = {int(row["id"]): row for row in part.rows}
    drawn = [*views]
    for number in dict.fromkeys(cell.row for cell, _ in drawn):
        row = rows.get(number, {}) if number else {}
        address = f"{part.question.id}/{number}"
        asks: list[Context] = []
        for cell, view in drawn:
            if cell.row == number:
                held = _held(looked, mine, cell.column, asking)
                asks.append({"html": draw_question(view), "holds": held})
        yield {
            "title": row_label(part.question, row) if len(rows) > 1 else "",
            "asks": asks,
            "remove": f"{address}={looked.opened.sheet.version_of(address)}"
            if row and not part.adds and part.refers
            else "",
        }


def _held(looked: Looked, mine: Contribution, column: Column, asking: Asking) -> list[Context]:
    """What holds for the organisation so far, of which a column asks whether it is right."""
    if column.confirms is None:
        return []
    question = looked.facts.program.questions[column.confirms.rows]
    found = []
    for row in proposals(looked, mine.party, question.id):
        facts: list[Any] = [
            {"label": each.called, "text": asking.cell(question, each, row)}
            for each in question.columns
            if each.id in row and not each.derived
        ]
        own = row.get(names_party(looked.released.catalogue.pipeline, question))
        said = "Your own" if own else "Proposed for you"
        found.append({"title": f"{said}: {row_label(question, row)}", "facts": facts})
    return found

"""What of a shared project is one organisation's alone, for whoever decides or adopts for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.actions.actor import Actor, roles_of
from app.actions.review.binding import Party, party_of
from app.actions.review.reports import Report
from app.core.parts import routes_of
from app.core.questions import Question, row_label
from app.core.wording import count, listed
from app.web.site import Context, reading


def hats_of(report: Report, actor: Actor) -> dict[str, Actor]:
    """The organisations of this project for which this person acts in this role, by id; their own first."""
    with reading() as (conn, _):
        every = [each for each in roles_of(conn, actor.person_id) if each.role == actor.role]
    return {
        str(each.organisation_id): each
        for each in sorted(every, key=lambda one: one.organisation_id != actor.organisation_id)
        if party_of(report.record, each.organisation_name)
    }


def in_short(report: Report, actor: Actor) -> Iterator[Context]:
    """How much is only theirs, for each organisation that this person serves, in a line each."""
    for each in hats_of(report, actor).values():
        party = party_of(report.record, each.organisation_name)
        if party is not None:
            said = [count(len(part["rows"]), part["row"]) for part in _lists(report, party)]
            text = listed(said) if said else "Nothing but its row"
            yield {"label": each.organisation_name, "text": text}


def differs_for(report: Report, actors: Iterable[Actor]) -> Iterator[Context]:
    """What differs for each of these organisations, by its name."""
    for each in actors:
        party = party_of(report.record, each.organisation_name)
        if party is not None:
            record, id_ = report.record, report.record.pipeline.names.parties
            row = next(one for one in record.facts.values[id_] if one["id"] == party.row)
            yield {
                "title": each.organisation_name,
                "facts": _facts(report, record.question(id_), row),
                "lists": list(_lists(report, party)),
            }


def unnamed(report: Report) -> str:
    """The risks for whose measures no organisation is responsible, in a sentence; "" for none."""
    record = report.record
    names = record.pipeline.names
    if names.risks not in record.facts.shown:
        return ""
    question = record.question(names.risks)
    naming = next((c.id for c in question.columns if c.rows == names.parties), None)
    rows = record.facts.values.get(names.risks, ())
    without = [row_label(question, row) for row in rows if naming and row.get(naming) is None]
    return f"No organisation is named for the measures of: {listed(without)}." if without else ""


def _lists(report: Report, party: Party) -> Iterator[Context]:
    """The rows of other lists that are this party's: its routes, what it gives and gets, its measures."""
    record = report.record
    names = record.pipeline.names
    own = next(each for each in record.facts.values[names.parties] if each["id"] == party.row)
    for id_ in _in_order(report):
        question, rows = record.question(id_), record.facts.values.get(id_, ())
        if id_ == names.routes:
            theirs = list(routes_of(rows, own))
        else:
            naming = [c.id for c in question.columns if c.rows == names.parties]
            theirs = [row for row in rows if any(row.get(c) == party.row for c in naming)]
        if theirs:
            lines = [_line(report, question, row) for row in theirs]
            yield {"title": question.called, "row": question.row_name, "rows": lines}


def _in_order(report: Report) -> list[str]:
    """The lists that the route asks for, as it asks for them."""
    record = report.record
    shown = [id_ for id_ in record.facts.shown if id_ in record.facts.program.questions]
    lists = [id_ for id_ in shown if record.question(id_).type == "rows"]
    places = record.facts.program.places
    return sorted(
        (id_ for id_ in lists if id_ != record.pipeline.names.parties),
        key=lambda id_: places[id_][0].rank,
    )


def _line(report: Report, question: Question, row: Mapping[str, object]) -> Context:
    said = [
        each for each in _facts(report, question, row) if each["text"] != row_label(question, row)
    ]
    rest = [f"{each['label'].rstrip('?')}: {each['text'].rstrip('.')}." for each in said]
    return {"title": row_label(question, row).rstrip("."), "text": " ".join(rest)}


def _facts(report: Report, question: Question, row: Mapping[str, object]) -> list[Context]:
    return [
        {
            "label": column.called,
            "text": report.record.said(column, row[column.id], question.id).text,
        }
        for column in question.columns
        if row.get(column.id) is not None and not column.derived
    ]

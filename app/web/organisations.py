"""Organisations: the map of who decides on information, and each one's own record."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.access.roles import ADMINISTRATOR, SYSTEM
from app.actions.actor import Actor
from app.actions.ig_map import IgMap, Line, draw_map
from app.actions.organisation_sheets import (
    OrganisationLooked,
    list_organisations,
    open_organisation,
)
from app.actions.organisations import NameTaken, NewOrganisation, enter_organisation
from app.catalogue import Organisations
from app.core.assessment import Assessment, Result, assess
from app.core.journey import Step
from app.core.program import ScoreNode
from app.core.questions import Question, type_of
from app.core.wording import count, plural
from app.web.asking import complaints
from app.web.citing import Laws, cited
from app.web.controls import Option, QuestionView, draw_question
from app.web.forms import typed
from app.web.once import id_of_form, key_field
from app.web.pages.place import Place
from app.web.site import Context, day_words, now, reading, site, today, writing

organisations = Blueprint("organisations", __name__)

LONGEST_NAME = 300
NAME, KIND = "organisation-name", "organisation-kind"
GAPS = "gaps"


def catalogue_of_organisations() -> Organisations:
    """What the newest release that this process knows asks of organisations; 404 for nothing."""
    known = site().catalogues.by_id.values()
    newest = max(known, key=lambda each: each.release.number)
    return newest.catalogue.organisations or abort(404)


@organisations.get("/organisations")
def ig_map() -> str:
    """Every organisation against its roles, with gaps and when it was last checked."""
    with reading() as (conn, _):
        found = list_organisations(conn)
    drawn = draw_map(catalogue_of_organisations(), found)
    chosen = request.args.get("show", "")
    lines = [line for line in drawn.lines if _shown(line, chosen)]
    return render_template(
        "organisations.html",
        title="Who decides on data, organisation by organisation",
        lead=_lead(drawn),
        tile_entries=_tiles(drawn),
        filters=list(_filters(drawn, chosen)),
        columns=["Organisation", *drawn.roles, "Checked"],
        lines=[_line(line) for line in lines],
        add={"label": "Add an organisation", "url": url_for("organisations.new")},
        empty="There is no organisation here.",
    )


def _shown(line: Line, chosen: str) -> bool:
    return chosen in ("", line.kind) or (chosen == GAPS and line.gaps > 0)


def _lead(drawn: IgMap) -> str:
    again = f" {count(drawn.again, 'record')} nobody has checked for a year." if drawn.again else ""
    return f"{count(len(drawn.lines), 'organisation')}, {count(drawn.gaps, 'gap')}.{again}"


def _tiles(drawn: IgMap) -> list[Context]:
    return [
        {
            "count": drawn.gaps,
            "mark": "gap",
            "text": f"{plural(drawn.gaps, 'gap')}: someone is needed, nobody is named",
        },
        {
            "count": drawn.unknown,
            "mark": "open",
            "text": f"{plural(drawn.unknown, 'organisation')} with something not said yet",
        },
        {
            "count": drawn.again,
            "mark": "open",
            "text": f"{plural(drawn.again, 'record')} to check again",
        },
        {
            "count": drawn.whole,
            "mark": None,
            "text": f"{plural(drawn.whole, 'organisation')} with every role filled",
        },
    ]


def _filters(drawn: IgMap, chosen: str) -> Iterator[Context]:
    there = {line.kind: line.kind_title for line in drawn.lines}
    order = _kind_question(catalogue_of_organisations()).labels
    kinds = {
        code: there[code] for code in [*order, *(there.keys() - order.keys())] if code in there
    }
    entries = [("", "All", len(drawn.lines))]
    entries += [(k, kinds[k], sum(one.kind == k for one in drawn.lines)) for k in kinds]
    entries.append((GAPS, "Gaps only", sum(line.gaps > 0 for line in drawn.lines)))
    for code, title, number in entries:
        yield {
            "label": f"{title} ({number})",
            "url": url_for("organisations.ig_map", show=code or None),
            "current": code == chosen,
        }


def _line(line: Line) -> Context:
    about = line.organisation
    done = f"{about.done} of {about.steps} steps" if about.steps else "Not begun"
    checked = day_words(line.checked) if line.checked else "Not said yet"
    if line.checked and line.again:
        checked = f"{checked}, over a year ago"
    return {
        "name": about.name,
        "url": url_for("organisations.one", reference=str(about.id)),
        "about": f"{line.kind_title}. {done}",
        "cells": [
            {"label": c.role, "state": c.state.value, "holder": c.holder, "note": c.note}
            for c in line.cells
        ],
        "checked": {"text": checked, "again": line.again or line.checked is None},
    }


# One organisation


@organisations.get("/organisations/<reference>")
def one(reference: str) -> str:
    """An organisation's record: how far it is, what follows, what to mend, what it says."""
    with reading() as (conn, actor):
        looked = open_organisation(conn, actor, site().catalogues, reference, today())
    about, assessed = looked.opened.organisation, assess(looked.facts)
    unfinished = next((step for step in looked.steps if not step.complete), None)
    following = None
    if unfinished is not None and about.may_change:
        label = f"Continue with “{unfinished.page.title}”"
        following = {"label": label, "url": _place(looked, unfinished).url()}
    return render_template(
        "organisation.html",
        title=about.name,
        caption=_caption(looked),
        crumbs=[{"label": "Organisations", "url": url_for("organisations.ig_map")}],
        people=_people(actor, about.id),
        lead=_progress(looked),
        next=following,
        locked="" if about.may_change else "Its own people keep this record. You may read it.",
        steps=[_step(looked, step) for step in looked.steps],
        results=list(_results(looked, assessed)),
        flags=list(_flags(assessed, looked.released.catalogue.legislation)),
        open=_open(assessed),
        sections=[_said(looked, step) for step in looked.steps if step.answered],
    )


def _people(actor: Actor, organisation_id: UUID) -> str | None:
    """Where whoever looks after its people finds them; nobody does in the demonstration."""
    own = actor.role == ADMINISTRATOR and actor.organisation_id == organisation_id
    if site().demo or not (own or actor.role == SYSTEM):
        return None
    return url_for("account.people_at", organisation=str(organisation_id))


def _place(looked: OrganisationLooked, step: Step) -> Place:
    reference = str(looked.opened.organisation.id)
    return Place(reference, step.questionnaire, step.page.id, of_organisation=True)


def _caption(looked: OrganisationLooked) -> str:
    id_ = looked.register.kind
    kind = looked.facts.values.get(id_)
    said = looked.facts.program.scope[id_].label(kind) if kind else "An organisation"
    sponsor = looked.opened.organisation.sponsor
    return f"{said}. Sponsored by {sponsor}: it shares only with its sponsor" if sponsor else said


def _progress(looked: OrganisationLooked) -> str:
    steps = len(looked.steps)
    percent = round(100 * looked.done / steps) if steps else 0
    return f"{looked.done} of {count(steps, 'step')} complete: {percent}%."


def _step(looked: OrganisationLooked, step: Step) -> Context:
    left = sum(len(addresses) for addresses in step.unfinished.values())
    return {
        "id": f"{step.questionnaire}-{step.page.id}",
        "title": step.page.title,
        "url": _place(looked, step).url() if looked.opened.organisation.may_change else None,
        "hint": f"{step.answered} of {step.asked}",
        "mark": "ok" if step.complete else "todo",
        "status": "Complete" if step.complete else f"{left} to answer",
    }


def _results(looked: OrganisationLooked, assessed: Assessment) -> Iterator[Context]:
    scope, values = looked.facts.program.scope, looked.facts.values
    texts = {each.id: each.outcome.text for each in assessed.decisions.values() if each.outcome}
    for node in looked.facts.program.nodes.values():
        if isinstance(node, ScoreNode):
            level = assessed.scores[node.id].level
            texts[node.id] = node.rule.source
            if node.rule.band:
                texts[node.rule.band.id] = level.text if level else None
    for id_ in looked.register.in_short:
        value = values.get(id_)
        said = "Not all answered yet" if value is None else scope[id_].label(value)
        yield {"label": scope[id_].name, "text": said, "more": texts.get(id_) or ""}


def _flags(assessed: Assessment, laws: Laws) -> Iterator[Context]:
    for flag in assessed.flags:
        if flag.raised:
            checked = flag.rule.checked
            yield {
                "id": flag.id,
                "title": flag.rule.title,
                "because": flag.rule.because,
                "raised": flag.because.text(),
                "source": cited(flag.rule.source or "", laws),
                "checked": f"Confirmed on {checked}." if checked else "Not yet confirmed by a DPO.",
            }


def _open(assessed: Assessment) -> str:
    left = sum(flag.result is Result.UNDETERMINED for flag in assessed.flags)
    return f"{count(left, 'check')} still open: the answers above settle them." if left else ""


def _said(looked: OrganisationLooked, step: Step) -> Context:
    changing = looked.opened.organisation.may_change
    return {
        "title": step.page.title,
        "url": _place(looked, step).url() if changing else None,
        "answers": [_answer(looked, question) for question in step.questions],
    }


def _answer(looked: OrganisationLooked, question: Question) -> Context:
    value, entry = (
        looked.facts.values.get(question.id),
        looked.opened.sheet.entries.get(question.id),
    )
    if value is None or entry is None:
        return {"ask": question.called, "said": "Not answered yet", "given": ""}
    said = type_of(question).show(question, value)
    return {
        "ask": question.called,
        "said": said,
        "given": f"{entry.by}, {day_words(entry.at)}",
    }


# A new one


@organisations.get("/organisations/new")
def new() -> str:
    """Ask for the name and kind of an organisation."""
    with reading():
        return _draw_new({})


@organisations.post("/organisations/new")
def add() -> Response | str:
    """Enter an organisation into the register."""
    kinds = _kind_question(catalogue_of_organisations())
    name, kind = typed(NAME, LONGEST_NAME, "text"), request.form.get(KIND, "")
    errors = {NAME: name.error or ("" if name.value else "Enter what it is called")}
    errors[KIND] = "" if kind in kinds.labels else "Choose what kind of organisation it is"
    with writing() as (conn, actor):
        if any(errors.values()):
            return _draw_new(errors)
        try:
            entered = NewOrganisation(str(name.value), kind, now(), id_of_form(actor))
            newest = site().catalogues.newest_in(conn).of_organisations
            added = enter_organisation(conn, actor, newest, entered)
        except NameTaken:
            return _draw_new({NAME: "There is an organisation of this name already"})
    people = (
        " Invite somebody to look after it under “Its people here”." if actor.role == SYSTEM else ""
    )
    flash(f"Added. Answer what you know; the rest can wait.{people}")
    return redirect(_url_of(added))


def _url_of(organisation_id: UUID) -> str:
    return url_for("organisations.one", reference=str(organisation_id))


def _kind_question(catalogue: Organisations) -> Question:
    return catalogue.program.questions[catalogue.pipeline.kind]


def _draw_new(errors: dict[str, str]) -> str:
    kinds = _kind_question(catalogue_of_organisations())
    options = tuple(Option(code, label) for code, label in kinds.labels.items())
    views = [
        QuestionView(
            NAME,
            "text",
            "What is it called?",
            name="Name",
            hint="As in the regulator's public register.",
            max_length=LONGEST_NAME,
            value=request.form.get(NAME, ""),
            error=errors.get(NAME, ""),
        ),
        QuestionView(
            KIND,
            "radios",
            kinds.ask,
            name="Kind",
            options=options,
            value=request.form.get(KIND),
            error=errors.get(KIND, ""),
        ),
    ]
    return render_template(
        "act.html",
        title="Add an organisation",
        caption="Organisations",
        back={"label": "Back to organisations", "url": url_for("organisations.ig_map")},
        text="Until it has people of its own here, anybody may answer for it.",
        asks=[draw_question(view) for view in views],
        errors=complaints(views),
        action=url_for("organisations.add"),
        hidden=[key_field()],
        submit="Add this organisation",
    )

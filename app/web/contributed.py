"""How far each organisation is with what it adds to a project, and who there can go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import render_template, url_for

from app.actions.actor import Actor
from app.actions.overview import Overview, follow_project
from app.actions.together.contributions import (
    PARTY,
    Contribution,
    contribution_of,
    contributions,
    who_fills,
)
from app.core.wording import count, inside, listed
from app.web.site import Context, on_project, reading, site, today

NOBODY = "Nobody yet: see who is on the team"
FEW = 3  # names that are shown before the rest is counted


def show_contributions(reference: str) -> str:
    """How far each organisation is with what it adds, and who there can go on."""
    with reading() as (conn, actor):
        view = follow_project(conn, actor, site().catalogues, reference, today())
        people = who_fills(conn, view.report.opened.project.id)
    on_project(view.report.opened.project)
    looked = view.report.looked
    every, mine = contributions(looked, view.organisation), contribution_of(looked, actor)
    given, asked = sum(each.given for each in every), sum(each.asked for each in every)
    return render_template(
        "listing.html",
        title="What each organisation adds",
        caption=looked.title,
        crumbs=[
            {"label": "Projects", "url": url_for("projects.list_all")},
            {"label": looked.title, "url": url_for("projects.one", reference=reference)},
        ],
        lead=f"{said_of(every)}."
        if asked > given
        else "Every organisation has given what is asked of it by now.",
        tables=[
            {
                "caption": "By organisation",
                "columns": ["Organisation", "Given", "Still missing", "Whom to ask"],
                "rows": [
                    _listed(view, each, people.get(each.name.casefold(), ()))
                    | _own(view, mine is not None and each.name == mine.name)
                    for each in every
                ],
            }
        ],
    )


def _listed(view: Overview, each: Contribution, people: Sequence[str]) -> Context:
    missing = each.missing()
    more = f" and {len(missing) - FEW} more" if len(missing) > FEW else ""
    shown = ", ".join(missing[:FEW]) if more else listed(missing)
    return {
        "title": each.name,
        "url": None,
        "about": "",
        "cells": [
            {
                "label": "Given",
                "mark": "ok" if each.complete else "open",
                "text": f"{each.given}\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}{each.asked}",
            },
            {"label": "Still missing", "text": f"{shown}{more}" or "Nothing"},
            {
                "label": "Whom to ask",
                # Whether it takes part, and who works for it, is said and changed there.
                "url": None if people or each.complete else _url(view, "projects.team"),
                "text": "Nobody now"
                if each.complete
                else listed([*people[:1], *map(inside, people[1:])])
                if people
                else NOBODY,
            },
        ],
    }


def _own(view: Overview, own: bool) -> Context:
    """The part of one's own organisation leads to its page."""
    return {"url": _url(view, "projects.ours"), "about": "Your part"} if own else {}


def _url(view: Overview, endpoint: str) -> str:
    return url_for(endpoint, reference=view.report.reference)


def said_of(every: Sequence[Contribution]) -> str:
    """How far all organisations are, and for whom it waits: "8 of 12 given, waiting on Marlham"."""
    given, asked = sum(each.given for each in every), sum(each.asked for each in every)
    waiting = [each.name for each in every if not each.complete]
    if not waiting:
        return f"All {asked} given"
    more = [count(len(waiting) - FEW, "more organisation")] if len(waiting) > FEW else []
    return f"{given} of {asked} given, waiting on {listed([*waiting[:FEW], *more])}"


# What the project's page and its task lists say of it


def waits(view: Overview) -> list[Context]:
    """What organisations still add, as something that waits; [] where nothing does."""
    every = contributions(view.report.looked, view.organisation)
    if view.report.current is None or not _shared(view, view.report.stage):
        return []
    waiting = [each.name for each in every if not each.complete]
    if not waiting:
        return []
    given, asked = sum(each.given for each in every), sum(each.asked for each in every)
    more = [count(len(waiting) - FEW, "more organisation")] if len(waiting) > FEW else []
    return [
        {
            "what": f"What each organisation adds: {given} of {asked} given",
            "url": _url(view, "projects.contributions"),
            "who": listed([*waiting[:FEW], *more]),
            "since": "",
        }
    ]


def next_of_party(view: Overview, actor: Actor) -> Context | None:
    """What somebody who answers for one organisation alone does next: its own part."""
    mine = contribution_of(view.report.looked, actor) if actor.role == PARTY else None
    if mine is None or mine.complete:
        return None
    return {
        "text": f"{mine.given} of {count(mine.asked, 'answer')} of {mine.name} given. The others are yours.",
        "then": "",
        "label": "Fill in your part",
        "url": _url(view, "projects.ours"),
    }


def ways(view: Overview) -> list[tuple[str, str]]:
    """The ways to what organisations add."""
    parties = view.record.pipeline.names.parties
    if not view.record.facts.values.get(parties):
        return []
    return [
        ("Your organisation's part", _url(view, "projects.ours")),
        ("What each organisation adds", _url(view, "projects.contributions")),
    ]


def tasks(view: Overview, stage: str) -> Iterator[Context]:
    """What the task list of a stage says of it, where the stage asks organisations for something."""
    every = contributions(view.report.looked, view.organisation)
    if not every or not _shared(view, stage):
        return
    complete = all(each.complete for each in every)
    yield {
        "title": "From each organisation",
        "tasks": [
            {
                "id": "contributions",
                "title": "What each organisation adds",
                "url": _url(view, "projects.contributions"),
                "hint": said_of(every),
                "mark": "ok" if complete else "open",
                "status": "Complete" if complete else "With the organisations",
            }
        ],
    }


def _shared(view: Overview, stage: str) -> bool:
    """Whether organisations take part in a stage, each for itself."""
    return PARTY in view.record.pipeline.stage(stage).takes_part

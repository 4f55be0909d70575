"""Renewing a project: what comes along and what does not, and where the earlier one is."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.answers import Opened, open_sheet
from app.actions.overview import Overview
from app.actions.renewal import DOOR, Kin, kin, may_renew, renew_project
from app.store.walks import WALK
from app.web.once import begin_once, key_of_form
from app.web.site import Context, day_words, now, on_project, reading, site, today, writing

RENEW = "Change or renew"


def came_back(reference: str) -> str:
    """What is said once a renewal has begun."""
    return (
        f"The answers of {reference} came back. Go through them page by page and say whether they"
        " are still true."
    )


def renew(reference: str) -> Response | str:
    """Say what a renewal does, and begin one."""
    if request.method == "POST":
        with writing() as (conn, actor):
            made = begin_once(
                conn,
                actor,
                lambda id_: renew_project(conn, actor, site().catalogues, reference, now(), id_),
            )
        flash(came_back(reference))
        return redirect(url_for("projects.one", reference=made))
    with reading() as (conn, actor):
        opened = open_sheet(conn, actor, reference)
        others = kin(conn, actor, reference)
    on_project(opened.project)
    return render_template(
        "renew.html",
        title=RENEW,
        caption=f"{reference}. {opened.project.summary.title}",
        back={"label": "Back to the project", "url": url_for("projects.one", reference=reference)},
        action=url_for("projects.renew", reference=reference),
        submit="Begin the renewal",
        once=key_of_form(),
        kin=told(others),
    )


def ways(opened: Opened) -> list[tuple[str, str]]:
    """The link that begins a renewal, once a project has come far enough."""
    reference = opened.project.reference
    if reference.startswith(WALK) or not may_renew(opened, today()):
        return []
    return [(RENEW, url_for("projects.renew", reference=reference))]


def related(conn: Connection, actor: Actor, view: Overview) -> tuple[Kin, ...]:
    """The projects that a project renews or that renew it; a statement only where there are any."""
    project = view.report.opened.project
    began_so = project.door == DOOR and not project.reference.startswith(WALK)
    return kin(conn, actor, project.reference) if began_so or view.renewed else ()


def told(several: tuple[Kin, ...]) -> list[Context]:
    """The same in short, each with where it is."""
    return [
        {
            "label": "Renewed by" if each.later else "Renews",
            "text": f"{each.reference} {each.title}"
            + (f", begun {day_words(each.at)}" if each.later else ""),
            "url": url_for("projects.one", reference=each.reference),
        }
        for each in several
    ]

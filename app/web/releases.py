"""Releases: the list of them, one with its files and notes, and that projects must move to it."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.access.policy import SEES
from app.actions.actor import Actor
from app.actions.definitions.releases import (
    MARKS,
    export_release,
    find_release,
    on_release,
    release_from_moving,
    releases_to_move_to,
    require_move,
    zip_release,
)
from app.actions.errors import NotFound
from app.catalogue.things import file_called
from app.core.wording import count
from app.store.releases import EDITOR, FILES, Mark, Release, projects_on
from app.store.releases import releases as every_release
from app.web.controls import QuestionView, draw_question, locate_error
from app.web.forms import typed
from app.web.site import Context, day_words, fresh, now, reading, writing

releases = Blueprint("releases", __name__, url_prefix="/definitions/releases")

LONGEST = 4000
COMPARED = 12  # earlier releases with which one is compared from its page
CAME = {EDITOR: "The editor", FILES: "Files"}
NO_FILE = "This file is not text. It is among the files to download."


@releases.get("")
def list_all() -> str:
    """Every release, the newest first."""
    with reading() as (conn, _):
        found, used, marked = every_release(conn), projects_on(conn), releases_to_move_to(conn)
    newest = next((each.number for each in found), 0)
    rows = [
        {
            "title": f"Release {each.number}",
            "url": url_for("releases.one", number=each.number),
            "about": each.notes,
            "cells": [
                {"label": "Published", "text": day_words(each.at)},
                {"label": "By", "text": each.author},
                {"label": "Projects on it", "text": str(used.get(each.id, 0))},
                {"label": "State", **_state(each, newest, marked)},
            ],
        }
        for each in found
    ]
    return render_template(
        "listing.html",
        title="Releases",
        lead="All questions, rules and documents as they were published. New projects use the "
        "newest release; a project stays on its own until somebody moves it.",
        tables=[
            {
                "caption": count(len(found), "release"),
                "columns": ["Release", "Published", "By", "Projects on it", "State"],
                "rows": rows,
            }
        ],
    )


def _state(each: Release, newest: int, marked: dict[int, Mark]) -> Context:
    if each.number in marked:
        return {"mark": "stop", "text": "Projects must move to it"}
    return {"mark": "ok" if each.number == newest else None, "text": _newest(each, newest)}


def _newest(each: Release, newest: int) -> str:
    return "Newest" if each.number == newest else ""


@releases.get("/<int:number>")
def one(number: int) -> str:
    """One release: who published it, when and why, its files, and which projects are on it."""
    with reading() as (conn, actor):
        release = find_release(conn, number)
        files = export_release(conn, number)
        mark = releases_to_move_to(conn).get(number)
        projects = on_release(conn, actor, release.id) if actor.role in SEES else ()
        used = projects_on(conn).get(release.id, 0)
    return render_template(
        "release.html",
        title=f"Release {number}",
        crumbs=[{"label": "Releases", "url": url_for("releases.list_all")}],
        notes=release.notes,
        facts=_facts(release, used),
        mark=_mark(mark),
        mark_url=url_for("releases.must_move", number=number) if actor.role in MARKS else None,
        compare=[
            {
                "label": f"Release {each}",
                "url": url_for("changes.between", number=each, other=number),
            }
            for each in range(number - 1, max(number - 1 - COMPARED, 0), -1)
        ],
        download_url=url_for("releases.download", number=number),
        files=[
            {
                "path": path,
                "title": file_called(files, path),
                "url": url_for("releases.file", number=number, path=path),
            }
            for path in files
        ],
        projects=[
            {"title": each.title, "url": url_for("projects.one", reference=each.reference)}
            for each in projects
        ],
        others=max(used - len(projects), 0),
    )


def _facts(release: Release, used: int) -> list[Context]:
    facts = (
        ("Published", day_words(release.at)),
        ("By", release.author),
        ("From", CAME.get(release.origin, "The files found at a start")),
        ("Content hash", release.hash),
        ("Projects on it", str(used)),
    )
    return [{"label": label, "text": text} for label, text in facts]


def _mark(mark: Mark | None) -> Context | None:
    if mark is None:
        return None
    return {
        "title": "Projects on earlier releases must move to this one, or a newer one",
        "text": f"{mark.reason} {mark.who}, {day_words(mark.at)}. Until they move, or a data "
        "protection officer says why not, they can neither sign nor close a stage.",
        "url": None,
    }


@releases.get("/<int:number>/files/<path:path>")
def file(number: int, path: str) -> str:
    """One file of a release, as it is written."""
    with reading() as (conn, _):
        files = export_release(conn, number)
        content = files.get(path)
    if content is None:
        raise NotFound(path)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = NO_FILE
    return render_template(
        "listing.html",
        title=file_called(files, path),
        caption=path,
        crumbs=[
            {"label": "Releases", "url": url_for("releases.list_all")},
            {"label": f"Release {number}", "url": url_for("releases.one", number=number)},
        ],
        code=text,
    )


@releases.get("/<int:number>/download")
def download(number: int) -> Response:
    """The very files that were published, in one file."""
    with reading() as (conn, _):
        packed = zip_release(export_release(conn, number))
    response = make_response(packed)
    response.mimetype = "application/zip"
    response.headers["Content-Disposition"] = (
        f'attachment; filename="fingerpost_release_{number}.zip"'
    )
    return response


@releases.route("/<int:number>/must-move", methods=["GET", "POST"])
def must_move(number: int) -> Response | str:
    """Say why projects on earlier releases must move to this one; or take that back."""
    with reading() as (conn, actor):
        release = find_release(conn, number)
        mark = releases_to_move_to(conn).get(number)
    if request.method != "POST":
        return _ask(release, mark, "")
    reason = typed("reason", LONGEST)
    if reason.error or not reason.value:
        return _ask(release, mark, reason.error or "Write a reason")
    with writing() as (conn, actor):
        fresh()
        _say(conn, actor, number, str(reason.value), taken_back=mark is not None)
    flash("Taken back." if mark else "Said. Projects on earlier releases see it at once.")
    return redirect(url_for("releases.one", number=number))


def _say(conn: Connection, actor: Actor, number: int, reason: str, *, taken_back: bool) -> None:
    said = (reason, now())
    if taken_back:
        release_from_moving(conn, actor, number, said)
    else:
        require_move(conn, actor, number, said)


def _ask(release: Release, mark: Mark | None, error: str) -> str:
    ask = "Why need they not move after all?" if mark else "Why must they move?"
    hint = (
        "" if mark else "Say what is wrong with the earlier releases. Every project is shown this."
    )
    raw = request.form.get("reason") or None
    view = QuestionView("reason", "long_text", ask, hint=hint, raw=raw, error=error)
    one_url = url_for("releases.one", number=release.number)
    return render_template(
        "act.html",
        title="Projects need not move" if mark else "Projects must move",
        caption=f"Release {release.number}",
        back={"label": f"Back to release {release.number}", "url": one_url},
        text=""
        if mark
        else "Projects on earlier releases see it at once. They can go on drafting, but neither sign nor "
        "close a stage until they have moved, or a data protection officer has said why not.",
        asks=[draw_question(view)],
        errors=[{"anchor": locate_error(view), "text": error}] if error else [],
        action=url_for("releases.must_move", number=release.number),
        submit="Projects need not move" if mark else "Projects must move",
        grave=mark is None,
    )

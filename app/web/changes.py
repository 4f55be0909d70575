"""What changes between releases or in a draft, and what it does to live projects, as pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.access.policy import SEES
from app.actions.definitions.drafts import base_files, check_edits, checked, draft_files, open_draft
from app.actions.definitions.previews import (
    SHOWN,
    Ask,
    Looked,
    begin_preview,
    cancel_preview,
    preview_of,
    touched_projects,
)
from app.actions.definitions.publishing import changes_between
from app.actions.definitions.releases import find_release
from app.actions.errors import NotFound
from app.core.difference import Change, Effect, marked
from app.core.difference.told import MINOR
from app.core.wording import count
from app.store.previews import CANCELLED, DONE, FAILED, Preview
from app.store.previews import Effect as Touching
from app.web.editor.desk import Desk, at_desk, crumbs, desk_of, editor
from app.web.site import Context, now, reading, site, writing

changes = Blueprint("changes", __name__, url_prefix="/definitions")

COLOURS = {
    Effect.WORDING: "grey",
    Effect.DOCUMENT: "grey",
    Effect.FLOW: "teal",
    Effect.SCORING: "orange",
    Effect.MEANING: "purple",
}
"""Tags of the kinds of change; the word on the tag says it too."""

KINDS = {
    "questionnaires": "What is asked",
    "rules": "Rules, scores and decisions",
    "outputs": "Documents",
}
LOOKS_AGAIN = 3  # seconds
MOST = 500  # changes on one page
STAYS = "Projects stay on their release until someone moves them. Nothing signed changes."


# What differs


def tell(change: Change) -> Context:
    """A change as a page shows it, its words marked."""
    before, after = marked(change.before, change.after)
    return {
        "where": change.where,
        "part": change.part[:1].upper() + change.part[1:],
        "kind": change.effect.capitalize(),
        "colour": COLOURS[change.effect],
        "law": change.law,
        "before": before,
        "after": after,
    }


@changes.get("/releases/<int:number>/changes/<int:other>")
def between(number: int, other: int) -> str:
    """What differs between two releases."""
    with reading() as (conn, _):
        catalogues = site().catalogues
        old, new = (catalogues.of(conn, find_release(conn, n).id) for n in (number, other))
    found = changes_between(old.catalogue, new.catalogue)
    return render_template(
        "changes.html",
        caption=f"{old.name}, published by {old.release.author}",
        title=f"From release {number} to release {other}",
        lead=_counted(found),
        crumbs=_release_crumbs(other),
        others=[],
        begin=None,
        **_shown(found),
    )


def _release_crumbs(number: int) -> list[Context]:
    return [
        {"label": "Releases", "url": url_for("releases.list_all")},
        {"label": f"Release {number}", "url": url_for("releases.one", number=number)},
    ]


@editor.get("/drafts/<draft_id>/changes", endpoint="changes")
def in_draft(draft_id: str) -> str:
    """What differs between a draft and the release it is based on."""
    with at_desk(draft_id) as (_, desk):
        pass
    base, new = checked(desk.base).catalogue, desk.checked.catalogue
    found = changes_between(base, new) if base is not None and new is not None else ()
    faults = "The definitions have faults: mend them to see what changes." if new is None else ""
    ask = url_for("changes.begin", draft_id=desk.id) if desk.actor.role == "editor" else None
    return render_template(
        "changes.html",
        caption=f"Draft: {desk.draft.name}, on release {desk.draft.base_number}",
        title="What changes",
        lead=faults or _counted(found),
        crumbs=crumbs(desk),
        others=[{"label": "History of this draft", "url": desk.url("history")}],
        begin={"action": ask, "label": "See what it does to live projects"}
        if ask and found
        else None,
        **_shown(found),
        **desk.context(),
    )


def _counted(found: Sequence[Change]) -> str:
    law = sum(change.law for change in found)
    stated = f" {count(law, 'statement')} of law." if law else ""
    return f"{count(len(found), 'change')}.{stated}"


def _shown(found: Sequence[Change]) -> Context:
    kinds = [(effect, sum(each.effect is effect for each in found)) for effect in Effect]
    tiles = [
        {"count": number, "mark": None, "text": f"of {effect}"}
        for effect, number in kinds
        if number
    ]
    groups = []
    for folder, title in KINDS.items():
        told = [tell(each) for each in found[:MOST] if each.file.startswith(folder)]
        if told:
            groups.append({"title": title, "changes": told})
    other = [tell(each) for each in found[:MOST] if not each.file.startswith(tuple(KINDS))]
    if other:
        groups.append({"title": "Everything", "changes": other})
    return {
        "tile_entries": tiles,
        "groups": groups,
        "empty": "Nothing differs in what the definitions mean. Comments and layout may.",
    }


# What it does


@changes.post("/drafts/<draft_id>/previews")
def begin(draft_id: str) -> Response:
    """Begin to look what a draft does to every live project."""
    with writing() as (conn, actor):
        check_edits(actor)
        draft = open_draft(conn, actor, draft_id)
        ask = Ask(draft_files(conn, draft), draft.base_id, now(), draft.id)
        if ask.files == base_files(conn, draft):
            raise NotFound("changes")
        made = begin_preview(conn, actor, ask)
    return redirect(url_for("changes.preview", preview_id=made), 303)


@changes.get("/previews/<preview_id>")
def preview(preview_id: str) -> Response:
    """How far a preview is, or what it found."""
    with reading() as (conn, actor):
        looked = preview_of(conn, preview_id)
        here = looked.preview
        draft = open_draft(conn, actor, here.draft_id) if here.draft_id else None
        desk = desk_of(conn, actor, draft) if draft else None
    page = render_template(
        "preview_effects.html",
        caption=f"Draft: {draft.name}, on release {draft.base_number}" if draft else "",
        title="What it does to live projects",
        lead=_lead(here),
        crumbs=_crumbs(desk),
        progress=_progress(here),
        cancel=url_for("changes.cancel", preview_id=here.id),
        error=f"It could not be looked at: {here.error}" if here.state == FAILED else None,
        again=_again(here),
        others=[{"label": "What changes", "url": url_for("editor.changes", draft_id=draft.id)}]
        if draft
        else [],
        **(_found(looked) if here.state == DONE else {"groups": []}),
        **(desk.context() if desk else {}),
    )
    response = make_response(page)
    if here.running:
        # As a header, so that no script is needed.
        response.headers["Refresh"] = str(LOOKS_AGAIN)
    return response


def _crumbs(desk: Desk | None) -> list[Context]:
    more = (("What changes", url_for("editor.changes", draft_id=desk.id)),) if desk else ()
    return crumbs(desk, *more)


def _lead(here: Preview) -> str:
    if here.state == DONE:
        return (
            f"{here.touched:,} of {count(here.projects, 'live project')} would change, on their own "
            f"answers. {_took(here)}"
        )
    if here.state == CANCELLED:
        return "Somebody stopped looking. Nothing was changed by it."
    return "Every live project is looked at under the new definitions. Nothing live is touched."


def _took(here: Preview) -> str:
    if here.begun_at is None or here.ended_at is None:
        return ""
    seconds = max(round((here.ended_at - here.begun_at) / timedelta(seconds=1)), 1)
    return f"Looked at in {count(seconds, 'second')}."


def _progress(here: Preview) -> Context | None:
    if not here.running:
        return None
    said = f"{here.seen:,} of {here.projects:,} projects" if here.projects else "Waiting to begin"
    return {"said": said, "hundredths": here.hundredths}


def _again(here: Preview) -> Context | None:
    if here.running or here.draft_id is None:
        return None
    return {
        "action": url_for("changes.begin", draft_id=here.draft_id),
        "label": "Look again, as the draft is now",
    }


def _found(looked: Looked) -> Context:
    here = looked.preview
    main = [each for each in looked.effects if each.kind not in MINOR]
    papers = [each for each in looked.effects if each.kind in MINOR]
    groups = [
        {"title": title, "effects": list(show_effects(here, each))}
        for title, each in (
            ("What is asked, raised, decided or signed otherwise", main),
            ("Documents that would read otherwise when they are made again", papers),
        )
        if each
    ]
    tiles = [
        {"count": here.touched, "mark": None, "text": "projects would change"},
        {"count": here.reworded, "mark": None, "text": "have documents that read otherwise"},
        {"count": len(main), "mark": None, "text": "different effects"},
    ]
    none = "" if looked.effects else "No live project would notice."
    return {"tile_entries": tiles, "groups": groups, "empty": none, "said": STAYS}


def show_effects(here: Preview, effects: Iterable[Touching]) -> Iterator[Context]:
    """Effects as a page shows them, each with a way to its projects."""
    for each in effects:
        yield {
            "title": each.title,
            "number": f"{each.number:,}",
            "before": each.before,
            "after": each.after,
            "url": url_for("changes.effect", preview_id=here.id, seq=each.seq),
            "see": f"See\u00a0{each.number:,}",
        }


@changes.post("/previews/<preview_id>/cancel")
def cancel(preview_id: str) -> Response:
    """Stop looking."""
    with writing() as (conn, actor):
        check_edits(actor)
        cancel_preview(conn, preview_id, now())
    flash("Nobody looks any further. Nothing live was touched.")
    return redirect(url_for("changes.preview", preview_id=preview_id), 303)


@changes.get("/previews/<preview_id>/effects/<int:seq>")
def effect(preview_id: str, seq: int) -> str:
    """The projects for which one thing would be otherwise."""
    start = max(request.args.get("from", 0, type=int), 0)
    with reading() as (conn, actor):
        looked = preview_of(conn, preview_id)
        found = next((each for each in looked.effects if each.seq == seq), None)
        if found is None:
            raise NotFound(f"effect {seq}")
        projects = touched_projects(conn, actor, preview_id, seq, start)
    opens = actor.role in SEES
    here = url_for("changes.preview", preview_id=preview_id)
    return render_template(
        "preview_projects.html",
        caption="What it does to live projects",
        title=found.title,
        crumbs=[*crumbs(), {"label": "What it does to live projects", "url": here}],
        facts=[{"label": "From", "text": found.before}, {"label": "To", "text": found.after}],
        caption_of_table=count(found.number, "project"),
        projects=[
            {
                "reference": each.reference or "A project of theirs",
                "organisation": each.organisation,
                "url": url_for("projects.one", reference=each.reference)
                if opens and each.mine
                else None,
            }
            for each in projects
        ],
        pages=list(_pages(preview_id, found, start)),
    )


def _pages(preview_id: str, found: Touching, start: int) -> Iterator[Context]:
    for label, at in (("Earlier projects", start - SHOWN), ("More projects", start + SHOWN)):
        if 0 <= at < found.number:
            here = url_for("changes.effect", preview_id=preview_id, seq=found.seq)
            yield {"label": label, "url": f"{here}?from={at}" if at else here}

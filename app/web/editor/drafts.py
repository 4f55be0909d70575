"""Drafts: the list of them, a new one, what was done to one, discarding one and bringing it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.definitions import drafts as acts
from app.actions.definitions.publishing import waiting_for
from app.actions.errors import NotFound
from app.catalogue.things import file_title
from app.core.wording import count
from app.store.drafts import DISCARDED, OPEN, Draft, Event
from app.web.controls import QuestionView, draw_question
from app.web.editor.desk import STATES, Desk, at_desk, crumbs, editor
from app.web.forms import typed
from app.web.once import id_of_form, key_field
from app.web.site import Context, moment_words, now, reading, site, writing

FOLDERS = (
    ("Questionnaires", "questionnaires/", "What is asked"),
    ("Rules", "rules/", "What the answers mean"),
    ("Documents", "outputs/", "What is written"),
)
NAME = "name"
NEXT = "next"


@editor.get("")
def home() -> str:
    """The definitions: the drafts, and where else they are looked after."""
    return _home("")


@editor.post("/drafts")
def begin() -> Response | str:
    """Begin a draft, and go where its editor was going."""
    name = typed(NAME, acts.LONGEST_NAME, "text")
    error = name.error or ("" if name.value else "Enter what this draft is about")
    kind, _, id_ = request.form.get(NEXT, "").partition(":")
    if error:
        return _in_which(kind, id_, error) if kind and id_ else _home(error)
    with writing() as (conn, actor):
        id_of_draft = id_of_form(actor)
        draft_id = str(acts.begin_draft(conn, actor, str(name.value), now(), id_of_draft))
    flash("A draft of the newest release. Nothing live is touched until it is published.")
    if kind and id_:
        return redirect(url_for("editor.edit", draft_id=draft_id, kind=kind, id_=id_))
    return redirect(url_for("editor.draft", draft_id=draft_id))


def _home(error: str) -> str:
    with reading() as (conn, actor):
        drafts = acts.list_drafts(conn, actor)
        may_begin = actor.role == acts.EDITOR
        asked = {each.draft_id for each in waiting_for(conn, actor)}
    open_ones = [each for each in drafts if each.state == OPEN]
    others = [each for each in drafts if each.state != OPEN]
    ask = _ask_name(error)
    return render_template(
        "definitions.html",
        title="Definitions",
        lead="The questions, the rules and the documents. Change them in a draft: nothing live is touched until it is published.",
        ask=draw_question(ask) if may_begin else "",
        errors=[{"anchor": NAME, "text": error}] if error else [],
        action=url_for("editor.begin"),
        hidden=[key_field()],
        drafts=[_line(each, asked=each.id in asked) for each in open_ones],
        others=[_line(each) for each in others],
        ways=_ways(),
        search_url=url_for("editor.find"),
    )


def _ways() -> list[Context]:
    """Where else definitions are looked after."""
    ways = (
        ("Releases", "releases.list_all", "What was published, by whom and why, file by file"),
        (
            "Digest",
            "editor.digest",
            "Rules not confirmed, old sources, questions that people leave",
        ),
    )
    return [
        {"label": label, "url": url_for(endpoint), "about": about}
        for label, endpoint, about in ways
    ]


def _ask_name(error: str) -> QuestionView:
    return QuestionView(
        NAME,
        "text",
        "What will you change?",
        hint="A few words, such as “Spring wording”. Other editors see them.",
        max_length=acts.LONGEST_NAME,
        value=request.form.get(NAME, ""),
        error=error,
    )


def _line(draft: Draft, *, asked: bool = False) -> Context:
    return {
        "name": draft.name,
        "url": url_for("editor.draft", draft_id=str(draft.id)),
        "who": draft.who,
        "base": f"Release {draft.base_number}",
        "changed": moment_words(draft.changed_at),
        "state": "Your yes is asked for" if asked else STATES[draft.state],
    }


@editor.get("/edit/<kind>/<path:id_>")
def choose(kind: str, id_: str) -> Response | str:
    """Edit something that is seen elsewhere: in the one open draft, in one of several, or in a new one."""
    return _in_which(kind, id_, "")


def _in_which(kind: str, id_: str, error: str) -> Response | str:
    with reading() as (conn, actor):
        acts.check_edits(actor)
        drafts = [each for each in acts.list_drafts(conn, actor) if each.state == OPEN]
        if len(drafts) == 1 and not error:
            url = url_for("editor.edit", draft_id=str(drafts[0].id), kind=kind, id_=id_)
            return redirect(url)
    lines = [
        {**_line(each), "url": url_for("editor.edit", draft_id=str(each.id), kind=kind, id_=id_)}
        for each in drafts
    ]
    return render_template(
        "definitions.html",
        title="In which draft?",
        lead="A change is made in a draft. Nothing live is touched until it is published.",
        ask=draw_question(_ask_name(error)),
        errors=[{"anchor": NAME, "text": error}] if error else [],
        action=url_for("editor.begin"),
        hidden=[{"name": NEXT, "value": f"{kind}:{id_}"}, key_field()],
        drafts=lines,
        others=[],
        ways=[],
        search_url=None,
    )


@editor.get("/drafts/<draft_id>")
def draft(draft_id: str) -> str:
    """A draft: everything it defines, file by file, and a search."""
    with at_desk(draft_id) as (_, desk):
        groups = [
            {"title": title, "about": about, "files": _files(desk, folder)}
            for title, folder, about in FOLDERS
        ]
    return render_template(
        "draft.html",
        title=desk.draft.name,
        caption=f"Draft of release {desk.draft.base_number}, begun by {desk.draft.who}",
        crumbs=crumbs(),
        search_url=desk.url("search"),
        groups=groups,
        bring_back=desk.url("bring_back") if _may_bring_back(desk) else None,
        newer=_newer(desk),
        ways=_draft_ways(desk),
        findings=desk.findings(),
        **desk.context(),
    )


def _newer(desk: Desk) -> Context | None:
    """A release that came out after the draft was begun."""
    newest = site().catalogues.newest().release.number
    if not desk.may_edit or newest <= desk.draft.base_number:
        return None
    return {"number": newest, "url": desk.url("to_newest")}


@editor.post("/drafts/<draft_id>/to-newest")
def to_newest(draft_id: str) -> Response:
    """Bring a draft to the newest release, with its changes."""
    newest = site().catalogues.newest().release
    with writing() as (conn, actor):
        met = acts.move_draft(conn, actor, draft_id, newest.id, now())
    if met:
        with at_desk(draft_id) as (_, desk):
            files = ", ".join(f"“{desk.called(path)}”" for path in met)
        flash(
            f"The draft is on release {newest.number}. There and here the same lines of {files} "
            "changed: the draft keeps its own. See all changes for what that undoes."
        )
    else:
        flash(f"The draft is on release {newest.number}, with all its changes.")
    return redirect(url_for("editor.draft", draft_id=draft_id))


def _may_bring_back(desk: Desk) -> bool:
    return desk.draft.state == DISCARDED and desk.actor.role == acts.EDITOR


def _draft_ways(desk: Desk) -> list[Context]:
    ways = (
        ("Preview", "preview"),
        ("Test bench", "bench"),
        ("Publish", "publish"),
        ("What was done", "history"),
    )
    return [{"label": label, "url": desk.url(endpoint)} for label, endpoint in ways]


def _files(desk: Desk, folder: str) -> list[Context]:
    found = [
        {
            "title": file_title(desk.files, name),
            "url": desk.url("file", path=name),
            "changed": name in desk.changed,
        }
        for name in desk.files
        if name.startswith(folder) and name.endswith(".yaml")
    ]
    return sorted(found, key=lambda file: str(file["title"]).casefold())


@editor.get("/drafts/<draft_id>/history")
def history(draft_id: str) -> str:
    """What was done to a draft; each save of a file can be brought back."""
    with at_desk(draft_id) as (conn, desk):
        events = acts.draft_history(conn, desk.draft)
    return render_template(
        "draft_history.html",
        title="What was done",
        caption=desk.draft.name,
        crumbs=crumbs(desk),
        lead="Every save is kept. Going back to an earlier one is a save as well, so nothing is lost by it.",
        action=desk.url("restore") if desk.may_edit else None,
        changed=[
            {
                "path": path,
                "title": desk.called(path),
                "url": desk.url("file", path=path) if path in desk.files else "",
            }
            for path in desk.changed
        ],
        events=[_event(desk, each) for each in events],
        **desk.context(),
    )


SAID = {
    "began": "began the draft",
    "saved": "saved",
    "restored": "went back to an earlier version of",
    "moved": "brought it to a newer release",
    "discarded": "discarded the draft",
    "brought_back": "brought the draft back",
    "published": "published the draft",
}


def _event(desk: Desk, event: Event) -> Context:
    said = SAID.get(event.kind, event.kind)
    if event.removed and event.kind == "saved":
        said = "left out"
    undo = event.path is not None and not event.removed
    return {
        "when": moment_words(event.at),
        "who": event.who,
        "text": said,
        "path": event.path or "",
        "title": desk.called(event.path) if event.path else "",
        "url": desk.url("file", path=event.path or "") if event.path in desk.files else "",
        "seq": event.seq if undo and desk.may_edit else None,
    }


@editor.post("/drafts/<draft_id>/restore")
def restore(draft_id: str) -> Response:
    """Bring back a file as it stood after an earlier save, or as it is in the release."""
    version, _, path = request.form.get("to", "").partition(":")
    if not version.isdecimal() or len(version) > 9 or not path:
        raise NotFound("version")
    with writing() as (conn, actor):
        acts.restore_draft_file(conn, actor, draft_id, path, int(version), now())
    with at_desk(draft_id) as (_, desk):
        flash(f"“{desk.called(path)}” is as it was. What you left is in the list.")
    return redirect(url_for("editor.history", draft_id=draft_id))


@editor.get("/drafts/<draft_id>/discard")
def discard(draft_id: str) -> str:
    """Ask once before a draft is discarded."""
    with at_desk(draft_id) as (_, desk):
        acts.check_edits(desk.actor)
    changed = len(desk.changed)
    return render_template(
        "act.html",
        title="Discard this draft?",
        caption=desk.draft.name,
        back={"label": "Back to the draft", "url": desk.url("draft")},
        text=f"It changes {count(changed, 'file')}. Nothing live is touched, and an editor can bring the draft back.",
        action=desk.url("discard_now"),
        submit="Discard this draft",
        grave=True,
        **desk.context(),
    )


@editor.post("/drafts/<draft_id>/discard")
def discard_now(draft_id: str) -> Response:
    """Discard a draft."""
    with writing() as (conn, actor):
        acts.discard_draft(conn, actor, draft_id, now())
    flash("Discarded. You can bring it back.")
    return redirect(url_for("editor.draft", draft_id=draft_id))


@editor.post("/drafts/<draft_id>/bring-back")
def bring_back(draft_id: str) -> Response:
    """Take up a draft that was discarded."""
    with writing() as (conn, actor):
        acts.bring_back_draft(conn, actor, draft_id, now())
    flash("The draft is back, with everything in it.")
    return redirect(url_for("editor.draft", draft_id=draft_id))

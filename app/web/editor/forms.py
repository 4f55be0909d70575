"""Editing one definition by form: shown, saved as one types or with its button, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response as Answer
from flask import flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.definitions.drafts import open_draft
from app.actions.definitions.publishing import DPO
from app.actions.errors import NotFound, OutOfDate
from app.catalogue import ORGANISATIONS, things
from app.catalogue.editing import File
from app.catalogue.things import Thing, below, find, read_file, things_of
from app.core.domains import show_date
from app.core.text import places
from app.store.drafts import Draft
from app.web.editor import builder, summing
from app.web.editor.builder import DO
from app.web.editor.clashes import LOOKED, YOU, Clash, draw_clash
from app.web.editor.desk import DRAFT, Desk, at_desk, crumbs, editor, to_edit
from app.web.editor.filling import Filled, Form, apply, fill
from app.web.editor.levels import changed_levels, is_change, levels_of
from app.web.editor.lists import KINDS, on_page
from app.web.editor.meeting import Met, meet
from app.web.editor.options import options_of
from app.web.editor.ordering import columns_of, is_move, reordered
from app.web.editor.saving import (
    GONE,
    prove,
    saved_since,
    seen_thing,
    seen_version,
    to_change,
    write,
)
from app.web.editor.saying import example
from app.web.site import Context, clock_time, now

SAVE = "save"
NOT_SAVED = (
    "Not saved: somebody else changed this meanwhile. "
    "Press “Save draft and check again” to see both. What you typed is still here"
)


@editor.get("/drafts/<draft_id>/edit/<kind>/<path:id_>")
def edit(draft_id: str, kind: str, id_: str) -> str:
    """The form of one definition."""
    with at_desk(draft_id) as (_, desk):
        thing = desk.thing(kind, id_)
    return draw(Filled.of(desk, thing))


@editor.post("/drafts/<draft_id>/edit/<kind>/<path:id_>")
def save(draft_id: str, kind: str, id_: str) -> Response | str:
    """Save a form, or add and remove lines of a condition without saving."""
    act = request.form.get(DO, SAVE)
    if act != SAVE and not _saves(act):
        desk = to_edit(draft_id)
        return draw(fill(desk, desk.thing(kind, id_), request.form.to_dict(flat=False)))
    kept = _save(draft_id, kind, id_)
    filled = kept.filled
    if kept.saved is None:
        return draw_clash(filled.desk, _clash(kept))
    if filled.complaints():
        return draw(filled, version=kept.saved.version)
    prove(draft_id)
    flash(_said(kept))
    return redirect(filled.desk.url("edit", kind=kind, id_=id_))


def _saves(act: str) -> bool:
    """Whether a button does something to the file, along with what was typed."""
    return is_move(act) or is_change(act)


@editor.post("/drafts/<draft_id>/autosave/<kind>/<path:id_>")
def autosave(draft_id: str, kind: str, id_: str) -> Answer:
    """Save a form as one types; the answer is as for a page of questions."""
    kept = _save(draft_id, kind, id_, typing=True)
    if kept.saved is None:
        return jsonify(saved_at=clock_time(now()), versions={}, conflicts=[DRAFT], told=NOT_SAVED)
    wrong = {each["anchor"]: each["text"] for each in kept.filled.complaints()}
    versions = {DRAFT: kept.saved.version}
    return jsonify(saved_at=clock_time(now()), versions=versions, errors=wrong)


@dataclass(frozen=True)
class Kept:
    """What came of a save. `saved` None: nothing, somebody has to look at both first.

    `others`: who saved in the same file meanwhile.
    """

    filled: Filled
    form: Form
    saved: Draft | None = None
    met: Met | None = None
    others: tuple[str, ...] = ()
    gone: bool = False


def _said(kept: Kept) -> str:
    if kept.others:
        return "Saved, together with what another editor changed in this file meanwhile."
    return "Saved in the draft."


def _clash(kept: Kept) -> Clash:
    """What the page of a clash shows of it."""
    desk, thing = kept.filled.desk, kept.filled.thing
    if kept.met is None:
        raise OutOfDate(GONE)
    url = desk.url("edit", kind=thing.kind, id_=thing.id)
    leave = desk.url("draft") if kept.gone else url
    caption = ", ".join((*thing.around, thing.title))
    return Clash(kept.met, kept.form, caption, kept.others, url, leave, kept.gone)


def _save(draft_id: str, kind: str, id_: str, *, typing: bool = False) -> Kept:
    """Save what can be read, after what others saved. Raises OutOfDate, NotFound, NotAllowed.

    While somebody is `typing` the page cannot show what another changed in it: that waits for them.
    """
    form = request.form.to_dict(flat=False)
    version = seen_version(form.get("seen", []))
    with to_change(draft_id) as (conn, actor, desk):
        seen = seen_thing(conn, desk, kind, id_, version)
        there = find(desk.files, kind, id_)
        others = _others(conn, actor, desk, version, seen, there)
        filled = fill(desk, seen, form)
        if there is None:
            return Kept(filled, form, None, meet(filled, None, form), others, gone=True)
        left: Form = form
        if there.value != seen.value:
            met = meet(filled, there, form, looked=_looked(conn, desk, there, form))
            if met.unsettled or (typing and met.theirs):
                return Kept(filled, form, None, met, others)
            left = met.form
        filled = fill(desk, there, left)
        write(conn, actor, desk, there.file, lambda file: _made(filled, file, there, left))
        saved = open_draft(conn, actor, draft_id)
        return Kept(filled, form, saved, None, others)


def _made(filled: Filled, file: File, thing: Thing, form: Form) -> File:
    """The file with what was typed, and with what the button does."""
    applied, act = apply(filled, file, form), request.form.get(DO, SAVE)
    if is_move(act):
        return reordered(applied, thing, act)
    return changed_levels(applied, thing, act) if is_change(act) else applied


def _looked(conn: Connection, desk: Desk, there: Thing, form: Form) -> bool:
    """Whether the choices that are posted were made beside what stands there now."""
    said = list(form.get(LOOKED, ()))
    if not said:
        return False
    shown = seen_thing(conn, desk, there.kind, there.id, seen_version(said))
    return bool(shown.value == there.value)


def _others(
    conn: Connection, actor: Actor, desk: Desk, version: int, *things_: Thing | None
) -> tuple[str, ...]:
    """Who saved in the files of a definition since a version."""
    files = {each.file for each in things_ if each is not None}
    names = [each.who for each in saved_since(conn, desk, version) if each.path in files]
    return tuple(dict.fromkeys(YOU if name == actor.name else name for name in names))


def draw(filled: Filled, version: int | None = None) -> str:
    """The form as a page."""
    desk, thing = filled.desk, filled.thing
    fields = list(filled.fields())
    name = KINDS.get(thing.kind, "definition").lower()
    return render_template(
        "draft_form.html",
        title=f"Edit {'an' if name[0] in 'aeiou' else 'a'} {name}",
        caption=", ".join((*thing.around, *_code(thing))),
        crumbs=crumbs(desk, (_file_title(desk, thing), desk.url("file", path=thing.file))),
        errors=filled.complaints(),
        action=desk.url("edit", kind=thing.kind, id_=thing.id),
        autosave=desk.url("autosave", kind=thing.kind, id_=thing.id) if desk.may_edit else "",
        seen=f"{DRAFT}={desk.draft.version if version is None else version}",
        may_edit=desk.may_edit,
        fields=[each for each in fields if not each["folded"]],
        folded=[each for each in fields if each["folded"]],
        conditions=[builder.context(each, desk) for each in filled.conditions],
        score=summing.context(filled.score),
        asked=on_page(desk, thing, below(desk.files, thing.file))
        if thing.kind == things.PAGE
        else None,
        options=options_of(desk, thing),
        columns=columns_of(desk, thing),
        levels=levels_of(thing) if desk.may_edit else None,
        examples=list(_examples(desk, thing)),
        braces=_braces(desk, thing),
        law=_law(thing),
        ways=list(_ways(desk, thing)),
        findings=desk.findings(thing.file),
        **desk.context(),
    )


def _examples(desk: Desk, thing: Thing) -> Iterator[Context]:
    """The examples of a rule: the answers that raise it, and those that do not."""
    scope = desk.program(thing.file).scope
    for key, title in (("raised_by", "It holds for"), ("not_by", "It does not hold for")):
        found = thing.value.get(key)
        if isinstance(found, list) and found:
            yield {"title": title, "rows": [example(scope, each) for each in found]}


def _braces(desk: Desk, thing: Thing) -> list[Context]:
    """What stands in braces in the texts of a document, and of which question it is the answer."""
    if thing.kind != things.BLOCK:
        return []
    scope = desk.program(thing.file).scope
    names = dict.fromkeys(
        name for _, text in things.texts_of(thing.value) for name in places(text) if name in scope
    )
    return [{"code": f"{{{name}}}", "ask": scope[name].name} for name in names]


def _law(thing: Thing) -> str:
    """Whether a data protection officer has confirmed what a definition says of the law."""
    if "checked" not in thing.value:
        return ""
    day = thing.value["checked"]
    if not day:
        stops = " It warns, and never stops." if thing.kind == things.FLAG else ""
        return f"Not yet confirmed by a data protection officer.{stops}"
    whom = thing.value.get("checked_by") or "a data protection officer"
    return f"Confirmed by {whom} on {show_date(str(day))}."


def _code(thing: Thing) -> tuple[str, ...]:
    return (thing.id,) if thing.kind in (things.FLAG, things.QUESTION) else ()


def _file_title(desk: Desk, thing: Thing) -> str:
    top = next(
        (each for each in things_of(thing.file, desk.files[thing.file]) if not each.path), None
    )
    return top.title if top else thing.around[0] if thing.around else thing.file


def _ways(desk: Desk, thing: Thing) -> Iterator[Context]:
    """What else can be done with a definition."""
    file = read_file(desk.files[thing.file])
    if file is None:
        raise NotFound(thing.file)
    yield {"label": "Show as text", "url": desk.text_url(thing.file, file.line_of(thing.path))}
    if desk.actor.role == DPO and _states_law(desk, thing):
        yield {"label": "Confirm or dispute the law", "url": url_for("editor.law", rule=thing.id)}
    if not desk.may_edit:
        return
    yield from _asked_ways(desk, thing)
    if thing.kind in _BELOW:
        kind, said = _BELOW[thing.kind]
        yield {"label": said, "url": desk.url("make", kind=kind, within=thing.id)}
    yield {"label": "Preview", "url": desk.url("preview")}
    if thing.kind in REMOVABLE:
        url = desk.url("remove", kind=thing.kind, id_=thing.id)
        yield {"label": "Remove it", "url": url}


_BELOW = {
    things.BLOCK: (things.BLOCK, "Add a text below it"),
    things.SECTION: (things.PAGE, "Add a page to it"),
}
"""What is added to a definition from its own form."""


def _asked_ways(desk: Desk, thing: Thing) -> Iterator[Context]:
    """What else can be done with a question or a column."""
    if thing.kind == things.QUESTION:
        yield {"label": "Move it, or ask it elsewhere too", "url": desk.url("place", id_=thing.id)}
        if ORGANISATIONS not in thing.file:
            yield {"label": "Rename its id", "url": desk.url("rename", id_=thing.id)}
    if thing.kind in (things.QUESTION, things.COLUMN) and thing.value.get("type") in TYPED:
        url = desk.url("retype", kind=thing.kind, id_=thing.id)
        yield {"label": "Change its type", "url": url}


def _states_law(desk: Desk, thing: Thing) -> bool:
    """Whether an officer may confirm it: what the release says, with a source."""
    stated = thing.kind in (things.FLAG, things.ENTRY) and bool(thing.value.get("source"))
    return stated and things.find(desk.base, thing.kind, thing.id) is not None


TYPED = ("choice", "multi", "yes_no", "text", "long_text", "number", "date")
REMOVABLE = (
    things.QUESTION,
    things.COLUMN,
    things.FLAG,
    things.CONDITION,
    things.ENTRY,
    things.OUTCOME,
    things.BLOCK,
    things.PAGE,
)

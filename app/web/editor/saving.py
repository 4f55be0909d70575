"""One change of one definition, made to the text that its editor saw and brought together with others'."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import request

from app.actions.definitions.draft_proofs import ask_for_proof
from app.actions.definitions.drafts import (
    Conflict,
    Typed,
    draft_file,
    open_draft,
    save_draft_file,
)
from app.actions.errors import OutOfDate
from app.catalogue import content_hash
from app.catalogue.editing import File
from app.catalogue.spans import CannotEdit
from app.catalogue.things import Thing, read_file, things_of
from app.web.editor.clashes import draw_clash
from app.web.editor.desk import DRAFT, Desk, at_desk, desk_of
from app.web.site import now, writing

MEANWHILE = "Somebody saved in this draft at the same moment. Nothing was changed: try again."
GONE = "What this form changes is not in the draft any more: it was moved or removed meanwhile."
Change = Callable[[File, Thing], File]


def seen_version(said: list[str]) -> int:
    """Which version of the draft the page showed. Raises OutOfDate."""
    for each in said:
        address, _, version = each.partition("=")
        if address == DRAFT and version.isdecimal() and len(version) < 10:
            return int(version)
    raise OutOfDate("The page does not say which version of the draft it showed.")


def as_seen(file: str, content: bytes, kind: str, id_: str) -> Thing:
    """A definition as the page showed it. Raises OutOfDate."""
    found = (each for each in things_of(file, content) if (each.kind, each.id) == (kind, id_))
    thing = next(found, None)
    if thing is None:
        raise OutOfDate(GONE)
    return thing


def changed(change: Callable[[], File]) -> bytes:
    """What a change makes of a file. Raises OutOfDate where only the text editor can make it."""
    try:
        return change().content
    except CannotEdit as fault:
        raise OutOfDate(f"This needs the text editor: {fault}.") from fault


def change_thing(desk: Desk, kind: str, id_: str, change: Change, back: str) -> str | None:
    """Change one definition; None once it is saved, or the page that shows a clash."""
    file = desk.thing(kind, id_).file
    return change_file(
        desk, file, lambda text, content: change(text, as_seen(file, content, kind, id_)), back
    )


def change_file(
    desk: Desk, path: str, change: Callable[[File, bytes], File], back: str
) -> str | None:
    """Change one file as its editor saw it; None once it is saved, or the page that shows a clash."""
    version = seen_version(request.form.getlist("seen"))
    try:
        with writing() as (conn, actor):
            draft = open_draft(conn, actor, desk.id)
            content = draft_file(conn, draft, path, min(version, draft.version))
            file = read_file(content)
            if file is None:
                raise OutOfDate(GONE)
            typed = Typed(path, changed(lambda: change(file, content)), version, now())
            save_draft_file(conn, actor, desk.id, typed)
    except Conflict as clash:
        with at_desk(desk.id) as (_, again):
            return draw_clash(again, clash, back)
    prove(desk.id)
    return None


def save_together(desk: Desk, files: Mapping[str, bytes]) -> None:
    """Save what one change makes of several files, all or none of them. Raises OutOfDate."""
    with writing() as (conn, actor):
        draft = open_draft(conn, actor, desk.id)
        if content_hash(desk_of(conn, actor, draft).files) != desk.checked.hash:
            raise OutOfDate(MEANWHILE)
        for path, content in files.items():
            typed = Typed(path, content, draft.version, now())
            draft = save_draft_file(conn, actor, desk.id, typed).draft
    prove(desk.id)


def prove(draft_id: str) -> None:
    """Ask for the draft to be proven as it is now, where a check finds no fault in it."""
    with at_desk(draft_id) as (_, desk):
        if desk.proved is not None or desk.checked.catalogue is None or not desk.changed:
            return
    with writing() as (conn, _):
        ask_for_proof(conn, desk.draft.id, desk.checked.hash, now())

"""One change of one definition, made to the text as it stands, after what others saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.definitions.draft_proofs import ask_for_proof
from app.actions.definitions.drafts import (
    Typed,
    draft_history,
    draft_text_at,
    open_draft_to_write,
    save_draft_file,
)
from app.actions.errors import NotFound, OutOfDate
from app.catalogue import content_hash
from app.catalogue.editing import File
from app.catalogue.spans import CannotEdit
from app.catalogue.things import Thing, find, read_file, things_of
from app.web.editor.desk import DRAFT, Desk, at_desk, desk_of
from app.web.site import now, writing

MEANWHILE = "Somebody saved in this draft at the same moment. Nothing was changed: try again."
GONE = "What this form changes is not in the draft any more: it was moved or removed meanwhile."
CHANGED = "Somebody changed it meanwhile. Nothing was removed: this is what it is now."
Change = Callable[[File, Thing], File]


def seen_version(said: list[str]) -> int:
    """Which version of the draft the page showed. Raises OutOfDate."""
    for each in said:
        address, _, version = each.partition("=")
        if address == DRAFT and version.isdecimal() and len(version) < 10:
            return int(version)
    raise OutOfDate("The page does not say which version of the draft it showed.")


def seen_thing(conn: Connection, desk: Desk, kind: str, id_: str, version: int) -> Thing:
    """A definition as a page showed it, in whichever file it stood then. Raises NotFound, OutOfDate."""
    there = find(desk.files, kind, id_)
    if version >= desk.draft.version:
        if there is None:
            raise NotFound(f"{kind} {id_}")
        return there
    since = {each.path for each in saved_since(conn, desk, version)}
    for path in dict.fromkeys((*([there.file] if there else ()), *sorted(since))):
        content = draft_text_at(conn, desk.draft, path, version)
        found = things_of(path, content) if content is not None else ()
        thing = next((each for each in found if (each.kind, each.id) == (kind, id_)), None)
        if thing is not None:
            return thing
    if not since:
        raise NotFound(f"{kind} {id_}")
    raise OutOfDate(GONE)


@dataclass(frozen=True, slots=True)
class Save:
    """A save of a file by somebody: which file, and who it was."""

    path: str
    who: str


def saved_since(conn: Connection, desk: Desk, version: int) -> tuple[Save, ...]:
    """What was saved in a draft after a version of it, the last first."""
    events = draft_history(conn, desk.draft)
    return tuple(Save(e.path, e.who) for e in events if e.seq > version and e.path)


def there_now(desk: Desk, kind: str, id_: str) -> Thing:
    """A definition as the draft has it. Raises OutOfDate where it was taken out meanwhile."""
    found = find(desk.files, kind, id_)
    if found is None:
        raise OutOfDate(GONE)
    return found


def changed(change: Callable[[], File]) -> bytes:
    """What a change makes of a file. Raises OutOfDate where only the text editor can make it."""
    try:
        return change().content
    except CannotEdit as fault:
        raise OutOfDate(f"This needs the text editor: {fault}.") from fault


@contextmanager
def to_change(draft_id: str) -> Iterator[tuple[Connection, Actor, Desk]]:
    """A draft that nobody else changes until this is done. Raises NotFound, NotAllowed."""
    with writing() as (conn, actor):
        yield conn, actor, desk_of(conn, actor, open_draft_to_write(conn, actor, draft_id))


def write(
    conn: Connection, actor: Actor, desk: Desk, path: str, change: Callable[[File], File]
) -> None:
    """Change one file as it stands now. Raises OutOfDate."""
    file = read_file(desk.files[path]) if path in desk.files else None
    if file is None:
        raise OutOfDate(GONE)
    content = changed(lambda: change(file))
    save_draft_file(conn, actor, desk.id, Typed(path, content, desk.draft.version, now()))


def change_thing(
    desk: Desk, kind: str, id_: str, change: Change, rests_on: Callable[[Thing], Any] | None = None
) -> bool:
    """Change one definition as it stands now, whatever else was changed in it meanwhile.

    `rests_on`: what the change was decided on; where that is not what the page showed any more, nothing
    is changed, and the answer is no. Raises OutOfDate.
    """
    version = seen_version(request.form.getlist("seen"))
    with to_change(desk.id) as (conn, actor, fresh):
        seen = seen_thing(conn, fresh, kind, id_, version)
        there = there_now(fresh, kind, id_)
        if rests_on is not None and rests_on(seen) != rests_on(there):
            return False
        write(conn, actor, fresh, there.file, lambda file: change(file, there))
    prove(desk.id)
    return True


def change_file(desk: Desk, path: str, change: Callable[[File, Desk], File]) -> None:
    """Change one file as it stands now. Raises OutOfDate."""
    with to_change(desk.id) as (conn, actor, fresh):
        write(conn, actor, fresh, path, lambda file: change(file, fresh))
    prove(desk.id)


def save_together(desk: Desk, files: Mapping[str, bytes]) -> None:
    """Save what one change makes of several files, all or none of them. Raises OutOfDate."""
    with to_change(desk.id) as (conn, actor, fresh):
        if content_hash(fresh.files) != desk.checked.hash:
            raise OutOfDate(MEANWHILE)
        draft = fresh.draft
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

"""Drafts of definitions: begun from a release, saved file by file, never lost, and never live."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app import strict_yaml
from app.actions.actor import Actor
from app.actions.errors import Full, NotAllowed, NotFound, OutOfDate
from app.catalogue import (
    BadDefinitions,
    Catalogue,
    compile_catalogue,
    content_hash,
)
from app.catalogue.merging import merge
from app.catalogue.reading import Shelf
from app.core.recent import Recent
from app.store import drafts as store
from app.store.drafts import Draft, Event
from app.store.releases import newest_release, release_files

EDITOR = "editor"
READERS = (EDITOR, "dpo")
"""Who may look at a draft: editors, and the officers who are asked for their yes."""
LONGEST_NAME = 100
CHECKED = 8  # catalogues kept compiled: those of the drafts that are being worked on

_PATH = re.compile(
    r"(questionnaires|rules|outputs)(/organisations)?/[a-z0-9][a-z0-9_-]{0,79}\.yaml"
)


class Conflict(OutOfDate):
    """Somebody else changed the same lines: nothing was saved, and both texts are here.

    `mine`: what was to be saved; `theirs`: what the draft holds now, at its `version` (None: the file
    was removed). Saving again with that version keeps mine.
    """

    def __init__(self, path: str, mine: bytes, theirs: bytes | None, draft: Draft) -> None:
        super().__init__("Somebody else changed the same lines while you were writing.")
        self.path = path
        self.mine = mine
        self.theirs = theirs
        self.draft = draft
        self.version = draft.version


@dataclass(frozen=True, slots=True)
class SavedFile:
    """What came of a save: the draft with its new version, and the text that the file has now.

    `merged`: somebody else's change was brought together with this one.
    """

    draft: Draft
    content: bytes
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """A file as somebody left it: `version` is that of the draft they saw."""

    path: str
    content: bytes
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault in its place."""

    path: str
    line: int
    column: int
    message: str


@dataclass(frozen=True)
class Checked:
    """Definitions after the check: a catalogue, or every fault."""

    hash: str
    catalogue: Catalogue | None
    faults: tuple[FaultLine, ...] = ()


def check_edits(actor: Actor) -> None:
    """Only LOTI editors have drafts. Raises NotFound."""
    if actor.role != EDITOR:
        raise NotFound("drafts")


def begin_draft(
    conn: Connection, actor: Actor, name: str, at: datetime, id_: UUID | None = None
) -> UUID:
    """A new draft of the newest release; its id. Begun twice under one, it is one. Raises NotFound."""
    check_edits(actor)
    newest = newest_release(conn)
    if newest is None:
        raise NotFound("releases")
    doing = store.Doing(store.BEGAN, *_by(actor), at, base_id=newest.id)
    return store.keep_draft(conn, name[:LONGEST_NAME], doing, id_)


def list_drafts(conn: Connection, actor: Actor) -> tuple[Draft, ...]:
    """Every draft, the last changed first; discarded and published ones too. Raises NotFound."""
    _check_reads(actor)
    return store.drafts(conn)


def open_draft(conn: Connection, actor: Actor, draft_id: str | UUID) -> Draft:
    """A draft, to look at. Raises NotFound."""
    _check_reads(actor)
    return _found(conn, draft_id)


def draft_files(conn: Connection, draft: Draft) -> dict[str, bytes]:
    """Every file of a draft: those of its release, with its changes."""
    files = dict(_released(conn, draft.base_id))
    for path, content in store.changed_files(conn, draft.id).items():
        if content is None:
            files.pop(path, None)
        else:
            files[path] = content
    return dict(sorted(files.items()))


def base_files(conn: Connection, draft: Draft) -> Mapping[str, bytes]:
    """Every file of the release a draft is based on."""
    return _released(conn, draft.base_id)


def draft_file(conn: Connection, draft: Draft, path: str, version: int | None = None) -> bytes:
    """One file of a draft, as it stands or stood at a version. Raises NotFound."""
    found = store.text_at(conn, draft.id, path, draft.version if version is None else version)
    if found is None:
        raise NotFound(path)
    return found


def draft_text_at(conn: Connection, draft: Draft, path: str, version: int) -> bytes | None:
    """One file of a draft as it stood at a version; None where it was not there."""
    return store.text_at(conn, draft.id, path, version)


def save_draft_file(
    conn: Connection, actor: Actor, draft_id: str | UUID, typed: Typed
) -> SavedFile:
    """Save one file. What another saved meanwhile is brought together with it, line by line.

    Raises NotFound, NotAllowed, Full, and Conflict where both changed the same lines.
    """
    draft = open_draft_to_write(conn, actor, draft_id)
    _check_file(typed)
    seen = store.text_at(conn, draft.id, typed.path, min(typed.version, draft.version))
    now = store.text_at(conn, draft.id, typed.path, draft.version)
    content = typed.content
    if now not in (seen, content):
        merged = merge(seen or b"", content, now) if now is not None else None
        if merged is None:
            raise Conflict(typed.path, content, now, draft)
        content = merged
    if content != now:
        doing = store.Doing(store.SAVED, *_by(actor), typed.at, typed.path, content)
        draft = store.record(conn, draft, doing)
    return SavedFile(draft, content, merged=content != typed.content)


def remove_draft_file(
    conn: Connection, actor: Actor, draft_id: str | UUID, path: str, at: datetime
) -> Draft:
    """Leave a file out of a draft; earlier versions of it can be brought back. Raises NotFound."""
    draft = open_draft_to_write(conn, actor, draft_id)
    draft_file(conn, draft, path)
    return store.record(conn, draft, store.Doing(store.SAVED, *_by(actor), at, path))


def restore_draft_file(
    conn: Connection, actor: Actor, draft_id: str | UUID, path: str, version: int, at: datetime
) -> Draft:
    """Bring back a file as it stood at a version of the draft; version 1: as in its release."""
    draft = open_draft_to_write(conn, actor, draft_id)
    content = store.text_at(conn, draft.id, path, version)
    doing = store.Doing(store.RESTORED, *_by(actor), at, path, content)
    return store.record(conn, draft, doing)


def draft_history(conn: Connection, draft: Draft, path: str | None = None) -> tuple[Event, ...]:
    """What was done to a draft, or to one file of it, the last first."""
    return store.history_of(conn, draft.id, path)


def discard_draft(conn: Connection, actor: Actor, draft_id: str | UUID, at: datetime) -> Draft:
    """Put a draft away; nothing of it is lost. Raises NotFound, NotAllowed."""
    draft = open_draft_to_write(conn, actor, draft_id)
    doing = store.Doing(store.DISCARDED, *_by(actor), at)
    return store.record(conn, draft, doing, state=store.DISCARDED)


def bring_back_draft(conn: Connection, actor: Actor, draft_id: str | UUID, at: datetime) -> Draft:
    """Take up a draft that was discarded. Raises NotFound, NotAllowed."""
    check_edits(actor)
    draft = _found(conn, draft_id, to_write=True)
    if draft.state != store.DISCARDED:
        raise NotAllowed("Only a draft that was discarded can be brought back.")
    return store.record(conn, draft, store.Doing(store.BROUGHT_BACK, *_by(actor), at))


def close_published_draft(
    conn: Connection, actor: Actor, draft_id: str | UUID, at: datetime
) -> Draft:
    """Close a draft whose files were published: it is history from now on."""
    draft = open_draft_to_write(conn, actor, draft_id)
    doing = store.Doing(store.PUBLISHED, *_by(actor), at)
    return store.record(conn, draft, doing, state=store.PUBLISHED)


def move_draft(
    conn: Connection, actor: Actor, draft_id: str | UUID, release_id: UUID, at: datetime
) -> tuple[str, ...]:
    """Base a draft on another release, keeping its changes; the files where both changed the same.

    Those files stay as the draft has them: the comparison with the release shows what that undoes.
    """
    draft = open_draft_to_write(conn, actor, draft_id)
    old, new = _released(conn, draft.base_id), _released(conn, release_id)
    changed = store.changed_files(conn, draft.id)
    draft = store.record(conn, draft, store.Doing(store.MOVED, *_by(actor), at, base_id=release_id))
    met: list[str] = []
    for path, mine in changed.items():
        before, theirs = old.get(path), new.get(path)
        if theirs in (before, mine):
            continue
        content = theirs if mine == before else _both(before, mine, theirs)
        if content is None and mine != before:
            met.append(path)
        else:
            doing = store.Doing(store.MOVED, *_by(actor), at, path, content)
            draft = store.record(conn, draft, doing)
    return tuple(met)


def _both(before: bytes | None, mine: bytes | None, theirs: bytes | None) -> bytes | None:
    """Both changes of a file; None where they meet, or one side has removed it."""
    return None if mine is None or theirs is None else merge(before or b"", mine, theirs)


# By what they were made of: texts never change their meaning.
_compiled = Recent[str, Checked](CHECKED)
shelf = Shelf()  # of a draft one file changes at a time: the others are read once


def checked(files: Mapping[str, bytes]) -> Checked:
    """Check definitions and compile them; what this process compiled lately is at hand."""
    hashed = content_hash(files)
    known = _compiled.recall(hashed)
    if known is not None:
        return known
    try:
        found = Checked(hashed, compile_catalogue(files, shelf))
    except BadDefinitions as bad:
        found = Checked(hashed, None, tuple(map(_fault_line, bad.lines)))
    return _compiled.keep(hashed, found)


def _fault_line(said: str) -> FaultLine:
    path, line, column, message = said.split(":", 3)
    return FaultLine(path, int(line), int(column), message.strip())


def _check_reads(actor: Actor) -> None:
    if actor.role not in READERS:
        raise NotFound("drafts")


def _found(conn: Connection, draft_id: str | UUID, *, to_write: bool = False) -> Draft:
    try:
        wanted = draft_id if isinstance(draft_id, UUID) else UUID(draft_id)
    except ValueError:
        raise NotFound(str(draft_id)) from None
    found = store.find_draft(conn, wanted, to_write=to_write)
    if found is None:
        raise NotFound(str(draft_id))
    return found


def open_draft_to_write(conn: Connection, actor: Actor, draft_id: str | UUID) -> Draft:
    """A draft that nobody else changes until this is done. Raises NotFound, NotAllowed."""
    _check_reads(actor)
    draft = _found(conn, draft_id, to_write=True)
    if actor.role != EDITOR:
        raise NotAllowed("Only a LOTI editor changes a draft.")
    if draft.state == store.DISCARDED:
        raise NotAllowed("This draft was discarded. Bring it back to go on with it.")
    if draft.state == store.PUBLISHED:
        raise NotAllowed("This draft is published. Begin another one for what is to change now.")
    return draft


def _check_file(typed: Typed) -> None:
    if not _PATH.fullmatch(typed.path):
        raise NotFound(typed.path)
    if len(typed.content) > strict_yaml.MAX_BYTES:
        raise Full(f"A file may have {strict_yaml.MAX_BYTES:,} bytes: split it.")


def _by(actor: Actor) -> tuple[UUID, str]:
    return actor.person_id, actor.name


RELEASES = 4  # whose files are kept at hand
_files = Recent[UUID, Mapping[str, bytes]](RELEASES)


def _released(conn: Connection, release_id: UUID) -> Mapping[str, bytes]:
    """The files of a release, which never change."""
    return _files.recall(release_id) or _files.keep(release_id, release_files(conn, release_id))

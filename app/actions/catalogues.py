"""Releases as compiled catalogues: published once, compiled once per process, kept by hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from uuid import UUID

from sqlalchemy import Connection, Engine

from app.actions.definitions.drafts import checked, draft_files
from app.actions.errors import NotFound, OutOfDate
from app.catalogue import Catalogue, compile_catalogue, read_files
from app.store.database import read, write
from app.store.drafts import find_draft
from app.store.releases import (
    EDITOR,
    FILES,
    Publication,
    Release,
    keep_release,
    newest_release,
    release_files,
    releases,
)


@dataclass(frozen=True)
class Released:
    """A release with its catalogue."""

    release: Release
    catalogue: Catalogue

    @property
    def name(self) -> str:
        """What documents and pages call it."""
        return f"Release {self.release.number}"

    @property
    def of_organisations(self) -> Released:
        """Its part that asks organisations about themselves. Raises NotFound when it has none."""
        if self.catalogue.organisations is None:
            raise NotFound("organisations")
        return Released(self.release, self.catalogue.organisations)


@dataclass(frozen=True, slots=True)
class Notes:
    """Who publishes, why and when."""

    author: str
    notes: str
    at: datetime
    origin: str = FILES


class Catalogues:
    """The compiled catalogues of one process."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.lock = Lock()
        self.by_id: Mapping[UUID, Released] = {}

    def publish(self, root: Path, notes: Notes) -> Released:
        """Publish the definitions below `root`; the same definitions are the same release.

        Raises BadDefinitions when they have faults; nothing is published then.
        """
        catalogue = compile_catalogue(read_files(root))
        with write(self.engine) as conn:
            released = self.keep(conn, catalogue, notes)
        return self.remember(released)

    @staticmethod
    def keep(conn: Connection, catalogue: Catalogue, notes: Notes) -> Released:
        """Keep a catalogue as a release; `remember` it when the transaction has ended well."""
        publication = Publication(
            catalogue.files, catalogue.hash, notes.author, notes.notes, notes.at, notes.origin
        )
        return Released(keep_release(conn, publication), catalogue)

    def known(self, release_id: UUID) -> Released | None:
        """A release whose catalogue this process has at hand."""
        return self.by_id.get(release_id)

    def of(self, conn: Connection, release_id: UUID) -> Released:
        """The catalogue of a release. Raises NotFound."""
        found = self.known(release_id)
        if found is not None:
            return found
        release = next((each for each in releases(conn) if each.id == release_id), None)
        if release is None:
            return _drafted(conn, release_id)
        return self.remember(Released(release, compile_catalogue(release_files(conn, release_id))))

    def newest(self) -> Released:
        """The newest release. Raises LookupError when nothing has been published."""
        with read(self.engine) as conn:
            return self.newest_in(conn)

    def newest_in(self, conn: Connection) -> Released:
        """The same, within a transaction: whoever holds a connection waits for no second one."""
        found = newest_release(conn)
        if found is None:
            raise LookupError("nothing has been published")
        return self.of(conn, found.id)

    def remember(self, released: Released) -> Released:
        """Have a release at hand from now on; the first of its catalogues stays."""
        with self.lock:
            known = self.known(released.release.id)
            if known is None:
                self.by_id = {**self.by_id, released.release.id: released}
        return known or released


def _drafted(conn: Connection, draft_id: UUID) -> Released:
    """The definitions of a draft, as the release they would become. Raises NotFound, OutOfDate."""
    draft = find_draft(conn, draft_id)
    if draft is None:
        raise NotFound(str(draft_id))
    found = checked(draft_files(conn, draft))
    if found.catalogue is None:
        raise OutOfDate(
            f"The draft has faults now ({len(found.faults)}). Mend them, then go on with its preview."
        )
    number = draft.base_number + 1
    release = Release(draft.id, number, found.hash, draft.who, draft.name, draft.changed_at, EDITOR)
    return Released(release, found.catalogue)

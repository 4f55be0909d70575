"""Publishing definitions, and what is said of a release later: that projects must move to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import Connection, select

from app.actions.access.seeing import seen_by
from app.actions.actor import Actor
from app.actions.catalogues import Catalogues, Notes, Released
from app.actions.errors import NotAllowed, NotFound, OutOfDate
from app.catalogue import Catalogue, compile_catalogue, content_hash, read_files
from app.store.database import read, write
from app.store.releases import (
    EDITOR,
    START,
    Mark,
    Release,
    keep_mark,
    marks,
    newest_release,
    release_files,
    releases,
)
from app.store.tables import project, sheet

FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
MARKS = ("editor", "dpo")
"""Who says that projects must move: whoever writes the definitions, or answers for the law in them."""


@dataclass(frozen=True, slots=True)
class Published:
    """What came of publishing; not `fresh`: the very same definitions were a release already."""

    released: Released
    fresh: bool

    @property
    def number(self) -> int:
        """The number of the release."""
        return self.released.release.number


def publish(
    conn: Connection,
    catalogues: Catalogues,
    catalogue: Catalogue,
    notes: Notes,
    must_move: str | None = None,
    after: int | None = None,
) -> Published:
    """Publish a compiled catalogue in the transaction of `conn`; `compile_catalogue` it before.

    `must_move`: why projects on earlier releases must move to it. `after`: the newest release that
    whoever publishes has seen. Raises OutOfDate when there is a newer one. When the transaction has
    ended well, `catalogues.remember(published.released)` spares the first reader a compilation.
    """
    newest = newest_number(conn)
    if after is not None and newest != after:
        raise OutOfDate(f"Release {newest} was published meanwhile.")
    released = catalogues.keep(conn, catalogue, notes)
    published = Published(released, released.release.number > newest)
    if must_move and published.fresh:
        mark = Mark(released.release.id, published.number, True, must_move, notes.author, notes.at)
        keep_mark(conn, mark)
    return published


def publish_files(
    catalogues: Catalogues,
    files: Mapping[str, bytes],
    notes: Notes,
    must_move: str | None = None,
    after: int | None = None,
) -> Published:
    """Publish definitions by their paths, in a transaction of its own.

    Raises BadDefinitions with every fault of every file; nothing is published then. Raises
    OutOfDate.
    """
    catalogue = compile_catalogue(files)
    with write(catalogues.engine) as conn:
        published = publish(conn, catalogues, catalogue, notes, must_move, after)
    return Published(catalogues.remember(published.released), published.fresh)


@dataclass(frozen=True, slots=True)
class OnRelease:
    """A project on a release."""

    reference: str
    title: str


@dataclass(frozen=True, slots=True)
class Begun:
    """The release that a start finds newest; `set_aside`: the files found differ from it."""

    newest: Released
    set_aside: bool


def begin(catalogues: Catalogues, root: Path, at: datetime) -> Begun:
    """Publish the files found when the program starts, if they are the next of their own line.

    What somebody published since, from other files or in the editor, is never put aside by a
    restart; nor are files that were a release before. Raises BadDefinitions.
    """
    files = read_files(root)
    hashed = content_hash(files)
    with read(catalogues.engine) as conn:
        kept = releases(conn)
    known = any(each.hash == hashed for each in kept)
    if not known and (not kept or kept[0].origin == START):
        notes = Notes("Fingerpost", "The definitions found at the start", at, START)
        return Begun(publish_files(catalogues, files, notes).released, set_aside=False)
    newest = catalogues.newest()
    return Begun(newest, newest.catalogue.hash != hashed)


def newest_number(conn: Connection) -> int:
    """The number of the newest release; 0 when nothing has been published."""
    newest = newest_release(conn)
    return newest.number if newest else 0


def publish_folder(
    catalogues: Catalogues,
    root: Path,
    notes: Notes,
    must_move: str | None = None,
    after: int | None = None,
) -> Published:
    """Publish the definitions below a folder.

    Over a release that came from the editor only with `after`, so that nobody undoes unseen what
    was changed there. Raises BadDefinitions, OutOfDate.
    """
    with read(catalogues.engine) as conn:
        newest = newest_release(conn)
    if newest is not None and newest.origin == EDITOR and after is None:
        raise OutOfDate(
            f"Release {newest.number} was published in the editor by {newest.author}. Bring its "
            f"changes into the files (fingerpost export {newest.number} FOLDER), then publish "
            f"with --after {newest.number}."
        )
    return publish_files(catalogues, read_files(root), notes, must_move, after)


def export_release(conn: Connection, number: int) -> dict[str, bytes]:
    """The very files of a release, by path. Raises NotFound."""
    return release_files(conn, find_release(conn, number).id)


def write_release(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files of a release below an empty folder. Raises FileExistsError."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def zip_release(files: Mapping[str, bytes]) -> bytes:
    """The files of a release in one file; the same release gives the same bytes."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            about = ZipInfo(path, FIRST_DAY_OF_ZIP)
            about.compress_type = ZIP_DEFLATED
            archive.writestr(about, files[path])
    return packed.getvalue()


def find_release(conn: Connection, number: int) -> Release:
    """A release by its number. Raises NotFound."""
    found = next((each for each in releases(conn) if each.number == number), None)
    if found is None:
        raise NotFound(f"release {number}")
    return found


def on_release(conn: Connection, actor: Actor, release_id: UUID) -> tuple[OnRelease, ...]:
    """The projects on a release that this person sees, by title."""
    found = (
        select(project.c.reference, sheet.c.title)
        .join(sheet, sheet.c.subject_id == project.c.id)
        .where(project.c.release_id == release_id, seen_by(actor))
        .order_by(sheet.c.title, project.c.reference)
    )
    return tuple(OnRelease(*row) for row in conn.execute(found))


# Projects that must move


def require_move(conn: Connection, actor: Actor, number: int, said: tuple[str, datetime]) -> None:
    """Say that projects on earlier releases must move to this one before they sign, and why.

    Raises NotFound, NotAllowed.
    """
    _mark(conn, actor, number, said, must_move=True)


def release_from_moving(
    conn: Connection, actor: Actor, number: int, said: tuple[str, datetime]
) -> None:
    """Take that back, with a reason. Raises NotFound, NotAllowed."""
    _mark(conn, actor, number, said, must_move=False)


def _mark(
    conn: Connection, actor: Actor, number: int, said: tuple[str, datetime], *, must_move: bool
) -> None:
    if actor.role not in MARKS:
        raise NotAllowed(
            "A LOTI editor or a data protection officer says whether projects must move."
        )
    reason, at = said
    release = find_release(conn, number)
    last = next((each for each in reversed(marks(conn)) if each.number == number), None)
    if last is not None and (last.must_move, last.reason, last.who) == (
        must_move,
        reason,
        actor.name,
    ):
        return  # the same form, sent twice
    keep_mark(conn, Mark(release.id, number, must_move, reason, actor.name, at))


def in_force(said: Iterable[Mark]) -> dict[int, Mark]:
    """The releases that must be moved to, by number: the last that was said of each counts."""
    last = {mark.number: mark for mark in said}
    return {number: mark for number, mark in last.items() if mark.must_move}


def releases_to_move_to(conn: Connection) -> dict[int, Mark]:
    """The releases that projects on earlier ones must move to, by number."""
    return in_force(marks(conn))

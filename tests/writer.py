"""A process that saves answers one after another until it is killed."""

from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from uuid import UUID

from app.actions.answers import Posted, open_sheet, save_changes
from app.core.sheet import Change
from app.store.database import open_database, read, write
from tests.databases import NOW, WAITS_MS, summarise
from tests.kept import who_is

ROW_EVERY = 20  # a list holds only so many rows, and a quick writer makes many


@dataclass(frozen=True)
class Work:
    """What a writer needs to know."""

    url: str
    reference: str
    person_id: UUID
    release_id: UUID
    name: str


def save_until_killed(work: Work, acknowledge: Connection) -> None:
    """Save pages of an answer and sometimes a row; acknowledge each once it is committed."""
    engine = open_database(work.url, busy_timeout_ms=WAITS_MS)
    with read(engine) as conn:
        actor = who_is(conn, work.person_id)
        assert actor
        seen = open_sheet(conn, actor, work.reference).sheet.version
    for number in count():
        changes = [Change(f"a.{work.name}", number, seen)]
        if number % ROW_EVERY == 0:
            changes.append(Change("a.rows/+1", {"owner": None, "n": f"{work.name} {number}"}))
        with write(engine) as conn:
            posted = Posted(changes, "dpia/data", NOW, work.release_id)
            merged = save_changes(conn, actor, work.reference, posted, summarise)
        assert not merged.conflicts
        seen = merged.sheet.version
        acknowledge.send([(event.seq, event.address, event.new) for event in merged.events])

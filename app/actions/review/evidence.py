"""Whether what is kept is still what was written: acts in their chains, documents, files, releases."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import Connection, select

from app.actions.answers import read_acts
from app.actions.review.acts import FIRST, Act, brief_of, hash_of, read_act
from app.catalogue import content_hash
from app.store.files import file
from app.store.releases import release_files, releases
from app.store.tables import act, document, project

AT_ONCE = 20  # documents and files that are read together


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was looked at, and every fault.

    `counted`: how many of each kind. `chains`: the hashes of the acts of each project, in order, by
    its reference.
    """

    counted: Mapping[str, int]
    chains: Mapping[str, tuple[str, ...]]
    faults: tuple[str, ...]


def look_through(conn: Connection) -> Evidence:
    """Work every hash out again. Of all organisations: on PostgreSQL for who sees all."""
    seen: Counter[str] = Counter(projects=0, acts=0, documents=0, files=0, releases=0)
    chains: dict[str, tuple[str, ...]] = {}
    faults = [
        *_acts(conn, seen, chains),
        *_documents(conn, seen),
        *_files(conn, seen),
        *_releases(conn, seen),
    ]
    return Evidence(seen, chains, tuple(faults))


def broken_links(acts: Iterable[Act]) -> Iterator[tuple[int, str]]:
    """The acts of one project that are not as they were written, by number, each with what is wrong."""
    previous, expected = FIRST, 1
    for one in acts:
        if one.seq != expected:
            yield one.seq, "an act before it is missing"
        elif one.previous_hash != previous:
            yield one.seq, "it was written after another act than the one that stands before it"
        if one.hash != hash_of(one):
            yield one.seq, "it says something else than was written"
        previous, expected = one.hash, one.seq + 1


def compare(evidence: Evidence, marks: Mapping[str, tuple[int, str]]) -> tuple[str, ...]:
    """What is otherwise than when marks were taken; `marks`: by project, its acts then and the last's hash.

    Whoever can write to the database can work a whole chain out anew. They cannot change what was
    noted elsewhere.
    """
    found = []
    for reference, (number, hashed) in marks.items():
        chain = evidence.chains.get(reference)
        if chain is None:
            found.append(f"{reference}: the project is gone")
        elif len(chain) < number:
            found.append(f"{reference}: {number} acts were there, now {len(chain)}")
        elif number and chain[number - 1] != hashed:
            found.append(
                f"{reference}: act {number}, or one before it, is not the one that was there"
            )
    return tuple(found)


def _acts(
    conn: Connection, seen: Counter[str], chains: dict[str, tuple[str, ...]]
) -> Iterator[str]:
    rows = conn.execute(select(act).order_by(act.c.project_id, act.c.seq))
    by_project: dict[UUID, tuple[Act, ...]] = {
        id_: tuple(found) for id_, found in groupby(map(read_act, rows), lambda one: one.project_id)
    }
    kept = set(conn.execute(select(document.c.sha256)).scalars())
    known = select(project.c.id, project.c.reference, project.c.acts)
    for row in conn.execute(known.order_by(project.c.reference)):
        acts = by_project.get(row.id, ())
        seen.update(projects=1, acts=len(acts))
        chains[row.reference] = tuple(one.hash for one in acts)
        for seq, said in broken_links(acts):
            yield f"{row.reference}, act {seq}: {said}"
        for one in acts:
            if one.document_sha256 is not None and one.document_sha256 not in kept:
                yield f"{row.reference}, act {one.seq}: the document that it names is not there"
        if read_acts(row.acts) != tuple(map(brief_of, acts)):
            yield f"{row.reference}: its list of acts is not that of the acts that are kept"


def _documents(conn: Connection, seen: Counter[str]) -> Iterator[str]:
    found = select(document.c.sha256, document.c.name, document.c.content)
    for row in conn.execute(found.execution_options(yield_per=AT_ONCE)):
        seen.update(documents=1)
        if hashlib.sha256(row.content).hexdigest() != row.sha256:
            yield f"document {row.name} ({row.sha256[:12]}): its bytes are not those that were kept"


def _files(conn: Connection, seen: Counter[str]) -> Iterator[str]:
    found = select(project.c.reference, file.c.name, file.c.hash, file.c.content).join(
        project, project.c.id == file.c.project_id
    )
    for row in conn.execute(found.execution_options(yield_per=AT_ONCE)):
        seen.update(files=1)
        if hashlib.sha256(row.content).hexdigest() != row.hash:
            yield f"{row.reference}, file {row.name}: its bytes are not those that were brought"


def _releases(conn: Connection, seen: Counter[str]) -> Iterator[str]:
    for each in releases(conn):
        seen.update(releases=1)
        if content_hash(release_files(conn, each.id)) != each.hash:
            yield f"release {each.number}: its files are not those that were published"

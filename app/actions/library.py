"""The library: wording that a project lends to others, by its lead and with a second person's yes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from app.actions.actor import Actor
from app.actions.answers import open_to_write
from app.actions.beginning import First, begin_project
from app.actions.catalogues import Catalogues
from app.actions.errors import NotAllowed, NotFound
from app.actions.mail.telling import Message, people_in, tell_soon
from app.actions.pages import Looked
from app.actions.review.acts import NewAct, append_act
from app.core.moving import worded
from app.core.questions import Question
from app.core.sheet import Change
from app.store.library import ASKED, PUBLISHED, REFUSED, TAKEN_OUT, library
from app.store.lineage import BORROWED, lineage
from app.store.sheets import from_text, to_text
from app.store.tables import organisation, project

LENDS, AGREES = "lead", "ig_lead"
DOOR = "new"
MOST = 100
"""So many entries a search shows at most."""
LENT, GIVEN, KEPT_OUT, BACK = (
    "library_asked",
    "library_published",
    "library_refused",
    "library_taken_out",
)
"""The acts that a project keeps of it."""


@dataclass(frozen=True, slots=True)
class Lent:
    """One text that may be lent, or was."""

    id: str
    called: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A project in the library. `words` by the id of their question, `topics` by code."""

    project_id: UUID
    reference: str
    organisation_id: UUID
    organisation: str
    kind: str
    state: str
    title: str
    summary: str
    words: Mapping[str, str]
    topics: Mapping[str, str]
    asked_by: UUID
    asked_who: str
    asked_at: datetime
    said_who: str | None
    said_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lending:
    """What a lead would lend: under which title and summary, which texts."""

    title: str
    summary: str
    chosen: Collection[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: words that all occur, a topic and a kind of organisation by their codes."""

    words: str = ""
    topic: str = ""
    kind: str = ""


def lendable(looked: Looked) -> tuple[Lent, ...]:
    """The texts that a project may lend: those the definitions name, as far as they are asked and said."""
    program, found = looked.released.catalogue.program, looked.facts
    return tuple(
        Lent(id_, program.questions[id_].called, str(found.values[id_]))
        for id_ in looked.released.catalogue.pipeline.reuse.wording
        if id_ in found.shown and id_ in found.values and not program.questions[id_].restricted
    )


def ask_to_publish(conn: Connection, actor: Actor, looked: Looked, lending: Lending) -> Entry:
    """Ask for the yes that puts a project in the library; asked twice in the same words, once.

    Raises NotAllowed, NotFound.
    """
    project_id = _own(actor, looked, LENDS, "A project lead puts a project in the library.")
    texts = {each.id: each.text for each in lendable(looked) if each.id in lending.chosen}
    # The act first: who asks at the same moment waits, and finds what was asked.
    opened = open_to_write(conn, actor, looked.opened.project.reference)
    before = entry_of(conn, looked)
    if before is not None and _same(before, actor, lending, texts):
        return before
    topics = _topics(looked)
    kind = select(organisation.c.kind).where(organisation.c.id == actor.organisation_id)
    conn.execute(delete(library).where(library.c.project_id == project_id))
    conn.execute(
        insert(library),
        {
            "project_id": project_id,
            "reference": looked.opened.project.reference,
            "organisation_id": actor.organisation_id,
            "organisation": actor.organisation_name,
            "kind": conn.execute(kind).scalar_one(),
            "state": ASKED,
            "title": lending.title,
            "summary": lending.summary,
            "words": to_text(texts),
            "topics": to_text(topics),
            "searched": _searched(lending, [*texts.values(), *topics.values()]),
            "asked_by": actor.person_id,
            "asked_who": actor.name,
            "asked_at": lending.at,
        },
    )
    append_act(conn, actor, opened, NewAct(LENT, opened.project.stage, lending.at))
    told = tuple(
        each for each in people_in(conn, actor.organisation_id, AGREES) if each != actor.person_id
    )
    path = f"/projects/{looked.opened.project.reference}/library"
    words = {"who": actor.name, "title": lending.title}
    message = Message("library_asked", told, words, path)
    tell_soon(conn, message, f"{project_id}:{lending.at.isoformat()}", lending.at)
    return _found(conn, library.c.project_id == project_id)


def _same(before: Entry, actor: Actor, lending: Lending, texts: Mapping[str, str]) -> bool:
    said = (ASKED, actor.person_id, lending.title, lending.summary, texts)
    return said == (before.state, before.asked_by, before.title, before.summary, before.words)


def answer_asked(conn: Connection, actor: Actor, looked: Looked, yes: bool, at: datetime) -> Entry:
    """Say whether a project is put in the library as it was asked. Raises NotAllowed, NotFound."""
    project_id = _own(
        actor, looked, AGREES, "The information governance lead says whether it is published."
    )
    # The act first: whoever answers at the same moment waits, and finds it answered.
    _note(conn, actor, looked, GIVEN if yes else KEPT_OUT, at)
    entry = _found(conn, library.c.project_id == project_id, library.c.state == ASKED)
    if entry.asked_by == actor.person_id:
        raise NotAllowed("You asked for it: another person has to agree.")
    said = {"state": PUBLISHED if yes else REFUSED, "said_who": actor.name, "said_at": at}
    conn.execute(update(library).where(library.c.project_id == project_id).values(said))
    return _found(conn, library.c.project_id == project_id)


def take_out(conn: Connection, actor: Actor, looked: Looked, at: datetime) -> Entry:
    """Take a project out of the library again. Raises NotAllowed, NotFound."""
    whose = "Its lead or information governance lead takes a project out of the library."
    project_id = _own(actor, looked, actor.role if actor.role == AGREES else LENDS, whose)
    _found(conn, library.c.project_id == project_id, library.c.state.in_((ASKED, PUBLISHED)))
    said = {
        "state": TAKEN_OUT,
        "said_who": actor.name,
        "said_at": at,
        "words": "{}",
        "searched": "",
    }
    conn.execute(update(library).where(library.c.project_id == project_id).values(said))
    _note(conn, actor, looked, BACK, at)
    return _found(conn, library.c.project_id == project_id)


def entry_of(conn: Connection, looked: Looked) -> Entry | None:
    """How a project stands to the library; None: nobody ever asked."""
    row = conn.execute(
        select(library).where(library.c.project_id == looked.opened.project.id)
    ).one_or_none()
    return _entry(row) if row else None


def waits_in_library(conn: Connection, actor: Actor) -> tuple[Entry, ...]:
    """The projects whose lending waits for this person's yes; one statement."""
    if actor.role != AGREES:
        return ()
    found = select(library).where(
        library.c.organisation_id == actor.organisation_id,
        library.c.state == ASKED,
        library.c.asked_by != actor.person_id,
    )
    return tuple(_entry(row) for row in conn.execute(found.order_by(library.c.asked_at)))


def search_library(conn: Connection, wanted: Search) -> tuple[Entry, ...]:
    """What is published and fits, the newest first; one statement."""
    found = select(library).where(library.c.state == PUBLISHED)
    for word in wanted.words.casefold().split()[:10]:
        found = found.where(library.c.searched.contains(word, autoescape=True))
    if wanted.kind:
        found = found.where(library.c.kind == wanted.kind)
    rows = conn.execute(found.order_by(library.c.said_at.desc()))
    entries = (_entry(row) for row in rows)
    fits = [each for each in entries if wanted.topic in ("", *each.topics)]
    return tuple(fits[:MOST])


def open_entry(conn: Connection, reference: str) -> Entry:
    """A published entry. Raises NotFound: of any other nobody is told."""
    return _found(conn, library.c.reference == reference, library.c.state == PUBLISHED)


def begin_from(
    conn: Connection,
    actor: Actor,
    catalogues: Catalogues,
    reference: str,
    at: datetime,
    id_: UUID | None = None,
) -> str:
    """Begin a project of one's own with the wording of one in the library. Raises NotFound.

    Nothing but words comes along, and none of them is confirmed. `id_`: under which it is kept.
    """
    entry = open_entry(conn, reference)
    newest = catalogues.newest_in(conn)
    pipeline = newest.catalogue.pipeline
    door = next((each for each in pipeline.doors if each.code == DOOR), None)
    if door is None:
        raise NotFound(DOOR)
    texts = _still_lent(entry, newest.catalogue.program.questions, pipeline.reuse.wording)
    carried = worded(texts, f"{entry.organisation} ({entry.title})", entry.asked_at, "library")
    title = Change(pipeline.names.title, entry.title, carried.version)
    first = First(door, at, (title,), (), carried, id=id_ or uuid4())
    made = begin_project(conn, actor, newest, first)
    new = conn.execute(select(project.c.id).where(project.c.reference == made)).scalar_one()
    came = {"project_id": new, "from_id": entry.project_id, "kind": BORROWED, "at": at}
    conn.execute(insert(lineage), came)
    return made


def _still_lent(
    entry: Entry, asked: Mapping[str, Question], wording: Iterable[str]
) -> dict[str, str]:
    """The words whose question is still asked, and still one whose words are lent."""
    return {id_: entry.words[id_] for id_ in wording if id_ in entry.words and id_ in asked}


def _own(actor: Actor, looked: Looked, role: str, told: str) -> UUID:
    """The id of a project of one's own organisation. Raises NotAllowed."""
    opened = looked.opened.project
    if actor.role != role or opened.organisation_id != actor.organisation_id:
        raise NotAllowed(told)
    return opened.id


def _topics(looked: Looked) -> dict[str, str]:
    """What the project is for, by code: the options of the question that the definitions name."""
    id_ = looked.released.catalogue.pipeline.reuse.topics or ""
    said = looked.facts.values.get(id_, ())
    if not isinstance(said, list | tuple):
        return {}
    labels = looked.facts.program.questions[id_].labels
    return {code: labels[code] for code in map(str, said) if code in labels}


def _searched(lending: Lending, more: Iterable[str]) -> str:
    return "\n".join([lending.title, lending.summary, *more]).casefold()


def _note(conn: Connection, actor: Actor, looked: Looked, kind: str, at: datetime) -> None:
    opened = open_to_write(conn, actor, looked.opened.project.reference)
    append_act(conn, actor, opened, NewAct(kind, opened.project.stage, at))


def _found(conn: Connection, *where: ColumnElement[bool]) -> Entry:
    row = conn.execute(select(library).where(*where)).one_or_none()
    if row is None:
        raise NotFound("there is nothing like that in the library")
    return _entry(row)


def _entry(row: Row[Any]) -> Entry:
    values = {name: getattr(row, name) for name in Entry.__slots__}
    return Entry(**{**values, "words": from_text(row.words), "topics": from_text(row.topics)})

"""Files that answer questions: looked at, kept by their hash with the project, and given back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, literal, select

from app.actions.access.policy import sees_restricted
from app.actions.actor import Actor
from app.actions.answers import open_sheet
from app.actions.catalogues import Catalogues
from app.actions.errors import Full, NotFound
from app.core.program import Program
from app.core.questions import REFUSED, Question, Reading, type_of
from app.core.sheet import Sheet
from app.documents.uploads import MAX_BYTES, Inspected, Refused, inspect_upload
from app.store.files import file
from app.store.inserting import insert_into
from app.store.tables import project

MOST_OF_A_PROJECT = 200 * 1024 * 1024
"""Bytes of all files of one project together, whether they still answer a question or not."""

TOO_MANY = (
    "This project holds 200 MB of files, which is the most it can. The file was not kept; "
    "everything else you typed was left as it stands on the page."
)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that somebody brings to answer a question."""

    inspected: Inspected
    content: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it is given back."""

    name: str
    kind: str
    content: bytes


def look_at_file(name: str, content: bytes) -> Brought:
    """Look at a file before anything opens it. Raises Refused."""
    return Brought(inspect_upload(name, content), content)


def read_file(question: Question, brought: Brought | Refused, at: datetime) -> Reading:
    """What a question makes of a file that was brought, or of its refusal."""
    if isinstance(brought, Refused):
        return type_of(question).from_form(question, {REFUSED: [str(brought)]})
    made = json.dumps(answer_of(brought.inspected, at), ensure_ascii=False)
    return type_of(question).from_form(question, {"": [made]})


def answer_of(inspected: Inspected, at: datetime) -> dict[str, Any]:
    """The answer that names a file."""
    return {
        "hash": inspected.hash,
        "name": inspected.name,
        "kind": inspected.kind,
        "size": inspected.size,
        "at": at.isoformat(),
    }


def keep_file(
    conn: Connection, actor: Actor, reference: str, question: str, brought: Brought, at: datetime
) -> None:
    """Keep the bytes of a file with a project, once; nothing where there is no such project.

    Who may write there is for the save that follows in the same transaction. Raises Full.
    """
    found = brought.inspected
    taken = select(func.coalesce(func.sum(file.c.size), 0)).where(
        file.c.project_id
        == select(project.c.id).where(project.c.reference == reference).scalar_subquery()
    )
    if conn.execute(taken).scalar_one() + found.size > MOST_OF_A_PROJECT:
        raise Full(TOO_MANY)
    kept = {
        "question": question,
        "hash": found.hash,
        "name": found.name,
        "kind": found.kind,
        "size": found.size,
        "content": brought.content,
        "person_id": actor.person_id,
        "organisation_id": actor.organisation_id,
        "who": actor.name,
        "at": at,
    }
    values = [literal(value, type_=file.c[name].type) for name, value in kept.items()]
    row = select(project.c.id, *values).where(project.c.reference == reference)
    conn.execute(
        insert_into(conn, file).from_select(["project_id", *kept], row).on_conflict_do_nothing()
    )


def open_file(
    conn: Connection, actor: Actor, catalogues: Catalogues, reference: str, hashed: str
) -> Given:
    """A file of a project, for whoever may see the question that it answers. Raises NotFound."""
    opened = open_sheet(conn, actor, reference)
    program = catalogues.of(conn, opened.project.release_id).catalogue.program
    rows = conn.execute(
        select(file.c.question, file.c.name, file.c.kind, file.c.content).where(
            file.c.project_id == opened.project.id, file.c.hash == hashed
        )
    ).all()
    # The same bytes may have come under another name since.
    names = {answer["hash"]: answer["name"] for answer in _files_of(program, opened.sheet)}
    for row in rows:
        if sees_restricted(actor.role) or _open_to_all(program, opened.sheet, row.question, hashed):
            return Given(names.get(hashed, row.name), row.kind, row.content)
    raise NotFound(hashed)


def _open_to_all(program: Program, sheet: Sheet, question: str, hashed: str) -> bool:
    """Whether a file answers a question that is not restricted, under whatever id it does so now.

    A question that the release no longer asks, and whose answer was not carried, tells nobody
    whether it was restricted.
    """
    asked = program.questions.get(question)
    if asked is not None:
        return not asked.restricted
    return any(answer["hash"] == hashed for answer in _files_of(program, sheet))


def _files_of(program: Program, sheet: Sheet) -> Iterator[Mapping[str, Any]]:
    """The files that answer the questions which are not restricted."""
    for question in program.questions.values():
        answer = sheet.value(question.id) if question.type == "file" else None
        if isinstance(answer, dict) and not question.restricted:
            yield answer


def beside(folder: Path) -> Callable[[str], Any]:
    """Read a path of an answers file as the file that lies there. Raises Refused."""

    def read(path: str) -> Any:
        found = (folder / path).resolve()
        if not found.is_relative_to(folder.resolve()) or not found.is_file():
            raise Refused("", f"there is no file '{path}' below the folder of the answers file")
        if found.stat().st_size > MAX_BYTES:
            raise Refused(found.name, "is larger than 10 MB.")
        moment = datetime.fromtimestamp(found.stat().st_mtime, tz=UTC)
        return answer_of(inspect_upload(found.name, found.read_bytes()), moment)

    return read

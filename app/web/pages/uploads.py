"""Files that a page brings: looked at before anything is saved, and kept with the answers that name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import g, request
from sqlalchemy import Connection
from werkzeug.datastructures import FileStorage

from app.actions.answers import Also
from app.actions.files import Brought, keep_file, look_at_file, read_file
from app.core.questions import Answer, Question
from app.core.sheet import Change, Sheet, Unreadable
from app.documents.uploads import MAX_BYTES, Refused
from app.web.pages.place import Place
from app.web.pages.posting import Follow, seen
from app.web.site import now

REMOVE = "-remove"
"""The part of a name under which a page says that a file is taken away."""


@dataclass
class Uploads:
    """What a page says of its questions for files.

    A question of which nothing is said keeps its file, and forgets the one that was refused.
    """

    brought: dict[str, Brought] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    refused: list[Unreadable] = field(default_factory=list)
    untouched: list[str] = field(default_factory=list)

    def keep(self, place: Place) -> Follow:
        """What follows from saving the page: the bytes are kept, and the answers name them."""

        def follow(conn: Connection, _changes: Sequence[Change]) -> Also:
            for question, brought in self.brought.items():
                keep_file(conn, g.actor, place.reference, question, brought, now())
            return self.changes

        return follow

    def posted(self) -> list[Change]:
        """What the page changes, to be looked at as any answer is: whether it may be given."""
        return [Change(address, value) for address, value in self.answers.items()]

    def changes(self, sheet: Sheet) -> list[Change]:
        """The answers, written over whatever they meet: the history keeps what they replace."""
        kept = {address: sheet.value(address) for address in self.untouched}
        return [
            Change(address, value, sheet.version_of(address))
            for address, value in (self.answers | kept).items()
        ]


def read_uploads(asked: Mapping[str, Question]) -> Uploads:
    """The files of a page's questions, each looked at; what is refused says why."""
    found = Uploads()
    shown = seen()
    for address, question in asked.items():
        if address not in shown:
            continue
        upload = request.files.get(address)
        if upload is not None and upload.filename:
            _take(found, question, upload)
        elif request.form.get(f"{address}{REMOVE}"):
            found.answers[address] = None
        else:
            found.untouched.append(address)
    return found


def _take(found: Uploads, question: Question, upload: FileStorage) -> None:
    name = upload.filename or ""
    brought: Brought | Refused
    try:
        # One byte more than is taken says that there is more.
        brought = look_at_file(name, upload.stream.read(MAX_BYTES + 1))
    except Refused as refused:
        brought = refused
    finally:
        upload.close()
    reading = read_file(question, brought, now())
    if isinstance(brought, Refused) or reading.error:
        found.refused.append(Unreadable(question.id, "", reading.error or str(brought)))
        return
    found.brought[question.id] = brought
    found.answers[question.id] = reading.value

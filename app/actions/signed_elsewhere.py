"""Beginning a project from a document that is signed already: what it settles, and that it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.answers import open_sheet
from app.actions.beginning import First, begin_project
from app.actions.catalogues import Released
from app.actions.files import Brought, keep_file
from app.actions.pages import look, summarise
from app.actions.review.acts import NewAct, record_act
from app.core.days import day_of
from app.core.domains import show_date
from app.core.pipeline import Pipeline
from app.core.questions import type_of
from app.core.standing import SETTLE


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A signed document: what kind it is of, when and by whom it was signed, and the file."""

    kind: str
    on: str
    by: str
    answer: Mapping[str, Any]
    brought: Brought

    def told(self) -> str:
        """The document in a sentence, as acts and documents print it."""
        signatories = "; ".join(line.strip() for line in self.by.splitlines() if line.strip())
        return (
            f"{self.answer['name']}, signed on {show_date(self.on)} by {signatories}. "
            f"SHA-256 {self.answer['hash']}"
        )


def begin_signed(
    conn: Connection, actor: Actor, released: Released, first: First, document: SignedDocument
) -> str:
    """Begin a project whose first stages a document settles; its reference. Raises Full.

    The answers about the document are among the `first`.
    """
    catalogue = released.catalogue
    signed = catalogue.pipeline.signed
    if signed is None:
        raise LookupError("these definitions do not say what a signed document stands for")
    reference = begin_project(conn, actor, released, first)
    keep_file(conn, actor, reference, signed.file, document.brought, first.at)
    opened = open_sheet(conn, actor, reference)
    route = look(opened, released, day_of(first.at)).route
    stages = signed.stands_for[document.kind]
    later = next((id_ for id_ in route.stages if id_ not in stages), None)
    kind = type_of(catalogue.program.questions[signed.kind])
    content = {
        "reason": document.told(),
        "kind": kind.show(catalogue.program.questions[signed.kind], document.kind),
        "on": document.on,
        "by": document.by,
        "file": dict(document.answer),
    }
    summary = summarise(released, day_of(first.at))
    for stage in stages:
        act = NewAct(SETTLE, stage, first.at, about=stage, content=content, moves_to=later)
        record_act(conn, actor, reference, act, summary)
    return reference


def settles(pipeline: Pipeline, kind: str) -> list[str]:
    """The titles of the stages that a kind of document settles."""
    stages = pipeline.signed.stands_for.get(kind, ()) if pipeline.signed else ()
    return [pipeline.stage(id_).title for id_ in stages]


def too_late(on: str, today: date) -> bool:
    """Whether a document would be signed only after today."""
    return on > today.isoformat()

"""Saving what an organisation adds to a project: into its own rows, and into no others."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.answers import open_to_write
from app.actions.catalogues import Catalogues
from app.actions.errors import NotAllowed, NotFound
from app.actions.pages import Looked, PageInput, Saved, look, save_page
from app.actions.together.contributions import (
    Contribution,
    Part,
    contribution_of,
    names_party,
    place_of_ours,
    proposals,
)
from app.core.days import day_of
from app.core.domains import UNSURE
from app.core.questions import Column
from app.core.sheet import NEW_ROW, Change, Unreadable, read_address

THEIRS = "This row belongs to another organisation. Only its own people change it here."


@dataclass(frozen=True, slots=True)
class Given:
    """What an organisation says in its rows of one question.

    `confirm`: the addresses of which it says that what others wrote is right. `remove`: the row
    that it takes out.
    """

    question: str
    release_id: UUID
    at: datetime
    changes: Iterable[Change]
    drafts: Iterable[Unreadable] = ()
    confirm: frozenset[str] = field(default=frozenset())
    remove: Change | None = None


def save_ours(
    conn: Connection, actor: Actor, catalogues: Catalogues, reference: str, given: Given
) -> Saved:
    """Save what an organisation says in its own rows. Raises NotFound, NotAllowed, OutOfDate."""
    opened = open_to_write(conn, actor, reference)
    released = catalogues.of(conn, opened.project.release_id)
    looked = look(opened, released, day_of(given.at))
    ours = contribution_of(looked, actor)
    if ours is None:
        raise NotFound(reference)
    work = _Giving(looked, ours, ours.part(given.question))
    posted = PageInput(
        place_of_ours(actor.organisation_id),
        given.release_id,
        given.at,
        [*work.changes(given)],
        [*work.drafts(given)],
    )
    return save_page(conn, actor, catalogues, reference, posted)


@dataclass(frozen=True)
class _Giving:
    """One question of an organisation while it is written to; nobody else writes meanwhile."""

    looked: Looked
    ours: Contribution
    part: Part

    def changes(self, given: Given) -> Iterator[Change]:
        """What is written: the answers, the row they begin, and the rows that are taken over."""
        answers = [self._answer(change, given.confirm) for change in given.changes]
        yield from self._begun(answers, given.drafts)
        yield from answers
        for change in answers:
            yield from self._taken_over(change)
        if given.remove is not None:
            yield self._removed(given.remove)

    def drafts(self, given: Given) -> Iterator[Unreadable]:
        """What could not be read, kept beside the answers."""
        for draft in given.drafts:
            yield draft._replace(address=self._own(draft.address))

    def _answer(self, change: Change, confirm: frozenset[str]) -> Change:
        address = self._own(change.address)
        # A colleague began the row meanwhile: nothing of it was seen.
        seen = change.seen if address == change.address else 0
        return change._replace(address=address, seen=seen, confirm=change.address in confirm)

    def _own(self, address: str) -> str:
        """The address, if it is of a row of ours. Raises NotAllowed."""
        place = read_address(address)
        row = place.row or ""
        numbers = [str(each["id"]) for each in self.part.rows]
        if place.question != self.part.question.id or not place.column:
            raise NotAllowed(THEIRS)
        if row.startswith(NEW_ROW) and self.part.adds:
            known = place.row_address in self.looked.opened.sheet.added
            return address if known or not numbers else str(place._replace(row=numbers[0]))
        # A row that somebody has removed is told of as a conflict.
        if row not in numbers and (self.looked.opened.sheet.has_row(place) or not row.isdecimal()):
            raise NotAllowed(THEIRS)
        return address

    def _begun(self, answers: list[Change], drafts: Iterable[Unreadable]) -> Iterator[Change]:
        """The row that the answers begin: it names the organisation, whose row it is from now on."""
        told = [change.address for change in answers if change.value is not None]
        told += [draft.address for draft in drafts]
        rows = {read_address(each).row_address for each in told if f"/{NEW_ROW}" in each}
        for row in sorted(rows):
            yield Change(row, self._named(self.part.refers))

    def _named(self, refers: str) -> dict[str, object]:
        """What a row holds that belongs to the organisation."""
        return {"owner": self.ours.name, refers: self.ours.party["id"]}

    def _taken_over(self, change: Change) -> Iterator[Change]:
        """What holds for our like is not right for us: the same as rows of our own, to be changed."""
        column = self._column(change)
        use = column.confirms if column else None
        if use is None or change.value in (None, UNSURE, use.right):
            return
        question = self.looked.facts.program.questions[use.rows]
        refers = names_party(self.looked.released.catalogue.pipeline, question)
        found = proposals(self.looked, self.ours.party, use.rows)
        if any(row.get(refers) for row in found):
            return  # ours already
        typed = {each.id for each in question.columns if not each.derived}
        for row in found:
            values = {name: value for name, value in row.items() if name in typed}
            key = f"{question.id}/{NEW_ROW}{secrets.token_hex(4)}"
            yield Change(key, {**values, **self._named(refers)})

    def _column(self, change: Change) -> Column | None:
        name = read_address(change.address).column
        return next((each for each in self.part.columns if each.id == name), None)

    def _removed(self, change: Change) -> Change:
        numbers = [str(each["id"]) for each in self.part.rows]
        place = read_address(change.address)
        ours = place.question == self.part.question.id and place.row in numbers
        if not ours or place.column or not self.part.refers:
            raise NotAllowed(THEIRS)
        return change._replace(value=None)

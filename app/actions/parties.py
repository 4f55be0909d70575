"""What a project's party takes from its organisation's record, with its date, and what is newer there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.actions.answers import Also
from app.actions.organisation_sheets import Fact, ListedOrganisation
from app.core.questions import Column, Question, type_of
from app.core.register import Register
from app.core.sheet import Change, Origin, Sheet

RECORDS = "organisations/"
"""Begins the place of an answer that came from an organisation's record."""


@dataclass(frozen=True, slots=True)
class Newer:
    """A fact of the record that is newer than what the party's row says."""

    column: Column
    value: object
    at: datetime


@dataclass(frozen=True)
class PartyRow:
    """One row of a project's parties, and the organisations it may be taken from."""

    parties: Question
    register: Register
    address: str
    organisations: tuple[ListedOrganisation, ...]

    @property
    def name(self) -> str:
        """The address of the column that names the organisation: the first text."""
        return f"{self.address}/{next(c.id for c in self.parties.columns if c.type == 'text')}"

    def taken_from(self, sheet: Sheet) -> ListedOrganisation | None:
        """The organisation whose facts stand in the row."""
        wheres = {entry.where for _, entry in sheet.cells(self.address) if entry.value is not None}
        return next((o for o in self.organisations if place_of_record(o.id) in wheres), None)

    def called(self, name: object) -> ListedOrganisation | None:
        """The organisation of this name, however it is written."""
        wanted = str(name or "").strip().casefold()
        return next((o for o in self.organisations if o.name.casefold() == wanted), None)

    def newer(self, sheet: Sheet) -> tuple[Newer, ...]:
        """What the record says by now of a row that was taken from it."""
        source = self.taken_from(sheet)
        if source is None:
            return ()
        named = sheet.entries.get(self.name)
        found = []
        for column, fact, at in self._facts(source):
            entry = sheet.entries.get(f"{self.address}/{column.id}") or named
            older = entry is None or entry.at < at
            if older and sheet.value(f"{self.address}/{column.id}") != fact.value:
                found.append(Newer(column, fact.value, at))
        return tuple(found)

    def take_facts(self, posted: Iterable[Change]) -> Also:
        """When the row is given another name that a record has, its facts fill what nobody typed."""
        said = {change.address: change for change in posted}

        def also(sheet: Sheet) -> Iterator[Change]:
            given = said.get(self.name)
            source = self.called(given.value) if given else None
            if given is None or source is None or sheet.value(self.name) == given.value:
                return
            origin = origin_of(source, source.saved_at)
            yield given._replace(value=source.name, origin=origin)
            for column, fact, at in self._facts(source):
                address = f"{self.address}/{column.id}"
                if not _typed(said.get(address), sheet, address):
                    seen = sheet.version_of(address)
                    yield Change(address, fact.value, seen, origin_of(source, at))

        return also

    def take_newer(self) -> Also:
        """Every newer fact of the record."""

        def also(sheet: Sheet) -> Iterator[Change]:
            source = self.taken_from(sheet)
            for newer in self.newer(sheet) if source else ():
                address = f"{self.address}/{newer.column.id}"
                origin = origin_of(source, newer.at) if source else None
                yield Change(address, newer.value, sheet.version_of(address), origin)

        return also

    def _facts(self, source: ListedOrganisation) -> Iterator[tuple[Column, Fact, datetime]]:
        """What the record gives to the columns, as far as they take such answers."""
        columns = {column.id: column for column in self.parties.columns if not column.derived}
        for name, id_ in self.register.gives.items():
            column, fact = columns.get(name), source.facts.get(id_)
            if column is None or fact is None or fact.at is None:
                continue
            if not type_of(column).from_file(column, fact.value).error:
                yield column, fact, fact.at


def _typed(change: Change | None, sheet: Sheet, address: str) -> bool:
    """Whether a person gave this answer, now or before: a record never overwrites it."""
    entry = sheet.entries.get(address)
    if change is not None and change.value not in (
        None,
        entry.value if entry else None,
    ):
        return True
    return entry is not None and entry.value is not None and not entry.where.startswith(RECORDS)


def place_of_record(organisation_id: UUID) -> str:
    """Where an answer stands that came from this organisation's record."""
    return f"{RECORDS}{organisation_id}"


def origin_of(source: ListedOrganisation, at: datetime) -> Origin:
    """Whose record an answer came from, and when it was answered there."""
    return Origin(f"{source.name}'s record", at, place_of_record(source.id))

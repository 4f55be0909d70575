"""What a sheet is: all current answers about one subject, and who gave each of them when.

An address names one answer: "data.special" (a question), "law.routes/3" (row 3 is there),
"law.routes/3/art9" (a column of row 3). For a rows question "law.routes" itself holds only
NO_ROWS, which says that there are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

NO_ROWS: tuple[()] = ()
"""The value of a rows question when "there are none" was said; kept and returned as []."""

NEW_ROW = "+"
"""Begins the row part of an address that adds a row: "law.routes/+1", "law.routes/+k3x9"."""


class Place(NamedTuple):
    """The parts of an address."""

    question: str
    row: str | None = None
    column: str | None = None

    @property
    def row_address(self) -> str:
        """The address of the row this place is in."""
        return f"{self.question}/{self.row}"

    def __str__(self) -> str:
        """The address."""
        return "/".join(part for part in self if part is not None)


class Entry(NamedTuple):
    """One answer as it stands.

    A value of None is a blank that somebody made; it is kept so that an older page cannot quietly
    bring the former answer back.
    """

    value: object
    by: str
    at: datetime
    where: str
    version: int


class Kept(NamedTuple):
    """An answer that a move to another release could not carry, or made into something else.

    It stays as it was: at its address under its release, with the type and wording of then. `into` says where
    it would stand now, and `made` what became of it there (None: it is asked again), so that moving
    back can tell it from a later answer. `afresh`: a choice that is made anew in a new project, and so
    never comes back by itself.
    """

    release: str
    address: str
    value: object
    by: str
    at: datetime
    where: str
    type: str
    asked: str
    said: str
    into: str | None = None
    made: object = None
    restricted: bool = False
    afresh: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """Input that could not be read, kept beside the answer to be shown again with its error."""

    raw: object
    error: str
    by: str
    at: datetime


def _nothing() -> Mapping[str, int]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sheet:
    """All current answers about one subject.

    `next_row` holds the next free number of each rows question, so that no number is used twice;
    `added` which row an "add" with a key made, so that posting it twice makes one row; `kept` what
    the release it is answered under cannot read; `again` the addresses whose answers came from an
    earlier project and which nobody has confirmed.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    version: int = 0
    last_event: int = 0
    next_row: Mapping[str, int] = field(default_factory=_nothing)
    added: Mapping[str, int] = field(default_factory=_nothing)
    kept: tuple[Kept, ...] = ()
    again: frozenset[str] = frozenset()

    def value(self, address: str) -> object:
        """What is answered there; None when blank."""
        entry = self.entries.get(address)
        return entry.value if entry else None

    def has_row(self, place: Place) -> bool:
        """Whether the row of this place is there now."""
        return self.value(place.row_address) is not None

    def rows(self, question: str) -> list[int]:
        """The numbers of the rows that are there, in order."""
        start = question + "/"
        return sorted(
            int(address[len(start) :])
            for address, entry in self.entries.items()
            if entry.value is not None
            and address.startswith(start)
            and "/" not in address[len(start) :]
        )

    def cells(self, row_address: str) -> Iterator[tuple[str, Entry]]:
        """The columns of a row that have an entry, each with its address."""
        start = row_address + "/"
        return (item for item in self.entries.items() if item[0].startswith(start))

    def unconfirmed(self, question: str) -> bool:
        """Whether something of a question came from an earlier project and nobody confirmed it."""
        return bool(self.again) and any(each.partition("/")[0] == question for each in self.again)

    def version_of(self, address: str) -> int:
        """The version a page shows with an answer, to be posted back as `seen`.

        For a row it is the newest of the row and its columns: a row may only be removed by
        someone who has seen all of it.
        """
        entry = self.entries.get(address)
        own = entry.version if entry else 0
        if address.count("/") != 1:
            return own
        return max([own, *(cell.version for _, cell in self.cells(address))])


def read_address(address: str) -> Place:
    """The parts of an address; ValueError when it is none."""
    parts = address.split("/")
    place = Place(*parts) if len(parts) <= 3 else None
    if place is None or not all(parts):
        raise ValueError(f"not an address: {address!r}")
    if place.row is not None and not (place.row.isdecimal() or place.row[0] == NEW_ROW):
        raise ValueError(f"not a row: {address!r}")
    return place


def answers(sheet: Sheet) -> dict[str, object]:
    """Question id to value: what the evaluator reads.

    Rows become a list of {"id": 3, "owner": ..., column: value} in the order of their numbers
    (owner only where there is one; a column called owner wins), [] when "there are none" was
    said. What is blank is absent.
    """
    return answers_of((address, entry.value) for address, entry in sheet.entries.items())


def answers_of(values: Iterable[tuple[str, object]]) -> dict[str, object]:
    """The same of the bare values by their addresses, None where blank."""
    found: dict[str, object] = {}
    rows: dict[str, dict[int, dict[str, object]]] = {}
    cells: list[tuple[str, object]] = []
    for address, value in values:
        if value is None:
            continue
        slashes = address.count("/")
        if not slashes:
            found[address] = value
        elif slashes == 1:
            question, _, row = address.partition("/")
            rows.setdefault(question, {})[int(row)] = _row(int(row), value)
        else:
            cells.append((address, value))
    for address, value in cells:
        question, row, column = address.split("/")
        kept = rows.get(question, {}).get(int(row))
        if kept is not None:
            kept[column] = value
    for question, numbered in rows.items():
        found[question] = [numbered[row] for row in sorted(numbered)]
    return found


def answers_again(sheet: Sheet, before: Sheet, then: Mapping[str, object]) -> dict[str, object]:
    """The same as `answers(sheet)`, from what that gave for an earlier sheet of the subject.

    A page leaves most entries as they were, the very same objects: only the others are read.
    """
    old, new = before.entries, sheet.entries
    touched = [address for address, entry in new.items() if old.get(address) is not entry]
    touched += old.keys() - new.keys()
    found = dict(then)
    for address in touched:
        value = sheet.value(address)
        if "/" in address or [] in (value, before.value(address)):
            return answers(sheet)  # rows are read together
        if value is None:
            found.pop(address, None)
        else:
            found[address] = value
    return found


def _row(number: int, value: object) -> dict[str, object]:
    owner = value.get("owner") if isinstance(value, Mapping) else None
    return {"id": number} if owner is None else {"id": number, "owner": owner}


def from_document(document: Mapping[str, object]) -> Sheet:
    """The sheet kept in a JSON document (see `to_document`)."""
    entries, drafts = _part(document, "entries"), _part(document, "drafts")
    # Answers saved together share their moment: it is read once.
    moment = cache(datetime.fromisoformat)
    return Sheet(
        entries={
            address: Entry(
                kept["value"], kept["by"], moment(kept["at"]), kept["where"], kept["version"]
            )
            for address, kept in entries.items()
        },
        drafts={
            address: Draft(kept["raw"], kept["error"], kept["by"], moment(kept["at"]))
            for address, kept in drafts.items()
        },
        version=_whole(document, "version"),
        last_event=_whole(document, "last_event"),
        next_row=_part(document, "next_row"),
        added=_part(document, "added"),
        kept=tuple(map(_kept, _list(document, "kept"))),
        again=frozenset(_list(document, "again")),
    )


def _kept(kept: Mapping[str, Any]) -> Kept:
    return Kept(**{**kept, "at": datetime.fromisoformat(kept["at"])})


def to_document(sheet: Sheet, entries: Mapping[str, object] | None = None) -> dict[str, object]:
    """The sheet as a JSON document; `entries`: those of the sheet, already written by address."""
    return {
        "version": sheet.version,
        "last_event": sheet.last_event,
        "next_row": dict(sheet.next_row),
        "added": dict(sheet.added),
        "entries": entries or {each: entry_document(of) for each, of in sheet.entries.items()},
        "drafts": {
            address: {
                "raw": draft.raw,
                "error": draft.error,
                "by": draft.by,
                "at": draft.at.isoformat(),
            }
            for address, draft in sheet.drafts.items()
        },
        **(
            {"kept": [each._asdict() | {"at": each.at.isoformat()} for each in sheet.kept]}
            if sheet.kept
            else {}
        ),
        **({"again": sorted(sheet.again)} if sheet.again else {}),
    }


def entry_document(entry: Entry) -> dict[str, object]:
    """One entry as it is in the document."""
    value, by, at, where, version = entry
    return {"value": value, "by": by, "at": at.isoformat(), "where": where, "version": version}


def _part(document: Mapping[str, object], name: str) -> dict[str, Any]:
    part = document.get(name, {})
    if not isinstance(part, dict):
        raise TypeError(f"a sheet's {name} must be a mapping")
    return part


def _list(document: Mapping[str, object], name: str) -> list[Any]:
    found = document.get(name, [])
    if not isinstance(found, list):
        raise TypeError(f"a sheet's {name} must be a list")
    return found


def _whole(document: Mapping[str, object], name: str) -> int:
    number = document.get(name, 0)
    if not isinstance(number, int):
        raise TypeError(f"a sheet's {name} must be a whole number")
    return number

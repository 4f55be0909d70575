"""How the changes of a page are written into a sheet that others may have changed meanwhile.

An answer newer than the page that was posted is never overwritten: either the page's text is
what it showed all along (then nobody touched it and the newer answer stays), or both texts are
reported and the person decides. Everything else of the page is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from app.core.sheet.entries import NEW_ROW, NO_ROWS, Draft, Entry, Place, Sheet, read_address

_ABSENT: Mapping[tuple[str, int], object] = MappingProxyType({})
_EMPTY_ROW: Mapping[str, object] = MappingProxyType({"owner": None})


class Origin(NamedTuple):
    """Where an answer was taken over from: whose record, when it was answered there, and where.

    The answer keeps it; the event says who took it over and when.
    """

    by: str
    at: datetime
    where: str


class Change(NamedTuple):
    """What a page says of one address; `seen` is the version the page showed (0: blank).

    A value of None is a blank, and removes a row. A row's value is {"owner": text or None} and
    may carry columns as well. A row part that begins with "+" adds a row: digits behind it are
    only its place in the form, anything longer is a key, with which adding twice makes one row.
    `confirm`: somebody whose answer this is says that it is right, whoever gave it.
    """

    address: str
    value: object
    seen: int = 0
    origin: Origin | None = None
    confirm: bool = False


class Unreadable(NamedTuple):
    """Input that the question could not read, with the message shown beside it."""

    address: str
    raw: object
    error: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """By whom, when, on which page and under which release answers are given."""

    by: str
    at: datetime
    where: str
    release: str


class Clash(StrEnum):
    """Why something was not written."""

    CHANGED = "changed"  # somebody has given another answer since
    ROW_REMOVED = "row_removed"  # the row is gone
    ROW_CHANGED = "row_changed"  # the row to be removed has been changed since
    ROWS_THERE = "rows_there"  # "there are none", but there are


@dataclass(frozen=True, slots=True)
class Conflict:
    """An address of which nothing was written, with both texts.

    To keep one's own, post it again with `seen=their_version`.
    """

    address: str
    clash: Clash
    theirs: object
    mine: object
    their_by: str | None
    their_at: datetime | None
    their_version: int


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one address, as it is kept for ever."""

    seq: int
    version: int
    address: str
    old: object
    new: object
    by: str
    at: datetime
    where: str
    release: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a page: the new sheet, what happened, what was refused, which rows came."""

    sheet: Sheet
    events: tuple[Event, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    added: Mapping[str, int] = field(default_factory=dict)
    changed: bool = False


def contested(sheet: Sheet, changes: Iterable[Change]) -> list[Change]:
    """The changes that meet something newer than their page.

    Whoever keeps the events tells `merge` what the page showed there, so that a text nobody
    touched is no conflict. Empty when the page is up to date.
    """
    found = []
    for change in _spread(changes):
        place = read_address(change.address)
        if _is_new(place):
            continue
        gone = place.row is not None and not sheet.has_row(place)
        now = sheet.entries.get(change.address)
        newer = now is not None and now.version > _seen(sheet, change)
        if (newer or gone) and sheet.value(change.address) != change.value:
            found.append(change)
    return found


def merge(
    sheet: Sheet,
    changes: Iterable[Change],
    drafts: Iterable[Unreadable],
    stamp: Stamp,
    shown: Mapping[tuple[str, int], object] = _ABSENT,
) -> Merged:
    """Write a page's changes and unreadable input into the sheet.

    `shown` gives, for (address, seen) of what is `contested`, the value at that version.
    """
    work = _Merging(sheet, stamp, shown)
    for change in sorted(_spread(changes), key=_order):
        work.apply(change)
    for draft in drafts:
        work.keep_draft(draft)
    return work.result()


def _spread(changes: Iterable[Change]) -> Iterator[Change]:
    """Take columns that travel in a row's value apart."""
    for change in changes:
        if change.address.count("/") != 1 or not isinstance(change.value, Mapping):
            plain = _plain(change.value)
            yield change if plain is change.value else change._replace(value=plain)
            continue
        yield change._replace(value={"owner": change.value.get("owner")})
        for column, value in change.value.items():
            if column != "owner":
                yield Change(f"{change.address}/{column}", _plain(value), change.seen)


def _order(change: Change) -> int:
    """Rows go before others come, rows before their columns, "there are none" at the end."""
    if change.value == []:  # NO_ROWS
        return 3
    if change.address.count("/") == 1:
        return 0 if change.value is None else 1
    return 2


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _is_new(place: Place) -> bool:
    return place.row is not None and place.row.startswith(NEW_ROW)


def _seen(sheet: Sheet, change: Change) -> int:
    """A version that does not exist yet was never shown; nobody has seen anything newer."""
    return change.seen if change.seen <= sheet.version else 0


class _Merging:
    """The working copy of a sheet while one page is written into it."""

    def __init__(self, sheet: Sheet, stamp: Stamp, shown: Mapping[tuple[str, int], object]) -> None:
        self.old = sheet
        self.stamp = stamp
        self.shown = shown
        self.entries = dict(sheet.entries)
        self.drafts = dict(sheet.drafts)
        self.next_row = dict(sheet.next_row)
        self.added = dict(sheet.added)
        self.new = replace(
            sheet,
            entries=self.entries,
            drafts=self.drafts,
            next_row=self.next_row,
            added=self.added,
            version=sheet.version + 1,
        )
        self.events: list[Event] = []
        self.conflicts: list[Conflict] = []
        self.came: dict[str, int] = {}

    def apply(self, change: Change) -> None:
        """Write one change, or report why not."""
        place = read_address(change.address)
        if _is_new(place):
            column = place.column is not None and change.value is not None
            added = self._row_for(place, _EMPTY_ROW if column else change.value)
            if added is None:
                return
            place = place._replace(row=str(added))
            change = change._replace(address=str(place))
        if place.row is None:
            self._answer(change)
        elif place.column is None:
            self._row(place, change)
        else:
            self._column(place, change)

    def keep_draft(self, unreadable: Unreadable) -> None:
        """Keep unreadable input beside the answer."""
        place = read_address(unreadable.address)
        if _is_new(place):
            place = place._replace(row=str(self._row_for(place, _EMPTY_ROW)))
        address, raw = str(place), _plain(unreadable.raw)
        if place.row is not None and not self.new.has_row(place):
            self._refuse(Change(address, raw), Clash.ROW_REMOVED)
            return
        kept = self.drafts.get(address)
        if kept is None or (kept.raw, kept.error) != (raw, unreadable.error):
            self.drafts[address] = Draft(raw, unreadable.error, self.stamp.by, self.stamp.at)

    def result(self) -> Merged:
        """What came of it; the very same sheet when nothing did."""
        if not self.events and self.drafts == self.old.drafts:
            return Merged(self.old, (), tuple(self.conflicts), self.came)
        last = self.old.last_event + len(self.events)
        sheet = replace(self.new, last_event=last, again=self._again())
        return Merged(sheet, tuple(self.events), tuple(self.conflicts), self.came, changed=True)

    def _again(self) -> frozenset[str]:
        """What nobody has confirmed still: it is there, and nobody wrote to it."""
        if not self.old.again:
            return self.old.again
        written = {event.address for event in self.events}
        return frozenset(
            each for each in self.old.again if each in self.entries and each not in written
        )

    def _row_for(self, place: Place, value: object) -> int | None:
        """The number of the row that an "add" got: made now, unless it is there or blank."""
        new = place.row_address
        number = self.came.get(new) or self.added.get(new)
        if number is None and value is not None:
            number = self._add_row(place, value)
        if number is not None:
            self.came[new] = number
        return number

    def _add_row(self, place: Place, value: object) -> int:
        number = self.next_row.get(place.question, 1)
        self.next_row[place.question] = number + 1
        if place.row is not None and not place.row[len(NEW_ROW) :].isdecimal():
            self.added[place.row_address] = number
        if self.new.value(place.question) == list(NO_ROWS):
            self._write(place.question, None)
        self._write(f"{place.question}/{number}", dict(value) if isinstance(value, Mapping) else {})
        return number

    def _answer(self, change: Change) -> None:
        rows = self.new.rows(change.address) if change.value == list(NO_ROWS) else ()
        if rows:
            self._refuse(change, Clash.ROWS_THERE)
        else:
            self._put(change)

    def _row(self, place: Place, change: Change) -> None:
        if not self.new.has_row(place):
            owner = change.value.get("owner") if isinstance(change.value, Mapping) else None
            if owner is not None and not self._untouched(change):
                self._refuse(change, Clash.ROW_REMOVED)
        elif change.value is None:
            self._remove_row(change)
        else:
            self._put(change)

    def _remove_row(self, change: Change) -> None:
        if self.old.version_of(change.address) > _seen(self.old, change):
            self._refuse(change, Clash.ROW_CHANGED)
            return
        row = _whole_row(self.new, change.address)
        for address, _ in list(self.new.cells(change.address)):
            del self.entries[address]
        for address in [one for one in self.drafts if one.startswith(change.address + "/")]:
            del self.drafts[address]
        self._write(change.address, None, row)

    def _column(self, place: Place, change: Change) -> None:
        if self.new.has_row(place):
            self._put(change)
        elif change.value is not None and not self._untouched(change):
            self._refuse(change, Clash.ROW_REMOVED)

    def _put(self, change: Change) -> None:
        now = self.entries.get(change.address)
        if (now.value if now else None) == change.value:
            if change.confirm and now is not None and now.where != self.stamp.where:
                self._write(change.address, change.value)
            self.drafts.pop(change.address, None)
        elif now is None or now.version <= _seen(self.old, change):
            self._write(change.address, change.value, origin=change.origin)
        elif not self._untouched(change):
            self._refuse(change, Clash.CHANGED)

    def _untouched(self, change: Change) -> bool:
        """Whether the page only repeats what it showed."""
        key = (change.address, change.seen)
        return key in self.shown and self.shown[key] == change.value

    def _write(
        self, address: str, new: object, old: object = None, origin: Origin | None = None
    ) -> None:
        stamp, version = self.stamp, self.new.version
        if old is None:
            old = self.new.value(address)
        seq = self.old.last_event + len(self.events) + 1
        by, at, where = origin or (stamp.by, stamp.at, stamp.where)
        self.entries[address] = Entry(new, by, at, where, version)
        self.drafts.pop(address, None)
        self.events.append(
            Event(seq, version, address, old, new, stamp.by, stamp.at, stamp.where, stamp.release)
        )

    def _refuse(self, change: Change, clash: Clash) -> None:
        place = read_address(change.address)
        at = place.row_address if clash is Clash.ROW_REMOVED else change.address
        theirs = self.new.value(at)
        if clash is Clash.ROWS_THERE:
            theirs = [_whole_row(self.new, f"{at}/{row}") for row in self.new.rows(at)]
        elif clash is Clash.ROW_CHANGED:
            theirs = _whole_row(self.new, at)
        newest = self._newest(at)
        self.conflicts.append(
            Conflict(
                change.address,
                clash,
                theirs,
                change.value,
                newest.by if newest else None,
                newest.at if newest else None,
                newest.version if newest else 0,
            )
        )

    def _newest(self, address: str) -> Entry | None:
        """The youngest entry at an address or within it."""
        own = [self.entries[address]] if address in self.entries else []
        within = [entry for _, entry in self.new.cells(address)]
        return max(own + within, key=lambda entry: entry.version, default=None)


def _whole_row(sheet: Sheet, row_address: str) -> dict[str, object]:
    """A row's owner and its columns, as they are kept when it goes."""
    kept = sheet.value(row_address)
    row: dict[str, object] = dict(kept) if isinstance(kept, Mapping) else {}
    for address, entry in sheet.cells(row_address):
        if entry.value is not None:
            row[address.rpartition("/")[2]] = entry.value
    return row

"""Carrying a sheet to another release: each answer as it is, converted, to be given again, or kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.core.domains import Kind
from app.core.moving.converting import Side, as_it_was, asked_at, pages_of, way_between
from app.core.questions import QUESTION_TYPES, Asked, row_label, type_of
from app.core.same import Same
from app.core.sheet import Entry, Event, Kept, Place, Sheet, Stamp, read_address


class Fate(StrEnum):
    """What becomes of an answer."""

    RENAMED = "renamed"  # the same answer under another id
    ELSEWHERE = "elsewhere"  # the same answer, asked on another page now
    CONVERTED = "converted"  # said as the other release says it; the old one is kept
    AGAIN = "again"  # the question is there, the answer does not fit it: kept, and asked again
    GONE = "gone"  # no question asks it any more, or another answer stands there: kept
    BACK = "back"  # kept by an earlier move, and an answer again


@dataclass(frozen=True, slots=True)
class Moved:
    """One answer that does not stay just as it is, with its wording before and its words now."""

    address: str
    fate: Fate
    asked: str
    said: str
    to: str | None = None
    now: str = ""
    restricted: bool = False


@dataclass(frozen=True)
class Move:
    """What a move comes to: the sheet, its events, and what became of the answers, in their order.

    `same`: how many answers stay just as they are.
    """

    sheet: Sheet
    events: tuple[Event, ...]
    moved: tuple[Moved, ...]
    same: int

    def of(self, *fates: Fate) -> tuple[Moved, ...]:
        """The answers with one of these fates."""
        return tuple(each for each in self.moved if each.fate in fates)


def move(old: Side, new: Side, sheet: Sheet, stamp: Stamp) -> Move:
    """Carry a sheet that is answered under `old` to `new`. Nothing is lost, and back is the way back."""
    return _Moving(old, new, sheet).result(stamp)


class _Moving:
    """The working copy of a sheet on its way."""

    def __init__(self, old: Side, new: Side, sheet: Sheet) -> None:
        self.old, self.new, self.before = old, new, sheet
        self.way = way_between(Same(old), Same(new))
        self.entries: dict[str, Entry] = {}
        self.came: dict[str, str] = {}  # the address there, and the one it had
        self.kept: list[Kept] = []
        self.moved: list[Moved] = []
        self.same = 0
        self.rows: dict[str, str] = {}  # what rows are called, by their addresses
        # Rows first: a cell needs its row.
        for address, entry in sorted(sheet.entries.items(), key=lambda item: item[0].count("/")):
            self._carry(address, entry)
        self._bring_back()

    def _carry(self, address: str, entry: Entry) -> None:
        place = read_address(address)
        asked = entry.value is not None and self.way.stays(place.question, place.column)
        if asked and self._in_a_row(place):
            self.entries[address] = entry
            self.came[address] = address
            self.same += not _is_row(place)
            return
        to = self.way.place(place)
        after = asked_at(self.new.program, to.question, to.column) if to else None
        before = asked_at(self.old.program, place.question, place.column) or after
        if entry.value is None or to is None or after is None or before is None:
            self._leave(address, entry, before, None if after is None else to)
            return
        value = self._value(place, to, before, after, entry.value)
        if value is None:
            self._leave(address, entry, before, to)
            return
        self.entries[str(to)] = entry if value == entry.value else entry._replace(value=value)
        self.came[str(to)] = address
        self._tell(address, entry, (before, after), to, value)

    def _value(self, place: Place, to: Place, before: Asked, after: Asked, value: Any) -> Any:
        if _is_row(place):
            # A row is there as long as its question has rows.
            return value if before.type == after.type == "rows" else None
        if not self._in_a_row(to):
            return None
        return self.way.value((place, to), before, after, value)

    def _leave(self, address: str, entry: Entry, before: Asked | None, to: Place | None) -> None:
        """Keep what cannot be carried; a blank says nothing and needs no keeping."""
        if entry.value is None:
            if to is not None:
                self.entries[str(to)] = entry
            return
        kept = self._as_kept(address, entry, before, str(to) if to else None)
        self.kept.append(kept)
        fate = Fate.GONE if to is None else Fate.AGAIN
        to_there = str(to) if to else None
        self.moved.append(
            Moved(address, fate, kept.asked, kept.said, to_there, restricted=kept.restricted)
        )

    def _as_kept(
        self,
        address: str,
        entry: Entry,
        before: Asked | None,
        into: str | None = None,
        made: object = None,
    ) -> Kept:
        value, by, at, where, _ = entry
        asked, said = self._words(self.old, address, before, value)
        type_ = before.type if before else ""
        seldom = self._restricted(address, into)
        return Kept(
            self.old.release, address, value, by, at, where, type_, asked, said, into, made, seldom
        )

    def _words(
        self, side: Side, address: str, asked: Asked | None, value: object
    ) -> tuple[str, str]:
        """What was asked and said, in the words of a release; of rows with what they are called."""
        place = read_address(address)
        if asked is None:
            return address, str(value)
        named = asked.called
        if place.row is not None:
            row = self._row(side, place)
            named = row if place.column is None else f"{row}: {named}"
        return named, "" if _is_row(place) else type_of(asked).show(asked, value)

    def _row(self, side: Side, place: Place) -> str:
        at, question = place.row_address, side.program.questions.get(place.question)
        if question is None:
            return f"Row {place.row}"
        if at not in self.rows:
            row: dict[str, object] = {"id": place.row}
            if not self._restricted(at, None):
                row |= {a.rpartition("/")[2]: e.value for a, e in self.before.cells(at)}
            self.rows[at] = row_label(question, row)
        return self.rows[at]

    def _restricted(self, address: str, to: str | None) -> bool:
        """Whether either release shows the answer only to those who look after information."""
        sides = ((self.old, address), (self.new, to or address))
        asked = [side.program.questions.get(read_address(at).question) for side, at in sides]
        known = [each for each in asked if each is not None]
        return not known or any(each.restricted for each in known)

    def _tell(
        self, address: str, entry: Entry, asked: tuple[Asked, Asked], to: Place, value: Any
    ) -> None:
        place, before, after = str(to), *asked
        if value != entry.value:
            kept = self._as_kept(address, entry, before, place, value)
            self.kept.append(kept)
            now = type_of(after).show(after, value)
            told = Moved(
                address, Fate.CONVERTED, kept.asked, kept.said, place, now, kept.restricted
            )
            self.moved.append(told)
            return
        elsewhere = pages_of(self.old, to.question) != pages_of(self.new, to.question)
        if place == address and not elsewhere:
            self.same += not _is_row(to)
        elif not _is_row(to):
            fate = Fate.ELSEWHERE if place == address else Fate.RENAMED
            said = self._words(self.old, address, before, value)
            seldom = self._restricted(address, place)
            self.moved.append(Moved(address, fate, *said, place, restricted=seldom))

    # What earlier moves kept

    def _bring_back(self) -> None:
        """Make answers again of what was kept and can be read now, the latest of each first."""
        self.kept += [self._followed(each) for each in self.before.kept if each.afresh]
        before = [each for each in self.before.kept if not each.afresh]
        own = [each for each in before if each.release == self.new.release]
        others = [each for each in before if each.release != self.new.release]
        for kept in sorted((*reversed(own), *reversed(others)), key=_depth):
            to = read_address(kept.address) if kept in own else self._now(kept)
            if to is None or not self._comes_back(kept, to):
                self.kept.insert(0, self._followed(kept))
                continue
            self.entries[str(to)] = Entry(kept.value, kept.by, kept.at, kept.where, 0)
            self._told_anew(kept, str(to))

    def _now(self, kept: Kept) -> Place | None:
        """Where something that was kept would stand in the release that the move leads to."""
        return self.way.place(read_address(kept.into or kept.address))

    def _followed(self, kept: Kept) -> Kept:
        """What stays kept, with what has become by now of what was made of it."""
        to = self._now(kept)
        if to is None or kept.into is None:
            return kept
        stood = kept.made is not None and self.before.value(kept.into) == kept.made
        now = self.entries.get(str(to))
        return kept._replace(into=str(to), made=now.value if now and stood else kept.made)

    def _comes_back(self, kept: Kept, to: Place) -> bool:
        after = asked_at(self.new.program, to.question, to.column)
        if after is None or not self._reads(after, to, kept):
            return False
        there = self.entries.get(str(to))
        if there is None or there.value is None:
            return True
        # What the move made of it is still what stands: nobody has answered since.
        came = self.came.get(str(to), "")
        return kept.into == came and self.before.value(came) == kept.made

    def _reads(self, after: Asked, to: Place, kept: Kept) -> bool:
        if _is_row(to):
            return after.type == "rows"
        # Text that looks like a date was not meant as one.
        if not self._in_a_row(to) or _kind_of(kept.type) is not type_of(after).kind:
            return False
        read = type_of(after).from_file(after, kept.value).value
        return bool(as_it_was(kept.value, read) == kept.value)

    def _in_a_row(self, to: Place) -> bool:
        """Whether the row of a cell is there; what is no cell needs none."""
        if to.column is None:
            return True
        row = self.entries.get(to.row_address)
        return row is not None and row.value is not None

    def _told_anew(self, kept: Kept, to: str) -> None:
        """Tell only that an answer came back, not what else would have become of its like."""
        origin = self.came.pop(to, None) or kept.into
        made = kept.made is not None and origin and self.before.value(origin) == kept.made
        told = [each for each in self.moved if not (made and each.address == origin)]
        back = Moved(kept.address, Fate.BACK, kept.asked, kept.said, to, kept.said, kept.restricted)
        self.moved = [*(_not_again(each, to) for each in told), back]

    # The result

    def result(self, stamp: Stamp) -> Move:
        before, version = self.before, self.before.version + 1
        entries = {
            address: entry
            if before.entries.get(address) == entry
            else entry._replace(version=version)
            for address, entry in self.entries.items()
        }
        events = tuple(self._events(entries, stamp, version))
        kept = {(each.release, each.address): each for each in self.kept}
        after = replace(
            before,
            entries=entries,
            drafts=dict(self._renamed(before.drafts)),
            version=version,
            last_event=before.last_event + len(events),
            next_row=_highest(before.next_row, self._renamed(before.next_row)),
            added=dict(self._renamed(before.added)),
            kept=tuple(kept.values()),
            again=frozenset(to for to in entries if self.came.get(to, to) in before.again),
        )
        return Move(after, events, tuple(self.moved), self.same)

    def _events(self, entries: Mapping[str, Entry], stamp: Stamp, version: int) -> Iterator[Event]:
        seq = self.before.last_event
        for address in sorted({*self.before.entries, *entries}):
            old = self.before.value(address)
            now = entries.get(address)
            new = now.value if now else None
            if old != new:
                seq += 1
                yield Event(
                    seq, version, address, old, new, stamp.by, stamp.at, stamp.where, stamp.release
                )

    def _renamed(self, of: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """The same under the names of the other release; what has none there stays as it is."""
        for address, what in of.items():
            to = self.way.place(read_address(address))
            yield str(to) if to else address, what


def _kind_of(type_: str) -> Kind | None:
    """The kind of a type that a release had; None for what was no question."""
    return QUESTION_TYPES[type_].kind if type_ in QUESTION_TYPES else None


def _is_row(place: Place) -> bool:
    return place.row is not None and place.column is None


def _not_again(moved: Moved, to: str) -> Moved:
    """What is answered by an answer that came back is only kept, and not asked again."""
    again = moved.fate is Fate.AGAIN and moved.to == to
    return replace(moved, fate=Fate.GONE) if again else moved


def _depth(kept: Kept) -> int:
    return kept.address.count("/")


def _highest(before: Mapping[str, int], renamed: Iterator[tuple[str, int]]) -> dict[str, int]:
    """The next free number of each rows question, under both names: no number is used twice."""
    found = dict(before)
    for question, number in renamed:
        found[question] = max(number, found.get(question, 1))
    return found

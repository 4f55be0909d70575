"""What a new project begins with when it renews another: every answer, to be confirmed again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from app.core.program import Program, base_of
from app.core.questions import Question, row_label, type_of
from app.core.sheet import Entry, Event, Kept, Sheet, Stamp, read_address

SHORT = 300
"""Of so many letters at most somebody is reminded of what they chose."""


def renew(
    sheet: Sheet,
    program: Program,
    release: str,
    afresh: Collection[str],
    left_out: Collection[str],
) -> Sheet:
    """The sheet of a new project from that of an earlier one, both answered under one release.

    Nothing that comes along is confirmed, and no file comes along. What is chosen `afresh` is blank, with a reminder of
    what was chosen; what is `left_out`, such as who approved, is not spoken of again.
    """
    gone = {*afresh, *left_out}
    entries = {
        address: entry._replace(version=1)
        for address, entry in sheet.entries.items()
        if entry.value is not None and (asked := program.questions.get(base_of(address)))
        if asked.id not in gone and asked.type != "file"
        if not _names_a_row_of(asked, address, gone)
    }
    return Sheet(
        entries=entries,
        version=1,
        last_event=len(entries),
        next_row={id_: number for id_, number in sheet.next_row.items() if id_ not in gone},
        kept=tuple(_reminders(sheet, program, release, afresh)),
        again=frozenset(entries),
    )


def begun_with(sheet: Sheet, stamp: Stamp) -> Iterator[Event]:
    """What happened when a project began with these answers."""
    for seq, (address, entry) in enumerate(sheet.entries.items(), 1):
        yield Event(
            seq, 1, address, None, entry.value, stamp.by, stamp.at, stamp.where, stamp.release
        )


def worded(words: dict[str, str], by: str, at: datetime, where: str) -> Sheet:
    """The sheet of a project that begins with somebody else's wording, none of it confirmed."""
    entries = {id_: Entry(text, by, at, where, 1) for id_, text in words.items()}
    return Sheet(entries=entries, version=1, last_event=len(entries), again=frozenset(entries))


def _names_a_row_of(asked: Question, address: str, gone: Collection[str]) -> bool:
    """Whether this cell names a row of a question whose rows do not come along."""
    name = read_address(address).column
    return any(column.id == name and column.rows in gone for column in asked.columns)


def _reminders(
    sheet: Sheet, program: Program, release: str, afresh: Collection[str]
) -> Iterator[Kept]:
    for id_ in afresh:
        asked = program.questions.get(id_)
        if asked is None:
            continue
        said, newest = _said(sheet, asked)
        if newest is not None:
            yield Kept(
                release,
                id_,
                None,
                newest.by,
                newest.at,
                newest.where,
                asked.type,
                asked.ask,
                said if len(said) <= SHORT else f"{said[: SHORT - 1]}…",
                id_,
                restricted=asked.restricted,
                afresh=True,
            )


def _said(sheet: Sheet, asked: Question) -> tuple[str, Entry | None]:
    """What was chosen, in words, and the newest entry that says so."""
    if asked.type != "rows":
        entry = sheet.entries.get(asked.id)
        if entry is None or entry.value is None:
            return "", None
        return type_of(asked).show(asked, entry.value), entry
    labels, found = [], []
    for number in sheet.rows(asked.id):
        cells = dict(sheet.cells(f"{asked.id}/{number}"))
        row = {address.rpartition("/")[2]: entry.value for address, entry in cells.items()}
        labels.append(row_label(asked, {**row, "id": number}))
        found += [sheet.entries[f"{asked.id}/{number}"], *cells.values()]
    return "; ".join(labels), max(found, key=lambda entry: entry.at, default=None)

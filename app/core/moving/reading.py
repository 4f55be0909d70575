"""What of a sheet the questions of a release can read, where nobody moves it: the rest is not seen."""

from __future__ import annotations

from dataclasses import replace

from app.core.moving.converting import as_it_was, asked_at
from app.core.program import Program
from app.core.questions import type_of
from app.core.sheet import Entry, Sheet, read_address


def readable(program: Program, sheet: Sheet) -> Sheet:
    """A sheet without the answers that its questions cannot read; the very same when they all can.

    It is for looking only. Nothing is lost: the sheet that is kept is the whole one.
    """
    unread = {a for a, entry in sheet.entries.items() if not _read(program, a, entry)}
    if not unread:
        return sheet
    kept = {a: entry for a, entry in sheet.entries.items() if a not in unread}
    return replace(sheet, entries=kept)


def _read(program: Program, address: str, entry: Entry) -> bool:
    if entry.value is None:
        return True
    place = read_address(address)
    asked = asked_at(program, place.question, place.column)
    if asked is None:
        return False
    if place.row is not None and place.column is None:
        return asked.type == "rows"
    read = type_of(asked).from_file(asked, entry.value).value
    return bool(as_it_was(entry.value, read) == entry.value)

"""Saying that what came from another project is still true."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from app.core.sheet.changes import Event, Merged, Stamp
from app.core.sheet.entries import Entry, read_address


def confirm(merged: Merged, questions: Collection[str], stamp: Stamp) -> Merged:
    """The same, once somebody has said that what these questions still hold is true.

    Every answer is theirs from now on, and the events tell that it stayed as it was.
    """
    sheet = merged.sheet
    said = sorted(each for each in sheet.again if read_address(each).question in questions)
    if not said:
        return merged
    version, first = sheet.version + 1, sheet.last_event + 1
    entries = dict(sheet.entries)
    events = []
    for seq, address in enumerate(said, first):
        value = entries[address].value
        entries[address] = Entry(value, stamp.by, stamp.at, stamp.where, version)
        events.append(
            Event(
                seq, version, address, value, value, stamp.by, stamp.at, stamp.where, stamp.release
            )
        )
    confirmed = replace(
        sheet,
        entries=entries,
        version=version,
        last_event=events[-1].seq,
        again=sheet.again.difference(said),
    )
    return replace(merged, sheet=confirmed, events=(*merged.events, *events), changed=True)

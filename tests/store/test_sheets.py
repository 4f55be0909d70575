"""How a sheet is written down and read again."""

import json
from datetime import UTC, datetime

import pytest

from app.core.sheet import Change, Entry, Sheet, Stamp, Unreadable, merge
from app.store.sheets import forget_sheets, read_sheet, write_sheet

ANN = Stamp("Ann", datetime(2026, 11, 22, 9, 30, tzinfo=UTC), "concept_review/data", "r1")
HALF = "half a pair: \ud83d"
FIRST = [Change("a.one", "yes"), Change("a.list/+1", {"owner": None, "name": "Carnmere"})]
PAGES: list[tuple[list[Change], list[Unreadable]]] = [
    ([], []),
    ([Change("a.one", "no", 1)], []),
    ([Change("a.one", None, 1), Change("a.two", "é")], []),
    ([Change("a.list/1", None, 1)], []),
    ([Change("a.two", HALF)], []),
    ([Change("a.two", "fine")], [Unreadable("a.date", HALF, "Not a date")]),
]


@pytest.mark.parametrize(("changes", "drafts"), PAGES)
def test_a_sheet_is_written_alike_with_and_without_the_one_it_came_of(
    changes: list[Change], drafts: list[Unreadable]
) -> None:
    before = merge(Sheet(), FIRST, (), ANN).sheet
    write_sheet(before)
    after = merge(before, changes, drafts, ANN).sheet
    text = write_sheet(after, before)
    forget_sheets()
    assert json.loads(text) == json.loads(write_sheet(after))
    forget_sheets()
    assert read_sheet(text) == after


def test_entries_that_were_not_touched_are_not_written_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = merge(Sheet(), FIRST, (), ANN).sheet
    write_sheet(before)
    after = merge(before, [Change("a.one", "no", 1)], (), ANN).sheet
    written: list[Entry] = []
    monkeypatch.setattr("app.store.sheets.entry_document", written.append)
    write_sheet(after, before)
    assert [entry.value for entry in written] == ["no"]

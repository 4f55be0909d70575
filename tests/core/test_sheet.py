"""How several people's changes meet in one sheet."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.sheet import (
    NO_ROWS,
    Change,
    Clash,
    Event,
    Merged,
    Sheet,
    Stamp,
    Unreadable,
    answers,
    answers_again,
    contested,
    from_document,
    merge,
    read_address,
    to_document,
)

START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ANN = Stamp("Ann", START, "concept_review/data", "r1")
BEN = Stamp("Ben", START + timedelta(minutes=1), "dpia/data", "r1")


def write(sheet: Sheet, *changes: Change, stamp: Stamp = ANN) -> Merged:
    return merge(sheet, changes, (), stamp)


def sheet_of(*changes: Change) -> Sheet:
    return write(Sheet(), *changes).sheet


def shown_by(events: Sequence[Event], change: Change) -> object:
    """What a page of version `seen` showed there, told from the events."""
    past = [e for e in events if e.address == change.address and e.version <= change.seen]
    return past[-1].new if past else None


ROUTES = sheet_of(
    Change("law.routes/+1", {"owner": "Carnmere", "art9": "h"}),
    Change("law.routes/+2", {"owner": None, "art9": "a"}),
)


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("data.special", ("data.special", None, None)),
        ("law.routes/3", ("law.routes", "3", None)),
        ("law.routes/3/art9", ("law.routes", "3", "art9")),
        ("law.routes/+k3x9/art9", ("law.routes", "+k3x9", "art9")),
    ],
)
def test_an_address_reads_into_its_parts_and_back(
    address: str, parts: tuple[str | None, ...]
) -> None:
    assert tuple(read_address(address)) == parts
    assert str(read_address(address)) == address


@pytest.mark.parametrize(
    "address", ["", "/", "a.b/", "a.b//c", "a.b/3/", "a.b/x", "a.b/-1", "a.b/3/c/d"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        read_address(address)


def test_a_blank_sheet_answers_nothing() -> None:
    assert answers(Sheet()) == {}


def test_an_answer_is_kept_with_who_when_where_and_version() -> None:
    merged = write(Sheet(), Change("data.special", ["health"]))

    assert merged.sheet.entries["data.special"] == (["health"], "Ann", START, ANN.where, 1)
    assert merged.events == (
        Event(1, 1, "data.special", None, ["health"], "Ann", START, ANN.where, "r1"),
    )
    assert answers(merged.sheet) == {"data.special": ["health"]}


def test_an_unchanged_page_changes_nothing_and_tells_no_event() -> None:
    before = sheet_of(Change("a.b", "x"))

    merged = write(before, Change("a.b", "x", 1), Change("a.c", None, 0))

    assert merged.sheet is before
    assert (merged.events, merged.conflicts, merged.changed) == ((), (), False)


def test_rows_are_answered_in_the_order_of_their_numbers() -> None:
    assert answers(ROUTES) == {
        "law.routes": [{"id": 1, "owner": "Carnmere", "art9": "h"}, {"id": 2, "art9": "a"}]
    }


def test_rows_beyond_nine_keep_the_order_of_numbers_not_of_letters() -> None:
    sheet = sheet_of(*(Change(f"a.rows/+{n}", {"n": n}) for n in range(1, 13)))

    assert [row["n"] for row in answers(sheet)["a.rows"]] == list(range(1, 13))  # type: ignore[attr-defined]


def test_a_column_called_owner_is_the_one_a_rule_reads() -> None:
    sheet = write(ROUTES, Change("law.routes/1/owner", "Brookvale")).sheet

    assert answers(sheet)["law.routes"][0]["owner"] == "Brookvale"  # type: ignore[index]


def test_no_rows_said_is_an_empty_list_and_a_blank_is_absent() -> None:
    assert answers(sheet_of(Change("law.routes", NO_ROWS))) == {"law.routes": []}
    assert (
        answers(write(sheet_of(Change("law.routes", [])), Change("law.routes", None, 1)).sheet)
        == {}
    )


def test_a_row_number_is_never_used_twice() -> None:
    removed = write(ROUTES, Change("law.routes/2", None, 1)).sheet

    merged = write(removed, Change("law.routes/+1", {"art9": "j"}))

    assert merged.added == {"law.routes/+1": 3}
    assert removed.rows("law.routes") == [1]
    assert merged.sheet.rows("law.routes") == [1, 3]


def test_removing_the_last_row_leaves_the_question_blank_not_none() -> None:
    one = sheet_of(Change("a.rows/+1", {"x": "1"}))

    assert answers(write(one, Change("a.rows/1", None, 1)).sheet) == {}


def test_removing_a_row_keeps_all_of_it_in_the_event() -> None:
    merged = write(ROUTES, Change("law.routes/1", None, 1))

    (event,) = merged.events
    assert (event.address, event.old, event.new) == (
        "law.routes/1",
        {"owner": "Carnmere", "art9": "h"},
        None,
    )


def test_adding_a_row_takes_back_that_there_are_none() -> None:
    none = sheet_of(Change("law.routes", NO_ROWS))

    merged = write(none, Change("law.routes/+1/art9", "h"))

    assert answers(merged.sheet) == {"law.routes": [{"id": 1, "art9": "h"}]}
    assert [(e.address, e.old, e.new) for e in merged.events] == [
        ("law.routes", [], None),
        ("law.routes/1", None, {"owner": None}),
        ("law.routes/1/art9", None, "h"),
    ]


def test_a_row_posted_blank_is_not_added() -> None:
    merged = write(Sheet(), Change("a.rows/+1/x", None), Change("a.rows/+1/y", None))

    assert not merged.changed


def test_two_editors_who_add_a_row_make_two_rows() -> None:
    first = write(Sheet(), Change("a.rows/+1/x", "Ann's")).sheet
    second = write(first, Change("a.rows/+1/x", "Ben's"), stamp=BEN)

    assert second.conflicts == ()
    assert answers(second.sheet) == {"a.rows": [{"id": 1, "x": "Ann's"}, {"id": 2, "x": "Ben's"}]}


def test_adding_twice_with_one_key_makes_one_row() -> None:
    page = (Change("a.rows/+k3x9", {"owner": "Carnmere"}), Change("a.rows/+k3x9/x", "one"))
    first = write(Sheet(), *page)

    again = write(first.sheet, *page)

    assert again.added == first.added == {"a.rows/+k3x9": 1}
    assert not again.changed
    assert again.conflicts == ()


# Ann's page showed version 1; Ben has written since; Ann now posts.
MEANWHILE: list[tuple[str, Change, Change, Clash | None, object]] = [
    # name, Ben writes, Ann posts, clash or None, what the answer is afterwards
    ("another answer", Change("a.b", "Ben's", 1), Change("a.b", "Ann's", 1), Clash.CHANGED, "Ben's"),
    ("the same answer", Change("a.b", "both", 1), Change("a.b", "both", 1), None, "both"),
    ("a blank", Change("a.b", None, 1), Change("a.b", "Ann's", 1), Clash.CHANGED, None),
    ("Ann blanks", Change("a.b", "Ben's", 1), Change("a.b", None, 1), Clash.CHANGED, "Ben's"),
    ("Ann did not touch it", Change("a.b", "Ben's", 1), Change("a.b", "old", 1), None, "Ben's"),
    ("another question", Change("a.c", "Ben's", 1), Change("a.b", "Ann's", 1), None, "Ann's"),
    ("was blank for both", Change("a.d", "Ben's", 0), Change("a.d", "Ann's", 0), Clash.CHANGED, "Ben's"),
    ("a version never given", Change("a.b", "Ben's", 1), Change("a.b", "Ann's", 99), Clash.CHANGED, "Ben's"),
    ("one column", Change("r.s/1/x", "Ben's", 1), Change("r.s/1/x", "Ann's", 1), Clash.CHANGED, "Ben's"),
    ("two columns", Change("r.s/1/y", "Ben's", 1), Change("r.s/1/x", "Ann's", 1), None, "Ann's"),
    ("two rows", Change("r.s/2/x", "Ben's", 1), Change("r.s/1/x", "Ann's", 1), None, "Ann's"),
    ("edit a removed row", Change("r.s/1", None, 1), Change("r.s/1/x", "Ann's", 1), Clash.ROW_REMOVED, None),
    ("repeat a removed row", Change("r.s/1", None, 1), Change("r.s/1/x", "old", 1), None, None),
    ("blank in a removed row", Change("r.s/1", None, 1), Change("r.s/1/x", None, 1), None, None),
    ("own a removed row", Change("r.s/1", None, 1), Change("r.s/1", {"owner": "A"}, 1), Clash.ROW_REMOVED, None),
    ("remove an edited row", Change("r.s/1/x", "Ben's", 1), Change("r.s/1", None, 1), Clash.ROW_CHANGED, {"owner": None}),
    ("remove an owned row", Change("r.s/1", {"owner": "B"}, 1), Change("r.s/1", None, 1), Clash.ROW_CHANGED, {"owner": "B"}),
    ("remove a removed row", Change("r.s/1", None, 1), Change("r.s/1", None, 1), None, None),
    ("remove beside an edited row", Change("r.s/2/x", "Ben's", 1), Change("r.s/1", None, 1), None, None),
    ("none, but rows", Change("r.s/+1/x", "Ben's", 0), Change("r.s", NO_ROWS, 1), Clash.ROWS_THERE, None),
    ("none said twice", Change("n.o", NO_ROWS, 0), Change("n.o", NO_ROWS, 0), None, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ben", "ann", "clash", "after"), [row[1:] for row in MEANWHILE], ids=[r[0] for r in MEANWHILE]
)
def test_what_happened_meanwhile(
    ben: Change, ann: Change, clash: Clash | None, after: object
) -> None:
    first = write(
        Sheet(),
        Change("a.b", "old"),
        Change("r.s/+1/x", "old"),
        Change("r.s/+2/x", "old"),
    )
    second = write(first.sheet, ben, stamp=BEN)
    assert second.conflicts == ()
    shown = {
        (one.address, one.seen): shown_by((*first.events, *second.events), one)
        for one in contested(second.sheet, [ann])
    }

    merged = merge(second.sheet, [ann], (), ANN, shown)

    assert [one.clash for one in merged.conflicts] == ([clash] if clash else [])
    assert merged.sheet.value(ann.address) == after


def test_who_confirms_an_answer_has_given_it_and_the_event_says_that_it_stayed() -> None:
    before = sheet_of(Change("a.b", "kept"))

    merged = write(before, Change("a.b", "kept", 1, confirm=True), stamp=BEN)

    entry = merged.sheet.entries["a.b"]
    assert (entry.value, entry.by, entry.where) == ("kept", "Ben", BEN.where)
    assert [(e.old, e.new, e.by) for e in merged.events] == [("kept", "kept", "Ben")]
    assert write(merged.sheet, Change("a.b", "kept", 2, confirm=True), stamp=BEN).events == ()


def test_what_was_changed_meanwhile_is_not_confirmed_unseen() -> None:
    second = write(sheet_of(Change("a.b", "old")), Change("a.b", "new", 1), stamp=BEN).sheet

    merged = write(second, Change("a.b", "old", 1, confirm=True))

    assert merged.sheet.value("a.b") == "new"
    assert [conflict.theirs for conflict in merged.conflicts] == ["new"]


def test_a_conflict_reports_both_texts_who_and_when_and_the_rest_is_written() -> None:
    first = sheet_of(Change("a.b", "old"), Change("a.c", "old"))
    second = write(first, Change("a.b", "Ben's", 1), stamp=BEN).sheet

    merged = write(second, Change("a.b", "Ann's", 1), Change("a.c", "Ann's", 1))

    (conflict,) = merged.conflicts
    assert (conflict.theirs, conflict.mine) == ("Ben's", "Ann's")
    assert (conflict.their_by, conflict.their_at, conflict.their_version) == ("Ben", BEN.at, 2)
    assert answers(merged.sheet) == {"a.b": "Ben's", "a.c": "Ann's"}


def test_a_conflict_is_settled_by_posting_again_with_the_version_now_seen() -> None:
    second = write(sheet_of(Change("a.b", "old")), Change("a.b", "Ben's", 1), stamp=BEN).sheet
    (conflict,) = write(second, Change("a.b", "Ann's", 1)).conflicts

    settled = write(second, Change("a.b", "Ann's", conflict.their_version))

    assert settled.conflicts == ()
    assert settled.sheet.value("a.b") == "Ann's"


def test_a_refused_removal_shows_the_whole_row_and_none_said_shows_all_rows() -> None:
    edited = write(ROUTES, Change("law.routes/1/art9", "j", 1), stamp=BEN).sheet

    (removal,) = write(edited, Change("law.routes/1", None, 1)).conflicts
    (none,) = write(edited, Change("law.routes", NO_ROWS, 2)).conflicts

    assert removal.theirs == {"owner": "Carnmere", "art9": "j"}
    assert none.theirs == [{"owner": "Carnmere", "art9": "j"}, {"owner": None, "art9": "a"}]


def test_without_knowing_what_a_page_showed_a_newer_answer_is_a_conflict() -> None:
    second = write(sheet_of(Change("a.b", "old")), Change("a.b", "Ben's", 1), stamp=BEN).sheet

    assert [one.clash for one in write(second, Change("a.b", "old", 1)).conflicts] == [
        Clash.CHANGED
    ]


def test_the_version_of_the_whole_sheet_may_be_posted_as_the_version_seen() -> None:
    sheet = write(sheet_of(Change("a.b", "1")), Change("a.c", "2")).sheet

    assert write(sheet, Change("a.b", "3", sheet.version)).conflicts == ()


def test_a_draft_is_kept_beside_the_answer_and_seen_by_no_rule() -> None:
    before = sheet_of(Change("a.when", "2026-05-01"))

    merged = merge(before, (), [Unreadable("a.when", ["31", "2", ""], "No such day")], BEN)

    assert merged.changed
    assert merged.events == ()
    assert answers(merged.sheet) == {"a.when": "2026-05-01"}
    assert merged.sheet.drafts["a.when"].raw == ["31", "2", ""]
    assert (merged.sheet.version, merged.sheet.version_of("a.when")) == (2, 1)


@pytest.mark.parametrize("value", ["2026-05-01", "2026-06-01", None])
def test_any_readable_answer_takes_the_draft_away(value: str | None) -> None:
    before = sheet_of(Change("a.when", "2026-05-01"))
    drafted = merge(before, (), [Unreadable("a.when", "x", "No date")], ANN).sheet

    assert write(drafted, Change("a.when", value, 1)).sheet.drafts == {}


def test_the_same_draft_again_changes_nothing() -> None:
    draft = Unreadable("a.when", "x", "No date")
    drafted = merge(Sheet(), (), [draft], ANN).sheet

    assert not merge(drafted, (), [draft], BEN).changed


def test_a_draft_in_a_removed_row_is_reported_not_dropped() -> None:
    removed = write(ROUTES, Change("law.routes/1", None, 1)).sheet

    merged = merge(removed, (), [Unreadable("law.routes/1/since", "x", "No date")], BEN)

    assert [(one.clash, one.mine) for one in merged.conflicts] == [(Clash.ROW_REMOVED, "x")]
    assert merged.sheet.drafts == {}


def test_a_draft_in_a_new_row_makes_the_row() -> None:
    merged = merge(Sheet(), (), [Unreadable("a.rows/+1/since", "x", "No date")], ANN)

    assert merged.sheet.rows("a.rows") == [1]
    assert set(merged.sheet.drafts) == {"a.rows/1/since"}


def test_removing_a_row_takes_its_drafts_along() -> None:
    drafted = merge(ROUTES, (), [Unreadable("law.routes/1/since", "x", "No date")], ANN).sheet

    assert write(drafted, Change("law.routes/1", None, 2)).sheet.drafts == {}


def test_a_sheet_survives_its_document() -> None:
    sheet = merge(
        ROUTES,
        [
            Change("a.rows/+key1/x", "\x00\ud800 £ 🏳️‍🌈"),
            Change("a.n", 1.5),
            Change("law.routes/2", None, 1),
        ],
        [Unreadable("a.when", ["", "13"], "No such month")],
        BEN,
    ).sheet

    assert from_document(json.loads(json.dumps(to_document(sheet)))) == sheet


@pytest.mark.parametrize("document", [{"entries": []}, {"version": "1"}])
def test_a_document_of_another_shape_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="a sheet's"):
        from_document(document)


ADDRESSES = st.sampled_from(
    ["a.b", "a.c", "r.s", "r.s/1", "r.s/1/x", "r.s/2/x", "r.s/+1", "r.s/+1/x", "r.s/+key/x"]
)


@st.composite
def pages(draw: st.DrawFn) -> list[Change]:
    page = []
    for address in draw(st.lists(ADDRESSES, unique=True, max_size=4)):
        row, none = address.count("/") == 1, address == "r.s"
        values = ({"owner": "o"}, None) if row else (NO_ROWS, None) if none else ("1", "2", None)
        page.append(Change(address, draw(st.sampled_from(values)), draw(st.integers(0, 8))))
    return page


@given(st.lists(pages(), max_size=8))
def test_answers_read_after_a_page_are_those_of_the_whole_sheet(posts: list[list[Change]]) -> None:
    sheet = Sheet()
    for page in posts:
        after = merge(sheet, page, (), ANN).sheet
        assert answers_again(after, sheet, answers(sheet)) == answers(after)
        sheet = after


@given(st.lists(pages(), max_size=8))
def test_the_events_alone_give_the_sheet_and_nothing_posted_goes_unaccounted(
    posts: list[list[Change]],
) -> None:
    sheet, events = Sheet(), list[Event]()
    for page in posts:
        merged = merge(sheet, page, (), ANN)
        for change in page:
            at, value = change.address, [] if change.value == NO_ROWS else change.value
            if "+" in at or value is None or "r.s/+key/x" in {one.address for one in page}:
                continue  # a key may stand for a row that the page names by number as well
            written = merged.sheet.value(at) == value
            cleared = at == "r.s" and any(e.address == at and e.new is None for e in merged.events)
            refused = at in {one.address for one in merged.conflicts}
            assert written or refused or cleared
        sheet = merged.sheet
        events.extend(merged.events)

    replayed: dict[str, object] = {}
    for event in events:
        replayed[event.address] = event.new
        if event.new is None:
            replayed = {a: v for a, v in replayed.items() if not a.startswith(event.address + "/")
                        or event.address.count("/") == 0}  # fmt: skip
    assert replayed == {address: entry.value for address, entry in sheet.entries.items()}
    assert [event.seq for event in events] == list(range(1, sheet.last_event + 1))
    rows = {int(e.address[4:]) for e in events if e.address.count("/") == 1 and e.old is None}
    assert rows == set(range(1, sheet.next_row.get("r.s", 1)))

"""What becomes of answers when a project moves to another release: nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from app.core.moving import Fate, Move, Side, move, readable
from app.core.sheet import Change, Sheet, Stamp, answers, from_document, merge, to_document
from tests.tiny import Definition, lines_of, page, section, sources, tiny

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
STAMP = Stamp("Ann", AT, "q/p", "r1")
COLOURS = {"red": "Red", "blue": "Blue", "none": "None"}


def asked(id_: str = "a.one", type_: str = "choice", **keys: Any) -> dict[str, Any]:
    if type_ in ("choice", "multi", "band"):
        keys.setdefault("options", COLOURS)
    return {"id": id_, "type": type_, "ask": f"{id_}?", **keys}


def rows(*columns: Definition, id_: str = "a.rows") -> dict[str, Any]:
    return {"id": id_, "type": "rows", "ask": "Who?", "columns": list(columns)}


def column(id_: str, type_: str = "text", **keys: Any) -> dict[str, Any]:
    if type_ == "choice":
        keys.setdefault("options", COLOURS)
    return {"id": id_, "type": type_, "ask": f"{id_}?", **keys}


def side(number: int, questions: Sequence[Definition], /, **converters: Any) -> Side:
    catalogue = tiny(questions, pipeline={"converters": converters})
    return Side(f"r{number}", number, catalogue.program, catalogue.pipeline.converters)


def sheet_of(given: Mapping[str, Any]) -> Sheet:
    return merge(Sheet(), [Change(a, v) for a, v in given.items()], (), STAMP).sheet


def carry(old: Side, new: Side, sheet: Sheet) -> Move:
    return move(old, new, sheet, Stamp("Ben", AT, ":move", new.release))


@dataclass(frozen=True)
class Case:
    """Questions before and after, what was answered, and what it comes to."""

    before: Sequence[Definition]
    after: Sequence[Definition]
    given: Mapping[str, Any]
    then: Mapping[str, Any]
    fates: Mapping[str, Fate] = field(default_factory=dict)
    converters: Mapping[str, Any] = field(default_factory=dict)


TWO = [column("name"), column("kind", "choice")]
ROW = {"a.rows/+1": {"name": "Carnmere", "kind": "red"}}
CASES = {
    "nothing changed": Case([asked()], [asked()], {"a.one": "red"}, {"a.one": "red"}),
    "renamed question": Case(
        [asked()],
        [asked("b.two")],
        {"a.one": "red"},
        {"b.two": "red"},
        {"a.one": Fate.RENAMED},
        {"questions": {"a.one": "b.two"}},
    ),
    "renamed twice": Case(
        [asked()],
        [asked("c.three")],
        {"a.one": "red"},
        {"c.three": "red"},
        {"a.one": Fate.RENAMED},
        {"questions": {"a.one": "b.two", "b.two": "c.three"}},
    ),
    "renamed option": Case(
        [asked()],
        [asked(options={"crimson": "Crimson", "blue": "Blue"})],
        {"a.one": "red"},
        {"a.one": "crimson"},
        {"a.one": Fate.CONVERTED},
        {"options": {"a.one": {"red": "crimson"}}},
    ),
    "renamed option among several": Case(
        [asked(type_="multi")],
        [asked(type_="multi", options={"crimson": "Crimson", "blue": "Blue"})],
        {"a.one": ["red", "blue"]},
        {"a.one": ["crimson", "blue"]},
        {"a.one": Fate.CONVERTED},
        {"options": {"a.one": {"red": "crimson"}}},
    ),
    "renamed question and option": Case(
        [asked()],
        [asked("b.two", options={"crimson": "Crimson", "blue": "Blue"})],
        {"a.one": "red"},
        {"b.two": "crimson"},
        {"a.one": Fate.CONVERTED},
        {"questions": {"a.one": "b.two"}, "options": {"b.two": {"red": "crimson"}}},
    ),
    "options in another order": Case(
        [asked(type_="multi")],
        [asked(type_="multi", options=dict(reversed(COLOURS.items())))],
        {"a.one": ["red", "blue"]},
        {"a.one": ["red", "blue"]},
    ),
    "deleted option": Case(
        [asked()],
        [asked(options={"blue": "Blue", "none": "None"})],
        {"a.one": "red"},
        {},
        {"a.one": Fate.AGAIN},
    ),
    "deleted option nobody chose": Case(
        [asked()],
        [asked(options={"blue": "Blue", "none": "None"})],
        {"a.one": "blue"},
        {"a.one": "blue"},
    ),
    "deleted option among several": Case(
        [asked(type_="multi")],
        [asked(type_="multi", options={"blue": "Blue", "none": "None"})],
        {"a.one": ["red", "blue"]},
        {},
        {"a.one": Fate.AGAIN},
    ),
    "deleted option that no longer matters": Case(
        [asked(type_="multi")],
        [asked(type_="multi", options={"blue": "Blue", "none": "None"})],
        {"a.one": ["red", "blue"]},
        {"a.one": ["blue"]},
        {"a.one": Fate.CONVERTED},
        {"options": {"a.one": {"red": None}}},
    ),
    "deleted option that no longer matters and was all": Case(
        [asked(type_="multi")],
        [asked(type_="multi", options={"blue": "Blue", "none": "None"})],
        {"a.one": ["red"]},
        {},
        {"a.one": Fate.AGAIN},
        {"options": {"a.one": {"red": None}}},
    ),
    "two options that became one": Case(
        [asked(type_="multi")],
        [asked(type_="multi", options={"colour": "A colour", "none": "None"})],
        {"a.one": ["red", "blue"]},
        {"a.one": ["colour"]},
        {"a.one": Fate.CONVERTED},
        {"options": {"a.one": {"red": "colour", "blue": "colour"}}},
    ),
    "one option that became two": Case(
        [asked()],
        [asked(options={"crimson": "Crimson", "scarlet": "Scarlet", "blue": "Blue"})],
        {"a.one": "red"},
        {},
        {"a.one": Fate.AGAIN},
        {"options": {"a.one": {"red": ["crimson", "scarlet"]}}},
    ),
    "one option among several that became two": Case(
        [asked(type_="multi")],
        [asked(type_="multi", options={"crimson": "C", "scarlet": "S", "blue": "Blue"})],
        {"a.one": ["red", "blue"]},
        {},
        {"a.one": Fate.AGAIN},
        {"options": {"a.one": {"red": ["crimson", "scarlet"]}}},
    ),
    "deleted question": Case(
        [asked(), asked("b.two")],
        [asked("b.two")],
        {"a.one": "red", "b.two": "red"},
        {"b.two": "red"},
        {"a.one": Fate.GONE},
    ),
    "added required question": Case(
        [asked()], [asked(), asked("b.two")], {"a.one": "red"}, {"a.one": "red"}
    ),
    "one choice became several": Case(
        [asked()],
        [asked(type_="multi")],
        {"a.one": "red"},
        {"a.one": ["red"]},
        {"a.one": Fate.CONVERTED},
    ),
    "several became one choice, one was chosen": Case(
        [asked(type_="multi")],
        [asked()],
        {"a.one": ["red"]},
        {"a.one": "red"},
        {"a.one": Fate.CONVERTED},
    ),
    "several became one choice, two were chosen": Case(
        [asked(type_="multi")], [asked()], {"a.one": ["red", "blue"]}, {}, {"a.one": Fate.AGAIN}
    ),
    "a choice became text": Case(
        [asked()],
        [asked(type_="text")],
        {"a.one": "red"},
        {"a.one": "Red"},
        {"a.one": Fate.CONVERTED},
    ),
    "a number became text": Case(
        [asked(type_="number", unit="people")],
        [asked(type_="text")],
        {"a.one": 1200},
        {"a.one": "1,200 people"},
        {"a.one": Fate.CONVERTED},
    ),
    "text became a number": Case(
        [asked(type_="text")], [asked(type_="number")], {"a.one": "12"}, {}, {"a.one": Fate.AGAIN}
    ),
    "text became longer text": Case(
        [asked(type_="text")], [asked(type_="long_text")], {"a.one": "So"}, {"a.one": "So"}
    ),
    "yes or no became a choice that has both": Case(
        [asked(type_="yes_no")],
        [asked(options={"yes": "Yes", "no": "No", "part": "In part"})],
        {"a.one": "no"},
        {"a.one": "no"},
    ),
    "not knowing is no answer any more": Case(
        [asked(type_="yes_no")],
        [asked(type_="yes_no", unsure=False)],
        {"a.one": "unsure"},
        {},
        {"a.one": Fate.AGAIN},
    ),
    "a bound it no longer keeps": Case(
        [asked(type_="number")],
        [asked(type_="number", max=9)],
        {"a.one": 12},
        {},
        {"a.one": Fate.AGAIN},
    ),
    "a text now too long": Case(
        [asked(type_="text")],
        [asked(type_="text", max_length=3)],
        {"a.one": "Four"},
        {},
        {"a.one": Fate.AGAIN},
    ),
    "rows that stay": Case(
        [rows(*TWO)],
        [rows(*TWO)],
        ROW,
        {"a.rows": [{"id": 1, "name": "Carnmere", "kind": "red"}]},
    ),
    "renamed rows": Case(
        [rows(*TWO)],
        [rows(*TWO, id_="b.rows")],
        ROW,
        {"b.rows": [{"id": 1, "name": "Carnmere", "kind": "red"}]},
        {"a.rows/1/name": Fate.RENAMED, "a.rows/1/kind": Fate.RENAMED},
        {"questions": {"a.rows": "b.rows"}},
    ),
    "renamed row column": Case(
        [rows(*TWO)],
        [rows(column("name"), column("sort", "choice"))],
        ROW,
        {"a.rows": [{"id": 1, "name": "Carnmere", "sort": "red"}]},
        {"a.rows/1/kind": Fate.RENAMED},
        {"columns": {"a.rows": {"kind": "sort"}}},
    ),
    "renamed rows, column and option": Case(
        [rows(*TWO)],
        [rows(column("name"), column("sort", "choice", options={"x": "X"}), id_="b.rows")],
        ROW,
        {"b.rows": [{"id": 1, "name": "Carnmere", "sort": "x"}]},
        {"a.rows/1/name": Fate.RENAMED, "a.rows/1/kind": Fate.CONVERTED},
        {
            "questions": {"a.rows": "b.rows"},
            "columns": {"b.rows": {"kind": "sort"}},
            "options": {"b.rows/sort": {"red": "x"}},
        },
    ),
    "removed row column": Case(
        [rows(*TWO)],
        [rows(column("name"))],
        ROW,
        {"a.rows": [{"id": 1, "name": "Carnmere"}]},
        {"a.rows/1/kind": Fate.GONE},
    ),
    "a column with a deleted option": Case(
        [rows(*TWO)],
        [rows(column("name"), column("kind", "choice", options={"x": "X"}))],
        ROW,
        {"a.rows": [{"id": 1, "name": "Carnmere"}]},
        {"a.rows/1/kind": Fate.AGAIN},
    ),
    "deleted rows": Case(
        [rows(*TWO)],
        [asked()],
        ROW,
        {},
        {"a.rows/1": Fate.GONE, "a.rows/1/name": Fate.GONE, "a.rows/1/kind": Fate.GONE},
    ),
    "no rows, and that was said": Case([rows(*TWO)], [rows(*TWO)], {"a.rows": []}, {"a.rows": []}),
    "rows that became a choice": Case(
        [rows(*TWO)],
        [asked("a.rows")],
        ROW,
        {},
        {"a.rows/1": Fate.AGAIN, "a.rows/1/name": Fate.GONE, "a.rows/1/kind": Fate.GONE},
    ),
    "a column that names a row of others now": Case(
        [rows(*TWO), rows(column("of", "row_of", rows="a.rows"), id_="b.rows")],
        [rows(*TWO), rows(column("of", "row_of", rows="x.list"), id_="b.rows")],
        {**ROW, "b.rows/+1": {"of": 1}},
        {"a.rows": [{"id": 1, "name": "Carnmere", "kind": "red"}], "b.rows": [{"id": 1}]},
        {"b.rows/1/of": Fate.AGAIN},
    ),
    "a column that names a row of rows renamed": Case(
        [rows(*TWO), rows(column("of", "row_of", rows="a.rows"), id_="b.rows")],
        [rows(*TWO, id_="c.rows"), rows(column("of", "row_of", rows="c.rows"), id_="b.rows")],
        {"a.rows/+1": {"name": "Carnmere"}, "b.rows/+1": {"of": 1}},
        {"c.rows": [{"id": 1, "name": "Carnmere"}], "b.rows": [{"id": 1, "of": 1}]},
        {"a.rows/1/name": Fate.RENAMED},
        {"questions": {"a.rows": "c.rows"}},
    ),
}
EVERY = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@EVERY
def test_what_becomes_of_an_answer(case: Case) -> None:
    moved = carry(
        side(1, case.before), side(2, case.after, **case.converters), sheet_of(case.given)
    )

    assert answers(moved.sheet) == case.then
    assert {each.address: each.fate for each in moved.moved} == case.fates


@EVERY
def test_moving_back_restores_every_answer(case: Case) -> None:
    one, two = side(1, case.before), side(2, case.after, **case.converters)
    before = sheet_of(case.given)
    there = carry(one, two, before)
    back = carry(two, one, from_document(to_document(there.sheet)))

    assert answers(back.sheet) == answers(before)
    given = {a: e[:4] for a, e in before.entries.items()}
    assert {a: e[:4] for a, e in back.sheet.entries.items() if e.value is not None} == given
    again = carry(one, two, back.sheet)
    assert answers(again.sheet) == case.then


@EVERY
def test_whatever_is_not_an_answer_any_more_is_kept_with_its_wording(case: Case) -> None:
    before = sheet_of(case.given)
    moved = carry(side(1, case.before), side(2, case.after, **case.converters), before)

    kept = {each.address: each for each in moved.sheet.kept}
    lost = {a for a, fate in case.fates.items() if fate in (Fate.AGAIN, Fate.GONE, Fate.CONVERTED)}
    assert kept.keys() == lost
    for address, each in kept.items():
        entry = before.entries[address]
        assert (each.value, each.by, each.at, each.where) == entry[:4]
        assert (each.release, bool(each.asked)) == ("r1", True)


@EVERY
def test_the_events_of_a_move_tell_all_that_changed(case: Case) -> None:
    before = sheet_of(case.given)
    moved = carry(side(1, case.before), side(2, case.after, **case.converters), before)

    replayed = {a: e.value for a, e in before.entries.items() if e.value is not None}
    for event in moved.events:
        assert replayed.get(event.address) == event.old
        replayed = {**replayed, event.address: event.new}
    after = {a: e.value for a, e in moved.sheet.entries.items() if e.value is not None}
    assert {a: v for a, v in replayed.items() if v is not None} == after
    seqs = [event.seq for event in moved.events]
    first = before.last_event + 1
    assert seqs == list(range(first, first + len(seqs)))
    assert (moved.sheet.version, moved.sheet.last_event) == (
        before.version + 1,
        before.last_event + len(seqs),
    )


def test_an_answer_that_stays_keeps_its_version_and_no_event_is_made() -> None:
    before = sheet_of({"a.one": "red"})
    moved = carry(side(1, [asked()]), side(2, [asked()]), before)

    assert (moved.sheet.entries, moved.events, moved.same) == (before.entries, (), 1)


def test_a_question_asked_on_another_page_keeps_its_answer_and_it_is_said() -> None:
    apart = [section([page([asked("b.two")], "p"), page([asked()], "r")])]
    catalogue = tiny(sections=apart)
    new = Side("r2", 2, catalogue.program, catalogue.pipeline.converters)
    moved = carry(
        side(1, [asked(), asked("b.two")]), new, sheet_of({"a.one": "red", "b.two": "red"})
    )

    assert answers(moved.sheet) == {"a.one": "red", "b.two": "red"}
    assert [(each.address, each.fate) for each in moved.moved] == [("a.one", Fate.ELSEWHERE)]
    assert moved.events == ()


def test_the_old_words_are_told_and_the_new_ones_beside_them() -> None:
    new = side(2, [asked(options={"x": "Crimson"})], options={"a.one": {"red": "x"}})
    moved = carry(side(1, [asked()]), new, sheet_of({"a.one": "red"}))

    (told,) = moved.moved
    assert (told.asked, told.said, told.now, told.to) == ("a.one?", "Red", "Crimson", "a.one")


def test_a_cell_is_told_with_what_its_row_is_called() -> None:
    moved = carry(side(1, [rows(*TWO)]), side(2, [rows(column("name"))]), sheet_of(ROW))

    (told,) = moved.moved
    assert (told.asked, told.said) == ("Carnmere: kind?", "Red")


@pytest.mark.parametrize(("before", "after"), [(True, False), (False, True), (False, False)])
def test_an_answer_that_either_release_restricts_is_marked(before: bool, after: bool) -> None:
    old = side(1, [asked(restricted=before)])
    new = side(2, [asked(options={"blue": "Blue"}, restricted=after)])
    moved = carry(old, new, sheet_of({"a.one": "red"}))

    assert [each.restricted for each in moved.moved] == [before or after]
    assert [each.restricted for each in moved.sheet.kept] == [before or after]


# Answers given between moving there and back

SPLIT = side(
    2, [asked(options={"x": "X", "y": "Y", "blue": "Blue"})], options={"a.one": {"red": ["x", "y"]}}
)
WHOLE = side(1, [asked()])


@pytest.mark.parametrize(
    ("between", "back", "forth"),
    [
        pytest.param(None, "red", None, id="nothing: the first answer, and asked again"),
        pytest.param("x", "red", "x", id="only read there: each release has its own"),
        pytest.param("blue", "blue", "blue", id="read in both: the later one counts"),
    ],
)
def test_an_answer_given_after_a_move_is_not_lost_by_moving_back(
    between: str | None, back: str, forth: str | None
) -> None:
    there = carry(WHOLE, SPLIT, sheet_of({"a.one": "red"})).sheet
    if between:
        there = merge(there, [Change("a.one", between, there.version)], (), STAMP).sheet
    home = carry(SPLIT, WHOLE, there)
    again = carry(WHOLE, SPLIT, home.sheet)

    assert home.sheet.value("a.one") == back
    assert again.sheet.value("a.one") == forth
    values = {e.value for e in again.sheet.entries.values()} | {k.value for k in again.sheet.kept}
    assert values >= {"red", *([between] if between else [])}


def test_a_converted_answer_that_was_changed_goes_back_as_it_was_changed() -> None:
    new = side(2, [asked(options={"x": "X", "blue": "Blue"})], options={"a.one": {"red": "x"}})
    there = carry(WHOLE, new, sheet_of({"a.one": "red"})).sheet
    changed = merge(there, [Change("a.one", "blue", there.version)], (), STAMP).sheet

    assert carry(new, WHOLE, changed).sheet.value("a.one") == "blue"


def test_what_a_release_took_away_and_a_later_one_brings_again_is_an_answer_again() -> None:
    one, two, three = side(1, [asked()]), side(2, [asked("b.two")]), side(3, [asked()])
    gone = carry(one, two, sheet_of({"a.one": "red"})).sheet
    back = carry(two, three, gone)

    assert (answers(gone), answers(back.sheet)) == ({}, {"a.one": "red"})
    assert [(each.fate, each.said) for each in back.moved] == [(Fate.BACK, "Red")]
    assert back.sheet.kept == ()


def test_a_row_number_is_never_given_twice_whatever_the_rows_are_called() -> None:
    one, two = (
        side(1, [rows(*TWO)]),
        side(2, [rows(*TWO, id_="b.rows")], questions={"a.rows": "b.rows"}),
    )
    there = carry(one, two, sheet_of(ROW)).sheet
    more = merge(there, [Change("b.rows/+k1", {"name": "Brookvale"})], (), STAMP).sheet
    fewer = merge(more, [Change("b.rows/2", None, more.version)], (), STAMP).sheet
    home = carry(two, one, fewer).sheet
    added = merge(home, [Change("a.rows/+k2", {"name": "Bellmead"})], (), STAMP)

    assert added.sheet.rows("a.rows") == [1, 3]
    assert home.added == {"a.rows/+k1": 2}


@pytest.mark.parametrize(
    ("case", "seen"),
    [
        ("nothing changed", {"a.one": "red"}),
        ("options in another order", {"a.one": ["red", "blue"]}),
        ("deleted option", {}),
        ("deleted option nobody chose", {"a.one": "blue"}),
        ("deleted option among several", {}),
        ("deleted question", {"b.two": "red"}),
        ("text became a number", {}),
        ("a bound it no longer keeps", {}),
        ("removed row column", {"a.rows": [{"id": 1, "name": "Carnmere"}]}),
        ("a column with a deleted option", {"a.rows": [{"id": 1, "name": "Carnmere"}]}),
        ("rows that stay", {"a.rows": [{"id": 1, "name": "Carnmere", "kind": "red"}]}),
        ("rows that became a choice", {}),
    ],
)
def test_what_a_release_cannot_read_is_not_seen_where_nobody_moves_a_sheet(
    case: str, seen: Mapping[str, Any]
) -> None:
    sheet = sheet_of(CASES[case].given)
    looked_at = readable(side(2, CASES[case].after).program, sheet)

    assert answers(looked_at) == seen
    assert (looked_at is sheet) == (answers(sheet) == seen)


# What a definition may say

CONVERTERS = "questionnaires/pipeline.yaml"


@pytest.mark.parametrize(
    ("converters", "fault"),
    [
        (
            {"questions": {"b.old": "a.onne"}},
            "there is no question 'a.onne' (write 'a.onne: null'",
        ),
        ({"questions": {"a.one": "a.rows"}}, "'a.one' is still there"),
        ({"questions": {"b.x": "b.y", "b.y": "b.x"}}, "'b.x' becomes itself again"),
        ({"questions": {"b.x": "a.one", "b.y": "a.one"}}, "two of them become 'a.one'"),
        ({"columns": {"a.one": {"b": "c"}}}, "no rows are called 'a.one'"),
        (
            {"columns": {"a.rows": {"title": "nam"}}},
            "there is no column 'nam' (write 'nam: null' below if it is gone as well); did you mean 'name'?",
        ),
        ({"columns": {"a.rows": {"kind": "name"}}}, "'kind' is still there"),
        (
            {"options": {"a.two": {"x": "y"}}},
            "no question or column with options is called 'a.two'",
        ),
        ({"options": {"a.one": {"x": "rad"}}}, "there is no option 'rad'; did you mean 'red'?"),
        ({"options": {"a.one": {"red": "blue"}}}, "'red' is still an option"),
        ({"options": {"a.one": {"x": ["red"]}}}, "a list names the several options"),
        ({"options": {"a.one": {"x": ["red", "rad"]}}}, "there is no option 'rad'"),
        ({"options": {"a.one": {"x": "y", "y": "x"}}}, "'x' becomes itself again"),
        ({"options": {"a.rows/kind": {"x": "rad"}}}, "there is no option 'rad'"),
        ({"columnes": {}}, "'columnes' is no key here; did you mean 'columns'?"),
    ],
    ids=str,
)
def test_a_converter_that_cannot_be_is_a_fault(converters: Mapping[str, Any], fault: str) -> None:
    files = sources([asked(), rows(*TWO)], pipeline={"converters": converters})

    lines = [line for line in lines_of(files) if fault in line]
    assert lines
    assert all(line.startswith(f"{CONVERTERS}:1:") for line in lines)


def test_what_two_moves_left_out_comes_back_by_one_move_to_where_it_was_said() -> None:
    def of(number: int, codes: str, **converters: Any) -> Side:
        options = {code: code.upper() for code in codes}
        return side(number, [asked(type_="multi", options=options)], **converters)

    one = of(1, "abc")
    two = of(2, "bc", options={"a.one": {"a": None}})
    three = of(3, "c", options={"a.one": {"a": None, "b": None}})
    there = carry(two, three, carry(one, two, sheet_of({"a.one": ["a", "b", "c"]})).sheet)

    assert there.sheet.value("a.one") == ["c"]
    assert carry(three, one, there.sheet).sheet.value("a.one") == ["a", "b", "c"]
